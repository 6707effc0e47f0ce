"""What is strange on paper ends in little confidence or a finding: never in a confident wrong value or a crash."""

import math
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from random import Random

import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from core.documents import DocumentType, Extraction
from extraction.agreement import agrees
from extraction.extract import extract
from extraction.pipeline import read_and_extract
from tests.extraction.pages import INVOICE, Cells, page_of, reading_of
from tests.extraction.test_read import as_bytes, scan
from tests.triage.builders import check, facts
from triage.paper import paper_from_extraction

SURE = 0.9
Rows = list[Cells | str | None]


def swapped(rows: Rows, *changes: tuple[str, str]) -> Rows:
    """The rows with texts replaced, each of which must stand there."""
    made: Rows = []
    left = dict(changes)
    for row in rows:
        if isinstance(row, str):
            made.append(left.pop(row, row))
        else:
            made.append([(x, left.pop(text, text)) for x, text in row] if row else row)
    assert not left
    return made


def read_rows(rows: Rows) -> Extraction:
    """What a native page of these rows says."""
    return extract(reading_of(page_of(rows)))


def pdf_of(rows: Rows, *, font: str = "Helvetica") -> bytes:
    """The rows drawn as a page."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont(font, 9)
    for number, row in enumerate(rows):
        for x, text in [(40.0, row)] if isinstance(row, str) else row or ():
            canvas.drawString(x, 842 - 50 - 14 * number, text)
    canvas.save()
    return out.getvalue()


def held(extraction: Extraction) -> set[str]:
    """The codes of the controls that hold or block it."""
    return {found.code for found in check(facts(paper_from_extraction(extraction, "doc_1"), supplier=None))}


def sure_of(extraction: Extraction) -> dict[str, str]:
    """Values that would be taken without a person's look."""
    return {name: found.value for name, found in extraction.fields.items() if found.confidence >= SURE}


def test_the_ordinary_page_these_papers_are_made_from_is_read() -> None:
    extraction = read_rows(INVOICE)
    assert extraction.document_type is DocumentType.INVOICE
    assert agrees("total_with_vat", extraction.fields["total_with_vat"].value, "119")
    assert extraction.fields["invoice_number"].value == "RE-2026-0034"


def test_totals_that_contradict_each_other_are_held() -> None:
    extraction = read_rows(swapped(INVOICE, ("119,00", "191,00")))
    totals = ("total_without_vat", "total_vat", "total_with_vat")
    unsure = any(name not in extraction.fields or extraction.fields[name].confidence < SURE for name in totals)
    assert unsure or "DOC-ARITHMETIC" in held(extraction)


def test_an_iban_with_one_wrong_digit_is_told() -> None:
    extraction = read_rows(swapped(INVOICE, ("IBAN: DE30 5075 0094 0000 0485 67", "IBAN: DE30 5075 0094 0000 0485 68")))
    assert "payment_iban" not in sure_of(extraction) or "SUP-BANK" in held(extraction)


def test_two_currencies_leave_the_currency_unsure() -> None:
    extraction = read_rows([*swapped(INVOICE, ("119,00", "119,00 USD")), "Alle Beträge in CHF", "Gesamt 108,20 CHF"])
    assert "currency" not in sure_of(extraction)


def test_a_negative_invoice_keeps_its_minus() -> None:
    changes = (("100,00", "-100,00"), ("19,00", "-19,00"), ("119,00", "-119,00"))
    extraction = read_rows(swapped(INVOICE, *changes))
    gross = extraction.fields.get("total_with_vat")
    assert gross is None or gross.confidence < SURE or Decimal(gross.value) == -119


def test_an_invoice_over_nothing_is_read_as_nothing() -> None:
    changes = (("45,00", "0,00"), ("54,00", "0,00"), ("1,00", "0,00"), ("99,00", "0,00"))
    rows = swapped(INVOICE, ("100,00", "0,00"), ("19,00", "0,00"), ("119,00", "0,00"), *changes[:2], changes[3])
    gross = read_rows(rows).fields.get("total_with_vat")
    assert gross is None or gross.confidence < SURE or Decimal(gross.value) == 0


def test_a_contract_is_no_invoice() -> None:
    sentence = "The parties agree that either of them may end this agreement by notice of three months in writing."
    contract: Rows = [
        "SERVICE AGREEMENT",
        None,
        "between Alpha Retail Ltd, 12 High Street, Leeds LS1 4AB",
        "and Beta Cleaning Ltd, 3 Low Road, York YO1 7HU",
        None,
        *[f"{number}. {sentence}" for number in range(1, 15)],
        "The yearly fee is 12,000.00 GBP, payable in four parts of 3,000.00 GBP.",
        "Signed on 3 March 2026",
    ]
    extraction = read_rows(contract)
    assert extraction.document_type is DocumentType.OTHER or extraction.type_confidence < SURE
    assert {"DOC-TYPE", "DOC-CONFIDENCE"} & held(extraction)
    assert "invoice_number" not in sure_of(extraction)


