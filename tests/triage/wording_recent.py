"""Situations of what lies close in time, for the book of words: new accounts, splits, rates of a day, shipments."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.documents import Box, DocumentType, Evidence
from tests.triage.builders import (
    AS_OF,
    PO,
    VAT_ID,
    delivery_note,
    facts,
    item,
    order_line,
    paper,
    paper_line,
    receipt,
)
from triage.facts import Facts, KnownShipment, Paper, RecentInvoice, RecentOrder, ShippedLine, TaxGroup

PROMISED = datetime(2026, 11, 18, tzinfo=UTC)


def recent_situations() -> Iterator[tuple[str, Facts]]:
    """By name."""
    yield "account changed three days ago", facts(iban_changed_at=AS_OF - timedelta(days=3))
    yield "terms shorter than agreed", facts(_seen(paper(due_date=None, payment_terms="14 days net"), "payment_terms"))
    yield "rate that has ended", facts(_at(Decimal(16)))
    yield "no rate where there should be one", _untaxed()
    yield "invoices that are one", _split()
    yield "orders that are one", facts(recent_orders=(_order(PO, 30_000), _order("78", 26_000)))
    yield from _shipments()


def _seen(the_paper: Paper, *names: str) -> Paper:
    places = {name: (Evidence(page=1, box=Box(1, 1, 2, 2), text=name),) for name in names}
    return replace(the_paper, evidence={**the_paper.evidence, **places})


def _at(rate: Decimal) -> Paper:
    line = paper_line(1, tax_rate=rate)
    net = line.line_net_amount or Decimal(0)
    vat = net * rate / 100
    group = TaxGroup(rate=rate, taxable_amount=net, tax_amount=vat)
    bill = paper((line,), total_vat=vat, total_with_vat=net + vat, tax_breakdown=(group,))
    return _seen(bill, "lines.1.tax_rate", "tax_breakdown.1.rate", "total_vat")


def _untaxed() -> Facts:
    bill = replace(_at(Decimal(0)), issue_date=date(2022, 11, 18), due_date=None, buyer_vat_id=VAT_ID)
    return facts(bill, as_of=datetime(2022, 11, 20, tzinfo=UTC), orders=(), order_lines=(order_line(tax_rate=None),))


def _split() -> Facts:
    line = paper_line(1, 1, "30000")
    others = tuple(
        RecentInvoice(
            key=f"posted_invoice:S1/{number}",
            invoice_number=number,
            issue_date=date(2026, 11, 16),
            total_with_vat=Decimal(20_000),
            currency="EUR",
        )
        for number in ("R-1", "R-2")
    )
    return facts(
        paper((line,)), order_lines=(order_line(1, 1, "30000"),), receipts=(receipt(1, 1),), recent_invoices=others
    )


def _order(number: str, amount: int) -> RecentOrder:
    return RecentOrder(
        po_number=number,
        supplier_id="S1",
        ordered_at=AS_OF - timedelta(days=21),
        total_amount=Decimal(amount),
        currency="EUR",
    )


def _shipments() -> Iterator[tuple[str, Facts]]:
    note = _seen(
        replace(delivery_note((paper_line(1, 60),)), despatch_date=date(2026, 11, 16)),
        *(f"lines.1.{name}" for name in ("description", "quantity", "unit")),
        "delivery_date", "despatch_date", "shipment_number",
    )  # fmt: skip
    lines = (order_line(promised_at=PROMISED),)
    earlier = KnownShipment(
        document_id="doc_8",
        sha256="00" * 32,
        document_type=DocumentType.DELIVERY_NOTE,
        supplier_id="S1",
        shipment_number="LS-0",
        shipped_on=date(2026, 11, 9),
    )
    shipped = (ShippedLine(document_id="doc_8", po_number=PO, line_number="1", quantity=Decimal(60)),)
    bare = facts(note, order_lines=lines, receipts=())
    yield "delivery of too many in two", replace(bare, known_shipments=(earlier,), shipped=shipped)
    yield "delivery of too few", bare
    two = (*lines, order_line(2, 50, promised_at=datetime(2026, 11, 15, tzinfo=UTC)))
    yield "delivery that leaves a line out", replace(bare, order_lines=two, items=(item(), item(2)))
    yield "delivery that comes late", replace(bare, paper=replace(note, delivery_date=date(2026, 11, 22)))
    yield "delivery that left late", replace(bare, paper=replace(note, despatch_date=date(2026, 11, 22)))
    for name, other in (
        ("delivery in the same file", replace(earlier, sha256="cd" * 32)),
        ("delivery under the same number", replace(earlier, shipment_number="ls 1", shipped_on=None)),
        ("delivery of the same goods", replace(earlier, shipped_on=date(2026, 11, 16))),
    ):
        yield name, replace(bare, known_shipments=(other,), shipped=shipped)
    came = receipt(1, 57, received_at=datetime(2026, 11, 18, tzinfo=UTC))
    yield "delivery of which less was received", replace(bare, receipts=(came,))
    beside = replace(earlier, shipped_on=date(2026, 11, 17))
    more = replace(bare, receipts=(replace(came, quantity=Decimal(130)),), known_shipments=(beside,), shipped=shipped)
    yield "deliveries of which more was received", more
