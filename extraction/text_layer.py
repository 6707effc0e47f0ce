"""Turns the characters of a PDF's text layer into words in reading order, and tells whether it is worth reading."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core.documents import Box, Word
from extraction.frames import Frame
from extraction.pdf_text import Char

GAP_SHARE = 0.9
LINE_SHARE = 0.5
BACK_SHARE = 0.6
STEP_SHARE = 0.6
_FLAT = 0.01
_LEAST_WORDS = 5
_SPARSE_WORDS = 40
_PAGE_IMAGE = 0.5
_GARBAGE_SHARE = 0.25


class TextLayer(NamedTuple):
    """The words of a text layer on its upright frame."""

    words: tuple[Word, ...]
    frame: Frame


def characters_to_words(chars: Sequence[Char], *, width: float, height: float) -> TextLayer:
    """Words split at white space, line ends, wide gaps and jumps; in rows from top to bottom, left to right.

    The direction in which most is written is upright; what is written across it, such as a note along the edge,
    comes last.
    """
    quarter = _main_quarter(chars)
    frame = Frame(width=width, height=height, quarter=quarter)
    across_size, down_size = frame.upright_size()
    upright: list[Word] = []
    across: list[Word] = []
    for run in _runs(chars):
        box = _around(run) if quarter == 0 else union([frame.to_upright(Box(*char[1:5])) for char in run])
        if _is_on_page(box, across_size, down_size):
            text = run[0].text if len(run) == 1 else "".join([char.text for char in run])
            (upright if run[0].quarter == quarter else across).append(Word(text=text, box=box))
    return TextLayer((*in_reading_order(upright), *across), frame)


def _main_quarter(chars: Sequence[Char]) -> int:
    quarters = Counter([char.quarter for char in chars if char.text])
    return quarters.most_common(1)[0][0] if quarters else 0


def in_reading_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """Rows from top to bottom, each from left to right; a word joins the row whose middle its own middle meets."""
    rows: list[list[Word]] = []
    middle = height = 0.0
    for word in sorted(words, key=lambda word: word.box.top + word.box.bottom):
        own_middle = (word.box.top + word.box.bottom) / 2
        own_height = word.box.bottom - word.box.top
        if rows and own_middle - middle <= LINE_SHARE * max(min(own_height, height), 1.0):
            rows[-1].append(word)
            middle += (own_middle - middle) / len(rows[-1])
            height = max(height, own_height)
        else:
            rows.append([word])
            middle, height = own_middle, own_height
    return tuple(word for row in rows for word in sorted(row, key=lambda word: word.box.x0))


def is_worth_reading(words: Sequence[Word], covered: float, *, is_blank: bool) -> bool:
    """Whether a page's text layer is what a person sees.

    It is not when images cover the page and few words lie on it, nor when its characters have lost their meaning.
    """
    if is_blank:
        return True
    if len(words) < _LEAST_WORDS or (covered >= _PAGE_IMAGE and len(words) < _SPARSE_WORDS):
        return False
    return garbage_share(words) <= _GARBAGE_SHARE


def garbage_share(words: Sequence[Word]) -> float:
    """Share of characters that stand for nothing: unmapped, private or control."""
    text = "".join(word.text for word in words)
    if not text:
        return 0.0
    lost = (
        times
        for char, times in Counter(text).items()
        if char == "\ufffd" or unicodedata.category(char) in {"Co", "Cn", "Cc"}
    )
    return sum(lost) / len(text)


def _is_on_page(box: Box, width: float, height: float) -> bool:
    """Whether a person sees it: what is written beyond the crop is on no paper."""
    return 0 <= (box.x0 + box.x1) / 2 <= width and 0 <= (box.top + box.bottom) / 2 <= height


def _runs(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """The characters of each word."""
    run: list[Char] = []
    for char in chars:
        if run and (not char.text or _is_apart(run[-1], char)):
            yield run
            run = []
        if char.text:
            run.append(char)
    if run:
        yield run


def _around(run: Sequence[Char]) -> Box:
    _, x0, top, x1, bottom, _ = zip(*run, strict=True)
    return Box(round(min(x0), 2), round(min(top), 2), round(max(x1), 2), round(max(bottom), 2))


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of them."""
    return Box(
        round(min(box.x0 for box in boxes), 2),
        round(min(box.top for box in boxes), 2),
        round(max(box.x1 for box in boxes), 2),
        round(max(box.bottom for box in boxes), 2),
    )


def _is_apart(before: Char, after: Char) -> bool:
    """Whether two characters belong to different words: beside, below, or far from each other."""
    _, x0, top, x1, bottom, quarter = before
    _, next_x0, next_top, next_x1, next_bottom, next_quarter = after
    if quarter != next_quarter:
        return True
    if quarter % 2:
        return False
    high, low = bottom - top, next_bottom - next_top
    if high < low:
        high, low = low, high
    if low < _FLAT:
        return False
    gap, back = (next_x0 - x1, x0 - next_x0) if quarter == 0 else (x0 - next_x1, next_x1 - x1)
    lower = abs(top + bottom - next_top - next_bottom) / 2
    return gap > GAP_SHARE * high or back > BACK_SHARE * high or lower > STEP_SHARE * high
