"""Takes back what a person did with a case: its end while nobody has been told, a question, the first blind check.

An end may be taken back for as long as the policy says. Other programs are told only when that time is over; once they
have been, nothing is taken back behind them.
"""

from datetime import datetime, timedelta

from core import audit_log
from core.database import ReadSession, WriteSession
from core.decisions import Outcome
from core.errors import ClearholdError
from triage import (
    blind_review,
    case_flow,
    case_rows,
    case_rules,
    decisions,
    memory,
    outbox,
    pending,
    promise_keeping,
    question_rules,
    questions,
)
from triage.blind_rules import SECOND
from triage.case_records import PLANNING_KINDS, CaseState, CaseSummary, Resolution

STILL_OPEN = ("resolved_at", "resolved_by", "resolved_role", "resolution", "reason_code", "comment", "undo_until")


def undo(session: WriteSession, case_id: str, *, user: str, at: datetime, minutes: float = 15.0) -> CaseSummary:
    """Takes back what the user did last with a case; it is theirs again, and nobody is told that it had ended.

    Raises:
        ConflictError: `CASE-NOT-RESOLVED`, `CASE-NEWER`, `CASE-UNDO-LATE`, `CASE-UNDO-TOLD`, `CASE-RESOLVED` after a
            correction.
        ForbiddenError: `CASE-UNDO-OTHER`.
    """
    audit_log.lock_chain(session)
    before = case_rows.get(session, case_id)
    check(session, before, user=user, at=at)
    if before.state is CaseState.ASKED:
        return questions.take_back(session, before, user=user, at=at, minutes=minutes)
    if _is_checked_once(before):
        return blind_review.take_back(session, before, user=user, at=at, minutes=minutes)
    after = _reopen(session, before, user=user, at=at, minutes=minutes)
    facts = {"resolution": before.resolution, "reason_code": before.reason_code, "document_id": before.document_id}
    case_flow.tell(session, after, at=at, actor=f"user:{user}", action="case.reopened", facts=facts)
    return after


def check(session: ReadSession, case: CaseSummary, *, user: str, at: datetime) -> None:
    """Refuses what cannot be taken back, as `undo` says."""
    if case.state is CaseState.ASKED:
        question_rules.check_take_back(case, user)
    elif _is_checked_once(case):
        blind_review.check_take_back(session, case, user=user, at=at)
    else:
        promise_keeping.refuse_reading(case)
        newer = case_rows.open_of_document(session, case.document_id)
        case_rules.check_undo(case, user, at, newer, is_told=is_told(session, case))


def refusal(session: ReadSession, case: CaseSummary, *, user: str, role: str, at: datetime) -> ClearholdError | None:
    """Why a person may not take back what was done last, before they try; None where they may."""
    try:
        case_rules.check_role(role)
        check(session, case, user=user, at=at)
    except ClearholdError as error:
        return error
    return None


def is_told(session: ReadSession, case: CaseSummary) -> bool:
    """Whether other programs know how a case ended."""
    return case.resolved_at is not None and outbox.is_told(
        session, f"case:{case.case_id}", "case.resolved", case.resolved_at
    )


def _is_checked_once(case: CaseSummary) -> bool:
    return case.state is not CaseState.RESOLVED and case.review_stage == SECOND


def _reopen(session: WriteSession, before: CaseSummary, *, user: str, at: datetime, minutes: float) -> CaseSummary:
    assert before.resolved_at is not None
    outbox.take_back(session, f"case:{before.case_id}", "case.resolved", since=before.resolved_at, at=at)
    is_paper = before.kind not in PLANNING_KINDS
    if is_paper:
        case_rows.set_counted(session, before.document_id, known=True, billed=before.outcome is not Outcome.BLOCK)
        case_rows.must_be_looked_at_again(session, pending.near(session, before.document_id))
        if before.resolution is Resolution.APPROVE:
            _uncount_approved(session, before, at=at)
    values = dict.fromkeys(STILL_OPEN) | {
        "state": CaseState.CLAIMED.value,
        "claimed_by": user,
        "claimed_until": at + timedelta(minutes=minutes),
        "claim_token": before.claim_token + 1,
    }
    after = case_rows.change(session, before, blind_review.stage_again(session, before) | values)
    if is_paper:
        promise_keeping.reopened(session, after, at=at, user=user)
    return after


def _uncount_approved(session: WriteSession, case: CaseSummary, *, at: datetime) -> None:
    """The remembered corrections that were used to read the paper were not approved after all."""
    read = decisions.latest_extraction(session, case.document_id)
    if read is not None:
        memory.count_approved(session, read.extraction, at=at, undone=True)
