"""Which team may get a case, and which of those a model would choose: role, limit and absence are rules. Pure.

The team that the policy's route names is the answer wherever no model speaks, or none it names may have the case. A
model only picks among teams that may; what it says of one that may not counts for nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team as it stands now.

    Attributes:
        name: its queue.
        roles: of the people in it.
        limit: the most it may approve, in the case's currency; None for no limit.
        is_present: whether anybody of it is there.
    """

    name: str
    roles: frozenset[str]
    limit: Decimal | None
    is_present: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a case asks of a team.

    Attributes:
        role: that must work on it; None for anyone's.
        amount: what must be approved, in its currency; None where nobody knows, which only a team without a limit may.
    """

    role: str | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChoice:
    """The team for a case, and whose choice it is.

    Attributes:
        probability: that it resolves the case, as the model says; None where the choice is the rule's.
    """

    team: str
    chosen_by: Literal["rule", "model"]
    probability: float | None = None


def may_have(team: Team, need: Need) -> bool:
    """Whether the rules let a team have a case: somebody is there, of the role, within the limit."""
    fits = need.role is None or need.role in team.roles
    within = team.limit is None or (need.amount is not None and abs(need.amount) <= team.limit)
    return team.is_present and fits and within


def choose_team(routed: str, teams: Iterable[Team], need: Need, said: Mapping[str, float]) -> TeamChoice:
    """The team for a case; of equally probable ones the routed one, then the first by name.

    Args:
        routed: the team the policy's route names.
        teams: those of the house; what is not among them cannot be chosen.
        said: probability by team that it resolves the case, as a model says; empty where none speaks.
    """
    allowed = sorted(team.name for team in teams if may_have(team, need) and 0 <= said.get(team.name, -1) <= 1)
    if not allowed:
        return TeamChoice(team=routed, chosen_by="rule")
    best = max(allowed, key=lambda name: (said[name], name == routed))
    return TeamChoice(team=best, chosen_by="model", probability=said[best])
