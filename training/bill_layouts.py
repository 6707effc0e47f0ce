"""Turns a bill and a style into a PDF by the style's `spec`: rows of blocks from the top to the end."""

from collections.abc import Callable

from training import bill_parties as parties
from training import bill_refs as refs
from training import bill_table as tables
from training import bill_totals as sums
from training.bill_sheet import GREY, BillSheet
from training.layouts import Printed
from training.layouts_foot import draw_foot, draw_page_note, foot_height
from training.papers import Paper
from training.styles import Style

Block = Callable[[BillSheet, float, float, float], float]

_PARTIES = (
    "brand letterhead contacts window buyer seller ship_to parties_box section_buyer section_seller party_line "
    "sign_off seller_line agent filled_head section_ship section_notes"
)
_REFS = (
    "title title_number title_dated band prose intro refs refs_right refs_spread refs_stack refs_boxes refs_strip "
    "refs_table refs_inline refs_halves place_date section_document currency_note"
)
_SUMS = (
    "totals totals_near totals_dotted totals_strip tax_table totals_tax_table tax_and_totals totals_sentence "
    "totals_gross section_totals terms bank bank_line section_payment code"
)
BLOCKS: dict[str, Block] = {
    name: getattr(module, name)
    for module, names in ((parties, _PARTIES), (refs, _REFS), (sums, _SUMS))
    for name in names.split()
}
_TABLES: dict[str, Callable[[BillSheet, tables.NewPage], None]] = {
    "table": tables.table, "listing": tables.listing, "two_rows": tables.two_rows, "cards": tables.cards,
    "groups": tables.groups,
}  # fmt: skip


def print_bill(paper: Paper, style: Style, *, password: str | None = None) -> Printed:
    """Prints a bill in a style that has a `spec`. The same input gives the same bytes."""
    pages, printed = 1, _draw(paper, style, 1, password)
    while printed.pages != pages and pages < printed.pages:
        pages = printed.pages
        printed = _draw(paper, style, pages, password)
    return printed


def spec_rows(spec: str) -> list[list[tuple[str, float]]]:
    """`a 60, b 40 / c` as rows of blocks with their share of the width; a block alone takes all."""
    rows = []
    for part in spec.split("/"):
        row = []
        for cell in part.split(","):
            name, _, share = cell.strip().partition(" ")
            row.append((name, float(share) / 100 if share else 1.0))
        rows.append(row)
    return rows


def _draw(paper: Paper, style: Style, pages: int, password: str | None) -> Printed:
    s = BillSheet(paper, style, pages, password)
    s.limit -= foot_height(s)

    def new_page() -> None:
        draw_foot(s)
        s.pen.new_page()
        s.y = style.margin_top
        draw_page_note(s)

    draw_page_note(s)
    _marks(s)
    for row in spec_rows(style.spec):
        if row[0][0] in _TABLES:
            _TABLES[row[0][0]](s, new_page)
            s.y += s.line * 0.7
            continue
        if s.y + _room(s, row) > s.limit:
            new_page()
        x, bottom, width = s.left, s.y, s.right - s.left
        for name, share in row:
            gap = 12.0 if share < 1 else 0.0
            if name != "space":
                bottom = max(bottom, BLOCKS[name](s, x, s.y, width * share - gap))
            x += width * share
        if bottom > s.y:
            s.y = bottom + style.header_gap * (0.6 if row[0][0] in _LATE else 1.0)
    _stamp(s)
    draw_foot(s)
    seen = {key: tuple(places) for key, places in s.pen.seen.items()}
    return Printed(pdf=s.pen.finish(), pages=s.pen.page, seen=seen)


_LATE = frozenset({"terms", "bank", "bank_line", "totals", "tax_table", "currency_note"})


def _room(s: BillSheet, row: list[tuple[str, float]]) -> float:
    """About how much a row of blocks needs, so that it is not torn apart."""
    found = s.paper.totals
    rates = len(found.rows) if found else 1
    lines = {"terms": 4, "bank": 7, "bank_line": 3, "sign_off": 5, "section_payment": 9, "currency_note": 2}
    needed = 0.0
    for name, _ in row:
        if name == "section_totals":
            needed = max(needed, (8 + 4 * rates) * (s.line + 3))
        elif name.startswith("section"):
            needed = max(needed, 11 * (s.line + 3))
        elif "total" in name or name.startswith("tax"):
            needed = max(needed, (8 + rates + len(s.paper.extras.adjustments)) * s.style.size * 1.7)
        else:
            needed = max(needed, lines.get(name, 0) * s.line)
    return needed + (70.0 if any(name == "code" for name, _ in row) else 0.0)


def _stamp(s: BillSheet) -> None:
    """A stamp in the free room at the end, on some."""
    if s.chance(0.1) and s.y + 90 < s.limit:
        colour = s.pick((0.75, 0.1, 0.1), (0.1, 0.2, 0.6), (0.2, 0.2, 0.2))
        s.pen.stamp(s.left + 60 + s.rng.random() * 200, s.y + 60, s.word("paid"), size=s.pick(14.0, 20.0),
                    angle=s.rng.uniform(-12, 14), colour=colour)  # fmt: skip


def _marks(s: BillSheet) -> None:
    """Marks for folding at the edge, as letter paper has, on some."""
    if s.chance(0.25):
        for share in (0.333, 0.5, 0.667):
            s.pen.rule(8, s.pen.height * share, 16, s.pen.height * share, weight=0.3, colour=GREY)
