"""Reads the tax breakdown: rows of rate, taxable amount and tax of which the rate takes one to the other."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from core.documents import Field, Row, Source
from core.money import plain
from extraction.candidates import Candidate
from extraction.features import Scene
from extraction.lines_fields import evidence_of

_ROUNDING = Decimal("0.011")
_SURE = 0.95
_HIGHEST_RATE = 40
_PRINTED_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
_BARE_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)(?![\d.,])")


def read_tax_breakdown(scene: Scene, source: Source) -> tuple[Row, ...]:
    """One row for each rate; three figures on one row that fit each other are proof enough."""
    found: dict[str, Row] = {}
    by_row: dict[int, list[Candidate]] = {}
    for candidate in scene.candidates.get("amount", ()):
        by_row.setdefault(candidate.row, []).append(candidate)
    for row, amounts in by_row.items():
        match = _base_and_tax(amounts, _rates_on(scene, row))
        if match is not None:
            rate, base, tax = match
            printed = Field(value=plain(rate), confidence=_SURE, source=source, reasons=("adds up",))
            row_fields = {"taxable_amount": _field(scene, base, source), "tax_amount": _field(scene, tax, source)}
            found.setdefault(plain(rate), {"rate": printed, **row_fields})
    return tuple(found.values())


def _rates_on(scene: Scene, row: int) -> list[Decimal]:
    text = scene.layout.rows[row].text
    printed = [*_PRINTED_RATE.findall(text), *_BARE_RATE.findall(text)]
    rates = [Decimal(rate.replace(",", ".")) for rate in printed]
    return [rate for rate in dict.fromkeys(rates) if 0 < rate < _HIGHEST_RATE]


def _base_and_tax(
    amounts: Sequence[Candidate], rates: Sequence[Decimal]
) -> tuple[Decimal, Candidate, Candidate] | None:
    for rate in rates:
        for base, tax in product(amounts, repeat=2):
            if not base.number or not tax.number or base is tax:
                continue
            if abs(base.number * rate / 100 - tax.number) <= _ROUNDING:
                return rate, base, tax
    return None


def _field(scene: Scene, candidate: Candidate, source: Source) -> Field:
    words = range(candidate.start, candidate.end)
    return Field(
        value=candidate.value,
        confidence=_SURE,
        source=source,
        evidence=evidence_of(scene, words),
        reasons=("adds up",),
    )
