"""What is on order and not yet here: order lines less what was received on them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.erp import GoodsReceipt, PurchaseOrder, PurchaseOrderLine
from core.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """The open rest of an order line: what is still to come, to which place, and when the supplier promised it.

    Attributes:
        location_id: None where the order names no place.
        promised_at: None where nobody promised a day.
    """

    po_number: str
    line_number: str
    item_id: str
    quantity: Decimal
    location_id: str | None = None
    promised_at: datetime | None = None

    @property
    def key(self) -> str:
        """As findings name it."""
        return f"purchase_order_line:{self.po_number}/{self.line_number}"


def open_inbound(
    orders: Iterable[PurchaseOrder],
    lines: Iterable[PurchaseOrderLine],
    receipts: Iterable[GoodsReceipt],
    *,
    closed: Iterable[str],
    as_of: datetime,
) -> tuple[Inbound, ...]:
    """What is still to come at an instant: ordered less received, of orders placed by then and not closed.

    Args:
        closed: the words of the ERP for an order that brings nothing more, in lower case.
    """
    ended = frozenset(closed)
    by_number = {
        order.po_number: order
        for order in orders
        if order.ordered_at <= as_of and (order.status or "").strip().lower() not in ended
    }
    received: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for receipt in receipts:
        if receipt.received_at <= as_of:
            received[receipt.po_number, receipt.line_number] += receipt.quantity
    coming = (
        Inbound(
            po_number=line.po_number,
            line_number=line.line_number,
            item_id=line.item_id,
            quantity=line.quantity - received[line.po_number, line.line_number],
            location_id=by_number[line.po_number].ship_to_location_id,
            promised_at=line.promised_at,
        )
        for line in lines
        if line.po_number in by_number
    )
    return tuple(sorted((one for one in coming if one.quantity > 0), key=lambda one: one.key))
