"""Decides by region where a page's words are read: its text layer where it is, OCR where a picture shows more."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from core.documents import Box, Word
from extraction.frames import Frame
from extraction.pdf_contents import Picture

_LEAST_COVERAGE = 0.025
_LEAST_WIDTH, _LEAST_HEIGHT = 70.0, 24.0
_BANDS = 24
_MOST_WRITTEN = 0.5
_LIKENESS = 0.5
_OVERLAP = 0.3
_SURE = 0.5


def unread_regions(pictures: Sequence[Picture], words: Sequence[Word], frame: Frame) -> list[Box]:
    """Where pictures of some size lie with no text over most of them, as displayed; logos and lines are too small.

    A background under the text is none: most of its height has words on it.
    """
    written = [frame.to_display(word.box) for word in words]
    page = Box(0, 0, frame.width, frame.height)
    boxes = [_common(picture.box, page) for picture in pictures if picture.coverage >= _LEAST_COVERAGE / _BANDS]
    return [
        box
        for box in _joined([box for box in boxes if box.x1 > box.x0 and box.bottom > box.top])
        if box.x1 - box.x0 >= _LEAST_WIDTH
        and box.bottom - box.top >= _LEAST_HEIGHT
        and _area(box) >= _LEAST_COVERAGE * _area(page)
        and _written_share(box, written) <= _MOST_WRITTEN
    ]


def with_read_regions(layer: Sequence[Word], read: Sequence[Word]) -> list[Word]:
    """The text layer's words and those that OCR read where the layer has none."""
    return [*layer, *(word for word in read if word.confidence >= _SURE and not _over(word.box, layer))]


def with_text_layer(read: Sequence[Word], layer: Sequence[Word]) -> list[Word]:
    """What OCR read, with the text layer's own words where OCR saw much the same: a stamp, a footer, a page number.

    What is in the layer but was not seen stays away: it may lie hidden below the picture.
    """
    words = list(read)
    for word in layer:
        there = _over(word.box, words)
        seen = "".join(other.text for other in sorted(there, key=lambda other: other.box.x0))
        if there and SequenceMatcher(None, word.text, seen).ratio() >= _LIKENESS:
            words = [other for other in words if not any(other is one for one in there)]
            words.append(word)
    return words


def _over(box: Box, words: Sequence[Word]) -> list[Word]:
    """The words that share a good part of a box, or lie in it with a good part of themselves."""
    found: list[Word] = []
    for word in words:
        shared = _common(box, word.box)
        if shared.x1 > shared.x0 and shared.bottom > shared.top:
            smaller = min(_area(box), _area(word.box))
            if _area(shared) > _OVERLAP * smaller:
                found.append(word)
    return found


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, those that touch as one: scans come in strips."""
    left = list(boxes)
    done: list[Box] = []
    while left:
        box = left.pop()
        touching = [other for other in left if _touch(box, other)]
        if not touching:
            done.append(box)
            continue
        left = [other for other in left if not any(other is one for one in touching)]
        every = [box, *touching]
        left.append(
            Box(
                min(one.x0 for one in every),
                min(one.top for one in every),
                max(one.x1 for one in every),
                max(one.bottom for one in every),
            )
        )
    return done


def _touch(one: Box, other: Box, within: float = 2.0) -> bool:
    shared = _common(one, other)
    return shared.x1 - shared.x0 >= -within and shared.bottom - shared.top >= -within


def _written_share(box: Box, written: Sequence[Box]) -> float:
    """The share of a region's height at which words lie on it."""
    height = (box.bottom - box.top) / _BANDS
    bands = {
        band
        for word in written
        if word.x1 > box.x0 and word.x0 < box.x1
        for band in range(int((word.top - box.top) / height), int((word.bottom - box.top) / height) + 1)
    }
    return len(bands & set(range(_BANDS))) / _BANDS


def _common(one: Box, other: Box) -> Box:
    return Box(max(one.x0, other.x0), max(one.top, other.top), min(one.x1, other.x1), min(one.bottom, other.bottom))


def _area(box: Box) -> float:
    return max(box.x1 - box.x0, 0.0) * max(box.bottom - box.top, 0.0)
