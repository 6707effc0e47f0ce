"""Draws the looks of a bill by lot: its layout family, words, forms of numbers and dates, and what it names."""

from dataclasses import replace
from random import Random
from typing import Any

from training.bill_families import FIXED, SPECS
from training.bill_words import bill_words
from training.formats import DATE_FORMS, SYMBOLS, US_DATE_FORMS, NumberForm
from training.houses import table_looks
from training.papers import Paper
from training.styles import A4, LETTER, Style

FAMILIES = tuple(SPECS)
_NUMBER_FORMS = {
    "de": ((",", "."), (",", "."), (",", "."), (",", " "), (",", ""), (".", ",")),
    "en": ((".", ","), (".", ","), (".", ","), (".", "")),
    "fr": ((",", "\u00a0"), (",", " "), (",", " "), (",", "."), (",", "")),
    "es": ((",", "."), (",", "."), (",", "")),
    "it": ((",", "."), (",", "."), (",", "")),
    "nl": ((",", "."), (",", "."), (",", "")),
    "pt": ((",", "."), (",", " "), (",", "")),
    "pl": ((",", " "), (",", " "), (",", ""), (",", "."), (".", "")),
}
_COLOURS = ((0.10, 0.25, 0.45), (0.55, 0.10, 0.15), (0.08, 0.38, 0.28), (0.20, 0.20, 0.22), (0.75, 0.35, 0.05),
            (0.32, 0.18, 0.45), (0.00, 0.40, 0.52), (0.85, 0.20, 0.20), (0.10, 0.10, 0.10))  # fmt: skip
_NAMED = {
    "purchase_order": 0.7, "due_date": 0.5, "delivery_date": 0.45, "customer_number": 0.55, "order_date": 0.2,
    "quote_number": 0.2, "contact": 0.25, "project": 0.12, "despatch_number": 0.5, "original_number": 0.8,
    "currency": 0.15, "terms": 0.2, "seller_vat": 0.15, "buyer_vat": 0.25, "page": 0.12, "payment_reference": 0.4,
    "ours": 0.12, "contract": 0.12, "when": 0.06,
}  # fmt: skip


def random_bill_style(rng: Random, paper: Paper, *, family: str | None = None) -> Style:
    """A look for a bill, in one layout family or any."""
    family = family or rng.choice(FAMILIES)
    country = paper.seller.country
    style = Style(
        family=family,
        language=paper.language,
        words=bill_words(rng, paper.language, country, paper.currency),
        spec=SPECS[family],
        seed=rng.getrandbits(32),
        page_size=LETTER if country in {"US", "CA"} else A4,
        meta=_meta(rng, family),
        **_looks(rng),
        **_forms(rng, paper),
    )
    style = replace(style, **table_looks(rng))
    if paper.extras.service and rng.random() < 0.5:
        columns = tuple(
            name for name in style.columns if name in {"position", "description", "tax_rate", "line_net", "quantity"}
        )
        style = replace(style, columns=columns if rng.random() < 0.6 else ("description", "line_net"))
    style = replace(style, **{option: rng.choice(choices) for option, choices in FIXED.get(family, {}).items()})
    return _made_whole(rng, style)


