"""Decides how a supplier's papers look: fonts, places, formats, columns, wordings. One style, one house."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from training.formats import NumberForm
from training.pen import Colour

HeaderRow = tuple[tuple[str, float], ...]

A4 = (595.28, 841.89)
A4_LANDSCAPE = (841.89, 595.28)
LETTER = (612.0, 792.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Everything about a paper but what it says.

    Attributes:
        family: name of the layout family, for splits by layout.
        header: rows from the top, each of blocks side by side with their share of the width.
        side: blocks in a column of their own at the left of the first page, empty for none.
        meta: what the reference block names, in order; also what nobody asks for.
        columns: names of the line table's columns, in order.
        rules: `none header rows grid zebra dashes`.
        totals: `right left strip sentence`.
        terms: `text dated both none`.
        payment: `paragraph list box none`; `none` leaves the account to the footer.
        footer: what stands at the foot: columns of seller facts, 0 to 4.
        page_note: `none top bottom`.
        order_place: where the order number stands: `meta sentence`.
        spec: rows of blocks from top to bottom, for `training.bill_layouts`; empty for the houses' own drawing.
        seed: what a spec's blocks draw their small choices from, the same in every pass.
    """

    family: str
    language: str
    words: Mapping[str, str]
    page_size: tuple[float, float] = A4
    margin_left: float = 56.0
    margin_right: float = 56.0
    margin_top: float = 48.0
    margin_bottom: float = 48.0
    font: str = "helvetica"
    size: float = 9.0
    leading: float = 1.3
    title_size: float = 18.0
    accent: Colour = (0.1, 0.25, 0.45)
    coloured_text: bool = False

    numbers: NumberForm = field(default_factory=lambda: NumberForm(decimal=",", grouping="."))
    currency: str = "EUR"
    sign: str = "EUR"
    sign_place: str = "after"
    date_form: str = "dd.mm.yyyy"
    rate_form: str = " %"
    vat_form: str = "tight"
    iban_form: str = "grouped"

    header: tuple[HeaderRow, ...] = ()
    header_gap: float = 14.0
    side: tuple[str, ...] = ()
    letterhead_align: str = "left"
    logo: str = "none"
    label_mark: str = ":"
    label_bold: bool = False
    value_bold: bool = False
    values_aligned: bool = True
    meta: tuple[str, ...] = ("number", "issue_date", "due_date", "purchase_order", "customer_number")
    meta_box: bool = False
    title_number: bool = False
    title_align: str = "left"
    buyer_label: bool = True
    buyer_box: bool = False
    buyer_vat: bool = False
    country_lines: bool = False
    contact_in_letterhead: bool = True
    vat_in_letterhead: bool = False
    intro: bool = True
    order_place: str = "meta"

    columns: tuple[str, ...] = ("position", "description", "quantity", "unit", "unit_price", "line_net")
    rules: str = "header"
    header_fill: bool = False
    row_padding: float = 3.0
    ids_in_description: tuple[str, ...] = ()
    unit_with_quantity: bool = False
    price_decimals: int = 2
    quantity_decimals: int = 0
    line_sign: bool = False
    carried: bool = True

    totals: str = "right"
    totals_sign: bool = True
    totals_rules: str = "last"
    tax_table: bool = False
    show_due: bool = False
    net_first: bool = True
    terms: str = "text"
    payment: str = "paragraph"
    closing: bool = True
    footer: int = 3
    footer_size: float = 7.0
    footer_rule: bool = True
    page_note: str = "bottom"

    spec: str = ""
    seed: int = 0
