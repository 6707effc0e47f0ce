"""Who may give a case to whom, and whose it then is. Pure; `triage.assignments` asks before it writes.

An assignment orders work; it gives no rights, and takes none: what a person may do with a case stays their role's.
"""

from dataclasses import dataclass
from datetime import datetime

from core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from triage import case_rules
from triage.case_records import CaseSummary
from triage.roles import APPROVER_ROLES, WORKING_ROLES
from triage.standing_in import Absence, Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Whose a case becomes.

    Attributes:
        instead_of: the absence because of which it is not who was named.
    """

    person: str
    instead_of: Absence | None = None


def receiver_of(case: CaseSummary, to: str, *, user: str, role: str, presence: Presence, at: datetime) -> Receiver:
    """Whose a case becomes that is given to a person; an absent one's substitute, with the absence.

    Raises:
        ForbiddenError: `CASE-ROLE`, `CASE-ASSIGN-OTHER`.
        NotFoundError: `CASE-ASSIGNEE-UNKNOWN`.
        InputError: `CASE-ASSIGNEE-ROLE`.
        ConflictError: `CASE-RESOLVED`, `CASE-CLAIMED-BY-OTHER`, `CASE-ASSIGNED`, `CASE-ASSIGNEE-AWAY`.
    """
    case_rules.check_role(role)
    case_rules.check_not_resolved(case)
    if role not in APPROVER_ROLES:
        _check_takes_for_oneself(case, to, user, role, presence)
    if case.claimed_by != to:
        case_rules.check_not_held_by_other(case, user, at)
    _check_works_here(to, presence)
    absence = presence.away.get(to) if to != user else None
    if absence is None:
        _check_fits(case, to, presence)
        return Receiver(person=to)
    holder = presence.holder_of(to)
    if holder is None:
        raise ConflictError(
            "CASE-ASSIGNEE-AWAY",
            f"{to} is away until {absence.last_day}, and nobody stands in.",
            "Give it to somebody who is there, or leave it to everybody.",
        )
    _check_fits(case, holder, presence)
    return Receiver(person=holder, instead_of=absence)


def check_may_unassign(case: CaseSummary, *, user: str, role: str, presence: Presence) -> None:
    """Refuses who may not take a case off a person: anybody but that person, who stands in, and approvers.

    Raises:
        ForbiddenError: `CASE-ROLE`, `CASE-ASSIGN-OTHER`.
        ConflictError: `CASE-RESOLVED`, `CASE-NOT-ASSIGNED`.
    """
    case_rules.check_role(role)
    case_rules.check_not_resolved(case)
    if case.assigned_to is None:
        raise ConflictError("CASE-NOT-ASSIGNED", "This case is nobody's already.", "Nothing is to be done.")
    if role not in APPROVER_ROLES and case.assigned_to not in presence.shares_of(user):
        raise _approvers_only(role, f"take a case off {case.assigned_to}")


def check_not_anothers(case: CaseSummary, user: str, presence: Presence) -> None:
    """Refuses a case that was given to somebody else who is there, or has somebody standing in (`CASE-ASSIGNED`)."""
    if case.assigned_to is None or case.assigned_to in presence.shares_of(user):
        return
    holder = presence.holder_of(case.assigned_to)
    if holder is None or holder in {case.first_approval_by, case.corrected_by}:
        return
    raise _anothers(case, holder)


def _check_takes_for_oneself(case: CaseSummary, to: str, user: str, role: str, presence: Presence) -> None:
    if to != user:
        raise _approvers_only(role, "give a case to somebody else")
    check_not_anothers(case, user, presence)


def _check_works_here(to: str, presence: Presence) -> None:
    if presence.roles.get(to) not in WORKING_ROLES:
        raise NotFoundError(
            "CASE-ASSIGNEE-UNKNOWN", f"{to!r} works on no cases here.", "Choose one of the people who do."
        )


def _check_fits(case: CaseSummary, to: str, presence: Presence) -> None:
    role = presence.roles.get(to)
    if case.needs_role is not None and role not in {case.needs_role, "admin"}:
        raise InputError(
            "CASE-ASSIGNEE-ROLE",
            f"The case waits for the role {case.needs_role}; {to} has the role {role}.",
            f"Give it to somebody with the role {case.needs_role}.",
        )
    if to in {case.first_approval_by, case.corrected_by}:
        raise ConflictError(
            "CASE-SECOND-PERSON",
            f"{to} had a hand in this case; another person must agree.",
            "Give it to somebody else, or leave it to everybody.",
        )


def _approvers_only(role: str, what: str) -> ForbiddenError:
    return ForbiddenError(
        "CASE-ASSIGN-OTHER",
        f"The role {role} may not {what}.",
        f"Ask somebody with the role {' or '.join(sorted(APPROVER_ROLES))}.",
    )


def _anothers(case: CaseSummary, holder: str) -> ConflictError:
    standing_in = "" if holder == case.assigned_to else f" ({holder} stands in)"
    return ConflictError(
        "CASE-ASSIGNED",
        f"This case was given to {case.assigned_to}{standing_in}.",
        "Take the next case, or ask an approver to give it to you.",
    )
