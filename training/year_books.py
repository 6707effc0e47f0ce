"""The books of a retailer's year, and the bills that suppliers write against them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from core.erp import ErpBlock, GoodsReceipt, PostedInvoice, PurchaseOrder, PurchaseOrderLine
from training.papers import Paper
from training.year_traders import Trader

LAST_DAY = date(2026, 11, 22)
DAYS = 364
FIRST_DAY = LAST_DAY - timedelta(days=DAYS - 1)

LineKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A paper of the year, as it was sent.

    Attributes:
        arrives: when it is decided.
        pattern: what kind of dealing it comes from (`single`, `instalments`…).
        orders: the orders it is truly about.
        fault: the kind of fault planted in it, None in an honest paper; `expected`: codes any of which finds it.
        unsure: fields that were read with less confidence than is needed, or, with 0, not at all.
        elsewhere: it never comes here: somebody posts it in the ERP directly.
        key: its place in the year, once everything has a place.
    """

    trader: Trader
    paper: Paper
    arrives: datetime
    pattern: str
    orders: tuple[str, ...]
    fault: str | None = None
    expected: frozenset[str] = frozenset()
    unsure: tuple[tuple[str, float], ...] = ()
    elsewhere: bool = False
    key: str = ""


@dataclass(slots=True, kw_only=True)
class Books:
    """What the ERP holds at the end of the year; `posted` with the instant each invoice was posted."""

    orders: dict[str, PurchaseOrder] = field(default_factory=dict)
    order_lines: dict[LineKey, PurchaseOrderLine] = field(default_factory=dict)
    receipts: dict[LineKey, list[GoodsReceipt]] = field(default_factory=dict)
    posted: list[tuple[datetime, PostedInvoice]] = field(default_factory=list)
    blocks: list[ErpBlock] = field(default_factory=list)
    iban_changes: dict[str, datetime] = field(default_factory=dict)
    received: int = 0

    def receive(self, line: PurchaseOrderLine, day: date, quantity: Decimal) -> None:
        """Posts a goods receipt, or a return below nought, at half past ten."""
        self.received += 1
        receipt = GoodsReceipt(
            receipt_id=f"GR{self.received:07d}",
            po_number=line.po_number,
            line_number=line.line_number,
            quantity=quantity,
            received_at=datetime.combine(day, time(10, 30), tzinfo=UTC),
        )
        self.receipts.setdefault((line.po_number, line.line_number), []).append(receipt)

    def lines_of(self, po_number: str) -> tuple[PurchaseOrderLine, ...]:
        """The lines of an order, by number."""
        found = []
        number = 10
        while (po_number, str(number)) in self.order_lines:
            found.append(self.order_lines[po_number, str(number)])
            number += 10
        return tuple(found)


def at_desk(rng: Random, day: date) -> datetime:
    """Some minute of the working day on or after a day, never before that day's feeds are loaded."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(6, 30), tzinfo=UTC) + timedelta(seconds=rng.randrange(11 * 3600))
