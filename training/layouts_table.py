"""Draws the line table: columns as wide as they need, descriptions wrapped, pages broken with carried totals."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from core.money import exact_sum
from training.layouts_head import PALE, accent_of
from training.papers import Line
from training.pen import BLACK, Colour, Token, words_of
from training.sheet import Sheet

_CELL_PAD = 4.0
_LEAST_DESCRIPTION = 105.0
_LEFT = frozenset({"description", "seller_item_id", "buyer_item_id", "gtin", "position", "unit", "lot_number"})
_DROPPABLE = ("discount_pct", "list_price", "gtin", "buyer_item_id", "unit", "lot_number", "tax_rate", "seller_item_id")
_PRICED = frozenset({"unit_price", "list_price", "discount_pct", "tax_rate", "line_net"})
_FIELD_OF = {
    "position": "line_id",
    "line_net": "line_net_amount",
    "list_price": None,
    "discount_pct": None,
}


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    heading: list[list[Token]]
    cells: list[str]
    x: float
    width: float


NewPage = Callable[[], None]


def draw_table(sheet: Sheet, new_page: NewPage) -> None:
    """Draws all lines from `sheet.y` on, asking for new pages as needed; leaves `sheet.y` below the table."""
    columns = _lay_columns(sheet)
    _draw_heading(sheet, columns)
    carry = sheet.style.carried and not sheet.is_shipment
    for index, line in enumerate(sheet.paper.lines):
        height = _row_height(sheet, columns, index)
        reserve = sheet.line * (2.5 if carry else 1.0)
        if sheet.y + height + reserve > sheet.limit:
            done = exact_sum(line.net for line in sheet.paper.lines[:index])
            if carry:
                _carried_row(sheet, "carried", done)
            _close(sheet)
            new_page()
            _draw_heading(sheet, columns)
            if carry:
                _carried_row(sheet, "brought", done)
        _draw_row(sheet, columns, index, line, height)
    _close(sheet)


def _cell_text(sheet: Sheet, name: str, line: Line) -> str:
    style = sheet.style
    if name == "quantity":
        text = sheet.quantity(line.quantity)
        return f"{text} {line.unit}" if style.unit_with_quantity else text
    if name == "unit_price":
        text = sheet.money.price(line.unit_price, decimals=style.price_decimals)
        return _signed(sheet, text)
    if name == "line_net":
        return _signed(sheet, sheet.amount(line.net, sign=False))
    if name == "list_price":
        return sheet.money.price(line.list_price, decimals=2) if line.list_price is not None else ""
    if name == "discount_pct":
        return sheet.quantity(line.discount_pct) if line.discount_pct is not None else ""
    if name == "tax_rate":
        return sheet.rate(line.tax_rate)
    if name == "package_count":
        return str(line.package_count or "")
    texts = {
        "position": line.line_id,
        "unit": line.unit,
        "seller_item_id": line.seller_item_id,
        "buyer_item_id": line.buyer_item_id,
        "gtin": line.gtin,
        "lot_number": line.lot_number,
    }
    return texts[name] or ""


def _signed(sheet: Sheet, text: str) -> str:
    money = sheet.money
    if not sheet.style.line_sign or not money.sign:
        return text
    return (
        f"{text} {money.sign}"
        if money.place == "after"
        else f"{money.sign}{'' if money.place == 'tight' else ' '}{text}"
    )


def _lay_columns(sheet: Sheet) -> list[_Column]:
    total = sheet.right - sheet.left
    names = [name for name in _wanted(sheet) if name == "description" or _has_any(sheet, name)]
    for dropped in (None, *_DROPPABLE):
        if dropped in names:
            names.remove(dropped)
        widths = {name: _natural_width(sheet, name) for name in names if name != "description"}
        rest = total - sum(widths.values())
        if rest >= _LEAST_DESCRIPTION:
            break
    columns, x = [], sheet.left
    for name in names:
        width = rest if name == "description" else widths[name]
        heading = sheet.pen.wrap(words_of(sheet.style.words[name]), width - 2 * _CELL_PAD, bold=True)
        cells = [] if name == "description" else [_cell_text(sheet, name, line) for line in sheet.paper.lines]
        columns.append(_Column(name, heading, cells, x, width))
        x += width
    return columns


def _wanted(sheet: Sheet) -> list[str]:
    """The house's columns; a delivery note has no prices and names lots and packages instead."""
    if not sheet.is_shipment:
        return list(sheet.style.columns)
    return [*(name for name in sheet.style.columns if name not in _PRICED), "lot_number"]


def _has_any(sheet: Sheet, name: str) -> bool:
    return any(_cell_text(sheet, name, line) for line in sheet.paper.lines)


def _natural_width(sheet: Sheet, name: str) -> float:
    pen = sheet.pen
    words = [pen.text_width(word, bold=True) for word in sheet.style.words[name].split()]
    cells = [pen.text_width(_cell_text(sheet, name, line)) for line in sheet.paper.lines]
    return max([*words, *cells, 14.0]) + 2 * _CELL_PAD + 1


