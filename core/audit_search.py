"""Finds entries of the audit chain by subject, kind of act, person and time; quick however long the chain is.

Every answer is a part of the chain in its own order, found by an index and continued by the sequence of the last entry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, select

from core.audit import AuditEntry
from core.audit_log import entry_of
from core.database import Database, ReadSession
from core.tables import audit_entries

KINDS_SHOWN = 500
_READ_AT_ONCE = 2_000
_GROUP = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What a part of the chain is narrowed to; what is left open fits everything.

    Attributes:
        subjects: entries about one of these (`case:case_…`).
        action: one kind of act (`case.resolved`), or all of a group (`case.*`).
        actor: who did it (`user:anna`).
        since, until: from this instant, to before that one.
        without: entries about one of these are left out.
    """

    subjects: tuple[str, ...] = ()
    action: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    without: tuple[str, ...] = ()

    @property
    def takes_everything(self) -> bool:
        """Whether it is the whole chain."""
        return not (self.subjects or self.action or self.actor or self.since or self.until or self.without)


def newest(
    session: ReadSession, wanted: AuditFilter, *, before: int | None = None, limit: int = 100
) -> tuple[AuditEntry, ...]:
    """Entries from the newest back; `before` is the sequence the part before ended with."""
    found: list[AuditEntry] = []
    further = () if before is None else (audit_entries.c.sequence < before,)
    for query in _queries(session, wanted):
        rows = session.all(query.where(*further).order_by(audit_entries.c.sequence.desc()).limit(limit))
        found += [entry_of(row) for row in rows]
    return tuple(sorted(found, key=lambda entry: -entry.sequence)[:limit])


def oldest(
    session: ReadSession, wanted: AuditFilter, *, after: int = 0, last: int | None = None, limit: int = 100
) -> tuple[AuditEntry, ...]:
    """Entries in the order of the chain, from the one after `after` to `last`."""
    found: list[AuditEntry] = []
    further = [audit_entries.c.sequence > after] + ([] if last is None else [audit_entries.c.sequence <= last])
    for query in _queries(session, wanted):
        rows = session.all(query.where(*further).order_by(audit_entries.c.sequence).limit(limit))
        found += [entry_of(row) for row in rows]
    return tuple(sorted(found, key=lambda entry: entry.sequence)[:limit])


def walk(database: Database, wanted: AuditFilter, *, last: int) -> Iterator[tuple[AuditEntry, ...]]:
    """Every entry up to `last`, piece by piece, each in a transaction of its own: a slow reader keeps none open."""
    after = 0
    while True:
        with database.read() as session:
            part = oldest(session, wanted, after=after, last=last, limit=_READ_AT_ONCE)
        if not part:
            return
        yield part
        after = part[-1].sequence


def actions(session: ReadSession) -> tuple[str, ...]:
    """Every kind of act the chain tells of, in order of name."""
    return _distinct(session, audit_entries.c.action)


def actors(session: ReadSession) -> tuple[str, ...]:
    """Who has an entry in the chain, in order of name."""
    return _distinct(session, audit_entries.c.actor)


def _queries(session: ReadSession, wanted: AuditFilter) -> list[Select[Any]]:
    """One query, or one for each kind of act of a group: each goes along one index in the order of the chain."""
    query = select(audit_entries).where(*_conditions(session, wanted))
    if wanted.action is None:
        return [query]
    if not wanted.action.endswith(_GROUP):
        return [query.where(audit_entries.c.action == wanted.action)]
    prefix = wanted.action.removesuffix(_GROUP)
    kinds = [action for action in actions(session) if action.startswith(prefix)]
    return [query.where(audit_entries.c.action == action) for action in kinds]


def _conditions(session: ReadSession, wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.subjects:
        found.append(audit_entries.c.subject.in_(wanted.subjects))
    if wanted.without:
        found.append(audit_entries.c.subject.not_in(wanted.without))
    if wanted.actor is not None:
        found.append(audit_entries.c.actor == wanted.actor)
    within = _within(wanted)
    if within:
        bounds = select(
            func.min(audit_entries.c.sequence).label("first"), func.max(audit_entries.c.sequence).label("last")
        )
        row = session.all(bounds.where(*within))[0]
        # Without the bounds a filter on time would read the chain from its end to there.
        found += [*within, audit_entries.c.sequence.between(row["first"] or 0, row["last"] or 0)]
    return found


def _within(wanted: AuditFilter) -> Sequence[ColumnElement[bool]]:
    bounds = []
    if wanted.since is not None:
        bounds.append(audit_entries.c.at >= wanted.since)
    if wanted.until is not None:
        bounds.append(audit_entries.c.at < wanted.until)
    return bounds


def _distinct(session: ReadSession, column: Column[Any]) -> tuple[str, ...]:
    """The values of an indexed column, each found by one step along the index, not by reading every entry."""
    first = select(func.min(column).label("value")).cte("found", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    found = first.union_all(select(following).where(first.c.value.is_not(None)))
    rows = session.all(select(found.c.value).where(found.c.value.is_not(None)).limit(KINDS_SHOWN))
    return tuple(row["value"] for row in rows)
