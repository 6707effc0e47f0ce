"""Describes where a value stands by the words beside and over it, and finds that place again on another paper.

The words decide; how it lies on the page only tells alike places apart, because totals move with the lines above them.
"""

import math
import re
from dataclasses import dataclass

from core.documents import Box
from extraction.knowledge import Place
from extraction.layout import Layout, Run, surrounding
from extraction.values import currency_code, fold

LEAST_FIT = 0.7
_MOST_WORDS = 4
_LIKE, _NEAREST_LIKE, _TELLING = 0.8, 0.75, 5
_ABOVE_REACH, _SAME_GAP = 8.0, 0.6
_ASIDE = 3.0
_DOWN = 0.12
_BEST, _SECOND, _ACROSS, _HIGH = 0.6, 0.1, 0.2, 0.1
_NO_WORDS = 0.5
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_SHORTEST, _LONGEST = 0.4, 2.5


@dataclass(frozen=True, slots=True)
class Spot:
    """Words `start` to `end` (exclusive) of a layout."""

    start: int
    end: int


def describe(layout: Layout, spot: Spot) -> Place:
    """The place of a value, ready to be found again."""
    words = layout.words[spot.start : spot.end]
    box = surrounding([word.box for word in words])
    width, height = layout.page_sizes[words[0].page - 1]
    text = " ".join(word.text for word in words)
    # A label in front of a value on its own says where it is; what happens to stand over it would only mislead.
    is_labelled = bool(_own_words(layout, spot.start))
    above, gap = ("", 0.0) if is_labelled else words_above(layout, spot.start, box)
    return Place(
        page=words[0].page,
        from_end=len(layout.page_sizes) - words[0].page,
        left=words_left(layout, spot.start),
        above=above,
        above_gap=round(gap, 2),
        x0=round(box.x0 / width, 4),
        x1=round(box.x1 / width, 4),
        top=round(box.top / height, 4),
        words=len(words),
        shape=shape_of(text),
        length=len(text),
    )


def fit(place: Place, layout: Layout, spot: Spot) -> float:
    """How well words stand at a remembered place, 0 to 1; below `LEAST_FIT` it is another place."""
    first = layout.words[spot.start]
    box = surrounding([word.box for word in layout.words[spot.start : spot.end]])
    width, height = layout.page_sizes[first.page - 1]
    aside = min(abs(box.x0 - place.x0 * width), abs(box.x1 - place.x1 * width)) / max(layout.text_height, 1.0)
    across = math.exp(-((aside / _ASIDE) ** 2))
    high = math.exp(-abs(box.top / height - place.top) / _DOWN) if _same_page(place, first.page, layout) else 0.0
    if not place.left and not place.above:
        return _NO_WORDS * (across + high)
    left = _words_agree(place.left, words_left(layout, spot.start)) if place.left else 0.0
    above = _above_agrees(place, *words_above(layout, spot.start, box)) if place.above else 0.0
    second = min(left, above) if place.left and place.above else max(left, above)
    return _BEST * max(left, above) + _SECOND * second + _ACROSS * across + _HIGH * high


def same_form(place: Place, text: str) -> float:
    """How alike a value's form is to the remembered one's, 0 to 1; 0 when it can be no such value."""
    shape = shape_of(text)
    if ("9" in shape) != ("9" in place.shape) or not _SHORTEST <= len(text) / max(place.length, 1) <= _LONGEST:
        return 0.0
    return 1.0 if shape == place.shape else 0.5


def shape_of(text: str) -> str:
    """Letters as `A`, digits as `9`, runs as one: `RE-2026/0034` is `A-9/9`."""
    return _LETTERS.sub("A", _DIGITS.sub("9", text))


def words_left(layout: Layout, start: int) -> str:
    """The words before a value: of its own segment, or else of the one before it on the row; no numbers."""
    segment = layout.segments[layout.words[start].segment]
    names = _own_words(layout, start)
    if names or not segment.start or layout.words[segment.start - 1].row != segment.row:
        return names
    before = layout.segments[layout.words[segment.start - 1].segment]
    return _names(layout, before.start, before.end)


def _own_words(layout: Layout, start: int) -> str:
    return _names(layout, layout.segments[layout.words[start].segment].start, start)


def words_above(layout: Layout, start: int, box: Box) -> tuple[str, float]:
    """The nearest words over a value in its column, and how many text heights over it; numbers are passed over."""
    word = layout.words[start]
    first, _ = layout.rows_of_page(word.page)
    for row in range(word.row - 1, first - 1, -1):
        gap = (box.top - layout.rows[row].box.bottom) / max(layout.text_height, 1.0)
        if gap > _ABOVE_REACH:
            break
        for segment in layout.segments_of(row):
            if _is_over(segment, box) and (names := _names(layout, segment.start, segment.end)):
                return names, gap
    return "", 0.0


def _names(layout: Layout, start: int, end: int) -> str:
    """The last few words that are neither numbers nor currencies."""
    texts = [word.text for word in layout.words[max(start, end - 2 * _MOST_WORDS) : end]]
    names = [_NOT_LETTERS.sub("", fold(text)) for text in texts if currency_code(text) is None]
    return " ".join([name for name in names if name][-_MOST_WORDS:])


def _is_over(segment: Run, box: Box) -> bool:
    overlap = min(segment.box.x1, box.x1) - max(segment.box.x0, box.x0)
    return overlap > 0.3 * min(segment.box.x1 - segment.box.x0, box.x1 - box.x0)


def _words_agree(wanted: str, found: str) -> float:
    if wanted == found:
        return 1.0
    if not wanted or not found:
        return 0.0
    from rapidfuzz import fuzz

    like = fuzz.ratio(wanted, found) / 100
    if like >= _LIKE:
        return like
    nearest = wanted.rpartition(" ")[2]
    return _NEAREST_LIKE if len(nearest) >= _TELLING and nearest == found.rpartition(" ")[2] else 0.0


def _above_agrees(place: Place, found: str, gap: float) -> float:
    """A heading is over one row only: of values under one another each has its own distance to it."""
    return _words_agree(place.above, found) if abs(gap - place.above_gap) <= _SAME_GAP else 0.0


def _same_page(place: Place, page: int, layout: Layout) -> bool:
    return place.page == page or place.from_end == len(layout.page_sizes) - page
