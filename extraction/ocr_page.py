"""Turns a picture of a page into words in points, upright: chooses language, resolution and direction of reading."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from core.documents import Box, Word
from extraction import ocr
from extraction.frames import Frame
from extraction.language import guess_language
from extraction.ocr import OcrWord
from extraction.text_layer import in_reading_order

if TYPE_CHECKING:
    from PIL.Image import Image

RENDER_DPI = 250
_MOST_DPI = 300
_GLANCE_DPI = 110
_LONGEST_SIDE = 4_200
_POOR_CONFIDENCE = 0.6
_POOR_WORDS = 4
_COLUMN = 4
_LEAST_LEAN = math.radians(0.15)
_MOST_LEAN = math.radians(8)
_LEAST_LINES = 4
_LINE_ASPECT = 6


class OcrPage(NamedTuple):
    """The words of a page on its upright frame, and the language it was read in."""

    words: tuple[Word, ...]
    frame: Frame
    language: str | None


def read_picture(image: "Image", dpi: float, language: str | None) -> OcrPage:
    """Reads a grey picture of a page; without a language, a glance at low resolution tells which one it is."""
    width, height = image.width * 72 / dpi, image.height * 72 / dpi
    picture, dpi = _fitting(image, dpi)
    if language is None:
        language = _glance(picture, dpi)
    found, quarter = ocr.recognise(picture, language=language, dpi=round(dpi), segmentation=_COLUMN), 0
    if _is_poor(found) and (turns := ocr.quarter_turns(picture, dpi=round(dpi))):
        turned = picture.rotate(90 * turns, expand=True)
        language = language if _guess(found) else _glance(turned, dpi)
        again = ocr.recognise(turned, language=language, dpi=round(dpi), segmentation=_COLUMN)
        if _quality(again) > _quality(found):
            found, quarter = again, turns
    frame = Frame(width=width, height=height, quarter=quarter, skew=_lean(found))
    words = in_reading_order([_to_word(word, 72 / dpi, frame) for word in found])
    return OcrPage(words, frame, language or _guess(found))


def _fitting(image: "Image", dpi: float) -> tuple["Image", float]:
    """No finer than reading needs: fine pictures only take longer."""
    from PIL.Image import Resampling

    scale = min(1.0, _MOST_DPI / dpi if dpi > _MOST_DPI else 1.0, _LONGEST_SIDE / max(image.size))
    if scale > 0.95:
        return image, dpi
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    return image.resize(size, Resampling.LANCZOS), dpi * scale


def _glance(image: "Image", dpi: float) -> str | None:
    from PIL.Image import Resampling

    scale = min(_GLANCE_DPI / dpi, 1.0)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    small = image.resize(size, Resampling.LANCZOS) if scale < 1 else image
    return _guess(ocr.recognise(small, language=None, dpi=round(dpi * scale), segmentation=_COLUMN))


def _guess(words: Sequence[OcrWord]) -> str | None:
    return guess_language(word.text for word in words)


def _quality(words: Sequence[OcrWord]) -> float:
    return sum(word.confidence for word in words if len(word.text) > 1)


def _is_poor(words: Sequence[OcrWord]) -> bool:
    real = [word for word in words if len(word.text) > 1]
    return len(real) < _POOR_WORDS or _quality(words) / len(real) < _POOR_CONFIDENCE


def _lean(words: Sequence[OcrWord]) -> float:
    """The clockwise angle at which most lines of text rise or fall: the median over lines, weighted by length."""
    lines: dict[tuple[int, int, int], list[OcrWord]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    slopes: list[tuple[float, float]] = []
    for line in lines.values():
        first, last = line[0], line[-1]
        run = last.left + last.width / 2 - first.left - first.width / 2
        if len(line) > 1 and run > _LINE_ASPECT * max(first.height, last.height):
            rise = last.top + last.height / 2 - first.top - first.height / 2
            slopes.append((rise / run, run))
    if len(slopes) < _LEAST_LINES:
        return 0.0
    angle = math.atan(_weighted_median(slopes))
    return angle if _LEAST_LEAN <= abs(angle) <= _MOST_LEAN else 0.0


def _weighted_median(values: Sequence[tuple[float, float]]) -> float:
    half, passed = sum(weight for _, weight in values) / 2, 0.0
    for value, weight in sorted(values):
        passed += weight
        if passed >= half:
            return value
    return 0.0


def _to_word(word: OcrWord, scale: float, frame: Frame) -> Word:
    box = Box(word.left * scale, word.top * scale, (word.left + word.width) * scale, (word.top + word.height) * scale)
    straight = frame.straighten(box)
    return Word(text=word.text, box=Box(*(round(edge, 2) for edge in straight)), confidence=round(word.confidence, 4))
