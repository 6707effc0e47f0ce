"""Pages of text and pictures: each word is read once, where it can be read best."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from core.documents import Page, Source
from extraction import ocr_page, read_regions
from extraction.read import read

SIZE = (595, 842)
LINES = (
    "Rechnung Nr. R-2024-118 vom 05.03.2024",
    "Lieferant GmbH, Lieferantenstrasse 20, 80333 Muenchen",
    "20 Stueck Trennblaetter A4 zu 9,90 EUR 198,00",
    "50 Stueck Joghurt Banane zu 5,50 EUR 275,00",
    "Der Betrag von 529,87 EUR ist zahlbar bis zum 04.04.2024",
)


def printed(*lines: str, size: tuple[int, int] = (1200, 300), letters: int = 48) -> ImageReader:
    """A picture of lines of text."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((30, 30 + 2 * letters * number), line, font=ImageFont.load_default(letters), fill=30)
    return ImageReader(image)


def page_of(draw: Callable[[Canvas], None]) -> Page:
    """A page as it is read."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=SIZE)
    draw(canvas)
    canvas.save()
    return read(out.getvalue(), media_type="application/pdf").pages[0]


def draw_lines(canvas: Canvas) -> None:
    """Five lines of an invoice in the middle of the page."""
    for number, line in enumerate(LINES):
        canvas.drawString(60, 560 - 30 * number, line)


def texts(page: Page) -> list[str]:
    """The words of a page."""
    return [word.text for word in page.words]


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a picture is read."""

    def refuse(*_arguments: object, **_options: object) -> None:
        pytest.fail("a picture was read")

    monkeypatch.setattr(read_regions, "read_picture", refuse)
    monkeypatch.setattr(ocr_page, "engines", refuse)


def test_a_letterhead_that_is_a_picture_is_read_into_the_text_above_which_it_stands() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas)
        canvas.drawImage(printed("Harbour Supplies Ltd", "VAT GB 123 4567 89"), 60, 690, 300, 75)

    page = page_of(draw)
    assert page.source is Source.TEXT_LAYER
    assert texts(page) == ["Harbour", "Supplies", "Ltd", "VAT", "GB", "123", "4567", "89", *" ".join(LINES).split()]
    name = page.words[0]
    assert name.confidence < 1
    assert name.box.x0 == pytest.approx(60 + 30 / 4, abs=3)
    assert 842 - 765 < name.box.top < name.box.bottom < 842 - 740
    assert page.words[-1].confidence == 1


def test_half_a_page_of_scan_makes_the_page_one_of_ocr() -> None:
    many = [f"{row} pieces of article {row}00 at 1.50 each {row * 15}.00" for row in range(1, 12)]

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 800, "Scanned for you by the mail room on 2024-03-06")
        canvas.drawImage(printed(*many, size=(1600, 1150)), 40, 100, 500, 360)

    page = page_of(draw)
    assert page.source is Source.OCR
    assert {"mail", "article", "165.00"} <= set(texts(page))


def test_a_page_number_in_the_file_of_a_scan_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(printed(*LINES, size=(1700, 2400)), 0, 0, *SIZE)
        canvas.drawString(280, 20, "Page 1 of 7")

    page = page_of(draw)
    assert page.source is Source.OCR
    assert "R-2024-118" in texts(page)
    assert texts(page)[-4:] == ["Page", "1", "of", "7"]
    assert texts(page).count("Page") == 1
    assert page.words[-1].confidence == 1


@pytest.mark.usefixtures("no_ocr")
def test_a_small_logo_a_line_or_a_background_starts_no_ocr() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (600, 800), 230)), 0, 0, *SIZE)
        for number in range(24):
            canvas.drawString(60, 800 - 32 * number, LINES[number % 5])
        canvas.drawImage(printed("LOGO"), 480, 790, 80, 24)
        canvas.drawImage(printed("_"), 60, 50, 480, 3)

    assert page_of(draw).source is Source.TEXT_LAYER


@pytest.mark.usefixtures("no_ocr")
def test_a_picture_of_one_shade_starts_no_ocr() -> None:
    def draw(canvas: Canvas) -> None:
        draw_lines(canvas)
        canvas.drawImage(ImageReader(Image.new("L", (300, 300), 200)), 60, 100, 300, 300)

    assert texts(page_of(draw)) == " ".join(LINES).split()
