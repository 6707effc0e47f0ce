"""Draws what stands above the line table: letterhead, addresses, title, references, each a block of a given width."""

from collections.abc import Callable

from training.pen import BLACK, Colour, Token, words_of
from training.sheet import Reference, Sheet

GREY: Colour = (0.35, 0.35, 0.35)
PALE: Colour = (0.93, 0.94, 0.96)

Block = Callable[[Sheet, float, float, float], float]


def draw_header(sheet: Sheet) -> None:
    """Draws the header rows of the style from the top of the first page; leaves `sheet.y` below them."""
    for row in sheet.style.header:
        x, bottom = sheet.left, sheet.y
        width = sheet.right - sheet.left
        for name, share in row:
            gap = 12.0 if share < 1 else 0.0
            bottom = max(bottom, BLOCKS[name](sheet, x, sheet.y, width * share - gap))
            x += width * share
        if bottom > sheet.y:
            sheet.y = bottom + sheet.style.header_gap


def accent_of(sheet: Sheet) -> Colour:
    """Colour of headings: the house's own, or black."""
    return sheet.style.accent if sheet.style.coloured_text else BLACK


def letterhead(sheet: Sheet, x: float, top: float, width: float) -> float:
    """Logo, name, address and what the house likes to say about itself."""
    style, seller = sheet.style, sheet.paper.seller
    align = style.letterhead_align
    anchor = x + width if align == "right" else x + width / 2 if align == "centre" else x
    big = style.size * 1.6
    text_x, text_width = x, width
    if style.logo != "none":
        side = big * 2.0
        if align == "left":
            _logo(sheet, x, top, side)
            text_x, text_width = x + side + 8, width - side - 8
            anchor = text_x
        elif align == "right":
            _logo(sheet, x + width - side, top, side)
            text_width = width - side - 8
            anchor = x + text_width
        else:
            _logo(sheet, x + width / 2 - side / 2, top, side)
            top += side + 4
    y = top + big * 0.8
    name = words_of(seller.name, sheet.party_key("seller", "name"))
    y = sheet.pen.paragraph(
        text_x, y, name, text_width, leading=big * 1.15, size=big, bold=True, align=align, colour=accent_of(sheet)
    )
    y += sheet.line - big * 1.15 + 2
    for line in sheet.address_lines(seller):
        sheet.pen.text(anchor, y, line, key=sheet.party_key("seller", "address"), align=align)
        y += sheet.line
    if style.contact_in_letterhead:
        for text in _contact_lines(sheet):
            y = sheet.pen.paragraph(
                text_x,
                y,
                words_of(text),
                text_width,
                leading=sheet.line,
                size=style.size * 0.9,
                align=align,
                colour=GREY,
            )
    if style.vat_in_letterhead and (vat := sheet.vat(seller)):
        tokens = [*words_of(sheet.label("vat_id")), Token(vat, sheet.party_key("seller", "vat_id"))]
        y = sheet.pen.paragraph(text_x, y, tokens, text_width, leading=sheet.line, align=align)
    return max(y - sheet.line * 0.7, top + (big * 2.0 if style.logo != "none" and align != "centre" else 0))


def brand(sheet: Sheet, x: float, top: float, width: float) -> float:
    """Logo and name only; the rest is at the foot."""
    style = sheet.style
    side = style.size * 2.4
    if style.logo != "none":
        _logo(sheet, x, top, side)
        x, width = x + side + 8, width - side - 8
    size = style.size * 1.8
    name = words_of(sheet.paper.seller.name, sheet.party_key("seller", "name"))
    y = sheet.pen.paragraph(
        x, top + size, name, width, leading=size * 1.15, size=size, bold=True, colour=accent_of(sheet)
    )
    return max(y - size * 0.9, top + side)


def sender_line(sheet: Sheet, x: float, top: float, width: float) -> float:
    """The small line above the address window."""
    seller = sheet.paper.seller
    size = min(sheet.style.size, 7.0)
    address = sheet.party_key("seller", "address")
    tokens = [
        *words_of(seller.name, sheet.party_key("seller", "name")),
        Token("·"),
        *words_of(seller.street, address),
        Token("·"),
        *words_of(sheet.city_line(seller), address),
    ]
    y = sheet.pen.paragraph(x, top + size, tokens, width, leading=size * 1.2, size=size, colour=GREY)
    bottom = y - size * 0.8
    sheet.pen.rule(x, bottom, x + width * 0.9, bottom, weight=0.3)
    return bottom + 2


