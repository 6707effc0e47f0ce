"""`clearhold feed NAME FILE…`: loads ERP feeds, each file wholly or not at all."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.database import Database
    from core.errors import ClearholdError
    from core.settings import Settings
    from ingest.feed_load import FeedLoad

SHOWN_REJECTIONS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the feed's name and its files."""
    parser.add_argument("name", metavar="NAME", help="the feed: suppliers, items, purchase_orders, goods_receipts…")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="CSV (UTF-8), Parquet or JSON Lines")
    parser.add_argument("--json", action="store_true", help="print one JSON document, with every rejected row")


def run(args: argparse.Namespace) -> int:
    """Loads file after file; exit code 1 when any was refused, with its rejected rows on stderr."""
    from core.database import Database
    from core.errors import ClearholdError
    from core.settings import Settings
    from ingest.feed_files import feed_spec

    feed_spec(args.name)
    settings = Settings()
    database = Database(settings.url())
    loads: list[FeedLoad] = []
    refused: list[tuple[Path, ClearholdError]] = []
    try:
        database.migrate()
        for file in args.files:
            try:
                loads.append(_load(database, settings, args.name, file))
            except ClearholdError as error:
                refused.append((file, error))
    finally:
        database.close()
    if args.json:
        _print_json(loads, refused)
    elif loads:
        print(_table(loads))
    for file, refusal in refused:
        _explain(file, refusal, with_rows=not args.json)
    return 1 if refused else 0


def _load(database: "Database", settings: "Settings", name: str, file: Path) -> "FeedLoad":
    from core.clock import SystemClock
    from ingest.feed_files import MAX_FEED_BYTES, read_feed
    from ingest.feed_load import store_feed
    from review_api.cli.files import read_file
    from review_api.cli.operator import operator

    data = read_file(file, MAX_FEED_BYTES)
    # Read before the transaction begins, so that workers wait for the writing only.
    rows = read_feed(name, data, file_name=file.name, max_rows=settings.max_feed_rows)
    with database.write() as session:
        return store_feed(session, rows, actor=f"user:{operator()}", at=SystemClock().now())


def _table(loads: "list[FeedLoad]") -> str:
    from review_api.cli.text_table import text_table

    counts = ("rows", "new", "changed", "same")
    headers = ("feed", *counts, "file")
    rows = [(load.feed, *(f"{getattr(load, count):,}" for count in counts), load.file_name) for load in loads]
    kept = sorted({name for load in loads for name in load.renamed})
    note = f"\nkept, though no column of the feed: {', '.join(f'{name} as x_{name}' for name in kept)}" if kept else ""
    return text_table(headers, rows, right=frozenset(counts)) + note


def _explain(file: Path, error: "ClearholdError", *, with_rows: bool) -> None:
    from ingest.feed_files import FeedRejectedError

    print(f"{file}: {error}", file=sys.stderr)
    if not with_rows or not isinstance(error, FeedRejectedError):
        return
    for row in error.rejected[:SHOWN_REJECTIONS]:
        column = f"{row.column} " if row.column else ""
        print(f"  line {row.line:,}: {column}{row.reason}", file=sys.stderr)
    if error.total > SHOWN_REJECTIONS:
        print(f"  and {error.total - SHOWN_REJECTIONS:,} more; --json lists them", file=sys.stderr)


def _print_json(loads: "list[FeedLoad]", refused: "list[tuple[Path, ClearholdError]]") -> None:
    from core.canonical import canonical_json

    print(canonical_json({"loads": loads, "refused": [_refusal(file, error) for file, error in refused]}))


def _refusal(file: Path, error: "ClearholdError") -> dict[str, Any]:
    from ingest.feed_files import FeedRejectedError

    told: dict[str, Any] = {
        "file": str(file),
        "code": error.code,
        "message": error.message,
        "remedy": error.remedy,
        "rejected": [],
    }
    if isinstance(error, FeedRejectedError):
        told["rejected_rows"] = error.total
        told["rejected"] = [row._asdict() for row in error.rejected]
    return told
