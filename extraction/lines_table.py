"""Cuts the rows under a heading into cells: where one column ends and the next begins, and which words stand in which.

The cut between two columns is put where the fewest words of the table would be cut; headings only say where to look.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import Box
from extraction.labels import Label
from extraction.layout import Layout, Run
from extraction.lines_header import Header
from extraction.values import squeeze
from extraction.vocabulary import column_phrases

_TOTALS = ("total_without_vat", "total_vat", "total_with_vat", "amount_due", "x_charge", "prepaid_amount")
_STEP = 2.0
_FAR_BELOW = 9.0
_CARRIED = ("ubertrag", "carriedforward", "broughtforward", "areporter", "report", "sumaysigue", "riporto", "ariportare", "transport", "transporteren", "transporte", "cf", "bf", "zwischensumme")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column between two cuts. `columns` are what its heading may stand for, likeliest first."""

    columns: tuple[str, ...]
    left: float
    right: float
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table: for each column the words in it, as a range of the layout's words each."""

    row: int
    page: int
    cells: tuple[tuple[int, ...], ...]
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows under one heading, over all the pages it goes on."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]


def cut_tables(layout: Layout, headers: Sequence[Header], labels: Sequence[Label]) -> tuple[Table, ...]:
    """The tables of a document; a heading that comes again on a later page goes on with the same table."""
    ends = _TableEnds(layout, labels)
    tables: list[Table] = []
    keys: dict[tuple[str, ...], int] = {}
    for index, header in enumerate(headers):
        stop = headers[index + 1].first_row if index + 1 < len(headers) else len(layout.rows)
        rows = ends.rows_under(header, stop)
        columns = _columns(layout, header, rows)
        cut = tuple(_cut_row(layout, row, columns) for row in rows)
        if header.key in keys:
            before = tables[keys[header.key]]
            tables[keys[header.key]] = Table(columns=before.columns, rows=(*before.rows, *cut))
        else:
            keys[header.key] = len(tables)
            tables.append(Table(columns=columns, rows=cut))
    return tuple(tables)


class _TableEnds:
    """Knows where a table stops: at its totals, at a wide gap, at the foot of a page."""

    def __init__(self, layout: Layout, labels: Sequence[Label]) -> None:
        self.layout = layout
        self.totals: dict[int, list[Label]] = {}
        for label in labels:
            if any(label.strength(name) == 1 for name in _TOTALS):
                self.totals.setdefault(label.row, []).append(label)

    def rows_under(self, header: Header, stop: int) -> list[int]:
        """The rows of the table; goes on over page ends until totals come or another heading."""
        rows: list[int] = []
        previous: Run = self.layout.rows[header.last_row]
        for row in range(header.last_row + 1, stop):
            run = self.layout.rows[row]
            if run.page != previous.page:
                break
            if self._is_total(row, header) or run.box.top - previous.box.bottom > _FAR_BELOW * self.layout.text_height:
                break
            if not is_carried(run.text):
                rows.append(row)
            previous = run
        return rows

    def _is_total(self, row: int, header: Header) -> bool:
        """A row that begins with the name of a total, shown right of the first column, or at its start."""
        for label in self.totals.get(row, ()):
            segment = self.layout.segments[self.layout.words[label.start].segment]
            if label.start != segment.start or squeeze(label.phrase) in {"net", "netto"}:
                continue
            first = self.layout.rows[row].start
            if label.start == first or all(self._is_rate(word) for word in range(first, label.start)):
                return True
        return False

    def _is_rate(self, word: int) -> bool:
        text = self.layout.words[word].text
        return text.rstrip("%").replace(",", "").replace(".", "").isdigit() or text == "%"


def is_carried(text: str) -> bool:
    """Whether a row carries a sum over a page end."""
    squeezed = squeeze(text)
    return any(squeezed.startswith(word) for word in _CARRIED)


def _columns(layout: Layout, header: Header, rows: Sequence[int]) -> tuple[Column, ...]:
    headings = [heading for heading in header.headings if heading.columns or len(heading.text) > 1] or list(header.headings)
    words = [layout.words[w].box for row in rows for w in range(layout.rows[row].start, layout.rows[row].end)]
    width = layout.page_sizes[header.page - 1][0]
    cuts = [0.0]
    for before, after in zip(headings, headings[1:], strict=False):
        cuts.append(_best_cut(before.box, after.box, words))
    cuts.append(width)
    return tuple(
        Column(columns=heading.columns, left=left, right=right, box=heading.box)
        for heading, left, right in zip(headings, cuts, cuts[1:], strict=False)
    )


def _best_cut(before: Box, after: Box, words: Sequence[Box]) -> float:
    """The place between two headings that cuts the fewest words, in the middle of the widest such place."""
    start, end = (before.x0 + before.x1) / 2, (after.x0 + after.x1) / 2
    if end - start < 2 * _STEP:
        return (before.x1 + after.x0) / 2
    places = [start + _STEP * i for i in range(int((end - start) / _STEP) + 1)]
    crossed = [sum(box.x0 - 0.5 < x < box.x1 + 0.5 for box in words) + (before.x0 < x < before.x1) + (after.x0 < x < after.x1) for x in places]
    least = min(crossed)
    best = run_start = None
    for index, count in enumerate([*crossed, least + 1]):
        if count == least and run_start is None:
            run_start = index
        elif count != least and run_start is not None:
            if best is None or index - run_start > best[1] - best[0]:
                best = (run_start, index)
            run_start = None
    assert best is not None
    return (places[best[0]] + places[best[1] - 1]) / 2


def _cut_row(layout: Layout, row: int, columns: Sequence[Column]) -> TableRow:
    run = layout.rows[row]
    cells: list[list[int]] = [[] for _ in columns]
    for word in range(run.start, run.end):
        box = layout.words[word].box
        middle = (box.x0 + box.x1) / 2
        index = next((i for i, column in enumerate(columns) if column.left <= middle < column.right), len(columns) - 1)
        cells[index].append(word)
    return TableRow(row=row, page=run.page, cells=tuple(tuple(cell) for cell in cells), box=run.box)


def heading_words() -> frozenset[str]:
    """Every single heading, squeezed."""
    return frozenset(column_phrases())