def buyer(sheet: Sheet, x: float, top: float, width: float) -> float:
    """The recipient's address."""
    word = "ship_to" if sheet.is_shipment else "bill_to"
    return _address_block(sheet, x, top, width, "buyer", word if sheet.style.buyer_label else None)


def seller_block(sheet: Sheet, x: float, top: float, width: float) -> float:
    """The seller as one of two address blocks."""
    return _address_block(sheet, x, top, width, "seller", "seller")


def ship_to(sheet: Sheet, x: float, top: float, width: float) -> float:
    """Where the goods went: looks like the buyer's address and is not."""
    party = sheet.paper.ship_to
    if party is None:
        return top
    size, pad = sheet.style.size, 5.0 if sheet.style.buyer_box else 0.0
    y = top + pad + size
    sheet.pen.text(x + pad, y, sheet.label("ship_to"), bold=True, colour=accent_of(sheet))
    y += sheet.line
    for text in (party.name, *sheet.address_lines(party)):
        y = sheet.pen.paragraph(x + pad, y, words_of(text), width - 2 * pad, leading=sheet.line)
    bottom = y - sheet.line + size * 0.4 + pad
    if sheet.style.buyer_box:
        sheet.pen.box(x, top, x + width, bottom)
    return bottom


def title(sheet: Sheet, x: float, top: float, width: float) -> float:
    """What kind of paper this is; some houses add its number and date."""
    style, size = sheet.style, sheet.style.title_size
    align = style.title_align
    tokens = words_of(sheet.title())
    if style.title_number:
        number = sheet.reference("number")
        assert number is not None
        tokens += [*words_of(_number_sign(number.label)), Token(number.text, number.key)]
    y = sheet.pen.paragraph(
        x,
        top + size * 0.9,
        tokens,
        width,
        leading=size * 1.2,
        size=size,
        bold=True,
        align=align,
        colour=accent_of(sheet),
    )
    return y - size * 0.9


def band(sheet: Sheet, x: float, top: float, width: float) -> float:
    """The title in white on a band of the house's colour."""
    size = sheet.style.title_size
    bottom = top + size * 1.8
    sheet.pen.box(x, top, x + width, bottom, fill=sheet.style.accent, line=None)
    white = (1.0, 1.0, 1.0)
    sheet.pen.text(x + 8, top + size * 1.25, sheet.title(), size=size, bold=True, colour=white)
    return bottom


def rule(sheet: Sheet, x: float, top: float, width: float) -> float:
    """A line across."""
    sheet.pen.rule(x, top, x + width, top, weight=1.0, colour=sheet.style.accent)
    return top + 1


def space(_sheet: Sheet, _x: float, top: float, _width: float) -> float:
    """Nothing, on purpose."""
    return top


def meta_list(sheet: Sheet, x: float, top: float, width: float) -> float:
    """References as lines, label beside value."""
    style, pen = sheet.style, sheet.pen
    references = sheet.references()
    pad = 5.0 if style.meta_box else 0.0
    labels = [_marked(sheet, reference.label) for reference in references]
    label_width = max((pen.text_width(label, bold=style.label_bold) for label in labels), default=0) + 8
    y = top + pad + style.size
    for label, reference in zip(labels, references, strict=True):
        value_width = pen.text_width(reference.text, bold=style.value_bold)
        if not style.values_aligned:
            end = pen.text(x + pad, y, label, bold=style.label_bold)
            gap = pen.text_width(" ") * 1.2
            if end + gap + value_width > x + width - pad:
                y, end, gap = y + sheet.line, x + pad + 8, 0.0
            y = _value(sheet, end + gap, y, x + width - pad - end - gap, reference.text, reference.key)
        elif label_width + value_width <= width - 2 * pad:
            pen.text(x + pad, y, label, bold=style.label_bold)
            y = _value(sheet, x + pad + label_width, y, width - label_width - 2 * pad, reference.text, reference.key)
        else:
            pen.paragraph(x + pad, y, words_of(label), width - 2 * pad, leading=sheet.line, bold=style.label_bold)
            y = _value(sheet, x + pad + 8, y + sheet.line, width - 8 - 2 * pad, reference.text, reference.key)
    bottom = y - sheet.line + style.size * 0.4 + pad
    if style.meta_box:
        pen.box(x, top, x + width, bottom)
    return bottom


