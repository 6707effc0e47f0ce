"""Draws a house style by lot: a layout family gives the frame, chance the rest, so that no two houses look alike."""

from dataclasses import replace
from random import Random
from typing import Any

from training.formats import DATE_FORMS, SYMBOLS, US_DATE_FORMS, NumberForm
from training.styles import A4, A4_LANDSCAPE, LETTER, HeaderRow, Style
from training.wordings import choose_words

_ALL = 1.0

# Each family: alternatives of its header rows, and what is fixed about it.
FAMILIES: dict[str, tuple[tuple[tuple[HeaderRow, ...], ...], dict[str, Any]]] = {
    "window": (
        (
            ((("space", 0.5), ("letterhead", 0.5)), (("sender_line", 0.55),), (("buyer", 0.55), ("meta_list", 0.45)),
             (("title", _ALL),), (("intro", _ALL),)),
            ((("letterhead", _ALL),), (("sender_line", 0.6),), (("buyer", 0.6), ("meta_list", 0.4)),
             (("ship_to", 0.6),), (("title", _ALL),), (("intro", _ALL),)),
            ((("brand", 0.6), ("space", 0.4)), (("sender_line", 0.5), ("meta_list", 0.5)), (("buyer", 0.5),),
             (("title", _ALL),), (("intro", _ALL),)),
        ),
        {"letterhead_align": ("left", "right"), "footer": (3, 4)},
    ),
    "band": (
        (
            ((("band", _ALL),), (("seller", 0.5), ("buyer", 0.5)), (("meta_strip", _ALL),), (("intro", _ALL),)),
            ((("letterhead", 0.6), ("space", 0.4)), (("band", _ALL),), (("buyer", 0.5), ("ship_to", 0.5)),
             (("meta_strip", _ALL),), (("intro", _ALL),)),
            ((("band", _ALL),), (("buyer", 0.5), ("seller", 0.5)), (("meta_pairs", _ALL),)),
        ),
        {"coloured_text": (True, True, False), "header_fill": (True, True, False)},
    ),
    "centred": (
        (
            ((("letterhead", _ALL),), (("rule", _ALL),), (("title", _ALL),), (("buyer", 0.6), ("meta_list", 0.4)),
             (("intro", _ALL),)),
            ((("letterhead", _ALL),), (("title", _ALL),), (("meta_pairs", _ALL),), (("buyer", 0.5), ("ship_to", 0.5)),
             (("intro", _ALL),)),
        ),
        {"letterhead_align": ("centre",), "title_align": ("centre",), "footer": (0, 1, 2)},
    ),
    "boxes": (
        (
            ((("letterhead", 0.55), ("title", 0.45)), (("buyer", 0.5), ("ship_to", 0.5)), (("meta_strip", _ALL),)),
            ((("title", 0.4), ("letterhead", 0.6)), (("meta_strip", _ALL),), (("seller", 0.5), ("buyer", 0.5))),
            ((("letterhead", 0.55), ("meta_list", 0.45)), (("title", _ALL),), (("buyer", 0.5), ("ship_to", 0.5))),
        ),
        {"buyer_box": (True,), "meta_box": (True,), "rules": ("grid", "rows"), "totals_rules": ("all", "box")},
    ),
    "side": (
        (
            ((("title", _ALL),), (("buyer", 0.6),), (("intro", _ALL),)),
            ((("buyer", 0.6),), (("title", _ALL),)),
        ),
        {"side": (("letterhead", "meta_stack"), ("brand", "seller", "meta_stack"), ("meta_stack", "seller")),
         "letterhead_align": ("left",), "size": (8.0, 8.5, 9.0), "margin_left": (36.0,), "margin_right": (36.0,)},
    ),
    "foot": (
        (
            ((("brand", _ALL),), (("buyer", 0.55), ("space", 0.45)), (("meta_pairs", _ALL),), (("title", _ALL),)),
            ((("space", 0.6), ("brand", 0.4)), (("buyer", 0.55), ("meta_list", 0.45)), (("title", _ALL),),
             (("intro", _ALL),)),
            ((("buyer", 0.6), ("brand", 0.4)), (("title", _ALL),), (("meta_strip", _ALL),)),
        ),
        {"footer": (2, 3, 4), "payment": ("none", "paragraph")},
    ),
    "printer": (
        (
            ((("letterhead", 0.5), ("meta_list", 0.5)), (("buyer", _ALL),), (("title", _ALL),)),
            ((("title", 0.5), ("meta_list", 0.5)), (("seller", 0.5), ("buyer", 0.5))),
        ),
        {"font": ("courier",), "rules": ("dashes",), "logo": ("none",), "size": (8.0, 8.5, 9.0), "footer": (0, 1),
         "title_size": (11.0, 13.0), "header_fill": (False,), "coloured_text": (False,), "label_bold": (False,)},
    ),
    "wide": (
        (
            ((("letterhead", 0.36), ("buyer", 0.32), ("meta_list", 0.32)), (("title", _ALL),)),
            ((("title", 0.5), ("letterhead", 0.5)), (("buyer", 0.33), ("ship_to", 0.33), ("meta_list", 0.34))),
        ),
        {"page_size": (A4_LANDSCAPE,), "rules": ("grid", "rows", "zebra")},
    ),
    "letter": (
        (
            ((("letterhead", _ALL),), (("buyer", _ALL),), (("title", _ALL),), (("meta_pairs", _ALL),),
             (("intro", _ALL),)),
            ((("space", 0.55), ("letterhead", 0.45)), (("buyer", _ALL),), (("meta_strip", _ALL),), (("title", _ALL),),
             (("intro", _ALL),)),
        ),
        {"totals": ("sentence",), "rules": ("none", "header"), "font": ("times", "times", "helvetica"),
         "order_place": ("sentence", "meta"), "size": (9.5, 10.0, 10.5)},
    ),
    "airy": (
        (
            ((("title", 0.6), ("brand", 0.4)), (("meta_strip", _ALL),), (("seller", 0.5), ("buyer", 0.5))),
            ((("title", 0.55), ("meta_stack", 0.45)), (("buyer", 0.5), ("seller", 0.5)), (("intro", _ALL),)),
            ((("brand", _ALL),), (("title", _ALL),), (("buyer", 0.34), ("seller", 0.33), ("meta_stack", 0.33))),
        ),
        {"rules": ("none", "rows"), "row_padding": (5.0, 6.0, 7.0), "title_size": (24.0, 28.0, 32.0),
         "header_gap": (22.0, 28.0), "label_mark": ("",)},
    ),
    "dense": (
        (
            ((("letterhead", 0.34), ("buyer", 0.33), ("meta_list", 0.33)), (("title", _ALL),)),
            ((("letterhead", 0.5), ("meta_list", 0.5)), (("buyer", 0.5), ("ship_to", 0.5)), (("title", _ALL),)),
        ),
        {"size": (7.0, 7.5, 8.0), "row_padding": (1.0, 1.5), "rules": ("zebra", "rows", "grid"),
         "margin_left": (30.0, 40.0), "margin_right": (30.0, 40.0), "header_gap": (8.0, 10.0)},
    ),
    "office": (
        (
            ((("letterhead", 0.55), ("title", 0.45)), (("buyer", 0.5), ("meta_list", 0.5)), (("intro", _ALL),)),
            ((("title", 0.5), ("letterhead", 0.5)), (("meta_list", 0.45), ("buyer", 0.55)), (("ship_to", 0.5),)),
            ((("letterhead", 0.5), ("title", 0.5)), (("meta_pairs", _ALL),), (("buyer", 0.5), ("ship_to", 0.5))),
        ),
        {"title_align": ("right", "left")},
    ),
}  # fmt: skip

