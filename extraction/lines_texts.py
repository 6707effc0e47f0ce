"""Parts what is written about an item into its description and the numbers named in it (`Art.-Nr.: A-100`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from extraction.layout import Layout
from extraction.values import fold, squeeze
from extraction.vocabulary import column_phrases

NAMED_IN_TEXT = frozenset({"seller_item_id", "buyer_item_id", "gtin", "lot_number"})
_MOST_WORDS = 4
_LEAST_VALUE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedNumber:
    """A number with its name before it: the role of the name, the words of both, and which of them is the number."""

    role: str
    words: tuple[int, ...]
    number: int


def named_numbers(
    layout: Layout, words: Sequence[int], roles: frozenset[str] = NAMED_IN_TEXT
) -> tuple[NamedNumber, ...]:
    """The numbers of an item that its text names, in reading order; `roles` are what may be named."""
    found: list[NamedNumber] = []
    for _, row in groupby(words, key=lambda word: layout.words[word].row):
        found += _named_on_row(layout, list(row), roles)
    return tuple(found)


def _named_on_row(layout: Layout, words: Sequence[int], roles: frozenset[str]) -> Iterator[NamedNumber]:
    start = 0
    while start < len(words) - 1:
        made = next(
            (
                NamedNumber(role=role, words=tuple(words[start : start + length + 1]), number=words[start + length])
                for length in range(min(_MOST_WORDS, len(words) - 1 - start), 0, -1)
                if (role := _role_of(layout, words[start : start + length], roles))
                and _is_number(layout.words[words[start + length]].text, role)
            ),
            None,
        )
        if made is None:
            start += 1
        else:
            yield made
            start += len(made.words)


def _role_of(layout: Layout, words: Sequence[int], roles: frozenset[str]) -> str | None:
    key = squeeze("".join(_normal(layout.words[w].text) for w in words))
    return next((name for name in column_phrases().get(key, ()) if name in roles), None)


def _normal(text: str) -> str:
    return fold(text).replace("n°", "no").replace("nº", "no").replace("#", "no")


def _is_number(text: str, role: str) -> bool:
    bare = text.strip(".,;:()")
    digits = sum(c.isdigit() for c in bare)
    if role == "gtin":
        return bare.isdigit() and digits >= 8
    return len(bare) >= _LEAST_VALUE and (digits >= 1 or bare.isupper())
