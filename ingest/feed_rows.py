"""Turns the cells of a feed file into typed rows with a key and a hash, and says which rows cannot be, and why.

A file's columns are settled first: a required one that is missing refuses the file, and so does an unknown one that
looks like a misspelt known one. Other unknown columns are kept as `x_…`, as if they had been named so.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from typing import NamedTuple

from core.errors import InputError
from ingest.feed_cells import Cell, CellError, Value, extra_value, parser, writer
from ingest.feeds import FeedSpec

MAX_EXTRA_COLUMNS = 200
_ALIKE = 0.8


class RejectedRow(NamedTuple):
    """A row that cannot be loaded: the line it begins on (the row, in Parquet), the column, and what is wrong."""

    line: int
    column: str | None
    reason: str


class FeedRow(NamedTuple):
    """A row to load: its values in the order of the feed's columns, what else it had, its key and its hash.

    The key is the key columns as one text, `4500012/2`; no two different keys are written the same.
    """

    line: int
    values: tuple[Value, ...]
    extra: Mapping[str, str] | None
    row_key: str
    row_hash: str


class RawRow(NamedTuple):
    """A row as the file has it: cells in the order of the file's columns."""

    line: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where in a file each column of the feed stands.

    Attributes:
        places: place of each known column, in the order of the feed; None when the file has not got it.
        extras: name (`x_…`) and place of the others.
        renamed: columns that were unknown and are kept as `x_…`.
    """

    places: tuple[int | None, ...]
    extras: tuple[tuple[str, int], ...]
    renamed: tuple[str, ...]


def settle_columns(spec: FeedSpec, header: Sequence[str]) -> Columns:
    """Finds the feed's columns in a file's header.

    Raises:
        InputError: `FEED-COLUMNS` when required ones are missing, `FEED-COLUMN-TWICE` when one is there twice,
            `FEED-COLUMN-UNKNOWN` when one has no name or looks like another one misspelt.
    """
    names = [name.strip() for name in header]
    if len(names) > len(spec.names) + MAX_EXTRA_COLUMNS:
        raise InputError(
            "FEED-COLUMN-UNKNOWN",
            f"The file has {len(names):,} columns.",
            f"Leave out what is not needed: {MAX_EXTRA_COLUMNS} columns beyond the feed's own are kept.",
        )
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice and twice != [""]:
        raise InputError(
            "FEED-COLUMN-TWICE",
            f"The file has the column {', '.join(twice)} more than once.",
            "Keep the one that is meant.",
        )
    absent = [name for name in spec.names if name not in names]
    unknown = [name for name in names if name not in spec.names and not name.startswith("x_")]
    _refuse_missing(spec, absent, unknown)
    _refuse_misspelt(spec, absent, unknown, names)
    return Columns(
        places=tuple(names.index(name) if name in names else None for name in spec.names),
        extras=tuple(
            (name if name.startswith("x_") else f"x_{name}", place)
            for place, name in enumerate(names)
            if name not in spec.names
        ),
        renamed=tuple(unknown),
    )


def typed_rows(
    spec: FeedSpec, columns: Columns, rows: Iterable[RawRow | RejectedRow]
) -> Iterator[FeedRow | RejectedRow]:
    """Types every row. Rows that say the same twice are one; a key with two contents is rejected."""
    seen: dict[str, tuple[int, str]] = {}
    reader = _RowReader(spec, columns)
    for raw in rows:
        row = raw if isinstance(raw, RejectedRow) else reader.read(raw)
        if isinstance(row, FeedRow):
            line, row_hash = seen.setdefault(row.row_key, (row.line, row.row_hash))
            if line != row.line:
                if row_hash == row.row_hash:
                    continue
                row = RejectedRow(row.line, ", ".join(spec.key), f"names the same row as line {line} and differs")
        yield row


class _RowReader:
    """Everything about a file's columns, looked up once for all its rows."""

    def __init__(self, spec: FeedSpec, columns: Columns) -> None:
        self._known = tuple(
            (column.name, place, parser(column), writer(column), column.may_be_empty, column.is_key)
            for column, place in zip(spec.columns, columns.places, strict=True)
        )
        self._extras = columns.extras

    def read(self, raw: RawRow) -> FeedRow | RejectedRow:
        """The typed row, or the first thing that is wrong with it."""
        values: list[Value] = []
        key: list[str] = []
        hashed: list[str] = []
        name = ""
        try:
            for name, place, parse, write, may_be_empty, is_key in self._known:
                value = None if place is None else parse(raw.cells[place])
                if value is None:
                    if not may_be_empty:
                        return RejectedRow(raw.line, name, "is required and is empty")
                    if is_key:
                        value = ""
                        key.append(value)
                else:
                    written = write(value)
                    hashed += (name, written)
                    if is_key:
                        key.append(key_part(written))
                values.append(value)
            extra: dict[str, str] = {}
            for name, place in self._extras:
                kept = extra_value(raw.cells[place])
                if kept is not None:
                    extra[name] = kept
        except CellError as error:
            return RejectedRow(raw.line, name, str(error))
        for name in sorted(extra):
            hashed += (name, extra[name])
        row_hash = sha256(json.dumps(hashed, ensure_ascii=False).encode()).hexdigest()
        return FeedRow(raw.line, tuple(values), extra or None, "/".join(key), row_hash)


def key_part(written: str) -> str:
    """A key column's value as a part of the row's key, whose parts are put together with `/`."""
    return written.replace("~", "~0").replace("/", "~1")


def _refuse_missing(spec: FeedSpec, absent: Sequence[str], unknown: Sequence[str]) -> None:
    missing = [name for name in spec.required if name in absent]
    if not missing:
        return
    named = []
    for name in missing:
        alike = _alike(name, unknown)
        named.append(f"{name} (is it {alike!r}?)" if alike else name)
    raise InputError(
        "FEED-COLUMNS",
        f"The file lacks {'a column' if len(missing) == 1 else 'columns'} the feed {spec.name} needs: "
        f"{', '.join(named)}.",
        f"Give it a header with {', '.join(spec.required)}.",
    )


def _refuse_misspelt(spec: FeedSpec, absent: Sequence[str], unknown: Sequence[str], names: Sequence[str]) -> None:
    for name in unknown:
        meant = _alike(name, absent) or next((known for known in spec.names if _folded(known) == _folded(name)), None)
        if not name:
            what, remedy = "has a column without a name", "Name it, or leave it out (pandas: index=False)."
        elif meant:
            what = f"has an unknown column {name!r}"
            remedy = f"If it is {meant}, call it so; if it is one of your own, call it x_{name}."
        elif f"x_{name}" in names:
            what, remedy = (
                f"has the columns {name!r} and 'x_{name}'",
                f"Give {name!r} another name that begins with x_.",
            )
        else:
            continue
        raise InputError("FEED-COLUMN-UNKNOWN", f"The file {what}.", remedy)


def _alike(name: str, others: Sequence[str]) -> str | None:
    for other in others:
        if _folded(other) == _folded(name):
            return other
    return next(iter(get_close_matches(name, others, n=1, cutoff=_ALIKE)), None)


def _folded(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
