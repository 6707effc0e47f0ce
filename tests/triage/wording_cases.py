"""Situations that make every control speak, for the book of its words: tests/triage/wording.txt.

Written anew by `python -m tests.triage.wording_cases`; read the difference before committing it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from core.decisions import Finding
from core.documents import Box, DocumentType, Evidence
from core.erp import ErpBlock, FeedFreshness, GoodsReceipt, PostedInvoice
from tests.triage.builders import (
    AS_OF,
    BROKEN_IBAN,
    BROKEN_VAT_ID,
    FEEDS,
    OTHER_IBAN,
    OTHER_VAT_ID,
    PO,
    check,
    credit_note,
    delivery_note,
    facts,
    item,
    order,
    order_line,
    paper,
    paper_line,
    policy,
    receipt,
    supplier,
    tolerance,
    with_tolerance,
)
from tests.triage.wording_ledger import ledger_situations, pairing_situations
from tests.triage.wording_orders import Situation, decision_situations, order_situations
from tests.triage.wording_recent import recent_situations
from triage.facts import BilledLine, Difference, Facts, KnownInvoice, Paper, TaxGroup
from triage.policy import Policy

BOOK = Path(__file__).with_name("wording.txt")
GROSS = Decimal("470.05")
_LINE_NAMES = ("description", "quantity", "unit_price", "line_net_amount", "tax_rate")
_TAX_NAMES = ("rate", "taxable_amount", "tax_amount")


def book() -> str:
    """Every situation with everything its findings say."""
    return "\n".join(f"== {name}\n{said(situation)}" for name, situation in SITUATIONS.items())


def said(situation: Situation) -> str:
    """The findings about a situation, one after the other, attribute by attribute."""
    return "".join(_told(finding) for finding in situation()) or "nothing\n"


def _told(finding: Finding) -> str:
    parts = {
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "subject": finding.subject,
        "at risk": finding.at_risk_amount,
        "facts": ", ".join(finding.facts),
        "seen at": ", ".join(place.text for place in finding.evidence) or None,
    }
    rows = "".join(f"  {name}: {value}\n" for name, value in parts.items() if value is not None)
    return f"{finding.code} {finding.outcome.value}: {finding.message}\n{rows}"


def visible(the_paper: Paper) -> Paper:
    """The paper with a place for every value it could show."""
    names = [
        "invoice_number", "issue_date", "due_date", "currency", "purchase_order_reference", "seller_name",
        "seller_vat_id", "payment_iban", "total_without_vat", "total_vat", "total_with_vat", "prepaid_amount",
        "amount_due", "total_allowances", "total_charges", "shipment_number", "lines",
        *(f"lines.{line.index}.{name}" for line in the_paper.lines for name in _LINE_NAMES),
        *(f"tax_breakdown.{at}.{name}" for at in range(1, len(the_paper.tax_breakdown) + 1) for name in _TAX_NAMES),
    ]  # fmt: skip
    evidence = {name: (Evidence(page=1, box=Box(1, 1, 2, 2), text=name),) for name in names}
    return replace(the_paper, evidence=evidence)


def on(the_paper: Paper | None = None, **changes: Any) -> Facts:
    """Facts about a paper on which everything can be seen."""
    return facts(visible(the_paper or paper()), **changes)


def two_lines(first: Mapping[str, Any] = {}, second: Mapping[str, Any] = {}, **header: Any) -> Paper:
    """An invoice over olive oil and rice."""
    return paper([replace(paper_line(1), **first), replace(paper_line(2, 40, "21.50"), **second)], **header)


def of_two(the_paper: Paper, **changes: Any) -> Facts:
    """Facts about two order lines."""
    records: dict[str, Any] = {
        "order_lines": (order_line(1), order_line(2, 40, "21.50")),
        "receipts": (receipt(1), receipt(2, 40)),
        "items": (item(1), item(2)),
    }
    return on(the_paper, **records | changes)


def posted(**changes: Any) -> PostedInvoice:
    """The same invoice in the ledger."""
    record = PostedInvoice(
        supplier_id="S1", invoice_number="R-8812", invoice_date=date(2026, 11, 18), total_with_vat=GROSS,
        currency="EUR", status="posted",
    )  # fmt: skip
    return replace(record, **changes)


def known(**changes: Any) -> KnownInvoice:
    """The same invoice, here already."""
    record = KnownInvoice(
        document_id="doc_0", sha256="00" * 32, supplier_id="S1", invoice_number="R-8812",
        issue_date=date(2026, 11, 18), total_with_vat=GROSS, currency="EUR",
    )  # fmt: skip
    return replace(record, **changes)


def billed(quantity: str, net: str, number: int = 1) -> BilledLine:
    """What another paper has billed on a line."""
    return BilledLine(
        document_id="doc_7", po_number=PO, line_number=str(number), quantity=Decimal(quantity), net_amount=Decimal(net)
    )


def _remark(code: str, outcome: str, message: str) -> tuple[tuple[str, str, str], ...]:
    return ((code, outcome, message),)


def _document() -> Iterator[tuple[str, Facts]]:
    yield "unreadable", on(paper(remarks=_remark("DOC-UNREADABLE", "hold", "Page 2 could not be read.")))
    compared = Difference(
        code="DOC-HYBRID", message="They differ.", subject="total_with_vat", expected="470.05", actual="570.05"
    )
    yield "hybrid", on(paper(remarks=_remark("DOC-HYBRID", "block", "They differ."), differences=(compared,)))
    yield "hybrid held", on(paper(remarks=_remark("DOC-HYBRID", "hold", "The number is nowhere on the page.")))
    yield "schema", on(paper(remarks=_remark("DOC-SCHEMA", "hold", "BR-CO-15 fails.")))
    yield "several in one file", on(paper(remarks=_remark("DOC-MULTIPLE", "hold", "Two invoices in one file.")))
    yield "type without rules", on(paper(document_type=DocumentType.PURCHASE_ORDER))
    yield "type unknown", on(paper(document_type=DocumentType.OTHER))
    yield "type not sure", on(paper(type_confidence=0.4951))
    sure = paper().confidences
    yield "total not sure", on(paper(confidences={**sure, "total_with_vat": 0.7949}))
    yield "total of unknown confidence", on(paper(confidences={k: v for k, v in sure.items() if k != "total_with_vat"}))
    yield "number missing", on(paper(invoice_number=None))
    yield "date not understood", on(paper(issue_date=None, due_date=None, unparsed={"issue_date": "32.13.2026"}))
    yield "net not understood", on(paper(total_without_vat=None, unparsed={"total_without_vat": "4x0"}))
    yield "IBAN not sure", on(paper(confidences={**sure, "payment_iban": 0.5}))
    yield "no lines", on(paper([]))
    yield "line values missing", of_two(two_lines({"quantity": None, "unit_price": None}, {"line_net_amount": None}))
    poor = {**sure, **{f"lines.{index}.quantity": 0.2 for index in range(1, 15)}}
    yield (
        "fourteen lines not sure",
        on(paper([replace(paper_line(), index=at) for at in range(1, 15)], confidences=poor)),
    )


def _sums() -> Iterator[tuple[str, Facts]]:
    yield "line is not quantity times price", on(paper([paper_line(line_net_amount=Decimal("396.01"))]))
    yield "line within rounding", on(paper([paper_line(1, "100.001")]))
    yield "net is not the lines", on(paper(total_without_vat=Decimal("400.00")))
    yield (
        "with allowances and charges",
        on(paper(total_allowances=Decimal(5), total_charges=Decimal(2), total_without_vat=Decimal("390.00"))),
    )
    yield "gross is not net and VAT", on(paper(total_with_vat=Decimal("471.00")))
    yield (
        "gross without VAT",
        on(paper([paper_line(tax_rate=None)], total_vat=None, tax_breakdown=(), total_with_vat=Decimal("470.05"))),
    )
    yield "gross with VAT nobody can see", on(
        paper([paper_line(line_net_amount=None)], total_vat=None, total_without_vat=None,
              tax_breakdown=(TaxGroup(rate=Decimal(19)),))
    )  # fmt: skip
    yield "amount due", on(paper(prepaid_amount=Decimal(70), amount_due=Decimal("400.00")))
    yield "due more than the total", on(paper(amount_due=Decimal("480.05")))
    yield "credit note does not add up", on(credit_note(total_with_vat=Decimal("-471.00")))
    wrong = TaxGroup(rate=Decimal(19), taxable_amount=Decimal("395.00"), tax_amount=Decimal("76.05"))
    yield "VAT is not rate times base", on(paper(tax_breakdown=(wrong,), total_vat=Decimal("76.05")))
    other = TaxGroup(rate=Decimal(19), taxable_amount=Decimal("390.00"), tax_amount=Decimal("74.10"))
    yield "bases are not the net", on(paper(tax_breakdown=(other,)))
    yield (
        "VAT from lines only",
        on(paper(tax_breakdown=(), total_vat=Decimal("80.00"), total_with_vat=Decimal("475.00"))),
    )
    seven = TaxGroup(rate=Decimal(7), taxable_amount=Decimal("395.00"), tax_amount=Decimal("27.65"))
    yield "rate is not the order's", on(
        paper([paper_line(tax_rate=Decimal(7))], tax_breakdown=(seven,), total_vat=Decimal("27.65"),
              total_with_vat=Decimal("422.65"))
    )  # fmt: skip
    yield (
        "no rate anywhere",
        on(paper([paper_line(tax_rate=None)], tax_breakdown=()), order_lines=(order_line(tax_rate=None),)),
    )
    yield (
        "VAT by the order's rates",
        on(
            paper(
                [paper_line(tax_rate=None)],
                tax_breakdown=(),
                total_vat=Decimal("70.05"),
                total_with_vat=Decimal("465.05"),
            )
        ),
    )
    yield "credit note with another rate", on(
        credit_note([paper_line(tax_rate=Decimal(7))], tax_breakdown=(seven,), total_vat=Decimal("27.65"),
                    total_with_vat=Decimal("422.65")),
    )  # fmt: skip


def _parties() -> Iterator[tuple[str, Facts]]:
    yield "supplier unknown", on(supplier=None)
    yield "supplier unknown and nameless", on(paper(seller_name=None, seller_vat_id=None), supplier=None)
    yield "supplier blocked", on(supplier=supplier(status="Blocked "))
    yield "supplier of unknown status", on(supplier=supplier(status="on probation"))
    yield "account broken", on(paper(payment_iban=BROKEN_IBAN))
    yield "account broken, supplier unknown", on(paper(payment_iban=BROKEN_IBAN), supplier=None)
    yield "account of another", on(paper(payment_iban=OTHER_IBAN))
    yield "account without one to compare", on(supplier=supplier(iban=None))
    yield "VAT id broken", on(paper(seller_vat_id=BROKEN_VAT_ID))
    yield "VAT id of another", on(paper(seller_vat_id=OTHER_VAT_ID))
    yield (
        "Swiss VAT id broken",
        on(paper(seller_vat_id="CHE-123.456.789"), supplier=supplier(country="CH", vat_id=None)),
    )
    yield "duplicate posted", on(posted=(posted(),))
    yield "duplicate here", on(known=(known(issue_date=None),))
    yield "duplicate of several", on(posted=(posted(invoice_number="R8812"),), known=(known(),))
    yield "number nearly", on(posted=(posted(invoice_number="R-8812A"),))
    yield "amount nearly", on(posted=(posted(total_with_vat=Decimal("460.00"), invoice_date=date(2026, 11, 2)),))
    yield "currency differs", on(posted=(posted(currency="CHF"),))
    yield "same file", on(known=(known(invoice_number="X", total_with_vat=Decimal(1), sha256="ab" * 32),))
    yield (
        "reversed by a credit note",
        on(posted=(posted(), posted(invoice_number="G-9", total_with_vat=-GROSS, invoice_date=date(2026, 11, 19)))),
    )
    yield (
        "under a second number",
        on(posted=(posted(supplier_id="S7"),), related=(supplier(supplier_id="S7", name="Nordlicht"),)),
    )
    yield (
        "under a namesake",
        on(posted=(posted(supplier_id="S7"),), related=(supplier(supplier_id="S7", vat_id=None, iban=None),)),
    )
    yield "somebody's", on(supplier=None, known=(known(supplier_id=""),))


def _orders() -> Iterator[tuple[str, Facts]]:
    yield "future", on(paper(issue_date=date(2026, 12, 24), due_date=None))
    yield "future by one day", on(paper(issue_date=date(2026, 11, 24), due_date=None))
    yield "long ago", on(paper(issue_date=date(2025, 11, 22), due_date=None))
    yield (
        "a year ago",
        on(paper(issue_date=date(2025, 11, 23), due_date=None), orders=(order(ordered_at=AS_OF - timedelta(400)),)),
    )
    yield "before its order", on(paper(issue_date=date(2026, 11, 1), due_date=None))
    yield "other currency", on(orders=(order(currency="CHF"),))
    yield "no currency", on(paper(currency=None))
    yield "short terms", on(paper(due_date=date(2026, 12, 17)))
    yield "no order named", on(paper(purchase_order_references=()))
    yield "no order named, none fits", on(paper(purchase_order_references=()), orders=(), order_lines=())
    yield "order unknown", on(paper(purchase_order_references=(PO, "4599999")))
    yield "order closed", on(orders=(order(status="Closed"),))
    yield "order of unknown status", on(orders=(order(status="parked"),))
    yield "order of another supplier", on(orders=(order(supplier_id="S2"),))
    yield "blocked by the ERP", on(erp_blocks=(ErpBlock(document_ref="R-8812", reason="quality", blocked_at=AS_OF),))
    lifted = ErpBlock(document_ref=PO, reason="x", blocked_at=AS_OF - timedelta(2), lifted_at=AS_OF)
    yield "block lifted this instant", on(erp_blocks=(lifted,))
    old = tuple(FeedFreshness(feed=name, loaded_at=AS_OF - timedelta(hours=24.1), rows=1) for name in FEEDS)
    yield "feeds old", on(feeds=old)
    at_limit = tuple(FeedFreshness(feed=name, loaded_at=AS_OF - timedelta(hours=24), rows=1) for name in FEEDS)
    yield "feeds at their limit", on(feeds=at_limit)
    yield "feeds missing", on(feeds=at_limit[1:3])
    big = paper([paper_line(1, 10_000, "5.00")])
    limits = {"order_lines": (order_line(1, 10_000, "5.00"),), "receipts": (receipt(1, 10_000),)}
    yield "above the limit", on(big, **limits)
    yield "at the limit", on(
        paper([paper_line(1, 10_000, "5.00", tax_rate=Decimal(0))], total_vat=Decimal(0),
              total_with_vat=Decimal(50_000), tax_breakdown=()),
        **limits | {"order_lines": (order_line(1, 10_000, "5.00", tax_rate=Decimal(0)),)},
    )  # fmt: skip


def _matching() -> Iterator[tuple[str, Facts]]:
    stranger = replace(paper_line(2, 3, "9.99"), description="Candles", seller_item_id="KX9")
    yield "goods on no order", on(paper([paper_line(), stranger]))
    yield "goods on no order, nameless", on(paper([paper_line(), replace(stranger, description=None)]))
    yield "nothing to compare", on(paper([]))
    yield "freight on a line", on(paper([paper_line(), replace(stranger, description="Freight", seller_item_id=None)]))
    yield "freight on the whole", on(
        paper(total_charges=Decimal(12), total_without_vat=Decimal(407), total_vat=Decimal("77.33"),
              total_with_vat=Decimal("484.33"),
              tax_breakdown=(TaxGroup(rate=Decimal(19), taxable_amount=Decimal(407), tax_amount=Decimal("77.33")),))
    )  # fmt: skip
    yield "price too high", on(paper([paper_line(1, 100, "4.10")]))
    yield "price far too low", on(paper([paper_line(1, 100, "2.95")]))
    yield (
        "price too high per unit on one of two lines",
        on(paper([paper_line(1, 50, "3.95"), replace(paper_line(1, 50, "4.10"), index=2)])),
    )
    yield "price growing over bills", on(paper([paper_line(1, 50, "4.02")]), billed=(billed("50", "204.50"),))
    yield "price of a credit note", on(credit_note([paper_line(1, 100, "5.95")]))
    yield "quantity over received", on(receipts=(receipt(1, 60),))
    yield (
        "quantity over received, partly billed",
        on(paper([paper_line(1, 50)]), receipts=(receipt(1, 60),), billed=(billed("20", "79.00"),)),
    )
    yield (
        "two lines of one item over received",
        on(paper([paper_line(1, 50), replace(paper_line(1, 50), index=2)]), receipts=(receipt(1, 60),)),
    )
    yield "nothing received", on(receipts=(), billed=(billed("1", "3.95"),))
    yield "more than ordered", on(paper([paper_line(1, 106)]), receipts=(receipt(1, 120),))
    yield "more than ordered over two bills", on(receipts=(receipt(1, 200),), billed=(billed("20", "79.00"),))
    yield "small difference", on(paper([paper_line(1, 100, "3.99")]))
    dear = [paper_line(at, 100, "10.09") for at in range(1, 4)]
    yield "many small differences", on(
        paper(dear), order_lines=tuple(order_line(at, 100, "10.00") for at in range(1, 4)),
        receipts=tuple(receipt(at) for at in range(1, 4)), items=tuple(item(at) for at in range(1, 4)),
    )  # fmt: skip
    yield "cheaper in all", of_two(two_lines({"unit_price": Decimal("3.50"), "line_net_amount": Decimal("350.00")}))
    yield "far cheaper in all", on(paper([paper_line(1, 100, "1.95")]))
    ledger = (posted(invoice_number="R-1", po_number=PO, total_with_vat=Decimal("238.00")),)
    yield "overbilled with the ledger", on(posted=ledger)
    yield "over received with the ledger", on(paper([paper_line(1, 50)]), posted=ledger, receipts=(receipt(1, 60),))


def _shipments() -> Iterator[tuple[str, Facts]]:
    yield "delivery in order", on(delivery_note())
    yield "delivery names no order", on(delivery_note(purchase_order_references=()))
    yield "delivery of an unknown order", on(delivery_note(purchase_order_references=("4599999",)))
    yield "delivery on a closed order", on(delivery_note(), orders=(order(status="closed"),))
    yield "delivery on another supplier's order", on(delivery_note(), orders=(order(supplier_id="S2"),))
    yield (
        "delivery of something else",
        on(delivery_note([replace(paper_line(), description="Candles", seller_item_id="KX9")])),
    )
    yield "delivery of too many", on(delivery_note([paper_line(1, 130)]))
    late_goods = GoodsReceipt(
        receipt_id="GR-9", po_number=PO, line_number="1", quantity=Decimal(-5), received_at=AS_OF - timedelta(1)
    )
    yield "delivery with a return", on(delivery_note(), receipts=(receipt(), late_goods))


def _all() -> Iterator[tuple[str, tuple[Facts, Policy]]]:
    for part in (_document, _sums, _parties, _orders, _matching, _shipments, recent_situations):
        for name, the_facts in part():
            yield name, (the_facts, policy())
    loose = with_tolerance("charge", tolerance("5", None))
    freight = replace(paper_line(2, 1, "30.00"), description="Freight", seller_item_id=None)
    yield "freight beyond a share", (on(paper([paper_line(), freight])), loose)
    yield "quantity beyond a share and an amount", (
        on(receipts=(receipt(1, 60),)), with_tolerance("quantity", tolerance("3.5", "12.25"))
    )  # fmt: skip
    yield "quantity beyond an amount", (on(receipts=(receipt(1, 60),)), with_tolerance("quantity", tolerance(None, 7)))


SITUATIONS: Mapping[str, Situation] = {
    **{name: partial(check, *judged) for name, judged in _all()},
    **{name: partial(check, *judged) for name, judged in (*ledger_situations(), *pairing_situations())},
    **dict(order_situations()),
    **dict(decision_situations()),
}


if __name__ == "__main__":
    BOOK.write_text(book(), encoding="utf-8")
