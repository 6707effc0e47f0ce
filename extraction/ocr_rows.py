"""Turns what an OCR engine read into words in points without lean, those of a line as high as the line."""

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from core.documents import Box, Word
from extraction.frames import Frame
from extraction.ocr_engines import OcrWord

MOST_LEAN = math.radians(10)
# No OCR is certain: a confidence of 1 says that a word is from a text layer.
MOST_SURE = 0.9999
_LEAST_LEAN = math.radians(0.15)
_LEAST_LINES = 4
_LINE_ASPECT = 6
_LEVELLED = (0.15, 1.5)
_BELOW_BASE = 0.2
_DESCENDING = frozenset("gjpqyQ,;()[]/|")


def lean(words: Sequence[OcrWord]) -> float:
    """The clockwise angle at which most lines of text rise or fall: the median over lines, weighted by length."""
    slopes: list[tuple[float, float]] = []
    for line in _lines(words):
        first, last = line[0], line[-1]
        run = last.left + last.width / 2 - first.left - first.width / 2
        if len(line) > 1 and run > _LINE_ASPECT * max(first.height, last.height):
            rise = last.top + last.height / 2 - first.top - first.height / 2
            slopes.append((rise / run, run))
    if len(slopes) < _LEAST_LINES:
        return 0.0
    angle = math.atan(_weighted_median(slopes))
    return angle if _LEAST_LEAN <= abs(angle) <= MOST_LEAN else 0.0


def _weighted_median(values: Sequence[tuple[float, float]]) -> float:
    half, passed = sum(weight for _, weight in values) / 2, 0.0
    for value, weight in sorted(values):
        passed += weight
        if passed >= half:
            return value
    return 0.0


def levelled(found: Sequence[OcrWord], scale: float, frame: Frame, *, hugs_ink: bool) -> list[Word]:
    """The words in points, without lean; those of a line are as high as the line, as in a text layer.

    Tesseract's boxes hug the ink, so that `no` is half as high as `No,`: rows could not be told from them.
    """
    words: list[Word] = []
    for line in _lines(found):
        boxes = [_straight_box(word, scale, frame) for word in line]
        if hugs_ink:
            boxes = _as_high_as_the_line(line, boxes)
        for word, box in zip(line, boxes, strict=True):
            edges = Box(*(round(edge, 2) for edge in box))
            words.append(Word(text=word.text, box=edges, confidence=min(round(word.confidence, 4), MOST_SURE)))
    return words


def _as_high_as_the_line(line: Sequence[OcrWord], boxes: Sequence[Box]) -> list[Box]:
    top, bottom = _extent(line, boxes)
    low, high = _LEVELLED
    return [
        Box(box.x0, top, box.x1, bottom)
        if low * (bottom - top) <= box.bottom - box.top <= high * (bottom - top)
        and box.top < bottom
        and box.bottom > top
        else box
        for box in boxes
    ]


def _lines(words: Sequence[OcrWord]) -> list[list[OcrWord]]:
    lines: dict[tuple[int, ...], list[OcrWord]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    return list(lines.values())


def _extent(line: Sequence[OcrWord], boxes: Sequence[Box]) -> tuple[float, float]:
    """Top and bottom of a line of text: of its capitals, and below its base line."""
    pairs = list(zip(line, boxes, strict=True))
    tops = [box.top for word, box in pairs if any(char.isupper() or char.isdigit() for char in word.text)]
    bottoms = [box.bottom for word, box in pairs if not _DESCENDING & set(word.text) and word.text[-1].isalnum()]
    top = median(tops or [box.top for box in boxes])
    bottom = median(bottoms or [box.bottom for box in boxes])
    return top, bottom + _BELOW_BASE * (bottom - top)


def _straight_box(word: OcrWord, scale: float, frame: Frame) -> Box:
    right, bottom = word.left + word.width, word.top + word.height
    return frame.straighten(Box(word.left * scale, word.top * scale, right * scale, bottom * scale))
