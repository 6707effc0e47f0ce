"""Lines come out of tables by their headings, and the figures decide where headings leave doubt."""

import pytest

from core.documents import Extraction
from extraction.bundle import keyword_bundle
from extraction.extract import extract
from tests.extraction.pages import INVOICE, Cells, page_of, reading_of

Rows = list[Cells | str | None]


def lines_of(*pages: Rows) -> list[dict[str, str]]:
    made = [page_of(rows, number=number) for number, rows in enumerate(pages, 1)]
    return texts(extract(reading_of(*made), bundle=keyword_bundle()))


def texts(extraction: Extraction) -> list[dict[str, str]]:
    return [{name: field.value for name, field in line.items()} for line in extraction.lines]


def figures(lines: list[dict[str, str]]) -> list[tuple[str | None, ...]]:
    return [tuple(line.get(name) for name in ("quantity", "unit_price", "line_net_amount")) for line in lines]


HEADING: Cells = [(40, "Pos"), (80, "Description"), (300, "Qty"), (380, "Unit price"), (480, "Amount")]


def test_lines_are_read_and_carried_sums_are_not_lines() -> None:
    lines = lines_of(INVOICE)
    assert figures(lines) == [("10", "4.5", "45"), ("3", "18", "54"), ("1", "1", "1")]


def test_a_wrapped_description_is_one_description() -> None:
    assert lines_of(INVOICE)[0]["description"] == "Papier A4 weiß mit Banderole"


def test_a_unit_beside_the_quantity_is_read_apart() -> None:
    rows: Rows = ["Invoice", HEADING, [(40, "1"), (80, "Paper"), (300, "20 pcs"), (380, "1.50"), (480, "30.00")]]
    line = lines_of(rows)[0]
    assert (line["quantity"], line["unit"]) == ("20", "pcs")


def test_a_table_goes_on_over_the_page_with_its_heading_again() -> None:
    first: Rows = ["Invoice", HEADING, *_items(1, 3), [(300, "Carried forward"), (480, "30.00")]]
    second: Rows = [
        HEADING,
        [(300, "Brought forward"), (480, "30.00")],
        *_items(4, 5),
        [(300, "Total"), (480, "50.00")],
    ]
    assert figures(lines_of(first, second)) == [("2", "5", "10")] * 5


def test_a_table_goes_on_over_the_page_without_a_heading() -> None:
    first: Rows = ["Invoice", HEADING, *_items(1, 3)]
    second: Rows = ["Muster Ltd", None, *_items(4, 5), None, [(300, "Total"), (480, "50.00")]]
    assert figures(lines_of(first, second)) == [("2", "5", "10")] * 5


def test_a_heading_over_two_rows_is_one_heading() -> None:
    rows: Rows = [
        "Invoice",
        [(80, "Description"), (300, "Qty"), (380, "Unit"), (480, "Net")],
        [(380, "price"), (480, "amount")],
        [(80, "Paper"), (300, "2"), (380, "5.00"), (480, "10.00")],
        [(80, "Pens"), (300, "4"), (380, "2.00"), (480, "8.00")],
    ]
    assert figures(lines_of(rows)) == [("2", "5", "10"), ("4", "2", "8")]


def test_what_multiplies_out_decides_between_two_readings() -> None:
    rows: Rows = [
        "Rechnung",
        [(80, "Artikel"), (200, "Menge"), (270, "Preis"), (360, "Netto"), (460, "Gesamt")],
        [(80, "Papier"), (200, "2"), (270, "5,00"), (360, "10,00"), (460, "11,90")],
        [(80, "Stifte"), (200, "4"), (270, "2,00"), (360, "8,00"), (460, "9,52")],
    ]
    assert figures(lines_of(rows)) == [("2", "5", "10"), ("4", "2", "8")]


def test_a_line_that_does_not_multiply_out_says_so() -> None:
    rows: Rows = ["Invoice", HEADING, [(40, "1"), (80, "Paper"), (300, "2"), (380, "5.00"), (480, "99.00")]]
    extraction = extract(reading_of(page_of(rows)), bundle=keyword_bundle())
    assert "quantity × price does not add up" in extraction.lines[0]["line_net_amount"].reasons


def test_delivery_notes_have_lines_without_prices() -> None:
    rows: Rows = [
        "Lieferschein",
        None,
        [(40, "Pos"), (80, "Artikel-Nr."), (180, "Bezeichnung"), (400, "Menge"), (470, "Einheit")],
        [(40, "1"), (80, "A-100"), (180, "Papier"), (400, "10"), (470, "Stk")],
        [(40, "2"), (80, "A-200"), (180, "Stifte"), (400, "4"), (470, "Ktn")],
    ]
    lines = lines_of(rows)
    assert [(line["seller_item_id"], line["quantity"], line["unit"]) for line in lines] == [
        ("A-100", "10", "Stk"),
        ("A-200", "4", "Ktn"),
    ]


def test_a_global_article_number_is_found_under_the_description() -> None:
    rows: Rows = ["Invoice", HEADING, *_items(1, 1), [(80, "GTIN: 4012345001235")]]
    assert lines_of(rows)[0]["gtin"] == "4012345001235"


def test_the_tax_breakdown_is_rate_base_and_tax_that_fit() -> None:
    rows: Rows = [
        "Rechnung",
        [(40, "MwSt. 19 % auf"), (200, "100,00"), (300, "19,00")],
        [(40, "MwSt. 7 % auf"), (200, "50,00"), (300, "3,50")],
    ]
    extraction = extract(reading_of(page_of(rows)), bundle=keyword_bundle())
    rates = [
        (row["rate"].value, row["taxable_amount"].value, row["tax_amount"].value) for row in extraction.tax_breakdown
    ]
    assert rates == [("19", "100", "19"), ("7", "50", "3.5")]


@pytest.mark.parametrize("rows", [["Invoice"], ["Invoice", HEADING], [HEADING, HEADING]])
def test_no_items_are_no_lines(rows: Rows) -> None:
    assert lines_of(rows) == []


def _items(first: int, last: int) -> Rows:
    return [
        [(40, str(n)), (80, f"Thing {n}"), (300, "2"), (380, "5.00"), (480, "10.00")] for n in range(first, last + 1)
    ]
