"""Reads the tax breakdown: rows of rate, taxable amount and tax of which the rate takes one to the other.

Rows of every layout: a table with or without the amount with tax, `19 % of 100.00 = 19.00`, or a rate and a tax whose
taxable amount is the net total. The arithmetic finds the rows; words for tax and the totals tell them from discounts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

from core.documents import Field, Row, Source
from core.money import exact_sum, plain
from extraction.features import Scene
from extraction.lines_fields import evidence_of
from extraction.lines_figures import Figure, figures_of
from extraction.values import squeeze
from extraction.vocabulary import column_phrases

_ROUNDING = Decimal("0.021")
_CENT = Decimal("0.011")
_HIGHEST_RATE = 28
_MOST_ROWS = 7
_HEADING_ROWS = 6
_SURE, _LIKELY = 0.97, 0.85
_NET, _GROSS, _TAX = ("total_without_vat", "x_line_sum"), ("total_with_vat", "amount_due"), ("total_vat",)
_REDUCTIONS = ("x_discount", "x_charge", "x_discount_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class _TaxRow:
    """A rate with what it is raised on; `base` is None where only the tax is printed."""

    row: int
    rate: Figure
    base: Figure | None
    tax: Figure
    is_named: bool


def read_tax_breakdown(scene: Scene, source: Source) -> tuple[Row, ...]:
    """One row for each rate; figures that fit each other and the totals are proof enough."""
    book = _Book(scene)
    rows, adds_up = book.choose(list(book.rows()))
    return tuple(_written(scene, row, source, adds_up=adds_up) for row in rows)


class _Book:
    """The figures of a paper outside of its lines, and what their rows are called."""

    def __init__(self, scene: Scene) -> None:
        self.scene, layout = scene, scene.layout
        lines = {row.row for item in scene.lines.items for row in item.rows}
        self.figures = {
            row: figures_of(layout, row, scene.locale) for row in range(len(layout.rows)) if row not in lines
        }
        self.named: dict[str, list[Figure]] = {"net": [], "gross": [], "tax": []}
        self.tax_rows: set[int] = set()
        self.reduced_rows: set[int] = set()
        self.words_name_tax = {
            row
            for row in self.figures
            if any(_names_tax(word.text) for word in layout.words[layout.rows[row].start : layout.rows[row].end])
        }
        for label in scene.labels:
            for key, names in (("net", _NET), ("gross", _GROSS), ("tax", _TAX)):
                if any(label.strength(name) for name in names):
                    self.named[key] += [f for f in self.figures.get(label.row, ()) if f.start >= label.end]
            if label.strength("total_vat"):
                self.tax_rows.add(label.row)
            if any(label.strength(name) for name in _REDUCTIONS):
                self.reduced_rows.add(label.row)

    def rows(self) -> Iterator[_TaxRow]:
        """Every row that could be of the breakdown."""
        for row, figures in self.figures.items():
            named = row in self.tax_rows or self._is_headed(row)
            if row in self.reduced_rows and row not in self.tax_rows:
                continue
            found = _triple(figures) or _zero(figures, named=named)
            if found is not None:
                rate, base, tax = found
                yield _TaxRow(row=row, rate=rate, base=base, tax=tax, is_named=named)
            elif row in self.tax_rows:
                yield from self._with_base_elsewhere(row, figures)

    def _is_headed(self, row: int) -> bool:
        """Whether headings of a tax table stand over the row."""
        layout, page = self.scene.layout, self.scene.layout.rows[row].page
        return any(
            layout.rows[above].page == page and (above in self.tax_rows or above in self.words_name_tax)
            for above in range(max(row - _HEADING_ROWS, 0), row)
            if above in self.figures
        )

    def _with_base_elsewhere(self, row: int, figures: Sequence[Figure]) -> Iterator[_TaxRow]:
        rates = [f for f in figures if f.is_rate and 0 <= f.value < _HIGHEST_RATE]
        amounts = _amounts(figures)
        if len(rates) == 1 and not amounts:
            below = _amounts(self.figures.get(row + 1, ()))
            pair = next(
                (two for two in permutations(below, 2) if _fits(two[0].value, rates[0].value, two[1].value)), None
            )
            if pair is not None:
                yield _TaxRow(row=row, rate=rates[0], base=pair[0], tax=pair[1], is_named=True)
        if not rates or not amounts:
            return
        rate, tax = rates[0], amounts[-1]
        near = (f for f in (*self.named["net"], *self._near(row)) if f is not tax)
        base = next((f for f in near if _fits(f.value, rate.value, tax.value)), None)
        yield _TaxRow(row=row, rate=rate, base=base, tax=tax, is_named=True)

    def _near(self, row: int) -> Iterator[Figure]:
        for above in range(row - 1, max(row - _HEADING_ROWS, -1), -1):
            yield from (f for f in reversed(self.figures.get(above, ())) if f.decimals >= 2)

    def choose(self, rows: Sequence[_TaxRow]) -> tuple[list[_TaxRow], bool]:
        """The rows that together lead from net to gross, or make up the tax; else those that words call tax."""
        distinct = list(
            {(row.rate.value, row.base and row.base.value, row.tax.value): row for row in rows[::-1]}.values()
        )
        distinct = sorted(distinct, key=lambda row: row.row)[:_MOST_ROWS]
        for pool in ([row for row in distinct if row.is_named], distinct):
            for size in range(len(pool), 0, -1):
                for some in combinations(pool, size):
                    if len({row.rate.value for row in some}) == size and self._adds_up(some):
                        return list(some), True
        named: dict[Decimal, _TaxRow] = {}
        for row in distinct:
            if row.is_named and row.base is not None:
                named.setdefault(row.rate.value, row)
        return list(named.values()), False

    def _adds_up(self, rows: Sequence[_TaxRow]) -> bool:
        tax = exact_sum(row.tax.value for row in rows)
        bases = [row.base.value for row in rows if row.base is not None]
        if len(bases) < len(rows):
            return self._explains_tax(rows, tax)
        base = exact_sum(bases)
        aside = {id(f) for row in rows for f in (row.base, row.tax)}
        elsewhere = [f.value for some in self.figures.values() for f in some if id(f) not in aside]
        return _is_among(base + tax, elsewhere) or (
            bool(tax) and _is_among(tax, [f.value for f in self.named["tax"]]) and _is_among(base, elsewhere)
        )

    def _explains_tax(self, rows: Sequence[_TaxRow], tax: Decimal) -> bool:
        """Whether rows without bases make up the tax total, or the one rate leads to the gross total."""
        if len(rows) > 1:
            own = {id(row.tax) for row in rows}
            return _is_among(tax, [f.value for f in self.named["tax"] if id(f) not in own])
        rate = rows[0].rate.value
        return any(_fits(f.value - tax, rate, tax) for f in self.named["gross"])


def _amounts(figures: Sequence[Figure]) -> list[Figure]:
    return [f for f in figures if not f.is_rate and f.decimals >= 2]


def _names_tax(word: str) -> bool:
    columns = column_phrases().get(squeeze(word), ())
    return "tax_rate" in columns or "tax_amount" in columns


def _triple(figures: Sequence[Figure]) -> tuple[Figure, Figure, Figure] | None:
    """Rate, base and tax on one row: the likeliest is one with a printed percent sign."""
    amounts = _amounts(figures)
    for rate in sorted(figures, key=lambda f: not f.is_rate):
        if not 0 < rate.value < _HIGHEST_RATE:
            continue
        for base, tax in permutations([f for f in amounts if f is not rate], 2):
            if abs(base.value) >= 1 and tax.value and _fits(base.value, rate.value, tax.value):
                return rate, base, tax
    return None


def _zero(figures: Sequence[Figure], *, named: bool) -> tuple[Figure, Figure, Figure] | None:
    """A rate of nought with its base and a tax of nought; the arithmetic proves nothing here, so words must."""
    rate = next((f for f in figures if f.value == 0 and (f.is_rate or f.decimals == 0)), None)
    rate = rate or next((f for f in figures if f.value == 0), None)
    taxes = [f for f in figures if f.value == 0 and f is not rate and not f.is_rate]
    bases = [f for f in figures if f.value != 0 and f.decimals >= 2 and not f.is_rate]
    if not named or rate is None or not taxes or not bases:
        return None
    return rate, bases[0], taxes[-1]


def _fits(base: Decimal, rate: Decimal, tax: Decimal) -> bool:
    return base * tax >= 0 and abs(base * rate / 100 - tax) <= _ROUNDING


def _is_among(amount: Decimal, amounts: Sequence[Decimal]) -> bool:
    return any(abs(amount - other) <= _CENT for other in amounts)


def _written(scene: Scene, row: _TaxRow, source: Source, *, adds_up: bool) -> Row:
    def field(figure: Figure) -> Field:
        return Field(
            value=plain(figure.value),
            confidence=_SURE if adds_up else _LIKELY,
            source=source,
            evidence=evidence_of(scene, range(figure.start, figure.end)),
            reasons=("adds up",),
        )

    fields = {"rate": field(row.rate), "tax_amount": field(row.tax)}
    return fields if row.base is None else {**fields, "taxable_amount": field(row.base)}
