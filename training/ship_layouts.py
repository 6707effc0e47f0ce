"""Turns a shipment paper and a style into a PDF: layout families, each an order of blocks."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from training.layouts import Printed
from training.pen import words_of
from training.ship_blocks import (
    fact_list,
    fact_pairs,
    fact_strip,
    foot,
    form,
    letterhead,
    parties,
    party_block,
    signature,
    title,
)
from training.ship_others import ledger_title
from training.ship_papers import ShipPaper
from training.ship_sheet import Fact, ShipSheet, ShipStyle
from training.ship_table import draw_goods

_NUMBERS = (
    "number",
    "despatch_date",
    "po",
    "delivery_date",
    "order_date",
    "customer_no",
    "contact",
    "invoice_no",
    "bl_no",
)
_FREIGHT = ("carrier", "tracking", "incoterms", "container", "seal", "trailer")
_SUMS = ("packages", "gross", "net", "volume")
_Draw = Callable[[ShipSheet], None]


def print_ship_paper(paper: ShipPaper, style: ShipStyle) -> Printed:
    """Prints a shipment paper in a house's style. The same input gives the same bytes."""
    pages, printed = 1, _draw(paper, style, 1)
    while printed.pages != pages:
        pages = printed.pages
        printed = _draw(paper, style, pages)
    return printed


def _draw(paper: ShipPaper, style: ShipStyle, pages: int) -> Printed:
    sheet = ShipSheet(paper, style, pages)
    FAMILY_DRAWINGS[style.family](sheet)
    foot(sheet)
    pdf = sheet.pen.finish()
    seen = {key: tuple(places) for key, places in sheet.pen.seen.items()}
    return Printed(pdf=pdf, pages=sheet.pen.page, seen=seen)


def _goods(sheet: ShipSheet) -> None:
    def new_page() -> None:
        foot(sheet)
        sheet.pen.new_page()
        sheet.y = sheet.style.margin + sheet.line
        if sheet.rng.random() < 0.5:
            sheet.pen.text(sheet.left, sheet.y, f"{sheet.title()} {sheet.paper.number}", size=sheet.style.size * 0.9)
            sheet.y += sheet.line

    draw_goods(sheet, new_page)
    if sheet.y + 9 * sheet.line > sheet.limit:
        foot(sheet)
        sheet.pen.new_page()
        sheet.y = sheet.style.margin + sheet.line


def _some(sheet: ShipSheet, names: Sequence[str], *, keep: int = 3, share: float = 0.75) -> list[Fact]:
    """The first facts and a share of the others, in an order of this house's own."""
    rest = [name for name in names[keep:] if sheet.rng.random() < share]
    sheet.rng.shuffle(rest)
    return sheet.facts([*names[:keep], *rest])


def _letter(sheet: ShipSheet) -> None:
    letterhead(sheet, align=sheet.rng.choice(("left", "right", "centre")))
    middle, top = sheet.left + (sheet.right - sheet.left) * 0.55, sheet.y
    bottom = party_block(sheet, "consignee", sheet.left, top, middle - sheet.left, labelled=sheet.rng.random() < 0.6)
    facts = _some(sheet, (*_NUMBERS, "carrier", "tracking"))
    sheet.y = max(bottom, fact_list(sheet, facts, middle, top, sheet.right - middle)) + sheet.line
    title(sheet, number=sheet.rng.random() < 0.3)
    _goods(sheet)
    fact_pairs(sheet, sheet.facts([*_SUMS, *_FREIGHT]))
    signature(sheet)


def _band(sheet: ShipSheet) -> None:
    title(sheet, band=True)
    letterhead(sheet)
    fact_strip(sheet, _some(sheet, _NUMBERS), boxed=sheet.rng.random() < 0.6)
    parties(sheet, ("consignee", "bill_to") if sheet.rng.random() < 0.7 else ("shipper", "consignee"))
    _goods(sheet)
    fact_strip(sheet, sheet.facts([*_SUMS, *_FREIGHT]), boxed=False)
    signature(sheet)


def _columns(sheet: ShipSheet) -> None:
    title(sheet, align=sheet.rng.choice(("left", "centre", "right")))
    parties(sheet, ("shipper", "consignee", "bill_to"), boxed=sheet.rng.random() < 0.4)
    fact_pairs(sheet, _some(sheet, (*_NUMBERS, *_FREIGHT, *_SUMS)))
    _goods(sheet)
    signature(sheet)


