"""Turns order lines and what was received on them into deliveries, as they were known at an instant."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from models.replenishment.lead_times import Delivery, LeadTimes, lead_times


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """A line of an order to a supplier, with everything received on it.

    Attributes:
        ended: nothing more comes of it: the order is closed or cancelled.
    """

    item_id: str
    supplier_id: str
    ordered_at: datetime
    quantity: float
    ended: bool
    receipts: tuple[tuple[datetime, float], ...]


class Suppliers:
    """What suppliers delivered, and how long it took them."""

    def __init__(self, lines: Iterable[OrderedLine]) -> None:
        self._by_item: defaultdict[str, list[OrderedLine]] = defaultdict(list)
        self._by_supplier: defaultdict[str, list[OrderedLine]] = defaultdict(list)
        for line in lines:
            self._by_item[line.item_id].append(line)
            self._by_supplier[line.supplier_id].append(line)

    def lead_times(
        self, item_id: str, supplier_id: str | None, as_of: datetime, *, master_days: int | None, else_days: int
    ) -> LeadTimes:
        """What an order of the item takes, as far as that was known at an instant.

        Args:
            supplier_id: whose lines count; every supplier's of the item where it is None.
        """
        own = [line for line in self._by_item[item_id] if supplier_id in {None, line.supplier_id}]
        others = [] if supplier_id is None else self._by_supplier[supplier_id]
        known = [delivery(line, as_of, own=True) for line in own]
        known += [delivery(line, as_of, own=False) for line in others if line.item_id != item_id]
        return lead_times((one for one in known if one is not None), master_days=master_days, else_days=else_days)


def delivery(line: OrderedLine, as_of: datetime, *, own: bool) -> Delivery | None:
    """A line as it stood at an instant; None before it was ordered, or where nothing was ordered."""
    if line.ordered_at > as_of or line.quantity <= 0:
        return None
    ordered = line.ordered_at.date()
    shares = tuple(
        ((at.date() - ordered).days, quantity / line.quantity)
        for at, quantity in sorted(line.receipts)
        if at <= as_of and quantity > 0
    )
    return Delivery(own=own, shares=shares, open_days=None if line.ended else (as_of.date() - ordered).days)
