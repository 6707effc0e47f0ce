"""Writes the audit chain beside what it tells, in the same transaction, and reads it back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from core.audit import (
    EMPTIED,
    EMPTIED_BY,
    GENESIS_HASH,
    AuditEntry,
    Checkpoint,
    Damage,
    emptied_by,
    entry_hash,
    find_damage,
    own_hash,
    tells_of,
    what_is_left,
)
from core.canonical import to_jsonable
from core.database import ReadSession, WriteSession
from core.errors import ConflictError
from core.tables import audit_entries, audit_head

_READ_AT_ONCE = 2_000
_SUBJECTS_AT_ONCE = 500


def lock_chain(session: WriteSession) -> tuple[int, str]:
    """Takes the head of the chain: every other writer waits until this transaction ends. Returns sequence and hash.

    SQLite has one writer at a time already; PostgreSQL locks the head's row.
    """
    row = session.one_or_none(select(audit_head).where(audit_head.c.id == 1).with_for_update())
    if row is None:
        raise RuntimeError("the audit chain has no head: the database was not migrated")
    return row["sequence"], row["hash"]


def append(
    session: WriteSession, *, at: datetime, actor: str, action: str, subject: str, payload: Mapping[str, Any]
) -> AuditEntry:
    """Adds one entry to the chain, in the caller's transaction: it stands if and only if what it tells stands.

    Args:
        actor: who: `user:anna`, `key:orchestration`, `worker:host-1`, `system`.
        action: what: `document.received`, `case.claimed`.
        subject: to which thing: `case:case_01jd…`.
        payload: facts, jsonable; nothing secret.
    """
    last, previous_hash = lock_chain(session)
    facts = to_jsonable(payload)
    sequence = last + 1
    digest = entry_hash(
        sequence=sequence,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        payload=facts,
        previous_hash=previous_hash,
    )
    entry = AuditEntry(
        sequence=sequence,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        payload=facts,
        previous_hash=previous_hash,
        hash=digest,
    )
    session.run(
        insert(audit_entries).values(
            sequence=sequence,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            payload=facts,
            previous_hash=previous_hash,
            hash=digest,
        )
    )
    session.run(update(audit_head).where(audit_head.c.id == 1).values(sequence=sequence, hash=digest))
    return entry


def entries(
    session: ReadSession, *, subject: str | None = None, after: int = 0, limit: int = 200
) -> tuple[AuditEntry, ...]:
    """Entries in order of sequence, from the one after `after`, of one subject or of all."""
    query = select(audit_entries).where(audit_entries.c.sequence > after).order_by(audit_entries.c.sequence)
    if subject is not None:
        query = query.where(audit_entries.c.subject == subject)
    return tuple(entry_of(row) for row in session.all(query.limit(limit)))


def entries_about(session: ReadSession, subjects: Sequence[str], action: str) -> tuple[AuditEntry, ...]:
    """All entries that tell of one kind of act on these subjects, in order of sequence."""
    query = select(audit_entries).where(audit_entries.c.subject.in_(subjects), audit_entries.c.action == action)
    return tuple(entry_of(row) for row in session.all(query.order_by(audit_entries.c.sequence)))


def entries_between(session: ReadSession, after: int, last: int, action: str) -> tuple[AuditEntry, ...]:
    """Entries of one kind of act from the one after `after` to `last`, in order of sequence."""
    query = select(audit_entries).where(
        audit_entries.c.sequence > after, audit_entries.c.sequence <= last, audit_entries.c.action == action
    )
    return tuple(entry_of(row) for row in session.all(query.order_by(audit_entries.c.sequence)))


def entries_of(session: ReadSession, subjects: Sequence[str]) -> tuple[AuditEntry, ...]:
    """All entries about these subjects, in order of sequence."""
    found: list[AuditEntry] = []
    for start in range(0, len(subjects), _SUBJECTS_AT_ONCE):
        part = audit_entries.c.subject.in_(subjects[start : start + _SUBJECTS_AT_ONCE])
        found += [entry_of(row) for row in session.all(select(audit_entries).where(part))]
    return tuple(sorted(found, key=lambda entry: entry.sequence))


def first_sequences(session: ReadSession, subjects: Sequence[str], *, action: str) -> Mapping[str, int]:
    """When, in the order of the chain, an action was first told of each of these subjects."""
    found: dict[str, int] = {}
    for start in range(0, len(subjects), _SUBJECTS_AT_ONCE):
        part = audit_entries.c.subject.in_(subjects[start : start + _SUBJECTS_AT_ONCE])
        first = select(audit_entries.c.subject, func.min(audit_entries.c.sequence).label("first"))
        rows = session.all(first.where(part, audit_entries.c.action == action).group_by(audit_entries.c.subject))
        found |= {row["subject"]: int(row["first"]) for row in rows}
    return found


def count(session: ReadSession, action: str) -> int:
    """How many entries tell of one kind of act."""
    found = select(func.count()).select_from(audit_entries).where(audit_entries.c.action == action)
    return int(session.scalar(found) or 0)


def newest_entries(
    session: ReadSession, *, subject: str | None = None, before: int | None = None, limit: int = 100
) -> tuple[AuditEntry, ...]:
    """Entries from the newest back, for the page; `before` is the sequence the last page ended with."""
    query = select(audit_entries).order_by(audit_entries.c.sequence.desc())
    if subject is not None:
        query = query.where(audit_entries.c.subject == subject)
    if before is not None:
        query = query.where(audit_entries.c.sequence < before)
    return tuple(entry_of(row) for row in session.all(query.limit(limit)))


def all_entries(session: ReadSession) -> Iterator[AuditEntry]:
    """The whole chain, read piece by piece."""
    after = 0
    while page := entries(session, after=after, limit=_READ_AT_ONCE):
        yield from page
        after = page[-1].sequence


def head(session: ReadSession) -> Checkpoint | None:
    """The newest place of the chain, or None while it is empty."""
    row = session.one_or_none(
        select(audit_entries.c.at, audit_entries.c.sequence, audit_entries.c.hash)
        .order_by(audit_entries.c.sequence.desc())
        .limit(1)
    )
    return None if row is None else Checkpoint(at=row["at"], sequence=row["sequence"], hash=row["hash"])


def verify(session: ReadSession, checkpoints: tuple[Checkpoint, ...] = ()) -> tuple[Damage, ...]:
    """Reads the whole chain and says where it is not as it was written; an empty answer means it is sound."""
    head = written_head(session)
    return find_damage(all_entries(session), checkpoints, head, is_erased=erasures(session))


def erasures(session: ReadSession) -> Callable[[AuditEntry], bool]:
    """What tells of an entry whether a later one says that its facts were erased."""
    known: dict[int, AuditEntry] = {}

    def is_erased(entry: AuditEntry) -> bool:
        by = emptied_by(entry)
        if by is None:
            return False
        if by not in known:
            known.clear()
            known.update({one.sequence: one for one in entries(session, after=by - 1, limit=1)})
        return by in known and tells_of(known[by], entry)

    return is_erased


def erase_facts(
    session: WriteSession,
    emptied: Sequence[AuditEntry],
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    payload: Mapping[str, Any],
) -> AuditEntry:
    """Takes the facts out of entries and adds one that says so; the chain's hashes stay, and can still be verified.

    Raises:
        ConflictError: `AUDIT-CHANGED` when one of them is not as it was written: nobody could tell that any more.
    """
    last, _ = lock_chain(session)
    there = [entry for entry in emptied if emptied_by(entry) is None]
    changed = next((entry for entry in there if own_hash(entry) != entry.hash), None)
    if changed is not None:
        raise ConflictError(
            "AUDIT-CHANGED",
            f"Entry {changed.sequence} of the audit log is not as it was written.",
            "Find out why first: clearhold audit verify.",
        )
    left = {str(entry.sequence): what_is_left(entry) for entry in there}
    for entry in there:
        row = audit_entries.c.sequence == entry.sequence
        session.run(update(audit_entries).where(row).values(payload={EMPTIED_BY: last + 1}))
    told = {**payload, EMPTIED: left}
    return append(session, at=at, actor=actor, action=action, subject=subject, payload=told)


def written_head(session: ReadSession) -> tuple[int, str]:
    """Sequence and hash of what the database believes to be its newest entry."""
    row = session.one_or_none(select(audit_head).where(audit_head.c.id == 1))
    return (row["sequence"], row["hash"]) if row is not None else (0, GENESIS_HASH)


def entry_of(row: RowMapping) -> AuditEntry:
    """A row as a record."""
    return AuditEntry(
        sequence=row["sequence"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        subject=row["subject"],
        payload=row["payload"],
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )
