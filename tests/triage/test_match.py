"""Pairing of paper lines with order lines."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

from core.documents import DocumentType
from tests.triage.builders import (
    PO,
    credit_note,
    delivery_note,
    facts,
    item,
    order,
    order_line,
    paper,
    paper_line,
    receipt,
    supplier,
)
from triage.facts import BilledLine, Facts, PaperLine
from triage.match import Match, billed_lines, known_invoice, pair_lines

NOTHING: dict[str, Any] = {"description": None, "seller_item_id": None}


def why(line: PaperLine, **changes: object) -> list[tuple[str, str]]:
    """What a line paired with, and by what."""
    match = pair_lines(facts(paper((line,)), **changes))
    return [(pair.line_number, pair.why) for pair in match.pairs]


def lines_of(match: Match) -> dict[int, str]:
    return {pair.paper_line: pair.line_number for pair in match.pairs}


def two_lines(**changes: object) -> dict[str, object]:
    return {"order_lines": (order_line(1), order_line(2, price=9)), "items": (item(1), item(2)), **changes}


def test_order_line_number_is_the_strongest_tie() -> None:
    line = paper_line(2, price=9, purchase_order_line="0002", **NOTHING)
    assert why(line, **two_lines()) == [("2", "order line")]


def test_line_number_means_nothing_among_several_orders() -> None:
    other = order_line(2, po_number="77")
    line = paper_line(1, purchase_order_line="2", **NOTHING)
    both = paper((line,), purchase_order_references=(PO, "77"))
    match = pair_lines(facts(both, orders=(order(), order(po_number="77")), order_lines=(order_line(1), other)))
    assert match.unpaired == (1,)


def test_line_that_says_one_item_is_never_taken_for_the_order_line_of_another() -> None:
    line = paper_line(1, purchase_order_line="1", buyer_item_id="ITEM-2", **NOTHING)
    assert why(line, **two_lines()) == [("2", "item id")]


def test_item_id_gtin_and_supplier_item_id_pair_in_that_order() -> None:
    gtin = item(2).gtin
    assert why(paper_line(1, buyer_item_id="item 2", **NOTHING), **two_lines()) == [("2", "item id")]
    assert why(paper_line(1, gtin=gtin, **NOTHING), **two_lines()) == [("2", "GTIN")]
    by_number = paper_line(1, **(NOTHING | {"seller_item_id": "nl-0002"}))
    assert why(by_number, **two_lines()) == [("2", "supplier item id")]


def test_gtin_with_and_without_leading_zeros_is_one() -> None:
    line = paper_line(1, gtin="00012345678905", **NOTHING)
    assert why(line, items=(item(1, gtin="012345678905"),)) == [("1", "GTIN")]


def test_description_pairs_when_nothing_else_does_and_the_price_is_not_absurd() -> None:
    line = paper_line(1, seller_item_id=None, description="OLIVE OIL extra virgin, 5 l")
    assert why(line) == [("1", "description and price")]
    assert why(replace(line, unit_price=Decimal(40), line_net_amount=Decimal(4000))) == []


def test_vague_description_pairs_only_at_the_orders_price() -> None:
    line = paper_line(1, seller_item_id=None, description="Olive oil virgin 5l tin")
    assert why(line) == [("1", "description and price")]
    assert why(replace(line, unit_price=Decimal("4.30"), line_net_amount=Decimal(430))) == []


def test_identifier_inside_the_text_pairs_like_one_of_its_own() -> None:
    for words in ("Art.Nr. : NL-0002 Netto", "ITEM-2", f"mug {item(2).gtin}"):
        line = paper_line(1, seller_item_id=None, description=words)
        assert why(line, **two_lines()) == [("2", "identifier in the text")], words


def test_two_lines_for_one_item_go_to_its_two_order_lines() -> None:
    orders = (order_line(1, 60), replace(order_line(1, 40), line_number="2"))
    lines = (paper_line(1, 40), replace(paper_line(1, 60), index=2))
    assert lines_of(pair_lines(facts(paper(lines), order_lines=orders))) == {1: "2", 2: "1"}


def test_several_paper_lines_add_up_on_one_order_line() -> None:
    lines = (paper_line(1, 60), replace(paper_line(1, 40), index=2))
    (figures,) = pair_lines(facts(paper(lines))).figures
    assert (figures.invoiced, figures.paper_lines, figures.invoiced_net) == (Decimal(100), (1, 2), Decimal(395))


def test_line_that_names_its_order_bills_only_that_one() -> None:
    other = order_line(1, po_number="77")
    line = paper_line(1, purchase_order_reference="77")
    match = pair_lines(
        facts(paper((line,)), orders=(order(), order(po_number="77")), order_lines=(order_line(), other))
    )
    assert [(pair.po_number, pair.line_number) for pair in match.pairs] == [("77", "1")]


def test_order_number_is_found_as_people_print_it() -> None:
    for printed in ("4500012", "45 000 12", "45OOO12", "PO 4500012", "Nr4500012"):
        assert pair_lines(facts(paper(purchase_order_references=(printed,)))).unknown_orders == (), printed
    assert pair_lines(facts(paper(purchase_order_references=("4500013",)))).unknown_orders == ("4500013",)


def test_number_that_could_be_two_orders_is_neither() -> None:
    orders = (order(po_number="A-4500012"), order(po_number="B-4500012"))
    assert pair_lines(facts(orders=orders, order_lines=())).unknown_orders == (PO,)


def test_what_is_missing_of_quantity_price_and_amount_is_derived() -> None:
    for missing in ("quantity", "unit_price", "line_net_amount"):
        gap: dict[str, Any] = {missing: None}
        (pair,) = pair_lines(facts(paper((replace(paper_line(1), **gap),)))).pairs
        assert (pair.quantity, pair.unit_price, pair.net_amount) == (Decimal(100), Decimal("3.95"), Decimal(395))


def test_credit_note_counts_as_negative_printed_with_or_without_minus() -> None:
    minus = paper_line(1, -100)
    for printed in (credit_note(), credit_note((minus,))):
        (figures,) = pair_lines(facts(printed)).figures
        assert (figures.invoiced, figures.invoiced_net) == (Decimal(-100), Decimal(-395))


def test_figures_sum_receipts_returns_and_what_others_billed_but_not_itself() -> None:
    billed = tuple(
        BilledLine(document_id=name, po_number=PO, line_number="1", quantity=Decimal(10), net_amount=Decimal(39))
        for name in ("doc_0", "doc_1")
    )
    receipts = (receipt(1, 80), receipt(1, 30, receipt_id="GR-2"), receipt(1, -5, receipt_id="GR-3"))
    (figures,) = pair_lines(facts(billed=billed, receipts=receipts)).figures
    assert (figures.received, figures.billed, figures.billed_by) == (Decimal(105), Decimal(10), ("doc_0",))


def test_paper_without_an_order_number_is_paired_with_what_is_open() -> None:
    match = pair_lines(facts(paper(purchase_order_references=())))
    assert [pair.po_number for pair in match.pairs] == [PO]


def test_delivery_note_pairs_by_description_without_prices() -> None:
    line = paper_line(1, seller_item_id=None)
    assert lines_of(pair_lines(facts(delivery_note((line,))))) == {1: "1"}


def test_what_is_remembered_of_a_paper_is_its_debt() -> None:
    credit = credit_note()
    (line,) = billed_lines(credit, pair_lines(facts(credit)))
    remembered = known_invoice(credit, supplier().supplier_id)
    assert (line.quantity, line.net_amount) == (Decimal(-100), Decimal(-395))
    assert remembered is not None and remembered.total_with_vat == Decimal("-470.05")


def test_delivery_note_bills_nothing() -> None:
    note = delivery_note()
    assert billed_lines(note, pair_lines(facts(note))) == ()
    assert known_invoice(note, "S1") is None
    assert known_invoice(paper(document_type=DocumentType.INVOICE, invoice_number=None), "S1") is None


def test_pairing_does_not_depend_on_the_order_of_anything() -> None:
    lines = (paper_line(1, 40), replace(paper_line(1, 60), index=2), replace(paper_line(2, 5, 9), index=3))
    orders = (order_line(1, 60), replace(order_line(1, 40), line_number="3"), order_line(2, 5, 9))
    expected = pair_lines(_given(lines, orders))
    for shuffled_lines in permutations(lines):
        for shuffled_orders in permutations(orders):
            assert pair_lines(_given(shuffled_lines, shuffled_orders)) == expected


def _given(lines: tuple[PaperLine, ...], orders: tuple[object, ...]) -> Facts:
    return facts(paper(lines), order_lines=orders)
