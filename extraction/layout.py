"""Turns the words of a reading into rows and segments: what stands on one line, and what stands together on it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from core.documents import Box, Page, Reading, Source, Word

_SEGMENT_GAP = 0.8
_SEGMENT_GAP_OCR = 1.1
_SAME_ROW = 0.45
_LEAST_TURNED, _TURNED = 3, 0.15
_GLUED = re.compile(r"^([^\W\d]{2,}[^\W\d.\s]*[:#°º]|[Nn][°ºo]\.?|[^\W\d]{2,}\.?:)(?=[^\s:/])(\S*\d\S*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word in its place: page from 1, row and segment counted over the whole document."""

    text: str
    box: Box
    confidence: float
    page: int
    row: int
    segment: int
    agreed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words `start` to `end` (exclusive) of the layout that stand together: a row, or a segment of one."""

    start: int
    end: int
    page: int
    row: int
    box: Box
    text: str

    @property
    def height(self) -> float:
        """Height of the box, a proxy for the font size."""
        return self.box.bottom - self.box.top


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All words in reading order (page, row, from left to right) with their rows and segments; lines by page."""

    words: tuple[Piece, ...]
    rows: tuple[Run, ...]
    segments: tuple[Run, ...]
    page_sizes: tuple[tuple[float, float], ...]
    text_height: float
    is_ocr: bool
    rulings: tuple[tuple[Box, ...], ...] = ()

    def segments_of(self, row: int) -> Sequence[Run]:
        """The segments of one row, from left to right."""
        run = self.rows[row]
        return self.segments[self.words[run.start].segment : self.words[run.end - 1].segment + 1]

    def rows_of_page(self, page: int) -> tuple[int, int]:
        """First row and the row after the last one of a page."""
        if len(self.page_sizes) == 1:
            return 0, len(self.rows)
        first = bisect_right(self.rows, page - 1, key=lambda run: run.page)
        return first, bisect_right(self.rows, page, key=lambda run: run.page)


def lay_out(reading: Reading) -> Layout:
    """Orders words into rows by their vertical middle, and cuts rows where the gap is wider than a space."""
    pieces: list[Piece] = []
    rows: list[Run] = []
    segments: list[Run] = []
    for page in reading.pages:
        gap = _SEGMENT_GAP_OCR if page.source is Source.OCR else _SEGMENT_GAP
        for words in _rows_of(page):
            start, row = len(pieces), len(rows)
            for part in _cut(words, gap):
                first, segment = len(pieces), len(segments)
                pieces += [
                    Piece(
                        text=w.text,
                        box=w.box,
                        confidence=w.confidence,
                        page=page.number,
                        row=row,
                        segment=segment,
                        agreed=w.agreed,
                    )
                    for w in part
                ]
                segments.append(_run(part, first, page.number, row))
            rows.append(_run(words, start, page.number, row))
    heights = [run.height for run in segments]
    return Layout(
        words=tuple(pieces),
        rows=tuple(rows),
        segments=tuple(segments),
        page_sizes=tuple((page.width, page.height) for page in reading.pages),
        text_height=median(heights) if heights else 10.0,
        is_ocr=any(page.source is Source.OCR for page in reading.pages),
        rulings=tuple(page.rulings for page in reading.pages),
    )


def surrounding(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes."""
    if len(boxes) == 1:
        return boxes[0]
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return Box(min(x0), min(top), max(x1), max(bottom))


def _run(words: Sequence[Word], start: int, page: int, row: int) -> Run:
    return Run(
        start=start,
        end=start + len(words),
        page=page,
        row=row,
        box=surrounding([w.box for w in words]),
        text=" ".join(w.text for w in words),
    )


def _rows_of(page: Page) -> Iterator[list[Word]]:
    """Rows from top to bottom. A word joins the row whose last word, by its middle, is level with it."""
    words = [part for word in page.words if word.text.strip() and not _is_turned(word) for part in _unglue(word)]
    words.sort(key=lambda w: (w.box.top + w.box.bottom, w.box.x0))
    rows: list[list[Word]] = []
    middles: list[tuple[float, float]] = []
    for word in words:
        middle, height = (word.box.top + word.box.bottom) / 2, max(word.box.bottom - word.box.top, 1.0)
        for index in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            at, size = middles[index]
            if abs(at - middle) <= _SAME_ROW * min(size, height) and not _overlaps(word, rows[index]):
                rows[index].append(word)
                count = len(rows[index])
                middles[index] = (at + (middle - at) / count, max(size, height) if count < 3 else size)
                break
        else:
            rows.append([word])
            middles.append((middle, height))
    for row in rows:
        row.sort(key=lambda w: w.box.x0)
    return iter(rows)


def _is_turned(word: Word) -> bool:
    """Whether the word is written up or down the page's edge: much taller than its letters are wide together."""
    width, height = word.box.x1 - word.box.x0, word.box.bottom - word.box.top
    return len(word.text) >= _LEAST_TURNED and width < _TURNED * len(word.text) * height


def _overlaps(word: Word, row: Sequence[Word]) -> bool:
    x0, x1, half = word.box.x0, word.box.x1, 0.5 * (word.box.x1 - word.box.x0)
    return any(min(x1, other.box.x1) - max(x0, other.box.x0) > half for other in row[-8:])


def _unglue(word: Word) -> tuple[Word, ...]:
    """`Date:31/12/2017` is a label and its value; they are parted in proportion to their letters."""
    match = _GLUED.match(word.text)
    if match is None or "://" in word.text:
        return (word,)
    label, value = match.groups()
    box = word.box
    cut = box.x0 + (box.x1 - box.x0) * len(label) / len(word.text)
    return (
        replace(word, text=label, box=Box(box.x0, box.top, cut, box.bottom)),
        replace(word, text=value, box=Box(cut, box.top, box.x1, box.bottom)),
    )


def _cut(words: Sequence[Word], gap: float) -> Iterator[Sequence[Word]]:
    height = median(w.box.bottom - w.box.top for w in words)
    start = 0
    for index in range(1, len(words)):
        if words[index].box.x0 - words[index - 1].box.x1 > gap * height:
            yield words[start:index]
            start = index
    yield words[start:]
