"""Turns rows of the feeds into the ERP's records, and finds many of them by their keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from core.database import ReadSession
from core.erp import (
    DemandDay,
    ErpBlock,
    GoodsReceipt,
    Item,
    Location,
    PostedInvoice,
    PurchaseOrder,
    PurchaseOrderLine,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    StockLevel,
    Supplier,
)
from core.nearest import in_parts
from core.rows import Record, records
from ingest.tables import feed_tables

FEED: Mapping[type, str] = {
    Supplier: "suppliers",
    Item: "items",
    PurchaseOrder: "purchase_orders",
    PurchaseOrderLine: "purchase_order_lines",
    GoodsReceipt: "goods_receipts",
    PostedInvoice: "posted_invoices",
    ErpBlock: "erp_blocks",
    Location: "locations",
    SalesOrder: "sales_orders",
    SalesOrderLine: "sales_order_lines",
    Shipment: "shipments",
    StockLevel: "stock_levels",
    DemandDay: "demand",
}
# A record's attributes are called as the feed's columns are; only those are read.
FIELDS: Mapping[type, tuple[str, ...]] = {kind: tuple(field.name for field in fields(kind)) for kind in FEED}
SELECT: Mapping[type, Select[Any]] = {
    kind: select(*(feed_tables[feed].c[name] for name in FIELDS[kind])) for kind, feed in FEED.items()
}


def by_keys(session: ReadSession, kind: type[Record], column: str, keys: Iterable[str]) -> Iterator[Record]:
    """Records whose column is one of these keys, however many keys there are."""
    for part in in_parts(keys):
        yield from as_records(kind, session.rows(_select_by(FEED[kind], column), {"keys": part}))


@cache
def _select_by(feed: str, column: str) -> Select[Any]:
    """Made once: putting a query together takes longer than a database takes to answer it."""
    query = next(SELECT[kind] for kind, name in FEED.items() if name == feed)
    return query.where(feed_tables[feed].c[column].in_(bindparam("keys", expanding=True)))


def as_records(kind: type[Record], rows: Iterable[Sequence[Any]]) -> Iterator[Record]:
    """Records of rows whose columns stand as the record's attributes do."""
    return records(kind, FIELDS[kind], rows)


def number_key(text: str) -> tuple[int, str]:
    """Line 10 after line 9."""
    return (int(text) if text.isascii() and text.isdigit() else 0, text)
