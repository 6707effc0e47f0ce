"""The house of a generated year in memory: what the ERP and earlier papers say at the instant a paper is decided.

It answers what `triage.gather` answers from a database, from indexes over the same records; a test says they agree.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from core.days import after, before
from core.decisions import Decision
from core.documents import SHIPMENT_TYPES
from core.erp import FeedFreshness, PostedInvoice, PurchaseOrder, Supplier
from core.keys import gross_key, number_key
from core.money import exact_sum
from training.year import FEEDS, Year, last_load
from training.year_books import Bill
from training.year_papers import extraction_of
from triage.amounts import signed_total
from triage.control import INVOICE_TYPES
from triage.decide import decide
from triage.facts import (
    BilledHeader,
    BilledLine,
    Facts,
    KnownInvoice,
    KnownShipment,
    Paper,
    RecentInvoice,
    RecentOrder,
    ShippedLine,
)
from triage.header import billed_headers
from triage.identify import SupplierIndex
from triage.match import Match, billed_lines, known_invoice, pair_lines
from triage.orders import find_orders, order_references
from triage.paper import paper_from_extraction
from triage.policy import LONGEST_COOL_OFF_DAYS, LONGEST_SPLIT_DAYS, Policy
from triage.relevance import narrow
from triage.shipped import known_shipment, shipped_lines

_CLOSED = frozenset({"closed", "cancelled", "canceled", "deleted", "rejected"})


class _OfOrder(Protocol):
    @property
    def po_number(self) -> str: ...


_Record = TypeVar("_Record", bound=_OfOrder)
_Invoice = TypeVar("_Invoice", PostedInvoice, KnownInvoice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A bill with what was decided on it, from what."""

    bill: Bill
    facts: Facts
    decision: Decision


def decide_year(year: Year, policy: Policy, counting: list[Facts] | None = None) -> Iterator[Decided]:
    """Decides every paper of a year in order of arrival, each knowing those before it.

    A faulty paper is sent back once it was decided, and stops counting; whoever looks at an honest one clears it.

    Args:
        counting: takes the facts of the papers that count for those after them, when given.
    """
    house = YearHouse(year)
    for bill in year.bills:
        paper = paper_from_extraction(extraction_of(bill, year.seed), bill.key)
        facts = house.facts(paper, bill.arrives)
        decision = decide(facts, policy)
        if bill.fault is None:
            house.remember(facts, policy)
            if counting is not None:
                counting.append(facts)
        yield Decided(bill=bill, facts=facts, decision=decision)


