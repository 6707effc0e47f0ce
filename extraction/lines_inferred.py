"""Finds tables of lines that no known heading tells: rows on which a quantity times a price is an amount.

Needs no language. Columns are where such rows have their figures; which is quantity, price and amount is what makes
most rows multiply out. The answer has the form of a heading, so that tables are cut the same way whoever found them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.documents import Box
from extraction.layout import Layout, surrounding
from extraction.lexicon import UNITS
from extraction.lines_figures import Figure, figures_of, multiplies_out, products_of
from extraction.lines_header import Header, Heading, heading_words
from extraction.values import Locale, currency_code, fold

_OVERLAP = 0.3
_SAMPLE = 60
_TRIVIAL = 0.4
_NEAR = 1.0
_HIGHEST_RATE = 30
_ROWS_ABOVE = 4
_USUAL_SHARE = 0.3
_LONGEST_UNIT = 5
_Roles = tuple[int, int, int, int | None]


@dataclass(slots=True, kw_only=True)
class _Column:
    """Figures of several rows that stand under each other, or words that do."""

    box: Box
    figures: dict[int, Figure]
    names: tuple[str, ...] = ()


def infer_headers(layout: Layout, locale: Locale) -> tuple[Header, ...]:
    """A heading, without words, straight above each block of rows that multiply out; all have the same columns."""
    by_row = {row: figures_of(layout, row, locale) for row in range(len(layout.rows))}
    priced = [row for row, figures in by_row.items() if len(figures) >= 3 and multiplies_out(figures)]
    columns = _stacked(layout, (figure for row in priced for figure in by_row[row]))
    roles = _best_roles(columns, priced)
    if roles is None:
        return ()
    _name(columns, roles)
    rows = [row for row in priced if _has_amount(columns, roles, row)]
    columns = sorted([*columns, *_columns_of_words(layout, columns, rows)], key=lambda column: column.box.x0)
    _name_the_rest(layout, columns, rows)
    headings = tuple(
        Heading(columns=column.names, box=column.box, text="") for column in columns if column.names != ("none",)
    )
    return tuple(
        Header(page=layout.rows[first].page, first_row=first - 1, last_row=first - 1, headings=headings, inferred=True)
        for first in _block_starts(layout, rows)
    )


def _stacked(layout: Layout, figures: Iterator[Figure]) -> list[_Column]:
    """Figures by columns: those that overlap, each with its unit, from left to right."""
    columns: list[_Column] = []
    boxes = [(_with_unit(layout, figure), figure) for figure in figures]
    for box, figure in sorted(boxes, key=lambda pair: (pair[0].x1, pair[0].x0)):
        home = next((c for c in reversed(columns[-3:]) if _overlap(c.box, box) > _OVERLAP), None)
        if home is None or figure.row in home.figures:
            columns.append(_Column(box=box, figures={figure.row: figure}))
        else:
            home.figures[figure.row] = figure
            home.box = surrounding([home.box, box])
    return columns


def _with_unit(layout: Layout, figure: Figure) -> Box:
    """The box of a figure and of a unit or currency right after it: `5 Stk`, `9,90 EUR`."""
    after = figure.end
    if after < len(layout.words) and layout.words[after].segment == layout.words[figure.start].segment:
        word = layout.words[after]
        is_last = after + 1 == len(layout.words) or layout.words[after + 1].segment != word.segment
        if currency_code(word.text) or fold(word.text).strip(".") in UNITS or (is_last and _is_short_word(word.text)):
            return surrounding([figure.box, word.box])
    return figure.box


def _is_short_word(text: str) -> bool:
    return len(text) <= _LONGEST_UNIT and text.strip(".").isalpha()


def _overlap(a: Box, b: Box) -> float:
    return (min(a.x1, b.x1) - max(a.x0, b.x0)) / max(min(a.x1 - a.x0, b.x1 - b.x0), 1.0)


def _best_roles(columns: Sequence[_Column], priced: Sequence[int]) -> _Roles | None:
    """The columns of quantity, price, amount, and discount if one is needed, under which most rows multiply out."""
    votes: dict[tuple[int, int, int], float] = defaultdict(float)
    reduced: dict[_Roles, float] = defaultdict(float)
    for row in priced[:_SAMPLE]:
        present = [(n, column.figures[row]) for n, column in enumerate(columns) if row in column.figures]
        _vote(present, votes, reduced)
    best: tuple[float, _Roles] | None = None
    for roles in {*((*three, None) for three in votes), *reduced}:
        score = votes.get(roles[:3], 0.0) + reduced.get(roles, 0.0) + _likeness(columns, roles)
        if best is None or score > best[0]:
            best = (score, roles)
    return best[1] if best else None


def _vote(
    present: Sequence[tuple[int, Figure]], votes: dict[tuple[int, int, int], float], reduced: dict[_Roles, float]
) -> None:
    place = {id(figure): n for n, figure in present}
    for quantity, price, net, less in products_of([figure for _, figure in present]):
        weight = _TRIVIAL if 1 in (abs(quantity.value), abs(price.value)) else 1.0
        three = (place[id(quantity)], place[id(price)], place[id(net)])
        if less is None:
            votes[three] += weight
        else:
            reduced[(*three, place[id(less)])] += weight


def _likeness(columns: Sequence[_Column], roles: _Roles) -> float:
    """How much like quantity, price and amount the columns look besides: order, decimals. Breaks ties only."""
    quantity, price, net = (columns[n] for n in roles[:3])
    score = 0.02 * (quantity.box.x0 < price.box.x0) + 0.03 * (price.box.x0 < net.box.x0)
    score += 0.05 * (_mean_decimals(quantity) < _mean_decimals(price)) + 0.02 * (_mean_decimals(price) >= 2)
    return score - 0.1 * (_mean_decimals(quantity) > _mean_decimals(price))


def _mean_decimals(column: _Column) -> float:
    return sum(figure.decimals for figure in column.figures.values()) / len(column.figures)


def _name(columns: Sequence[_Column], roles: _Roles) -> None:
    for n, name in zip(roles, ("quantity", "unit_price", "line_net_amount", "discount"), strict=True):
        if n is not None:
            columns[n].names = (name,)


def _has_amount(columns: Sequence[_Column], roles: _Roles, row: int) -> bool:
    return row in columns[roles[2]].figures and (row in columns[roles[0]].figures or row in columns[roles[1]].figures)


def _columns_of_words(layout: Layout, columns: list[_Column], rows: Sequence[int]) -> list[_Column]:
    """Columns of what else stands on the rows; figures in no column of many rows count as words."""
    usual = [c for c in columns if c.names or _is_usual(layout, c, rows)]
    columns[:] = usual
    found: list[_Column] = []
    for row in rows:
        taken = {w: column for column in usual if (f := column.figures.get(row)) for w in range(f.start, f.end)}
        for words in _parts(layout, row, taken):
            box = surrounding([layout.words[w].box for w in words])
            beside = taken.get(words[0] - 1)
            if beside is not None and _belongs_to_figure(layout, words, beside):
                beside.box = surrounding([beside.box, box])
            elif not any(_overlap(c.box, box) > _OVERLAP and c.names == () and _hold(c, box) for c in usual):
                found.append(_Column(box=box, figures={}))
    return _merged(found, usual)


def _is_usual(layout: Layout, column: _Column, rows: Sequence[int]) -> bool:
    """Whether figures are a column of their own, not the sizes and numbers in what is described."""
    inside = sum(_follows_a_word(layout, figure.start) for figure in column.figures.values())
    least = max(_USUAL_SHARE * len(rows), 2 if len(rows) > 1 else 1)
    return len(column.figures) >= least and 2 * inside < len(column.figures)


def _follows_a_word(layout: Layout, word: int) -> bool:
    if not word or layout.words[word - 1].segment != layout.words[word].segment:
        return False
    before = layout.words[word - 1].text
    return before.isalpha() and currency_code(before) is None and fold(before) not in UNITS


def _hold(column: _Column, box: Box) -> bool:
    return column.box.x0 - 1 <= box.x0 and box.x1 <= column.box.x1 + 1


def _parts(layout: Layout, row: int, taken: Mapping[int, _Column]) -> Iterator[list[int]]:
    """The segments of a row without their figures."""
    for segment in layout.segments_of(row):
        part: list[int] = []
        for word in range(segment.start, segment.end):
            if word not in taken:
                part.append(word)
            elif part:
                yield part
                part = []
        if part:
            yield part


def _belongs_to_figure(layout: Layout, words: Sequence[int], column: _Column) -> bool:
    """Whether words right after a figure are its unit or currency: `5 Stk`, `9,90 EUR`."""
    text = " ".join(layout.words[w].text for w in words)
    gap = layout.words[words[0]].box.x0 - layout.words[words[0] - 1].box.x1
    near = gap < _NEAR * layout.text_height
    is_unit = len(words) == 1 and (fold(text).strip(".") in UNITS or len(text) <= 4)
    return near and (text == "%" or currency_code(text) is not None or (is_unit and column.names == ("quantity",)))


def _merged(found: list[_Column], figures: Sequence[_Column]) -> list[_Column]:
    """Boxes of words that overlap are one column, as long as no column of figures stands between."""
    merged: list[_Column] = []
    for column in sorted(found, key=lambda c: c.box.x0):
        last = merged[-1] if merged else None
        if last is not None and column.box.x0 < last.box.x1:
            last.box = surrounding([last.box, column.box])
        else:
            merged.append(column)
    return [column for column in merged if not any(_overlap(column.box, f.box) > 0.8 for f in figures if f.names)]


def _name_the_rest(layout: Layout, columns: Sequence[_Column], rows: Sequence[int]) -> None:
    """Says what the other columns are by what stands in them, or by words above that are known after all."""
    over = heading_words(layout, max(rows[0] - _ROWS_ABOVE, 0), rows[0])
    taken = {column.names for column in columns if column.names}
    for column in columns:
        if column.names:
            continue
        named = [names for names, box in over if _overlap(box, column.box) > _OVERLAP and names not in taken]
        if column.figures:
            column.names = _name_of_figures(column, is_first=column is columns[0]) or (
                named[0] if named else ("other",)
            )
        else:
            column.names = named[0] if named else _name_of_words(layout, column, rows)
        if column.names != ("other",):
            taken.add(column.names)
    words = [c for c in columns if not c.figures and c.names in ((), ("other",), ("description",))]
    if ("description",) not in taken and words:
        max(words, key=lambda c: c.box.x1 - c.box.x0).names = ("description",)


def _name_of_figures(column: _Column, *, is_first: bool) -> tuple[str, ...] | None:
    values = [column.figures[row].value for row in sorted(column.figures)]
    whole = all(figure.decimals == 0 and not figure.is_rate for figure in column.figures.values())
    rising = len({b - a for a, b in pairwise(values)}) <= 1 and all(b > a for a, b in pairwise(values))
    if is_first and whole and rising:
        return ("line_id",)
    if all(figure.is_rate for figure in column.figures.values()):
        return ("tax_rate",)
    few = len(set(values)) <= 3
    usual = all(0 <= value < _HIGHEST_RATE for value in values) and max(values) >= 4
    return ("tax_rate",) if few and usual and len(values) >= 3 and not is_first else None


def _name_of_words(layout: Layout, column: _Column, rows: Sequence[int]) -> tuple[str, ...]:
    texts = [
        " ".join(layout.words[w].text for w in range(layout.rows[row].start, layout.rows[row].end)
                 if _overlap(column.box, layout.words[w].box) > 0.5)
        for row in rows
    ]  # fmt: skip
    texts = [text for text in texts if text]
    if not texts:
        return ("other",)
    if all(fold(text).strip(".") in UNITS for text in texts):
        return ("unit",)
    if all(text.endswith("%") for text in texts):
        return ("tax_rate",)
    named = Counter(_is_item_number(text) for text in texts)
    return ("seller_item_id",) if named[True] > 2 * named[False] else ("other",)


def _is_item_number(text: str) -> bool:
    return " " not in text and sum(c.isdigit() for c in text) >= 2 and len(text) >= 4


def _block_starts(layout: Layout, rows: Sequence[int]) -> Iterator[int]:
    """The first of the rows, and the first on each later page."""
    page = 0
    for row in rows:
        if layout.rows[row].page != page:
            page = layout.rows[row].page
            yield row
