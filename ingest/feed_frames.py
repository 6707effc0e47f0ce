"""Feeds as columns, for what looks at many rows at once: from the database, or from a folder of feed files.

Numbers come as 64-bit floats: frames are what models learn from and never what a control decides by. Instants are in
UTC. Every column of the feed is there, empty where nothing was given, and `x_…` columns beside it as text.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from sqlalchemy import ColumnElement, Double, Integer, String, cast, select, type_coerce

from core.canonical import parse_json
from core.database import ReadSession
from core.errors import InputError
from core.nearest import in_parts
from ingest.feed_files import feed_spec
from ingest.feeds import ColumnSpec, ColumnType
from ingest.tables import feed_tables

_KINDS: Mapping[ColumnType, pl.DataType | type[pl.DataType]] = {
    ColumnType.TEXT: pl.String,
    ColumnType.DECIMAL: pl.Float64,
    ColumnType.INTEGER: pl.Int64,
    ColumnType.DATE: pl.Date,
    ColumnType.INSTANT: pl.Datetime("us", "UTC"),
    ColumnType.BOOLEAN: pl.Boolean,
}
_TRUE, _FALSE = ("true", "1", "yes", "y", "t"), ("false", "0", "no", "n", "f")


class Frames(Protocol):
    """Where feeds come from as columns."""

    def frame(self, feed: str) -> pl.DataFrame:
        """A feed, ordered by its key; no rows where it was never loaded.

        Raises:
            InputError: `FEED-UNKNOWN`, or `FEED-REJECTED` where a file's cells are not what its columns hold.
        """
        ...


class DatabaseFrames:
    """The feeds as they are loaded in the database now."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def frame(self, feed: str) -> pl.DataFrame:
        """A loaded feed."""
        return self._read(feed, None)

    def part(self, feed: str, column: str, values: Collection[str]) -> pl.DataFrame:
        """The rows of a loaded feed whose column has one of these values."""
        spec = feed_spec(feed)
        found = [self._read(feed, feed_tables[feed].c[column].in_(some)) for some in in_parts(values)]
        return pl.concat([_typed(feed, pl.DataFrame()), *found], how="diagonal").sort(list(spec.key))

    def _read(self, feed: str, which: ColumnElement[bool] | None) -> pl.DataFrame:
        spec, table = feed_spec(feed), feed_tables[feed]
        is_text = self._session.dialect == "sqlite"
        columns = [_as_stored(table.c[column.name], column, is_text=is_text) for column in spec.columns]
        asked = select(*columns, type_coerce(table.c.extra, String))
        rows = self._session.rows(asked if which is None else asked.where(which))
        names = [*spec.names, "extra"]
        data = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {n: [] for n in names}
        extras = data.pop("extra")
        found = pl.DataFrame({name: pl.Series(name, cells, strict=False) for name, cells in data.items()})
        return _typed(feed, found.with_columns(_extra_columns(extras))).sort(list(spec.key))


class FolderFrames:
    """Feed files in a folder, `NAME.csv`, `NAME.parquet` or `NAME.jsonl`: read as they are, without a database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def frame(self, feed: str) -> pl.DataFrame:
        """A feed's file; the last of several rows with one key counts."""
        spec = feed_spec(feed)
        path = next((p for e in ("parquet", "csv", "jsonl") if (p := self._folder / f"{feed}.{e}").exists()), None)
        if path is None:
            return _typed(feed, pl.DataFrame())
        found = _typed(feed, _opened(path))
        return found.unique(list(spec.key), keep="last", maintain_order=True).sort(list(spec.key))


