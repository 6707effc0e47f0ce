"""Reads what the feeds say of suppliers' last days: a new account, invoices and orders that lie close together.

Each question is asked for many papers at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, and_, or_, select

from core.database import ReadSession
from core.erp import PostedInvoice, PurchaseOrder
from core.keys import plain_key
from core.money import exact_sum
from core.nearest import in_parts
from ingest.tables import feed_changes, feed_tables

SPANS_AT_ONCE = 100


class Span(NamedTuple):
    """A supplier, and the first and the last day or instant to look at, both included."""

    supplier_id: str
    first: Any
    last: date


def within(spans: Iterable[Span], supplier_id: Column[str], moment: Column[date]) -> Iterator[ColumnElement[bool]]:
    """Conditions that find the rows of some suppliers in some spans of time, in handfuls a database takes at once."""
    wanted = sorted(set(spans))
    for start in range(0, len(wanted), SPANS_AT_ONCE):
        some = wanted[start : start + SPANS_AT_ONCE]
        yield or_(*(and_(supplier_id == at.supplier_id, moment >= at.first, moment <= at.last) for at in some))


def iban_changes(session: ReadSession, supplier_ids: Iterable[str], *, since: datetime) -> Mapping[str, datetime]:
    """When each supplier's account in the master data last changed, without those where it has not since then.

    An account that was there from the first load has not changed; one that was added later has.
    """
    suppliers, changes = feed_tables["suppliers"].c, feed_changes.c
    found: dict[str, datetime] = {}
    for part in in_parts(supplier_ids):
        query = (
            select(suppliers.supplier_id, changes.old_row, changes.new_row, changes.changed_at)
            .where(suppliers.supplier_id.in_(part), changes.feed == "suppliers", changes.changed_at >= since)
            .where(changes.row_key == suppliers.row_key)
        )
        for row in session.all(query):
            if plain_key(row["old_row"].get("iban")) != plain_key(row["new_row"].get("iban")):
                earlier = found.get(row["supplier_id"], row["changed_at"])
                found[row["supplier_id"]] = max(row["changed_at"], earlier)
    return found


def posted_within(session: ReadSession, spans: Iterable[Span]) -> Mapping[str, Sequence[PostedInvoice]]:
    """Invoices posted in these spans of days, by supplier."""
    table = feed_tables["posted_invoices"].c
    found: defaultdict[str, list[PostedInvoice]] = defaultdict(list)
    for condition in within(spans, table.supplier_id, table.invoice_date):
        for row in session.rows(select(*(table[name] for name in _POSTED)).where(condition)):
            invoice = PostedInvoice(**dict(zip(_POSTED, row, strict=True)))
            found[invoice.supplier_id].append(invoice)
    return found


def orders_within(session: ReadSession, spans: Iterable[Span]) -> Mapping[str, Sequence[tuple[PurchaseOrder, Decimal]]]:
    """Orders placed in these spans of time, each with what its lines come to without VAT, by supplier."""
    table = feed_tables["purchase_orders"].c
    orders: list[PurchaseOrder] = []
    for condition in within(spans, table.supplier_id, table.ordered_at):
        rows = session.rows(select(*(table[name] for name in _ORDER)).where(condition))
        orders += (PurchaseOrder(**dict(zip(_ORDER, row, strict=True))) for row in rows)
    amounts = _amounts(session, (order.po_number for order in orders))
    found: defaultdict[str, list[tuple[PurchaseOrder, Decimal]]] = defaultdict(list)
    for order in orders:
        found[order.supplier_id].append((order, exact_sum(amounts.get(order.po_number, ()))))
    return found


def _amounts(session: ReadSession, po_numbers: Iterable[str]) -> Mapping[str, Sequence[Decimal]]:
    amounts: defaultdict[str, list[Decimal]] = defaultdict(list)
    table = feed_tables["purchase_order_lines"].c
    for part in in_parts(po_numbers):
        query = select(table.po_number, table.quantity, table.unit_price).where(table.po_number.in_(part))
        for row in session.all(query):
            amounts[row["po_number"]].append(row["quantity"] * row["unit_price"])
    return amounts


_POSTED = ("supplier_id", "invoice_number", "invoice_date", "total_with_vat", "currency", "po_number", "status")
_ORDER = ("po_number", "supplier_id", "ordered_at", "currency", "status", "buyer", "legal_entity")
