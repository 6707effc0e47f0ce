"""Papers of this house that count although the ERP has not posted them: known invoices and billed order lines.

A paper sent back stops counting (`active` false): a corrected one with the same number is no duplicate of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, select

from core.billed import BilledIn, InvoiceKeys, find_billed
from core.database import ReadSession, WriteSession
from core.keys import gross_key, number_key
from core.nearest import in_parts
from core.rows import records
from triage import tables
from triage.facts import BilledHeader, BilledLine, KnownInvoice
from triage.policy import LONGEST_SPLIT_DAYS

# Documents are numbered as they come in, so the last of them are the newest.
_NEWEST = "~"


def known_alike(session: ReadSession, wanted: Sequence[InvoiceKeys]) -> list[tuple[KnownInvoice, ...]]:
    """For each paper the invoices seen here that share two of supplier, number and amount with it, itself included."""
    found = find_billed(session, _KNOWN, [keys._replace(start=_NEWEST) for keys in wanted])
    return [_known(row[1:] for row in rows) for rows in found]


def known_by(
    session: ReadSession, *, document_ids: Collection[str] = (), sha256s: Collection[str] = ()
) -> tuple[KnownInvoice, ...]:
    """Invoices seen here by their documents, or by the files they came in."""
    rows: list[Sequence[Any]] = []
    for statement, values in ((_KNOWN_BY_DOCUMENT, document_ids), (_KNOWN_BY_FILE, sha256s)):
        for part in in_parts(values):
            rows += session.rows(statement, {"keys": part})
    return _known(dict.fromkeys(rows))


def billed_lines(session: ReadSession, po_numbers: Collection[str]) -> tuple[BilledLine, ...]:
    """What papers here have billed on the lines of these orders, in the order of papers and their lines."""
    rows: list[Sequence[Any]] = []
    for part in in_parts(po_numbers):
        rows += session.rows(_BILLED_BY_ORDER, {"keys": part})
    rows.sort(key=lambda row: (row[1], row[0]))
    return tuple(records(BilledLine, _BILLED_FIELDS, (row[1:] for row in rows)))


def orders_of(session: ReadSession, document_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The orders each paper was paired with, by document, whether its quantities count or not."""
    rows: list[Sequence[Any]] = []
    for part in in_parts(document_ids):
        rows += session.rows(_ORDERS_BY_DOCUMENT, {"keys": part})
    found: dict[str, set[str]] = {}
    for document_id, po_number in rows:
        found.setdefault(document_id, set()).add(po_number)
    return {document_id: tuple(sorted(numbers)) for document_id, numbers in found.items()}


def billed_headers(session: ReadSession, po_numbers: Collection[str]) -> tuple[BilledHeader, ...]:
    """What papers here have billed on these orders beside their lines, in the order of papers."""
    rows: list[Sequence[Any]] = []
    for part in in_parts(po_numbers):
        rows += session.rows(_HEADERS_BY_ORDER, {"keys": part})
    found = records(BilledHeader, _HEADER_FIELDS, rows)
    return tuple(sorted(found, key=lambda at: (at.document_id, at.po_number)))


def near(session: ReadSession, document_id: str) -> frozenset[str]:
    """Documents for whose decisions this one may count: of one number, amount or order, or of one supplier and time."""
    known = tables.known_invoices.c
    own = session.one_or_none(select(tables.known_invoices).where(known.document_id == document_id))
    alike: list[ColumnElement[bool]] = []
    if own is not None:
        supplier, number, gross = (known[name] == own[name] for name in ("supplier_id", "number_key", "gross_key"))
        alike += [and_(supplier, number), and_(supplier, gross), and_(number, gross), known.sha256 == own["sha256"]]
        if own["issue_date"] is not None:
            days = timedelta(days=LONGEST_SPLIT_DAYS)
            near_in_time = known.issue_date.between(own["issue_date"] - days, own["issue_date"] + days)
            alike.append(and_(supplier, near_in_time))
    found = {row["document_id"] for one in alike for row in session.all(select(known.document_id).where(one))}
    for table in (tables.billed_lines.c, tables.billed_headers.c, tables.shipped_lines.c):
        orders = select(table.po_number).where(table.document_id == document_id)
        rows = session.all(select(table.document_id).where(table.po_number.in_(orders)).distinct())
        found |= {row["document_id"] for row in rows}
    shipments = tables.known_shipments.c
    numbers = select(shipments.number_key).where(shipments.document_id == document_id, shipments.number_key != "")
    rows = session.all(select(shipments.document_id).where(shipments.number_key.in_(numbers)))
    return frozenset(found | {row["document_id"] for row in rows}) - {document_id}


