"""Settles which table of a paper holds its lines, and what each of its columns is.

Headings propose what a column is; the figures decide. Of all tables, with headings or without, and of all ways to
understand their columns, the one is taken under which most rows multiply out (quantity × price = net) and which adds
up to a total of the paper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.labels import Label
from extraction.layout import Layout
from extraction.lines_balance import Sums, net_of, settle, sums_of
from extraction.lines_header import find_headers
from extraction.lines_inferred import infer_headers
from extraction.lines_items import CellReader, Item, assemble, cell_reader, multiplies
from extraction.lines_listed import ROLES, listed_items
from extraction.lines_mend import mend
from extraction.lines_records import ROLES as RECORD_ROLES
from extraction.lines_records import recorded_items
from extraction.lines_table import Column, Table, cut_tables
from extraction.values import Locale

_MOST_READINGS = 80
_DECIDING = ("line_net_amount", "unit_price", "quantity")
_GOOD_ENOUGH = 0.95
_ADDS_UP = 0.3
_RATHER_HEADED = 0.3
_MENDED = 0.7
_MORE_FITTING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of a paper as they were found.

    Attributes:
        tables: every table whose heading could be of lines; training and features look at them.
        roles: what each column of the items' table is; None for one that is nothing of interest.
        adds_up_to: `net`, `gross` or `other` total that the lines add up to; None when to none.
        inferred: whether no heading told the columns.
    """

    tables: tuple[Table, ...] = ()
    items: tuple[Item, ...] = ()
    roles: tuple[str | None, ...] = ()
    adds_up_to: str | None = None
    inferred: bool = False

    @property
    def total(self) -> Decimal | None:
        """What the net amounts of the lines add up to; None when a line has none."""
        return net_of(self.items, self.roles) if "line_net_amount" in self.roles else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    worth: float
    items: tuple[Item, ...] = ()
    roles: tuple[str | None, ...] = ()
    adds_up_to: str | None = None


def find_lines(layout: Layout, labels: Sequence[Label], locale: Locale) -> Lines:
    """Finds the table of a paper's lines and reads its columns."""
    headers = find_headers(layout)
    tables = cut_tables(layout, headers, labels, locale)
    sums, read = sums_of(layout, labels, locale), cell_reader(layout, locale)
    best, inferred = _Found(worth=0.0), False
    for table in tables:
        found = _best_reading(layout, table, read, sums)
        if found.worth > best.worth:
            best = found
    if not best.items or not _is_settled(best):
        for table in cut_tables(layout, infer_headers(layout, locale), labels, locale):
            found = _best_reading(layout, table, read, sums)
            if found.worth > best.worth + _RATHER_HEADED and _tells_more(found, best):
                best, inferred = found, True
    if not best.items or not _is_settled(best):
        listed, adds_up_to = listed_items(layout, labels, locale, sums)
        found = _Found(worth=0.0, items=listed, roles=ROLES, adds_up_to=adds_up_to)
        if listed and (_fitting(found), len(listed)) > (_fitting(best), len(best.items)):
            best, inferred = found, True
        items, adds_up_to = recorded_items(layout, read, sums)
        found = _Found(worth=0.0, items=items, roles=RECORD_ROLES, adds_up_to=adds_up_to)
        if items and (_fitting(found), len(items)) > (_fitting(best), 0):
            best, inferred = found, True
    return Lines(tables=tables, items=best.items, roles=best.roles, adds_up_to=best.adds_up_to, inferred=inferred)


def _tells_more(found: _Found, headed: _Found) -> bool:
    """Whether a reading without headings is to be believed rather than one with: a wrong line is no reason to."""
    if not set(_DECIDING) <= set(headed.roles) or (found.adds_up_to and not headed.adds_up_to):
        return True
    return _fitting(found) >= _fitting(headed) + _MORE_FITTING


def _fitting(found: _Found) -> int:
    return sum(multiplies(item, found.roles) is True for item in found.items)


def _is_settled(found: _Found) -> bool:
    return found.adds_up_to is not None and all(multiplies(item, found.roles) for item in found.items)


def _best_reading(layout: Layout, table: Table, read: CellReader, sums: Sums) -> _Found:
    best = _Found(worth=0.0)
    for preference, roles in _readings(table.columns):
        items, adds_up_to = settle(assemble(layout, table, roles, read), roles, sums)
        if layout.is_ocr:
            items, adds_up_to = _mended(items, roles, sums, adds_up_to)
        if not items:
            continue
        worth = preference + sum(_worth(item, roles) for item in items)
        worth += _ADDS_UP * len(items) * (adds_up_to is not None)
        if worth > best.worth:
            best = _Found(worth=worth, items=tuple(items), roles=roles, adds_up_to=adds_up_to)
        if worth >= (_GOOD_ENOUGH + _ADDS_UP) * len(items):
            break
    return best


def _mended(
    items: list[Item], roles: Sequence[str | None], sums: Sums, adds_up_to: str | None
) -> tuple[list[Item], str | None]:
    """Mends what OCR misread; amounts only when the lines add up afterwards and did not before."""
    mended = [mend(item, roles, amounts=False) for item in items]
    if adds_up_to is None:
        bold, then = settle([mend(item, roles, amounts=True) for item in items], roles, sums)
        if then is not None:
            return bold, then
    return mended, adds_up_to


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


def _worth(item: Item, roles: Sequence[str | None]) -> float:
    mended = any(cell.mended for cell in item.cells.values())
    return (_MENDED if mended else 1.0) if multiplies(item, roles) else 0.25
