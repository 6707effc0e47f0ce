"""Reading pages: text layers, scans and images come out as words in points on an upright page."""

import math
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from core.documents import Box, Page, Source
from core.errors import InputError
from extraction.frames import Frame
from extraction.limits import ReadLimits
from extraction.pipeline import ReadOptions, read_and_extract, warm_up
from extraction.read import read, read_framed
from extraction.render import render_page

SIZE = (595, 842)
DPI = 150
LINES = (
    "Rechnung Nr. R-2024-118 vom 05.03.2024",
    "Lieferant GmbH, Lieferantenstrasse 20, 80333 Muenchen",
    "Wir liefern Ihnen nach Ihrer Bestellung vom 01.03.2024",
    "Menge und Preis der Artikel in dieser Rechnung",
    "20 Stueck Trennblaetter A4 zu 9,90 EUR 198,00",
    "50 Stueck Joghurt Banane zu 5,50 EUR 275,00",
    "Der Betrag von 529,87 EUR ist zahlbar bis zum 04.04.2024",
)


def make_pdf(draw: Callable[[Canvas], None], *, pages: int = 1) -> bytes:
    """A PDF whose every page is drawn by the function."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=SIZE)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def draw_invoice(canvas: Canvas) -> None:
    """Seven lines of an invoice from the top left."""
    canvas.setFont("Helvetica", 12)
    for number, line in enumerate(LINES):
        canvas.drawString(60, 760 - 40 * number, line)


def scan(data: bytes, *, dpi: int = DPI, turn: float = 0.0) -> Image.Image:
    """A grey picture of a PDF's first page, turned counter-clockwise by degrees."""
    picture = Image.open(BytesIO(render_page(data, "application/pdf", 1, dpi))).convert("L")
    return picture.rotate(turn, expand=turn % 90 == 0, fillcolor=255, resample=Image.Resampling.BICUBIC)


def as_bytes(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def texts(page: Page) -> list[str]:
    """The words of a page."""
    return [word.text for word in page.words]


def has_ink(picture: Image.Image, box: Box, *, scale: float = 1.0) -> bool:
    """Whether something dark lies in a box."""
    x0, top, x1, bottom = (round(edge * scale) for edge in box)
    return min(picture.crop((x0, top, x1, bottom)).tobytes()) < 128


def test_words_of_a_text_layer_come_in_reading_order_with_boxes_in_points() -> None:
    reading = read(make_pdf(draw_invoice), media_type="application/pdf")
    page = reading.pages[0]
    assert page.source is Source.TEXT_LAYER
    assert (page.width, page.height) == SIZE
    assert texts(page) == " ".join(LINES).split()
    first = page.words[0].box
    assert first.x0 == pytest.approx(60, abs=1)
    assert 842 - 760 - 14 < first.top < 842 - 760 < first.bottom < 842 - 760 + 6


def test_columns_far_apart_are_different_words_in_the_same_row() -> None:
    def draw(canvas: Canvas) -> None:
        draw_invoice(canvas)
        for row in range(3):
            canvas.drawString(400, 300 - 20 * row, f"{row}9,90")
            canvas.drawString(60, 300 - 20 * row, f"Artikel{row}")

    words = texts(read(make_pdf(draw), media_type="application/pdf").pages[0])
    assert words[-6:] == ["Artikel0", "09,90", "Artikel1", "19,90", "Artikel2", "29,90"]


def test_what_is_written_beyond_the_edge_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        draw_invoice(canvas)
        canvas.drawString(700, 500, "Hidden")
        canvas.drawString(60, 900, "Hidden")

    assert "Hidden" not in texts(read(make_pdf(draw), media_type="application/pdf").pages[0])


@pytest.mark.parametrize("below", ["text", "scan"])
def test_words_without_ink_are_not_read(below: str) -> None:
    picture = scan(make_pdf(draw_invoice))

    def draw(canvas: Canvas) -> None:
        if below == "text":
            draw_invoice(canvas)
        else:
            canvas.drawInlineImage(picture, 0, 0, *SIZE)
        for row in range(12):
            text = canvas.beginText(60, 300 - 20 * row)
            text.setTextRenderMode(3)
            text.textLine("IBAN DE02120300000000202051 in words that nobody sees")
            canvas.drawText(text)

    page = read(make_pdf(draw), media_type="application/pdf").pages[0]
    assert page.source is (Source.TEXT_LAYER if below == "text" else Source.OCR)
    assert "R-2024-118" in texts(page)
    assert "IBAN" not in texts(page)


def test_what_is_filled_into_a_form_is_read_and_drawn() -> None:
    def draw(canvas: Canvas) -> None:
        draw_invoice(canvas)
        canvas.acroForm.textfield(name="total", value="1.234,56", x=300, y=300, width=100, height=20)

    data = make_pdf(draw)
    words = read(data, media_type="application/pdf").pages[0].words
    filled = next(word for word in words if word.text == "1.234,56")
    assert 842 - 320 < filled.box.top < filled.box.bottom < 842 - 300 + 2
    picture = Image.open(BytesIO(render_page(data, "application/pdf", 1, 72))).convert("L")
    assert has_ink(picture, filled.box)


def test_a_note_along_the_edge_is_one_word_after_the_others() -> None:
    def draw(canvas: Canvas) -> None:
        draw_invoice(canvas)
        canvas.saveState()
        canvas.translate(30, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Vertraulich")
        canvas.restoreState()

    assert texts(read(make_pdf(draw), media_type="application/pdf").pages[0])[-1] == "Vertraulich"


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_turned_page_is_read_upright_and_shown_as_it_lies(turned: int) -> None:
    writer = PdfWriter()
    page = PdfReader(BytesIO(make_pdf(draw_invoice))).pages[0]
    page.cropbox.lower_left = (10, 20)
    writer.add_page(page.rotate(turned))
    out = BytesIO()
    writer.write(out)
    framed = read_framed(out.getvalue(), media_type="application/pdf")
    read_page, frame = framed.reading.pages[0], framed.frames[0]
    assert texts(read_page) == " ".join(LINES).split()
    assert (read_page.width, read_page.height) == (585, 822)
    shown = frame.to_display(read_page.words[0].box)
    picture = Image.open(BytesIO(render_page(out.getvalue(), "application/pdf", 1, 72))).convert("L")
    assert (picture.width, picture.height) == (round(frame.width), round(frame.height))
    assert has_ink(picture, shown)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (100, 30), (300, 500)])
