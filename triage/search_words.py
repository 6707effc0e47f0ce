"""Turns texts into the words a case is found by, and what a person typed into what is looked for. Pure.

A word is a run of letters and digits, in lower case and without accents. A run of several words without a space
between is one word too: `R-8812` is found by `8812`, `R-8812`, `r8812` and `R 8812`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

WORDS_KEPT = 5_000
LONGEST_WORD = 60
SHORTEST_BEGINNING = 3
TERMS_READ = 12
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that must be said: its words, all of them, or the same written as one word.

    Attributes:
        may_go_on: whether the last word may be the beginning of a longer one.
    """

    words: tuple[str, ...]
    joined: str
    may_go_on: bool


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Every word of these texts, the first `WORDS_KEPT` of them; longer ones than anybody types are left out."""
    found: dict[str, None] = {}
    for text in texts:
        for chunk in _folded(text).split():
            words = _WORD.findall(chunk)
            for word in (*words, "".join(words)) if len(words) > 1 else words:
                if len(word) <= LONGEST_WORD:
                    found[word] = None
        if len(found) > WORDS_KEPT:
            return frozenset(list(found)[:WORDS_KEPT])
    return frozenset(found)


def terms_of(query: str) -> tuple[Term, ...]:
    """What a person typed, part by part; nothing where it holds no word."""
    chunks = [words for chunk in _folded(query).split() if (words := _WORD.findall(chunk))]
    return tuple(
        Term(words=tuple(words), joined="".join(words), may_go_on=len("".join(words)) >= SHORTEST_BEGINNING)
        for words in chunks[:TERMS_READ]
    )


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
