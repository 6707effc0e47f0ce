"""Turns a paper and a style into a PDF, and says where on its pages every value can be seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from training.layouts_foot import (
    draw_foot,
    draw_freight,
    draw_page_note,
    draw_payment,
    draw_totals,
    foot_height,
    totals_height,
)
from training.layouts_head import BLOCKS, draw_header
from training.layouts_table import draw_table
from training.papers import Paper
from training.pen import Seen
from training.sheet import Sheet
from training.styles import Style

_SIDE_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A paper as printed: the PDF, its count of pages, and each value's places (`lines.2.quantity` for lines)."""

    pdf: bytes
    pages: int
    seen: Mapping[str, tuple[Seen, ...]]


def print_paper(paper: Paper, style: Style, *, password: str | None = None) -> Printed:
    """Prints a paper in a house's style, locked when a password is given. The same input gives the same bytes."""
    pages, printed = 1, _draw(paper, style, 1, password)
    while printed.pages != pages:
        pages = printed.pages
        printed = _draw(paper, style, pages, password)
    return printed


def _draw(paper: Paper, style: Style, pages: int, password: str | None) -> Printed:
    sheet = Sheet(paper, style, pages, password)
    sheet.limit -= foot_height(sheet)

    def new_page() -> None:
        draw_foot(sheet)
        sheet.pen.new_page()
        sheet.y = style.margin_top
        draw_page_note(sheet)

    draw_page_note(sheet)
    if style.side:
        _draw_side(sheet)
    draw_header(sheet)
    draw_table(sheet, new_page)
    if sheet.y + totals_height(sheet) > sheet.limit:
        new_page()
    if paper.totals is not None:
        draw_totals(sheet)
        draw_payment(sheet)
    if paper.freight is not None and sheet.is_shipment:
        draw_freight(sheet)
    draw_foot(sheet)
    pdf = sheet.pen.finish()
    seen = {key: tuple(places) for key, places in sheet.pen.seen.items()}
    return Printed(pdf=pdf, pages=sheet.pen.page, seen=seen)


def _draw_side(sheet: Sheet) -> None:
    width = (sheet.right - sheet.left) * _SIDE_SHARE
    y = sheet.y
    for name in sheet.style.side:
        bottom = BLOCKS[name](sheet, sheet.left, y, width - 16)
        y = bottom + sheet.style.header_gap if bottom > y else y
    edge = sheet.left + width - 8
    sheet.pen.rule(edge, sheet.y, edge, sheet.limit, weight=0.6, colour=sheet.style.accent)
    sheet.left += width
