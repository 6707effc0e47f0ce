"""Gathers what of a supplier lies close to papers in time: a new account, invoices posted and pending, and orders."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.database import ReadSession
from core.days import after, before
from core.erp import PurchaseOrder, Supplier
from core.spans import Span, Within, find_within
from ingest.erp_recent import iban_changes, orders_within, posted_within
from triage import tables
from triage.control import INVOICE_TYPES
from triage.facts import Paper, RecentInvoice, RecentOrder
from triage.orders import order_references
from triage.policy import LONGEST_COOL_OFF_DAYS, LONGEST_SPLIT_DAYS

_WINDOW = timedelta(days=LONGEST_SPLIT_DAYS)
_COOL_OFF = timedelta(days=LONGEST_COOL_OFF_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """What lies close to one paper, as far as the longest window and cool-off a policy may ask for."""

    iban_changed_at: datetime | None = None
    invoices: tuple[RecentInvoice, ...] = ()
    orders: tuple[RecentOrder, ...] = ()


def gather_recent(
    session: ReadSession,
    papers: Sequence[Paper],
    suppliers: Sequence[Supplier | None],
    orders: Sequence[tuple[PurchaseOrder, ...]],
    as_of: datetime,
) -> list[Recent]:
    """For each paper that asks for money what lies close to it; nothing for the others."""
    pays = [paper.document_type in INVOICE_TYPES for paper in papers]
    ids = [
        supplier.supplier_id if asks and supplier is not None else None
        for asks, supplier in zip(pays, suppliers, strict=True)
    ]
    named = [
        mine if asks and order_references(paper) else () for asks, paper, mine in zip(pays, papers, orders, strict=True)
    ]
    changes = iban_changes(session, {at for at in ids if at is not None}, since=as_of - _COOL_OFF)
    invoices = _invoices(session, papers, ids)
    near = _orders(session, named)
    return [
        Recent(iban_changed_at=changes.get(at) if at else None, invoices=invoices[place], orders=near[place])
        for place, at in enumerate(ids)
    ]


def _invoices(
    session: ReadSession, papers: Sequence[Paper], supplier_ids: Sequence[str | None]
) -> list[tuple[RecentInvoice, ...]]:
    """Invoices over something, dated within the window, without the paper itself; none for a paper without a date."""
    spans = [_span(paper, at) for paper, at in zip(papers, supplier_ids, strict=True)]
    wanted = [span for span in spans if span is not None]
    found = _posted(session, wanted)
    for supplier_id, invoices in _pending(session, wanted).items():
        found.setdefault(supplier_id, []).extend(invoices)
    for invoices in found.values():
        invoices.sort(key=lambda at: (at.issue_date, at.key))
    return [
        () if span is None else _within(found.get(span.supplier_id, ()), span, but=f"known_invoice:{paper.document_id}")
        for paper, span in zip(papers, spans, strict=True)
    ]


def _within(invoices: Sequence[RecentInvoice], span: Span, *, but: str) -> tuple[RecentInvoice, ...]:
    """Those of a supplier's invoices, sorted by day, that lie in the span: looked up, for it may have very many."""
    first, last = bisect_left(invoices, span.first, key=_on), bisect_right(invoices, span.last, key=_on)
    return tuple(at for at in invoices[first:last] if at.key != but)


def _on(invoice: RecentInvoice) -> date:
    return invoice.issue_date


def _span(paper: Paper, supplier_id: str | None) -> Span | None:
    if supplier_id is None or paper.issue_date is None:
        return None
    return Span(supplier_id, before(paper.issue_date, LONGEST_SPLIT_DAYS), after(paper.issue_date, LONGEST_SPLIT_DAYS))


def _posted(session: ReadSession, spans: Sequence[Span]) -> dict[str, list[RecentInvoice]]:
    found: defaultdict[str, list[RecentInvoice]] = defaultdict(list)
    for supplier_id, number, issued, total, currency, status in posted_within(session, spans):
        if total > 0:
            invoice = RecentInvoice(
                key=f"posted_invoice:{supplier_id}/{number}",
                invoice_number=number,
                issue_date=issued,
                total_with_vat=total,
                currency=currency,
                status=status,
            )
            found[supplier_id].append(invoice)
    return found


def _pending(session: ReadSession, spans: Sequence[Span]) -> Mapping[str, list[RecentInvoice]]:
    found: defaultdict[str, list[RecentInvoice]] = defaultdict(list)
    for supplier_id, document_id, number, issued, total, currency in find_within(session, _KNOWN, spans):
        if total > 0:
            invoice = RecentInvoice(
                key=f"known_invoice:{document_id}",
                invoice_number=number,
                issue_date=issued,
                total_with_vat=total,
                currency=currency,
            )
            found[supplier_id].append(invoice)
    return found


_KNOWN = Within(
    table=tables.known_invoices,
    columns=("supplier_id", "document_id", "invoice_number", "issue_date", "total_with_vat", "currency"),
    along="issue_date",
    only="active",
)


def _orders(session: ReadSession, named: Sequence[tuple[PurchaseOrder, ...]]) -> list[tuple[RecentOrder, ...]]:
    """The orders papers name, and those of the same suppliers placed within the window around each, by number."""
    spans = {
        order.po_number: Span(order.supplier_id, order.ordered_at - _WINDOW, order.ordered_at + _WINDOW)
        for mine in named
        for order in mine
    }
    near = {
        supplier_id: sorted((_recent(order, amount) for order, amount in theirs), key=_ordered)
        for supplier_id, theirs in orders_within(session, spans.values()).items()
    }
    found = []
    for mine in named:
        alike = {at.po_number: at for order in mine for at in _placed(near, spans[order.po_number])}
        found.append(tuple(alike[number] for number in sorted(alike)))
    return found


def _placed(near: Mapping[str, Sequence[RecentOrder]], span: Span) -> Sequence[RecentOrder]:
    theirs = near.get(span.supplier_id, ())
    return theirs[bisect_left(theirs, span.first, key=_ordered) : bisect_right(theirs, span.last, key=_ordered)]


def _ordered(order: RecentOrder) -> datetime:
    return order.ordered_at


def _recent(order: PurchaseOrder, amount: Decimal) -> RecentOrder:
    return RecentOrder(
        po_number=order.po_number,
        supplier_id=order.supplier_id,
        ordered_at=order.ordered_at,
        total_amount=amount,
        currency=order.currency,
        status=order.status,
        buyer=order.buyer,
    )
