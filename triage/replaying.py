"""Makes stored decisions again, part by part, and holds each against the audit: loads, compares, saves nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from core import audit_log
from core.audit import AuditEntry
from core.database import Database, ReadSession
from triage import case_rows, decisions, planning_decisions, policies
from triage.case_records import PLANNING_KINDS
from triage.planning_replaying import replay_planning, replay_subject
from triage.recorded import RecordedDecision
from triage.replay import ReplayTally, check, missing, total
from triage.walking import AT_ONCE, walk

DECIDED = "document.decided"
_ENTRIES_AT_ONCE = 5_000

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
        lost = [missing(entry) for entry in told if entry.payload.get("decision_id") not in known]
        return total([_checked(session, stored), *lost])


def replay_all(db: Database, *, workers: int = 1, progress: Progress = lambda _done, _all: None) -> ReplayTally:
    """Makes every decision again, and looks for those the audit was told of that are gone.

    Args:
        workers: processes to use.
        progress: told how many decisions are done, of how many.
    """
    with db.read() as session:
        of_papers = decisions.count(session)
        everything = of_papers + planning_decisions.count(session)
    papers = _replay_papers(db, workers=workers, progress=lambda done, _: progress(done, everything))
    others = replay_planning(db, workers=workers, progress=lambda done: progress(of_papers + done, everything))
    return total([papers, others])


def _replay_papers(db: Database, *, workers: int, progress: Progress) -> ReplayTally:
    with db.read() as session:
        count = decisions.count(session)
        newest = audit_log.head(session)
        told = audit_log.count(session, DECIDED)
        parts = list(decisions.parts(session, AT_ONCE))
    done = ReplayTally()
    progress(0, count)
    for tally in walk(db, parts, replay_part, workers=workers):
        done = total([done, tally])
        progress(done.decisions, count)
    if told == count and not done.mismatches:
        return done  # each decision has an entry of its own, so no entry is left without one
    last = 0 if newest is None else newest.sequence
    spans = [(start, min(start + _ENTRIES_AT_ONCE, last)) for start in range(0, last, _ENTRIES_AT_ONCE)]
    return total([done, *walk(db, spans, look_for_lost, workers=1)])


def replay_part(db: Database, part: tuple[str, str]) -> ReplayTally:
    """Makes the decisions of one part again."""
    with db.read() as session:
        return _checked(session, decisions.between(session, *part))


def look_for_lost(db: Database, span: tuple[int, int]) -> ReplayTally:
    """Decisions told in one stretch of the audit that are not there any more."""
    with db.read() as session:
        return total(missing(entry) for entry in _lost(session, span))


def _lost(session: ReadSession, span: tuple[int, int]) -> Iterator[AuditEntry]:
    told = audit_log.entries_between(session, *span, DECIDED)
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        known = decisions.known(session, [str(entry.payload.get("decision_id")) for entry in some])
        yield from (entry for entry in some if entry.payload.get("decision_id") not in known)


def _checked(session: ReadSession, stored: tuple[RecordedDecision, ...]) -> ReplayTally:
    under = policies.readable(session, {record.policy_hash for record in stored})
    subjects = sorted({f"document:{record.document_id}" for record in stored})
    told: defaultdict[str, list[AuditEntry]] = defaultdict(list)
    for entry in audit_log.entries_about(session, subjects, DECIDED):
        told[entry.subject].append(entry)
    return total(
        check(record, under.get(record.policy_hash), told[f"document:{record.document_id}"]) for record in stored
    )
