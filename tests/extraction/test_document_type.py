"""What kind of paper it is: by title, by labels, and honest where neither is there."""

from random import Random

import pytest

from core.documents import Box, DocumentType, Page, Reading, Source, Word
from extraction.document_type import FACTS, facts_of, tell_document_type
from extraction.extract import extract, has_totals, scene_of
from extraction.read import read
from training.documents_run import generate, shipment
from training.extraction_noise import as_if_scanned
from training.labels import label_of


def reading_of(*rows: str, size: float = 10.0, source: Source = Source.TEXT_LAYER) -> Reading:
    """A page with these rows of text, the first of them as large as a title."""
    words: list[Word] = []
    for number, row in enumerate(rows):
        height, x, top = size * (1.8 if number == 0 else 1.0), 50.0, 40.0 + 30 * number
        for text in row.split():
            width = 0.55 * height * len(text)
            words.append(Word(text=text, box=Box(x, top, x + width, top + height)))
            x += width + 0.3 * height
    page = Page(number=1, width=595.0, height=842.0, source=source, words=tuple(words))
    return Reading(sha256="0" * 64, media_type="application/pdf", pages=(page,))


def kind_of(reading: Reading) -> DocumentType:
    scene, _ = scene_of(reading)
    return tell_document_type(scene, has_totals=has_totals(scene))[0]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Packliste", DocumentType.PACKING_LIST),
        ("PACKING LIST", DocumentType.PACKING_LIST),
        ("Lieferschein Nr. 4711", DocumentType.DELIVERY_NOTE),
        ("Albarán de entrega", DocumentType.DELIVERY_NOTE),
        ("Lettre de voiture internationale (CMR)", DocumentType.BILL_OF_LADING),
        ("Bill of Lading", DocumentType.BILL_OF_LADING),
        ("Awizo dostawy", DocumentType.DESPATCH_ADVICE),
        ("Aviso de expedição", DocumentType.DESPATCH_ADVICE),
        ("Bestellung", DocumentType.PURCHASE_ORDER),
        ("Gutschrift", DocumentType.CREDIT_NOTE),
        ("Rahmenvertrag", DocumentType.OTHER),
    ],
)
def test_a_title_says_what_it_is_in_any_language(title: str, kind: DocumentType) -> None:
    assert kind_of(reading_of(title, "Nordwind GmbH", "Hafenweg 3", "20457 Hamburg")) is kind


def test_a_delivery_note_that_names_the_order_is_no_order() -> None:
    rows = ("Delivery Note", "Purchase Order: 4711", "Delivery Note No.: D-17", "Carrier: Overland Haulage")
    assert kind_of(reading_of(*rows)) is DocumentType.DELIVERY_NOTE


def test_a_page_without_words_is_other_and_not_sure_of_it() -> None:
    found = extract(reading_of(source=Source.OCR))
    assert found.document_type is DocumentType.OTHER
    assert found.type_confidence <= 0.6


def test_every_fact_has_a_number() -> None:
    scene, _ = scene_of(reading_of("Packing List", "Gross Weight: 12 kg"))
    facts = facts_of(scene, has_totals=False)
    assert set(facts) == set(FACTS)
    assert facts["title_packing_list"] > 0
    assert facts["names_gross_weight"] == 1


def test_kinds_of_generated_papers_are_told_with_confidence_to_match() -> None:
    papers = [*generate(40, seed=991), *(shipment(Random(f"kinds {index}")) for index in range(60))]
    rights, confidences = [], []
    for index, (paper, style, printed) in enumerate(papers):
        reading = read(printed.pdf, media_type="application/pdf")
        if index % 2:
            reading = as_if_scanned(reading, Random(index))
        scene, _ = scene_of(reading)
        kind, confidence = tell_document_type(scene, has_totals=has_totals(scene))
        rights.append(kind == label_of(paper, style, printed, file="a.pdf")["document_type"])
        confidences.append(confidence)
    assert sum(rights) >= 0.97 * len(rights)
    assert abs(sum(rights) / len(rights) - sum(confidences) / len(confidences)) <= 0.06