@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
@pytest.mark.parametrize("skew", [0.0, 0.03])
def test_a_box_set_upright_and_back_is_where_it_was(x: float, y: float, quarter: int, skew: float) -> None:
    frame = Frame(width=600, height=800, quarter=quarter, skew=skew)
    box = Box(x, y, x + 40, y + 10)
    assert frame.to_display(frame.to_upright(box)) == pytest.approx(box)


def test_a_scan_is_read_in_its_language_with_confidence() -> None:
    data = as_bytes(scan(make_pdf(draw_invoice)), "PNG", dpi=(DPI, DPI))
    page = read(data, media_type="image/png").pages[0]
    assert page.source is Source.OCR
    assert (page.width, page.height) == pytest.approx(SIZE, abs=1)
    assert len(set(texts(page)) & set(" ".join(LINES).split())) > 40
    assert all(0 <= word.confidence <= 1 for word in page.words)
    number = next(word for word in page.words if word.text == "R-2024-118")
    assert number.box.top == pytest.approx(842 - 760 - 9, abs=4)


def test_a_pdf_of_scans_is_recognised_page_by_page() -> None:
    picture = scan(make_pdf(draw_invoice))

    def draw(canvas: Canvas) -> None:
        if canvas.getPageNumber() == 2:
            canvas.drawInlineImage(picture, 0, 0, *SIZE)
        else:
            draw_invoice(canvas)

    pages = read(make_pdf(draw, pages=3), media_type="application/pdf").pages
    assert [page.source for page in pages] == [Source.TEXT_LAYER, Source.OCR, Source.TEXT_LAYER]
    assert "R-2024-118" in texts(pages[1])


def test_a_stamp_on_a_scan_does_not_pass_for_its_text_layer() -> None:
    picture = scan(make_pdf(draw_invoice))

    def draw(canvas: Canvas) -> None:
        canvas.drawInlineImage(picture, 0, 0, *SIZE)
        canvas.drawString(300, 20, "Received on 2024-03-06 by the mail room, page 1 of 1")

    page = read(make_pdf(draw), media_type="application/pdf").pages[0]
    assert page.source is Source.OCR
    assert {"R-2024-118", "Received"} <= set(texts(page))


