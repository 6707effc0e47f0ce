"""Puts the rows of a table together into items: which rows belong to one, and what each of its columns holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from extraction.layout import Layout
from extraction.lines_cells import Cell, read_cell
from extraction.lines_figures import slack_of, within_words
from extraction.lines_table import Table, TableRow
from extraction.values import Locale

NUMERIC = frozenset(
    {
        "quantity",
        "unit_price",
        "line_net_amount",
        "list_price",
        "discount",
        "tax_rate",
        "gross_amount",
        "tax_amount",
        "ordered_quantity",
        "package_count",
        "gross_weight",
    }
)
_DECIDING = ("quantity", "unit_price", "line_net_amount", "list_price")
_AMOUNTS = frozenset({"line_net_amount", "gross_amount"})
_WORDS = frozenset({"description", None})
_CLOSE = 1.1
_NOTE_GAP = 1.4
_CLEARLY = 0.25
_USUALLY = 0.7
_HALF_A_CENT = Decimal("0.0051")

CellReader = Callable[[tuple[int, ...]], Cell]


@dataclass(slots=True, kw_only=True)
class Item:
    """An item of a table: its cells by column number, and the rows it takes.

    Attributes:
        above: rows of words straight above its figures, which may belong to it or head a group.
        notes: words under cells that were complete.
        is_boxed: whether no line is drawn between its figures and the words above, but one over these.
        is_loose: an amount with neither quantity nor price: a charge, a discount, a service, a sub-total.
    """

    cells: dict[int, Cell] = field(default_factory=dict)
    rows: list[TableRow] = field(default_factory=list)
    above: list[TableRow] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    is_loose: bool = False
    is_boxed: bool = False


def cell_reader(layout: Layout, locale: Locale) -> CellReader:
    """Reads cells, each only once: the readings of a table share most of them."""
    known: dict[tuple[int, ...], Cell] = {}

    def read(words: tuple[int, ...]) -> Cell:
        if words not in known:
            known[words] = read_cell(layout, words, locale)
        return known[words]

    return read


def assemble(layout: Layout, table: Table, roles: Sequence[str | None], read: CellReader) -> list[Item]:
    """Rows that fill each other's gaps are one item; rows of words alone go on with the item above or the one below.

    Loose amounts are among the items, marked as such.
    """
    items: list[Item] = []
    pending: list[TableRow] = []
    numeric = [i for i, role in enumerate(roles) if role in _DECIDING]
    words_above = _words_stand_above(layout, table, numeric, read)
    for number, row in enumerate(table.rows):
        numbers = _numbers_on(layout, row, numeric, read)
        current = items[-1] if items else None
        if not numbers:
            after = table.rows[number + 1] if number + 1 < len(table.rows) else None
            if current is None or words_above or _leads(layout, current, row, after):
                pending.append(row)
            elif _follows(layout, current, row):
                _take(layout, current, row, roles, read, is_words=True)
            continue
        if current is None or not _goes_on(current, row, numbers, numeric):
            above = [] if row.ruled_above else [above for above in pending if above.page == row.page]
            current = Item(above=above, is_boxed=bool(above) and above[0].ruled_above)
            items.append(current)
        pending = []
        _take(layout, current, row, roles, read)
    usually = words_above or _usually_above(items)
    for item in items:
        if usually or item.is_boxed:
            _put_above(layout, item, roles)
        _quantity_from_unit(item, roles)
        item.is_loose = not _is_item(item, roles)
    return [item for item in items if not item.is_loose or _has_amount(item, roles)]


def _numbers_on(layout: Layout, row: TableRow, numeric: Sequence[int], read: CellReader) -> set[int]:
    """The deciding columns with a number on this row; none when all numbers are in the middle of a sentence."""
    found = {i for i in numeric if row.cells[i] and read(row.cells[i]).number is not None}
    if found and all(within_words(layout, read(row.cells[i]).number_words[0]) for i in found):
        return set()
    return found


def _words_stand_above(layout: Layout, table: Table, numeric: Sequence[int], read: CellReader) -> bool:
    """Whether nearly every row of figures has words straight above it, from the first row of the table on."""
    kinds = [bool(_numbers_on(layout, row, numeric, read)) for row in table.rows]
    if not kinds or kinds[0] or not any(kinds):
        return False
    last = max(index for index, has in enumerate(kinds) if has)
    led = sum(not before and after for before, after in pairwise(kinds))
    trailing = any(_touches(layout, a, b) for a, b in pairwise(table.rows[last : last + 2]) if a.page == b.page)
    return led >= _USUALLY * sum(kinds) and not trailing and sum(kinds) > 1


def _touches(layout: Layout, above: TableRow, below: TableRow) -> bool:
    return below.box.top - above.box.bottom <= _CLEARLY * layout.text_height


def _leads(layout: Layout, item: Item, row: TableRow, after: TableRow | None) -> bool:
    """Whether a row of words stands clearly nearer to the row below it than to the item above."""
    if after is None or after.page != row.page:
        return False
    if row.ruled_above or after.ruled_above:
        return row.ruled_above
    up, down = row.box.top - item.rows[-1].box.bottom, after.box.top - row.box.bottom
    return item.rows[-1].page != row.page or up > down + _CLEARLY * layout.text_height


def _usually_above(items: Sequence[Item]) -> bool:
    return bool(items) and sum(bool(item.above) for item in items) >= _USUALLY * len(items) and len(items) > 1


def _take(
    layout: Layout, item: Item, row: TableRow, roles: Sequence[str | None], read: CellReader, *, is_words: bool = False
) -> None:
    item.rows.append(row)
    cells = _flowing(layout, row, roles) if is_words else row.cells
    for i, words in enumerate(cells):
        if words:
            _add(layout, item, i, words, role=roles[i], read=read)


def _flowing(layout: Layout, row: TableRow, roles: Sequence[str | None]) -> tuple[tuple[int, ...], ...]:
    """A sentence that begins under the description stays together, however far it runs."""
    if "description" not in roles:
        return row.cells
    home = roles.index("description")
    begun = {layout.words[w].segment for w in row.cells[home]}
    cells = [tuple(w for w in words if i == home or layout.words[w].segment not in begun)
             for i, words in enumerate(row.cells)]  # fmt: skip
    moved = [w for i, words in enumerate(row.cells) if i > home for w in words if layout.words[w].segment in begun]
    cells[home] = (*cells[home], *moved)
    return tuple(cells)


def _put_above(layout: Layout, item: Item, roles: Sequence[str | None]) -> None:
    """Takes the words straight above the figures as the beginning of the description."""
    if "description" not in roles or not item.above:
        return
    home = roles.index("description")
    words = tuple(w for row in item.above for w in row.cells[home])
    cell = item.cells.get(home)
    rest = cell.words if cell else ()
    if words:
        item.cells[home] = Cell(words=(*words, *rest), text=" ".join(layout.words[w].text for w in (*words, *rest)))
        item.rows[:0] = item.above


def _quantity_from_unit(item: Item, roles: Sequence[str | None]) -> None:
    """`20 pcs` under the unit's heading, with nothing under the quantity's, is the quantity with its unit."""
    if "quantity" not in roles or "unit" not in roles:
        return
    quantity, unit = roles.index("quantity"), roles.index("unit")
    cell = item.cells.get(unit)
    if quantity not in item.cells and cell is not None and cell.number is not None:
        item.cells[quantity] = item.cells.pop(unit)


def _follows(layout: Layout, item: Item, row: TableRow) -> bool:
    """Whether a row of words stands close enough under the item to be part of it."""
    last = item.rows[-1]
    return last.page == row.page and row.box.top - last.box.bottom <= _NOTE_GAP * layout.text_height


def _goes_on(item: Item, row: TableRow, numbers: set[int], numeric: Sequence[int]) -> bool:
    """Whether figures on this row complete the item above rather than begin another."""
    filled = {i for i in numeric if i in item.cells and item.cells[i].number is not None}
    if filled & numbers or filled >= set(numeric) or row.ruled_above:
        return False
    last = item.rows[-1]
    height = last.box.bottom - last.box.top
    return last.page == row.page and row.box.top - last.box.bottom <= _CLOSE * height


def _add(
    layout: Layout, item: Item, column: int, words: tuple[int, ...], *, role: str | None, read: CellReader
) -> None:
    """Adds a row's words to a cell. Words under a number that stands already are notes, not part of it."""
    before = item.cells.get(column)
    if before is None:
        item.cells[column] = read(words)
    elif role in _WORDS:
        together = before.text + " " + " ".join(layout.words[w].text for w in words)
        item.cells[column] = Cell(words=(*before.words, *words), text=together)
    elif role in NUMERIC and before.number is None:
        item.cells[column] = read(words)
    else:
        item.notes += words


