"""Events for other programs, written in the transaction that makes them true and delivered afterwards.

The end of a case that may still be taken back is held until that time is over, so that what other programs have been
told is never undone behind their back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.ids import new_id
from triage.tables import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened: `type` is `decision.made`, `case.opened`, `case.resolved`.

    Attributes:
        deliver_after: until then it is held; None where it may go at once.
        sequence: its place among all events; later ones of a subject have a higher one.
    """

    event_id: str
    type: str
    subject: str
    json: Mapping[str, Any]
    created_at: datetime
    deliver_after: datetime | None = None
    sequence: int = 0


def put(
    session: WriteSession,
    event_type: str,
    subject: str,
    facts: Mapping[str, Any],
    at: datetime,
    *,
    held_until: datetime | None = None,
    is_told: bool = False,
) -> Event:
    """Adds an event to what will be delivered, at once or from some instant on.

    The audit's chain is locked first, so that what is written later has the higher number on whatever node.

    Args:
        is_told: whoever calls sees to its delivery.
    """
    audit_log.lock_chain(session)
    event = Event(
        event_id=new_id("evt", at),
        type=event_type,
        subject=subject,
        json=dict(facts),
        created_at=at,
        deliver_after=held_until,
        sequence=_next(session),
    )
    row = {
        "event_id": event.event_id,
        "type": event_type,
        "subject": subject,
        "json": event.json,
        "created_at": at,
        "delivered_at": at if is_told else None,
        "deliver_after": held_until,
        "sequence": event.sequence,
    }
    session.run(outbox.insert(), [row])
    return event


def undelivered(session: ReadSession, *, at: datetime | None = None, limit: int = 100) -> tuple[Event, ...]:
    """Events nobody has been told of and nobody took back, oldest first; who writes has them alone.

    Args:
        at: the present; with it what is still held is left out, and what comes after it about the same subject.
    """
    c = outbox.c
    due = () if at is None else (_is_due(at),)
    waiting = select(outbox).where(c.delivered_at.is_(None), c.withdrawn_at.is_(None), *due)
    in_order = waiting.order_by(c.sequence, c.event_id).limit(limit)
    rows = session.all(in_order.with_for_update() if isinstance(session, WriteSession) else in_order)
    return tuple(map(event_of_row, rows))


def undelivered_since(session: ReadSession, at: datetime) -> tuple[int, datetime | None]:
    """How many events wait to be handed to endpoints, and since when the oldest of them might have been."""
    c = outbox.c
    since = func.min(func.coalesce(c.deliver_after, c.created_at)).label("since")
    waiting = select(func.count().label("number"), since)
    row = session.all(waiting.where(c.delivered_at.is_(None), c.withdrawn_at.is_(None), _is_due(at)))[0]
    return row["number"], row["since"]


def number(session: WriteSession, events: Sequence[Event]) -> None:
    """Gives events a place that a node of an older version wrote without one."""
    audit_log.lock_chain(session)
    for event in events:
        session.run(update(outbox).where(outbox.c.event_id == event.event_id).values(sequence=_next(session)))


def delivered(session: WriteSession, event_ids: Sequence[str], at: datetime) -> None:
    """Marks events as told: from now on they are not taken back."""
    session.run(update(outbox).where(outbox.c.event_id.in_(event_ids)).values(delivered_at=at))


def event_of_row(row: RowMapping) -> Event:
    """An event as it was written."""
    return Event(
        event_id=row["event_id"],
        type=row["type"],
        subject=row["subject"],
        json=row["json"],
        created_at=row["created_at"],
        deliver_after=row["deliver_after"],
        sequence=row["sequence"] or 0,
    )


def is_told(session: ReadSession, subject: str, event_type: str, since: datetime) -> bool:
    """Whether other programs have been told of an event of this kind that was made at this instant or later."""
    told = and_(*_of(subject, event_type, since), outbox.c.delivered_at.is_not(None))
    return session.scalar(select(outbox.c.event_id).where(told).limit(1)) is not None


def take_back(session: WriteSession, subject: str, event_type: str, *, since: datetime, at: datetime) -> None:
    """Sees to it that nobody is told of what was made at this instant or later, and has not been told yet."""
    held = and_(*_of(subject, event_type, since), outbox.c.delivered_at.is_(None))
    session.run(update(outbox).where(held).values(withdrawn_at=at))


def _of(subject: str, event_type: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (outbox.c.subject == subject, outbox.c.type == event_type, outbox.c.created_at >= since)


def _next(session: ReadSession) -> int:
    return int(session.scalar(select(func.coalesce(func.max(outbox.c.sequence), 0) + 1)))


def _is_due(at: datetime) -> ColumnElement[bool]:
    """Neither held itself nor behind something that is held about the same subject."""
    c, before = outbox.c, outbox.alias("before").c
    held = exists().where(
        before.subject == c.subject,
        before.sequence < c.sequence,
        before.delivered_at.is_(None),
        before.withdrawn_at.is_(None),
        before.deliver_after > at,
    )
    return and_(or_(c.deliver_after.is_(None), c.deliver_after <= at), ~held)