def _side(sheet: ShipSheet) -> None:
    letterhead(sheet)
    title(sheet)
    width, top = (sheet.right - sheet.left) * 0.27, sheet.y
    bottom = top
    for fact in _some(sheet, (*_NUMBERS, *_FREIGHT, *_SUMS)):
        small = sheet.style.size * 0.85
        sheet.pen.text(sheet.left, bottom + small, fact.label, size=small, bold=True)
        y = bottom + small * 1.3 + sheet.style.size
        bottom = sheet.pen.paragraph(sheet.left, y, fact.tokens, width - 8, leading=sheet.line) - sheet.line + 7
    edge = sheet.left
    sheet.left += width
    parties(sheet, ("consignee",))
    _goods(sheet)
    sheet.left = edge
    if sheet.pen.page == 1:
        sheet.y = max(sheet.y, bottom)
    signature(sheet)


def _export(sheet: ShipSheet) -> None:
    half = 0.5
    title(sheet, align="centre")
    form(sheet, (
        ((half, ("party:shipper",)), (half, ("number", "despatch_date", "invoice_no"))),
        ((half, ("party:consignee",)), (half, ("po", "order_date", "incoterms"))),
        ((half, ("party:notify", "party:bill_to")), (half, ("bl_no", "container", "seal"))),
        ((0.25, ("vessel",)), (0.25, ("voyage",)), (0.25, ("pol",)), (0.25, ("pod",))),
    ))  # fmt: skip
    sheet.y += sheet.line
    _goods(sheet)
    fact_pairs(sheet, sheet.facts([*_SUMS, "carrier", "tracking"]))
    signature(sheet)


def _plain(sheet: ShipSheet) -> None:
    title(sheet, align="centre")
    sheet.pen.dashes(sheet.left, sheet.y, sheet.right)
    sheet.y += sheet.line
    parties(sheet, ("shipper", "consignee"))
    fact_pairs(sheet, _some(sheet, (*_NUMBERS, *_FREIGHT)))
    _goods(sheet)
    fact_pairs(sheet, sheet.facts(_SUMS))
    sheet.pen.dashes(sheet.left, sheet.y, sheet.right)
    signature(sheet)


def _pairs_form(sheet: ShipSheet) -> None:
    title(sheet, number=sheet.rng.random() < 0.4)
    fact_pairs(sheet, _some(sheet, (*_NUMBERS, *_FREIGHT, *_SUMS)))
    parties(sheet, ("shipper", "consignee"), boxed=True)
    _goods(sheet)
    signature(sheet)


def _office(sheet: ShipSheet) -> None:
    top, middle = sheet.y, (sheet.left + sheet.right) / 2
    edge, sheet.right = sheet.right, middle - 8
    letterhead(sheet)
    sheet.right, left_bottom = edge, sheet.y
    left, sheet.left, sheet.y = sheet.left, middle, top
    title(sheet)
    bottom = fact_list(sheet, _some(sheet, (*_NUMBERS, *_FREIGHT)), middle, sheet.y, edge - middle)
    sheet.left, sheet.y = left, max(left_bottom, bottom) + sheet.line
    parties(sheet, ("bill_to", "consignee") if sheet.rng.random() < 0.5 else ("consignee", "bill_to"))
    _goods(sheet)
    fact_list(sheet, sheet.facts(_SUMS), middle, sheet.y, edge - middle)
    sheet.y += 4 * sheet.line
    signature(sheet)


def _transport_form(sheet: ShipSheet) -> None:
    third = 1 / 3
    form(sheet, (
        ((0.5, ("maker",)), (0.5, ("title", "number", "despatch_date"))),
        ((0.5, ("party:consignee",)), (0.5, ("party:bill_to",) if sheet.paper.bill_to else ("po", "order_date"))),
        ((third, ("po",)), (third, ("customer_no",)), (third, ("delivery_date",))),
    ))  # fmt: skip
    sheet.y += sheet.line * 0.8
    _goods(sheet)
    form(sheet, (
        ((0.25, ("packages",)), (0.25, ("gross",)), (0.25, ("net",)), (0.25, ("charges",))),
        ((0.5, ("carrier",)), (0.25, ("trailer",)), (0.25, ("tracking",))),
        ((0.5, ("container",)), (0.5, ("seal",))),
    ))  # fmt: skip
    signature(sheet)


