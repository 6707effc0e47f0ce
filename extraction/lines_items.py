"""Puts the rows of a table together into items, and reads the cells of each as quantity, price, amount and the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extraction.layout import Layout
from extraction.lexicon import UNITS
from extraction.lines_table import Table, TableRow
from extraction.values import Locale, ParsedNumber, fold, parse_number

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
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s*%?$")
_CLOSE = 1.1
_NOTE_GAP = 1.4
_ROUNDING = Decimal("0.011")
_LONGEST_UNIT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The words of one item in one column, with the number they begin with, if any, and what follows it."""

    words: tuple[int, ...]
    text: str
    number: Decimal | None = None
    number_words: tuple[int, ...] = ()
    unit: str | None = None
    decimals: int = 0


@dataclass(slots=True, kw_only=True)
class Item:
    """An item of a table: its cells by column number, and the rows it takes."""

    cells: dict[int, Cell] = field(default_factory=dict)
    rows: list[TableRow] = field(default_factory=list)


def assemble(layout: Layout, table: Table, roles: Sequence[str | None], locale: Locale) -> list[Item]:
    """Rows that fill each other's gaps are one item; rows of words alone go on with the item above."""
    items: list[Item] = []
    numeric = [i for i, role in enumerate(roles) if role in _DECIDING]
    for row in table.rows:
        found = {i: read_cell(layout, row.cells[i], locale) for i in numeric if row.cells[i]}
        numbers = {i for i, cell in found.items() if cell.number is not None}
        current = items[-1] if items else None
        if current is None or (numbers and not _goes_on(current, row, numbers, numeric)):
            if not numbers:
                continue
            current = Item()
            items.append(current)
        if not numbers and not _follows(layout, current, row):
            continue
        current.rows.append(row)
        for i, words in enumerate(row.cells):
            if words:
                _add(layout, current, i, words, role=roles[i], locale=locale)
    for item in items:
        _quantity_from_unit(item, roles)
    return [item for item in items if _is_item(item, roles)]


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


def read_cell(layout: Layout, words: Sequence[int], locale: Locale) -> Cell:
    """Reads a cell that may begin with a number and end with its unit (`20 Stk`, `EUR 5,50`)."""
    texts = [layout.words[w].text for w in words]
    text = " ".join(texts)
    for start in range(min(2, len(words))):
        for end in range(len(words), start, -1):
            parsed = parse_number(" ".join(texts[start:end]), locale) or _percentage(texts[start:end], locale)
            if parsed is None or (start and not _is_money_word(texts[0])):
                continue
            rest = " ".join(texts[end:]).strip(" .")
            if rest and not _is_unit(rest):
                continue
            return Cell(
                words=tuple(words),
                text=text,
                number=parsed.value,
                number_words=tuple(words[start:end]),
                unit=rest or None,
                decimals=parsed.decimals,
            )
    glued = re.fullmatch(r"([\d.,]+)\s*([^\W\d]{1,6}\.?)", text)
    if glued and _is_unit(glued.group(2)):
        parsed = parse_number(glued.group(1), locale)
        if parsed is not None:
            return Cell(
                words=tuple(words),
                text=text,
                number=parsed.value,
                number_words=tuple(words),
                unit=glued.group(2),
                decimals=parsed.decimals,
            )
    return Cell(words=tuple(words), text=text)


def _percentage(texts: Sequence[str], locale: Locale) -> ParsedNumber | None:
    joined = "".join(texts)
    return parse_number(joined[:-1], locale) if joined.endswith("%") and len(texts) <= 2 else None


def _is_money_word(text: str) -> bool:
    from extraction.values import currency_code

    return currency_code(text) is not None


def _is_unit(text: str) -> bool:
    folded = fold(text).strip(".")
    return (
        folded in UNITS
        or folded in {"%", "eur", "usd", "gbp", "€"}
        or (len(folded) <= _LONGEST_UNIT and folded[:1].isalpha() and not any(c.isdigit() for c in folded))
        or folded in {"m²", "m³"}
    )


def _goes_on(item: Item, row: TableRow, numbers: set[int], numeric: Sequence[int]) -> bool:
    """Whether figures on this row complete the item above rather than begin another."""
    filled = {i for i in numeric if i in item.cells and item.cells[i].number is not None}
    if filled & numbers or filled >= set(numeric):
        return False
    last = item.rows[-1]
    height = last.box.bottom - last.box.top
    return last.page == row.page and row.box.top - last.box.bottom <= _CLOSE * height


def _add(layout: Layout, item: Item, column: int, words: Sequence[int], *, role: str | None, locale: Locale) -> None:
    """Adds a row's words to a cell. Words under a number that stands already are notes, not part of it."""
    before = item.cells.get(column)
    if before is None:
        item.cells[column] = read_cell(layout, words, locale)
    elif role == "description" or role is None:
        item.cells[column] = Cell(
            words=(*before.words, *words), text=before.text + " " + " ".join(layout.words[w].text for w in words)
        )
    elif role in NUMERIC and before.number is None:
        item.cells[column] = read_cell(layout, words, locale)


def _is_item(item: Item, roles: Sequence[str | None]) -> bool:
    """An item has an amount with a quantity or a price, or a quantity on papers without prices."""
    has = {roles[i] for i, cell in item.cells.items() if cell.number is not None and roles[i]}
    if "line_net_amount" in roles or "gross_amount" in roles:
        asked = {"quantity", "unit_price", "list_price"} & set(roles)
        return bool(has & {"line_net_amount", "gross_amount"}) and (not asked or bool(has & asked))
    return "quantity" in has or {"unit_price"} <= has


def multiplies(item: Item, roles: Sequence[str | None]) -> bool | None:
    """Whether quantity × price (less discount) is the net amount; None when one of them is missing."""
    numbers = _numbers(item, roles)
    quantity, net = numbers.get("quantity"), numbers.get("line_net_amount")
    prices = [numbers[name] for name in ("unit_price", "list_price") if name in numbers]
    if quantity is None or net is None or not prices:
        return None
    shares = [Decimal(1)]
    if "discount" in numbers and abs(numbers["discount"]) < 100:
        shares.append(1 - abs(numbers["discount"]) / 100)
    slack = _ROUNDING + abs(quantity) * Decimal("0.00005")
    return any(abs(abs(quantity * price * share) - abs(net)) <= slack for price in prices for share in shares)


def percent_of(cell: Cell) -> Decimal | None:
    """The rate a cell shows, as a number of percent."""
    match = _PERCENT.search(cell.text.strip())
    return Decimal(match.group(1).replace(",", ".")) if match else None


def _numbers(item: Item, roles: Sequence[str | None]) -> dict[str, Decimal]:
    return {
        role: cell.number
        for i, cell in item.cells.items()
        if (role := roles[i]) is not None and role in NUMERIC and cell.number is not None
    }
