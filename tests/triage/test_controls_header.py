"""What a paper bills beside ordered goods, over the papers that bill an order: charges, deposits, small differences."""

from dataclasses import replace
from decimal import Decimal

from core.decisions import Outcome
from tests.triage.builders import (
    PO,
    check,
    codes,
    credit_note,
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
from triage.facts import BilledHeader, Facts, Paper, PaperLine
from triage.header import billed_headers
from triage.match import billed_lines, pair_lines
from triage.policy import Override, Policy

FREIGHT = with_tolerance("charge", tolerance(10, 20))
PREPAID = with_tolerance("not_received", tolerance(30, 1000))


def after(first: Facts, then: Facts, rules: Policy | None = None) -> Facts:
    """A situation in which another paper has been remembered before."""
    rules = rules or policy()
    match = pair_lines(first)
    return replace(
        then,
        billed=(*then.billed, *billed_lines(first.paper, match)),
        billed_headers=(*then.billed_headers, *billed_headers(first, match, rules)),
    )


def with_freight(quantity: int, freight: str, document_id: str = "doc_1") -> Facts:
    lines = (paper_line(1, quantity), paper_line(2, 1, freight, description="Fracht", seller_item_id=None))
    return facts(paper(lines, document_id=document_id))


def advance(amount: str, document_id: str = "doc_0", text: str = "Anzahlung 30 % zur Bestellung") -> PaperLine:
    return paper_line(2, 1, amount, description=text, seller_item_id=None)


def deposit_invoice(amount: str = "118.50", document_id: str = "doc_0") -> Paper:
    return paper((replace(advance(amount), index=1),), document_id=document_id, invoice_number="A-1")


def final_invoice(*more: PaperLine, **changes: object) -> Paper:
    return paper((paper_line(1), *more), **changes)


@finds("MATCH-CHARGE")
def test_allowance_for_freight_is_used_up_once_however_many_papers_bill_the_order() -> None:
    first, second = with_freight(50, "15", "doc_0"), with_freight(50, "15")
    assert codes(first, FREIGHT) == set()
    found = the("MATCH-CHARGE", after(first, second, FREIGHT), FREIGHT)
    assert found.difference == "30.00 EUR"
    assert "15.00 EUR together, and 15.00 EUR on papers before it" in found.message
    assert f"billed_header:doc_0/{PO}" in found.facts


@spares("MATCH-CHARGE")
def test_freight_that_stays_within_the_allowance_over_all_papers_clears() -> None:
    first, second = with_freight(50, "8", "doc_0"), with_freight(50, "8")
    assert codes(after(first, second, FREIGHT), FREIGHT) == set()


@spares("MATCH-CHARGE")
def test_second_paper_without_charges_is_not_held_for_those_of_the_first() -> None:
    first, second = with_freight(50, "100", "doc_0"), facts(paper((paper_line(1, 50),)))
    assert codes(after(first, second)) == set()


@spares("MATCH-CHARGE")
def test_freight_credited_gives_its_allowance_back() -> None:
    first = with_freight(50, "15", "doc_0")
    back = replace(first, paper=credit_note(first.paper.lines, document_id="doc_2"))
    both = after(back, after(first, with_freight(50, "15"), FREIGHT), FREIGHT)
    assert "MATCH-CHARGE" not in codes(both, FREIGHT)


def test_paper_on_two_orders_counts_once_for_a_paper_on_both() -> None:
    rows = tuple(
        BilledHeader(
            document_id="doc_0",
            po_number=number,
            net_amount=Decimal(200),
            ordered_amount=Decimal(200),
            balance_amount=Decimal(0),
            charge_amount=Decimal(12),
            deposit_amount=Decimal(0),
        )
        for number in (PO, "77")
    )
    both = with_freight(100, "7")
    here = replace(
        both,
        paper=replace(both.paper, purchase_order_references=(PO, "77")),
        orders=(order(), order(po_number="77")),
        billed_headers=rows,
    )
    assert "MATCH-CHARGE" not in codes(here, FREIGHT)


@finds("MATCH-TOTAL")
def test_small_differences_add_up_over_the_papers_that_bill_an_order() -> None:
    lines = tuple(order_line(number) for number in range(1, 5))
    receipts = tuple(receipt(number) for number in range(1, 5))

    def half(document_id: str) -> Facts:
        billed = tuple(paper_line(number, 50, "4.02") for number in range(1, 5))
        return facts(paper(billed, document_id=document_id), order_lines=lines, receipts=receipts)

    assert the("MATCH-TOTAL", half("doc_0")).outcome is Outcome.CLEAR
    found = the("MATCH-TOTAL", after(half("doc_0"), half("doc_1")))
    assert (found.outcome, found.difference) == (Outcome.HOLD, "28.00 EUR")
    assert "with papers before it 28.00 EUR on these orders" in found.message


@spares("MATCH-TOTAL")
def test_balance_that_a_later_paper_takes_back_is_not_held() -> None:
    dear, cheap = paper((paper_line(1, 50, "4.02"),), document_id="doc_0"), paper((paper_line(1, 50, "3.88"),))
    assert {at.outcome for at in check(after(facts(dear), facts(cheap)))} == {Outcome.CLEAR}


@finds("MATCH-NOT-RECEIVED")
def test_deposit_invoice_is_known_as_one_and_held_where_nothing_may_be_paid_in_advance() -> None:
    here = facts(deposit_invoice(), receipts=())
    found = the("MATCH-NOT-RECEIVED", here)
    assert codes(here) == {"MATCH-NOT-RECEIVED"}
    assert (found.subject, found.at_risk_amount) == ("line 1", "118.5")
    assert "118.50 EUR would be paid before goods have come" in found.message


@spares("MATCH-NOT-RECEIVED", "MATCH-LINE")
def test_deposit_the_policy_allows_is_touchless() -> None:
    assert codes(facts(deposit_invoice(), receipts=()), PREPAID) == set()
    services = with_override(Override(supplier_id="S1", receipt_required=False))
    assert codes(facts(deposit_invoice(), receipts=()), services) == set()


@finds("MATCH-NOT-RECEIVED")
def test_second_deposit_counts_with_the_first() -> None:
    first, second = facts(deposit_invoice("70"), receipts=()), facts(deposit_invoice("70", "doc_1"), receipts=())
    assert codes(first, PREPAID) == set()
    assert the("MATCH-NOT-RECEIVED", after(first, second, PREPAID), PREPAID).difference == "140.00 EUR"


@spares("MATCH-LINE", "MATCH-OVERBILLED", "MATCH-TOTAL")
def test_final_invoice_that_deducts_its_deposit_is_touchless() -> None:
    deducted = facts(final_invoice(advance("-118.50", text="abzüglich Anzahlung A-1")))
    assert codes(after(facts(deposit_invoice()), deducted)) == set()


@spares("MATCH-OVERBILLED")
def test_final_invoice_whose_prepaid_amount_is_the_deposit_is_touchless() -> None:
    gross = Decimal("141.02")  # 118.50 and 19 % VAT
    whole = final_invoice()
    prepaid = replace(whole, prepaid_amount=gross, amount_due=(whole.total_with_vat or Decimal(0)) - gross)
    assert codes(after(facts(deposit_invoice()), facts(prepaid))) == set()


@finds("MATCH-OVERBILLED")
def test_final_invoice_that_forgets_the_deposit_is_blocked() -> None:
    found = the("MATCH-OVERBILLED", after(facts(deposit_invoice()), facts(final_invoice())))
    assert (found.outcome, found.difference, found.subject) == (Outcome.BLOCK, "118.50 EUR", f"order {PO}")


@spares("MATCH-OVERBILLED")
def test_part_delivery_beside_an_open_deposit_clears_while_the_order_leaves_room() -> None:
    part = facts(paper((paper_line(1, 60),)))
    assert codes(after(facts(deposit_invoice()), part)) == set()


def test_deducting_more_than_was_paid_in_advance_makes_no_room_for_goods() -> None:
    deducted = facts(paper((paper_line(1, 130), advance("-118.50"))), receipts=(receipt(1, 130),))
    assert "MATCH-OVERBILLED" in codes(deducted)


def test_deposit_on_bottles_is_no_payment_in_advance() -> None:
    bottles = facts(final_invoice(advance("12", text="Bottle deposit")))
    assert codes(bottles) == {"MATCH-LINE"}


def test_nothing_is_remembered_beside_lines_of_an_order_in_another_currency() -> None:
    foreign = facts(deposit_invoice(), orders=(order(currency="USD"),))
    assert billed_headers(foreign, pair_lines(foreign), policy()) == ()
