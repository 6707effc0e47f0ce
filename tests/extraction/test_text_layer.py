"""The fast way through a text layer against pdfplumber as an independent oracle, on generated and on real papers."""

from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from extraction import pdf
from extraction.limits import ReadLimits
from extraction.pdf_contents import Contents, contents
from extraction.pdf_text import characters
from extraction.read import read
from training.documents_run import generate
from training.real_papers import is_developed_on, labelled_papers

PAPERS = 8


def test_generated_papers_give_the_words_that_pdfplumber_gives() -> None:
    assert _share_of_equal_words(printed.pdf for _, _, printed in generate(PAPERS, 11)) > 0.97


@pytest.mark.data
def test_real_papers_give_the_words_that_pdfplumber_gives() -> None:
    papers = [paper.data for paper in labelled_papers("invoices-pdf") if is_developed_on(paper.seller)]
    assert _share_of_equal_words(papers[::4]) > 0.97


def test_characters_taken_all_at_once_are_those_taken_one_by_one() -> None:
    data = next(iter(generate(1, 11)))[2].pdf
    with pdf.open_pdf(data, ReadLimits()) as document, pdf.open_page(document, 1) as page:
        found = contents(page)
        assert found.is_plain
        assert characters(page, found) == characters(page, found._replace(is_plain=False))


def test_a_picture_inside_of_a_form_lies_where_the_form_is_drawn() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("stamp", 0, 0, 100, 100)
        canvas.drawInlineImage(_grey(), 10, 20, 30, 40)
        canvas.endForm()
        canvas.translate(200, 300)
        canvas.scale(2, 2)
        canvas.doForm("stamp")

    (picture,) = _contents(draw).pictures
    assert picture.box == pytest.approx((220, 842 - 300 - 120, 280, 842 - 300 - 40), abs=0.5)
    assert picture.coverage == pytest.approx(60 * 80 / (595 * 842), rel=0.05)


def test_text_that_is_turned_or_without_ink_is_not_plain() -> None:
    def turned(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.drawString(100, -100, "along the edge")

    def hidden(canvas: Canvas) -> None:
        text = canvas.beginText(60, 300)
        text.setTextRenderMode(3)
        text.textLine("nobody sees this")
        canvas.drawText(text)

    assert _contents(lambda canvas: canvas.drawString(60, 300, "plain")).is_plain
    assert not _contents(turned).is_plain
    assert not _contents(hidden).is_plain


def _contents(draw: Callable[[Canvas], None]) -> Contents:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    draw(canvas)
    canvas.save()
    with pdf.open_pdf(out.getvalue(), ReadLimits()) as document, pdf.open_page(document, 1) as page:
        return contents(page)


def _grey() -> object:
    from PIL import Image

    return Image.new("L", (16, 16), 128)


def _share_of_equal_words(papers: Iterable[bytes]) -> float:
    """Twice the words in common over the words of both; the letters must be the same ones.

    pdfplumber glues words less than three points apart; here the type's size decides.
    """
    import pdfplumber

    common = all_words = 0
    for data in papers:
        with pdfplumber.open(BytesIO(data)) as document:
            pages = read(data, media_type="application/pdf").pages
            for theirs, ours in zip(document.pages, pages, strict=True):
                wanted = Counter(word["text"] for word in theirs.extract_words())
                given = Counter(word.text for word in ours.words)
                assert Counter("".join(given.elements())) == Counter("".join(wanted.elements()))
                common += 2 * (wanted & given).total()
                all_words += wanted.total() + given.total()
    return common / all_words