_PALETTE = (
    (0.10, 0.25, 0.45), (0.55, 0.10, 0.15), (0.08, 0.38, 0.28), (0.20, 0.20, 0.22), (0.75, 0.35, 0.05),
    (0.32, 0.18, 0.45), (0.00, 0.40, 0.52), (0.40, 0.30, 0.18),
)  # fmt: skip
_NUMBER_FORMS = {
    "de": ((",", "."), (",", "."), (",", "."), (",", " "), (",", "")),
    "en": ((".", ","), (".", ","), (".", ","), (".", ""), (".", " ")),
    "fr": ((",", "\u00a0"), (",", " "), (",", " "), (",", "."), (",", "")),
    "es": ((",", "."), (",", "."), (",", "")),
    "it": ((",", "."), (",", "."), (",", "")),
    "nl": ((",", "."), (",", "."), (",", "")),
}
_TABLE_ORDERS = (
    ("position", "seller_item_id", "gtin", "description", "quantity", "unit", "list_price", "discount_pct",
     "unit_price", "tax_rate", "line_net"),
    ("quantity", "unit", "seller_item_id", "description", "unit_price", "tax_rate", "line_net"),
    ("description", "seller_item_id", "quantity", "unit", "unit_price", "line_net", "tax_rate"),
    ("position", "description", "unit_price", "quantity", "unit", "tax_rate", "line_net"),
    ("seller_item_id", "buyer_item_id", "description", "tax_rate", "quantity", "unit", "unit_price", "line_net"),
    ("position", "quantity", "unit", "gtin", "seller_item_id", "description", "tax_rate", "unit_price", "line_net"),
    ("position", "buyer_item_id", "description", "unit", "quantity", "unit_price", "discount_pct", "line_net"),
)  # fmt: skip
_OPTIONAL_COLUMNS = {
    "position": 0.75, "seller_item_id": 0.8, "buyer_item_id": 0.7, "gtin": 0.6, "unit": 0.65, "tax_rate": 0.5,
    "list_price": 0.3, "discount_pct": 0.3,
}  # fmt: skip


