"""What lines say besides: units and price bases, charges and discounts of their own, item numbers, misread figures."""

from core.documents import Box, Extraction, Page, Source
from extraction.bundle import keyword_bundle
from extraction.extract import extract
from tests.extraction.pages import Cells, page_of, reading_of

Rows = list[Cells | str | None]
HEADING: Cells = [(40, "Pos"), (80, "Description"), (300, "Qty"), (380, "Unit price"), (480, "Amount")]


def read(rows: Rows, *, source: Source = Source.TEXT_LAYER) -> Extraction:
    return extract(reading_of(page_of(rows, source=source)), bundle=keyword_bundle())


def lines_of(rows: Rows, *, source: Source = Source.TEXT_LAYER) -> list[dict[str, str]]:
    return [{name: field.value for name, field in line.items()} for line in read(rows, source=source).lines]


def test_a_price_for_a_hundred_says_so() -> None:
    rows: Rows = ["Invoice", HEADING, [(40, "1"), (80, "Screws"), (300, "250"), (380, "8.40 / 100"), (480, "21.00")]]
    line = lines_of(rows)[0]
    assert (line["unit_price"], line["price_base_quantity"], line["line_net_amount"]) == ("8.4", "100", "21")
    assert "adds up" in read(rows).lines[0]["line_net_amount"].reasons[0]


def test_a_discount_on_a_row_of_its_own_is_a_line_when_the_total_needs_it() -> None:
    rows: Rows = [
        "Invoice",
        HEADING,
        [(40, "1"), (80, "Paper"), (300, "4"), (380, "5.00"), (480, "20.00")],
        [(80, "Discount 10 %"), (480, "-2.00")],
        [(40, "2"), (80, "Pens"), (300, "3"), (380, "1.00"), (480, "3.00")],
        None,
        [(300, "Net total"), (480, "21.00")],
    ]
    lines = lines_of(rows)
    assert [line["line_net_amount"] for line in lines] == ["20", "-2", "3"]
    assert lines[1]["description"] == "Discount 10 %"
    assert "quantity" not in lines[1]


def test_a_deposit_is_a_line_like_any_other() -> None:
    rows: Rows = [
        "Rechnung",
        [(40, "Pos"), (80, "Bezeichnung"), (300, "Menge"), (380, "Einzelpreis"), (480, "Gesamt")],
        [(40, "1"), (80, "Wasser"), (300, "10"), (380, "4,00"), (480, "40,00")],
        [(80, "Pfand"), (300, "10"), (380, "3,30"), (480, "33,00")],
        None,
        [(300, "Summe netto"), (480, "73,00")],
    ]
    assert [line["line_net_amount"] for line in lines_of(rows)] == ["40", "33"]


def test_services_without_quantities_are_lines_when_they_make_up_the_total() -> None:
    rows: Rows = [
        "Invoice",
        None,
        [(40, "Maintenance of lift, March"), (480, "120.00")],
        [(40, "Call-out on 3 March"), (480, "45.50")],
        None,
        [(300, "Net total"), (480, "165.50")],
        [(300, "VAT 20 %"), (480, "33.10")],
        [(300, "Total"), (480, "198.60")],
    ]
    lines = lines_of(rows)
    assert [(line["description"], line["line_net_amount"]) for line in lines] == [
        ("Maintenance of lift, March", "120"),
        ("Call-out on 3 March", "45.5"),
    ]
    assert not any("quantity" in line for line in lines)


def test_goods_in_sentences_say_how_many_at_which_price() -> None:
    rows: Rows = [
        "Invoice",
        None,
        [(40, "387 kg x Screwdriver 1 kg at 9.66"), (480, "3,738.42")],
        [(40, "5 pc x Pasta organic at 80.82"), (480, "404.10")],
        None,
        [(300, "Net total"), (480, "4,142.52")],
    ]
    lines = lines_of(rows)
    assert [(line["quantity"], line["unit_price"], line["line_net_amount"]) for line in lines] == [
        ("387", "9.66", "3738.42"),
        ("5", "80.82", "404.1"),
    ]
    assert lines[0]["unit"] == "kg"


def test_net_and_tax_that_make_up_the_total_are_no_lines() -> None:
    rows: Rows = ["Invoice", [(300, "Net"), (480, "100.00")], [(300, "VAT 20 %"), (480, "20.00")]]
    rows += [[(300, "Total"), (480, "120.00")]]
    assert lines_of(rows) == []


def test_item_numbers_named_below_the_description_are_taken_out_of_it() -> None:
    rows: Rows = [
        "Rechnung",
        [(40, "Pos"), (80, "Bezeichnung"), (300, "Menge"), (380, "Einzelpreis"), (480, "Gesamt")],
        [(40, "1"), (80, "Papier weiß"), (300, "10"), (380, "4,00"), (480, "40,00")],
        [(80, "Art.-Nr.: KX-4711")],
        [(80, "GTIN: 4012345001235")],
    ]
    line = lines_of(rows)[0]
    assert (line["description"], line["seller_item_id"], line["gtin"]) == ("Papier weiß", "KX-4711", "4012345001235")


def test_a_quantity_misread_by_ocr_is_put_right_and_says_so() -> None:
    rows: Rows = ["Invoice", HEADING, [(40, "1"), (80, "Paper"), (300, "2"), (380, "11.76"), (480, "11.76")]]
    field = read(rows, source=Source.OCR).lines[0]["quantity"]
    assert field.value == "1"
    assert "misread" in field.reasons[0]
    assert lines_of(rows)[0]["quantity"] == "2"


def test_an_amount_misread_by_ocr_is_put_right_only_against_the_total() -> None:
    rows: Rows = ["Invoice", HEADING, [(40, "1"), (80, "Paper"), (300, "50"), (380, "5.50"), (480, "215.00")]]
    rows += [None, [(300, "Net total"), (480, "275.00")]]
    assert lines_of(rows, source=Source.OCR)[0]["line_net_amount"] == "275"
    assert lines_of(rows[:-2], source=Source.OCR)[0]["line_net_amount"] == "215"


def test_lines_drawn_between_rows_say_which_words_belong_together() -> None:
    rows: Rows = [
        "Invoice",
        HEADING,
        [(80, "Paper white")],
        [(40, "1"), (80, "with a band"), (300, "10"), (380, "4.50"), (480, "45.00")],
        [(80, "Pens blue")],
        [(40, "2"), (80, "in a box"), (300, "3"), (380, "18.00"), (480, "54.00")],
    ]
    page = page_of(rows)
    drawn = tuple(Box(35, 40 + 14 * row - 2.0, 520, 40 + 14 * row - 2.0) for row in (2, 4, 6))
    ruled = Page(number=1, width=595, height=842, source=page.source, words=page.words, rulings=drawn)
    lines = extract(reading_of(ruled), bundle=keyword_bundle()).lines
    assert [line["description"].value for line in lines] == ["Paper white with a band", "Pens blue in a box"]
