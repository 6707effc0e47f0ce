"""Goods of shipment papers: packages, weights, lots and SSCC in columns, under descriptions, without any price."""

from random import Random

import pytest

from core.documents import Box, Page, Reading, Source, Word
from extraction.agreement import agrees
from extraction.bundle import keyword_bundle
from extraction.extract import extract, scene_of
from extraction.lines_shipment import shipment_lines
from extraction.read import read
from training.documents_run import shipment
from training.labels import label_of

SSCC = "340123450000000018"


def page_of(*rows: tuple[tuple[float, str], ...]) -> Reading:
    """A page of rows, each of texts that begin at a place."""
    words: list[Word] = []
    for number, row in enumerate(rows):
        top = 60.0 + 14 * number
        for start, text in row:
            x = start
            for part in text.split():
                words.append(Word(text=part, box=Box(x, top, x + 5 * len(part), top + 9)))
                x += 5 * len(part) + 3
    page = Page(number=1, width=595.0, height=842.0, source=Source.TEXT_LAYER, words=tuple(words))
    return Reading(sha256="0" * 64, media_type="application/pdf", pages=(page,))


def lines_of(*rows: tuple[tuple[float, str], ...]) -> list[dict[str, str]]:
    scene, _ = scene_of(page_of(*rows))
    return [{name: value.value for name, value in line.items()} for line in shipment_lines(scene)]


def test_lots_and_codes_under_the_description_belong_to_the_line_above() -> None:
    lines = lines_of(
        ((40, "Item No."), (120, "Description"), (330, "Quantity"), (420, "Unit")),
        ((40, "A-100"), (120, "Copy paper white"), (345, "12"), (420, "pcs")),
        ((120, "Lot: L4711"),),
        ((120, f"SSCC: {SSCC}"),),
        ((40, "A-200"), (120, "Hand soap"), (345, "24"), (420, "pcs")),
        ((120, "Lot: L4712"),),
    )
    assert [line["lot_number"] for line in lines] == ["L4711", "L4712"]
    assert lines[0]["sscc"] == SSCC
    assert [line["description"] for line in lines] == ["Copy paper white", "Hand soap"]


def test_of_ordered_delivered_and_backordered_the_delivered_counts() -> None:
    lines = lines_of(
        ((40, "Description"), (200, "Ordered"), (280, "Delivered"), (380, "Backordered")),
        ((40, "Kitchen roll"), (215, "20"), (295, "15"), (395, "5")),
    )
    assert lines == [{"description": "Kitchen roll", "quantity": "15"}]


def test_a_bill_of_lading_counts_packages_and_weighs_them() -> None:
    lines = lines_of(
        ((40, "Marks"), (140, "Packages"), (240, "Description of Goods"), (450, "Gross Weight")),
        ((40, "N/M"), (140, "24 cartons"), (240, "Olive oil in tins"), (450, "310.5 kg")),
        ((140, "24"), (240, "TOTAL"), (450, "310.5")),
    )
    assert [(line["package_count"], line["gross_weight"], line["description"]) for line in lines] == [
        ("24", "310.5", "Olive oil in tins")
    ]


def test_the_row_of_sums_is_no_line() -> None:
    lines = lines_of(
        ((40, "Bezeichnung"), (300, "Menge"), (400, "Packstücke")),
        ((40, "Ordner rot"), (310, "12"), (415, "2")),
        ((40, "Gesamt"), (310, "12"), (415, "2")),
    )
    assert len(lines) == 1


def test_an_sscc_in_the_first_column_across_a_wide_gap_is_a_column_of_the_table() -> None:
    lines = lines_of(
        ((40, "SSCC"), (150, "EAN"), (260, "Description"), (420, "Qty")),
        ((40, SSCC), (150, "4006381333931"), (260, "Copy paper"), (425, "12")),
    )
    assert lines[0]["sscc"] == SSCC


def test_a_second_sscc_column_is_read_under_its_heading() -> None:
    lines = lines_of(
        ((40, "Nr."), (80, "SSCC-code"), (220, "Omschrijving"), (420, "Aantal")),
        ((40, "1"), (80, SSCC), (220, "Kopieerpapier"), (425, "12")),
    )
    assert lines[0]["sscc"] == SSCC


def test_an_item_number_named_under_the_description_is_read() -> None:
    lines = lines_of(
        ((40, "Beschreibung"), (330, "Menge")),
        ((40, "Ordner rot"), (345, "12")),
        ((40, "Art.Nr.: KX-760755"),),
    )
    assert lines == [{"description": "Ordner rot", "quantity": "12", "seller_item_id": "KX-760755"}]


