"""What each worker last said of itself: that it lives, since when, and what it has done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.database import ReadSession, WriteSession
from core.tables import worker_beats

EVERY_SECONDS = 10.0
SILENT_AFTER = timedelta(seconds=60)
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A worker.

    Attributes:
        ended_at: when it ended in good order; None while it lives, and for one that was killed.
        said: its own counts, by name.
    """

    node: str
    started_at: datetime
    seen_at: datetime
    version: str
    said: Mapping[str, Any]
    ended_at: datetime | None = None

    def is_alive(self, at: datetime) -> bool:
        """Whether it is to be believed to work: it has not ended and was heard of within a minute."""
        return self.ended_at is None and at - self.seen_at <= SILENT_AFTER

    def is_lost(self, at: datetime) -> bool:
        """Whether it fell silent without having ended."""
        return self.ended_at is None and at - self.seen_at > SILENT_AFTER


def beat(session: WriteSession, one: Beat) -> None:
    """Writes what a worker says now; forgets workers that nobody has heard of for days."""
    values = {
        "started_at": one.started_at,
        "seen_at": one.seen_at,
        "ended_at": one.ended_at,
        "version": one.version,
        "said": dict(one.said),
    }
    session.run(delete(worker_beats).where(worker_beats.c.seen_at < one.seen_at - KEPT))
    if not session.run(update(worker_beats).where(worker_beats.c.node == one.node).values(values)):
        session.run(insert(worker_beats).values(node=one.node, **values))


def beats(session: ReadSession) -> tuple[Beat, ...]:
    """Every worker that was heard of these days."""
    rows = session.all(select(worker_beats).order_by(worker_beats.c.node))
    return tuple(Beat(**dict(row)) for row in rows)
