"""Blocks of a shipment paper: letterhead, parties, facts in lists and strips, boxed forms with labels in corners."""

from collections.abc import Sequence

from training.pen import BLACK, Token, words_of
from training.ship_sheet import GREY, WHITE, Fact, ShipSheet

Cell = tuple[float, tuple[str, ...]]


def letterhead(sheet: ShipSheet, *, align: str = "left") -> None:
    """The maker's name and address across the top."""
    paper, size = sheet.paper, sheet.style.size * 1.7
    x = {"left": sheet.left, "right": sheet.right, "centre": (sheet.left + sheet.right) / 2}[align]
    _, key, _ = sheet.party("shipper")
    if align == "left" and sheet.rng.random() < 0.5:
        sheet.pen.box(x, sheet.y, x + size * 1.6, sheet.y + size * 1.6, fill=sheet.style.accent, line=None)
        x += size * 2
    sheet.y += size
    name = words_of(paper.shipper.name, key and f"{key}_name")
    sheet.pen.run(x, sheet.y, name, size=size, bold=True, align=align, colour=accent(sheet))
    for line in sheet.address_lines(paper.shipper):
        sheet.y += sheet.line
        sheet.pen.run(x, sheet.y, words_of(line, key and f"{key}_address"), align=align)
    if paper.shipper.phone:
        sheet.y += sheet.line
        text = f"Tel. {paper.shipper.phone}" + (f" · {paper.shipper.email}" if paper.shipper.email else "")
        sheet.pen.text(x, sheet.y, text, size=sheet.style.size * 0.85, align=align, colour=GREY)
    sheet.y += sheet.line * 1.4


def title(sheet: ShipSheet, *, align: str = "left", band: bool = False, number: bool = False) -> None:
    """What kind of paper this is."""
    size = sheet.style.size * (2.1 if sheet.style.size < 9 else 1.8)
    tokens = words_of(sheet.title())
    fact = sheet.fact("number") if number else None
    if fact is not None:
        tokens += list(fact.tokens)
    width = sheet.right - sheet.left
    x = {"left": sheet.left, "right": sheet.right, "centre": (sheet.left + sheet.right) / 2}[align]
    if band:
        sheet.pen.box(sheet.left, sheet.y, sheet.right, sheet.y + size * 1.7, fill=sheet.style.accent, line=None)
        sheet.pen.run(sheet.left + 8, sheet.y + size * 1.2, tokens, size=size, bold=True, colour=WHITE)
        sheet.y += size * 2.2
        return
    for line in sheet.pen.wrap(tokens, width, size=size, bold=True):
        sheet.y += size
        sheet.pen.run(x, sheet.y, line, size=size, bold=True, align=align, colour=accent(sheet))
    sheet.y += size * 0.8


def party_block(
    sheet: ShipSheet, role: str, x: float, top: float, width: float, *, boxed: bool = False, labelled: bool = True
) -> float:
    """A party with its label above; answers the bottom edge."""
    party, _, label = sheet.party(role)
    if party is None:
        return top
    pad = 5.0 if boxed else 0.0
    y = top + sheet.style.size + pad
    if labelled:
        sheet.pen.text(x + pad, y, sheet.marked(label), bold=True, colour=accent(sheet))
        y += sheet.line
    for line in sheet.party_lines(role):
        y = sheet.pen.paragraph(x + pad, y, line, width - 2 * pad - 6, leading=sheet.line)
    bottom = y - sheet.line + sheet.style.size * 0.5 + pad
    if boxed:
        sheet.pen.box(x, top, x + width - 6, bottom)
    return bottom


def parties(sheet: ShipSheet, roles: Sequence[str], *, boxed: bool = False) -> None:
    """Parties side by side."""
    kept = [role for role in roles if sheet.party(role)[0] is not None]
    width = (sheet.right - sheet.left) / max(len(kept), 1)
    bottoms = [party_block(sheet, r, sheet.left + i * width, sheet.y, width, boxed=boxed) for i, r in enumerate(kept)]
    sheet.y = max(bottoms, default=sheet.y) + sheet.line


def fact_list(sheet: ShipSheet, facts: Sequence[Fact], x: float, top: float, width: float) -> float:
    """Facts as lines, label beside value; answers the bottom edge."""
    bold, y = sheet.style.bold_labels, top + sheet.style.size
    labels = [sheet.marked(fact.label) for fact in facts]
    indent = max((sheet.pen.text_width(label, bold=bold) for label in labels), default=0.0) + 8
    indent = min(indent, width * 0.62)
    for label, fact in zip(labels, facts, strict=True):
        if sheet.pen.text_width(label, bold=bold) > indent:
            y = sheet.pen.paragraph(x, y, words_of(label), width, leading=sheet.line, bold=bold)
        else:
            sheet.pen.text(x, y, label, bold=bold)
        y = sheet.pen.paragraph(x + indent, y, fact.tokens, width - indent, leading=sheet.line)
    return y - sheet.style.size


def fact_pairs(sheet: ShipSheet, facts: Sequence[Fact]) -> None:
    """Facts in two columns of label and value."""
    half, width = (len(facts) + 1) // 2, (sheet.right - sheet.left) / 2
    bottoms = [
        fact_list(sheet, part, sheet.left + column * width, sheet.y, width - 10)
        for column, part in enumerate((facts[:half], facts[half:]))
    ]
    sheet.y = max(bottoms) + sheet.line * 0.7


