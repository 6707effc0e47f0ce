"""Asks the model of teams which of the policy's queues a new case of a paper should wait in, of those that may have it.

The policy's route keeps its say over role and priority; only the queue can be another, and only one of a route whose
conditions the paper meets too. Without a bundle, or where the policy lets no model choose, the route's queue it is.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from core.database import ReadSession
from core.errors import UnavailableError
from ingest.feed_load import newest_loads
from models.bundle import Bundles
from models.casework.cases import ATTRIBUTES, SECONDS_A_DAY, Case, casebook, walk
from triage.absences import presence
from triage.approval_limits import limit_of
from triage.facts import Facts
from triage.policy import Policy
from triage.policy_people import Route
from triage.roles import Role
from triage.routes import fitting_routes
from triage.standing_in import EVERYBODY, Presence
from triage.teams import Need, Team, TeamChoice, choose_team

if TYPE_CHECKING:
    from models.routing.features import TeamHistory
    from models.routing.predict import TeamRanker

_LOG = logging.getLogger("clearhold.teams")
NAME = "routing"
AskTeam = Callable[[ReadSession, Sequence[str], Facts, Policy], TeamChoice]
"""The team for a new case of a paper with these codes."""


@dataclass(slots=True)
class TeamAdvice:
    """The model of this house and the history it looks at, both taken up anew when they change.

    Attributes:
        people: the working people of the house by name, with their roles; where nobody is known, everybody is there.
    """

    bundles: Bundles
    people: Callable[[ReadSession], Mapping[str, str]] = field(default=lambda _: {})
    _ranker: "TeamRanker | None" = None
    _history: "tuple[str | None, TeamHistory] | None" = None
    _told: str = ""

    def __call__(self, session: ReadSession, codes: Sequence[str], facts: Facts, policy: Policy) -> TeamChoice:
        """The queue a new case should wait in, and whose choice it is."""
        routes = fitting_routes(codes, facts, policy)
        routed, ranker = routes[0], self.ranker() if policy.predictions.routing.use else None
        if ranker is None or len({route.queue for route in routes}) == 1:
            return TeamChoice(team=routed.queue, chosen_by="rule")
        case = case_of(routed, codes, facts)
        candidates = self._known(session, facts.as_of).ask(case)
        said = {one.team: one.probability for one in ranker.rank(candidates, count=len(candidates.teams))}
        need = Need(role=routed.role, amount=facts.paper.total_with_vat)
        there = presence(session, facts.as_of, self.people(session))
        return choose_team(routed.queue, teams_of(routes, facts, policy, there), need, said)

    def ranker(self) -> "TeamRanker | None":
        """The model as it is exported now; None where there is none of these columns."""
        bundle = self.bundles.get(NAME)
        if bundle is None:
            return None
        from models.routing.predict import TeamRanker

        if self._ranker is None or self._ranker.version != bundle.version:
            try:
                self._ranker = TeamRanker(bundle)
            except UnavailableError as error:
                self._tell(error)
                return None
        return self._ranker

    def _tell(self, error: UnavailableError) -> None:
        """Says once of each bundle that the routes choose alone, and why."""
        if self._told != error.message:
            self._told = error.message
            _LOG.warning("routes choose teams alone code=%s %s %s", error.code, error.message, error.remedy)

    def _known(self, session: ReadSession, at: datetime) -> "TeamHistory":
        """What the feed of cases knows of teams; read again only when it was loaded again."""
        from ingest.feed_frames import DatabaseFrames
        from models.routing.features import TeamHistory

        load = newest_loads(session).get("exceptions")
        if self._history is None or self._history[0] != load:
            history, book = TeamHistory(), casebook(DatabaseFrames(session).frame("exceptions"))
            for number, has_ended in walk(book.cases, book.endings, known_to=at.timestamp() / SECONDS_A_DAY):
                ending = book.endings[number]
                if has_ended and ending is not None and ending.group is not None:
                    history.learn(book.cases[number], ending.group, ending.known)
            self._history = load, history
        return self._history[1]


def case_of(route: Route, codes: Sequence[str], facts: Facts) -> Case:
    """A paper's case as the feed `exceptions` would tell of it."""
    says = {
        "initial_group": route.queue,
        "kind": facts.paper.document_type.value,
        "x_subcategory": codes[0] if codes else "",
        "x_opened_by": facts.supplier.supplier_id if facts.supplier else "",
    }
    return Case(
        case_id=facts.paper.document_id,
        opened=facts.as_of.astimezone(UTC).timestamp() / SECONDS_A_DAY,
        says=tuple(says.get(name, "") for name in ATTRIBUTES),
    )


def teams_of(routes: Iterable[Route], facts: Facts, policy: Policy, there: Presence = EVERYBODY) -> tuple[Team, ...]:
    """The queues of routes as teams: a queue for anyone has every role, one for a role that role and its limit.

    A team is there while anybody with one of its roles is.
    """
    roles: dict[str, set[str]] = {}
    for route in routes:
        roles.setdefault(route.queue, set()).update([route.role] if route.role else get_args(Role))
    anyone = frozenset(get_args(Role))
    return tuple(
        Team(
            name=queue,
            roles=frozenset(some),
            limit=None if some == anyone or len(some) > 1 else limit_of(policy, next(iter(some)), facts),
            is_present=not there.roles or not there.present_roles.isdisjoint(some),
        )
        for queue, some in sorted(roles.items())
    )
