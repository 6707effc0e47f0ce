"""Draws the goods of a shipment paper as a table: lots and SSCC in columns or under descriptions, sums at the end."""

from collections.abc import Callable
from decimal import Decimal

from core.money import exact_sum
from training.formats import quantity_text
from training.pen import Token, words_of
from training.ship_papers import ShipLine
from training.ship_sheet import WHITE, ShipSheet

_PAD = 4.0
_LEAST_DESCRIPTION = 115.0
_RIGHT = frozenset({"c_qty", "c_ordered", "c_back", "c_gross", "c_net", "c_pkg", "c_price", "c_amount"})
_DROPPED_FIRST = (
    "c_buyer",
    "c_po",
    "c_net",
    "c_gtin",
    "c_back",
    "c_unit",
    "sscc",
    "c_ordered",
    "lot",
    "c_sku",
    "c_pos",
)
_NOTE_WORD = {"lot": "lot", "sscc": "sscc", "gtin": "c_gtin", "po": "c_po", "expiry": "expiry"}
_Text = list[list[Token]]


def draw_goods(sheet: ShipSheet, new_page: Callable[[], None]) -> None:
    """Draws heading, lines and sums; `new_page` ends the page and begins the next."""
    columns = _columns_that_fit(sheet)
    _heading(sheet, columns)
    for index, line in enumerate(sheet.paper.lines, start=1):
        cells = {name: _cell(sheet, name, line, index, width) for name, width in columns}
        height = max(len(text) for text in cells.values()) * sheet.line + 3
        if sheet.y + height > sheet.limit:
            new_page()
            _heading(sheet, columns)
        _row(sheet, columns, cells, height, striped=index % 2 == 0)
    if sheet.style.totals_row:
        _sums(sheet, columns, new_page)
    if sheet.style.rules != "none":
        sheet.pen.rule(sheet.left, sheet.y, sheet.right, sheet.y)
    sheet.y += sheet.line


def _columns_that_fit(sheet: ShipSheet) -> list[tuple[str, float]]:
    names, width = list(sheet.style.columns), sheet.right - sheet.left
    while True:
        widths = {name: _natural(sheet, name) for name in names if name != "c_desc"}
        rest = width - sum(widths.values())
        droppable = [name for name in _DROPPED_FIRST if name in names]
        if rest >= _LEAST_DESCRIPTION or not droppable:
            return [(name, widths.get(name, rest)) for name in names]
        names.remove(droppable[0])


def _natural(sheet: ShipSheet, name: str) -> float:
    heading = max(sheet.pen.text_width(word, bold=True) for word in _heading_text(sheet, name).split())
    size = max(
        sheet.pen.text_width(" ".join(token.shown for token in tokens))
        for index, line in enumerate(sheet.paper.lines, start=1)
        for tokens in _cell(sheet, name, line, index, 400)
    )
    total = _total_text(sheet, name)
    return max(heading, size, sheet.pen.text_width(total, bold=True)) + 2 * _PAD


def _heading_text(sheet: ShipSheet, name: str) -> str:
    text = sheet.label(name)
    in_label = name in {"c_gross", "c_net"} and "kg" not in text.lower()
    return f"{text} ({sheet.style.forms.unit_mark})" if in_label and sheet.style.weight_form == "label" else text


def _heading(sheet: ShipSheet, columns: list[tuple[str, float]]) -> None:
    wrapped = [sheet.pen.wrap(words_of(_heading_text(sheet, n)), w - 2 * _PAD + 0.5, bold=True) for n, w in columns]
    height = max(len(lines) for lines in wrapped) * sheet.line + 4
    filled = sheet.style.coloured and sheet.style.rules in {"grid", "zebra"}
    if filled or sheet.style.rules == "zebra":
        fill = sheet.style.accent if filled else sheet.style.fill
        sheet.pen.box(sheet.left, sheet.y, sheet.right, sheet.y + height, fill=fill, line=None)
    x = sheet.left
    for (name, width), lines in zip(columns, wrapped, strict=True):
        for number, tokens in enumerate(lines):
            y = sheet.y + sheet.style.size + number * sheet.line
            at, align = (x + width - _PAD, "right") if name in _RIGHT else (x + _PAD, "left")
            colour = WHITE if filled else (0.0, 0.0, 0.0)
            sheet.pen.run(at, y, tokens, bold=True, align=align, colour=colour)
        if sheet.style.rules == "grid":
            sheet.pen.box(x, sheet.y, x + width, sheet.y + height)
        x += width
    sheet.y += height
    if sheet.style.rules in {"header", "rows"}:
        sheet.pen.rule(sheet.left, sheet.y, sheet.right, sheet.y)
    sheet.y += 2


def _row(
    sheet: ShipSheet, columns: list[tuple[str, float]], cells: dict[str, _Text], height: float, *, striped: bool
) -> None:
    if striped and sheet.style.rules == "zebra":
        sheet.pen.box(sheet.left, sheet.y, sheet.right, sheet.y + height, fill=sheet.style.fill, line=None)
    x = sheet.left
    for name, width in columns:
        for number, tokens in enumerate(cells[name]):
            y = sheet.y + sheet.style.size + number * sheet.line
            if name in _RIGHT:
                sheet.pen.run(x + width - _PAD, y, tokens, align="right")
            else:
                sheet.pen.run(x + _PAD, y, tokens)
        if sheet.style.rules == "grid":
            sheet.pen.box(x, sheet.y, x + width, sheet.y + height)
        x += width
    sheet.y += height
    if sheet.style.rules == "rows":
        sheet.pen.rule(sheet.left, sheet.y, sheet.right, sheet.y, weight=0.25)


