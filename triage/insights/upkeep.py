"""Keeps the figures in step with what happens: follows the audit, and counts anew each item it tells of.

The audit tells of every change, in order and without a gap. What is counted is read outside the transaction that
writes; where another node was quicker, nothing of it stands. Counted anew from the first entry, the sums are the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core import audit_log
from core.audit import AuditEntry
from core.clock import Clock
from core.database import Database, ReadSession
from triage import case_rows
from triage.insights import gathering, store
from triage.insights.items import Item
from triage.insights.store import DEFINITIONS, Changed, KeptItem, Standing

ENTRIES_AT_ONCE = 400
_DOCUMENT, _CASE = "document:", "case:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How far counting has come: the newest entry that is counted, and the newest there is."""

    sequence: int
    head: int
    counted_at: datetime | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing waits to be counted."""
        return self.sequence >= self.head


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What some entries of the audit change."""

    before: Standing
    last: int
    change: Changed
    versions: dict[str, datetime]


def standing(session: ReadSession) -> Counted:
    """How far counting has come."""
    place, head = store.standing(session), audit_log.head(session)
    return Counted(
        sequence=place.sequence if place.definitions == DEFINITIONS else 0,
        head=0 if head is None else head.sequence,
        counted_at=place.counted_at,
    )


def catch_up(
    db: Database, clock: Clock, *, parts: int | None = None, progress: Callable[[Counted], None] = lambda _: None
) -> Counted:
    """Counts what has happened since the last time.

    Args:
        parts: stop after so many pieces of work, each short; all there is when None.
    """
    done = 0
    while True:
        with db.read() as session:
            now = standing(session)
            is_outdated = store.standing(session).definitions != DEFINITIONS
        if is_outdated:
            rebuild(db)
            continue
        if now.is_whole or done == parts:
            return now
        _count_part(db, clock.now())
        done += 1
        progress(now)


def rebuild(db: Database) -> None:
    """Throws all counts away; `catch_up` counts them anew."""
    with db.write() as session:
        store.forget(session)


def _count_part(db: Database, at: datetime) -> None:
    with db.read() as session:
        part = _looked_at(session)
    after = Standing(sequence=part.last, definitions=DEFINITIONS, counted_at=at)
    with db.write() as session:
        if store.move(session, part.before, after):
            store.save(session, part.change)
            store.add_versions(session, part.versions)


def _looked_at(session: ReadSession) -> _Part:
    before, head = store.standing(session), audit_log.head(session)
    newest = 0 if head is None else head.sequence
    entries = audit_log.entries(session, after=before.sequence, limit=ENTRIES_AT_ONCE)
    told = _subjects(session, entries)
    kept = store.items(session, told)
    stale = {subject for subject, last in told.items() if subject not in kept or kept[subject].sequence < last}
    counted = [KeptItem(item=item, sequence=newest) for item in _items(session, stale)]
    return _Part(
        before=before,
        last=entries[-1].sequence if entries else before.sequence,
        change=store.changed(session, counted, kept),
        versions=_versions(entries),
    )


def _subjects(session: ReadSession, entries: Sequence[AuditEntry]) -> dict[str, int]:
    """The items these entries tell of, each with the newest of them."""
    found: dict[str, int] = {}
    cases = case_rows.subjects_of(session, {e.subject.removeprefix(_CASE) for e in entries if _is(e, _CASE)})
    for entry in entries:
        if _is(entry, _DOCUMENT):
            found[entry.subject] = entry.sequence
        elif _is(entry, _CASE) and (about := cases.get(entry.subject.removeprefix(_CASE))) is not None:
            kind, subject = about
            found[subject if gathering.is_planning(kind) else _DOCUMENT + subject] = entry.sequence
    return found


def _items(session: ReadSession, subjects: set[str]) -> tuple[Item, ...]:
    papers = {subject.removeprefix(_DOCUMENT) for subject in subjects if subject.startswith(_DOCUMENT)}
    others = {subject for subject in subjects if not subject.startswith(_DOCUMENT)}
    return (*gathering.papers(session, papers), *gathering.planning(session, others))


def _versions(entries: Sequence[AuditEntry]) -> dict[str, datetime]:
    """Versions of models these entries say were used, each with the first time."""
    found: dict[str, datetime] = {}
    for entry in entries:
        bundle = entry.payload.get("bundle") if entry.action == "document.read" else None
        models = entry.payload.get("models", ()) if entry.action.endswith(".decided") else ()
        for name in (*models, *([bundle] if bundle else [])):
            found.setdefault(name, entry.at)
    return found


def _is(entry: AuditEntry, prefix: str) -> bool:
    return entry.subject.startswith(prefix)
