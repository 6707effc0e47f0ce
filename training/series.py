"""Invents several papers of one supplier in one style, which calls a field by an unknown or a misleading word."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from core.documents import DocumentType
from training.houses import random_style
from training.labels import label_of
from training.layouts import Printed, print_paper
from training.papers import Paper
from training.standalone import random_paper
from training.styles import Style

WORDS_OF: Mapping[str, tuple[str, ...]] = {
    "invoice_number": ("invoice_number",),
    "issue_date": ("issue_date",),
    "due_date": ("due_date",),
    "purchase_order_reference": ("purchase_order",),
    "despatch_advice_reference": ("despatch_number",),
    "total_without_vat": ("net_total",),
    "total_vat": ("tax_sum",),
    "total_with_vat": ("gross_total", "due_total"),
    "payment_reference": ("payment_reference",),
    "delivery_date": ("delivery_date",),
}
"""Fields that can be given an unknown label, and the style's words for it."""
_MISLEADING: Mapping[str, str] = {
    "invoice_number": "customer_number",
    "issue_date": "due_date",
    "due_date": "issue_date",
    "purchase_order_reference": "quote_number",
    "despatch_advice_reference": "purchase_order",
    "total_without_vat": "gross_total",
    "total_vat": "net_total",
    "total_with_vat": "net_total",
    "payment_reference": "customer_number",
    "delivery_date": "issue_date",
}
_SYLLABLES = ("bru", "kel", "vor", "tin", "ma", "sol", "dri", "pex", "um", "gra", "lio", "zan")
_CHANGING_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One paper of a series, and the true values that are printed on it."""

    paper: Paper
    printed: Printed
    fields: Mapping[str, str]


def series(rng: Random, field: str, count: int, *, misleading: bool = False) -> tuple[Issue, ...]:
    """Papers of one seller to one buyer: other values and lines each time, numbers of the same form.

    Empty when the style does not print the field on every one of them.

    Args:
        misleading: the field and another exchange their words, instead of an unknown one for it.
    """
    first = _with(rng, field)
    style = random_style(rng, language=first.language, country=first.seller.country, currency=first.currency)
    style = replace(style, words={**style.words, **_words(rng, style, field, misleading=misleading)})
    issues = tuple(_issue(paper, style) for paper in (first, *_others(rng, first, field, count - 1)))
    return issues if all(field in issue.fields for issue in issues) else ()


def _words(rng: Random, style: Style, field: str, *, misleading: bool) -> dict[str, str]:
    keys = [key for key in WORDS_OF[field] if key in style.words]
    if misleading:
        other = _MISLEADING[field]
        return dict.fromkeys(keys, style.words[other]) | {other: style.words[keys[0]]}
    return dict.fromkeys(keys, "".join(rng.choice(_SYLLABLES) for _ in range(3)).capitalize())


def _issue(paper: Paper, style: Style) -> Issue:
    printed = print_paper(paper, style)
    return Issue(paper=paper, printed=printed, fields=label_of(paper, style, printed, file="")["fields"])


def _with(rng: Random, field: str) -> Paper:
    """An invoice that has the field."""
    while True:
        paper = random_paper(rng)
        optional = {
            "purchase_order_reference": paper.purchase_order,
            "despatch_advice_reference": paper.despatch_number,
            "payment_reference": paper.payment_reference,
        }
        if paper.document_type is DocumentType.INVOICE and optional.get(field, "there") is not None:
            return paper


def _others(rng: Random, first: Paper, field: str, count: int) -> Iterator[Paper]:
    for _ in range(count):
        other = _with(rng, field)
        while (other.language, other.currency) != (first.language, first.currency):
            other = _with(rng, field)
        yield replace(
            other,
            seller=first.seller,
            buyer=first.buyer,
            ship_to=first.ship_to,
            number=_alike(rng, first.number) or other.number,
            purchase_order=_alike(rng, first.purchase_order),
            despatch_number=_alike(rng, first.despatch_number),
            payment_reference=_alike(rng, first.payment_reference),
            terms_days=first.terms_days,
        )


def _alike(rng: Random, number: str | None) -> str | None:
    """Another number of the same form: its last digits change."""
    if number is None:
        return None
    changing = [place for place, char in enumerate(number) if char.isdigit()][-_CHANGING_DIGITS:]
    return "".join(rng.choice("0123456789") if place in changing else char for place, char in enumerate(number))
