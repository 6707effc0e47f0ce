"""Gives a case to a person and takes it off them again, each one change, one audit entry, one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError
from triage import absences, assignment_rules, case_flow, case_rows, case_rules
from triage.assignment_rules import Receiver
from triage.case_may import May
from triage.case_records import RELEASED, CaseSummary

_ITS_OWNERS = frozenset({"claim", "correct", "approve", "reject", "request_information", "escalate"})
NOBODYS: Mapping[str, Any] = {"assigned_to": None, "assigned_by": None}


def assign(
    session: WriteSession,
    case_id: str,
    *,
    to: str,
    user: str,
    role: str,
    roles: Mapping[str, str],
    at: datetime,
    comment: str | None = None,
    version: int | None = None,
) -> tuple[CaseSummary, Receiver]:
    """Gives a case to a person; an absent one's substitute gets it. It waits for them, and nobody is given it next.

    Args:
        roles: the working people of the house by name.
        version: the version the user has seen.

    Raises:
        ForbiddenError, NotFoundError, InputError, ConflictError: as `assignment_rules.receiver_of` says.
        ConflictError: `CASE-CHANGED`.
    """
    case_rules.check_comment(comment)
    audit_log.lock_chain(session)
    before = case_rows.get(session, case_id)
    presence = absences.presence(session, at, roles)
    receiver = assignment_rules.receiver_of(before, to, user=user, role=role, presence=presence, at=at)
    case_rules.check_version(before, version)
    values = {"assigned_to": receiver.person, "assigned_by": user}
    if before.claimed_by not in {None, receiver.person}:
        values = dict(RELEASED) | values
    after = case_rows.change(session, before, values)
    told = {
        "to": receiver.person,
        "named": to,
        "from": before.assigned_to,
        "because_away_until": None if receiver.instead_of is None else receiver.instead_of.last_day,
        "comment": comment,
    }
    case_flow.tell(session, after, at=at, actor=f"user:{user}", action="case.assigned", facts=told)
    return after, receiver


def unassign(
    session: WriteSession,
    case_id: str,
    *,
    user: str,
    role: str,
    roles: Mapping[str, str],
    at: datetime,
    version: int | None = None,
) -> CaseSummary:
    """Takes a case off the person it was given to: it is everybody's again.

    Raises:
        ForbiddenError, ConflictError: as `assignment_rules.check_may_unassign` says; `CASE-CHANGED`.
    """
    audit_log.lock_chain(session)
    before = case_rows.get(session, case_id)
    presence = absences.presence(session, at, roles)
    assignment_rules.check_may_unassign(before, user=user, role=role, presence=presence)
    case_rules.check_version(before, version)
    after = case_rows.change(session, before, NOBODYS)
    case_flow.tell(
        session, after, at=at, actor=f"user:{user}", action="case.unassigned", facts={"from": before.assigned_to}
    )
    return after


def with_claim_of(
    session: ReadSession, case: CaseSummary, every: tuple[May, ...], *, user: str, at: datetime
) -> tuple[May, ...]:
    """What a person may do with a case; to take and to decide it is refused where it is another's who is there."""
    if case.assigned_to is None or case.claimed_by == user:
        return every
    try:
        assignment_rules.check_not_anothers(case, user, absences.presence(session, at, {}))
    except ConflictError as error:
        why = May(action="", allowed=False, code=error.code, message=error.message, remedy=error.remedy)
        return tuple(
            replace(why, action=one.action) if one.action in _ITS_OWNERS and one.allowed else one for one in every
        )
    return every
