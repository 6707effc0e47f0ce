"""Cuts the rows under a heading into cells: where one column ends and the next begins, and which words stand in which.

The cut between two columns is put along a line drawn there, or where the fewest words of the table would be cut, those
on rows of figures above all; headings only say where to look.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.documents import Box
from extraction.labels import Label
from extraction.layout import Layout
from extraction.lines_ends import TableEnds, is_figure
from extraction.lines_header import Header
from extraction.values import Locale

_STEP = 2.0
_MARGIN = 3.0
_LEAST_FIGURES = 3
_SPACE, _WORD_GAP = 0.45, 0.6
_DRAWN_SHARE, _CROSSED = 0.5, 0.02
_FIGURES_WEIGH, _FEW_FIGURES = 4, 2
_Span = tuple[float, float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column between two cuts. `columns` are what its heading may stand for, likeliest first."""

    columns: tuple[str, ...]
    left: float
    right: float
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table: for each column the words in it, as a range of the layout's words each.

    Attributes:
        ruled_above: whether a line is drawn across the table between this row and the one before.
    """

    row: int
    page: int
    cells: tuple[tuple[int, ...], ...]
    box: Box
    ruled_above: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows under one heading, over all the pages it goes on; `left` and `right` are the heading's edges."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    left: float
    right: float


def cut_tables(layout: Layout, headers: Sequence[Header], labels: Sequence[Label], locale: Locale) -> tuple[Table, ...]:
    """The tables of a document; a heading that comes again on a later page goes on with the same table."""
    ends = TableEnds(layout, labels, locale)
    tables: list[Table] = []
    keys: dict[tuple[str, ...], int] = {}
    for index, header in enumerate(headers):
        stop = headers[index + 1].first_row if index + 1 < len(headers) else len(layout.rows)
        rows, open_end = ends.rows_under(header, stop)
        columns = _columns(layout, header, rows)
        cut = tuple(_cut_row(layout, row, columns) for row in rows)
        while open_end is not None:
            rows, open_end = ends.rows_from(open_end, stop, columns[0].left)
            cut += _continued(layout, columns, cut, rows)
        if header.key in keys:
            before = tables[keys[header.key]]
            tables[keys[header.key]] = replace(before, rows=(*before.rows, *cut))
        else:
            keys[header.key] = len(tables)
            left, right = header.headings[0].box.x0, header.headings[-1].box.x1
            tables.append(Table(columns=columns, rows=cut, left=left, right=right))
    return tuple(tables)


def _continued(
    layout: Layout, columns: Sequence[Column], before: Sequence[TableRow], rows: Sequence[int]
) -> tuple[TableRow, ...]:
    """The rows of a next page without a heading, from the first that has figures where the table had them."""
    figures = {i for row in before for i, cell in enumerate(row.cells) if _has_figure(layout, cell)}
    cut = [_cut_row(layout, row, columns) for row in rows]
    start = next(
        (
            n
            for n, row in enumerate(cut)
            if len({i for i in figures if _has_figure(layout, row.cells[i])}) >= _LEAST_FIGURES
        ),
        None,
    )
    return tuple(cut[start:]) if start is not None and before else ()


def _has_figure(layout: Layout, cell: Sequence[int]) -> bool:
    return any(is_figure(layout.words[w].text) for w in cell)


def _columns(layout: Layout, header: Header, rows: Sequence[int]) -> tuple[Column, ...]:
    headings = [heading for heading in header.headings if heading.columns or len(heading.text) > 1] or list(
        header.headings
    )
    spans = [
        (box.x0, box.x1, weight)
        for row in rows
        for weight in (_FIGURES_WEIGH if _has_figures(layout, row) else 1,)
        for box in _solid(layout, row)
    ]
    width = layout.page_sizes[header.page - 1][0]
    cuts = [_left_edge(layout, rows, headings[0].box.x0 - _MARGIN * layout.text_height)]
    upright = _upright_rulings(layout, header, rows)
    for before, after in pairwise(headings):
        cuts.append(_drawn_cut(before.box, after.box, spans, upright) or _best_cut(before.box, after.box, spans))
    cuts.append(width)
    return tuple(
        Column(columns=heading.columns, left=left, right=right, box=heading.box)
        for heading, left, right in zip(headings, cuts, cuts[1:], strict=False)
    )


def _left_edge(layout: Layout, rows: Sequence[int], left: float) -> float:
    """Further left where the first column's own text begins there with a number (`100 cartons`, right-aligned)."""
    edge, limit = left, left - _MARGIN * layout.text_height
    for row in rows:
        run = layout.rows[row]
        words = layout.words[run.start : run.end]
        first = next((n for n, word in enumerate(words) if (word.box.x0 + word.box.x1) / 2 >= left), 0)
        start = first
        while start and words[start].box.x0 - words[start - 1].box.x1 < _WORD_GAP * run.height:
            start -= 1
        if start < first and is_figure(words[start].text) and words[start].box.x0 > limit:
            edge = min(edge, words[start].box.x0)
    return edge


