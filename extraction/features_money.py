"""Measures an amount among the other amounts: below the lines, at the foot of its column, in a strip that adds up."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from extraction.amounts import AmountRoles
from extraction.candidates import Candidate
from extraction.layout import Layout
from extraction.values import fold

_CENT = Decimal("0.011")
_ROUNDED_BY = Decimal("0.05")
_SLACK = 0.6
_MOST = 60
_EDGES = "()[].,:;*"
_WITHOUT = re.compile(r"(?:excl|exkl|ekskl|escl|without|before|ohne|hors|sans|senza|zonder|bez$|sem$|sin$|ht$|nett?o)")
_WITH = re.compile(r"(?:incl|inkl|includ|inc$|with$|after|ttc$|compr|toutes|brutto|bruto|gross|ivato|payable|round)")


class MoneyMeasure:
    """All amounts of a document, asked about one at a time."""

    def __init__(
        self,
        layout: Layout,
        amounts: Sequence[Candidate],
        *,
        roles: AmountRoles,
        lines_sum: Decimal | None,
        last_table_row: int,
    ) -> None:
        self.layout, self.roles, self.last_table_row = layout, roles, last_table_row
        self.lines_sum = None if lines_sum is None else abs(lines_sum)
        plain = [c for c in amounts if c.number is not None and "percent" not in c.marks]
        self.rows = sorted({c.row for c in plain})
        self.by_row: dict[int, list[Candidate]] = {}
        for candidate in plain:
            self.by_row.setdefault(candidate.row, []).append(candidate)
        self.unit = _SLACK * layout.text_height
        self.edges = Counter((c.page, round(c.box.x1 / self.unit)) for c in plain)
        self.rightmost = {page: max(c.box.x1 for c in plain if c.page == page) for page in {c.page for c in plain}}
        self.printed = {abs(c.number) for c in plain if c.number}
        self.with_cents = sum("decimals_2" in c.marks for c in plain) / max(len(plain), 1)
        self.taxed = self._taxed()
        self.paid, self.cash, self.change = self._payments(plain)
        self.rounded, self.unrounded = self._roundings(plain)

    def measure(self, c: Candidate, order: float, values: dict[str, float]) -> None:
        """Writes the features of one amount."""
        assert c.number is not None
        size = abs(c.number)
        values["zero"] = float(c.number == 0)
        values["largest"], values["rank"] = self.roles.size(c.number)
        values["as_net"], values["as_tax"], values["as_gross"] = self.roles.roles(c.number)
        values["as_sum"] = self.roles.as_sum(c)
        values["sum_of_lines"] = float(self.lines_sum is not None and abs(size - self.lines_sum) <= _CENT)
        values["bottom_most"] = order**2
        values["lines_taxed"] = float(any(abs(size - taxed) <= _CENT for taxed in self.taxed))
        below = len(self.rows) - bisect_left(self.rows, c.row) - 1
        values["amounts_below"] = 1 / (1 + max(below, 0))
        values["below_table"] = min(max(c.row - self.last_table_row, 0), 20) / 20
        values["right_edge"] = float(c.box.x1 >= self.rightmost.get(c.page, 0.0) - self.unit)
        edge = round(c.box.x1 / self.unit)
        aligned = sum(self.edges[c.page, edge + step] for step in (-1, 0, 1)) - 1
        values["aligned"] = min(max(aligned, 0), 10) / 10
        values["says_without"], values["says_with"] = self._said_of_tax(c)
        others = [o for o in self.by_row.get(c.row, ()) if o is not c]
        values["odd_decimals"] = 0.0 if "decimals_2" in c.marks else self.with_cents
        values["row_amounts"] = min(len(others), 4) / 4
        if len(others) >= 2:
            values |= _strip(size, [abs(o.number) for o in others if o.number is not None])
        for name, known in (
            ("paid_exact", self.paid),
            ("as_cash", self.cash),
            ("as_change", self.change),
            ("rounded", self.rounded),
            ("unrounded", self.unrounded),
        ):
            values[name] = float(size in known)

    def _said_of_tax(self, c: Candidate) -> tuple[float, float]:
        """Whether the words before it on its row, back to the amount before, say `without tax` or `with tax`."""
        row = self.layout.rows[c.row]
        before = [o.end for o in self.by_row.get(c.row, ()) if o.end <= c.start]
        said = [fold(word.text).strip(_EDGES) for word in self.layout.words[max(before, default=row.start) : c.start]]
        return float(any(_WITHOUT.match(word) for word in said)), float(any(_WITH.match(word) for word in said))

    def _taxed(self) -> list[Decimal]:
        """What the lines come to with tax, by each printed rate."""
        if not self.lines_sum:
            return []
        return [self.lines_sum * (100 + rate) / 100 for rate in self.roles.rates if rate < 40]

    def _payments(self, plain: Sequence[Candidate]) -> tuple[set[Decimal], set[Decimal], set[Decimal]]:
        """Amounts of which cash given, and change, stand below: given - change = paid, in that order."""
        last = plain[-_MOST:]
        rows: dict[Decimal, list[int]] = {}
        for candidate in last:
            rows.setdefault(abs(candidate.number or Decimal(0)), []).append(candidate.row)
        found: tuple[set[Decimal], set[Decimal], set[Decimal]] = (set(), set(), set())
        for given, given_rows in rows.items():
            for change, change_rows in rows.items():
                paid = given - change
                if change <= 0 or paid not in rows or given_rows[-1] > change_rows[-1]:
                    continue
                if min(rows[paid]) < given_rows[-1]:
                    for known, value in zip(found, (paid, given, change), strict=True):
                        known.add(value)
        return found

    def _roundings(self, plain: Sequence[Candidate]) -> tuple[set[Decimal], set[Decimal]]:
        """Totals after and before a printed rounding of a few cents."""
        small = {size for size in self.printed if size <= _ROUNDED_BY}
        rounded, unrounded = set(), set()
        for step in small:
            for size in self.printed:
                for before in (size - step, size + step):
                    if before in self.printed and before > 1 and size % _ROUNDED_BY == 0 and before % _ROUNDED_BY != 0:
                        rounded.add(size)
                        unrounded.add(before)
        return rounded, unrounded


def _strip(size: Decimal, others: Sequence[Decimal]) -> Mapping[str, float]:
    """Which part of net, tax and gross it is when all three stand on its row."""
    known = set(others)
    found = {"strip_net": 0.0, "strip_tax": 0.0, "strip_gross": 0.0}
    for other in others:
        if size > other and size - other in known:
            found["strip_gross"] = 1.0
        if size + other in known and other > 0:
            found["strip_net" if size > other else "strip_tax"] = 1.0
    return found
