"""Turns the feeds into items at places with their days and lead times: what a back-test walks through."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ingest.feed_frames import Frames
from models.replenishment.history import Day
from models.replenishment.lead_times import LeadTimes
from models.replenishment.receipts import OrderedLine, Suppliers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CLOSED = frozenset({"closed", "cancelled", "canceled", "deleted", "rejected"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An item at a place.

    Attributes:
        days: its rows, oldest first.
        master_days: lead time of the master record, None where it has none.
    """

    item_id: str
    location_id: str
    category: str | None
    supplier_id: str | None
    master_days: int | None
    days: tuple[Day, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Item and place."""
        return self.item_id, self.location_id

    def wanted(self, first: date, count: int) -> "Floats":
        """What was wanted on so many days from the first on; nothing where there is no row."""
        found = np.zeros(count)
        for day in self.days:
            at = (day.date - first).days
            if 0 <= at < count:
                found[at] = max(0.0, day.quantity)
        return found


def series_of(frames: Frames, *, last: date | None) -> list[Series]:
    """Every item at a place with demand until the last day, in order."""
    demand = frames.frame("demand").select("item_id", "location_id", "date", "quantity", "stocked_out")
    demand = demand.drop_nulls(["item_id", "location_id", "date", "quantity"]).sort("item_id", "location_id", "date")
    if last is not None:
        demand = demand.filter(pl.col("date") <= last)
    items = {row["item_id"]: row for row in frames.frame("items").iter_rows(named=True)}
    days: defaultdict[tuple[str, str], list[Day]] = defaultdict(list)
    for item_id, location_id, at, quantity, stocked_out in demand.iter_rows():
        days[item_id, location_id].append(Day(date=at, quantity=quantity, stocked_out=bool(stocked_out)))
    return [_series(key, tuple(rows), items.get(key[0], {})) for key, rows in days.items()]


def suppliers_of(frames: Frames) -> Suppliers:
    """What suppliers delivered, where there are orders to them; nobody's where there are none."""
    orders = {row["po_number"]: row for row in frames.frame("purchase_orders").iter_rows(named=True)}
    received: defaultdict[tuple[str, str], list[tuple[datetime, float]]] = defaultdict(list)
    for row in frames.frame("goods_receipts").iter_rows(named=True):
        received[row["po_number"], row["line_number"]].append((row["received_at"], row["quantity"]))
    return Suppliers(
        OrderedLine(
            item_id=row["item_id"],
            supplier_id=orders[row["po_number"]]["supplier_id"],
            ordered_at=orders[row["po_number"]]["ordered_at"],
            quantity=row["quantity"],
            ended=(orders[row["po_number"]]["status"] or "").strip().lower() in CLOSED,
            receipts=tuple(received[row["po_number"], row["line_number"]]),
        )
        for row in frames.frame("purchase_order_lines").iter_rows(named=True)
        if row["po_number"] in orders
    )


def lead_of(one: Series, suppliers: Suppliers, today: date, *, else_days: int) -> LeadTimes:
    """Lead times of an item as they were known in the morning of a day."""
    as_of = datetime.combine(today, time(), tzinfo=UTC)
    return suppliers.lead_times(one.item_id, one.supplier_id, as_of, master_days=one.master_days, else_days=else_days)


def _series(key: tuple[str, str], days: tuple[Day, ...], item: dict[str, object]) -> Series:
    lead, category, supplier = item.get("lead_time_days"), item.get("category"), item.get("supplier_id")
    return Series(
        item_id=key[0],
        location_id=key[1],
        category=None if category is None else str(category),
        supplier_id=None if supplier is None else str(supplier),
        master_days=lead if isinstance(lead, int) and lead >= 0 else None,
        days=days,
    )