def _upright_rulings(layout: Layout, header: Header, rows: Sequence[int]) -> list[float]:
    """Where lines are drawn down at least half of the table on its first page."""
    if not rows or not layout.rulings:
        return []
    top, bottom = layout.rows[rows[0]].box.top, layout.rows[rows[-1]].box.bottom
    down: dict[int, float] = {}
    for line in layout.rulings[header.page - 1]:
        if line.x1 - line.x0 < 1 and (shared := min(line.bottom, bottom) - max(line.top, top)) > 0:
            down[round(line.x0)] = down.get(round(line.x0), 0.0) + shared
    return [float(x) for x, length in sorted(down.items()) if length >= _DRAWN_SHARE * (bottom - top)]


def _drawn_cut(before: Box, after: Box, spans: Sequence[_Span], upright: Sequence[float]) -> float | None:
    """The line drawn between two headings that next to no word crosses."""
    for x in upright:
        if before.x0 < x < after.x1 and sum(x0 + 1 < x < x1 - 1 for x0, x1, _ in spans) <= _CROSSED * len(spans):
            return x
    return None


def _solid(layout: Layout, row: int) -> Iterator[Box]:
    """The words of a row with the spaces inside phrases, which may stand clear of every other word by chance."""
    run = layout.rows[row]
    for word in range(run.start, run.end):
        box = layout.words[word].box
        yield box
        if word + 1 < run.end:
            after = layout.words[word + 1].box
            if 0 < after.x0 - box.x1 < _SPACE * (box.bottom - box.top):
                yield Box(box.x1, box.top, after.x0, box.bottom)


def _has_figures(layout: Layout, row: int) -> bool:
    run = layout.rows[row]
    return sum(is_figure(layout.words[w].text) for w in range(run.start, run.end)) >= _FEW_FIGURES


def _best_cut(before: Box, after: Box, spans: Sequence[_Span]) -> float:
    """The place between two headings that cuts the fewest words, as near the gap between them as can be."""
    start, end = (before.x0 + before.x1) / 2, (after.x0 + after.x1) / 2
    if end - start < 2 * _STEP:
        return (before.x1 + after.x0) / 2
    near = [span for span in spans if span[0] - 1 < end and span[1] + 1 > start]
    places = [start + _STEP * i for i in range(int((end - start) / _STEP) + 1)]
    crossed = [
        sum(weight for x0, x1, weight in near if x0 - 0.5 < x < x1 + 0.5)
        + _FIGURES_WEIGH * ((before.x0 < x < before.x1) + (after.x0 < x < after.x1))
        for x in places
    ]
    least = min(crossed)
    runs: list[tuple[int, int]] = []
    for index, count in enumerate(crossed):
        if count != least:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    first, last = max(
        runs, key=lambda run: (_shared(places[run[0]], places[run[1] - 1], before.x1, after.x0), run[1] - run[0])
    )
    low, high = (
        max(places[first], min(before.x1, places[last - 1])),
        min(places[last - 1], max(after.x0, places[first])),
    )
    return (low + high) / 2


def _shared(start: float, end: float, gap_start: float, gap_end: float) -> float:
    """How much of the gap between two headings a possible place covers; less than 0, by how far it is from it."""
    return min(end, gap_end) - max(start, gap_start)


def _cut_row(layout: Layout, row: int, columns: Sequence[Column]) -> TableRow:
    run = layout.rows[row]
    cells: list[list[int]] = [[] for _ in columns]
    for word in range(run.start, run.end):
        box = layout.words[word].box
        middle = (box.x0 + box.x1) / 2
        if middle < columns[0].left:
            continue
        index = next((i for i, column in enumerate(columns) if column.left <= middle < column.right), len(columns) - 1)
        cells[index].append(word)
    return TableRow(
        row=row,
        page=run.page,
        cells=tuple(tuple(cell) for cell in cells),
        box=run.box,
        ruled_above=_is_ruled_above(layout, row, columns),
    )


def _is_ruled_above(layout: Layout, row: int, columns: Sequence[Column]) -> bool:
    run = layout.rows[row]
    if not row or not layout.rulings or layout.rows[row - 1].page != run.page:
        return False
    left, right = columns[0].box.x0, columns[-1].box.x1
    above, below = layout.rows[row - 1].box, run.box
    return any(
        (above.top + above.bottom) / 2 < line.top < (below.top + below.bottom) / 2
        and min(line.x1, right) - max(line.x0, left) >= _DRAWN_SHARE * (right - left)
        for line in layout.rulings[run.page - 1]
        if line.bottom - line.top < 1
    )
