"""Finds the label phrases of the vocabulary on the pages, even across words a text layer has broken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.documents import Box
from extraction.layout import Layout, surrounding
from extraction.values import fold
from extraction.vocabulary import Meaning, phrase_beginnings, phrases

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[#%]")
_MOST_TOKENS = 8
_REMEMBERED = 8192
_WIDEST_GAP = 3.0
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "|": "l", "5": "s", "8": "b"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A phrase found: words `start` to `end` (exclusive) of the layout, and what it may mean."""

    start: int
    end: int
    page: int
    row: int
    box: Box
    phrase: str
    meanings: tuple[Meaning, ...]

    def strength(self, field: str) -> float:
        """How strongly it labels this field, 0 when it does not."""
        strongest = 0.0
        for meaning in self.meanings:
            if meaning.field == field and meaning.strength > strongest:
                strongest = meaning.strength
        return strongest

    @property
    def is_weak(self) -> bool:
        """Whether every meaning is a weak one."""
        return all(m.strength < 1 for m in self.meanings)


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or digits in a word of the layout."""

    text: str
    word: int
    last_of_word: bool


def row_tokens(layout: Layout, row: int) -> list[Token]:
    """The letters and numbers of a row, folded, in order."""
    run = layout.rows[row]
    tokens: list[Token] = []
    for word in range(run.start, run.end):
        parts = _parts(layout.words[word].text, layout.is_ocr)
        tokens += [Token(part, word, index == len(parts) - 1) for index, part in enumerate(parts)]
    return tokens


@lru_cache(maxsize=_REMEMBERED)
def _parts(text: str, is_ocr: bool) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(_normal(text, is_ocr)))


def find_labels(layout: Layout) -> tuple[Label, ...]:
    """All labels, longest first at each place, in reading order; they do not overlap."""
    found: list[Label] = []
    for row in range(len(layout.rows)):
        found += _labels_of_row(layout, row)
    return tuple(found)


def _labels_of_row(layout: Layout, row: int) -> Iterator[Label]:
    tokens, known = row_tokens(layout, row), phrases()
    position = 0
    while position < len(tokens):
        length = _longest_phrase(layout, tokens, position)
        if not length:
            position += 1
            continue
        start, end = tokens[position].word, tokens[position + length - 1].word + 1
        phrase = _key(tokens, position, length)
        yield Label(
            start=start,
            end=end,
            page=layout.words[start].page,
            row=row,
            box=surrounding([w.box for w in layout.words[start:end]]),
            phrase=phrase,
            meanings=known[phrase],
        )
        position += length


def _longest_phrase(layout: Layout, tokens: list[Token], position: int) -> int:
    """Number of tokens from here that make a phrase, 0 for none. A phrase neither starts nor ends inside a word."""
    if position and tokens[position - 1].word == tokens[position].word and not tokens[position - 1].text.isdigit():
        return 0
    known, begun = phrases(), phrase_beginnings()
    key, best = "", 0
    for length in range(1, min(_MOST_TOKENS, len(tokens) - position) + 1):
        token = tokens[position + length - 1]
        if length > 1 and _far_apart(layout, tokens[position + length - 2].word, token.word):
            break
        key += _token_key(token.text)
        if key not in begun:
            break
        if token.last_of_word and key in known:
            best = length
    return best


def _key(tokens: list[Token], position: int, length: int) -> str:
    return "".join(_token_key(token.text) for token in tokens[position : position + length])


def _token_key(text: str) -> str:
    return {"#": "no", "%": "pct"}.get(text, text)


def _far_apart(layout: Layout, left: int, right: int) -> bool:
    if left == right:
        return False
    a, b = layout.words[left].box, layout.words[right].box
    return b.x0 - a.x1 > _WIDEST_GAP * max(a.bottom - a.top, 1.0)


def _normal(text: str, is_ocr: bool) -> str:
    folded = fold(text).replace("n°", "no").replace("nº", "no")
    if is_ocr and sum(map(str.isdigit, folded)) <= 1 and len(folded) >= 4:
        return folded.translate(_LOOK_ALIKES)
    return folded
