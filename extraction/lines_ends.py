"""Says where a table of lines stops: at its totals, at a wide gap, at the foot of a page; and where it goes on."""

import re
from collections.abc import Sequence

from core.documents import Box
from extraction.labels import Label
from extraction.layout import Layout, Run
from extraction.lines_figures import figures_of, multiplies_out
from extraction.lines_header import Header
from extraction.values import Locale, squeeze

_FREIGHT = ("gross_weight", "net_weight", "package_count")
_TOTALS = (
    "total_without_vat",
    "total_vat",
    "total_with_vat",
    "amount_due",
    "x_charge",
    "prepaid_amount",
    *_FREIGHT,
)
_MARGIN = 3.0
_SENTENCE = 7
_FEW_ROWS, _AHEAD, _WIDE_GAP, _ALIGNED, _LEAST_ALIGNED = 3, 7, 1.4, 3.0, 2
_FAR_BELOW, _SHARED = 6.0, 0.5
_LEAST_FIGURES, _BACK = 3, 12
_CARRIED = re.compile(
    r"^(ubertrag|zwischensummeubertrag|areporter|reporta|report\b|sumaysigue|sumaanterior|riporto|ariportare|transporteren|cf\d|bf\d)"
    r"|carriedforward|broughtforward|carriedover|broughtover|ubertrag|areporter|reporte|riporto|ariportare|transporteren|atransportar|doprzeniesienia"
)


class TableEnds:
    """Knows where the tables of one document stop."""

    def __init__(self, layout: Layout, labels: Sequence[Label], locale: Locale) -> None:
        self.layout, self.locale = layout, locale
        self.totals: dict[int, list[Label]] = {}
        for label in labels:
            if any(label.strength(name) == 1 for name in _TOTALS):
                self.totals.setdefault(label.row, []).append(label)

    def rows_under(self, header: Header, stop: int) -> tuple[list[int], int | None]:
        """The rows of the table on its page; and the first row of the next page when nothing has ended it there."""
        rows: list[int] = []
        left = header.headings[0].box.x0 - _MARGIN * self.layout.text_height
        previous: Run = self.layout.rows[header.last_row + (header.inferred and header.last_row + 1 < stop)]
        for row in range(header.last_row + 1, stop):
            run = self.layout.rows[row]
            if run.page != previous.page:
                return rows, row
            if is_carried(run.text):
                previous = run
                continue
            if not rows and self._is_total(row, left):
                previous = run
                continue
            if self._is_total(row, left):
                if self._goes_past(rows, row, stop):
                    previous = run
                    continue
                break
            gap = run.box.top - previous.box.bottom
            if gap > _FAR_BELOW * self.layout.text_height or self._leaves_table(rows, row, stop, gap):
                return rows, self._next_page(row, stop)
            rows.append(row)
            previous = run
        return rows, None

    def _leaves_table(self, rows: Sequence[int], row: int, stop: int, gap: float) -> bool:
        """Whether a wide gap is followed by no row of figures that stand where the table's figures stood."""
        if len(rows) < _FEW_ROWS or gap < _WIDE_GAP * self.layout.text_height:
            return False
        before = max((self._figures(row_before) for row_before in rows), key=len)
        least = max(_LEAST_ALIGNED, len(before) // 2)
        return not any(_in_line(self._figures(after), before) >= least for after in range(row, min(row + _AHEAD, stop)))

    def _figures(self, row: int) -> list[Box]:
        run = self.layout.rows[row]
        return [w.box for w in self.layout.words[run.start : run.end] if is_figure(w.text)]

    def _next_page(self, row: int, stop: int) -> int | None:
        page = self.layout.rows[row].page
        return next((r for r in range(row, stop) if self.layout.rows[r].page != page), None)

    def rows_from(self, first: int, stop: int, left: float) -> tuple[list[int], int | None]:
        """The rows of a page, from its first, that a table could go on in; and the next page's first, as before."""
        page = self.layout.rows[first].page
        rows: list[int] = []
        for row in range(first, stop):
            if self.layout.rows[row].page != page:
                return rows, row
            if rows and self._is_total(row, left) and not self._goes_past(rows, row, stop):
                return rows, None
            if not is_carried(self.layout.rows[row].text) and not self._is_total(row, left):
                rows.append(row)
        return rows, None

    def _goes_past(self, rows: Sequence[int], row: int, stop: int) -> bool:
        """Whether a total is only one of a part: rows that multiply out follow where the table has its figures."""
        before = [boxes for boxes in map(self._figures, rows[-_BACK:]) if len(boxes) >= _LEAST_FIGURES]
        return any(
            multiplies_out(figures_of(self.layout, after, self.locale))
            and any(_in_line(self._figures(after), boxes) >= _LEAST_FIGURES for boxes in before)
            for after in range(row + 1, min(row + _AHEAD, stop))
            if self.layout.rows[after].page == self.layout.rows[row].page
        )

    def _is_total(self, row: int, left: float) -> bool:
        """A row that begins, within the table, with the name of a total, or a sentence that speaks of one."""
        run = self.layout.rows[row]
        if row in self.totals and run.end - run.start >= _SENTENCE and len(self.layout.segments_of(row)) == 1:
            return True
        for label in self.totals.get(row, ()):
            segment = self.layout.segments[self.layout.words[label.start].segment]
            if label.start != segment.start or squeeze(label.phrase) in {"net", "netto"}:
                continue
            first = next((w for w in range(run.start, run.end) if self.layout.words[w].box.x1 >= left), run.end)
            if label.end <= first:
                continue
            counted = all(self._is_rate(word) for word in range(first, label.start))
            if label.start == first or (counted and not _counts_freight(label)):
                return True
        return False

    def _is_rate(self, word: int) -> bool:
        text = self.layout.words[word].text
        return text.rstrip("%").replace(",", "").replace(".", "").isdigit() or text == "%"


def _counts_freight(label: Label) -> bool:
    """Whether a label is of packages or weights: after a number such a word is its unit (`144 cartons`), no total."""
    return any(label.strength(name) == 1 for name in _FREIGHT)


def is_carried(text: str) -> bool:
    """Whether a row carries a sum over a page end."""
    return bool(_CARRIED.search(squeeze(text)))


def is_figure(text: str) -> bool:
    """Whether a word is a number, whatever it counts."""
    return text.strip("€$£%").replace(",", "").replace(".", "").isdigit()


def _in_line(some: Sequence[Box], others: Sequence[Box]) -> int:
    return sum(any(_aligned(here, there) for here in some) for there in others)


def _aligned(a: Box, b: Box) -> bool:
    shared = min(a.x1, b.x1) - max(a.x0, b.x0)
    return abs(a.x1 - b.x1) < _ALIGNED or shared > _SHARED * min(a.x1 - a.x0, b.x1 - b.x0)
