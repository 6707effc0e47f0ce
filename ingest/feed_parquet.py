"""Opens a Parquet file in a child process with limits and turns its columns into cells."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

from core.errors import ClearholdError, InputError, TooLargeError
from ingest.feed_rows import RawRow, RejectedRow

SECONDS = 120.0
MEMORY_BYTES = 4_000_000_000
MAX_TEXT_BYTES = 400_000_000

ParquetColumns = tuple[tuple[str, ...], tuple[list[Any], ...]]


def read_parquet(
    data: bytes, max_rows: int, executor: Executor | None
) -> tuple[Sequence[str], Iterator[RawRow | RejectedRow]]:
    """Header and rows of a Parquet file; rows count from 1.

    Raises:
        InputError: `FEED-BROKEN` when it is none, `FEED-COLUMN-TYPE` when a column holds lists, records or bytes.
        TooLargeError: `FEED-TOO-LARGE`.
    """
    try:
        names, columns = _opened(data, max_rows, executor)
    except InputError as error:
        raise _about_feeds(error) from None
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
            raise _too_large(f"has {count:,} rows; {max_rows:,} are allowed")
        frame = lazy.select(_as_plain(name, kind) for name, kind in schema.items()).collect()
        text_bytes = sum(
            int(frame[name].str.len_bytes().cast(pl.UInt64).sum())
            for name, kind in frame.schema.items()
            if kind == pl.String
        )
        if text_bytes > MAX_TEXT_BYTES:
            raise _too_large(f"holds {text_bytes:,} bytes of text; {MAX_TEXT_BYTES:,} are allowed")
        return tuple(frame.columns), tuple(frame[name].to_list() for name in frame.columns)
    # The library's Rust side panics on some broken files, and says no more than that it did.
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        what = (str(error).splitlines() or ["it is broken"])[0][:200].rstrip(".")
        raise _broken(what) from None


def _opened(data: bytes, max_rows: int, executor: Executor | None) -> ParquetColumns:
    if executor is not None:
        return executor.submit(parquet_columns, data, max_rows).result()
    from core.limited import LimitedExecutor, ProcessLimits

    with LimitedExecutor(1, limits=ProcessLimits(seconds=SECONDS, memory_bytes=MEMORY_BYTES)) as own:
        return own.submit(parquet_columns, data, max_rows).result()


def _as_plain(name: str, kind: Any) -> Any:
    """The column as text, numbers, days or instants in UTC."""
    import polars as pl

    column = pl.col(name)
    if isinstance(kind, pl.String | pl.Boolean | pl.Date | pl.Float64 | pl.Null) or kind.is_integer():
        return column
    if kind.is_decimal():
        return column
    if isinstance(kind, pl.Float32 | pl.Categorical | pl.Enum):
        # A 32-bit number's shortest text is the number that was meant; as 64 bits it would grow digits.
        return column.cast(pl.String)
    if isinstance(kind, pl.Datetime):
        return column if kind.time_zone is None else column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    raise InputError(
        "FEED-COLUMN-TYPE",
        f"The column {name!r} holds {kind}.",
        "Write it as text, number, day, instant or true/false, or leave it out.",
    )


def _about_feeds(error: InputError) -> ClearholdError:
    """The child's own limits speak of documents."""
    if not error.code.startswith("DOC-"):
        return error
    if isinstance(error, TooLargeError):
        return _too_large("takes more time or memory to open than is allowed")
    return _broken("the reader failed on it")


def _broken(what: str) -> InputError:
    return InputError("FEED-BROKEN", f"The Parquet file cannot be read: {what}.", "Export it again.")


def _too_large(what: str) -> TooLargeError:
    return TooLargeError("FEED-TOO-LARGE", f"The file {what}.", "Split it, or raise CLEARHOLD_MAX_FEED_ROWS.")