def _is_item(item: Item, roles: Sequence[str | None]) -> bool:
    """An item has an amount with a quantity or a price, or a quantity on papers without prices."""
    has = _filled(item, roles)
    if _AMOUNTS & set(roles):
        asked = {"quantity", "unit_price", "list_price"} & set(roles)
        return bool(has & _AMOUNTS) and (not asked or bool(has & asked))
    return "quantity" in has or {"unit_price"} <= has


def _has_amount(item: Item, roles: Sequence[str | None]) -> bool:
    return "line_net_amount" in _filled(item, roles)


def _filled(item: Item, roles: Sequence[str | None]) -> set[str]:
    return {role for i, cell in item.cells.items() if cell.number is not None and (role := roles[i])}


def number_of(item: Item, roles: Sequence[str | None], role: str) -> Decimal | None:
    """The number an item has under a role."""
    if role not in roles:
        return None
    cell = item.cells.get(roles.index(role))
    return cell.number if cell is not None else None


def multiplies(item: Item, roles: Sequence[str | None]) -> bool | None:
    """Whether quantity × price (less discount) is the net amount; None when one of them is missing."""
    quantity, net = number_of(item, roles, "quantity"), number_of(item, roles, "line_net_amount")
    prices = [
        cell
        for role in ("unit_price", "list_price")
        if role in roles and (cell := item.cells.get(roles.index(role))) and cell.number is not None
    ]
    if quantity is None or net is None or not prices:
        return None
    discount = number_of(item, roles, "discount") or Decimal(0)
    for cell in prices:
        assert cell.number is not None
        base = cell.base or 1
        whole = abs(quantity * cell.number) / base
        slack = Decimal(slack_of(float(quantity) / base, cell.decimals))
        reduced = (whole, whole - abs(discount), whole * (1 - min(abs(discount), Decimal(100)) / 100))
        if any(abs(outcome - abs(net)) <= slack for outcome in reduced):
            return True
    return False
