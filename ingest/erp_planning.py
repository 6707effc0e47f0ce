"""Reads what planning asks of the ERP's feeds: customers' orders, stock, demand, and what suppliers still owe."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from core.database import ReadSession
from core.erp import (
    DemandDay,
    Item,
    Location,
    PurchaseOrder,
    PurchaseOrderLine,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    StockLevel,
)
from core.nearest import in_parts
from ingest.erp_records import SELECT, as_records, by_keys, number_key
from ingest.tables import feed_tables


class PlanningReader:
    """The ERP's records by the questions that planning asks. Answers are ordered by their keys."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def items_all(self) -> tuple[Item, ...]:
        """Every item."""
        query = SELECT[Item].order_by(feed_tables["items"].c.item_id)
        return tuple(as_records(Item, self._session.rows(query)))

    def orders_placed(self, since: datetime, until: datetime) -> tuple[PurchaseOrder, ...]:
        """The orders to suppliers placed in a period, its end included."""
        table = feed_tables["purchase_orders"]
        query = SELECT[PurchaseOrder].where(table.c.ordered_at >= since, table.c.ordered_at <= until)
        return tuple(as_records(PurchaseOrder, self._session.rows(query.order_by(table.c.po_number))))

    def orders_of_suppliers(
        self, supplier_ids: Iterable[str], since: datetime, until: datetime
    ) -> tuple[PurchaseOrder, ...]:
        """The orders to these suppliers placed in a period, its end included."""
        table = feed_tables["purchase_orders"]
        placed = SELECT[PurchaseOrder].where(table.c.ordered_at >= since, table.c.ordered_at <= until)
        found = (
            order
            for keys in in_parts(supplier_ids)
            for order in as_records(PurchaseOrder, self._session.rows(placed.where(table.c.supplier_id.in_(keys))))
        )
        return tuple(sorted(found, key=lambda order: order.po_number))

    def order_lines_of_items(self, item_ids: Iterable[str]) -> tuple[PurchaseOrderLine, ...]:
        """Every line that orders one of these items from a supplier."""
        lines = by_keys(self._session, PurchaseOrderLine, "item_id", item_ids)
        return tuple(sorted(lines, key=lambda line: (line.po_number, number_key(line.line_number))))

    def locations(self) -> tuple[Location, ...]:
        """Every place."""
        query = SELECT[Location].order_by(feed_tables["locations"].c.location_id)
        return tuple(as_records(Location, self._session.rows(query)))

    def sales_orders(self, order_ids: Iterable[str]) -> tuple[SalesOrder, ...]:
        """Customers' orders with these numbers."""
        found = by_keys(self._session, SalesOrder, "order_id", order_ids)
        return tuple(sorted(found, key=lambda order: order.order_id))

    def sales_orders_promised(self, since: datetime, ordered_until: datetime) -> tuple[SalesOrder, ...]:
        """Customers' orders placed by an instant and promised for no earlier than another, shipped ones too."""
        table = feed_tables["sales_orders"]
        query = SELECT[SalesOrder].where(table.c.promised_at >= since, table.c.ordered_at <= ordered_until)
        return tuple(as_records(SalesOrder, self._session.rows(query.order_by(table.c.order_id))))

    def lane_record(
        self, country: str | None, service: str | None, since: datetime, until: datetime, *, most: int
    ) -> tuple[tuple[datetime, datetime | None], ...]:
        """What became of orders of a lane promised in a period: promised and delivered (None: not yet), newest first.

        Of an order in several shipments the last one counts; deliveries known only after the period are not known.
        """
        orders, shipments = feed_tables["sales_orders"], feed_tables["shipments"]
        lane = [
            column == value if value is not None else column.is_(None)
            for column, value in ((orders.c.ship_to_country, country), (orders.c.service, service))
        ]
        chosen = (
            select(orders.c.order_id, orders.c.promised_at)
            .where(*lane, orders.c.promised_at >= since, orders.c.promised_at < until)
            .order_by(orders.c.promised_at.desc(), orders.c.order_id)
            .limit(most)
            .subquery()
        )
        came = case(
            (func.coalesce(shipments.c.recorded_at, shipments.c.delivered_at) <= until, shipments.c.delivered_at)
        )
        query: Select[Any] = (
            select(chosen.c.promised_at, func.max(came).label("delivered_at"))
            .select_from(chosen.outerjoin(shipments, shipments.c.order_id == chosen.c.order_id))
            .group_by(chosen.c.order_id, chosen.c.promised_at)
            .order_by(chosen.c.promised_at.desc())
        )
        return tuple((row.promised_at, row.delivered_at) for row in self._session.rows(query))

    def sales_order_lines(self, order_ids: Iterable[str]) -> tuple[SalesOrderLine, ...]:
        """Every line of these customers' orders."""
        lines = by_keys(self._session, SalesOrderLine, "order_id", order_ids)
        return tuple(sorted(lines, key=lambda line: (line.order_id, number_key(line.line_number))))

    def shipments(self, order_ids: Iterable[str]) -> tuple[Shipment, ...]:
        """Every shipment of these customers' orders, planned ones too."""
        found = by_keys(self._session, Shipment, "order_id", order_ids)
        return tuple(sorted(found, key=lambda one: (one.order_id, one.shipment_id)))

    def shipped_numbers(self) -> Iterator[str]:
        """Every customers' order that has shipments, planned ones too."""
        query = select(feed_tables["shipments"].c.order_id).distinct()
        return (row[0] for row in self._session.rows(query))

    def stock_levels(self, until: datetime, item_ids: Iterable[str] | None = None) -> tuple[StockLevel, ...]:
        """The newest stock level of each item at each place, as counted by an instant; of all items when None."""
        levels = (
            level
            for keys in _parts(item_ids)
            for level in as_records(StockLevel, self._session.rows(_newest_levels(until, keys)))
        )
        return tuple(sorted(levels, key=lambda level: (level.item_id, level.location_id)))

    def demand(self, since: date, until: date, item_ids: Iterable[str] | None = None) -> Iterator[DemandDay]:
        """What was wanted on the days from one day to before another; of all items when None."""
        table = feed_tables["demand"]
        query = SELECT[DemandDay].where(table.c.date >= since, table.c.date < until)
        for keys in _parts(item_ids):
            rows = self._session.rows(query if keys is None else query.where(table.c.item_id.in_(keys)))
            yield from as_records(DemandDay, rows)

    def demand_first_days(self, until: date, item_ids: Iterable[str] | None = None) -> dict[tuple[str, str], date]:
        """The first day an item was wanted at a place, by item and place, of days before `until`."""
        table = feed_tables["demand"]
        query: Select[Any] = (
            select(table.c.item_id, table.c.location_id, func.min(table.c.date).label("first"))
            .where(table.c.date < until)
            .group_by(table.c.item_id, table.c.location_id)
        )
        found: dict[tuple[str, str], date] = {}
        for keys in _parts(item_ids):
            rows = self._session.rows(query if keys is None else query.where(table.c.item_id.in_(keys)))
            found |= {(row.item_id, row.location_id): row.first for row in rows}
        return found

    def demand_last_day(self, until: date) -> date | None:
        """The last day before `until` the feed tells of; of the days after it nothing is known yet."""
        table = feed_tables["demand"]
        last: date | None = self._session.scalar(select(func.max(table.c.date)).where(table.c.date < until))
        return last


def _parts(keys: Iterable[str] | None) -> Iterator[Any]:
    """Keys in parts that a query can name; one None, for everything, where no keys are named."""
    return iter((None,)) if keys is None else iter(in_parts(keys))


def _newest_levels(until: datetime, item_ids: Any) -> Select[Any]:
    table = feed_tables["stock_levels"]
    newest = (
        select(table.c.item_id, table.c.location_id, func.max(table.c.as_of).label("as_of"))
        .where(table.c.as_of <= until)
        .group_by(table.c.item_id, table.c.location_id)
    )
    last = (newest if item_ids is None else newest.where(table.c.item_id.in_(item_ids))).subquery()
    same = and_(*(table.c[name] == last.c[name] for name in ("item_id", "location_id", "as_of")))
    return SELECT[StockLevel].join(last, same)
