"""Makes stored decisions about planning again, part by part: loads, compares, saves nothing."""

from collections.abc import Callable

from core import audit_log
from core.database import Database, ReadSession
from triage import planning_decisions, policies
from triage.planning_flow import DECIDED
from triage.planning_recorded import RecordedPlanning
from triage.planning_replay import check_planning
from triage.replay_tally import ReplayTally, missing, total
from triage.replay_walk import Stored, lost_entries, replay_stored, told_about


def replay_subject(session: ReadSession, subject: str) -> ReplayTally:
    """Makes every decision about an order, odd demand or a recommendation again."""
    stored = planning_decisions.of_subject(session, subject)
    known = {record.decision_id for record in stored}
    told = audit_log.entries_about(session, [subject], DECIDED)
    lost = [missing(entry) for entry in told if entry.payload.get("decision_id") not in known]
    return total([_checked(session, stored), *lost])


def replay_planning(db: Database, *, workers: int = 1, progress: Callable[[int], None]) -> ReplayTally:
    """Makes every decision about planning again, and looks for those the audit was told of that are gone.

    Args:
        progress: told how many are done.
    """
    return replay_stored(db, _STORED, workers=workers, progress=progress)


def replay_planning_part(db: Database, part: tuple[str, str]) -> ReplayTally:
    """Makes the decisions of one part again."""
    with db.read() as session:
        return _checked(session, planning_decisions.between(session, *part))


def look_for_lost_planning(db: Database, span: tuple[int, int]) -> ReplayTally:
    """Decisions told in one stretch of the audit that are not there any more."""
    with db.read() as session:
        return total(map(missing, lost_entries(session, span, DECIDED, planning_decisions.known)))


_STORED = Stored(
    told_as=DECIDED,
    count=planning_decisions.count,
    parts=planning_decisions.parts,
    part=replay_planning_part,
    lost=look_for_lost_planning,
)


def _checked(session: ReadSession, stored: tuple[RecordedPlanning, ...]) -> ReplayTally:
    under = policies.readable(session, {record.policy_hash for record in stored})
    told = told_about(session, (record.subject for record in stored), DECIDED)
    return total(
        check_planning(record, under.get(record.policy_hash), told.get(record.subject, ())) for record in stored
    )
