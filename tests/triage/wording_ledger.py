"""Orders of which the ledger knows invoices that never came here, for the book of words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.erp import PostedInvoice
from tests.triage.builders import (
    PO,
    facts,
    item,
    order,
    order_line,
    paper,
    paper_line,
    policy,
    receipt,
    tolerance,
    with_override,
    with_tolerance,
)
from triage.facts import BilledLine, Facts, KnownInvoice
from triage.policy import Override, Policy

_SECOND = "4500013"


def ledger_situations() -> Iterator[tuple[str, tuple[Facts, Policy]]]:
    """What is billed in all, with what was posted: beyond, at and within what is allowed."""
    for name, the_facts in (*_counted(), *_not_counted(), *_several()):
        yield f"ledger: {name}", (the_facts, policy())
    yield from _allowed()


def pairing_situations() -> Iterator[tuple[str, tuple[Facts, Policy]]]:
    """Lines that pair with nothing, with something in another unit, or with something over nothing."""
    stranger = paper_line(2, 3, "9.99", description="Candles", seller_item_id="KX9")
    orders = {"orders": (order(), order(po_number=_SECOND))}
    named = {"purchase_order_references": (PO, _SECOND)}
    for name, the_facts in (
        ("goods on neither of two orders", facts(paper([paper_line(), stranger], **named), **orders)),
        (
            "goods on no order, no amount",
            facts(paper([paper_line(), replace(stranger, line_net_amount=None, unit_price=None)])),
        ),
        (
            "goods on no order, by their GTIN",
            facts(
                paper([paper_line(), replace(stranger, description=None, seller_item_id=None, gtin="4006381333931")])
            ),
        ),
        ("goods on no order, by their number", facts(paper([paper_line(), replace(stranger, description=None)]))),
        ("in a unit of another kind", facts(paper([paper_line(unit="KGM")]))),
        ("in a unit of another kind, without an amount", facts(paper([paper_line(unit="KGM", line_net_amount=None)]))),
        ("in cartons of nobody knows how many", facts(paper([paper_line(unit="CT")]))),
        (
            "two lines in a unit of another kind",
            facts(paper([paper_line(1, 50, unit="KGM"), replace(paper_line(1, 50, unit="MTR"), index=2)])),
        ),
        ("nothing for something", facts(paper([paper_line(1, 0, line_net_amount=Decimal("12.00"))]))),
        ("one unit dearer", facts(paper([paper_line(1, 1, "4.95")]))),
    ):
        yield f"pairing: {name}", (the_facts, policy())


def _posted(number: str = "R-1", gross: str = "238.00", **changes: Any) -> PostedInvoice:
    record = PostedInvoice(
        supplier_id="S1", invoice_number=number, invoice_date=date(2026, 11, 10), total_with_vat=Decimal(gross),
        currency="EUR", po_number=PO, status="posted",
    )  # fmt: skip
    return replace(record, **changes)


def _half(**changes: Any) -> Facts:
    """Fifty of a hundred pieces billed here, everything received."""
    return facts(paper([paper_line(1, 50)]), **changes)


def _pending(document_id: str = "doc_7", quantity: str = "20", po_number: str = PO) -> BilledLine:
    net = Decimal(quantity) * Decimal("3.95")
    return BilledLine(
        document_id=document_id, po_number=po_number, line_number="1", quantity=Decimal(quantity), net_amount=net
    )


def _counted() -> Iterator[tuple[str, Facts]]:
    yield "two invoices", _half(posted=(_posted(), _posted("R-2", "119.00")))
    yield "and a pending one", _half(posted=(_posted(),), billed=(_pending(),))
    yield "a pending one alone is judged line by line", _half(billed=(_pending(quantity="60"),))
    yield "less a credit note", _half(posted=(_posted(gross="357.00"), _posted("G-1", "-119.00")))
    # 197.50 here, 217.25 allowed in all (5 % of 395.00), rounding of one line and two totals: 0.015.
    yield "at the limit", _half(posted=(_posted(gross="258.53"),))
    yield "a cent beyond the limit", _half(posted=(_posted(gross="258.57"),))
    untaxed = paper([paper_line(1, 50, tax_rate=None)], tax_breakdown=(), total_vat=None, total_without_vat=None)
    yield "without any VAT rate", facts(untaxed, posted=(_posted(),), order_lines=(order_line(tax_rate=None),))
    yield "with a rate on the order only", facts(untaxed, posted=(_posted(),))
    yield "part received", _half(posted=(_posted(gross="119.00"),), receipts=(receipt(1, 60),))
    yield "received as billed", _half(posted=(_posted(gross="119.00"),), receipts=(receipt(1, 76),))
    # 76 received are 300.20, 2 % of price differences may be in it: 6.00, and rounding.
    yield "at the limit of what was received", _half(posted=(_posted(gross="129.35"),), receipts=(receipt(1, 76),))
    yield "a cent beyond what was received", _half(posted=(_posted(gross="129.41"),), receipts=(receipt(1, 76),))
    yield "nothing received at all", _half(posted=(_posted(gross="119.00"),), receipts=())


def _not_counted() -> Iterator[tuple[str, Facts]]:
    yield "reversed", _half(posted=(_posted(status=" Reversed"),))
    yield "other currency", _half(posted=(_posted(currency="CHF"),))
    yield "other order", _half(posted=(_posted(po_number=_SECOND),))
    yield "its own number", _half(posted=(_posted("R8812"),))
    known = KnownInvoice(
        document_id="doc_7", sha256="00" * 32, supplier_id="S1", invoice_number="R-1",
        issue_date=date(2026, 11, 10), total_with_vat=Decimal("94.01"), currency="EUR",
    )  # fmt: skip
    yield "known here line by line", _half(posted=(_posted(gross="94.01"),), known=(known,), billed=(_pending(),))
    yield "known here without lines", _half(posted=(_posted(),), known=(known,))
    yield "order in another currency", _half(posted=(_posted(),), orders=(order(currency="CHF"),))
    yield "no order named", facts(paper([paper_line(1, 50)], purchase_order_references=()), posted=(_posted(),))


def _several() -> Iterator[tuple[str, Facts]]:
    lines = [
        paper_line(1, 50, purchase_order_reference=PO),
        paper_line(2, 10, "21.50", purchase_order_reference=_SECOND),
    ]
    both = {
        "orders": (order(), order(po_number=_SECOND)),
        "order_lines": (order_line(1), replace(order_line(2, 40, "21.50"), po_number=_SECOND)),
        "receipts": (receipt(1), replace(receipt(2, 40), po_number=_SECOND)),
        "items": (item(1), item(2)),
    }
    two = paper(lines, purchase_order_references=(PO, _SECOND))
    yield "one of two orders", facts(two, posted=(_posted(),), **both)
    yield "the other of two orders", facts(two, posted=(_posted(gross="900.00", po_number=_SECOND),), **both)
    yield (
        "both of two orders",
        facts(two, posted=(_posted(), _posted("R-2", "900.00", po_number=_SECOND)), billed=(_pending(),), **both),
    )


def _allowed() -> Iterator[tuple[str, tuple[Facts, Policy]]]:
    beyond = _half(posted=(_posted(),), receipts=(receipt(1, 60),))
    entity = replace(beyond, orders=(order(legal_entity="Kornblum"),))
    for name in ("overbilled", "quantity", "price_total"):
        generous = {name: tolerance(None, 1000)}
        yield f"ledger: generous {name}", (beyond, with_tolerance(name, tolerance(None, 1000)))
        for_supplier = Override(supplier_id="S1", tolerances=generous)  # type: ignore[arg-type]
        yield f"ledger: generous {name} for the supplier", (beyond, with_override(for_supplier))
        for_entity = Override(legal_entity="Kornblum", tolerances=generous)  # type: ignore[arg-type]
        yield f"ledger: generous {name} for the entity", (entity, with_override(for_entity))
    services = Override(item_id="ITEM-1", receipt_required=False)
    yield "ledger: nobody receives it", (beyond, with_override(services))
    yield "ledger: nobody receives this supplier's", (
        beyond, with_override(Override(supplier_id="S1", receipt_required=False))
    )  # fmt: skip
    yield "ledger: nobody receives this entity's", (
        entity, with_override(Override(legal_entity="Kornblum", receipt_required=False))
    )  # fmt: skip
