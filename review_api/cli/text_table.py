"""Turns rows into a table for a terminal: numbers right-aligned, long cells cut, no lines around anything."""

import shutil
import sys
from collections.abc import Sequence
from datetime import datetime

CUT = "…"
LEAST_WIDTH = 60


def text_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[str] = frozenset()) -> str:
    """A table whose last column takes what width the terminal has left; in a pipe or file nothing is cut.

    Args:
        right: headers of the columns that are aligned right.
    """
    widths = [max(len(cell) for cell in column) for column in zip(headers, *rows, strict=True)]
    if sys.stdout.isatty():
        room = max(LEAST_WIDTH, shutil.get_terminal_size().columns)
        widths[-1] = max(len(headers[-1]), min(widths[-1], room - sum(widths[:-1]) - 2 * (len(widths) - 1)))
    return "\n".join(_line(row, headers, widths, right) for row in (headers, *rows))


def instant(at: datetime | None) -> str:
    """An instant to the minute, in UTC, for a column."""
    return "–" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _line(row: Sequence[str], headers: Sequence[str], widths: Sequence[int], right: frozenset[str]) -> str:
    cells = []
    for cell, header, width in zip(row, headers, widths, strict=True):
        shown = cell if len(cell) <= width else cell[: width - 1] + CUT
        cells.append(shown.rjust(width) if header in right else shown.ljust(width))
    return "  ".join(cells).rstrip()