def _cell(sheet: ShipSheet, name: str, line: ShipLine, index: int, width: float) -> _Text:
    """What stands in a cell: lines of tokens, wrapped to the width of the column."""
    key = f"lines.{index}."
    if name == "c_desc":
        text = sheet.pen.wrap(words_of(line.description, key + "description"), width - 2 * _PAD)
        return text + [n for note in _notes(sheet, line, key) for n in sheet.pen.wrap(note, width - 2 * _PAD)]
    if name == "c_marks":
        return _marks(sheet, index)
    if name == "c_qty":
        return [_quantity(sheet, line, key)]
    if name == "c_pkg":
        return [_packages(sheet, line, key)]
    weight = sheet.style.forms.weight
    texts: dict[str, tuple[str | None, str | None]] = {
        "c_pos": (line.line_id, key + "line_id"),
        "c_sku": (line.seller_item_id, key + "seller_item_id"),
        "c_buyer": (line.buyer_item_id, key + "buyer_item_id"),
        "c_gtin": (line.gtin, key + "gtin"),
        "c_ordered": (_plain(sheet, line.ordered), None),
        "c_back": (_plain(sheet, (line.ordered or Decimal(0)) - (line.quantity or Decimal(0))), None),
        "c_unit": (line.unit, key + "unit"),
        "c_gross": (weight(line.gross_weight) if line.gross_weight is not None else None, key + "gross_weight"),
        "c_net": (weight(line.net_weight) if line.net_weight is not None else None, None),
        "lot": (line.lot_number, key + "lot_number"),
        "sscc": (line.sscc, key + "sscc"),
        "c_po": (line.purchase_order, key + "purchase_order_reference"),
        "c_price": (_money(sheet, line.price), key + "unit_price"),
        "c_amount": (_money(sheet, line.amount), key + "line_net_amount"),
    }
    value, own = texts[name]
    tokens = [Token(value, own)] if value else [Token("")]
    if name in {"c_gross", "c_net"} and sheet.style.weight_form == "suffix":
        tokens.append(Token(sheet.style.forms.unit_mark))
    return [tokens]


def _notes(sheet: ShipSheet, line: ShipLine, key: str) -> list[list[Token]]:
    values = {"lot": (line.lot_number, "lot_number"), "sscc": (line.sscc, "sscc"), "gtin": (line.gtin, "gtin"),
              "po": (line.purchase_order, "purchase_order_reference"), "expiry": ("31.12.2027", "")}  # fmt: skip
    made = []
    for name in sheet.style.notes:
        text, field = values[name]
        if text:
            label = sheet.style.words[_NOTE_WORD[name]]
            made.append([*words_of(sheet.marked(label)), Token(text, key + field if field else None)])
    return made


def _marks(sheet: ShipSheet, index: int) -> _Text:
    """On sea bills the container and its seal; on others what is painted on the packages."""
    paper, text = sheet.paper, f"{sheet.paper.asides['customer_no']}/{index}"
    if index > 1 or paper.kind != "sea_bl":
        return [[Token(text)]]
    lines = [[Token(sheet.container() or "", "container_number")]] if paper.container_number else []
    if paper.seal_number:
        lines.append([*words_of(sheet.marked(sheet.style.words["seal"])), Token(paper.seal_number, "seal_number")])
    return lines or [[Token(text)]]


def _quantity(sheet: ShipSheet, line: ShipLine, key: str) -> list[Token]:
    tokens = [Token(_plain(sheet, line.quantity) or "", key + "quantity")]
    if sheet.style.unit_with_quantity and line.unit:
        tokens.append(Token(line.unit, key + "unit"))
    return tokens


def _packages(sheet: ShipSheet, line: ShipLine, key: str) -> list[Token]:
    tokens = [Token(str(line.package_count), key + "package_count")]
    if sheet.style.package_form == "word":
        tokens.append(Token(sheet.style.words["k_carton"]))
    return tokens


def _total_text(sheet: ShipSheet, name: str) -> str:
    paper = sheet.paper
    if not sheet.style.totals_row:
        return ""
    if name == "c_qty":
        return _plain(sheet, exact_sum(line.quantity or Decimal(0) for line in paper.lines)) or ""
    if name == "c_pkg":
        return str(paper.packages or "")
    if name == "c_amount":
        return _money(sheet, exact_sum(line.amount or Decimal(0) for line in paper.lines)) or ""
    value = {"c_gross": paper.gross_weight, "c_net": paper.net_weight}.get(name)
    return sheet.style.forms.weight(value) if value is not None else ""


def _sums(sheet: ShipSheet, columns: list[tuple[str, float]], new_page: Callable[[], None]) -> None:
    if sheet.y + sheet.line + 4 > sheet.limit:
        new_page()
    keys = {"c_gross": "gross_weight", "c_net": "net_weight"}
    if sheet.paper.pallets is None:
        keys["c_pkg"] = "package_count"
    x, said = sheet.left, False
    sheet.pen.rule(sheet.left, sheet.y, sheet.right, sheet.y)
    for name, width in columns:
        text = _total_text(sheet, name)
        if text:
            y = sheet.y + sheet.style.size + 1
            key = keys.get(name) if name != "c_qty" else None
            sheet.pen.text(x + width - _PAD, y, text, bold=True, align="right", key=key)
        elif name == "c_desc" and not said:
            sheet.pen.text(x + _PAD, sheet.y + sheet.style.size + 1, sheet.style.words["total"], bold=True)
            said = True
        x += width
    sheet.y += sheet.line + 3


def _plain(sheet: ShipSheet, value: Decimal | None) -> str | None:
    return None if value is None else quantity_text(sheet.style.forms.numbers, value, 0)


def _money(sheet: ShipSheet, value: Decimal | None) -> str | None:
    return None if value is None else sheet.style.forms.numbers.number(value, 2)
