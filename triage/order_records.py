"""What customers' orders are judged by, as the feeds hold it at an instant: stock, what is coming, places, blocks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.database import ReadSession
from core.erp import ErpBlock, FeedFreshness, Location, SalesOrder, SalesOrderLine, Shipment, StockLevel
from core.keys import number_key
from ingest.erp import ErpReader
from ingest.erp_planning import PlanningReader
from triage.inbound import Inbound
from triage.order_facts import Commitment, OrderFacts, is_under_way
from triage.planning_load import by_key, load_inbound
from triage.policy import Policy

_Around = tuple[tuple[StockLevel, ...], tuple[Inbound, ...], tuple[Location, ...]]


class OrderRecords:
    """Records loaded so far, by item and by order number; what is loaded once is not looked up again.

    Attributes:
        items: those whose stock and goods on order are loaded.
        shipments_of, blocks_of: orders whose shipments, and whose blocks by the ERP, are loaded.
    """

    def __init__(self, session: ReadSession, policy: Policy, as_of: datetime) -> None:
        self.as_of, self._policy = as_of, policy
        self.items, self.shipments_of, self.blocks_of = set[str](), set[str](), set[str]()
        self._locations: dict[str, Location] = {one.location_id: one for one in PlanningReader(session).locations()}
        needed = frozenset(policy.orders.feeds)
        self._feeds: tuple[FeedFreshness, ...] = tuple(
            feed for feed in ErpReader(session).freshness() if feed.feed in needed
        )
        self._stock: dict[str, tuple[StockLevel, ...]] = {}
        self._inbound: dict[str, tuple[Inbound, ...]] = {}
        self._shipments: dict[str, tuple[Shipment, ...]] = {}
        self._blocks: dict[str, tuple[ErpBlock, ...]] = {}
        self._around: dict[tuple[tuple[str, ...], frozenset[str | None]], _Around] = {}

    def load_items(self, session: ReadSession, items: Iterable[str]) -> None:
        """Loads stock and goods on order of items that are not loaded yet."""
        new = set(items) - self.items
        if not new:
            return
        erp, planning = ErpReader(session), PlanningReader(session)
        self._stock |= by_key(planning.stock_levels(self.as_of, new), lambda level: level.item_id)
        inbound = load_inbound(erp, planning, new, self._policy, self.as_of)
        self._inbound |= by_key(inbound, lambda one: one.item_id)
        self.items |= new

    def load_shipments(self, session: ReadSession, order_ids: Iterable[str]) -> None:
        """Loads the shipments of orders."""
        order_ids = set(order_ids)
        self._shipments |= by_key(PlanningReader(session).shipments(order_ids), lambda one: one.order_id)
        self.shipments_of |= order_ids

    def load_blocks(self, session: ReadSession, order_ids: Iterable[str]) -> None:
        """Loads what the ERP has set on orders."""
        order_ids = set(order_ids)
        self._blocks |= by_key(ErpReader(session).erp_blocks(order_ids), lambda one: number_key(one.document_ref))
        self.blocks_of |= order_ids

    def is_under_way(self, order_id: str) -> bool:
        """Whether a shipment of the order is known to have left."""
        return is_under_way(self._shipments.get(order_id, ()), self.as_of)

    def facts(
        self, order: SalesOrder, lines: Sequence[SalesOrderLine], committed: tuple[Commitment, ...]
    ) -> OrderFacts:
        """What the order's decision is made from.

        Args:
            committed: what orders placed earlier are promised of its items.
        """
        items = tuple(sorted({line.item_id for line in lines}))
        stock, inbound, locations = self._of(items, frozenset(line.fulfil_location_id for line in lines))
        return OrderFacts(
            order=order,
            as_of=self.as_of,
            lines=tuple(lines),
            stock=stock,
            inbound=inbound,
            committed=committed,
            locations=locations,
            shipments=self._shipments.get(order.order_id, ()),
            feeds=self._feeds,
            erp_blocks=self._blocks.get(number_key(order.order_id), ()) if self._blocks else (),
        )

    def _of(self, items: tuple[str, ...], named: frozenset[str | None]) -> _Around:
        """Stock, goods on order and places of items; the same objects for the same items."""
        known = self._around.get((items, named))
        if known is not None:
            return known
        stock = tuple(level for item_id in items for level in self._stock.get(item_id, ()))
        inbound = tuple(one for item_id in items for one in self._inbound.get(item_id, ()))
        places = {level.location_id for level in stock} | {one.location_id for one in inbound} | named
        locations = tuple(self._locations[at] for at in sorted(filter(None, places)) if at in self._locations)
        if len(self._around) >= _MOST_KEPT:
            self._around.clear()
        found = self._around[items, named] = stock, inbound, locations
        return found


_MOST_KEPT = 50_000
