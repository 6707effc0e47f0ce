"""Settles which table of a paper holds its lines, and what each of its columns is.

Headings propose what a column is; the figures decide. Where headings are unknown or say two things, the reading under
which most rows multiply out (quantity × price = net) is taken.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.money import exact_sum
from extraction.layout import Layout
from extraction.lines_items import Item, assemble, multiplies
from extraction.lines_table import Column, Table
from extraction.values import Locale

_MOST_READINGS = 80
_DECIDING = ("line_net_amount", "unit_price", "quantity")
_GOOD_ENOUGH = 0.95


def best_items(layout: Layout, tables: Sequence[Table], locale: Locale) -> tuple[list[Item], tuple[str | None, ...]]:
    """The items of the table most like one of lines, and what each of its columns is."""
    best: tuple[float, list[Item], tuple[str | None, ...]] = (0.0, [], ())
    for table in tables:
        found = _best_reading(layout, table, locale)
        if found[0] > best[0]:
            best = found
    return best[1], best[2]


def sum_of_lines(items: Sequence[Item], roles: Sequence[str | None]) -> Decimal | None:
    """What the net amounts of the lines add up to; None when a line has none."""
    if not items or "line_net_amount" not in roles:
        return None
    column = roles.index("line_net_amount")
    amounts = [cell.number if (cell := item.cells.get(column)) is not None else None for item in items]
    return exact_sum(a for a in amounts if a is not None) if None not in amounts else None


def _best_reading(layout: Layout, table: Table, locale: Locale) -> tuple[float, list[Item], tuple[str | None, ...]]:
    best: tuple[float, list[Item], tuple[str | None, ...]] = (0.0, [], ())
    for preference, roles in _readings(table.columns):
        items = assemble(layout, table, roles, locale)
        worth = sum(_item_worth(item, roles) for item in items) + preference
        if items and worth > best[0]:
            best = (worth, items, roles)
        if items and worth >= _GOOD_ENOUGH * len(items):
            break
    return best


def _readings(columns: Sequence[Column]) -> Iterator[tuple[float, tuple[str | None, ...]]]:
    """Ways to understand the headings in which no column's role comes twice, likeliest first, with a preference."""
    known = {name for column in columns for name in column.columns}
    missing = tuple(name for name in _DECIDING if name not in known)
    options = [_options(column, missing) for column in columns]
    seen: set[tuple[str | None, ...]] = set()
    for way in _by_sum([len(option) for option in options]):
        roles = tuple(option[index] for option, index in zip(options, way, strict=True))
        named = [role for role in roles if role and role != "other"]
        if len(named) == len(set(named)) and roles not in seen:
            seen.add(roles)
            if len(seen) > _MOST_READINGS:
                return
            yield 0.5 - 0.12 * sum(way), roles


def _options(column: Column, missing: tuple[str, ...]) -> tuple[str | None, ...]:
    """What a column may be, likeliest first: what its heading says, nothing of interest, or what no heading names."""
    return (*column.columns[:2], None, *missing)


def _by_sum(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Tuples of choices, those nearest to all first choices before the others."""
    for total in range(4):
        yield from _with_sum(sizes, total)


def _with_sum(sizes: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    if not sizes:
        if total == 0:
            yield ()
        return
    for first in range(min(sizes[0] - 1, total), -1, -1):
        for rest in _with_sum(sizes[1:], total - first):
            yield (first, *rest)


def _item_worth(item: Item, roles: Sequence[str | None]) -> float:
    adds = multiplies(item, roles)
    return 1.0 if adds else 0.25
