"""Reads the case queue: a page of the list, the numbers on its tabs, and everything about one case."""

from datetime import datetime

from core import audit_log
from core.database import ReadSession
from ingest import documents
from triage import approvals, case_rows, decisions
from triage.case_records import CaseCounts, CaseDetail, CasePage

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
    at: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> CasePage:
    """Cases by expected money lost, then by age.

    Args:
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
    )
    return case_rows.page(session, wanted, at=at, after=after, limit=max(1, min(limit, LIST_LIMIT)))


def counts(session: ReadSession, user: str) -> CaseCounts:
    """Numbers on the tabs of the queue, as this user sees them."""
    return case_rows.counts(session, user)


def show(session: ReadSession, case_id: str) -> CaseDetail:
    """Everything the page of one case shows.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    case = case_rows.get(session, case_id)
    read = decisions.latest_extraction(session, case.document_id)
    decided = approvals.decided(session, case)
    assert read is not None
    subjects = (f"case:{case_id}", f"document:{case.document_id}")
    history = [entry for subject in subjects for entry in audit_log.entries(session, subject=subject, limit=1_000)]
    return CaseDetail(
        summary=case,
        document=documents.get(session, case.document_id),
        extraction=read.extraction,
        extraction_version=read.version,
        decision=decided.decision,
        run=decided.record.run,
        facts=decided.facts,
        comments=case_rows.comments(session, case_id),
        history=tuple(sorted(history, key=lambda entry: entry.sequence)),
    )