class YearHouse:
    """A year's records by the questions decisions ask, and the papers that count so far. Time only goes forward."""

    def __init__(self, year: Year) -> None:
        self._year = year
        self._orders = {order.po_number: order for order in year.orders}
        self._orders_of: defaultdict[str, list[PurchaseOrder]] = defaultdict(list)
        for order in year.orders:
            self._orders_of[order.supplier_id].append(order)
        self._items = {item.item_id: item for item in year.items}
        self._lines, self._receipts = _by_order(year.order_lines), _by_order(year.receipts)
        self._suppliers = SupplierIndex(year.suppliers)
        self._waiting = list(reversed(year.posted))
        self._posted: _Ledger[PostedInvoice] = _Ledger()
        self._known: _Ledger[KnownInvoice] = _Ledger()
        self._billed: defaultdict[str, list[BilledLine]] = defaultdict(list)
        self._headers: defaultdict[str, list[BilledHeader]] = defaultdict(list)
        self._shipped: defaultdict[str, list[ShippedLine]] = defaultdict(list)
        self._shipments: dict[str, KnownShipment] = {}
        self._shipments_by_number: defaultdict[str, list[str]] = defaultdict(list)
        self._dated: defaultdict[tuple[str, date], list[RecentInvoice]] = defaultdict(list)
        self._amounts: dict[str, Decimal] = {}

    def facts(self, paper: Paper, at: datetime) -> Facts:
        """What was known about a paper at an instant."""
        while self._waiting and self._waiting[-1][0] <= at:
            _, invoice = self._waiting.pop()
            self._posted.add(invoice, invoice.po_number)
            if invoice.total_with_vat > 0:
                recent = RecentInvoice(
                    key=f"posted_invoice:{invoice.supplier_id}/{invoice.invoice_number}",
                    invoice_number=invoice.invoice_number,
                    issue_date=invoice.invoice_date,
                    total_with_vat=invoice.total_with_vat,
                    currency=invoice.currency,
                    status=invoice.status,
                )
                self._dated[invoice.supplier_id, invoice.invoice_date].append(recent)
        found = self._suppliers.identify(paper)
        supplier = None if found is None else found.supplier
        orders = self._orders_for(paper, supplier, at)
        numbers = tuple(order.po_number for order in orders)
        order_lines = tuple(line for number in numbers for line in self._lines.get(number, ()))
        items = {line.item_id for line in order_lines}
        billed = tuple(line for number in numbers for line in self._billed.get(number, ()))
        itemised = {line.document_id for line in billed}
        names = _references(paper, supplier, numbers)
        mine = () if supplier is None else (supplier, *self._suppliers.siblings(supplier))
        own = tuple(one.supplier_id for one in mine)
        posted = self._posted.like(paper, own, numbers)
        known = self._known.like(paper, own, itemised)
        facts = Facts(
            paper=paper,
            as_of=at,
            supplier=supplier,
            orders=orders,
            order_lines=order_lines,
            receipts=tuple(
                receipt for number in numbers for receipt in self._receipts.get(number, ()) if receipt.received_at <= at
            ),
            items=tuple(self._items[item] for item in sorted(items) if item in self._items),
            posted=posted,
            known=known,
            billed=billed,
            billed_headers=tuple(header for number in numbers for header in self._headers.get(number, ())),
            feeds=self._freshness(at),
            erp_blocks=tuple(
                block
                for block in self._year.blocks
                if number_key(block.document_ref) in names and block.blocked_at <= at
            ),
            related=self._related(supplier, (*posted, *known)),
        )
        if paper.document_type in INVOICE_TYPES:
            facts = replace(
                facts,
                iban_changed_at=self._iban_changed_at(supplier, at),
                recent_invoices=self._recent_invoices(paper, supplier),
                recent_orders=self._recent_orders(orders if order_references(paper) else (), at),
            )
        if paper.document_type in SHIPMENT_TYPES:
            facts = self._with_shipments(facts, numbers)
        return narrow(facts)

    def remember(self, facts: Facts, policy: Policy) -> None:
        """Lets a paper count for those after it; the quantities of a blocked one, which a person cleared, too."""
        paper, match = facts.paper, pair_lines(facts)
        self._remember_shipment(facts, match)
        for header in billed_headers(facts, match, policy):
            self._headers[header.po_number].append(header)
        invoice = known_invoice(paper, "" if facts.supplier is None else facts.supplier.supplier_id)
        lines = billed_lines(paper, match)
        if invoice is not None:
            orders = tuple(sorted({line.po_number for line in lines}))
            self._known.add(replace(invoice, po_numbers=orders), paper.document_id)
            if invoice.issue_date is not None and invoice.total_with_vat > 0:
                recent = RecentInvoice(
                    key=f"known_invoice:{invoice.document_id}",
                    invoice_number=invoice.invoice_number,
                    issue_date=invoice.issue_date,
                    total_with_vat=invoice.total_with_vat,
                    currency=invoice.currency,
                )
                self._dated[invoice.supplier_id, invoice.issue_date].append(recent)
        for line in lines:
            self._billed[line.po_number].append(line)

    def _with_shipments(self, facts: Facts, numbers: Sequence[str]) -> Facts:
        """The facts with shipment documents before it, of the same orders or of the same number."""
        lines = tuple(line for number in numbers for line in self._shipped.get(number, ()))
        same = self._shipments_by_number.get(number_key(facts.paper.shipment_number), ())
        near = sorted({*same, *(line.document_id for line in lines)})
        return replace(facts, shipped=lines, known_shipments=tuple(self._shipments[at] for at in near))

    def _remember_shipment(self, facts: Facts, match: Match) -> None:
        suppliers = {order.supplier_id for order in facts.orders}
        sender = suppliers.pop() if facts.supplier is None and len(suppliers) == 1 else None
        known = known_shipment(facts.paper, facts.supplier.supplier_id if facts.supplier else sender)
        if known is None:
            return
        self._shipments[known.document_id] = known
        if number_key(known.shipment_number):
            self._shipments_by_number[number_key(known.shipment_number)].append(known.document_id)
        for line in shipped_lines(facts.paper, match):
            self._shipped[line.po_number].append(line)

    def _iban_changed_at(self, supplier: Supplier | None, at: datetime) -> datetime | None:
        changed = None if supplier is None else self._year.iban_changes.get(supplier.supplier_id)
        longest = timedelta(days=LONGEST_COOL_OFF_DAYS)
        return changed if changed is not None and at - longest <= changed <= at else None

    def _recent_invoices(self, paper: Paper, supplier: Supplier | None) -> tuple[RecentInvoice, ...]:
        """Posted and pending invoices of the supplier dated within the longest window around the paper."""
        if supplier is None or paper.issue_date is None:
            return ()
        days = (after(paper.issue_date, near) for near in range(LONGEST_SPLIT_DAYS + 1))
        days_before = (before(paper.issue_date, near) for near in range(1, LONGEST_SPLIT_DAYS + 1))
        return tuple(at for day in (*days_before, *days) for at in self._dated.get((supplier.supplier_id, day), ()))

    def _recent_orders(self, orders: Sequence[PurchaseOrder], at: datetime) -> tuple[RecentOrder, ...]:
        """Orders of the same suppliers placed within the longest window around the orders a paper names."""
        window = timedelta(days=LONGEST_SPLIT_DAYS)
        near = {
            other.po_number: other
            for order in orders
            for other in self._orders_of[order.supplier_id]
            if abs(other.ordered_at - order.ordered_at) <= window and other.ordered_at <= at
        }
        return tuple(self._as_recent(near[number]) for number in sorted(near))

    def _as_recent(self, order: PurchaseOrder) -> RecentOrder:
        if order.po_number not in self._amounts:
            lines = self._lines.get(order.po_number, ())
            self._amounts[order.po_number] = exact_sum(line.quantity * line.unit_price for line in lines)
        return RecentOrder(
            po_number=order.po_number,
            supplier_id=order.supplier_id,
            ordered_at=order.ordered_at,
            total_amount=self._amounts[order.po_number],
            currency=order.currency,
            status=order.status,
            buyer=order.buyer,
        )

    def _related(
        self, supplier: Supplier | None, invoices: Iterable[PostedInvoice | KnownInvoice]
    ) -> tuple[Supplier, ...]:
        """Other numbers' master records that invoices are under."""
        own = None if supplier is None else supplier.supplier_id
        others = (self._suppliers.get(one) for one in sorted({at.supplier_id for at in invoices} - {own}))
        return tuple(record for record in others if record is not None)

    def _orders_for(self, paper: Paper, supplier: Supplier | None, at: datetime) -> tuple[PurchaseOrder, ...]:
        references = order_references(paper)
        if not references:
            return () if supplier is None else self._open_orders(supplier, at)
        orders = tuple(self._orders[number] for number in references if number in self._orders)
        _, missing = find_orders(references, orders)
        if not missing or supplier is None:
            return orders
        respelled, _ = find_orders(missing, self._open_orders(supplier, at))
        by_number = {order.po_number: order for order in (*orders, *respelled)}
        return tuple(by_number[number] for number in sorted(by_number))

    def _open_orders(self, supplier: Supplier, at: datetime) -> tuple[PurchaseOrder, ...]:
        known = [
            order
            for order in self._orders_of[supplier.supplier_id]
            if order.ordered_at <= at and (order.status or "").lower() not in _CLOSED
        ]
        newest = sorted(known, key=lambda order: (order.ordered_at, order.po_number), reverse=True)[:500]
        return tuple(sorted(newest, key=lambda order: order.po_number))

    def _freshness(self, at: datetime) -> tuple[FeedFreshness, ...]:
        loads = ((feed, last_load(self._year.loads[feed], at)) for feed in FEEDS)
        return tuple(FeedFreshness(feed=feed, loaded_at=loaded, rows=1) for feed, loaded in loads if loaded)