def _draw_heading(sheet: Sheet, columns: list[_Column]) -> None:
    style, pen = sheet.style, sheet.pen
    rows = max(len(column.heading) for column in columns)
    top, bottom = sheet.y, sheet.y + rows * sheet.line + 2 * style.row_padding
    if style.header_fill:
        pen.box(sheet.left, top, sheet.right, bottom, fill=style.accent, line=None)
    colour = (1.0, 1.0, 1.0) if style.header_fill else accent_of(sheet)
    for column in columns:
        y = top + style.row_padding + style.size
        for line in column.heading:
            _place(sheet, column, y, line, bold=True, colour=colour)
            y += sheet.line
    if style.rules in {"header", "rows", "grid", "zebra"}:
        pen.rule(sheet.left, bottom, sheet.right, bottom, weight=0.8)
    if style.rules == "grid":
        pen.rule(sheet.left, top, sheet.right, top)
        for edge in _edges(sheet, columns):
            pen.rule(edge, top, edge, bottom)
    if style.rules == "dashes":
        pen.dashes(sheet.left, top, sheet.right)
        pen.dashes(sheet.left, bottom, sheet.right)
    sheet.y = bottom


def _row_height(sheet: Sheet, columns: list[_Column], index: int) -> float:
    count = sum(len(part) for part in _description(sheet, columns, index))
    return count * sheet.line + 2 * sheet.style.row_padding


def _description(sheet: Sheet, columns: list[_Column], index: int) -> list[list[list[Token]]]:
    line, prefix = sheet.paper.lines[index], f"lines.{index + 1}."
    column = next(column for column in columns if column.name == "description")
    shown = {column.name for column in columns}
    width = column.width - 2 * _CELL_PAD
    parts = [sheet.pen.wrap(words_of(line.description, prefix + "description"), width)]
    for name in sheet.style.ids_in_description:
        text = _cell_text(sheet, name, line)
        if text and name not in shown:
            tokens = [*words_of(sheet.label(name)), Token(text, f"{prefix}{name}")]
            parts.append(sheet.pen.wrap(tokens, width))
    return parts


def _draw_row(sheet: Sheet, columns: list[_Column], index: int, line: Line, height: float) -> None:
    style, pen = sheet.style, sheet.pen
    top, bottom = sheet.y, sheet.y + height
    if style.rules == "zebra" and index % 2:
        pen.box(sheet.left, top, sheet.right, bottom, fill=PALE, line=None)
    first = top + style.row_padding + style.size
    for column in columns:
        if column.name == "description":
            y = first
            for part in _description(sheet, columns, index):
                for tokens in part:
                    _place(sheet, column, y, tokens)
                    y += sheet.line
        elif column.cells[index]:
            _place(sheet, column, first, _cell_tokens(sheet, column, index, line))
    if style.rules in {"rows", "grid"}:
        pen.rule(sheet.left, bottom, sheet.right, bottom, weight=0.3)
    if style.rules == "grid":
        for edge in _edges(sheet, columns):
            pen.rule(edge, top, edge, bottom, weight=0.3)
    sheet.y = bottom


def _cell_tokens(sheet: Sheet, column: _Column, index: int, line: Line) -> list[Token]:
    field = _FIELD_OF.get(column.name, column.name)
    key = f"lines.{index + 1}.{field}" if field else None
    if column.name == "quantity" and sheet.style.unit_with_quantity:
        return [Token(sheet.quantity(line.quantity), key), Token(line.unit, f"lines.{index + 1}.unit")]
    return [Token(column.cells[index], key)]


def _place(
    sheet: Sheet, column: _Column, y: float, tokens: list[Token], *, bold: bool = False, colour: Colour = BLACK
) -> None:
    if column.name in _LEFT:
        sheet.pen.run(column.x + _CELL_PAD, y, tokens, bold=bold, colour=colour)
    else:
        sheet.pen.run(column.x + column.width - _CELL_PAD, y, tokens, bold=bold, colour=colour, align="right")


def _carried_row(sheet: Sheet, word: str, amount: Decimal) -> None:
    y = sheet.y + sheet.style.row_padding + sheet.style.size
    sheet.pen.text(sheet.right - _CELL_PAD, y, sheet.amount(amount, sign=False), align="right", italic=True)
    width = sheet.pen.text_width(sheet.amount(amount, sign=False)) + 20
    sheet.pen.text(sheet.right - width, y, sheet.style.words[word], align="right", italic=True)
    sheet.y += sheet.line + 2 * sheet.style.row_padding


def _close(sheet: Sheet) -> None:
    if sheet.style.rules == "dashes":
        sheet.pen.dashes(sheet.left, sheet.y, sheet.right)
    elif sheet.style.rules in {"header", "zebra"}:
        sheet.pen.rule(sheet.left, sheet.y, sheet.right, sheet.y, weight=0.5)


def _edges(sheet: Sheet, columns: list[_Column]) -> list[float]:
    return [*(column.x for column in columns), sheet.right]