def _looks(rng: Random) -> dict[str, Any]:
    side = rng.choice((28.0, 36.0, 42.0, 48.0, 56.0, 64.0))
    return {
        "margin_left": side,
        "margin_right": rng.choice((side, 36.0, 50.0)),
        "margin_top": rng.choice((28.0, 36.0, 48.0, 60.0)),
        "margin_bottom": rng.choice((36.0, 44.0, 56.0)),
        "font": rng.choice(("helvetica", "helvetica", "helvetica", "helvetica", "times", "vera", "courier")),
        "size": rng.choice((7.5, 8.0, 8.5, 9.0, 9.0, 9.5, 10.0, 10.5)),
        "leading": rng.choice((1.15, 1.2, 1.25, 1.3, 1.45)),
        "title_size": rng.choice((10.0, 12.0, 14.0, 18.0, 22.0, 28.0)),
        "title_align": rng.choice(("left", "left", "left", "right", "centre")),
        "accent": rng.choice(_COLOURS),
        "coloured_text": rng.random() < 0.35,
        "header_gap": rng.choice((6.0, 10.0, 14.0, 18.0, 26.0)),
        "label_mark": rng.choice((":", ":", ":", "", " :", "")),
        "label_bold": rng.random() < 0.35,
        "value_bold": rng.random() < 0.15,
        "values_aligned": rng.random() < 0.7,
        "meta_box": rng.random() < 0.3,
        "country_lines": rng.random() < 0.3,
        "show_due": rng.random() < 0.15,
        "footer": rng.choice((0, 0, 1, 2, 3, 3, 4)),
        "footer_size": rng.choice((6.0, 6.5, 7.0, 7.5)),
        "footer_rule": rng.random() < 0.6,
        "page_note": rng.choice(("bottom", "bottom", "top", "none", "none")),
        "totals_sign": rng.random() < 0.65,
    }


def _forms(rng: Random, paper: Paper) -> dict[str, Any]:
    country, language, currency = paper.seller.country, paper.language, paper.currency
    decimal, grouping = rng.choice(_NUMBER_FORMS[language])
    if country == "CH" and rng.random() < 0.8:
        decimal, grouping = ".", "'"
    elif country in {"US", "CA", "GB", "MY", "SG", "AU", "IN", "JP"}:
        decimal, grouping = ".", rng.choice((",", ",", ""))
    sign = rng.choice((currency, SYMBOLS[currency], ""))
    place = "after" if language != "en" and rng.random() < 0.75 else rng.choice(("before", "tight"))
    dates = DATE_FORMS[language]
    if country == "US":
        dates = US_DATE_FORMS
    elif rng.random() < 0.12:
        dates = ("yyyy-mm-dd", "dd mon yyyy", "dd.mm.yyyy", "d month yyyy")
    return {
        "numbers": NumberForm(decimal=decimal, grouping=grouping),
        "currency": currency,
        "sign": sign,
        "sign_place": "before" if sign == currency and place == "tight" else place,
        "date_form": rng.choice(dates),
        "rate_form": rng.choice(("%", " %", "%", "0%", "00 %", "00%")),
        "vat_form": rng.choice(("tight", "tight", "spaced")),
        "iban_form": rng.choice(("grouped", "grouped", "tight")),
    }


def _meta(rng: Random, family: str) -> tuple[str, ...]:
    more = 1.35 if family.startswith(("dump", "boxes", "erp")) else 1.0
    chosen = ["number", "issue_date", *(name for name, share in _NAMED.items() if rng.random() < share * more)]
    if rng.random() < 0.6:
        rng.shuffle(chosen)
    return tuple(chosen)


def _made_whole(rng: Random, style: Style) -> Style:
    """Mends what chance left out: a bill names its number once or twice, its day, its currency and its seller."""
    spec, meta = style.spec, list(style.meta)
    if any(name in spec for name in ("title_number", "title_dated", "prose")) and rng.random() < 0.6:
        meta.remove("number")
    if ("title_dated" in spec or "place_date" in spec or ("prose" in spec)) and rng.random() < 0.6:
        meta.remove("issue_date")
    if "prose" in spec and "purchase_order" in meta and rng.random() < 0.7:
        meta.remove("purchase_order")
    if not any(block in spec for block in ("refs", "section_document")):
        meta = []
    shown = style.sign and style.totals_sign
    if not shown and "currency" not in meta and "currency_note" not in spec:
        if rng.random() < 0.5 and ("refs" in spec or "section_document" in spec):
            meta.append("currency")
        else:
            style = replace(
                style,
                spec=spec.replace("/ table /", "/ currency_note / table /", 1)
                if "/ table /" in spec
                else spec + " / currency_note",
            )
    full = any(
        block in spec for block in ("letterhead", "contacts", "seller ", "seller_line", "section_seller", "parties_box")
    )
    if not full and style.footer == 0 and rng.random() < 0.9:
        style = replace(style, footer=rng.choice((1, 2, 3, 4)))
    return replace(style, meta=tuple(meta))