def random_style(rng: Random, *, language: str, country: str, currency: str, family: str | None = None) -> Style:
    """A house style by lot for a seller of that country, in that language and currency."""
    name = family or rng.choice(list(FAMILIES))
    headers, fixed = FAMILIES[name]
    upper = rng.random() < 0.12
    style = Style(
        family=name,
        language=language,
        words=choose_words(rng, language, upper_labels=upper),
        header=rng.choice(headers),
        **_looks(rng),
        **_formats(rng, language, country, currency),
    )
    style = replace(
        style, **table_looks(rng), **_foot(rng), meta=_meta(rng), page_size=LETTER if country == "US" else A4
    )
    style = replace(style, **{option: rng.choice(choices) for option, choices in fixed.items()})
    return _made_whole(rng, style)


def _looks(rng: Random) -> dict[str, Any]:
    side = rng.choice((40.0, 48.0, 56.0, 64.0))
    return {
        "margin_left": side,
        "margin_right": rng.choice((side, 40.0, 56.0)),
        "margin_top": rng.choice((40.0, 48.0, 60.0)),
        "margin_bottom": rng.choice((40.0, 48.0, 56.0)),
        "font": rng.choice(("helvetica", "helvetica", "helvetica", "times", "times", "vera", "courier")),
        "size": rng.choice((8.0, 8.5, 9.0, 9.0, 9.5, 10.0)),
        "leading": rng.choice((1.2, 1.25, 1.3, 1.4)),
        "title_size": rng.choice((12.0, 14.0, 16.0, 18.0, 22.0)),
        "accent": rng.choice(_PALETTE),
        "coloured_text": rng.random() < 0.3,
        "header_gap": rng.choice((10.0, 14.0, 18.0, 24.0)),
        "letterhead_align": rng.choice(("left", "left", "right", "centre")),
        "logo": rng.choice(("none", "disc", "squares", "wedge", "bars")),
        "label_mark": rng.choice((":", ":", "", " :", ":")),
        "label_bold": rng.random() < 0.35,
        "value_bold": rng.random() < 0.15,
        "values_aligned": rng.random() < 0.7,
        "meta_box": rng.random() < 0.3,
        "title_number": rng.random() < 0.25,
        "title_align": rng.choice(("left", "left", "right")),
        "buyer_label": rng.random() < 0.5,
        "buyer_box": rng.random() < 0.12,
        "buyer_vat": rng.random() < 0.3,
        "country_lines": rng.random() < 0.35,
        "contact_in_letterhead": rng.random() < 0.6,
        "vat_in_letterhead": rng.random() < 0.35,
        "intro": rng.random() < 0.6,
        "order_place": "sentence" if rng.random() < 0.15 else "meta",
    }


def _formats(rng: Random, language: str, country: str, currency: str) -> dict[str, Any]:
    decimal, grouping = rng.choice(_NUMBER_FORMS[language])
    if country == "CH":
        decimal, grouping = ".", "'"
    elif country == "US":
        decimal, grouping = ".", ","
    sign = rng.choice((currency, SYMBOLS[currency], ""))
    place = "after" if language != "en" and rng.random() < 0.75 else rng.choice(("before", "tight"))
    if sign == currency and place == "tight":
        place = "before"
    return {
        "numbers": NumberForm(decimal=decimal, grouping=grouping),
        "currency": currency,
        "sign": sign,
        "sign_place": place,
        "date_form": rng.choice(US_DATE_FORMS if country == "US" else DATE_FORMS[language]),
        "rate_form": rng.choice(("%", " %", "%", "0%", "00 %", "00%")),
        "vat_form": rng.choice(("tight", "tight", "spaced")),
        "iban_form": rng.choice(("grouped", "grouped", "tight")),
    }