def typed_rows(feed: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows that are given, as a frame of the feed: its columns with their types, empty where nothing was given."""
    return _typed(feed, pl.DataFrame(list(rows), infer_schema_length=None))


def _opened(path: Path) -> pl.DataFrame:
    try:
        match path.suffix:
            case ".parquet":
                return pl.read_parquet(path)
            case ".jsonl":
                return pl.read_ndjson(path, infer_schema_length=None)
            case _:
                return pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            "FEED-BROKEN", f"{path.name} cannot be read: {str(error).splitlines()[0]}", "Export it again."
        ) from error


def _as_stored(column: Any, spec: ColumnSpec, *, is_text: bool) -> Any:
    """The column without conversion, value by value, into Python's exact types."""
    if is_text:
        return type_coerce(column, Integer if spec.type in {ColumnType.BOOLEAN, ColumnType.INTEGER} else String)
    return cast(column, Double) if spec.type is ColumnType.DECIMAL else column


def _extra_columns(extras: list[str | None]) -> list[pl.Series]:
    rows = [parse_json(text) if text else {} for text in extras]
    names = sorted({name for row in rows for name in row})
    return [pl.Series(name, [row.get(name) for row in rows], dtype=pl.String) for name in names]


def _typed(feed: str, found: pl.DataFrame) -> pl.DataFrame:
    spec = feed_spec(feed)
    given = set(found.columns)
    known = [
        _cell(column, found.schema[column.name]) if column.name in given else _absent(column) for column in spec.columns
    ]
    extras = [pl.col(name).cast(pl.String) for name in found.columns if name.startswith("x_")]
    try:
        return (
            found.select(*known, *extras)
            if given
            else pl.DataFrame(schema={column.name: _KINDS[column.type] for column in spec.columns})
        )
    except pl.exceptions.PolarsError as error:
        raise InputError(
            "FEED-REJECTED",
            f"The feed {feed} holds what its columns do not: {str(error).splitlines()[0][:200]}",
            f"Load it with `clearhold feed {feed} FILE`, which names line and column.",
        ) from error


def _absent(column: ColumnSpec) -> pl.Expr:
    return pl.lit(None, dtype=_KINDS[column.type]).alias(column.name)


def _cell(column: ColumnSpec, given: Any) -> pl.Expr:
    """A cell as its column's type; blanks around text do not count, and an empty cell is none."""
    at, kind = pl.col(column.name), _KINDS[column.type]
    if given == pl.String:
        at = at.str.strip_chars().replace("", None)
        match column.type:
            case ColumnType.INSTANT:
                return _instant(at).alias(column.name)
            case ColumnType.DATE:
                return at.str.slice(0, 10).str.to_date("%Y-%m-%d").alias(column.name)
            case ColumnType.BOOLEAN:
                low = at.str.to_lowercase()
                return (
                    pl.when(low.is_in(_TRUE))
                    .then(pl.lit(value=True))
                    .when(low.is_in(_FALSE))
                    .then(pl.lit(value=False))
                    .alias(column.name)
                )
    if column.type is ColumnType.INSTANT and isinstance(given, pl.Datetime) and given.time_zone is None:
        return at.dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    if column.type is ColumnType.INSTANT and isinstance(given, pl.Datetime):
        return at.dt.cast_time_unit("us").dt.convert_time_zone("UTC")
    if column.type is ColumnType.INSTANT and given == pl.Date:
        return at.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return at.cast(kind)


def _instant(at: pl.Expr) -> pl.Expr:
    """ISO 8601 with or without a time of day, fractions and a zone; without a zone it is UTC."""
    text = at.str.replace(" ", "T", literal=True).str.replace(r"[zZ]$", "+00:00")
    text = pl.when(text.str.contains("T", literal=True)).then(text).otherwise(text + "T00:00:00")
    text = (
        pl.when(text.str.contains(r"T\d\d:\d\d(?:[+-]|$)"))
        .then(text.str.replace(r"(T\d\d:\d\d)", "${1}:00"))
        .otherwise(text)
    )
    text = pl.when(text.str.contains(r"[+-]\d\d:?\d\d$")).then(text).otherwise(text + "+00:00")
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", time_zone="UTC")
