"""Pictures as they really come: crooked photographs, pages of several sheets, and pictures with nothing to read."""

import math
from io import BytesIO

import pytest
from PIL import Image, ImageFilter

from extraction.ocr_skew import picture_lean
from extraction.read import read, read_framed
from tests.extraction.test_ocr_engines import LINES, picture

ENGINES = ("tesseract", "rapidocr")


def as_png(image: Image.Image) -> bytes:
    """The picture as a file."""
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("degrees", [-8, -5, 5, 8])
def test_the_lean_of_a_picture_is_told_from_its_rows_of_ink(degrees: int) -> None:
    image = Image.open(BytesIO(picture(LINES * 2, turn=degrees))).convert("L")
    assert math.degrees(picture_lean(image)) == pytest.approx(-degrees, abs=0.5)


def test_a_level_picture_does_not_lean() -> None:
    assert picture_lean(Image.open(BytesIO(picture())).convert("L")) == 0


@pytest.mark.parametrize(("ocr", "degrees"), [("tesseract", -5), ("tesseract", 8), ("rapidocr", -8)])
def test_a_crooked_photograph_is_read_in_rows_and_shown_where_it_lies(ocr: str, degrees: int) -> None:
    framed = read_framed(picture(LINES * 2, turn=degrees), media_type="image/png", ocr=ocr)
    assert " ".join(word.text for word in framed.reading.pages[0].words) == " ".join(LINES * 2)
    assert math.degrees(framed.frames[0].skew) == pytest.approx(-degrees, abs=0.7)


@pytest.mark.parametrize("ocr", ENGINES)
def test_a_picture_of_noise_or_of_a_gradient_has_no_words(ocr: str) -> None:
    noise = Image.effect_noise((300, 400), 90)
    blobs = noise.filter(ImageFilter.GaussianBlur(6)).point([max(min((v - 118) * 12, 255), 0) for v in range(256)])
    for image in (noise, blobs, Image.linear_gradient("L").resize((300, 400))):
        assert len(read(as_png(image), media_type="image/png", ocr=ocr).pages[0].words) <= 2


@pytest.mark.parametrize("ocr", [*ENGINES, "auto"])
def test_empty_paper_has_no_words_and_starts_no_engine(ocr: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from extraction import ocr_rapid, ocr_tesseract

    for engine in (ocr_rapid.RapidOcr, ocr_tesseract.Tesseract):
        monkeypatch.setattr(engine, "recognise", lambda *_arguments, **_options: pytest.fail("it was read"))
    assert read(as_png(Image.new("L", (600, 800), 247)), media_type="image/png", ocr=ocr).pages[0].words == ()


def test_every_page_of_a_tiff_is_read_by_rapidocr() -> None:
    first, second = (Image.open(BytesIO(picture(LINES[:2] if page else LINES[2:]))).convert("1") for page in range(2))
    out = BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=[second, Image.new("1", (600, 800), 1)], compression="group4")
    pages = read(out.getvalue(), media_type="image/tiff", ocr="rapidocr").pages
    assert [[word.text for word in page.words] for page in pages] == [
        " ".join(LINES[2:]).split(),
        " ".join(LINES[:2]).split(),
        [],
    ]
