"""Turns the characters of a PDF's text layer into words in reading order, and tells whether it is worth reading."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core.documents import Box, Word
from extraction.frames import Frame
from extraction.pdf import Char

GAP_SHARE = 0.9
LINE_SHARE = 0.5
BACK_SHARE = 0.6
STEP_SHARE = 0.6
_FLAT = 0.01
_LEAST_WORDS = 5
_SPARSE_WORDS = 40
_PAGE_IMAGE = 0.5
_GARBAGE_SHARE = 0.25
_SPLITTING = frozenset({"Zs", "Cc", "Zl", "Zp"})


class TextLayer(NamedTuple):
    """The words of a text layer on its upright frame."""

    words: tuple[Word, ...]
    frame: Frame


def characters_to_words(chars: Sequence[Char], *, width: float, height: float) -> TextLayer:
    """Words split at white space, line ends, wide gaps and jumps; in rows from top to bottom, left to right.

    The direction in which most is written is upright; what is written across it, such as a note along the edge,
    comes last.
    """
    quarters = Counter(char.quarter for char in chars if char.text.strip())
    frame = Frame(width=width, height=height, quarter=quarters.most_common(1)[0][0] if quarters else 0)
    upright: list[Word] = []
    across: list[Word] = []
    for run in _runs(chars):
        boxes = [char.box if frame.quarter == 0 else frame.to_upright(char.box) for char in run]
        word = Word(text="".join(char.text for char in run), box=union(boxes))
        if not _is_on_page(word.box, *frame.upright_size()):
            continue
        (upright if run[0].quarter == frame.quarter else across).append(word)
    return TextLayer((*in_reading_order(upright), *across), frame)


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


def is_worth_reading(words: Sequence[Word], largest_image: float, *, is_blank: bool) -> bool:
    """Whether a page's text layer is what a person sees.

    It is not when an image covers the page and few words lie on it, nor when its characters have lost their meaning.
    """
    if is_blank:
        return True
    if len(words) < _LEAST_WORDS or (largest_image >= _PAGE_IMAGE and len(words) < _SPARSE_WORDS):
        return False
    return garbage_share(words) <= _GARBAGE_SHARE


def garbage_share(words: Sequence[Word]) -> float:
    """Share of characters that stand for nothing: unmapped, private or control."""
    text = "".join(word.text for word in words)
    if not text:
        return 0.0
    return sum(unicodedata.category(char) in {"Co", "Cn", "Cc"} or char == "\ufffd" for char in text) / len(text)


def _is_on_page(box: Box, width: float, height: float) -> bool:
    """Whether a person sees it: what is written beyond the crop is on no paper."""
    return 0 <= (box.x0 + box.x1) / 2 <= width and 0 <= (box.top + box.bottom) / 2 <= height


def _runs(chars: Iterable[Char]) -> Iterator[list[Char]]:
    """The characters of each word."""
    run: list[Char] = []
    for char in chars:
        is_blank = not char.text.strip() or unicodedata.category(char.text[0]) in _SPLITTING
        if run and (is_blank or _is_apart(run[-1], char)):
            yield run
            run = []
        if not is_blank:
            run.append(char)
    if run:
        yield run


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
    if before.quarter != after.quarter:
        return True
    first, second = before.box, after.box
    if before.quarter % 2:
        return False
    height = max(first.bottom - first.top, second.bottom - second.top)
    if min(first.bottom - first.top, second.bottom - second.top) < _FLAT:
        return False
    lower = abs((first.top + first.bottom) - (second.top + second.bottom)) / 2
    gap = second.x0 - first.x1 if before.quarter == 0 else first.x0 - second.x1
    back = first.x0 - second.x0 if before.quarter == 0 else second.x1 - first.x1
    return gap > GAP_SHARE * height or back > BACK_SHARE * height or lower > STEP_SHARE * height
