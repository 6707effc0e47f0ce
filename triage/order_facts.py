"""The facts a decision about a customer's order is made from: the order, what is in stock and coming, who is ahead."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.erp import ErpBlock, FeedFreshness, Location, SalesOrder, SalesOrderLine, Shipment, StockLevel
from triage.inbound import Inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What orders placed earlier are promised of an item from a place, all that is due at one instant together."""

    item_id: str
    location_id: str
    due_at: datetime
    quantity: Decimal

    @property
    def key(self) -> str:
        """As findings name it."""
        return f"commitment:{self.item_id}/{self.location_id}/{self.due_at:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """All a control of customers' orders may look at. Tuples are sets in meaning: no control depends on their order.

    Attributes:
        as_of: the instant of the decision.
        stock, inbound, committed: of the order's items only; `committed` is empty where the ERP's `allocated` holds it.
        locations: the places these are at, and those the order's lines name.
        shipments: what of the order is known to be under way at `as_of`.
    """

    order: SalesOrder
    as_of: datetime
    lines: tuple[SalesOrderLine, ...] = ()
    stock: tuple[StockLevel, ...] = ()
    inbound: tuple[Inbound, ...] = ()
    committed: tuple[Commitment, ...] = ()
    locations: tuple[Location, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    feeds: tuple[FeedFreshness, ...] = ()
    erp_blocks: tuple[ErpBlock, ...] = ()

    @property
    def key(self) -> str:
        """As findings and decisions name the order."""
        return f"sales_order:{self.order.order_id}"


def is_under_way(shipments: tuple[Shipment, ...], as_of: datetime) -> bool:
    """Whether any shipment is known at an instant to have left; a shipment without any instant is only planned."""
    return any(known is not None and known <= as_of for known in map(known_at, shipments))


def known_at(shipment: Shipment) -> datetime | None:
    """When it became known that a shipment left: as recorded, else when it left, else when it arrived."""
    return shipment.recorded_at or shipment.shipped_at or shipment.delivered_at
