"""The lines drawn on a page are those that pdfplumber sees, and a page full of drawings does not hold anyone up."""

import io
import time

import pdfplumber
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.documents import Box
from extraction.frames import Frame
from extraction.limits import ReadLimits
from extraction.pdf import open_page, open_pdf
from extraction.read import read
from extraction.rulings import rulings_of


def drawn(*, grid: bool = True, strokes: int = 0) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.drawString(60, 700, "Invoice 4711 of 2026 with some words on it")
    if grid:
        for y in (650, 630, 610, 590):
            canvas.line(50, y, 540, y)
        for x in (50, 200, 400, 540):
            canvas.line(x, 590, x, 650)
        canvas.rect(60, 400, 200, 50)
    for number in range(strokes):
        canvas.line(10, 10 + number % 300 * 0.01, 12, 12)
    canvas.save()
    return buffer.getvalue()


def rulings(data: bytes) -> tuple[Box, ...]:
    with open_pdf(data, ReadLimits()) as document, open_page(document, 1) as page:
        width, height = page.get_size()
        return rulings_of(page, Frame(width=width, height=height))


def test_rulings_are_the_edges_an_independent_reader_sees() -> None:
    data = drawn()
    with pdfplumber.open(io.BytesIO(data)) as document:
        edges = {tuple(round(edge[k]) for k in ("x0", "top", "x1", "bottom")) for edge in document.pages[0].edges}
    assert {tuple(round(side) for side in box) for box in rulings(data)} == edges


def test_a_reading_keeps_the_rulings_of_its_pages() -> None:
    assert len(read(drawn(), media_type="application/pdf").pages[0].rulings) == 12


@pytest.mark.parametrize("strokes", [30_000])
def test_a_page_full_of_strokes_is_looked_at_only_so_far(strokes: int) -> None:
    data = drawn(grid=False, strokes=strokes)
    with open_pdf(data, ReadLimits()) as document, open_page(document, 1) as page:
        width, height = page.get_size()
        started = time.process_time()
        rulings_of(page, Frame(width=width, height=height))
        assert time.process_time() - started < 0.5
