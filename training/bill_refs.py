"""Blocks that say which bill this is, of when, and what it refers to."""

from training.bill_parties import pairs
from training.bill_sheet import GREY, PALE, WHITE, BillSheet
from training.pen import Token, words_of
from training.sheet import Reference


def title(s: BillSheet, x: float, top: float, width: float) -> float:
    """What kind of paper this is."""
    size = s.style.title_size
    return s.stack(
        x, top, width, [words_of(s.title())], size=size, bold=s.chance(0.8), align=s.style.title_align, colour=s.accent
    )


def title_number(s: BillSheet, x: float, top: float, width: float) -> float:
    """The kind and its number in one heading."""
    mark = s.pick("", "Nr.", "No.", "#", "n°") if s.style.language in {"de", "en", "fr"} else ""
    row = [*words_of(f"{s.title()} {mark}"), Token(s.paper.number, "invoice_number")]
    size = s.style.title_size * 0.85
    return s.stack(x, top, width, [row], size=size, bold=True, align=s.style.title_align, colour=s.accent)


def title_dated(s: BillSheet, x: float, top: float, width: float) -> float:
    """Kind, number and date in one line."""
    values: dict[str, tuple[str, str | None]] = {
        "number": (s.paper.number, "invoice_number"), "date": (s.date(s.paper.issue_date), "issue_date")}  # fmt: skip
    size = s.style.size * s.pick(1.0, 1.3, 1.6)
    return s.stack(x, top, width, [s.fill(s.word("nr_of"), values)], size=size, bold=s.chance(0.7))


def band(s: BillSheet, x: float, top: float, width: float) -> float:
    """The kind of paper in white on a band."""
    size = s.style.title_size * 0.8
    s.pen.box(x, top, x + width, top + size * 1.8, fill=s.style.accent, line=None)
    s.pen.text(x + 8, top + size * 1.25, s.title(), size=size, bold=True, colour=WHITE)
    return top + size * 1.8


def prose(s: BillSheet, x: float, top: float, width: float) -> float:
    """A sentence that names order, number and date."""
    rows = [words_of(s.word("greeting"))]
    if s.paper.purchase_order:
        values: dict[str, tuple[str, str | None]] = {
            "order": (s.paper.purchase_order, "purchase_order_reference"),
            "number": (s.paper.number, "invoice_number"),
            "date": (s.date(s.paper.issue_date), "issue_date")}  # fmt: skip
        rows.append(s.fill(s.word("prose"), values))
        return s.stack(x, top, width, rows)
    return title_dated(s, x, s.stack(x, top, width, rows) + 2, width)


def intro(s: BillSheet, x: float, top: float, width: float) -> float:
    """A sentence before the goods."""
    text = s.word("credit_intro" if s.paper.original_number else "intro")
    rows = [words_of(s.word("greeting"))] if s.chance(0.3) else []
    return s.stack(x, top, width, [*rows, words_of(text)]) if text else top


def refs(s: BillSheet, x: float, top: float, width: float) -> float:
    """Label beside value, one below the other."""
    return _list(s, x, top, width, s.references())


def refs_right(s: BillSheet, x: float, top: float, width: float) -> float:
    """Label and value pushed to the right edge."""
    rows = [[*words_of(_marked(s, r.label)), *words_of(r.text, r.key)] for r in s.references()]
    return s.stack(x, top, width, rows, align="right")


def refs_spread(s: BillSheet, x: float, top: float, width: float) -> float:
    """Label at the left edge, value at the right one."""
    y, size = top, s.style.size
    for r in s.references():
        if s.pen.text_width(f"{r.label}{r.text}") + 20 > width:
            y = s.stack(x, y, width, [words_of(r.label), words_of(r.text, r.key)]) + 2
            continue
        s.pen.text(x, y + size, _marked(s, r.label))
        s.pen.text(x + width, y + size, r.text, key=r.key, align="right")
        y += s.line
        if s.style.seed % 3 == 0:
            s.pen.rule(x, y + 1, x + width, y + 1, weight=0.3, colour=GREY)
            y += 3
    return y


def refs_stack(s: BillSheet, x: float, top: float, width: float) -> float:
    """Label above value."""
    y = top
    for r in s.references():
        y = s.stack(x, y, width, [words_of(r.label)], size=s.style.size * 0.82, colour=GREY, bold=s.style.label_bold)
        y = s.stack(x, y, width, [words_of(r.text, r.key)]) + 3
    return y


