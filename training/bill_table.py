"""Ways to print the lines of a bill other than the houses' table: lists, two rows each, cards, groups."""

from collections.abc import Callable

from core.money import exact_sum
from training.bill_parties import pairs
from training.bill_sheet import GREY, PALE, BillSheet
from training.layouts_table import draw_table
from training.papers import Line
from training.pen import Token, words_of

NewPage = Callable[[], None]


def table(s: BillSheet, new_page: NewPage) -> None:
    """The houses' table."""
    draw_table(s, new_page)


def listing(s: BillSheet, new_page: NewPage) -> None:
    """Description at the left, amount at the right, quantity and price in words between or nowhere."""
    shown = s.chance(0.6)
    for index, line in enumerate(s.paper.lines, start=1):
        row = words_of(line.description, f"lines.{index}.description")
        if shown:
            row = (
                [*_count(s, index, line), Token("x"), *row]
                if s.style.seed % 2
                else [*row, Token("("), *_count(s, index, line), Token(")")]
            )
            row += [Token("à"), _price(s, index, line)] if s.style.seed % 3 else []
        _amount_row(s, new_page, index, line, row)


def two_rows(s: BillSheet, new_page: NewPage) -> None:
    """The description on a row of its own, the figures below it under headings."""
    heads = ["quantity", "unit_price", "tax_rate", "line_net"]
    width = s.right - s.left
    places = [s.left + width * share for share in (0.35, 0.58, 0.74, 1.0)]
    size = s.style.size

    def heading() -> None:
        s.pen.text(s.left, s.y + size, s.word("description"), bold=True)
        for place, name in zip(places, heads, strict=True):
            s.pen.text(place, s.y + size, s.word(name), bold=True, align="right", size=size * 0.9)
        s.pen.rule(s.left, s.y + size * 1.4, s.right, s.y + size * 1.4)
        s.y += size * 1.7

    heading()
    for index, line in enumerate(s.paper.lines, start=1):
        if s.y + s.line * 4 > s.limit:
            new_page()
            heading()
        row = words_of(line.description, f"lines.{index}.description")
        if line.seller_item_id:
            row = [Token(line.seller_item_id, f"lines.{index}.seller_item_id"), *row]
        s.y = s.stack(s.left, s.y, width, [row])
        y = s.y + size
        cells = [_count(s, index, line), [_price(s, index, line)],
                 [Token(s.rate(line.tax_rate), f"lines.{index}.tax_rate")],
                 [_net(s, index, line)]]  # fmt: skip
        for place, cell in zip(places, cells, strict=True):
            s.pen.run(place, y, cell, align="right")
        s.y = y + size * 0.5
        if s.style.rules == "rows":
            s.pen.rule(s.left, s.y, s.right, s.y, weight=0.3, colour=GREY)
        s.y += 2


def cards(s: BillSheet, new_page: NewPage) -> None:
    """Every line as a small form of labels and values."""
    s.y = s.heading(s.left, s.y, s.word("section_lines"), width=s.right - s.left)
    for index, line in enumerate(s.paper.lines, start=1):
        name = f"lines.{index}"
        rows = [(s.word("position"), [Token(line.line_id, f"{name}.line_id")]),
                (s.word("description"), words_of(line.description, f"{name}.description")),
                (s.word("quantity"), _count(s, index, line)), (s.word("unit_price"), [_price(s, index, line)]),
                (s.word("tax_rate"), [Token(s.rate(line.tax_rate), f"{name}.tax_rate")]),
                (s.word("line_net"), [_net(s, index, line)])]  # fmt: skip
        if line.seller_item_id:
            rows.insert(1, (s.word("seller_item_id"), [Token(line.seller_item_id, f"{name}.seller_item_id")]))
        if line.gtin:
            rows.append((s.word("gtin"), [Token(line.gtin, f"{name}.gtin")]))
        if s.y + len(rows) * (s.line + 5) + s.line > s.limit:
            new_page()
        s.y = pairs(s, s.left, s.y, (s.right - s.left) * (0.6 if s.style.seed % 2 else 1.0), rows) + 6


def groups(s: BillSheet, new_page: NewPage) -> None:
    """Lines under headings, each group with its own sum."""
    size, width = s.style.size, s.right - s.left
    parts = max(1, min(3, len(s.paper.lines) // 2))
    step = -(-len(s.paper.lines) // parts)
    for start in range(0, len(s.paper.lines), step):
        if s.y + s.line * 5 > s.limit:
            new_page()
        s.pen.box(s.left, s.y, s.right, s.y + size * 1.6, fill=PALE, line=None)
        s.pen.text(s.left + 3, s.y + size * 1.15, f"{s.word('group')} {start // step + 1}", bold=True)
        s.y += size * 1.9
        part = s.paper.lines[start : start + step]
        for index, line in enumerate(part, start=start + 1):
            row = [
                *_count(s, index, line),
                *words_of(line.description, f"lines.{index}.description"),
                Token("·"),
                _price(s, index, line),
            ]
            _amount_row(s, new_page, index, line, row)
        s.y += 2
        text = f"{s.word('group_sum')} {start // step + 1}"
        s.pen.text(s.left + width * 0.5, s.y + size, text, italic=True)
        s.pen.text(
            s.right, s.y + size, s.amount(exact_sum(line.net for line in part), sign=False), align="right", italic=True
        )
        s.y += s.line * 1.5


def _amount_row(s: BillSheet, new_page: NewPage, index: int, line: Line, row: list[Token]) -> None:
    size, width = s.style.size, s.right - s.left
    if s.y + s.line * 3 > s.limit:
        new_page()
    amount = _net(s, index, line)
    room = width - s.pen.text_width(amount.text) - 14
    bottom = s.stack(s.left, s.y, room, [row])
    s.pen.text(s.right, s.y + size, amount.text, key=amount.key, align="right")
    s.y = bottom + s.style.row_padding
    if s.style.rules in {"rows", "grid"}:
        s.pen.rule(s.left, s.y, s.right, s.y, weight=0.3, colour=GREY)
        s.y += 2


def _count(s: BillSheet, index: int, line: Line) -> list[Token]:
    return [Token(s.quantity(line.quantity), f"lines.{index}.quantity"), Token(line.unit, f"lines.{index}.unit")]


def _price(s: BillSheet, index: int, line: Line) -> Token:
    return Token(s.money.price(line.unit_price, decimals=s.style.price_decimals), f"lines.{index}.unit_price")


def _net(s: BillSheet, index: int, line: Line) -> Token:
    return Token(s.amount(line.net, sign=False), f"lines.{index}.line_net_amount")
