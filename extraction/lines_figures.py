"""Finds the figures of a row: numbers, where they stand, and which of them multiply to which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from core.documents import Box
from extraction.layout import Layout, surrounding
from extraction.values import Locale, currency_code, has_digit, parse_number

_LONGEST_WHOLE = 7
_MOST_WORDS = 3
_JOINED = 0.6
_MOST_FIGURES = 9
_HALF_A_CENT = 0.0051


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number on a row: words `start` to `end` (exclusive) of the layout."""

    start: int
    end: int
    row: int
    box: Box
    value: Decimal
    decimals: int
    is_rate: bool = False


def figures_of(layout: Layout, row: int, locale: Locale) -> tuple[Figure, ...]:
    """The numbers of a row from left to right; neither dates nor long numbers that only name something."""
    return tuple(_figures(layout, row, locale))


def _figures(layout: Layout, row: int, locale: Locale) -> Iterator[Figure]:
    run = layout.rows[row]
    word = run.start
    while word < run.end:
        figure = _figure_from(layout, word, row, locale) if _may_begin(layout.words[word].text) else None
        if figure is None:
            word += 1
        else:
            yield figure
            word = figure.end


def _may_begin(text: str) -> bool:
    return has_digit(text) or _is_sign(text)


def _figure_from(layout: Layout, start: int, row: int, locale: Locale) -> Figure | None:
    """The longest number of words close to each other that begins at a word."""
    last = min(start + _MOST_WORDS, layout.rows[row].end)
    end = start + 1
    while end < last and _stand_close(layout.words[end - 1].box, layout.words[end].box):
        end += 1
    for stop in range(end, start, -1):
        figure = _figure(layout, start, stop, row, locale)
        if figure is not None:
            return figure
    return None


def _figure(layout: Layout, start: int, end: int, row: int, locale: Locale) -> Figure | None:
    texts = [layout.words[w].text for w in range(start, end)]
    if end - start == 1 and not has_digit(texts[0]):
        return None
    joined = " ".join(texts)
    is_rate = "%" in joined
    parsed = parse_number(joined.strip("%().:;, ") if is_rate else joined, locale)
    if parsed is None or (parsed.decimals == 0 and len(texts[0]) > _LONGEST_WHOLE and joined.isdigit()):
        return None
    return Figure(
        start=start,
        end=end,
        row=row,
        box=surrounding([layout.words[w].box for w in range(start, end)]),
        value=parsed.value,
        decimals=parsed.decimals,
        is_rate=is_rate,
    )


def _is_sign(text: str) -> bool:
    return text in {"-", "−", "–"} or currency_code(text) is not None


def _stand_close(before: Box, after: Box) -> bool:
    return after.x0 - before.x1 < _JOINED * (before.bottom - before.top)


def products_of(figures: Sequence[Figure]) -> Iterator[tuple[Figure, Figure, Figure, Figure | None]]:
    """Every quantity, price and amount on a row that multiply out, the fourth being the discount that this takes."""
    some = figures[-_MOST_FIGURES:]
    size = {id(figure): float(abs(figure.value)) for figure in some}
    plain = [figure for figure in some if not figure.is_rate]
    for quantity, price, net in permutations(plain, 3):
        worth = size[id(net)]
        if net.decimals < 2 or not worth or (price.decimals < quantity.decimals and price.decimals < 2):
            continue
        whole, slack = size[id(quantity)] * size[id(price)], slack_of(size[id(quantity)], price.decimals)
        if abs(whole - worth) <= slack:
            yield quantity, price, net, None
            continue
        for less in some:
            share = size[id(less)]
            if not share or less in (quantity, price, net):
                continue
            if abs(whole * (1 - share / 100) - worth) <= slack or abs(whole - share - worth) <= slack:
                yield quantity, price, net, less


def slack_of(quantity: float, decimals: int) -> float:
    """By how much a product may miss: half a cent, and half of a fine price's last decimal for each piece."""
    return _HALF_A_CENT + (abs(quantity) * 0.5 * 10.0**-decimals if decimals > 2 else 0.0)


def multiplies_out(figures: Sequence[Figure]) -> bool:
    """Whether some figures of a row are a quantity, a price and their product."""
    return any(True for _ in products_of(figures))


def within_words(layout: Layout, word: int) -> bool:
    """Whether a word stands after others of its segment that are no figures: a size or a number in a sentence."""
    segment = layout.segments[layout.words[word].segment]
    before = [layout.words[w].text for w in range(segment.start, word)]
    return sum(any(c.isalpha() for c in text) for text in before) >= 2
