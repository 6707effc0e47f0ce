"""Units: what converts into what, and what a clerk sees where nothing does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.decisions import Outcome
from core.units import unit_of
from tests.triage.builders import (
    PO,
    check,
    codes,
    delivery_note,
    facts,
    item,
    order_line,
    paper,
    paper_line,
    receipt,
    the,
)
from tests.triage.examples import finds, spares
from triage.conversion import conversion
from triage.facts import BilledLine, Facts, PaperLine
from triage.match import billed_lines, pair_lines

DOZEN = item(case_pack=Decimal(12), unit="pcs")


def billing(
    quantity: str | int, unit: str | None, price: str, ordered: tuple[str, str | None, str], **changes: object
) -> Facts:
    """A line in one unit, against an order line of (quantity, unit, price) that was received in full."""
    line = replace(paper_line(1, quantity, price), unit=unit)
    ours = order_line(1, ordered[0], ordered[2], unit=ordered[1])
    return facts(paper((line,)), order_lines=(ours,), receipts=(receipt(1, ordered[0]),), items=(DOZEN,), **changes)


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("H87 EA PCE pcs Stk. Stück st pièces unità? pz", "pcs"),
        ("CT XCT BX Karton cartons colis doos scatole VE", "CT"),
        ("KGM kg Kilo", "kg"),
        ("LTR l Liter", "l"),
    ],
)
def test_codes_and_words_of_a_unit_are_one(words: str, same: str) -> None:
    for word in words.split():
        if not word.endswith("?"):
            assert unit_of(word) == unit_of(same) is not None, word


@spares("MATCH-PRICE", "MATCH-QUANTITY", "MATCH-OVERBILLED", "MATCH-LINE")
def test_invoice_in_cartons_against_an_order_in_pieces_is_touchless() -> None:
    here = billing(10, "CT", "47.40", ("120", "pcs", "3.95"))
    assert check(here) == ()
    (pair,) = pair_lines(here).pairs
    assert (pair.quantity, pair.unit_price, pair.net_amount) == (Decimal(120), Decimal("3.95"), Decimal(474))
    assert pair.conversion == "1 CT is 12 pcs, by the item's case pack"
    assert pair.reason == "paired by supplier item id (100), 1 CT is 12 pcs, by the item's case pack"


@spares("MATCH-PRICE", "MATCH-QUANTITY", "MATCH-OVERBILLED", "MATCH-LINE")
def test_invoice_in_pieces_against_an_order_in_cartons_is_touchless() -> None:
    here = billing(40, "H87", "3.95", ("10", "Karton", "47.40"))
    assert check(here) == ()
    (figures,) = pair_lines(here).figures
    assert abs((figures.invoiced or Decimal(0)) - Decimal(40) / 12) < Decimal("1E-20")


@finds("MATCH-PRICE", "MATCH-OVERBILLED")
def test_too_much_in_another_unit_is_found_in_the_orders_own() -> None:
    dear = the("MATCH-PRICE", billing(10, "CT", "50.40", ("120", "pcs", "3.95")))
    assert (dear.expected, dear.actual, dear.difference) == ("3.95 EUR", "4.20 EUR", "30.00 EUR")
    many = the("MATCH-OVERBILLED", billing(12, "CT", "47.40", ("120", "pcs", "3.95")))
    assert (many.actual, many.difference) == ("144 pcs", "24 pcs")


@finds("MATCH-OVERBILLED")
def test_thirds_of_a_carton_add_up_to_whole_ones() -> None:
    third = Decimal(40) / 12
    before = tuple(
        BilledLine(document_id=f"doc_{at}", po_number=PO, line_number="1", quantity=third, net_amount=Decimal(158))
        for at in (7, 8)
    )
    here = billing(40, "pcs", "3.95", ("10", "CT", "47.40"), billed=before)
    assert check(here) == ()
    more = billing(47, "pcs", "3.95", ("10", "CT", "47.40"), billed=before)
    assert the("MATCH-OVERBILLED", more).actual == "10.58333333 CT"


@spares("MATCH-LINE")
def test_measures_convert_by_their_sizes() -> None:
    assert check(billing(2500, "g", "0.004", ("2.5", "KGM", "4.00"))) == ()
    assert check(billing(5, "DZN", "47.40", ("60", "Stk", "3.95"))) == ()


@finds("MATCH-LINE")
@pytest.mark.parametrize(
    ("printed", "ordered"), [("kg", "pcs"), ("pcs", "KGM"), ("l", "kg"), ("PF", "pcs"), ("CT", "kg")]
)
def test_units_that_do_not_convert_are_held_and_never_compared(printed: str, ordered: str) -> None:
    here = billing(100, printed, "3.95", ("100", ordered, "3.95"))
    found = the("MATCH-LINE", here)
    assert found.outcome is Outcome.HOLD
    assert found.message.endswith(f"but is in {printed} on the paper, ordered in {ordered}: they do not convert.")
    assert (found.expected, found.actual, found.at_risk_amount) == (f"100 {ordered}", f"100 {printed}", "395")
    assert codes(here) == {"MATCH-LINE"}


@finds("MATCH-LINE")
def test_cartons_of_an_item_without_a_case_pack_do_not_convert() -> None:
    here = replace(billing(10, "CT", "47.40", ("120", "pcs", "3.95")), items=(item(),))
    assert "the item has no case pack" in the("MATCH-LINE", here).message


def test_what_cannot_be_counted_counts_by_its_value_for_the_papers_after_it() -> None:
    here = billing(80, "kg", "4.9375", ("100", "pcs", "3.95"))
    (line,) = billed_lines(here.paper, pair_lines(here))
    assert (line.quantity, line.net_amount) == (Decimal(100), Decimal(395))


@spares("MATCH-LINE")
@pytest.mark.parametrize(
    ("printed", "ordered"),
    [("Gbd.", "pcs"), ("pcs", "Gbd."), ("Flasche", "pcs"), ("C62", "CT"), ("unit", "kg"), (None, "CT"), ("kg", None)],
)
def test_unknown_or_vague_units_are_one_where_quantity_and_price_fit(printed: str | None, ordered: str | None) -> None:
    assert check(billing(60, printed, "3.95", ("100", ordered, "3.95"))) == ()


@finds("MATCH-LINE")
def test_unknown_unit_at_another_price_is_held_with_the_reason_and_compared_as_before() -> None:
    here = billing(60, "Gbd.", "4.40", ("100", "pcs", "3.95"))
    assert codes(here) == {"MATCH-LINE", "MATCH-PRICE", "MATCH-TOTAL"}
    assert "not known whether they are one unit" in the("MATCH-LINE", here).message
    assert codes(billing(130, "Gbd.", "3.95", ("100", "pcs", "3.95"))) >= {"MATCH-LINE", "MATCH-OVERBILLED"}


def test_vague_unit_that_does_not_fit_as_it_stands_counts_pieces() -> None:
    (pair,) = pair_lines(billing(120, "C62", "3.95", ("10", "CT", "47.40"))).pairs
    assert pair.quantity == Decimal(10)


def test_case_pack_counts_the_items_own_unit() -> None:
    sack = item(case_pack=Decimal(25), unit="KGM")
    into = conversion("CT", order_line(unit="g"), sack, lambda: False)
    assert into.quantity(Decimal(2)) == Decimal(50_000)
    assert not conversion("CT", order_line(unit="pcs"), sack, lambda: False).is_possible


@finds("SHIP-OVER")
def test_delivery_in_units_that_do_not_convert_is_held() -> None:
    line = replace(paper_line(1, 100), unit="kg")
    assert the("SHIP-OVER", facts(delivery_note((line,)))).message.endswith("they do not convert.")
    assert check(facts(delivery_note((replace(line, quantity=Decimal(8), unit="CT"),)), items=(DOZEN,))) == ()


@pytest.mark.parametrize("quantity", [-5, 0])
def test_negative_and_zero_quantities_and_prices_are_judged_without_falling_over(quantity: int) -> None:
    for price in ("0", "3.95"):
        for ordered in ("0", "3.95"):
            for unit in ("CT", "pcs", "kg", None):
                check(billing(quantity, unit, price, ("100", "pcs", ordered)))


def test_amounts_of_a_trillion_are_exact_and_do_not_fall_over() -> None:
    huge = PaperLine(
        index=1,
        seller_item_id="NL0001",
        quantity=Decimal("999999999999.12345678"),
        unit="CT",
        unit_price=Decimal("999999999999.12345678"),
        line_net_amount=Decimal("999999999999.12"),
    )
    here = facts(paper((huge,)), order_lines=(order_line(1, "999999999999", "999999999999.99"),), items=(DOZEN,))
    assert {"MATCH-OVERBILLED", "DOC-ARITHMETIC"} <= codes(here)