def table_looks(rng: Random) -> dict[str, Any]:
    """Columns, rules and ids of a line table."""
    order = rng.choice(_TABLE_ORDERS)
    columns = tuple(name for name in order if rng.random() < _OPTIONAL_COLUMNS.get(name, 1.0))
    ids = tuple(
        name for name in ("seller_item_id", "gtin", "buyer_item_id") if name not in columns and rng.random() < 0.35
    )
    return {
        "columns": columns,
        "ids_in_description": ids,
        "rules": rng.choice(("none", "header", "header", "rows", "grid", "zebra")),
        "header_fill": rng.random() < 0.25,
        "row_padding": rng.choice((1.5, 2.0, 3.0, 4.0)),
        "unit_with_quantity": "unit" not in columns and rng.random() < 0.5,
        "price_decimals": rng.choice((2, 2, 2, 2, 3, 4)),
        "quantity_decimals": rng.choice((0, 0, 0, 0, 1, 2, 3)),
        "line_sign": rng.random() < 0.2,
        "carried": rng.random() < 0.6,
    }


def _foot(rng: Random) -> dict[str, Any]:
    return {
        "totals": rng.choice(("right", "right", "right", "right", "left", "strip", "sentence")),
        "totals_sign": rng.random() < 0.7,
        "totals_rules": rng.choice(("last", "last", "all", "box", "fill", "none")),
        "tax_table": rng.random() < 0.15,
        "show_due": rng.random() < 0.2,
        "terms": rng.choice(("text", "text", "dated", "both", "none")),
        "payment": rng.choice(("paragraph", "list", "box", "none")),
        "closing": rng.random() < 0.6,
        "footer": rng.choice((0, 1, 2, 3, 4)),
        "footer_size": rng.choice((6.5, 7.0, 7.5)),
        "footer_rule": rng.random() < 0.7,
        "page_note": rng.choice(("bottom", "bottom", "top", "none")),
    }


def _meta(rng: Random) -> tuple[str, ...]:
    chosen = ["number", "issue_date"]
    shares = {
        "purchase_order": 0.75, "due_date": 0.55, "delivery_date": 0.35, "customer_number": 0.5, "order_date": 0.25,
        "quote_number": 0.2, "contact": 0.25, "project": 0.15, "despatch_number": 0.3, "original_number": 0.8,
        "currency": 0.2, "terms": 0.15, "seller_vat": 0.12, "buyer_vat": 0.2, "page": 0.15, "carrier": 0.7,
        "tracking_number": 0.8, "package_count": 0.3, "payment_reference": 0.3,
    }  # fmt: skip
    chosen += [name for name, share in shares.items() if rng.random() < share]
    if rng.random() < 0.5:
        rng.shuffle(chosen)
    return tuple(chosen)


def _made_whole(rng: Random, style: Style) -> Style:
    """Mends what chance left out: a paper names its currency, its account, its seller's VAT id, and its order once."""
    blocks = [name for row in style.header for name, _ in row] + list(style.side)
    meta = list(style.meta)
    if not style.sign or not (style.totals_sign or style.line_sign):
        style = replace(style, totals_sign=bool(style.sign))
        if not style.sign and "currency" not in meta:
            meta.append("currency")
    if style.order_place == "sentence" and "intro" in blocks:
        meta = [name for name in meta if name != "purchase_order"]
    elif style.order_place == "sentence":
        style = replace(style, order_place="meta")
    if style.title_number and "title" not in blocks:
        style = replace(style, title_number=False)
    if style.title_number and rng.random() < 0.5:
        meta = [name for name in meta if name != "number"]
    if style.footer == 0 and style.payment == "none":
        style = replace(style, payment=rng.choice(("paragraph", "list")))
    shows_vat = style.footer > 0 or (style.vat_in_letterhead and "letterhead" in blocks) or "seller" in blocks
    if not shows_vat and "seller_vat" not in meta:
        meta.append("seller_vat")
    if style.footer == 0 and "letterhead" not in blocks and "seller" not in blocks:
        style = replace(style, footer=3)
    return replace(style, meta=tuple(meta))
