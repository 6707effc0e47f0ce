"""Who changed a supplier's bank account, and when: from the loads of the supplier feed and what they replaced."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.database import ReadSession
from core.keys import plain_key
from ingest.feed_rows import key_part
from ingest.tables import feed_changes, feed_loads, feed_tables

_FEED = "suppliers"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankChange:
    """A load of the supplier feed that gave a supplier another account, or a supplier it was the first to name."""

    at: datetime
    by: str


def bank_changes(session: ReadSession, supplier_id: str, *, since: datetime) -> tuple[BankChange, ...]:
    """Changes of a supplier's IBAN since an instant, oldest first.

    The first load of all is the take-over of the master record from the ERP and nobody's change.
    """
    changed = (
        select(feed_changes.c.old_row, feed_changes.c.new_row, feed_loads.c.loaded_at, feed_loads.c.loaded_by)
        .join(feed_loads, feed_loads.c.load_id == feed_changes.c.load_id)
        .where(
            feed_changes.c.feed == _FEED,
            feed_changes.c.row_key == key_part(supplier_id),
            feed_changes.c.changed_at >= since,
        )
    )
    found = [
        BankChange(at=row["loaded_at"], by=row["loaded_by"])
        for row in session.all(changed)
        if plain_key(row["old_row"].get("iban")) != plain_key(row["new_row"].get("iban"))
    ]
    return tuple(sorted([*found, *_added(session, supplier_id, since)], key=lambda change: change.at))


def _added(session: ReadSession, supplier_id: str, since: datetime) -> list[BankChange]:
    """The load that first named the supplier, unless it was the first of all."""
    table = feed_tables[_FEED]
    row = session.one_or_none(select(table.c.loaded_at).where(table.c.row_key == key_part(supplier_id)))
    if row is None or row["loaded_at"] < since:
        return []
    loads = (
        select(feed_loads.c.loaded_at, feed_loads.c.loaded_by)
        .where(feed_loads.c.feed == _FEED)
        .order_by(feed_loads.c.loaded_at)
    )
    first, *later = session.all(loads)
    if row["loaded_at"] == first["loaded_at"]:
        return []
    return [
        BankChange(at=load["loaded_at"], by=load["loaded_by"])
        for load in later
        if load["loaded_at"] == row["loaded_at"] and load["loaded_at"] >= since
    ]
