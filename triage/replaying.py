"""Makes stored decisions again, part by part, and holds each against the audit: loads, compares, saves nothing."""

from collections.abc import Callable, Sequence

from core import audit_log
from core.database import Database, ReadSession
from triage import case_rows, decisions, planning_decisions, policies
from triage.case_records import PLANNING_KINDS
from triage.planning_replaying import replay_planning, replay_subject
from triage.recorded import RecordedDecision
from triage.replay import check
from triage.replay_tally import ReplayTally, missing, total
from triage.replay_walk import Stored, lost_entries, replay_stored, told_about

DECIDED = "document.decided"

Progress = Callable[[int, int], None]


def replay_case(db: Database, case_id: str) -> ReplayTally:
    """Makes every decision about a case's document, or about what a planner's case is about, again.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    with db.read() as session:
        case = case_rows.get(session, case_id)
        document_id = case.document_id
        if case.kind in PLANNING_KINDS:
            return replay_subject(session, document_id)
        stored = decisions.of_document(session, document_id)
        told = audit_log.entries_about(session, [f"document:{document_id}"], DECIDED)
        known = {record.decision_id for record in stored}
        erased = _erased(session, [f"document:{document_id}"])
        known |= erased
        lost = [missing(entry) for entry in told if entry.payload.get("decision_id") not in known]
        return total([_checked(session, stored), ReplayTally(erased=len(erased)), *lost])


def replay_all(db: Database, *, workers: int = 1, progress: Progress = lambda _done, _all: None) -> ReplayTally:
    """Makes every decision again, and looks for those the audit was told of that are gone.

    Args:
        workers: processes to use.
        progress: told how many decisions are done, of how many.
    """
    with db.read() as session:
        of_papers = decisions.count(session)
        everything = of_papers + planning_decisions.count(session)
    progress(0, everything)
    papers = replay_stored(db, _STORED, workers=workers, progress=lambda done: progress(done, everything))
    others = replay_planning(db, workers=workers, progress=lambda done: progress(of_papers + done, everything))
    return total([papers, others])


def replay_part(db: Database, part: tuple[str, str]) -> ReplayTally:
    """Makes the decisions of one part again."""
    with db.read() as session:
        return _checked(session, decisions.between(session, *part))


def look_for_lost(db: Database, span: tuple[int, int]) -> ReplayTally:
    """Decisions told in one stretch of the audit that are not there any more."""
    with db.read() as session:
        lost = list(lost_entries(session, span, DECIDED, decisions.known))
        erased = _erased(session, [entry.subject for entry in lost])
        gone = [entry for entry in lost if entry.payload.get("decision_id") in erased]
        return total([ReplayTally(erased=len(gone)), *(missing(entry) for entry in lost if entry not in gone)])


_STORED = Stored(told_as=DECIDED, count=decisions.count, parts=decisions.parts, part=replay_part, lost=look_for_lost)


def _erased(session: ReadSession, subjects: Sequence[str]) -> frozenset[str]:
    """Decisions about these documents that a retention rule has erased, as the audit was told."""
    about = [f"erasure:{subject.removeprefix('document:')}" for subject in set(subjects)]
    told = audit_log.entries_of(session, about)
    return frozenset(one for entry in told if entry.action == "document.erased" for one in entry.payload["decisions"])


def _checked(session: ReadSession, stored: tuple[RecordedDecision, ...]) -> ReplayTally:
    under = policies.readable(session, {record.policy_hash for record in stored})
    told = told_about(session, (f"document:{record.document_id}" for record in stored), DECIDED)
    return total(
        check(record, under.get(record.policy_hash), told.get(f"document:{record.document_id}", ()))
        for record in stored
    )