def refs_boxes(s: BillSheet, x: float, top: float, width: float) -> float:
    """A grid of boxes, each with a small label above its value."""
    count = max(2, int(width // 110))
    return _cells(s, x, top, width, count, boxed=True)


def refs_strip(s: BillSheet, x: float, top: float, width: float) -> float:
    """A row of labels above their values without boxes."""
    return _cells(s, x, top, width, max(2, int(width // 95)), boxed=False)


def refs_table(s: BillSheet, x: float, top: float, width: float) -> float:
    """A table of one row: headings filled or ruled, values below, as many rows as needed."""
    rest, y, size = s.references(), top, s.style.size
    filled = s.chance(0.5)
    while rest:
        take = _fitting(s, rest, width)
        row, rest = rest[:take], rest[take:]
        natural = [_cell_width(s, r) for r in row]
        spare = (width - sum(natural)) / len(row)
        depth = size * 1.7
        if filled:
            s.pen.box(x, y, x + width, y + depth, fill=s.style.accent if s.style.header_fill else PALE, line=None)
        cell_x = x
        for r, part in zip(row, natural, strict=True):
            colour = WHITE if filled and s.style.header_fill else (0, 0, 0)
            s.pen.text(cell_x + 4, y + size * 1.2, r.label, size=size * 0.9, bold=True, colour=colour)
            s.pen.text(cell_x + 4, y + depth + size * 1.2, r.text, key=r.key)
            cell_x += part + spare
        s.pen.rule(x, y + depth, x + width, y + depth, weight=0.5)
        y += depth * 2
        if s.style.meta_box:
            s.pen.box(x, y - depth * 2, x + width, y)
        y += 3
    return y


def refs_inline(s: BillSheet, x: float, top: float, width: float) -> float:
    """Several labels and values in a line, a comma, bar or blanks between."""
    mark = s.pick(",", "|", "/", "·", "")
    row: list[Token] = []
    for r in s.references():
        row += [*words_of(_marked(s, r.label)), Token(r.text, r.key), *([Token(mark)] if mark else [Token("  ")])]
    return s.stack(x, top, width, [row[:-1]], size=s.style.size * s.pick(0.9, 1.0))


def refs_halves(s: BillSheet, x: float, top: float, width: float) -> float:
    """Two columns of label and value."""
    found = s.references()
    half = (len(found) + 1) // 2
    return max(_list(s, x, top, width / 2 - 10, found[:half]), _list(s, x + width / 2, top, width / 2, found[half:]))


def place_date(s: BillSheet, x: float, top: float, width: float) -> float:
    """The town and the day, as letters have."""
    mark = {"de": ", den", "fr": ", le", "it": ",", "es": ", a", "pl": ", dnia"}.get(s.style.language, ",")
    row = [*words_of(f"{s.paper.seller.city}{mark}"), *words_of(s.date(s.paper.issue_date), "issue_date")]
    return s.stack(x, top, width, [row], align=s.pick("left", "right", "right"))


def section_document(s: BillSheet, x: float, top: float, width: float) -> float:
    """The references as a section of a form."""
    y = s.heading(x, top, s.word("section_doc"), width=width)
    return pairs(s, x, y, width, [(r.label, words_of(r.text, r.key)) for r in s.references()])


def currency_note(s: BillSheet, x: float, top: float, width: float) -> float:
    """In which currency the amounts are."""
    values: dict[str, tuple[str, str | None]] = {"currency": (s.paper.currency, "currency")}
    return s.stack(
        x, top, width, [s.fill(s.word("amounts_in"), values)], size=s.style.size * 0.9, align=s.pick("left", "right")
    )


def _list(s: BillSheet, x: float, top: float, width: float, found: list[Reference]) -> float:
    bold, size, y = s.style.label_bold, s.style.size, top
    aligned = s.style.values_aligned
    widest = max((s.pen.text_width(_marked(s, r.label), bold=bold) for r in found), default=0.0) + 8
    column = min(widest, width * 0.6)
    for r in found:
        label = _marked(s, r.label)
        own = s.pen.text_width(label, bold=bold) + 5
        start = column if aligned and own <= column else own
        if start + s.pen.text_width(r.text, bold=s.style.value_bold) > width:
            y = s.stack(x, y, width, [words_of(label)], bold=bold)
            y = s.stack(x + 6, y, width - 6, [words_of(r.text, r.key)], bold=s.style.value_bold) + 1
            continue
        s.pen.text(x, y + size, label, bold=bold)
        s.pen.text(x + start, y + size, r.text, key=r.key, bold=s.style.value_bold)
        y += s.line
    return y


def _cells(s: BillSheet, x: float, top: float, width: float, count: int, *, boxed: bool) -> float:
    rest, y, size = s.references(), top, s.style.size
    small = size * 0.8
    while rest:
        take = min(count, _fitting(s, rest, width))
        row, rest = rest[:take], rest[take:]
        natural = [_cell_width(s, r) for r in row]
        spare = (width - sum(natural)) / len(row)
        depth, cell_x = small + size + 9, x
        for r, part in zip(row, natural, strict=True):
            if boxed:
                s.pen.box(cell_x, y, cell_x + part + spare, y + depth)
            s.pen.text(cell_x + 3, y + small + 2, r.label, size=small, bold=s.style.label_bold, colour=GREY)
            s.pen.text(cell_x + 3, y + small + size + 4.5, r.text, key=r.key, bold=s.style.value_bold)
            cell_x += part + spare
        y += depth + (0 if boxed else 2)
    return y


def _cell_width(s: BillSheet, r: Reference) -> float:
    return max(s.pen.text_width(r.label, bold=True), s.pen.text_width(r.text, bold=True)) + 10


def _fitting(s: BillSheet, found: list[Reference], width: float) -> int:
    used, count = 0.0, 0
    for r in found:
        used += _cell_width(s, r)
        if count and used > width:
            break
        count += 1
    return count


def _marked(s: BillSheet, label: str) -> str:
    return label if label.endswith((":", "#")) else label + s.style.label_mark
