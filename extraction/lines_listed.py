"""Finds lines that no table holds: texts with an amount each that add up to a total below.

Services, fees and premiums are billed so, and goods in a sentence: `3 kg Apples · 2.50 | 7.50`. Without columns only
the sum tells lines from anything else with an amount, so it must be exact, and no row of totals, tax or payment may be
among them.
"""

from collections.abc import Sequence

from extraction.labels import Label
from extraction.layout import Layout
from extraction.lexicon import UNITS
from extraction.lines_balance import Sums, fits, last_row_of, net_of, speaks_of_sums
from extraction.lines_cells import Cell
from extraction.lines_figures import Figure, figures_of, products_of
from extraction.lines_items import Item
from extraction.lines_table import TableRow
from extraction.values import Locale, fold

ROLES = ("description", "quantity", "unit_price", "line_net_amount")
_NO_LINES = (
    "total_without_vat", "total_vat", "total_with_vat", "amount_due", "prepaid_amount", "x_line_sum", "x_change",
    "x_rate", "gross_weight", "net_weight", "package_count", "due_date",
)  # fmt: skip
_SHARED, _ALIGNED = 0.3, 3.0
_LEAST_LETTERS, _LEAST_UNNAMED = 3, 3
_MOST_LINES = 200


def listed_items(
    layout: Layout, labels: Sequence[Label], locale: Locale, sums: Sums
) -> tuple[tuple[Item, ...], str | None]:
    """The texts with amounts that add up to a total below them, and to which; none when there are no such."""
    named = {label.row for label in labels if any(label.strength(name) for name in _NO_LINES)}
    amounts = {row: amount for row in range(len(layout.rows)) if (amount := _amount(layout, row, locale, named))}
    left = dict(amounts)
    while left:
        first = min(left)
        run = [row for row in sorted(left) if _in_column(left[row], left[first])][:_MOST_LINES]
        items = [_item(layout, row, left[row], locale) for row in run]
        for count in range(len(items), 0, -1):
            total = net_of(items[:count], ROLES)
            found = fits(total, sums, last_row_of(items[:count])) if total else None
            if found in {"net", "gross"} or (found and count >= _LEAST_UNNAMED):
                return tuple(items[:count]), found
        del left[first]
    return (), None


def _amount(layout: Layout, row: int, locale: Locale, named: set[int]) -> Figure | None:
    """The amount that a row of goods ends with."""
    figures = figures_of(layout, row, locale) if row not in named else ()
    last = figures[-1] if figures else None
    if last is None or last.decimals < 2 or last.is_rate or last.end != layout.rows[row].end:
        return None
    text = " ".join(layout.words[w].text for w in range(layout.rows[row].start, last.start))
    is_text = sum(c.isalpha() for c in text) >= _LEAST_LETTERS and "%" not in text and not text.endswith(":")
    return last if is_text and not speaks_of_sums(text) else None


def _in_column(amount: Figure, other: Figure) -> bool:
    """Whether amounts stand under each other, one perhaps with its currency."""
    a, b = amount.box, other.box
    shared = min(a.x1, b.x1) - max(a.x0, b.x0)
    return shared > _SHARED * min(a.x1 - a.x0, b.x1 - b.x0) and (
        min(abs(a.x0 - b.x0), abs(a.x1 - b.x1)) <= _ALIGNED or amount.end - amount.start != other.end - other.start
    )


def _item(layout: Layout, row: int, amount: Figure, locale: Locale) -> Item:
    """The line of a row: what its amount is the product of, if anything, and all else as its description."""
    run = layout.rows[row]
    figures = figures_of(layout, row, locale)
    product = next(((q, p) for q, p, net, less in products_of(figures) if net is figures[-1] and not less), None)
    cells = {3: _cell(layout, amount)}
    taken = set(range(amount.start, amount.end))
    if product is not None:
        quantity, price = sorted(product, key=lambda figure: figure.start)
        unit = quantity.end if quantity.end < run.end and _is_unit(layout.words[quantity.end].text) else None
        cells[1], cells[2] = _cell(layout, quantity, unit), _cell(layout, price)
        taken |= {*range(quantity.start, quantity.end), *range(price.start, price.end), *([unit] if unit else [])}
    words = tuple(w for w in range(run.start, run.end) if w not in taken and _says(layout.words[w].text))
    cells[0] = Cell(words=words, text=" ".join(layout.words[w].text for w in words))
    parts = tuple(cells[i].words if i in cells else () for i in range(len(ROLES)))
    return Item(cells=cells, rows=[TableRow(row=row, page=run.page, cells=parts, box=run.box)])


def _says(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _is_unit(text: str) -> bool:
    return fold(text).strip(".") in UNITS


def _cell(layout: Layout, figure: Figure, unit: int | None = None) -> Cell:
    words = tuple(range(figure.start, figure.end))
    every = words if unit is None else (*words, unit)
    return Cell(
        words=every,
        text=" ".join(layout.words[w].text for w in every),
        number=figure.value,
        number_words=words,
        unit=layout.words[unit].text if unit is not None else None,
        decimals=figure.decimals,
    )
