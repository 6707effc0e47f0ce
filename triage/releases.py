"""Who may release what holds a paper: by the catalogue, or by the policy where it says so, and never less than a floor.

Pure. A paper is released by whoever may release every code it is held by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from core.decisions import Outcome
from triage.control import ReleasedBy
from triage.policy import Policy
from triage.roles import APPROVER_ROLES, WORKING_ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What an approval takes: one of these roles, and perhaps a second person; without roles nobody may."""

    roles: frozenset[str]
    second_person: bool

    def __and__(self, other: "Needed") -> "Needed":
        """What is enough for both."""
        return Needed(roles=self.roles & other.roles, second_person=self.second_person or other.second_person)


PAPER_KINDS = frozenset({"invoice", "shipment", "other", "bill"})
"""Kinds of cases about papers and the ERP's bills; any other is about planning."""

ANYBODY = Needed(roles=WORKING_ROLES, second_person=False)
BLOCK_FLOOR = Needed(roles=APPROVER_ROLES, second_person=True)
_BY_CATALOGUE: Mapping[ReleasedBy, Needed] = {
    ReleasedBy.CLERK: ANYBODY,
    ReleasedBy.LIMIT_HOLDER: Needed(roles=WORKING_ROLES, second_person=True),
    ReleasedBy.APPROVER: BLOCK_FLOOR,
    ReleasedBy.PLANNER: Needed(roles=frozenset({"planner", "admin"}), second_person=False),
    ReleasedBy.NOBODY: Needed(roles=frozenset(), second_person=True),
}


def needed_for(kind: str, codes: Iterable[str], outcome: Outcome, policy: Policy) -> Needed:
    """What approving a case of this kind with these findings takes."""
    needed = BLOCK_FLOOR if outcome is Outcome.BLOCK else ANYBODY
    for code in codes:
        needed &= needed_for_code(kind, code, policy)
    return needed


def needed_for_code(kind: str, code: str, policy: Policy) -> Needed:
    """What one code takes. A code nobody knows any more takes an approver and a second person.

    An administrator may release whatever anybody may: a policy must not lock a paper away.
    """
    by_catalogue = _catalogue(kind in PAPER_KINDS).get(code, BLOCK_FLOOR)
    if not by_catalogue.roles:
        return by_catalogue
    rule = next((release for release in policy.releases if code in release.codes), None)
    if rule is None:
        return by_catalogue
    return Needed(roles=frozenset(rule.roles) | {"admin"}, second_person=rule.second_person)


@cache
def _catalogue(of_papers: bool) -> Mapping[str, Needed]:
    from triage.controls.catalogue import PAPER_ROWS, PLANNING_ROWS

    found: dict[str, Needed] = {}
    for row in PAPER_ROWS if of_papers else PLANNING_ROWS:
        found[row.code] = found.get(row.code, ANYBODY) & _BY_CATALOGUE[row.released_by]
    return found