def remember(
    session: WriteSession,
    document_id: str,
    *,
    invoice: KnownInvoice | None,
    lines: Sequence[BilledLine],
    headers: Sequence[BilledHeader] = (),
    lines_count: bool,
) -> None:
    """Replaces what is remembered of a paper.

    Args:
        headers: what it bills beside its lines, for each of its orders.
        lines_count: whether its quantities and charges count as billed. A blocked paper's do not: a
            duplicate would use up the quantity of the order and block the honest paper that comes after it.
    """
    for table in (tables.known_invoices, tables.billed_lines, tables.billed_headers):
        session.run(delete(table).where(table.c.document_id == document_id))
    if invoice is not None:
        session.run(
            tables.known_invoices.insert(),
            [
                {
                    "document_id": document_id,
                    "sha256": invoice.sha256,
                    "supplier_id": invoice.supplier_id,
                    "invoice_number": invoice.invoice_number,
                    "issue_date": invoice.issue_date,
                    "total_with_vat": invoice.total_with_vat,
                    "currency": invoice.currency,
                    "active": True,
                    "number_key": number_key(invoice.invoice_number),
                    "gross_key": gross_key(invoice.total_with_vat),
                }
            ],
        )
    session.run(
        tables.billed_lines.insert(),
        [
            {
                "document_id": document_id,
                "position": position,
                "po_number": line.po_number,
                "line_number": line.line_number,
                "quantity": line.quantity,
                "net_amount": line.net_amount,
                "active": lines_count,
            }
            for position, line in enumerate(lines, start=1)
        ],
    )
    session.run(
        tables.billed_headers.insert(),
        [{**{name: getattr(header, name) for name in _HEADER_FIELDS}, "active": lines_count} for header in headers],
    )


_KNOWN_FIELDS = tuple(field.name for field in fields(KnownInvoice) if field.name != "po_numbers")
_BILLED_FIELDS = tuple(field.name for field in fields(BilledLine))
_HEADER_FIELDS = tuple(field.name for field in fields(BilledHeader))
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_here = tables.known_invoices
_SELECT_KNOWN = select(*(_here.c[name] for name in _KNOWN_FIELDS)).where(_here.c.active)
_KNOWN_BY_DOCUMENT = _SELECT_KNOWN.where(_here.c.document_id.in_(_KEYS))
_KNOWN_BY_FILE = _SELECT_KNOWN.where(_here.c.sha256.in_(_KEYS))
_lines = tables.billed_lines
_BILLED_BY_ORDER = select(_lines.c.position, *(_lines.c[name] for name in _BILLED_FIELDS)).where(
    _lines.c.active, _lines.c.po_number.in_(_KEYS)
)
_headers = tables.billed_headers
_HEADERS_BY_ORDER = select(*(_headers.c[name] for name in _HEADER_FIELDS)).where(
    _headers.c.active, _headers.c.po_number.in_(_KEYS)
)
_ORDERS_BY_DOCUMENT = select(_lines.c.document_id, _lines.c.po_number).where(_lines.c.document_id.in_(_KEYS))
_KNOWN = BilledIn(
    table=tables.known_invoices,
    key="document_id",
    columns=_KNOWN_FIELDS,
    along="document_id",
    both_ways=False,
    only="active",
)


def _known(rows: Iterable[Sequence[Any]]) -> tuple[KnownInvoice, ...]:
    found = records(KnownInvoice, _KNOWN_FIELDS, rows)
    return tuple(sorted(found, key=lambda at: at.document_id))
