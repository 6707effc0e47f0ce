"""Ends a planner's case: accepted or rejected, each with a reason.

What is accepted or rejected is told to other programs; posting an order or telling a customer is theirs to do.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.database import ReadSession, WriteSession
from core.decisions import Finding
from triage import approvals, case_flow, case_may, case_rules, planning_decisions, planning_fresh, taking_back
from triage.case_may import May
from triage.case_records import CaseSummary, Resolution
from triage.case_rules import Approver
from triage.planning_judged import Judged
from triage.planning_recorded import RecordedPlanning
from triage.planning_ways import way_taken
from triage.policy import Policy
from triage.releases import needed_for


def decided(session: ReadSession, case: CaseSummary) -> RecordedPlanning:
    """The newest decision behind a planner's case."""
    stored = planning_decisions.latest(session, case.document_id)
    if stored is None:
        raise RuntimeError(f"{case.case_id} has no decision behind it")
    return stored


def what_may(
    session: ReadSession, case: CaseSummary, *, user: str, role: str, policy: Policy, at: datetime
) -> tuple[May, ...]:
    """What a person may do with a planner's case now, and why not, before they try."""
    to_undo = taking_back.refusal(session, case, user=user, role=role, at=at)
    return case_may.what_may(case, _approver(case, user=user, role=role, policy=policy), at, to_undo=to_undo)


def close(
    session: WriteSession,
    before: CaseSummary,
    *,
    user: str,
    role: str,
    policy: Policy,
    at: datetime,
    resolution: Resolution,
    reason_code: str,
    comment: str | None,
    choice: int | None = None,
    again: Judged | None = None,
) -> CaseSummary:
    """Ends the case, or keeps the first of two approvals over a block.

    Args:
        choice: the way that is taken, of those `planning_ways` offers.
        again: the same judged from the feeds as they are now, where feeds are newer than the decision.

    Raises:
        ForbiddenError, ConflictError: why this person may not, as `case_rules.approval_refusal` says.
        InputError, ConflictError: `CASE-CHOICE-UNKNOWN`, `CASE-CHOICE-HELD`.
        ConflictError: `CASE-FACTS-CHANGED`: nobody accepts what is not so any more.
    """
    overridden: tuple[Finding, ...] = ()
    taken: Mapping[str, Any] | None = None
    if resolution is Resolution.APPROVE:
        who = _approver(before, user=user, role=role, policy=policy)
        refusal = case_rules.approval_refusal(before, who)
        if refusal is not None:
            raise refusal
        stored = decided(session, before)
        planning_fresh.check_still_so(session, stored, again)
        taken = None if choice is None else way_taken(stored, policy, choice, at=at).told
        overridden = stored.found
        if case_rules.needs_second_person(before, who):
            given = approvals.Approval(who=who, overridden=overridden, is_first=True)
            return approvals.keep_first(session, before, given, reason_code=reason_code, comment=comment, at=at)
    return case_flow.end(
        session,
        before,
        actor=f"user:{user}",
        at=at,
        resolution=resolution,
        reason_code=reason_code,
        comment=comment,
        role=role,
        overridden=overridden,
        taken=taken,
        undo_minutes=policy.deciding.undo_minutes,
    )


def _approver(case: CaseSummary, *, user: str, role: str, policy: Policy) -> Approver:
    """No money is paid by accepting a planner's case: who may is the role's question, not the amount's."""
    return Approver(user=user, role=role, limit=None, needed=needed_for(case.kind, case.codes, case.outcome, policy))