def meta_stack(sheet: Sheet, x: float, top: float, width: float) -> float:
    """References one below the other, label above value."""
    y = top
    small = sheet.style.size * 0.85
    for reference in sheet.references():
        colour = accent_of(sheet) if sheet.style.coloured_text else GREY
        y += small
        y = sheet.pen.paragraph(
            x, y, words_of(reference.label), width, leading=small * 1.2, size=small, bold=sheet.style.label_bold,
            colour=colour,
        )  # fmt: skip
        y += sheet.style.size - small
        y = _value(sheet, x, y, width, reference.text, reference.key) - sheet.line + sheet.style.size * 0.7
    return y


def meta_strip(sheet: Sheet, x: float, top: float, width: float) -> float:
    """References in cells side by side, label above value; too many are broken into rows."""
    style, pen = sheet.style, sheet.pen
    small = style.size * 0.85
    rest = sheet.references()
    y = top
    while rest:
        cells = _cells_that_fit(sheet, rest, width, small)
        row, rest = rest[: len(cells)], rest[len(cells) :]
        bottom = y + small + sheet.line + 9
        cell_x = x
        for reference, cell_width in zip(row, cells, strict=True):
            if style.meta_box:
                pen.box(cell_x, y, cell_x + cell_width, bottom)
            colour = accent_of(sheet) if style.coloured_text else GREY
            pen.text(cell_x + 4, y + small + 1.5, reference.label, size=small, bold=style.label_bold, colour=colour)
            pen.text(
                cell_x + 4, y + small + 3 + style.size * 1.1, reference.text, key=reference.key, bold=style.value_bold
            )
            cell_x += cell_width
        y = bottom + (0 if style.meta_box else 2)
    return y


def meta_pairs(sheet: Sheet, x: float, top: float, width: float) -> float:
    """References in two columns of label and value."""
    references = sheet.references()
    half = (len(references) + 1) // 2
    bottoms = []
    for column, part in enumerate((references[:half], references[half:])):
        y = top + sheet.style.size
        column_x = x + column * width / 2
        for reference in part:
            label = _marked(sheet, reference.label)
            end = sheet.pen.text(column_x, y, label, bold=sheet.style.label_bold)
            start = max(end + 5, column_x + width * 0.22)
            y = _value(sheet, start, y, column_x + width / 2 - start - 6, reference.text, reference.key)
        bottoms.append(y - sheet.line + sheet.style.size * 0.4)
    return max(bottoms)


def intro(sheet: Sheet, x: float, top: float, width: float) -> float:
    """The sentence before the goods; in some houses it names the order."""
    style, paper = sheet.style, sheet.paper
    word = "delivery_intro" if sheet.is_shipment else "credit_intro" if paper.original_number else "intro"
    tokens: list[Token] = []
    if style.order_place == "sentence" and (order := sheet.reference("purchase_order")):
        tokens += [*words_of(_marked(sheet, order.label)), Token(order.text, order.key)]
        if paper.distraction is not None:
            tokens += [
                Token("/"),
                *words_of(sheet.label("order_date")),
                Token(sheet.date(paper.distraction.order_date)),
            ]
    y = top + style.size
    if tokens:
        y = sheet.pen.paragraph(x, y, tokens, width, leading=sheet.line, bold=style.label_bold)
    if style.intro and style.words[word]:
        y = sheet.pen.paragraph(x, y, words_of(style.words[word]), width, leading=sheet.line)
    return y - style.size if y > top + style.size else top


