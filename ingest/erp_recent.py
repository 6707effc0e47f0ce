"""Reads what the feeds say of suppliers' last days: a new account, invoices and orders that lie close together.

Each question is asked for many papers at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from core.database import ReadSession
from core.erp import PurchaseOrder
from core.keys import plain_key
from core.money import exact_sum
from core.nearest import in_parts
from core.spans import Span, Within, find_within
from ingest.erp_records import FIELDS, as_records
from ingest.tables import feed_changes, feed_tables


def iban_changes(session: ReadSession, supplier_ids: Iterable[str], *, since: datetime) -> Mapping[str, datetime]:
    """When each supplier's account in the master data last changed, without those where it has not since then.

    An account that was there from the first load has not changed; one that was added later has.
    """
    found: dict[str, datetime] = {}
    for part in in_parts(supplier_ids):
        for row in session.all(_CHANGES, {"keys": part, "since": since}):
            if plain_key(row["old_row"].get("iban")) != plain_key(row["new_row"].get("iban")):
                earlier = found.get(row["supplier_id"], row["changed_at"])
                found[row["supplier_id"]] = max(row["changed_at"], earlier)
    return found


class PostedNear(NamedTuple):
    """What is asked of a posted invoice that lies close to another in time; a supplier may have very many."""

    supplier_id: str
    invoice_number: str
    invoice_date: date
    total_with_vat: Decimal
    currency: str
    status: str | None


def posted_within(session: ReadSession, spans: Iterable[Span]) -> Iterator[PostedNear]:
    """Invoices posted in these spans of days, in no order."""
    return map(PostedNear._make, find_within(session, _POSTED, spans))


def orders_within(session: ReadSession, spans: Iterable[Span]) -> Mapping[str, Sequence[tuple[PurchaseOrder, Decimal]]]:
    """Orders placed in these spans of time, each with what its lines come to without VAT, by supplier."""
    orders = list(as_records(PurchaseOrder, find_within(session, _ORDERS, spans)))
    amounts = _amounts(session, (order.po_number for order in orders))
    found: defaultdict[str, list[tuple[PurchaseOrder, Decimal]]] = defaultdict(list)
    for order in orders:
        found[order.supplier_id].append((order, exact_sum(amounts.get(order.po_number, ()))))
    return found


def _amounts(session: ReadSession, po_numbers: Iterable[str]) -> Mapping[str, Sequence[Decimal]]:
    amounts: defaultdict[str, list[Decimal]] = defaultdict(list)
    for part in in_parts(po_numbers):
        rows: Sequence[Sequence[Any]] = session.rows(_AMOUNTS, {"keys": part})
        for po_number, quantity, unit_price in rows:
            amounts[po_number].append(quantity * unit_price)
    return amounts


_suppliers, _changes = feed_tables["suppliers"].c, feed_changes.c
_CHANGES = (
    select(_suppliers.supplier_id, _changes.old_row, _changes.new_row, _changes.changed_at)
    .where(_suppliers.supplier_id.in_(bindparam("keys", expanding=True)), _changes.feed == "suppliers")
    .where(_changes.changed_at >= bindparam("since"), _changes.row_key == _suppliers.row_key)
)
_POSTED = Within(table=feed_tables["posted_invoices"], columns=PostedNear._fields, along="invoice_date")
_ORDERS = Within(table=feed_tables["purchase_orders"], columns=FIELDS[PurchaseOrder], along="ordered_at")
_lines = feed_tables["purchase_order_lines"].c
_AMOUNTS = select(_lines.po_number, _lines.quantity, _lines.unit_price).where(
    _lines.po_number.in_(bindparam("keys", expanding=True))
)
