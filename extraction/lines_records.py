"""Finds lines that are written out as records: one label and one value a row (`Quantity 14 hrs`, `Price 121.24`).

Viewers of e-invoices and plain dumps of them print so. Records are lines only when they add up to a total or nearly
all of them multiply out.
"""

from collections.abc import Iterator, Sequence

from extraction.labels import row_tokens
from extraction.layout import Layout
from extraction.lines_balance import Sums, fits, last_row_of, net_of
from extraction.lines_cells import Cell
from extraction.lines_header import leading_phrase
from extraction.lines_items import CellReader, Item, multiplies
from extraction.lines_table import TableRow

ROLES = (
    "line_id", "seller_item_id", "buyer_item_id", "gtin", "description", "quantity", "unit", "unit_price", "tax_rate",
    "line_net_amount",
)  # fmt: skip
_NEEDED = ("quantity", "unit_price", "line_net_amount")
_LEAST_UNNAMED, _MOST_UNKNOWN, _MOSTLY = 2, 1, 0.75
_Values = dict[str, tuple[int, ...]]


def recorded_items(layout: Layout, read: CellReader, sums: Sums) -> tuple[tuple[Item, ...], str | None]:
    """The records of goods, and to which total they add up; none when they neither do nor mostly multiply out."""
    items = tuple(_item(layout, values, read) for values in _records(layout))
    sound = tuple(item for item in items if multiplies(item, ROLES))
    for lines in (items, sound):
        total = net_of(lines, ROLES) if lines else None
        found = fits(total, sums, last_row_of(lines)) if total is not None and sound else None
        if found in {"net", "gross"} or (found and len(lines) >= _LEAST_UNNAMED):
            return lines, found
    return (items, None) if items and len(sound) >= _MOSTLY * len(items) else ((), None)


def _records(layout: Layout) -> Iterator[_Values]:
    """Labelled values that follow each other until a label comes again, a line number, or rows without a label."""
    values: _Values = {}
    last, unknown = "", 0
    for row, run in enumerate(layout.rows):
        columns, start = leading_phrase(layout, row_tokens(layout, row))
        names = [name for name in columns if name in ROLES] if start < run.end else []
        if last == "description" and not columns and _goes_on(layout, values[last], run.start):
            values[last] += tuple(range(run.start, run.end))
            continue
        unknown = 0 if names else unknown + 1
        role = next((name for name in names if name not in values), None)
        if role == "line_id" or (names and role is None) or unknown > _MOST_UNKNOWN:
            yield from [values] if set(_NEEDED) <= values.keys() else []
            values, last = {}, ""
            role = names[0] if names else None
        if role is not None:
            values[role] = tuple(range(start, run.end))
        last = role or ""
    yield from [values] if set(_NEEDED) <= values.keys() else []


def _goes_on(layout: Layout, before: Sequence[int], word: int) -> bool:
    """Whether a row without a label begins right under a value."""
    return abs(layout.words[before[0]].box.x0 - layout.words[word].box.x0) < layout.text_height / 2


def _item(layout: Layout, values: _Values, read: CellReader) -> Item:
    cells: dict[int, Cell] = {ROLES.index(name): read(words) for name, words in values.items()}
    rows = []
    for row in sorted({layout.words[word].row for words in values.values() for word in words}):
        run = layout.rows[row]
        parts = tuple(tuple(w for w in values.get(name, ()) if run.start <= w < run.end) for name in ROLES)
        rows.append(TableRow(row=row, page=run.page, cells=parts, box=run.box))
    return Item(cells=cells, rows=rows)
