"""Reads the case queue: a page of the list, the numbers on its tabs, and everything about one case."""

from datetime import datetime

from core import audit_log
from core.audit import AuditEntry
from core.database import ReadSession
from ingest import documents
from triage import approvals, case_rows, case_rules, decisions, planning_closing
from triage.case_may import May
from triage.case_records import PLANNING_KINDS, CaseCounts, CaseDetail, CasePage
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
    at: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> CasePage:
    """Cases by expected money lost, then by age.

    Args:
        narrowing: what else the list is narrowed to; needs `at`.
        query: words in subject, headline, ids or on the paper itself.
        at: the present; with it a claim that has run out counts as open.
        after: `next_after` of the page before.
    """
    wanted = case_rows.CaseFilter(
        queue=queue,
        state=state,
        kind=kind,
        outcome=outcome,
        query=query,
        claimed_by=claimed_by,
        needs_role=needs_role,
        narrowing=narrowing,
    )
    return case_rows.page(session, wanted, at=at, after=after, limit=max(1, min(limit, LIST_LIMIT)))


def counts(session: ReadSession, user: str) -> CaseCounts:
    """Numbers on the tabs of the queue, as this user sees them."""
    return case_rows.counts(session, user)


def what_may(
    session: ReadSession, case_id: str, *, user: str, role: str, policy: Policy, at: datetime
) -> tuple[May, ...]:
    """What a person may do with a case now, and why not, before they try.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    case = case_rows.get(session, case_id)
    if case.kind in PLANNING_KINDS:
        return planning_closing.what_may(session, case, user=user, role=role, policy=policy, at=at)
    return approvals.what_may(session, case_id, user=user, role=role, policy=policy, at=at)


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
        NotFoundError: `CASE-NOT-FOUND`.
        ConflictError: `CASE-NO-PAPER`: it is a planner's case.
    """
    case = case_rows.get(session, case_id)
    case_rules.check_is_paper(case)
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