def test_a_language_that_nobody_taught_it_is_not_read_with_confidence_that_is_wrong() -> None:
    finnish: Rows = [
        "Esimerkki Kauppa Oy",
        "Satamakatu 12",
        "00160 Helsinki",
        None,
        [(40, "Lasku"), (320, "Laskun numero:"), (450, "70412")],
        [(40, "Testi Myymälä Oyj"), (320, "Päiväys:"), (450, "5.11.2026")],
        [(40, "Rengastie 5"), (320, "Eräpäivä:"), (450, "5.12.2026")],
        [(40, "00500 Helsinki"), (320, "Asiakasnumero:"), (450, "88123")],
        None,
        [(40, "Tuote"), (300, "Määrä"), (380, "À-hinta"), (480, "Yhteensä")],
        [(40, "Kynä sininen"), (300, "10"), (380, "4,50"), (480, "45,00")],
        [(40, "Paperi"), (300, "5"), (380, "11,00"), (480, "55,00")],
        None,
        [(300, "Veroton yhteensä"), (480, "100,00")],
        [(300, "ALV 25,5 %"), (480, "25,50")],
        [(300, "Maksettava yhteensä"), (480, "125,50")],
    ]
    truth = {
        "invoice_number": "70412",
        "issue_date": "2026-11-05",
        "due_date": "2026-12-05",
        "total_without_vat": "100.00",
        "total_vat": "25.50",
        "total_with_vat": "125.50",
        "amount_due": "125.50",
        "seller_name": "Esimerkki Kauppa Oy",
        "buyer_name": "Testi Myymälä Oyj",
    }
    sure = sure_of(read_rows(finnish))
    wrong = {name: value for name, value in sure.items() if not agrees(name, value, truth.get(name, value))}
    assert not wrong


def test_three_hundred_lines_are_all_read() -> None:
    head, foot = INVOICE[:13], INVOICE[-5:]
    rows = [
        [(40.0, str(n)), (80.0, f"Ware {n}"), (300.0, "2"), (380.0, "3,00"), (480.0, "6,00")] for n in range(1, 301)
    ]
    pages, rest = [page_of([*head, *rows[:30]])], rows[30:]
    while rest:
        pages.append(page_of([head[12], *rest[:45]], number=len(pages) + 1))
        rest = rest[45:]
    totals = swapped(foot, ("100,00", "1.800,00"), ("19,00", "342,00"), ("119,00", "2.142,00"))
    pages.append(page_of(totals, number=len(pages) + 1))
    extraction = extract(reading_of(*pages))
    assert len(extraction.lines) == 300
    assert {Decimal(row["line_net_amount"].value) for row in extraction.lines} == {6}
    assert agrees("total_with_vat", extraction.fields["total_with_vat"].value, "2142")


@pytest.mark.parametrize("pages", [1, 3])
def test_blank_pages_say_nothing(pages: int) -> None:
    blank = Image.new("L", (1240, 1754), 255)
    out = BytesIO()
    blank.save(out, "TIFF", save_all=True, append_images=[blank] * (pages - 1), dpi=(150, 150))
    extraction = read_and_extract(out.getvalue())
    assert not extraction.fields
    assert not extraction.lines
    assert {"DOC-TYPE", "DOC-UNREADABLE"} & held(extraction)


def test_a_page_upside_down_is_read_as_if_it_were_not() -> None:
    upright = read_and_extract(as_bytes(scan(pdf_of(INVOICE)), "PNG", dpi=(200, 200)))
    turned = read_and_extract(as_bytes(scan(pdf_of(INVOICE)).rotate(180), "PNG", dpi=(200, 200)))
    for name in ("invoice_number", "issue_date", "total_with_vat"):
        assert turned.fields[name].value == upright.fields[name].value
    place = turned.fields["total_with_vat"].evidence[0].box
    assert place.top < 842 / 2, "the evidence must lie where a person sees it, on the page as it was sent"


def test_handwriting_and_pictures_of_no_paper_give_nothing_to_be_sure_of() -> None:
    for picture in (scribble(), cat()):
        extraction = read_and_extract(as_bytes(picture, "PNG", dpi=(150, 150)))
        assert not sure_of(extraction)
        assert {"DOC-TYPE", "DOC-UNREADABLE", "DOC-CONFIDENCE"} & held(extraction)


def scribble() -> Image.Image:
    """Lines of loops, as from a pen."""
    picture, rng = Image.new("L", (1240, 900), 250), Random(3)
    pen = ImageDraw.Draw(picture)
    for row in range(8):
        points = [
            (80 + 6 * step + 14 * math.sin(step / 1.7), 80 + 95 * row + rng.uniform(10, 40) * math.sin(step / 1.1))
            for step in range(170)
        ]
        for start, end in pairwise(points):
            pen.line([start, end], fill=60, width=3)
    return picture


def cat() -> Image.Image:
    """A cat, as far as circles and triangles go, on a sofa of noise."""
    picture, rng = Image.new("L", (1000, 800)), Random(4)
    picture.putdata([140 + rng.randint(-40, 40) for _ in range(1000 * 800)])
    pen = ImageDraw.Draw(picture)
    for left in (330, 560):
        pen.polygon([(left, 260), (left + 60, 90), (left + 120, 260)], fill=70)
    pen.ellipse((300, 200, 700, 600), fill=80)
    for left in (400, 540):
        pen.ellipse((left, 330, left + 60, 400), fill=220)
        pen.ellipse((left + 22, 340, left + 38, 390), fill=10)
    for lift in (-20, 0, 20):
        pen.line((200, 480 + lift, 440, 470), fill=230, width=3)
        pen.line((560, 470, 800, 480 + lift), fill=230, width=3)
    return picture
