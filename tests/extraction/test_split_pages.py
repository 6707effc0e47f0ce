"""Pages of several invoices are parted where everything speaks for it; one invoice is never torn apart."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from core.documents import Page, Reading
from extraction.bundle import default_bundle
from extraction.limits import ReadLimits
from extraction.parts import Several, cut_file
from extraction.pipeline import read_and_extract, read_documents
from extraction.render import render_page
from extraction.split_pages import Cut, cut_pages
from tests.extraction.pages import INVOICE, Cells, page_of, reading_of
from tests.extraction.test_read import draw_invoice, make_pdf

Rows = list[Cells | str | None]
AMOUNTS = {"R": ("100,00", "19,00", "119,00"), "S": ("200,00", "38,00", "238,00"), "T": ("300,00", "57,00", "357,00")}


def invoice(number: str, place: str | None = None) -> Rows:
    """The invoice of the other tests under another number, with amounts of its own and a page counter."""
    net, tax, gross = AMOUNTS[number[0]]
    said = {"RE-2026-0034": number, "100,00": net, "19,00": tax, "119,00": gross}
    rows: Rows = [
        row if row is None or isinstance(row, str) else [(left, said.get(text, text)) for left, text in row]
        for row in INVOICE
        if row is None or isinstance(row, str) or all("bertrag" not in text for _, text in row)
    ]
    return [*rows, *[None] * 26, place] if place else rows


def continued(place: str = "Seite 2 von 2", *more: Cells | str | None) -> Rows:
    """A page that goes on, with a counter at its foot."""
    rows: Rows = [[(40, "9"), (80, "Ordner"), (300, "1"), (380, "1,00"), (480, "1,00")], *more]
    return [*rows, *[None] * (50 - len(rows)), place]


def reading(*pages: Rows) -> Reading:
    made: Sequence[Page] = [page_of(rows, number=number) for number, rows in enumerate(pages, 1)]
    return reading_of(*made)


def cut(*pages: Rows) -> Cut:
    return cut_pages(reading(*pages), default_bundle())


def test_invoices_of_a_page_each_are_parted() -> None:
    parted = cut(invoice("R-10452"), invoice("S-20981"), invoice("T-31007"))
    assert parted.ranges == ((1, 1), (2, 2), (3, 3))
    assert parted.numbers == ("R-10452", "S-20981", "T-31007")


def test_a_page_that_goes_on_stays_with_its_invoice() -> None:
    pages = (invoice("R-10452", "Seite 1 von 2"), continued(), invoice("S-20981", "Seite 1 von 1"))
    assert cut(*pages).ranges == ((1, 2), (3, 3))


@pytest.mark.parametrize(
    "pages",
    [
        [invoice("R-10452")],
        [invoice("R-10452"), invoice("R-10452")],
        [invoice("R-10452", "Seite 1 von 2"), invoice("S-20981", "Seite 2 von 2")],
        [invoice("R-10452"), invoice("S-20981", "Page 2")],
        [invoice("R-10452"), [[(300, "Übertrag"), (480, "99,00")], *invoice("S-20981")]],
        [invoice("R-10452"), [*invoice("S-20981"), "Ihre Rechnung R-10452"]],
        [[*invoice("R-10452"), "Siehe auch S-20981"], invoice("S-20981")],
        [invoice("R-10452"), continued("Seite 2")],
        [continued("1/2"), continued("2/2")],
        [[], []],
    ],
    ids=[
        "one page", "same number", "counted through", "second page", "carried over", "names the first",
        "named by the first", "goes on", "no numbers", "blank",
    ],
)  # fmt: skip
def test_what_may_be_one_invoice_is_left_whole(pages: list[Rows]) -> None:
    assert cut(*pages).ranges == ((1, len(pages)),)


def test_two_invoices_that_cannot_be_parted_are_said_to_be_two() -> None:
    (remark,) = cut(invoice("R-10452", "Seite 1 von 2"), invoice("S-20981")).remarks()
    assert (remark.code, remark.outcome) == ("DOC-MULTIPLE", "hold")
    assert "R-10452, S-20981" in remark.message


def test_an_invoice_of_one_number_and_total_is_not_said_to_be_more() -> None:
    assert cut(invoice("R-10452", "Seite 1 von 2"), continued()).remarks() == ()


def test_an_einvoice_is_never_cut() -> None:
    with_data = replace(reading(invoice("R-10452"), invoice("S-20981")), xml=b"<Invoice/>")
    assert cut_pages(with_data, default_bundle()).ranges == ((1, 2),)


def batch() -> bytes:
    """A PDF of two invoices, the second of which goes over two pages."""
    whole = pypdfium2.PdfDocument.new()
    for _ in range(3):
        whole.import_pages(pypdfium2.PdfDocument(make_pdf(draw_invoice)))
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def tiff() -> bytes:
    """Three blank pages of different sizes."""
    pages = [Image.new("1", (200 + number, 300), 1) for number in range(3)]
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200))
    return out.getvalue()


@pytest.mark.parametrize(("data", "media_type"), [(batch(), "application/pdf"), (tiff(), "image/tiff")])
def test_cut_files_are_the_same_each_time_and_can_be_drawn(data: bytes, media_type: str) -> None:
    ranges = ((1, 1), (2, 3))
    parts = cut_file(data, media_type, ranges, ReadLimits())
    assert parts == cut_file(data, media_type, ranges, ReadLimits())
    assert [part.pages for part in parts] == list(ranges)
    assert parts[0].file_name("scan.one.pdf") == "scan.one (page 1).pdf"
    assert parts[1].file_name("scan") == "scan (pages 2-3)"
    for part, first in zip(parts, (1, 2), strict=True):
        drawn = render_page(part.data, media_type, 1, 60)
        assert drawn == render_page(data, media_type, first, 60)


def test_pages_that_look_alike_are_read_as_one_paper() -> None:
    result = read_documents(batch())
    assert not isinstance(result, Several)
    assert result.fields == read_and_extract(batch()).fields


def printed(*pages: Rows) -> bytes:
    """The pages as a PDF with a text layer."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for rows in pages:
        canvas.setFont("Helvetica", 9)
        for index, row in enumerate(rows):
            for left, text in [(40.0, row)] if isinstance(row, str) else row or ():
                canvas.drawString(left, 842 - 47 - 14 * index, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_pdf_of_several_invoices_becomes_files_that_say_what_their_pages_say() -> None:
    pages = (invoice("R-10452", "Seite 1 von 2"), continued(), invoice("S-20981", "Seite 1 von 1"))
    result = read_documents(printed(*pages))
    assert isinstance(result, Several)
    assert [part.to_json(2) for part in result.parts] == [
        {"number": 1, "of": 2, "first_page": 1, "last_page": 2},
        {"number": 2, "of": 2, "first_page": 3, "last_page": 3},
    ]
    first, second = (read_and_extract(part.data) for part in result.parts)
    assert [len(one.page_sizes) for one in (first, second)] == [2, 1]
    assert [one.fields["invoice_number"].value for one in (first, second)] == ["R-10452", "S-20981"]
    assert [one.fields["total_with_vat"].value for one in (first, second)] == ["119", "238"]
    assert [place.page for place in second.fields["invoice_number"].evidence] == [1]
    assert first.findings == second.findings == ()
    assert not any(isinstance(read_documents(part.data), Several) for part in result.parts)


def test_several_invoices_read_as_one_paper_are_held() -> None:
    whole = read_and_extract(printed(invoice("R-10452"), invoice("S-20981")))
    assert [(remark.code, remark.outcome) for remark in whole.findings] == [("DOC-MULTIPLE", "hold")]
