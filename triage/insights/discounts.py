"""Reads an early-payment discount out of payment terms as they are printed: how much, and within how many days."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.days import after
from triage.insights.places import Paper

_SKONTO = re.compile(r"#skonto#tage=(\d{1,3})#prozent=(\d{1,2}(?:[.,]\d{1,4})?)#", re.IGNORECASE)
_SHORT = re.compile(r"\b(\d{1,2}(?:[.,]\d{1,3})?)\s*%?\s*/\s*(\d{1,3})\s*,?\s*(?:n|net|netto)\.?\s*/?\s*\d{1,3}\b")
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s*(?:%|percent|prozent|pct)")
_DAYS = re.compile(r"(\d{1,3})\s*[- ]?(?:days?|tagen?|tage|tg\.?|jours?|d[ií]as?|giorni|gg|dagen|dagar|dage|dias)\b")
_CLAUSES = re.compile(r"[;\n]|,(?!\d)|\.(?=\s|$)|\b(?:or|oder|ou|otherwise|sonst)\b")
_MOST_PCT = Decimal(20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """So many percent off for paying within so many days of the invoice date."""

    pct: Decimal
    days: int


def discount_of(terms: str | None) -> Discount | None:
    """The largest discount the terms offer; None where they offer none, or none that can be read.

    `2 % 10 days, net 30`, `2/10 net 30`, `3 % Skonto innerhalb 14 Tagen`, and `#SKONTO#TAGE=14#PROZENT=2.25#` of
    German e-invoices are read. A percentage without days beside it (interest for late payment, VAT) is no offer.
    """
    text = (terms or "").casefold()
    found = [(pct, days) for days, pct in _SKONTO.findall(text)] + _SHORT.findall(text)
    if not found:
        found = [
            (percent[1], days[1])
            for clause in _CLAUSES.split(text)
            if (percent := _PERCENT.search(clause)) and (days := _DAYS.search(clause)) and not _is_interest(clause)
        ]
    offers = [Discount(pct=Decimal(pct.replace(",", ".")), days=int(days)) for pct, days in found]
    offers = [offer for offer in offers if 0 < offer.pct <= _MOST_PCT]
    return max(offers, key=lambda offer: (offer.pct, -offer.days), default=None)


def last_day_and_worth(paper: Paper) -> tuple[date, Decimal] | None:
    """The last day a paper's discount can be taken, and what it is worth: the percentage of its total with VAT."""
    offer = discount_of(paper.payment_terms)
    if offer is None or paper.issue_date is None or paper.total_with_vat is None or paper.total_with_vat <= 0:
        return None
    return after(paper.issue_date, offer.days), paper.total_with_vat * offer.pct / 100


def _is_interest(clause: str) -> bool:
    return any(word in clause for word in ("interest", "zins", "late", "verzug", "überfällig", "retard", "penal"))