def test_packages_counted_as_the_unit_of_a_quantity_do_not_end_the_table() -> None:
    lines = lines_of(
        ((40, "Q.tà"), (140, "Descrizione")),
        ((40, "24 pz"), (140, "Sapone liquido")),
        ((40, "144 colli"), (140, "Lampada da tavolo")),
        ((40, "12 pz"), (140, "Olio")),
    )
    assert [line["quantity"] for line in lines] == ["24", "144", "12"]


def test_right_aligned_quantities_that_begin_left_of_their_heading_are_whole() -> None:
    lines = lines_of(
        ((90, "Qty"), (140, "Description"), (350, "Packages")),
        ((50, "100 cartons"), (140, "Bin bags"), (360, "4")),
        ((60, "50 boxes"), (140, "Hand soap"), (360, "2")),
    )
    assert [line["quantity"] for line in lines] == ["100", "50"]


def test_an_item_no_whose_cells_do_not_count_lines_is_the_sellers_number() -> None:
    lines = lines_of(
        ((40, "Item No."), (120, "Description"), (330, "Quantity"), (420, "Unit")),
        ((40, "908889"), (120, "Copy paper"), (345, "12"), (420, "pcs")),
        ((40, "4275"), (120, "Hand soap"), (345, "24"), (420, "pcs")),
    )
    assert [line["seller_item_id"] for line in lines] == ["908889", "4275"]


def test_a_heading_whose_first_word_alone_says_nothing_is_told_by_the_word_under_it() -> None:
    lines = lines_of(
        ((40, "Pos."), (80, "Material"), (160, "Warenbezeichnung"), (330, "Gelieferte"), (430, "Brutto")),
        ((330, "Menge"), (430, "kg")),
        ((40, "1"), (80, "KX-31640"), (160, "Wandfarbe"), (335, "100"), (430, "158,3")),
    )
    assert [(line["line_id"], line["quantity"], line["gross_weight"]) for line in lines] == [("1", "100", "158.3")]


def test_a_link_word_ends_a_heading_that_goes_on_below() -> None:
    lines = lines_of(
        ((40, "Referencia"), (140, "Descripción"), (330, "N.º de"), (430, "Cant.")),
        ((330, "lote"),),
        ((40, "A364650"), (140, "Café"), (330, "CH21906"), (430, "12")),
    )
    assert lines[0]["lot_number"] == "CH21906"


def test_two_headings_side_by_side_are_two_columns_even_where_they_would_name_one() -> None:
    lines = lines_of(
        ((40, "Pos."), (90, "Código"), (126.5, "Artículo"), (430, "Uds.")),
        ((40, "1"), (90, "18768"), (126.5, "Papel de copia"), (430, "6")),
    )
    assert (lines[0]["seller_item_id"], lines[0]["description"]) == ("18768", "Papel de copia")


def test_the_title_straight_over_a_table_is_none_of_its_headings() -> None:
    lines = lines_of(
        ((40, "LIEFERSCHEIN"),),
        ((40, "Pos."), (80, "Artikelbezeichnung"), (300, "Menge")),
        ((40, "10"), (80, "Gartenschlauch"), (310, "144")),
    )
    assert lines == [{"line_id": "10", "description": "Gartenschlauch", "quantity": "144"}]


def test_labels_and_values_beside_the_table_are_none_of_its_rows() -> None:
    lines = lines_of(
        ((40, "Your order"),),
        ((40, "PO-774"), (190, "No."), (230, "SSCC"), (350, "Description"), (500, "Qty")),
        ((40, "Delivery date"),),
        ((40, "7 Nov 2025"), (190, "1"), (230, SSCC), (350, "Bed linen"), (505, "10")),
        ((40, "Gross weight"),),
        ((40, "29.10"), (190, "2"), (230, SSCC), (350, "Desk lamp"), (505, "6")),
    )
    assert [(line["line_id"], line["quantity"], line["description"]) for line in lines] == [
        ("1", "10", "Bed linen"),
        ("2", "6", "Desk lamp"),
    ]


@pytest.mark.parametrize("name", ["quantity", "package_count", "lot_number"])
def test_nearly_all_cells_of_generated_papers_are_read(name: str) -> None:
    right = wanted = 0
    for index in range(30):
        paper, style, printed = shipment(Random(f"lines {index}"))
        label = label_of(paper, style, printed, file="a.pdf")
        if not label["lines"] or paper.kind == "purchase_order":
            continue
        found = extract(read(printed.pdf, media_type="application/pdf"), bundle=keyword_bundle()).lines
        for given, line in zip(found, label["lines"], strict=False):
            if name in line:
                right += name in given and agrees(name, given[name].value, line[name])
        wanted += sum(name in line for line in label["lines"])
    assert right >= 0.85 * wanted
