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