def _sea_bill(sheet: ShipSheet) -> None:
    left, right = 0.52, 0.48
    form(sheet, (
        ((left, ("party:shipper",)), (right, ("bl_no", "number", "booking"))),
        ((left, ("party:consignee",)), (right, ("title", "carrier"))),
        ((left, ("party:notify",)), (right, ("po", "charges", "tracking"))),
        ((left / 2, ("receipt_place",)), (left / 2, ("pol",)), (right, ("despatch_date",))),
        ((left / 2, ("vessel",)), (left / 2, ("voyage",)), (right / 2, ("pod",)), (right / 2, ("delivery_place",))),
    ))  # fmt: skip
    sheet.y += sheet.line * 0.5
    _goods(sheet)
    said = words_of(sheet.style.words["said"])
    sheet.y = sheet.pen.paragraph(sheet.left, sheet.y, said, sheet.right - sheet.left, leading=sheet.line)
    form(sheet, (((0.28, ("packages",)), (0.24, ("gross",)), (0.24, ("container",)), (0.24, ("seal",))),))
    signature(sheet)


def _line_bill(sheet: ShipSheet) -> None:
    letterhead_carrier = sheet.fact("carrier")
    if letterhead_carrier is not None:
        sheet.y += sheet.style.size * 1.5
        sheet.pen.run(sheet.left, sheet.y, letterhead_carrier.tokens, size=sheet.style.size * 1.5, bold=True)
        sheet.y += sheet.line
    title(sheet, align=sheet.rng.choice(("right", "centre")))
    form(sheet, (
        ((0.5, ("party:shipper",)), (0.25, ("bl_no",)), (0.25, ("booking",))),
        ((0.5, ("party:consignee",)), (0.5, ("number", "po"))),
        ((0.5, ("party:notify",)), (0.5, ("despatch_date", "delivery_date"))),
        ((0.25, ("vessel",)), (0.25, ("voyage",)), (0.25, ("pol",)), (0.25, ("pod",))),
        ((0.25, ("container",)), (0.25, ("seal",)), (0.25, ("packages",)), (0.25, ("gross",))),
    ))  # fmt: skip
    sheet.y += sheet.line * 0.7
    _goods(sheet)
    fact_pairs(sheet, sheet.facts(["volume", "charges", "incoterms"]))
    signature(sheet)


def _waybill(sheet: ShipSheet) -> None:
    form(sheet, (
        ((0.5, ("party:shipper",)), (0.5, ("title",))),
        ((0.5, ("party:consignee",)), (0.5, ("number", "carrier"))),
        ((0.5, ("delivery_place",)), (0.5, ("trailer",))),
        ((0.5, ("despatch_date",)), (0.25, ("po",)), (0.25, ("delivery_date",))),
    ), numbered=True)  # fmt: skip
    sheet.y += sheet.line * 0.4
    _goods(sheet)
    form(sheet, (
        ((0.25, ("packages",)), (0.25, ("gross",)), (0.25, ("volume",)), (0.25, ("charges",))),
        ((0.34, ("container",)), (0.33, ("seal",)), (0.33, ("tracking",))),
        ((1 / 3, ("blank",)), (1 / 3, ("blank",)), (1 / 3, ("blank",))),
    ), numbered=True)  # fmt: skip


def _waybill_plain(sheet: ShipSheet) -> None:
    title(sheet, align=sheet.rng.choice(("left", "centre")))
    form(sheet, (
        ((0.5, ("party:shipper",)), (0.5, ("number", "despatch_date"))),
        ((0.5, ("party:consignee",)), (0.5, ("po", "bl_no"))),
        ((1 / 3, ("carrier",)), (1 / 3, ("trailer",)), (1 / 3, ("tracking",))),
        ((0.25, ("packages",)), (0.25, ("gross",)), (0.25, ("container",)), (0.25, ("seal",))),
    ), numbered=sheet.rng.random() < 0.5)  # fmt: skip
    sheet.y += sheet.line * 0.6
    _goods(sheet)
    signature(sheet)


def _straight(sheet: ShipSheet) -> None:
    title(sheet, align="centre")
    form(sheet, (
        ((0.55, ("party:shipper",)), (0.45, ("bl_no", "number", "despatch_date"))),
        ((0.55, ("party:consignee",)), (0.45, ("carrier", "trailer", "seal"))),
        ((0.55, ("party:bill_to",)), (0.45, ("tracking", "charges", "po"))),
    ))  # fmt: skip
    sheet.y += sheet.line * 0.7
    _goods(sheet)
    fact_strip(sheet, sheet.facts(["packages", "gross", "container", "delivery_date"]))
    signature(sheet)