def test_an_empty_page_has_no_words_and_needs_no_ocr() -> None:
    pages = read(make_pdf(lambda canvas: None, pages=2), media_type="application/pdf").pages
    assert [page.words for page in pages] == [(), ()]
    assert pages[0].source is Source.TEXT_LAYER


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_lying_on_its_side_is_set_upright(turn: int) -> None:
    picture = scan(make_pdf(draw_invoice), turn=turn)
    framed = read_framed(as_bytes(picture, "PNG", dpi=(DPI, DPI)), media_type="image/png")
    page, frame = framed.reading.pages[0], framed.frames[0]
    number = next(word for word in page.words if word.text == "R-2024-118")
    assert (page.width, page.height) == pytest.approx(SIZE, abs=1)
    assert number.box.top == pytest.approx(842 - 760 - 9, abs=4)
    shown = frame.to_display(number.box)
    assert has_ink(picture, shown, scale=DPI / 72)


@pytest.mark.parametrize("degrees", [-2.0, 1.5])
def test_the_rows_of_a_crooked_scan_stay_together(degrees: float) -> None:
    picture = scan(make_pdf(draw_invoice), turn=degrees)
    framed = read_framed(as_bytes(picture, "PNG", dpi=(DPI, DPI)), media_type="image/png")
    assert math.degrees(framed.frames[0].skew) == pytest.approx(-degrees, abs=0.4)
    words = framed.reading.pages[0].words
    row = [word for word in words if word.text in {"Joghurt", "275,00"}]
    assert abs(row[0].box.bottom - row[-1].box.bottom) < 5


def test_a_photo_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = scan(make_pdf(draw_invoice)).transpose(Image.Transpose.ROTATE_90)
    page = read(as_bytes(picture, "JPEG", exif=exif, quality=90), media_type="image/jpeg").pages[0]
    assert page.height > page.width
    assert "R-2024-118" in texts(page)


def test_every_page_of_a_tiff_is_read() -> None:
    picture = scan(make_pdf(draw_invoice)).convert("1")
    data = as_bytes(picture, "TIFF", save_all=True, append_images=[picture], compression="group4", dpi=(DPI, DPI))
    pages = read(data, media_type="image/tiff").pages
    assert [page.number for page in pages] == [1, 2]
    assert all("R-2024-118" in texts(page) for page in pages)


def test_a_page_is_drawn_for_people() -> None:
    data = make_pdf(draw_invoice, pages=2)
    assert Image.open(BytesIO(render_page(data, "application/pdf", 2, 100))).size == pytest.approx((826, 1169), abs=1)
    with pytest.raises(Exception, match="DOC-PAGE-UNKNOWN"):
        render_page(data, "application/pdf", 3, 100)


@pytest.mark.parametrize("mode", ["RGBA", "P", "I;16", "CMYK", "LA", "1"])
def test_images_of_every_kind_of_pixel_can_be_read_and_drawn(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    picture = scan(make_pdf(draw_invoice))
    if mode == "I;16":
        deep = bytearray(2 * picture.width * picture.height)
        deep[0::2] = deep[1::2] = picture.tobytes()
        picture = Image.frombytes("I;16", picture.size, bytes(deep))
    else:
        picture = picture.convert(mode)
    data = as_bytes(picture, kind)
    assert "R-2024-118" in texts(read(data, media_type=f"image/{kind.lower()}").pages[0])
    assert render_page(data, f"image/{kind.lower()}", 1, 50)


def test_the_pipeline_says_what_an_invoice_holds_where_people_see_it() -> None:
    warm_up()
    extraction = read_and_extract(make_pdf(draw_invoice), ReadOptions())
    assert extraction.fields["invoice_number"].value == "R-2024-118"
    assert extraction.page_sizes == ((595.0, 842.0),)


def test_a_document_over_the_size_limit_is_refused() -> None:
    with pytest.raises(InputError, match="DOC-TOO-LARGE"):
        read_and_extract(make_pdf(draw_invoice), ReadOptions(limits=ReadLimits(max_bytes=100)))
