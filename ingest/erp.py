"""Reads the ERP's records out of its feeds, in the ERP's words, as they are in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, or_, select

from core.billed import BilledIn, InvoiceKeys, find_billed
from core.database import ReadSession
from core.erp import (
    ErpBlock,
    FeedFreshness,
    GoodsReceipt,
    Item,
    PostedInvoice,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
)
from core.keys import number_key as folded_key
from core.nearest import in_parts
from ingest import feed_load
from ingest.erp_records import FIELDS, SELECT, as_records, by_keys, number_key
from ingest.tables import feed_tables

OPEN_ORDERS = 500
NUMBERS = 200_000
# What the policy calls closed, it decides; here it only keeps the old orders of years out of a search.
_CLOSED = ("closed", "cancelled", "canceled", "deleted", "rejected")


class ErpReader:
    """The ERP's records by the questions that decisions ask. Answers are ordered by their keys."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def suppliers_all(self) -> tuple[Supplier, ...]:
        """Every supplier."""
        table = feed_tables["suppliers"]
        return tuple(as_records(Supplier, self._session.rows(SELECT[Supplier].order_by(table.c.supplier_id))))

    def suppliers(self, supplier_ids: Iterable[str]) -> tuple[Supplier, ...]:
        """The suppliers with these numbers."""
        return tuple(
            sorted(by_keys(self._session, Supplier, "supplier_id", supplier_ids), key=lambda one: one.supplier_id)
        )

    def suppliers_marker(self) -> str | None:
        """Changes whenever `suppliers_all` would answer otherwise; None when no suppliers were ever loaded."""
        return feed_load.newest_load(self._session, "suppliers")

    def orders(self, po_numbers: Iterable[str]) -> tuple[PurchaseOrder, ...]:
        """The orders with these numbers."""
        orders = by_keys(self._session, PurchaseOrder, "po_number", po_numbers)
        return tuple(sorted(orders, key=lambda order: order.po_number))

    def open_orders(
        self, supplier_ids: Iterable[str], *, limit: int = OPEN_ORDERS
    ) -> Mapping[str, tuple[PurchaseOrder, ...]]:
        """Orders of each of these suppliers that are not closed, the newest of them when there are very many."""
        found: defaultdict[str, list[PurchaseOrder]] = defaultdict(list)
        for part in in_parts(supplier_ids):
            rows = self._session.rows(_OPEN_ORDERS, {"keys": part, "limit": limit})
            for order in as_records(PurchaseOrder, rows):
                found[order.supplier_id].append(order)
        return {
            supplier_id: tuple(sorted(orders, key=lambda order: order.po_number))
            for supplier_id, orders in found.items()
        }

    def open_order_numbers(self, *, limit: int = NUMBERS) -> tuple[str, ...]:
        """The numbers of all orders that are not closed, the newest of them when there are very many."""
        table = feed_tables["purchase_orders"]
        query = select(table.c.po_number).where(_is_open(table)).order_by(table.c.ordered_at.desc()).limit(limit)
        return tuple(sorted(row["po_number"] for row in self._session.all(query)))

    def item_numbers(self, *, limit: int = NUMBERS) -> tuple[str, ...]:
        """The numbers of all items, as far as there are not very many."""
        table = feed_tables["items"]
        query = select(table.c.item_id).order_by(table.c.item_id).limit(limit)
        return tuple(row["item_id"] for row in self._session.all(query))

    def order_lines(self, po_numbers: Iterable[str]) -> tuple[PurchaseOrderLine, ...]:
        """Every line of these orders."""
        lines = by_keys(self._session, PurchaseOrderLine, "po_number", po_numbers)
        return tuple(sorted(lines, key=lambda line: (line.po_number, number_key(line.line_number))))

    def receipts(self, po_numbers: Iterable[str]) -> tuple[GoodsReceipt, ...]:
        """Every goods receipt against these orders."""
        receipts = by_keys(self._session, GoodsReceipt, "po_number", po_numbers)
        return tuple(
            sorted(
                receipts, key=lambda one: (one.po_number, number_key(one.line_number), one.received_at, one.receipt_id)
            )
        )

    def items(self, item_ids: Iterable[str]) -> tuple[Item, ...]:
        """The items with these numbers."""
        return tuple(sorted(by_keys(self._session, Item, "item_id", item_ids), key=lambda item: item.item_id))

    def posted_invoices(self, supplier_id: str) -> tuple[PostedInvoice, ...]:
        """Every invoice of a supplier that the ERP has posted: its whole ledger."""
        return tuple(sorted(by_keys(self._session, PostedInvoice, "supplier_id", [supplier_id]), key=_posted_order))

    def posted_on_orders(self, po_numbers: Iterable[str]) -> tuple[PostedInvoice, ...]:
        """Every invoice posted on these orders."""
        return tuple(sorted(by_keys(self._session, PostedInvoice, "po_number", po_numbers), key=_posted_order))

    def posted_alike(self, wanted: Sequence[InvoiceKeys]) -> list[tuple[PostedInvoice, ...]]:
        """For each paper the posted invoices that share two of supplier, number and amount with it."""
        found = find_billed(self._session, _POSTED, wanted)
        records = (as_records(PostedInvoice, (row[1:] for row in rows)) for rows in found)
        return [tuple(sorted(invoices, key=_posted_order)) for invoices in records]

    def erp_blocks(self, refs: Iterable[str]) -> tuple[ErpBlock, ...]:
        """Blocks the ERP has set on these papers or orders, however it spells them, lifted ones too."""
        blocks = by_keys(self._session, ErpBlock, "ref_key", {folded_key(ref) for ref in refs} - {""})
        return tuple(sorted(blocks, key=lambda block: (block.document_ref, block.blocked_at, block.reason)))

    def blocked_numbers(self) -> Iterator[str]:
        """Every number, folded, of papers and orders the ERP has set a block on."""
        query = select(feed_tables["erp_blocks"].c.ref_key).distinct()
        return (row[0] for row in self._session.rows(query))

    def freshness(self) -> tuple[FeedFreshness, ...]:
        """When each feed was last loaded."""
        return feed_load.freshness(self._session)


def _is_open(orders: Table) -> ColumnElement[bool]:
    return or_(orders.c.status.is_(None), func.lower(orders.c.status).not_in(_CLOSED))


def _open_orders() -> Select[Any]:
    table = feed_tables["purchase_orders"]
    newest = func.row_number().over(
        partition_by=table.c.supplier_id, order_by=(table.c.ordered_at.desc(), table.c.po_number.desc())
    )
    theirs = table.c.supplier_id.in_(bindparam("keys", expanding=True))
    columns = (table.c[name] for name in FIELDS[PurchaseOrder])
    ranked = select(*columns, newest.label("newest")).where(theirs, _is_open(table)).subquery()
    return select(*(ranked.c[name] for name in FIELDS[PurchaseOrder])).where(ranked.c.newest <= bindparam("limit"))


def _posted_order(invoice: PostedInvoice) -> tuple[date, str, str]:
    return (invoice.invoice_date, invoice.invoice_number, invoice.supplier_id)


_OPEN_ORDERS = _open_orders()
_POSTED = BilledIn(
    table=feed_tables["posted_invoices"],
    key="row_key",
    columns=FIELDS[PostedInvoice],
    along="invoice_date",
    both_ways=True,
)
