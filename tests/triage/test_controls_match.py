"""The three-way match and shipment documents: MATCH-*, SHIP-*."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.decisions import Outcome
from core.erp import PostedInvoice
from tests.triage.builders import (
    PO,
    check,
    codes,
    credit_note,
    delivery_note,
    facts,
    order,
    order_line,
    paper,
    paper_line,
    policy,
    receipt,
    the,
    tolerance,
    with_override,
    with_tolerance,
)
from tests.triage.examples import finds, spares
from triage.facts import BilledLine, TaxGroup
from triage.policy import Override


def billed(quantity: int, net: str | None = None, document_id: str = "doc_0") -> BilledLine:
    amount = Decimal(quantity) * Decimal("3.95") if net is None else Decimal(net)
    return BilledLine(
        document_id=document_id, po_number=PO, line_number="1", quantity=Decimal(quantity), net_amount=amount
    )


def posted(total: str, **changes: object) -> PostedInvoice:
    record = PostedInvoice(
        supplier_id="S1",
        invoice_number="R-1",
        invoice_date=date(2026, 11, 10),
        total_with_vat=Decimal(total),
        currency="EUR",
        po_number=PO,
    )
    return replace(record, **changes)  # type: ignore[arg-type]


@spares("MATCH-LINE", "MATCH-CHARGE", "MATCH-PRICE", "MATCH-QUANTITY", "MATCH-NOT-RECEIVED", "MATCH-OVERBILLED")
def test_clean_full_invoice_is_touchless() -> None:
    assert check(facts()) == ()


@spares("MATCH-QUANTITY", "MATCH-OVERBILLED")
def test_partial_receipt_billed_as_received_is_touchless() -> None:
    assert codes(facts(paper((paper_line(1, 60),)), receipts=(receipt(1, 60),))) == set()


@spares("MATCH-QUANTITY")
def test_partial_receipt_within_tolerance_is_touchless() -> None:
    wide = with_tolerance("quantity", tolerance(5, 20))
    assert codes(facts(receipts=(receipt(1, 96),)), wide) == set()


@finds("MATCH-QUANTITY")
def test_partial_receipt_beyond_the_tighter_limit_is_held() -> None:
    for limits in (tolerance(4, 20), tolerance(5, 15)):
        assert codes(facts(receipts=(receipt(1, 96),)), with_tolerance("quantity", limits)) == {"MATCH-QUANTITY"}


@finds("MATCH-QUANTITY")
def test_more_billed_than_received_says_what_is_open() -> None:
    here = facts(paper((paper_line(1, 60),)), receipts=(receipt(1, 96),), billed=(billed(40),))
    found = the("MATCH-QUANTITY", here)
    assert (found.expected, found.actual, found.difference) == ("56 pcs", "60 pcs", "4 pcs")
    assert found.at_risk_amount == "15.8"
    assert {f"billed_line:doc_0/{PO}/1", "goods_receipt:GR-1"} <= set(found.facts)


@finds("MATCH-QUANTITY")
def test_goods_sent_back_are_not_paid() -> None:
    back = (receipt(1, 100), receipt(1, -10, receipt_id="GR-2"))
    assert the("MATCH-QUANTITY", facts(receipts=back)).difference == "10 pcs"


@finds("MATCH-NOT-RECEIVED")
def test_nothing_received_is_one_finding_over_the_whole_value() -> None:
    (only,) = check(facts(receipts=()))
    assert (only.code, only.at_risk_amount) == ("MATCH-NOT-RECEIVED", "395")


@spares("MATCH-NOT-RECEIVED")
def test_services_need_no_receipt_where_the_policy_says_so() -> None:
    services = with_override(Override(supplier_id="S1", receipt_required=False))
    assert codes(facts(receipts=()), services) == set()


@spares("MATCH-NOT-RECEIVED", "MATCH-QUANTITY", "MATCH-OVERBILLED")
def test_credit_note_needs_no_receipt() -> None:
    assert codes(facts(credit_note(), receipts=())) == set()


@finds("MATCH-OVERBILLED", "MATCH-QUANTITY")
def test_credit_for_what_was_never_billed_makes_no_room_for_more() -> None:
    here = facts(paper((paper_line(1, 150),)), billed=(billed(-100, document_id="doc_credit"),))
    assert the("MATCH-OVERBILLED", here).difference == "50 pcs"
    assert the("MATCH-QUANTITY", here).difference == "50 pcs"


@finds("MATCH-NOT-RECEIVED")
def test_credit_for_what_was_never_billed_stands_for_no_receipt() -> None:
    here = facts(receipts=(), billed=(billed(-100, document_id="doc_credit"),))
    assert the("MATCH-NOT-RECEIVED", here).difference == "100 pcs"


@spares("MATCH-OVERBILLED", "MATCH-QUANTITY")
def test_credit_for_what_was_billed_lets_it_be_billed_again() -> None:
    assert codes(facts(billed=(billed(100), billed(-100, document_id="doc_credit")))) == set()


@spares("MATCH-OVERBILLED", "MATCH-QUANTITY")
def test_credit_for_what_the_ledger_has_posted_lets_it_be_billed_again() -> None:
    here = facts(posted=(posted("470.05"),), billed=(billed(-100, document_id="doc_credit"),))
    assert codes(here) == set()


@finds("MATCH-PRICE")
def test_price_above_the_orders_is_held_with_the_money_it_costs() -> None:
    found = the("MATCH-PRICE", facts(paper((paper_line(1, 100, "4.20"),))))
    assert (found.expected, found.actual, found.difference) == ("3.95 EUR", "4.20 EUR", "25.00 EUR")
    assert (found.subject, found.at_risk_amount) == ("line 1", "25")
    assert [place.text for place in found.evidence] == [
        "lines.1.quantity",
        "lines.1.unit_price",
        "lines.1.line_net_amount",
    ]


@spares("MATCH-PRICE")
def test_price_within_tolerance_leaves_only_a_note() -> None:
    (note,) = check(facts(paper((paper_line(1, 100, "4.00"),))))
    assert (note.code, note.outcome) == ("MATCH-TOTAL", Outcome.CLEAR)


@finds("MATCH-PRICE")
def test_allowed_price_difference_cannot_be_used_up_twice() -> None:
    half = paper((paper_line(1, 50, "4.02"),))
    strict = with_tolerance("price_total", tolerance(2, 5))
    assert "MATCH-PRICE" not in codes(facts(half), strict)
    assert "MATCH-PRICE" in codes(facts(half, billed=(billed(50, "201.00"),)), strict)


@finds("MATCH-PRICE")
def test_one_dear_line_does_not_hide_behind_a_cheap_one() -> None:
    lines = (paper_line(1, 50, "4.45"), replace(paper_line(1, 50, "3.45"), index=2))
    assert "per unit" in str(the("MATCH-PRICE", facts(paper(lines))).tolerance)


@finds("MATCH-PRICE")
def test_credit_over_less_than_the_orders_price_is_held() -> None:
    assert "MATCH-PRICE" in codes(facts(credit_note((paper_line(1, 100, "3.00"),)), receipts=()))


@finds("MATCH-OVERBILLED")
def test_billing_over_the_order_is_blocked_even_if_received() -> None:
    here = facts(receipts=(receipt(1, 200),), billed=(billed(10),))
    found = the("MATCH-OVERBILLED", here)
    assert (found.outcome, found.difference, found.at_risk_amount) == (Outcome.BLOCK, "10 pcs", "39.5")


@spares("MATCH-OVERBILLED")
def test_over_delivery_within_the_allowance_clears() -> None:
    assert codes(facts(paper((paper_line(1, 104),)), receipts=(receipt(1, 104),))) == set()


@finds("MATCH-OVERBILLED", "MATCH-QUANTITY")
def test_invoice_the_ledger_has_on_the_order_counts_although_its_lines_are_unknown() -> None:
    here = facts(posted=(posted("470.05"),))
    assert codes(here) == {"MATCH-OVERBILLED", "MATCH-QUANTITY"}
    assert the("MATCH-OVERBILLED", here).subject == f"order {PO}"
    assert "posted_invoice:S1/R-1" in the("MATCH-OVERBILLED", here).facts


@spares("MATCH-OVERBILLED", "MATCH-QUANTITY")
def test_second_half_of_an_order_clears_beside_the_first_in_the_ledger() -> None:
    half = paper((paper_line(1, 50),))
    assert codes(facts(half, posted=(posted("235.03"),))) == set()
    assert codes(facts(posted=(posted("470.05", status="reversed"), posted("-470.05", invoice_number="G-9")))) == set()


@finds("MATCH-LINE")
def test_line_nobody_ordered_is_held() -> None:
    stranger = paper_line(2, 1, 80, description="Espresso machine", seller_item_id="ESP-1")
    found = the("MATCH-LINE", facts(paper((paper_line(1), stranger))))
    assert (found.subject, found.at_risk_amount) == ("line 2", "80")


@finds("MATCH-LINE")
def test_line_whose_quantity_cannot_be_known_is_held() -> None:
    here = facts(paper((paper_line(1, quantity=100, unit_price=None),)))
    blank = replace(here.paper.lines[0], quantity=None)
    assert "could not be read" in the("MATCH-LINE", replace(here, paper=replace(here.paper, lines=(blank,)))).message


@spares("MATCH-LINE")
def test_line_over_nothing_is_a_remark() -> None:
    remark = paper_line(2, 0, 0, description="Thank you for your order", seller_item_id=None)
    assert codes(facts(paper((paper_line(1), remark)))) == set()


@finds("MATCH-CHARGE")
def test_freight_that_is_not_on_the_order_is_held_as_a_charge() -> None:
    freight = paper_line(2, 1, 15, description="Fracht und Verpackung", seller_item_id=None)
    here = facts(paper((paper_line(1), freight)))
    assert codes(here) == {"MATCH-CHARGE"}
    assert the("MATCH-CHARGE", here).difference == "15.00 EUR"


@spares("MATCH-CHARGE")
def test_freight_within_the_tolerance_clears() -> None:
    freight = paper_line(2, 1, 15, description="Fracht", seller_item_id=None)
    assert codes(facts(paper((paper_line(1), freight))), with_tolerance("charge", tolerance(10, 20))) == set()


@finds("MATCH-CHARGE")
def test_freight_on_the_whole_invoice_is_held_as_a_charge_and_nothing_else() -> None:
    vat = Decimal("77.90")  # 19 % of 395.00 + 15.00
    group = TaxGroup(rate=Decimal(19), taxable_amount=Decimal(410), tax_amount=vat)
    whole = paper(
        (paper_line(1),),
        total_charges=Decimal(15),
        total_without_vat=Decimal(410),
        total_vat=vat,
        total_with_vat=Decimal("487.90"),
        amount_due=Decimal("487.90"),
        tax_breakdown=(group,),
    )
    assert codes(facts(whole)) == {"MATCH-CHARGE"}


@finds("MATCH-TOTAL")
def test_many_small_differences_add_up_to_one_that_holds() -> None:
    numbers = range(1, 6)
    lines = tuple(paper_line(number, 100, "4.02") for number in numbers)
    here = facts(
        paper(lines),
        order_lines=tuple(order_line(number) for number in numbers),
        receipts=tuple(receipt(number) for number in numbers),
    )
    assert codes(here) == {"MATCH-TOTAL"}
    assert the("MATCH-TOTAL", here).outcome is Outcome.HOLD
    assert the("MATCH-TOTAL", here).difference == "35.00 EUR"


@spares("MATCH-TOTAL")
def test_invoice_at_the_orders_prices_has_no_balance() -> None:
    assert codes(facts()) == set()


@spares("SHIP-PO", "SHIP-ITEM", "SHIP-OVER")
def test_delivery_note_that_fits_its_order_clears_without_totals_or_receipt() -> None:
    assert check(facts(delivery_note(), receipts=())) == ()
    assert check(facts(delivery_note((paper_line(1, 96),)), supplier=None)) == ()


@finds("SHIP-PO")
@pytest.mark.parametrize(
    "changes",
    [
        {"orders": (), "order_lines": ()},
        {"orders": (order(status="closed"),)},
        {"orders": (order(supplier_id="S2"),)},
    ],
)
def test_delivery_note_for_an_unknown_closed_or_foreign_order_is_held(changes: dict[str, object]) -> None:
    assert codes(facts(delivery_note(), **changes)) == {"SHIP-PO"}


@finds("SHIP-PO")
def test_delivery_note_without_an_order_is_held() -> None:
    assert codes(facts(delivery_note(purchase_order_references=()))) == {"SHIP-PO"}


@finds("SHIP-ITEM")
def test_delivery_of_what_was_not_ordered_is_held() -> None:
    stranger = paper_line(2, description="Espresso machine", seller_item_id="ESP-1")
    assert codes(facts(delivery_note((paper_line(1), stranger)))) == {"SHIP-ITEM"}


@finds("SHIP-OVER")
def test_delivery_of_more_than_ordered_is_held() -> None:
    found = the("SHIP-OVER", facts(delivery_note((paper_line(1, 130),))))
    assert (found.expected, found.actual, found.difference) == ("100 pcs or fewer", "130 pcs", "30 pcs")


def test_every_finding_says_what_it_used_and_speaks_in_a_sentence() -> None:
    stranger = paper_line(2, 1, 80, description="Espresso machine", seller_item_id="ESP-1")
    here = facts(paper((paper_line(1, 110, "4.40"), stranger)), receipts=(receipt(1, 50),), billed=(billed(60),))
    for found in check(here, policy()):
        assert found.facts == tuple(sorted(set(found.facts)))
        assert "document:doc_1" in found.facts
        assert found.message[:1].isupper() and found.message.endswith(".")
