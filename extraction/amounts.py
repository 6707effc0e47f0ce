"""Says which amounts of a document add up: which could be a net, a tax and a gross total, which a sum of others."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from extraction.candidates import Candidate
from extraction.layout import Layout

_MOST_AMOUNTS = 60
_CONTAINED = 0.75
_CENT = Decimal("0.01")
_LEAST_RATE, _MOST_RATE = Decimal("0.005"), Decimal("0.30")
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s?%")


class AmountRoles:
    """All positive amounts of a document and the sums among them."""

    def __init__(self, layout: Layout, amounts: Sequence[Candidate]) -> None:
        self.rates = _rates_on(layout)
        printed = {abs(c.number) for c in amounts if c.number and "percent" not in c.marks and not _fine(c)}
        self.amounts = sorted(printed)[-_MOST_AMOUNTS:]
        self._roles: dict[Decimal, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        self._find_roles()
        self._sums = _column_sums(layout, amounts)

    def roles(self, amount: Decimal) -> tuple[float, float, float]:
        """How well the amount serves as net, tax and gross of some triple that adds up: 1 when a printed rate fits.

        Where no net is printed, a tax that is contained in a gross by a printed rate makes the two a pair.
        """
        net, tax, gross = self._roles.get(abs(amount), (0.0, 0.0, 0.0))
        return net, tax, gross

    def size(self, amount: Decimal) -> tuple[float, float]:
        """Whether it is the largest amount, and its rank from the smallest (0) to the largest (1)."""
        if not self.amounts:
            return 0.0, 0.0
        place = bisect_left(self.amounts, abs(amount))
        return float(abs(amount) >= self.amounts[-1]), place / max(len(self.amounts) - 1, 1)

    def as_sum(self, candidate: Candidate) -> float:
        """1 when the amounts straight above it in its column add up to it."""
        return float(id(candidate) in self._sums)

    def _find_roles(self) -> None:
        known = set(self.amounts)
        for gross in self.amounts:
            for net in self.amounts:
                if net >= gross:
                    break
                tax = gross - net
                if tax not in known or not _LEAST_RATE <= tax / net <= _MOST_RATE:
                    continue
                fits = any(abs(net * rate / 100 - tax) <= _CENT for rate in self.rates)
                weight = 1.0 if fits else 0.5
                for amount, role in ((net, 0), (tax, 1), (gross, 2)):
                    self._roles[amount][role] = max(self._roles[amount][role], weight)
            for tax in self._contained_in(gross):
                for amount, role in ((tax, 1), (gross, 2)):
                    self._roles[amount][role] = max(self._roles[amount][role], _CONTAINED)

    def _contained_in(self, gross: Decimal) -> list[Decimal]:
        """Amounts that are the tax within this one: gross × rate / (100 + rate), to the cent."""
        shares = [gross * rate / (100 + rate) for rate in self.rates if rate / 100 <= _MOST_RATE]
        return [tax for share in shares for tax in self.amounts if tax != gross and abs(tax - share) <= _CENT]


def _fine(candidate: Candidate) -> bool:
    """Unit prices with three or more decimals are no totals."""
    return bool({"decimals_3", "decimals_4", "decimals_5", "decimals_6"} & candidate.marks)


def _rates_on(layout: Layout) -> frozenset[Decimal]:
    return frozenset(
        Decimal(rate.replace(",", "."))
        for segment in layout.segments
        for rate in _PERCENT.findall(segment.text)
        if rate not in {"0", "00"}
    )


def _column_sums(layout: Layout, amounts: Sequence[Candidate]) -> frozenset[int]:
    """Candidates that are the sum of a run of two or more amounts above them with the same right edge."""
    columns: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in amounts:
        if candidate.number is not None and "percent" not in candidate.marks:
            columns[round(candidate.box.x1 / (0.6 * layout.text_height))].append(candidate)
    sums = set()
    for key, column in columns.items():
        merged = sorted([*column, *columns.get(key + 1, ())], key=lambda c: (c.page, c.row))
        for index, candidate in enumerate(merged):
            total = Decimal(0)
            for count, above in enumerate(reversed(merged[:index]), 1):
                total += above.number or Decimal(0)
                if count >= 2 and total == candidate.number and total != 0:
                    sums.add(id(candidate))
                if count > 80:
                    break
    return frozenset(sums)
