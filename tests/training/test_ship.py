"""Shipment papers: the same for the same seed, true to their labels, with check digits that hold."""

import io
from collections import Counter
from itertools import pairwise
from random import Random

import pdfplumber
import pypdfium2
import pytest

from core.documents import SHIPMENT_TYPES, DocumentType
from training.documents_run import generate, shipment
from training.labels import label_of
from training.layouts import Printed
from training.ship_layouts import FAMILIES_OF, FAMILY_DRAWINGS
from training.ship_papers import ShipPaper
from training.ship_random import container_number, sscc
from training.ship_sheet import ShipStyle
from training.ship_words import SHIP_LANGUAGES, ship_words

Made = tuple[ShipPaper, ShipStyle, Printed]


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return [shipment(Random(f"test {index}")) for index in range(150)]


def test_the_same_chance_gives_the_same_bytes() -> None:
    assert shipment(Random(4))[2].pdf == shipment(Random(4))[2].pdf


def test_shipment_papers_come_in_eight_languages_and_all_families(made: list[Made]) -> None:
    assert {paper.language for paper, _, _ in made} == set(SHIP_LANGUAGES)
    assert len(SHIP_LANGUAGES) == 8
    assert {style.family for _, style, _ in made} == set(FAMILY_DRAWINGS)
    assert {family for families in FAMILIES_OF.values() for family in families} == set(FAMILY_DRAWINGS)


def test_every_language_knows_every_word() -> None:
    known = {language: set(ship_words(language)) for language in SHIP_LANGUAGES}
    assert all(words == known["en"] for words in known.values())


def test_every_labelled_value_stands_on_its_page_where_the_label_says(made: list[Made]) -> None:
    for paper, style, printed in made[:40]:
        document = pypdfium2.PdfDocument(printed.pdf)
        pages = [page.get_textpage() for page in document]
        height = style.page_size[1]
        for key, places in printed.seen.items():
            for place in places:
                x0, top, x1, bottom = place.box
                text = pages[place.page - 1].get_text_bounded(
                    left=x0 - 1, bottom=height - bottom - 1, right=x1 + 1, top=height - top + 1
                )
                assert _folded(place.text) in _folded(text), (paper.number, style.family, key)
        document.close()


def test_no_letter_is_printed_over_another_or_off_the_page(made: list[Made]) -> None:
    for paper, style, printed in made[:60]:
        with pdfplumber.open(io.BytesIO(printed.pdf)) as pdf:
            for page in pdf.pages:
                chars = sorted((c for c in page.chars if c["text"].strip()), key=lambda c: (round(c["top"]), c["x0"]))
                for before, after in pairwise(chars):
                    same_line = abs(before["top"] - after["top"]) < 1
                    over = after["x0"] < before["x1"] - 1 and after["x1"] > before["x0"] + 1
                    assert not (same_line and over), (paper.number, style.family)
                assert all(char["x0"] > 0 and char["x1"] < page.width for char in chars), style.family
                assert all(char["top"] > 0 and char["bottom"] < page.height for char in chars), style.family


def test_labels_say_only_what_is_printed_and_of_other_papers_nothing(made: list[Made]) -> None:
    for paper, style, printed in made:
        label = label_of(paper, style, printed, file="a.pdf")
        assert set(label["fields"]) <= set(label["evidence"])
        if paper.document_type is DocumentType.OTHER:
            assert not label["fields"]
            assert not label["lines"]
        if paper.document_type in SHIPMENT_TYPES:
            assert {"shipment_number", "shipper_name", "consignee_name"} <= set(label["fields"])


def test_packages_and_weights_of_the_lines_add_up(made: list[Made]) -> None:
    for paper, _, _ in made:
        if paper.packages is not None:
            assert paper.packages == sum(line.package_count or 0 for line in paper.lines)


def test_container_numbers_and_sscc_have_right_check_digits() -> None:
    rng = Random(1)
    for _ in range(200):
        code = sscc(rng)
        assert sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(code)) % 10 == 0
        assert len(container_number(rng)) == 11
    from stdnum import iso6346

    assert all(iso6346.is_valid(container_number(rng)) for _ in range(200))


def test_a_fair_share_of_generated_papers_are_shipment_papers() -> None:
    types = Counter(paper.document_type for paper, _, _ in generate(150, seed=11))
    shipments = sum(types[one] for one in SHIPMENT_TYPES)
    assert 0.2 <= shipments / 150 <= 0.5
    assert types[DocumentType.PURCHASE_ORDER]
    assert types[DocumentType.OTHER]


def _folded(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").split())
