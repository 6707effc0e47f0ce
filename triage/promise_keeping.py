"""Keeps labelled history in step with the cases: what each end, correction or undoing says of how a paper was read."""

from datetime import datetime

from core.database import WriteSession
from triage import labels
from triage.case_records import CaseSummary
from triage.label_rules import Verdict, verdict_of


def judged(session: WriteSession, case: CaseSummary, *, at: datetime, user: str) -> None:
    """Keeps what the case, as it stands now, says of how its paper was read."""
    verdict = Verdict.CHANGED
    if case.resolution is not None and case.reason_code is not None:
        verdict = verdict_of(case.resolution, case.reason_code)
    labels.record(session, case.document_id, verdict, case_id=case.case_id, at=at, by=f"user:{user}")
