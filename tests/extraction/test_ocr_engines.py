"""Both OCR engines answer the same question: words of a picture, where they are, and what is missing when one is."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from core.documents import Page, Word
from core.errors import InputError, UnavailableError
from extraction import ocr_engines, ocr_rapid, ocr_tesseract
from extraction.read import read

LINES = ("CORNER SHOP", "12 Market Street, Leeds", "Tea (black) 2 x 3.50 7.00", "TOTAL: 1,234.50 EUR")
DPI = 150


def picture(lines: tuple[str, ...] = LINES, *, turn: float = 0.0) -> bytes:
    """A small printed receipt as PNG, turned counter-clockwise by degrees."""
    image = Image.new("L", (620, 90 * len(lines) + 60), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 40 + 90 * number), line, font=ImageFont.load_default(34), fill=20)
    image = image.rotate(turn, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    out = BytesIO()
    image.save(out, "PNG", dpi=(DPI, DPI))
    return out.getvalue()


def page_of(data: bytes, ocr: str) -> Page:
    """The one page of a PNG."""
    return read(data, media_type="image/png", ocr=ocr).pages[0]


def word_of(page: Page, text: str) -> Word:
    """The word of this text."""
    return next(word for word in page.words if word.text == text)


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without Tesseract."""
    monkeypatch.setattr(ocr_tesseract, "PROGRAM", "no-such-program")
    _forget()
    yield
    _forget()


@pytest.fixture
def no_rapidocr(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without RapidOCR."""
    monkeypatch.setattr(ocr_rapid, "find_spec", lambda _module: None)
    _forget()
    yield
    _forget()


def _forget() -> None:
    ocr_tesseract.installed_languages.cache_clear()
    ocr_tesseract.engine.cache_clear()
    ocr_rapid.engine.cache_clear()


@pytest.mark.parametrize("ocr", ["tesseract", "rapidocr", "auto"])
def test_every_engine_reads_a_receipt_in_rows(ocr: str) -> None:
    page = page_of(picture(), ocr)
    assert " ".join(word.text for word in page.words) == " ".join(LINES)
    assert all(0.5 < word.confidence <= 1 for word in page.words)


def test_both_engines_place_words_alike() -> None:
    first, second = (page_of(picture(), ocr) for ocr in ("tesseract", "rapidocr"))
    for one, other in zip(first.words, second.words, strict=True):
        assert other.box == pytest.approx(one.box, abs=5)


def test_the_words_of_a_line_are_of_one_height() -> None:
    words = page_of(picture(), "rapidocr").words[-3:]
    assert [word.text for word in words] == ["TOTAL:", "1,234.50", "EUR"]
    assert len({word.box.bottom - word.box.top for word in words}) == 1
    assert [word.box.x0 for word in words] == sorted(word.box.x0 for word in words)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_rapidocr_sets_a_turned_picture_upright(turn: int) -> None:
    page = page_of(picture(turn=turn), "rapidocr")
    assert " ".join(word.text for word in page.words) == " ".join(LINES)
    assert word_of(page, "CORNER").box == pytest.approx(word_of(page_of(picture(), "rapidocr"), "CORNER").box, abs=3)


def test_rapidocr_finds_no_words_on_empty_paper() -> None:
    assert page_of(picture(("", "")), "rapidocr").words == ()


def test_signs_of_full_width_are_read_as_printed() -> None:
    assert [ocr_rapid.plain(char) for char in "（：．，％）。Ａé"] == ["(", ":", ".", ",", "%", ")", ".", "A", "é"]


def test_without_tesseract_naming_it_says_what_to_install(no_tesseract: None) -> None:
    with pytest.raises(UnavailableError) as refusal:
        page_of(picture(), "tesseract")
    assert refusal.value.code == "OCR-MISSING"
    assert "apt-get install tesseract-ocr" in refusal.value.remedy


def test_without_rapidocr_naming_it_says_what_to_install(no_rapidocr: None) -> None:
    with pytest.raises(UnavailableError, match="OCR-MISSING"):
        page_of(picture(), "rapidocr")


def test_without_tesseract_auto_reads_with_rapidocr_alone(no_tesseract: None) -> None:
    assert word_of(page_of(picture(), "auto"), "TOTAL:")


def test_without_rapidocr_auto_reads_with_tesseract_alone(no_rapidocr: None) -> None:
    assert word_of(page_of(picture(), "auto"), "TOTAL:")


def test_without_any_engine_a_scan_says_what_to_install(no_tesseract: None, no_rapidocr: None) -> None:
    with pytest.raises(UnavailableError, match="OCR-MISSING"):
        page_of(picture(), "auto")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UnavailableError, match="OCR-MISSING"):
        ocr_engines.engines("guesswork")


def test_auto_reads_a_receipt_twice_and_says_what_both_engines_read() -> None:
    words = page_of(picture(LINES * 3), "auto").words
    assert sum(bool(word.agreed) for word in words) > len(words) / 2
    assert all(word.agreed is not None for word in words)


def test_one_engine_alone_agrees_with_nobody() -> None:
    assert {word.agreed for word in page_of(picture(), "rapidocr").words} == {None}


def test_what_rapidocr_fails_on_is_still_read_by_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise ocr_engines.FAILED

    monkeypatch.setattr(ocr_rapid.RapidOcr, "recognise", fail)
    words = page_of(picture(LINES * 3), "auto").words
    assert [word.text for word in words] == " ".join(LINES * 3).split()
    assert {word.agreed for word in words} == {None}


def test_a_failure_inside_of_rapidocr_has_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_rapid.RapidOcr, "_lines", lambda *_arguments: 1 / 0)
    with pytest.raises(InputError, match="DOC-OCR-FAILED"):
        page_of(picture(), "rapidocr")