def _order(sheet: ShipSheet) -> None:
    letterhead(sheet, align=sheet.rng.choice(("left", "right")))
    title(sheet, number=sheet.rng.random() < 0.4)
    middle, top = sheet.left + (sheet.right - sheet.left) * 0.55, sheet.y
    bottom = party_block(sheet, "supplier", sheet.left, top, middle - sheet.left, labelled=sheet.rng.random() < 0.7)
    facts = sheet.facts(["number", "order_date", "delivery_date", "incoterms", "contact", "warehouse"])
    sheet.y = max(bottom, fact_list(sheet, facts, middle, top, sheet.right - middle)) + sheet.line
    _goods(sheet)


def _order_strip(sheet: ShipSheet) -> None:
    title(sheet, band=sheet.rng.random() < 0.5)
    letterhead(sheet)
    fact_strip(sheet, sheet.facts(["number", "order_date", "delivery_date", "customer_no", "contact"]))
    parties(sheet, ("supplier",))
    _goods(sheet)


def _prose(sheet: ShipSheet) -> None:
    letterhead(sheet, align=sheet.rng.choice(("left", "right", "centre")))
    sheet.y += sheet.line * 2
    for line in sheet.party_lines("consignee"):
        sheet.pen.run(sheet.left, sheet.y, line)
        sheet.y += sheet.line
    sheet.y += sheet.line * 2
    if sheet.paper.text[0]:
        title(sheet)
    for text in sheet.paper.text[1:]:
        sheet.y += sheet.line * 1.2
        sheet.y = sheet.pen.paragraph(sheet.left, sheet.y, words_of(text), sheet.right - sheet.left, leading=sheet.line)


def _ledger(sheet: ShipSheet) -> None:
    """A statement, price list or offer: rows of dates, numbers and amounts that are no goods delivered or billed."""
    letterhead(sheet, align=sheet.rng.choice(("left", "right")))
    parties(sheet, ("consignee",))
    size = sheet.style.size * 1.8
    sheet.y += size
    sheet.pen.text(sheet.left, sheet.y, ledger_title(sheet.rng, sheet.paper.language), size=size, bold=True)
    sheet.y += sheet.line * 2
    for _ in range(sheet.rng.randint(4, 22)):
        amount = sheet.style.forms.numbers.number(Decimal(sheet.rng.randint(100, 900000)) / 100, 2)
        sheet.pen.text(sheet.left, sheet.y, sheet.paper.asides["order_date"])
        sheet.pen.text(
            sheet.left + 90, sheet.y, f"{sheet.rng.choice(('INV-', 'R', 'A'))}{sheet.rng.randint(999, 99999)}"
        )
        sheet.pen.text(sheet.right, sheet.y, amount, align="right")
        sheet.y += sheet.line * 1.2
    for text in sheet.paper.text[-2:]:
        sheet.y = sheet.pen.paragraph(
            sheet.left, sheet.y + sheet.line, words_of(text), sheet.right - sheet.left, leading=sheet.line
        )


FAMILY_DRAWINGS: dict[str, _Draw] = {
    "ship-letter": _letter, "ship-band": _band, "ship-columns": _columns, "ship-side": _side, "ship-export": _export,
    "ship-plain": _plain, "ship-pairs": _pairs_form, "ship-office": _office, "ship-form": _transport_form,
    "ship-sea": _sea_bill, "ship-line": _line_bill, "ship-waybill": _waybill, "ship-note": _waybill_plain,
    "ship-straight": _straight, "order-letter": _order, "order-strip": _order_strip, "prose": _prose,
    "ledger": _ledger,
}  # fmt: skip
_NOTES = (
    "ship-letter",
    "ship-band",
    "ship-columns",
    "ship-side",
    "ship-plain",
    "ship-pairs",
    "ship-office",
    "ship-form",
)
FAMILIES_OF: dict[str, tuple[str, ...]] = {
    "packing_list": (*_NOTES, "ship-export", "ship-export"),
    "delivery_note": (*_NOTES, "ship-form"),
    "despatch_advice": (*_NOTES, "ship-export"),
    "sea_bl": ("ship-sea", "ship-line", "ship-export"),
    "cmr": ("ship-waybill", "ship-note", "ship-form"),
    "straight_bl": ("ship-straight", "ship-note", "ship-columns"),
    "purchase_order": ("order-letter", "order-strip"),
    "other": ("prose", "prose", "ledger"),
}
