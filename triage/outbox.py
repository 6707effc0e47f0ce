"""Events for other programs, written in the transaction that makes them true and delivered afterwards.

The end of a case that may still be taken back is held until that time is over, so that what other programs have been
told is never undone behind their back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from core.database import ReadSession, WriteSession
from core.ids import new_id
from triage.tables import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened: `type` is `decision.made`, `case.opened`, `case.resolved`.

    Attributes:
        deliver_after: until then it is held; None where it may go at once.
    """

    event_id: str
    type: str
    subject: str
    json: Mapping[str, Any]
    created_at: datetime
    deliver_after: datetime | None = None


def put(
    session: WriteSession,
    event_type: str,
    subject: str,
    facts: Mapping[str, Any],
    at: datetime,
    *,
    held_until: datetime | None = None,
) -> None:
    """Adds an event to what will be delivered, at once or from some instant on."""
    row = {
        "event_id": new_id("evt", at),
        "type": event_type,
        "subject": subject,
        "json": dict(facts),
        "created_at": at,
        "delivered_at": None,
        "deliver_after": held_until,
    }
    session.run(outbox.insert(), [row])


def undelivered(session: ReadSession, *, at: datetime | None = None, limit: int = 100) -> tuple[Event, ...]:
    """Events nobody has been told of and nobody took back, oldest first.

    Args:
        at: the present; with it what is still held is left out.
    """
    c = outbox.c
    due: list[ColumnElement[bool]] = [] if at is None else [or_(c.deliver_after.is_(None), c.deliver_after <= at)]
    waiting = select(outbox).where(c.delivered_at.is_(None), c.withdrawn_at.is_(None), *due)
    rows = session.all(waiting.order_by(c.event_id).limit(limit))
    return tuple(
        Event(
            event_id=row["event_id"],
            type=row["type"],
            subject=row["subject"],
            json=row["json"],
            created_at=row["created_at"],
            deliver_after=row["deliver_after"],
        )
        for row in rows
    )


def delivered(session: WriteSession, event_id: str, at: datetime) -> None:
    """Marks an event as delivered."""
    session.run(update(outbox).where(outbox.c.event_id == event_id).values(delivered_at=at))


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
