"""Turns a picture of a page into words in points, upright: which engine reads it, how fine and how level."""

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from core.documents import Word
from core.errors import InputError
from extraction.frames import Frame
from extraction.ocr_engines import OcrEngine, OcrWord, Recognised, engines, is_poor, quality
from extraction.ocr_merge import merged
from extraction.ocr_rows import MOST_LEAN, lean, levelled
from extraction.ocr_skew import levelled_picture, picture_lean
from extraction.text_layer import in_reading_order

if TYPE_CHECKING:
    from PIL.Image import Image

RENDER_DPI = 250
_MOST_DPI = 300
_LONGEST_SIDE = 4_200
_LEAST_CONTRAST = 24
_STRAIGHTEN = math.radians(2)
_SLIM = 1.75
_SURE = 0.92
_UNSURE = 0.6
_MOST_UNSURE = 0.04
_FEW_WORDS = 12
_NOISE = 0.3
_AMOUNT = re.compile(r"\d[.,]\d{2}\b")


class OcrPage(NamedTuple):
    """The words of a page on its upright frame, and the language it was read in."""

    words: tuple[Word, ...]
    frame: Frame
    language: str | None


class _Sheet(NamedTuple):
    """A picture set upright and level, and how it lay."""

    picture: "Image"
    dpi: float
    quarter: int = 0
    skew: float = 0.0


def read_picture(image: "Image", dpi: float, language: str | None, *, ocr: str) -> OcrPage:
    """Reads a grey picture of a page, in the language of the document's other pages if one is known.

    With two engines the quick one reads first; what it is unsure of is read again by the other.

    Raises:
        UnavailableError: `OCR-MISSING` when the engine is not installed.
    """
    size = image.width * 72 / dpi, image.height * 72 / dpi
    quick, *others = engines(ocr)
    if is_empty(image):
        return OcrPage((), Frame(width=size[0], height=size[1]), language)
    sheet = _Sheet(*_fitting(image, dpi))
    first = quick.recognise(sheet.picture, dpi=sheet.dpi, language=language, is_upright=bool(others))
    if others and is_doubtful(first.words, sheet.picture.size):
        # What the careful engine fails on is still a page that the quick one read.
        with suppress(InputError):
            return _read_twice(sheet, size, first, quick, others[0])
    sheet, first = _settled(sheet, first, quick)
    words, frame = _words(first, sheet, size, quick)
    return OcrPage(in_reading_order(_without_noise(words)), frame, first.language)


def is_empty(image: "Image") -> bool:
    """Whether a grey picture is of one shade only, as of empty paper."""
    shades = [shade for shade, count in enumerate(image.histogram()) if count]
    return shades[-1] - shades[0] < _LEAST_CONTRAST


def is_doubtful(words: Sequence[OcrWord], size: tuple[int, int]) -> bool:
    """Whether a second engine is to read a page: a slim receipt, few or unsure words, no amount, much lean."""
    real = [word for word in words if len(word.text) > 1]
    if max(size) > _SLIM * min(size) or len(real) < _FEW_WORDS or abs(lean(words)) > _STRAIGHTEN:
        return True
    unsure = sum(word.confidence < _UNSURE for word in real) / len(real)
    mean = sum(word.confidence for word in real) / len(real)
    return mean < _SURE or unsure > _MOST_UNSURE or not any(_AMOUNT.search(word.text) for word in real)


def _read_twice(
    sheet: _Sheet, size: tuple[float, float], first: Recognised, quick: OcrEngine, careful: OcrEngine
) -> OcrPage:
    """What both engines read; the quick one reads again what the careful one had to set upright."""
    second = careful.recognise(sheet.picture, dpi=sheet.dpi, language=first.language)
    if second.quarter:
        sheet = _turned(sheet, second.quarter)
        first = quick.recognise(sheet.picture, dpi=sheet.dpi, language=second.language, is_upright=True)
    words, frame = _words(second, sheet, size, careful)
    if not words:
        return OcrPage((), frame, None)
    others, _ = _words(first, sheet, size, quick, skew=frame.skew)
    return OcrPage(in_reading_order(merged(others, words)), frame, first.language or second.language)


def _settled(sheet: _Sheet, found: Recognised, engine: OcrEngine) -> tuple[_Sheet, Recognised]:
    """The sheet as it was read: turned, and straightened and read again if it leans too much to be read well."""
    if found.quarter:
        sheet = _turned(sheet, found.quarter)
    skew = lean(found.words)
    if is_poor(found.words) and abs(skew) < _STRAIGHTEN:
        skew = picture_lean(sheet.picture)
    if abs(skew) < _STRAIGHTEN:
        return sheet, found
    straight = sheet._replace(picture=levelled_picture(sheet.picture, skew), skew=skew)
    again = engine.recognise(straight.picture, dpi=sheet.dpi, language=found.language, is_upright=True)
    return (straight, again) if quality(again.words) > quality(found.words) else (sheet, found)


def _turned(sheet: _Sheet, quarter: int) -> _Sheet:
    return sheet._replace(picture=sheet.picture.rotate(90 * quarter, expand=True), quarter=quarter)


def _words(
    found: Recognised, sheet: _Sheet, size: tuple[float, float], engine: OcrEngine, skew: float | None = None
) -> tuple[list[Word], Frame]:
    """The words in points and the frame they lie on; what still leans on the sheet is levelled by the words alone."""
    left = lean(found.words) if skew is None else skew
    frame = Frame(width=size[0], height=size[1], quarter=sheet.quarter, skew=left)
    words = levelled(found.words, 72 / sheet.dpi, frame, hugs_ink=engine.hugs_ink)
    total = sheet.skew + left
    return words, Frame(
        width=size[0], height=size[1], quarter=sheet.quarter, skew=total if abs(total) < MOST_LEAN else 0.0
    )


def _without_noise(words: Sequence[Word]) -> list[Word]:
    """The words, unless they are the noise that a picture of no text is read as."""
    mean = sum(word.confidence for word in words) / max(len(words), 1)
    return [word for word in words if mean >= _NOISE or word.confidence >= _UNSURE]


def _fitting(image: "Image", dpi: float) -> tuple["Image", float]:
    """No finer than reading needs: fine pictures only take longer."""
    from PIL.Image import Resampling

    scale = min(1.0, _MOST_DPI / dpi if dpi > _MOST_DPI else 1.0, _LONGEST_SIDE / max(image.size))
    if scale > 0.95:
        return image, dpi
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    return image.resize(size, Resampling.LANCZOS), dpi * scale
