"""Makes stored decisions about planning again, part by part: loads, compares, saves nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from core import audit_log
from core.audit import AuditEntry
from core.database import Database, ReadSession
from triage import planning_decisions, policies
from triage.planning_flow import DECIDED
from triage.planning_recorded import RecordedPlanning
from triage.planning_replay import check_planning, missing_planning
from triage.replay import ReplayTally, total
from triage.walking import AT_ONCE, walk

_ENTRIES_AT_ONCE = 5_000


def replay_subject(session: ReadSession, subject: str) -> ReplayTally:
    """Makes every decision about an order, odd demand or a recommendation again."""
    stored = planning_decisions.of_subject(session, subject)
    known = {record.decision_id for record in stored}
    told = audit_log.entries_about(session, [subject], DECIDED)
    lost = [missing_planning(entry) for entry in told if entry.payload.get("decision_id") not in known]
    return total([_checked(session, stored), *lost])


def replay_planning(db: Database, *, workers: int = 1, progress: Callable[[int], None]) -> ReplayTally:
    """Makes every decision about planning again, and looks for those the audit was told of that are gone.

    Args:
        progress: told how many are done.
    """
    with db.read() as session:
        count, told = planning_decisions.count(session), audit_log.count(session, DECIDED)
        head = audit_log.head(session)
        parts = list(planning_decisions.parts(session, AT_ONCE))
    done = ReplayTally()
    for tally in walk(db, parts, replay_planning_part, workers=workers if count > AT_ONCE else 1):
        done = total([done, tally])
        progress(done.decisions)
    if told == count and not done.mismatches:
        return done  # each decision has an entry of its own, so no entry is left without one
    last = 0 if head is None else head.sequence
    spans = [(start, min(start + _ENTRIES_AT_ONCE, last)) for start in range(0, last, _ENTRIES_AT_ONCE)]
    return total([done, *walk(db, spans, look_for_lost_planning, workers=1)])


def replay_planning_part(db: Database, part: tuple[str, str]) -> ReplayTally:
    """Makes the decisions of one part again."""
    with db.read() as session:
        return _checked(session, planning_decisions.between(session, *part))


def look_for_lost_planning(db: Database, span: tuple[int, int]) -> ReplayTally:
    """Decisions told in one stretch of the audit that are not there any more."""
    with db.read() as session:
        return total(missing_planning(entry) for entry in _lost(session, span))


def _lost(session: ReadSession, span: tuple[int, int]) -> Iterator[AuditEntry]:
    told = audit_log.entries_between(session, *span, DECIDED)
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        known = planning_decisions.known(session, [str(entry.payload.get("decision_id")) for entry in some])
        yield from (entry for entry in some if entry.payload.get("decision_id") not in known)


def _checked(session: ReadSession, stored: tuple[RecordedPlanning, ...]) -> ReplayTally:
    under = policies.readable(session, {record.policy_hash for record in stored})
    told: defaultdict[str, list[AuditEntry]] = defaultdict(list)
    for entry in audit_log.entries_about(session, sorted({record.subject for record in stored}), DECIDED):
        told[entry.subject].append(entry)
    return total(check_planning(record, under.get(record.policy_hash), told[record.subject]) for record in stored)
