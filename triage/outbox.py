"""Events for other programs, written in the transaction that makes them true and delivered afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from core.database import ReadSession, WriteSession
from core.ids import new_id
from triage import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened: `type` is `decision.made`, `case.opened`, `case.resolved`, `case.reopened`."""

    event_id: str
    type: str
    subject: str
    json: Mapping[str, Any]
    created_at: datetime


def put(session: WriteSession, event_type: str, subject: str, facts: Mapping[str, Any], at: datetime) -> None:
    """Adds an event to what will be delivered."""
    row = {
        "event_id": new_id("evt", at),
        "type": event_type,
        "subject": subject,
        "json": dict(facts),
        "created_at": at,
        "delivered_at": None,
    }
    session.run(tables.outbox.insert(), [row])


def undelivered(session: ReadSession, *, limit: int = 100) -> tuple[Event, ...]:
    """Events nobody has been told of, oldest first."""
    waiting = select(tables.outbox).where(tables.outbox.c.delivered_at.is_(None))
    rows = session.all(waiting.order_by(tables.outbox.c.event_id).limit(limit))
    return tuple(
        Event(
            event_id=row["event_id"],
            type=row["type"],
            subject=row["subject"],
            json=row["json"],
            created_at=row["created_at"],
        )
        for row in rows
    )


def delivered(session: WriteSession, event_id: str, at: datetime) -> None:
    """Marks an event as delivered."""
    session.run(update(tables.outbox).where(tables.outbox.c.event_id == event_id).values(delivered_at=at))
