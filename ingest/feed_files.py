"""Reads a feed file (CSV, JSON Lines or Parquet, told apart by content) into typed rows and rejected rows.

Nothing is stored here. A Parquet file is opened in a child process with limits, since a small one may unpack into
more than the machine has.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from core.errors import InputError, TooLargeError
from ingest.feed_cells import Cell
from ingest.feed_rows import FeedRow, RawRow, RejectedRow, settle_columns, typed_rows
from ingest.feeds import FEEDS, FeedSpec

MAX_FEED_BYTES = 1_000_000_000
MAX_FEED_ROWS = 20_000_000
MAX_REJECTED_SHOWN = 1_000
_BOM = b"\xef\xbb\xbf"
_DELIMITERS = ",;\t"
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a zip or Excel file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"(\xb5/\xfd", "a Zstandard file"),
    (b"%PDF-", "a PDF"),
    (b"[", "a JSON array"),
    (b"<", "an XML or HTML file"),
)


class FeedRejectedError(InputError):
    """Some rows of a feed file cannot be loaded, so none was. `rejected` lists the first of them."""

    def __init__(
        self, code: str, message: str, remedy: str, rejected: tuple[RejectedRow, ...] = (), total: int = 0
    ) -> None:
        super().__init__(code, message, remedy)
        self.rejected = rejected
        self.total = total or len(rejected)

    def __reduce__(self) -> Any:
        """Lets the error cross a process boundary with its rows."""
        return (type(self), (self.code, self.message, self.remedy, self.rejected, self.total))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """A feed file as typed rows, all of them sound.

    Attributes:
        rows: one for each key.
        repeated: rows that said the same as an earlier one.
        renamed: unknown columns, kept as `x_…`.
    """

    spec: FeedSpec
    file_name: str
    sha256: str
    rows: Sequence[FeedRow]
    repeated: int
    renamed: tuple[str, ...]


def read_feed(
    name: str, data: bytes, *, file_name: str, max_rows: int = MAX_FEED_ROWS, executor: Executor | None = None
) -> FeedFile:
    """Reads and checks a whole feed file; needs no database.

    Args:
        name: the feed's name in `FEEDS`.
        executor: runs the opening of Parquet files; a child process of its own when None.

    Raises:
        InputError: `FEED-UNKNOWN`, `FEED-EMPTY`, `FEED-FORMAT`, `FEED-ENCODING`, `FEED-BROKEN`, those of
            `settle_columns`, and `FEED-REJECTED` (a `FeedRejectedError`) when any row is not sound.
        TooLargeError: `FEED-TOO-LARGE`.
    """
    spec = feed_spec(name)
    if not data.removeprefix(_BOM).strip():
        raise _empty()
    if len(data) > MAX_FEED_BYTES:
        raise _too_large(f"{len(data):,} bytes", f"{MAX_FEED_BYTES:,}")
    header, raw = _open(data, max_rows, executor)
    columns = settle_columns(spec, header)
    rows: list[FeedRow] = []
    rejected: list[RejectedRow] = []
    total_rejected = 0
    counted = _Counter(raw, max_rows)
    for row in typed_rows(spec, columns, counted):
        if isinstance(row, FeedRow):
            rows.append(row)
        else:
            total_rejected += 1
            if len(rejected) < MAX_REJECTED_SHOWN:
                rejected.append(row)
    if rejected:
        raise _rejected(rejected, total_rejected, counted.count)
    return FeedFile(
        spec=spec,
        file_name=file_name,
        sha256=sha256(data).hexdigest(),
        rows=rows,
        repeated=counted.count - len(rows),
        renamed=columns.renamed,
    )


def feed_spec(name: str) -> FeedSpec:
    """The feed with this name.

    Raises:
        InputError: `FEED-UNKNOWN`.
    """
    if name not in FEEDS:
        raise InputError("FEED-UNKNOWN", f"There is no feed {name!r}.", f"Use one of: {', '.join(FEEDS)}.")
    return FEEDS[name]


class _Counter:
    """Counts rows as they pass, and stops at the limit."""

    def __init__(self, rows: Iterator[RawRow | RejectedRow], max_rows: int) -> None:
        self._rows = rows
        self._max_rows = max_rows
        self.count = 0

    def __iter__(self) -> Iterator[RawRow | RejectedRow]:
        for row in self._rows:
            self.count += 1
            if self.count > self._max_rows:
                raise _too_large(f"more than {self._max_rows:,} rows", f"{self._max_rows:,}")
            yield row


def _open(
    data: bytes, max_rows: int, executor: Executor | None
) -> tuple[Sequence[str], Iterator[RawRow | RejectedRow]]:
    if data.startswith(b"PAR1"):
        from ingest.feed_parquet import read_parquet

        return read_parquet(data, max_rows, executor)
    _check_is_text(data)
    is_json = data.removeprefix(_BOM).lstrip().startswith(b"{")
    return _open_json_lines(data) if is_json else _open_csv(data)


def _check_is_text(data: bytes) -> None:
    start = data[:10_000].removeprefix(_BOM).lstrip()
    for magic, what in _OTHER_FORMATS:
        if start.startswith(magic):
            raise InputError("FEED-FORMAT", f"This is {what}.", "Export the feed as CSV, Parquet or JSON Lines.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            "FEED-ENCODING",
            f"The file is not written in UTF-8 (first seen in line {line:,}).",
            "Export it as UTF-8: in Excel, “CSV UTF-8”; iconv -f WINDOWS-1252 -t UTF-8 turns most others.",
        ) from None
    if b"\x00" in start:
        raise InputError(
            "FEED-ENCODING", "The file is not text, or is written in UTF-16.", "Export it as CSV in UTF-8."
        )


def _lines(data: bytes, newline: str | None) -> io.TextIOWrapper:
    """The lines one by one: the whole as text would take four times its size."""
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline=newline)


def _open_csv(data: bytes) -> tuple[Sequence[str], Iterator[RawRow | RejectedRow]]:
    first = data.removeprefix(_BOM).lstrip(b"\r\n").partition(b"\n")[0].decode("utf-8")
    delimiter = max(_DELIMITERS, key=lambda mark: _known_names(first.rstrip("\r").split(mark)))
    rows = _csv_rows(csv.reader(_lines(data, newline=""), delimiter=delimiter, strict=True))
    first_row = next(rows, None)
    if first_row is None:
        raise _empty()
    header = first_row[1]
    return header, _checked_csv_rows(rows, len(header))


def _known_names(cells: Sequence[str]) -> tuple[int, int]:
    known = {name for spec in FEEDS.values() for name in spec.names}
    return sum(cell.strip().strip('"') in known for cell in cells), len(cells)


def _csv_rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins on; those without any content are passed over."""
    line = 1
    try:
        for cells in reader:
            if any(cell and not cell.isspace() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            "FEED-BROKEN",
            f"The CSV cannot be read from line {line:,} on: {error}.",
            'Look for a quote that is not closed or not doubled ("").',
        ) from None


