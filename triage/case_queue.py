"""Reads the case queue: a page of the list, the numbers on its tabs, and everything about one case."""

from datetime import datetime

from core import audit_log
from core.audit import AuditEntry
from core.database import ReadSession
from ingest import documents, erasures
from triage import (
    approvals,
    assignments,
    case_claiming,
    case_counting,
    case_list,
    case_rows,
    case_rules,
    decisions,
    planning_closing,
)
from triage.case_claiming import Asking
from triage.case_list import CaseFilter
from triage.case_may import May
from triage.case_records import PLANNING_KINDS, CaseCounts, CaseDetail, CasePage, CaseState, CaseSummary, QueuePlace
from triage.narrowing import EVERYTHING, Narrowing
from triage.planning_detail import PlanningDetail
from triage.policy import Policy

LIST_LIMIT = 500


def list_cases(
    session: ReadSession,
    *,
    queue: str | None = None,
    state: str | None = None,
    kind: str | None = None,
    outcome: str | None = None,
    query: str | None = None,
    claimed_by: str | None = None,
    needs_role: str | None = None,
    narrowing: Narrowing = EVERYTHING,
    second_approval: bool = False,
    at: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> CasePage:
    """What waits by expected money lost, then by age; then what has ended, the newest first.

    Args:
        narrowing: what else the list is narrowed to; needs `at`.
        state: `open` (nobody holds it), `claimed`, `waiting` (both), `resolved`; every case where it is None.
        query: words of subject, headline, codes or the paper itself, all of which must be there and may be the
            beginning of longer ones; or the id of a case or a document.
        second_approval: only what waits for a second person or a higher role.
        at: the present; with it a claim that has run out counts as open.
        after: `next_after` of the page before.
    """
    wanted = CaseFilter(
        queue=queue,
        state=state,
        kind=kind,
        outcome=outcome,
        query=query,
        claimed_by=claimed_by,
        needs_role=needs_role,
        narrowing=narrowing,
        second_approval=second_approval,
    )
    return case_list.page(session, wanted, at=at, after=after, limit=max(1, min(limit, LIST_LIMIT)))


def counts(session: ReadSession, user: str, at: datetime | None = None) -> CaseCounts:
    """Numbers on the tabs of the queue, as this user sees them; with `at` a claim that has run out is nobody's."""
    return case_list.counts(session, user, at)


def place(session: ReadSession, case: CaseSummary, asking: Asking) -> QueuePlace:
    """Where a case stands in its queue, and which one a person takes up after it."""
    before = None if case.state is CaseState.RESOLVED else case_claiming.count_before(session, case)
    waiting = case_counting.waiting(session)
    return QueuePlace(
        place=None if before is None else before + 1,
        of=sum(cases for (queue, *_), cases in waiting.items() if queue == case.queue),
        next_id=case_claiming.following(session, asking, case),
    )


def what_may(
    session: ReadSession, case_id: str, *, user: str, role: str, policy: Policy, at: datetime
) -> tuple[May, ...]:
    """What a person may do with a case now, and why not, before they try.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    case = case_rows.get(session, case_id)
    if case.kind in PLANNING_KINDS:
        every = planning_closing.what_may(session, case, user=user, role=role, policy=policy, at=at)
    else:
        every = approvals.what_may(session, case_id, user=user, role=role, policy=policy, at=at)
    return assignments.with_claim_of(session, case, every, user=user, at=at)


def show_planning(session: ReadSession, case_id: str) -> PlanningDetail:
    """Everything the page of one planner's case shows.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    case = case_rows.get(session, case_id)
    record = planning_closing.decided(session, case)
    return PlanningDetail(
        summary=case,
        decision=record,
        comments=case_rows.comments(session, case_id),
        history=_history(session, f"case:{case_id}", case.document_id),
    )


def show(session: ReadSession, case_id: str) -> CaseDetail:
    """Everything the page of one case about a paper shows.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`, `DOC-ERASED`.
        ConflictError: `CASE-NO-PAPER`: it is a planner's case.
    """
    case = case_rows.get(session, case_id)
    case_rules.check_is_paper(case)
    erasures.check_there(session, case.document_id)
    read = decisions.latest_extraction(session, case.document_id)
    decided = approvals.decided(session, case)
    assert read is not None
    return CaseDetail(
        summary=case,
        document=documents.get(session, case.document_id),
        extraction=read.extraction,
        extraction_version=read.version,
        decision=decided.decision,
        run=decided.record.run,
        facts=decided.facts,
        comments=case_rows.comments(session, case_id),
        history=_history(session, f"case:{case_id}", f"document:{case.document_id}"),
    )


def _history(session: ReadSession, *subjects: str) -> tuple[AuditEntry, ...]:
    """What the audit tells of these subjects, oldest first."""
    entries = [entry for subject in subjects for entry in audit_log.entries(session, subject=subject, limit=1_000)]
    return tuple(sorted(entries, key=lambda entry: entry.sequence))