def fact_strip(sheet: ShipSheet, facts: Sequence[Fact], *, boxed: bool = True, filled: bool = False) -> None:
    """Facts in cells side by side, label above value; too many are broken into rows."""
    rest, small = list(facts), sheet.style.size * 0.82
    width = sheet.right - sheet.left
    while rest:
        widths: list[float] = []
        for fact in rest:
            label = sheet.pen.text_width(fact.label, size=small, bold=sheet.style.bold_labels)
            needed = max(label, sheet.pen.text_width(fact.text)) + 10
            if widths and sum(widths) + needed > width:
                break
            widths.append(min(needed, width))
        row, rest = rest[: len(widths)], rest[len(widths) :]
        spare, x, bottom = (width - sum(widths)) / len(widths), sheet.left, sheet.y + small + sheet.line + 8
        for fact, own in zip(row, widths, strict=True):
            right = x + own + spare
            if boxed:
                fill = sheet.style.fill if filled else None
                sheet.pen.box(x, sheet.y, right, sheet.y + small * 1.5, fill=fill)
                sheet.pen.box(x, sheet.y, right, bottom)
            sheet.pen.text(x + 4, sheet.y + small * 1.1, fact.label, size=small, bold=sheet.style.bold_labels)
            sheet.pen.run(x + 4, sheet.y + small * 1.5 + sheet.style.size * 1.15, fact.tokens)
            x = right
        sheet.y = bottom + (0.0 if boxed else 3.0)
    sheet.y += sheet.line * 0.8


def form(sheet: ShipSheet, rows: Sequence[Sequence[Cell]], *, numbered: bool = False) -> None:
    """A form of boxes: the label small in the corner, the value below. A cell's contents are stacked in it.

    Contents are names of facts, `party:ROLE`, `title`, `maker` (the letterhead) and `blank`.
    """
    number, width = 1, sheet.right - sheet.left
    for row in rows:
        cells = [(share, [c for c in contents if _has(sheet, c)] or ["blank"]) for share, contents in row]
        heights = [sum(_height(sheet, c, width * share) for c in contents) for share, contents in cells]
        height, x = max(heights), sheet.left
        for (share, contents), natural in zip(cells, heights, strict=True):
            top, spare = sheet.y, (height - natural) / len(contents)
            for content in contents:
                bottom = top + _height(sheet, content, width * share) + spare
                sheet.pen.box(x, top, x + width * share, bottom)
                prefix = f"{number} " if numbered and content not in {"title", "blank", "maker"} else ""
                number += bool(prefix)
                _content(sheet, content, x, top, width * share, prefix)
                top = bottom
            x += width * share
        sheet.y += height


def accent(sheet: ShipSheet) -> tuple[float, float, float]:
    """Colour of headings: the house's own, or black."""
    return sheet.style.accent if sheet.style.coloured else BLACK


def _has(sheet: ShipSheet, content: str) -> bool:
    if content in {"title", "maker", "blank"}:
        return True
    if content.startswith("party:"):
        return sheet.party(content[6:])[0] is not None
    return sheet.fact(content) is not None


def _height(sheet: ShipSheet, content: str, width: float) -> float:
    small, line = sheet.style.size * 0.75, sheet.line
    if content == "blank":
        return line * 2
    if content == "title":
        size = sheet.style.size * 1.5
        return len(sheet.pen.wrap(words_of(sheet.title()), width - 10, size=size, bold=True)) * size * 1.2 + 8
    lines = sheet.party_lines("shipper" if content == "maker" else content[6:]) if _is_party(content) else None
    if lines is None:
        fact = sheet.fact(content)
        lines = [list(fact.tokens)] if fact else []
    count = sum(len(sheet.pen.wrap(tokens, width - 12)) for tokens in lines)
    return small * 1.6 + count * line + 5


def _content(sheet: ShipSheet, content: str, x: float, top: float, width: float, prefix: str) -> None:  # noqa: PLR0917
    small, size = sheet.style.size * 0.75, sheet.style.size
    if content == "blank":
        return
    if content == "title":
        leading = size * 1.8
        sheet.pen.paragraph(x + 5, top + size * 1.7, words_of(sheet.title()), width - 10, leading=leading,
                            size=size * 1.5, bold=True, colour=accent(sheet))  # fmt: skip
        return
    if content == "maker":
        lines, label = sheet.party_lines("shipper"), ""
    elif _is_party(content):
        lines, label = sheet.party_lines(content[6:]), sheet.party(content[6:])[2]
    else:
        fact = sheet.fact(content)
        assert fact is not None
        lines, label = [list(fact.tokens)], fact.label
    sheet.pen.text(x + 3, top + small * 1.25, prefix + label, size=small, bold=sheet.style.bold_labels)
    y = top + small * 1.6 + size
    for tokens in lines:
        y = sheet.pen.paragraph(x + 6, y, tokens, width - 12, leading=sheet.line)


def _is_party(content: str) -> bool:
    return content == "maker" or content.startswith("party:")


def signature(sheet: ShipSheet) -> None:
    """A note and a line to sign on, in some houses."""
    if sheet.y + 5 * sheet.line > sheet.limit:
        return
    sheet.y += sheet.line * 1.5
    if sheet.rng.random() < 0.6:
        note = [Token(word) for word in sheet.style.words["note"].split()]
        sheet.y = sheet.pen.paragraph(sheet.left, sheet.y, note, sheet.right - sheet.left, leading=sheet.line)
    if sheet.rng.random() < 0.6:
        sheet.y += sheet.line * 2
        sheet.pen.rule(sheet.left, sheet.y, sheet.left + 180, sheet.y)
        sheet.pen.text(sheet.left, sheet.y + 9, sheet.style.words["received"], size=sheet.style.size * 0.8)


def foot(sheet: ShipSheet) -> None:
    """The page number, at the foot."""
    text = f"{sheet.style.words['page']} {sheet.pen.page} / {sheet.pages}"
    y = sheet.style.page_size[1] - sheet.style.margin * 0.7
    sheet.pen.text(sheet.right, y, text, size=7, align="right", colour=GREY)
