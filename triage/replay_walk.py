"""Walks through every stored decision of one sort and through what the audit was told of them: loads, compares only."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core import audit_log
from core.audit import AuditEntry
from core.database import Database, ReadSession
from triage.replay_tally import ReplayTally, total
from triage.walking import AT_ONCE, walk

_ENTRIES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One sort of decisions: of papers, or about planning. What is walked with are plain functions of modules.

    Attributes:
        told_as: how the audit calls such a decision.
        part: makes the decisions of one part again; `lost` looks for those that are gone in a stretch of the audit.
    """

    told_as: str
    count: Callable[[ReadSession], int]
    parts: Callable[[ReadSession, int], Iterable[tuple[str, str]]]
    part: Callable[[Database, tuple[str, str]], ReplayTally]
    lost: Callable[[Database, tuple[int, int]], ReplayTally]


def replay_stored(db: Database, stored: Stored, *, workers: int, progress: Callable[[int], None]) -> ReplayTally:
    """Makes every decision of a sort again, and looks for those the audit was told of that are gone.

    Args:
        progress: told how many are done.
    """
    with db.read() as session:
        count, told = stored.count(session), audit_log.count(session, stored.told_as)
        newest = audit_log.head(session)
        parts = list(stored.parts(session, AT_ONCE))
    done = ReplayTally()
    for tally in walk(db, parts, stored.part, workers=workers if count > AT_ONCE else 1):
        done = total([done, tally])
        progress(done.decisions)
    if told == count and not done.mismatches:
        return done  # each decision has an entry of its own, so no entry is left without one
    last = 0 if newest is None else newest.sequence
    spans = [(start, min(start + _ENTRIES_AT_ONCE, last)) for start in range(0, last, _ENTRIES_AT_ONCE)]
    return total([done, *walk(db, spans, stored.lost, workers=1)])


def lost_entries(
    session: ReadSession,
    span: tuple[int, int],
    told_as: str,
    known: Callable[[ReadSession, Sequence[str]], Collection[str]],
) -> Iterator[AuditEntry]:
    """Entries of one stretch of the audit whose decision is not there any more."""
    told = audit_log.entries_between(session, *span, told_as)
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        here = known(session, [str(entry.payload.get("decision_id")) for entry in some])
        yield from (entry for entry in some if entry.payload.get("decision_id") not in here)


def told_about(session: ReadSession, subjects: Iterable[str], told_as: str) -> Mapping[str, Sequence[AuditEntry]]:
    """What the audit was told of decisions about these subjects, by subject."""
    told: defaultdict[str, list[AuditEntry]] = defaultdict(list)
    for entry in audit_log.entries_about(session, sorted(set(subjects)), told_as):
        told[entry.subject].append(entry)
    return told