class _Ledger(Generic[_Invoice]):
    """Invoices by two of supplier, number and total, and by what they belong to."""

    def __init__(self) -> None:
        self._by_two: defaultdict[tuple[str, str, str], list[_Invoice]] = defaultdict(list)
        self._by_owner: defaultdict[str, list[_Invoice]] = defaultdict(list)

    def add(self, invoice: _Invoice, owner: str | None) -> None:
        """Adds one; `owner` is the order of a posted invoice, the document of a known one."""
        number, gross = number_key(invoice.invoice_number), gross_key(invoice.total_with_vat)
        for pair in ((invoice.supplier_id, number, ""), (invoice.supplier_id, "", gross), ("", number, gross)):
            self._by_two[pair].append(invoice)
        if owner is not None:
            self._by_owner[owner].append(invoice)

    def like(self, paper: Paper, suppliers: Iterable[str], owners: Iterable[str]) -> tuple[_Invoice, ...]:
        """Those that share two of three with a paper, reverse it, or belong to one of the owners."""
        total = signed_total(paper)
        number, gross = number_key(paper.invoice_number), gross_key(total)
        reversal = gross_key(-total) if total is not None and total > 0 else ""
        pairs = [("", number, gross)] if number and gross else []
        for supplier_id in suppliers:
            pairs += [(supplier_id, number, "")] if number else []
            pairs += [(supplier_id, "", amount) for amount in (gross, reversal) if amount]
        near = [invoice for pair in pairs for invoice in self._by_two.get(pair, ())]
        near += [invoice for owner in owners for invoice in self._by_owner.get(owner, ())]
        return tuple({id(invoice): invoice for invoice in near}.values())


def _by_order(records: Iterable[_Record]) -> dict[str, list[_Record]]:
    grouped: defaultdict[str, list[_Record]] = defaultdict(list)
    for record in records:
        grouped[record.po_number].append(record)
    return dict(grouped)


def _references(paper: Paper, supplier: Supplier | None, numbers: tuple[str, ...]) -> frozenset[str]:
    names = {paper.document_id, *numbers, *(name for name in (paper.invoice_number, paper.shipment_number) if name)}
    if supplier is not None and paper.invoice_number:
        names.add(f"{supplier.supplier_id}/{paper.invoice_number}")
    return frozenset(number_key(name) for name in names)
