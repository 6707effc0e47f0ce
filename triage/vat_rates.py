"""Which VAT rates a country has had, and which of them was valid where and when a paper says it was taxed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator

from core.days import before
from core.documents import DocumentType
from core.erp import Supplier
from core.keys import plain_key
from triage.facts import Paper
from triage.policy_parts import Part, Percent

STILL = "open"
"""Written out where a period has no end yet."""

_PREFIXES = {"EL": "GR", "XI": "GB"}  # what Greece and Northern Ireland put before a VAT id


class VatPeriod(Part):
    """The rates of a country, in percent, from one day to another, both included; `open` for no end."""

    valid_from: date
    valid_to: Annotated[date | None, BeforeValidator(lambda value: None if value == STILL else value)]
    rates: tuple[Percent, ...]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to, {self.valid_to}, is before valid_from, {self.valid_from}")
        return self

    def overlaps(self, first: date, last: date) -> bool:
        """Whether any day of a span is in the period."""
        return self.valid_from <= last and (self.valid_to is None or first <= self.valid_to)


VatRates = Mapping[str, Sequence[VatPeriod]]


def overlapping(rates: VatRates) -> str | None:
    """The first country with two periods that share a day, or that are not in order; None when there is none."""
    for country, periods in rates.items():
        for earlier, later in pairwise(periods):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                return country
    return None


def tax_country(paper: Paper, supplier: Supplier | None, rates: VatRates) -> str | None:
    """Where the seller charges VAT: the country of the VAT id on the paper, else of the master record."""
    printed = country_of_vat_id(paper.seller_vat_id)
    if printed in rates:
        return printed
    country = (supplier.country or "").upper() if supplier else ""
    return country if country in rates else None


def country_of_vat_id(vat_id: str | None) -> str | None:
    """The country in front of a VAT id, None where it has none."""
    prefix = plain_key(vat_id)[:2]
    return _PREFIXES.get(prefix, prefix) if len(prefix) == 2 and prefix.isalpha() else None


def tax_span(paper: Paper, longest_days: int) -> tuple[date, date] | None:
    """The days on which the tax may have become due: the delivery, else the date of the paper.

    A credit note takes back tax of a day it does not name: any up to `longest_days` before it.
    """
    point = paper.delivery_date or paper.issue_date
    if point is None:
        return None
    if paper.document_type is not DocumentType.CREDIT_NOTE:
        return point, point
    return before(point, longest_days), point


def valid_rates(rates: VatRates, country: str, span: tuple[date, date]) -> frozenset[Decimal] | None:
    """The rates a country had in a span of days; None where they are not known for all of it."""
    first, last = span
    periods = [period for period in rates[country] if period.overlaps(first, last)]
    if not any(period.overlaps(last, last) for period in periods):
        return None
    return frozenset(rate for period in periods for rate in period.rates)