def _checked_csv_rows(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[RawRow | RejectedRow]:
    for line, cells in rows:
        if len(cells) == width:
            yield RawRow(line, cells)
        else:
            yield RejectedRow(line, None, f"has {len(cells)} cells, and the header has {width}")


def _open_json_lines(data: bytes) -> tuple[Sequence[str], Iterator[RawRow | RejectedRow]]:
    """Rows may leave out what they have not got, so the columns are those that any row has."""
    header: dict[str, None] = {}
    for _, row in _json_rows(data):
        if isinstance(row, dict):
            header.update(dict.fromkeys(row))
    return tuple(header), _checked_json_rows(data, tuple(header))


def _json_rows(data: bytes) -> Iterator[tuple[int, Any]]:
    for line, row in enumerate(_lines(data, newline=None), start=1):
        if row.strip():
            try:
                yield line, json.loads(row, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)
            except (ValueError, ArithmeticError, RecursionError) as error:
                yield line, error


def _checked_json_rows(data: bytes, header: Sequence[str]) -> Iterator[RawRow | RejectedRow]:
    for line, row in _json_rows(data):
        if isinstance(row, Exception):
            yield RejectedRow(line, None, f"is not JSON: {row}")
        elif not isinstance(row, dict):
            yield RejectedRow(line, None, "is not an object of columns and values")
        elif nested := next((name for name, cell in row.items() if isinstance(cell, dict | list)), None):
            yield RejectedRow(line, nested, "holds a list or an object, and should hold one value")
        else:
            cells: list[Cell] = [row.get(name) for name in header]
            yield RawRow(line, cells)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a column is named twice")
    return row


def _empty() -> InputError:
    return InputError("FEED-EMPTY", "The file is empty.", "Export it again; a feed without rows still has a header.")


def _too_large(what: str, limit: str) -> TooLargeError:
    return TooLargeError(
        "FEED-TOO-LARGE",
        f"The file has {what}; {limit} are allowed.",
        "Split it; for its rows, CLEARHOLD_MAX_FEED_ROWS may be raised.",
    )


def _rejected(rejected: Sequence[RejectedRow], total: int, rows: int) -> FeedRejectedError:
    first = rejected[0]
    about = f"{first.column} " if first.column else ""
    return FeedRejectedError(
        "FEED-REJECTED",
        f"{total:,} of {rows:,} rows cannot be loaded, so none was; the first is in line {first.line:,}: "
        f"{about}{first.reason}.",
        "Correct these rows in the ERP's export and load the whole file again.",
        tuple(rejected),
        total,
    )
