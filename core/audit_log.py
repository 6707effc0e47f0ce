"""Writes the audit chain beside what it tells, in the same transaction, and reads it back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from core.audit import GENESIS_HASH, AuditEntry, Checkpoint, Damage, entry_hash, find_damage
from core.canonical import to_jsonable
from core.database import ReadSession, WriteSession
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
    return find_damage(all_entries(session), checkpoints, written_head(session))


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
