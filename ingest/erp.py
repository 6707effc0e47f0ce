"""Reads the ERP's records out of its feeds, in the ERP's words, as they are in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, RowMapping, Select, Table, func, or_, select

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
from core.keys import plain_key
from ingest import feed_load
from ingest.tables import feed_tables

Record = TypeVar("Record")

KEYS_AT_ONCE = 500
OPEN_ORDERS = 500
NUMBERS = 200_000
# What the policy calls closed, it decides; here it only keeps the old orders of years out of a search.
_CLOSED = ("closed", "cancelled", "canceled", "deleted", "rejected")


class ErpReader:
    """The ERP's records by the questions that decisions ask. Answers are ordered by their keys."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session
        self._suppliers: tuple[Supplier, ...] | None = None

    def suppliers_all(self) -> tuple[Supplier, ...]:
        """Every supplier."""
        if self._suppliers is None:
            table = feed_tables["suppliers"]
            rows = self._session.all(select(table).order_by(table.c.supplier_id))
            self._suppliers = tuple(_record(Supplier, row) for row in rows)
        return self._suppliers

    def supplier(self, supplier_id: str) -> Supplier | None:
        """The supplier with this number."""
        table = feed_tables["suppliers"]
        row = self._session.one_or_none(select(table).where(table.c.supplier_id == supplier_id))
        return None if row is None else _record(Supplier, row)

    def supplier_by_vat(self, vat_id: str) -> Supplier | None:
        """The supplier with this VAT id, however it is spaced; None when no one or more than one has it."""
        return self._only_supplier(lambda supplier: supplier.vat_id, vat_id)

    def supplier_by_iban(self, iban: str) -> Supplier | None:
        """The supplier with this bank account, however it is spaced; None when no one or more than one has it."""
        return self._only_supplier(lambda supplier: supplier.iban, iban)

    def orders(self, po_numbers: Iterable[str]) -> tuple[PurchaseOrder, ...]:
        """The orders with these numbers."""
        table = feed_tables["purchase_orders"]
        rows = self._by_keys(select(table), table.c.po_number, po_numbers)
        return tuple(sorted((_record(PurchaseOrder, row) for row in rows), key=lambda order: order.po_number))

    def open_orders(self, supplier_id: str, *, limit: int = OPEN_ORDERS) -> tuple[PurchaseOrder, ...]:
        """A supplier's orders that are not closed, the newest of them when there are very many."""
        table = feed_tables["purchase_orders"]
        query = (
            select(table)
            .where(table.c.supplier_id == supplier_id, _is_open(table))
            .order_by(table.c.ordered_at.desc(), table.c.po_number.desc())
            .limit(limit)
        )
        return tuple(
            sorted((_record(PurchaseOrder, row) for row in self._session.all(query)), key=lambda order: order.po_number)
        )

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
        table = feed_tables["purchase_order_lines"]
        lines = (_record(PurchaseOrderLine, row) for row in self._by_keys(select(table), table.c.po_number, po_numbers))
        return tuple(sorted(lines, key=lambda line: (line.po_number, _number_key(line.line_number))))

    def receipts(self, po_numbers: Iterable[str]) -> tuple[GoodsReceipt, ...]:
        """Every goods receipt against these orders."""
        table = feed_tables["goods_receipts"]
        receipts = (_record(GoodsReceipt, row) for row in self._by_keys(select(table), table.c.po_number, po_numbers))
        return tuple(
            sorted(
                receipts, key=lambda one: (one.po_number, _number_key(one.line_number), one.received_at, one.receipt_id)
            )
        )

    def items(self, item_ids: Iterable[str] = (), *, supplier_id: str | None = None) -> tuple[Item, ...]:
        """The items with these numbers, and those of a supplier when one is named."""
        table = feed_tables["items"]
        found = {row["item_id"]: row for row in self._by_keys(select(table), table.c.item_id, item_ids)}
        if supplier_id is not None:
            theirs = self._session.all(select(table).where(table.c.supplier_id == supplier_id))
            found |= {row["item_id"]: row for row in theirs}
        return tuple(_record(Item, found[item_id]) for item_id in sorted(found))

    def posted_invoices(self, supplier_id: str) -> tuple[PostedInvoice, ...]:
        """Every invoice of a supplier that the ERP has posted."""
        table = feed_tables["posted_invoices"]
        query = select(table).where(table.c.supplier_id == supplier_id)
        invoices = (_record(PostedInvoice, row) for row in self._session.all(query))
        return tuple(sorted(invoices, key=lambda invoice: (invoice.invoice_date, invoice.invoice_number)))

    def erp_blocks(self, refs: Iterable[str]) -> tuple[ErpBlock, ...]:
        """Blocks the ERP has set on these papers or orders, lifted ones too."""
        table = feed_tables["erp_blocks"]
        blocks = (_record(ErpBlock, row) for row in self._by_keys(select(table), table.c.document_ref, refs))
        return tuple(sorted(blocks, key=lambda block: (block.document_ref, block.blocked_at, block.reason)))

    def freshness(self) -> tuple[FeedFreshness, ...]:
        """When each feed was last loaded."""
        return feed_load.freshness(self._session)

    def _only_supplier(self, value: Callable[[Supplier], str | None], wanted: str) -> Supplier | None:
        key = plain_key(wanted)
        found = [one for one in self.suppliers_all() if key and plain_key(value(one)) == key]
        return found[0] if len(found) == 1 else None

    def _by_keys(self, query: Select[Any], column: ColumnElement[Any], keys: Iterable[str]) -> Iterator[RowMapping]:
        wanted = sorted(set(keys))
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            yield from self._session.all(query.where(column.in_(wanted[start : start + KEYS_AT_ONCE])))


def _is_open(orders: Table) -> ColumnElement[bool]:
    return or_(orders.c.status.is_(None), func.lower(orders.c.status).not_in(_CLOSED))


def _number_key(text: str) -> tuple[int, str]:
    """Line 10 after line 9."""
    return (int(text) if text.isascii() and text.isdigit() else 0, text)


_FIELDS: Mapping[type, tuple[str, ...]] = {
    record: tuple(field.name for field in fields(record))
    for record in (Supplier, Item, PurchaseOrder, PurchaseOrderLine, GoodsReceipt, PostedInvoice, ErpBlock)
}


def _record(kind: type[Record], row: RowMapping) -> Record:
    """A record's attributes are called as the feed's columns are."""
    return kind(**{name: row[name] for name in _FIELDS[kind]})
