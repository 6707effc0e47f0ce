"""Finds lines that are no more than a text and an amount: those that add up to the total straight below them.

Services, fees and premiums are billed so. Without quantity and price only the sum tells lines from anything else with
an amount, so it must be exact, and no row of totals, tax or payment may be among them.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.money import exact_sum
from extraction.labels import Label
from extraction.layout import Layout
from extraction.lines_cells import Cell
from extraction.lines_figures import Figure, figures_of
from extraction.lines_items import Item
from extraction.lines_table import TableRow
from extraction.values import Locale, fold

ROLES = ("description", "line_net_amount")
_NO_LINES = (
    "total_without_vat", "total_vat", "total_with_vat", "amount_due", "prepaid_amount", "x_line_sum", "x_change",
    "x_rate", "gross_weight", "net_weight", "package_count", "due_date",
)  # fmt: skip
_TOTALS = ("total_without_vat", "x_line_sum", "total_with_vat", "amount_due")
_NO_GOODS = re.compile(
    r"^(gesamt|summe|sum|total|totaal|totale|saldo|balance|razem)|steuer|\btax|taxe|imposta|impuesto|imposto|podat|moms|btw|\b(vat|tva|iva|gst)\b"
)
_CENT = Decimal("0.005")
_ALIGNED = 3.0
_LEAST_LETTERS = 3
_MOST_LINES = 60


def listed_items(layout: Layout, labels: Sequence[Label], locale: Locale) -> list[Item]:
    """The texts with amounts that add up to a named total below them; none when there are no such."""
    named = {label.row for label in labels if any(label.strength(name) for name in _NO_LINES)}
    totals = {label.row for label in labels if any(label.strength(name) == 1 for name in _TOTALS)}
    for row in sorted(totals):
        total = _amount(layout, row, locale)
        items = _items_above(layout, row, total, named, locale) if total is not None else []
        if items:
            return items
    return []


def _amount(layout: Layout, row: int, locale: Locale) -> Figure | None:
    """The amount a row ends with."""
    figures = figures_of(layout, row, locale)
    last = figures[-1] if figures else None
    return last if last is not None and last.decimals >= 2 and not last.is_rate else None


def _items_above(layout: Layout, row: int, total: Figure, named: set[int], locale: Locale) -> list[Item]:
    items: list[Item] = []
    amounts: list[Decimal] = []
    for above in range(row - 1, max(row - _MOST_LINES, -1), -1):
        amount = _amount(layout, above, locale)
        if above in named or layout.rows[above].page != layout.rows[row].page:
            break
        if amount is None or not _in_column(amount, total) or not _has_text(layout, above, amount):
            if items and amount is not None:
                break
            continue
        items.insert(0, _item(layout, above, amount))
        amounts.append(amount.value)
        if total.value and abs(exact_sum(amounts) - total.value) <= _CENT:
            return _with_free_ones(layout, items, total, named, locale)
    return []


def _with_free_ones(layout: Layout, items: list[Item], total: Figure, named: set[int], locale: Locale) -> list[Item]:
    """Takes in what costs nothing straight above the others."""
    row = items[0].rows[0].row - 1
    while row >= 0 and row not in named and (amount := _amount(layout, row, locale)) is not None:
        if amount.value or not _in_column(amount, total) or not _has_text(layout, row, amount):
            break
        items.insert(0, _item(layout, row, amount))
        row -= 1
    return items


def _in_column(amount: Figure, total: Figure) -> bool:
    return min(abs(amount.box.x1 - total.box.x1), abs(amount.box.x0 - total.box.x0)) <= _ALIGNED


def _has_text(layout: Layout, row: int, amount: Figure) -> bool:
    run = layout.rows[row]
    text = " ".join(layout.words[w].text for w in range(run.start, amount.start))
    return sum(c.isalpha() for c in text) >= _LEAST_LETTERS and "%" not in text and not _NO_GOODS.search(fold(text))


def _item(layout: Layout, row: int, amount: Figure) -> Item:
    run = layout.rows[row]
    text, figure = tuple(range(run.start, amount.start)), tuple(range(amount.start, amount.end))
    cells = {
        0: Cell(words=text, text=" ".join(layout.words[w].text for w in text)),
        1: Cell(
            words=figure,
            text=" ".join(layout.words[w].text for w in figure),
            number=amount.value,
            number_words=figure,
            decimals=amount.decimals,
        ),
    }
    return Item(cells=cells, rows=[TableRow(row=row, page=run.page, cells=(text, figure), box=run.box)])
