"""Opens a Parquet file in a child process with limits and turns its columns into cells."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

from core.errors import InputError, TooLargeError
from ingest.feed_rows import RawRow, RejectedRow

ROWS_AT_ONCE = 50_000
SECONDS = 120.0
MEMORY_BYTES = 4_000_000_000

ParquetColumns = tuple[tuple[str, ...], tuple[list[Any], ...]]


def read_parquet(
    data: bytes, max_rows: int, executor: Executor | None
) -> tuple[Sequence[str], Iterator[RawRow | RejectedRow]]:
    """Header and rows of a Parquet file; rows count from 1.

    Raises:
        InputError: `FEED-BROKEN` when it is none, `FEED-COLUMN-TYPE` when a column holds lists, records or bytes.
        TooLargeError: `FEED-TOO-LARGE`, or the limits of the child process.
    """
    if executor is not None:
        names, columns = executor.submit(parquet_columns, data, max_rows).result()
    else:
        from core.limited import LimitedExecutor, ProcessLimits

        with LimitedExecutor(1, limits=ProcessLimits(seconds=SECONDS, memory_bytes=MEMORY_BYTES)) as own:
            names, columns = own.submit(parquet_columns, data, max_rows).result()
    rows = zip(*columns, strict=True) if columns else iter(())
    return names, (RawRow(number, cells) for number, cells in enumerate(rows, start=1))


def parquet_columns(data: bytes, max_rows: int) -> ParquetColumns:
    """Names and cells of every column, as Python's own values. Runs in the child."""
    import io

    import polars as pl

    try:
        lazy = pl.scan_parquet(io.BytesIO(data))
        schema = lazy.collect_schema()
        count = lazy.select(pl.len()).collect().item()
        if count > max_rows:
            raise TooLargeError(
                "FEED-TOO-LARGE",
                f"The file has {count:,} rows; {max_rows:,} are allowed.",
                "Split it, or raise CLEARHOLD_MAX_FEED_ROWS.",
            )
        frame = lazy.select(_as_plain(name, kind) for name, kind in schema.items()).collect()
    # A panic of the library's Rust side is no subclass of Exception, and says no more than that the file is broken.
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise InputError(
            "FEED-BROKEN",
            f"The Parquet file cannot be read: {str(error).splitlines()[0][:200] if str(error) else 'it is broken'}.",
            "Export it again.",
        ) from None
    return tuple(frame.columns), tuple(frame[name].to_list() for name in frame.columns)


def _as_plain(name: str, kind: Any) -> Any:
    """The column as text, numbers, days or instants in UTC."""
    import polars as pl

    column = pl.col(name)
    if kind in {pl.String, pl.Boolean, pl.Date, pl.Float64, pl.Null} or kind.is_integer() or kind.is_decimal():
        return column
    if kind == pl.Float32 or kind in {pl.Categorical, pl.Enum}:
        # A 32-bit number's shortest text is the number that was meant; as 64 bits it would grow digits.
        return column.cast(pl.String)
    if isinstance(kind, pl.Datetime):
        return column if kind.time_zone is None else column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    raise InputError(
        "FEED-COLUMN-TYPE",
        f"The column {name!r} holds {kind}.",
        "Write it as text, number, day, instant or true/false, or leave it out.",
    )