def _address_block(  # noqa: PLR0917  a block and what is in it
    sheet: Sheet, x: float, top: float, width: float, role: str, word: str | None
) -> float:
    style, pen = sheet.style, sheet.pen
    party = sheet.paper.buyer if role == "buyer" else sheet.paper.seller
    pad = 5.0 if style.buyer_box else 0.0
    inner = width - 2 * pad
    y = top + pad + style.size
    if word:
        pen.text(x + pad, y, sheet.label(word), bold=True, colour=accent_of(sheet))
        y += sheet.line
    y = pen.paragraph(x + pad, y, words_of(party.name, sheet.party_key(role, "name")), inner, leading=sheet.line)
    for line in sheet.address_lines(party):
        y = pen.paragraph(x + pad, y, words_of(line, sheet.party_key(role, "address")), inner, leading=sheet.line)
    if (style.buyer_vat or role == "seller") and (vat := sheet.vat(party)):
        tokens = [*words_of(sheet.label("vat_id")), Token(vat, sheet.party_key(role, "vat_id"))]
        y = pen.paragraph(x + pad, y, tokens, inner, leading=sheet.line)
    bottom = y - sheet.line + style.size * 0.4 + pad
    if style.buyer_box:
        pen.box(x, top, x + width, bottom)
    return bottom


def _cells_that_fit(sheet: Sheet, references: list[Reference], width: float, small: float) -> list[float]:
    cells: list[float] = []
    for reference in references:
        label = sheet.pen.text_width(reference.label, size=small, bold=sheet.style.label_bold)
        value = sheet.pen.text_width(reference.text, bold=sheet.style.value_bold)
        needed = max(label, value) + 12
        if cells and sum(cells) + needed > width:
            break
        cells.append(needed)
    spare = max(0.0, width - sum(cells)) / len(cells)
    return [cell + spare for cell in cells]


def _value(  # noqa: PLR0917  a place and what is put there
    sheet: Sheet, x: float, y: float, width: float, text: str, key: str | None
) -> float:
    bold = sheet.style.value_bold
    if sheet.pen.text_width(text, bold=bold) <= width:
        sheet.pen.text(x, y, text, key=key, bold=bold)
        return y + sheet.line
    return sheet.pen.paragraph(x, y, words_of(text, key), width, leading=sheet.line, bold=bold)


def _marked(sheet: Sheet, label: str) -> str:
    return label if label.endswith((":", "#")) else label + sheet.style.label_mark


def _number_sign(label: str) -> str:
    for sign in ("Nr.", "n°", "n.º", "No.", "N°", "nr.", "#", "n."):
        if label.lower().endswith(sign.lower()):
            return sign
    return ""


def _contact_lines(sheet: Sheet) -> list[str]:
    seller = sheet.paper.seller
    lines = []
    if seller.phone:
        text = f"{sheet.label('phone')} {seller.phone}"
        lines.append(text + (f" · {sheet.label('fax')} {seller.fax}" if seller.fax else ""))
    if seller.email:
        lines.append(f"{seller.email}" + (f" · {seller.web}" if seller.web else ""))
    return lines


def _logo(sheet: Sheet, x: float, top: float, side: float) -> None:
    pen, colour, kind = sheet.pen, sheet.style.accent, sheet.style.logo
    pale = tuple(min(1.0, part * 0.4 + 0.55) for part in colour)
    soft: Colour = (pale[0], pale[1], pale[2])
    if kind == "disc":
        pen.disc(x + side / 2, top + side / 2, side / 2, colour)
        pen.disc(x + side / 2, top + side / 2, side / 4, soft)
    elif kind == "squares":
        pen.box(x, top, x + side * 0.62, top + side * 0.62, fill=colour, line=None)
        pen.box(x + side * 0.38, top + side * 0.38, x + side, top + side, fill=soft, line=None)
    elif kind == "wedge":
        pen.wedge(x, top, side, colour)
        pen.wedge(x + side * 0.25, top + side * 0.5, side * 0.5, soft)
    else:
        for bar in range(4):
            height = side * (0.4 + 0.2 * bar)
            left = x + bar * side / 4
            pen.box(left, top + side - height, left + side / 5, top + side, fill=soft if bar % 2 else colour, line=None)


BLOCKS: dict[str, Block] = {
    "letterhead": letterhead,
    "brand": brand,
    "sender_line": sender_line,
    "buyer": buyer,
    "seller": seller_block,
    "ship_to": ship_to,
    "title": title,
    "band": band,
    "rule": rule,
    "space": space,
    "meta_list": meta_list,
    "meta_stack": meta_stack,
    "meta_strip": meta_strip,
    "meta_pairs": meta_pairs,
    "intro": intro,
}
