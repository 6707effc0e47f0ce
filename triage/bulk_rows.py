"""Bulks in the database: what was asked of how many cases, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from core.database import ReadSession, WriteSession
from core.errors import NotFoundError
from triage.desk_tables import bulk_results, bulks


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What became of one case: `ends`, `asked`, `first_approval`, `assigned`, `escalated`, `refused` or `skipped`.

    Attributes:
        code, message: why not, or who got it in an absent person's place.
    """

    position: int
    case_id: str
    became: str
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A bulk as far as it has come.

    Attributes:
        asked: action, code, reason and the rest, with `cases`: each one's id and the version that was seen.
    """

    bulk_id: str
    asked_by: str
    asked_at: datetime
    asked: Mapping[str, Any]
    is_done: bool
    results: tuple[BulkResult, ...] = ()


def find(session: ReadSession, bulk_id: str) -> Bulk | None:
    """A bulk with its results, in order."""
    row = session.one_or_none(select(bulks).where(bulks.c.bulk_id == bulk_id))
    if row is None:
        return None
    mine = select(bulk_results).where(bulk_results.c.bulk_id == bulk_id).order_by(bulk_results.c.position)
    results = (
        BulkResult(**{name: value for name, value in dict(one).items() if name != "bulk_id"})
        for one in session.all(mine)
    )
    return Bulk(**dict(row), results=tuple(results))


def get(session: ReadSession, bulk_id: str) -> Bulk:
    """A bulk with its results, in order.

    Raises:
        NotFoundError: `BULK-NOT-FOUND`.
    """
    found = find(session, bulk_id)
    if found is None:
        raise NotFoundError("BULK-NOT-FOUND", "There is no such bulk.", "Look at the cases themselves.")
    return found


def is_reached(session: ReadSession, bulk_id: str, position: int) -> bool:
    """Whether what became of a case is known already."""
    one = select(bulk_results.c.case_id).where(bulk_results.c.bulk_id == bulk_id, bulk_results.c.position == position)
    return session.one_or_none(one) is not None


def begin(session: WriteSession, bulk: Bulk) -> None:
    """Keeps what was asked, before the first case."""
    row = {
        "bulk_id": bulk.bulk_id,
        "asked_by": bulk.asked_by,
        "asked_at": bulk.asked_at,
        "asked": dict(bulk.asked),
        "is_done": False,
    }
    session.run(insert(bulks), [row])


def add(session: WriteSession, bulk_id: str, results: Sequence[BulkResult]) -> None:
    """Keeps what became of cases, in the transaction of the change."""
    rows = [
        {
            "bulk_id": bulk_id,
            "position": one.position,
            "case_id": one.case_id,
            "became": one.became,
            "code": one.code,
            "message": one.message,
        }
        for one in results
    ]
    session.run(insert(bulk_results), rows)


def end(session: WriteSession, bulk_id: str) -> None:
    """Says that every case was reached."""
    session.run(update(bulks).where(bulks.c.bulk_id == bulk_id).values(is_done=True))
