"""`clearhold ingest PATH…`: takes documents in: files, whole folders, mails and archives with their papers."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.errors import ClearholdError
    from core.settings import Settings
    from ingest.receive import Receipt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the paths."""
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="file, folder, .eml or .zip")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Takes in path after path; exit code 1 when any file was refused. What was taken in waits for a worker."""
    from core.errors import ClearholdError
    from core.settings import Settings

    taken: list[tuple[Path, tuple[Receipt, ...]]] = []
    refused: list[tuple[Path, ClearholdError]] = []
    with ExitStack() as open_things:
        take = _Intake(Settings(), open_things)
        for path in _files(args.paths):
            try:
                taken.append((path, take.file(path)))
            except ClearholdError as error:
                refused.append((path, error))
    if args.json:
        _print_json(taken, refused)
    elif taken:
        print(_table(taken))
    for path, refusal in refused:
        print(f"{path}: {refusal}", file=sys.stderr)
    return 1 if refused else 0


class _Intake:
    """The house's database and store, and a limited child for mails and archives, opened once."""

    def __init__(self, settings: "Settings", open_things: ExitStack) -> None:
        from core.database import Database
        from core.limited import LimitedExecutor, ProcessLimits
        from review_api.cli.operator import operator
        from review_api.services import open_store

        self._settings = settings
        self._database = Database(settings.url())
        open_things.callback(self._database.close)
        self._database.migrate()
        self._store = open_store(settings)
        self._actor = f"user:{operator()}"
        limits = ProcessLimits(seconds=settings.read_seconds, memory_bytes=settings.read_memory_bytes)
        self._executor = open_things.enter_context(LimitedExecutor(1, limits=limits))

    def file(self, path: Path) -> "tuple[Receipt, ...]":
        from core.clock import SystemClock
        from ingest.intake import take_in
        from review_api.cli.files import read_file

        return take_in(
            self._database,
            self._store,
            read_file(path, self._settings.max_bytes),
            file_name=path.name,
            origin="folder",
            received_by=self._actor,
            at=SystemClock().now(),
            settings=self._settings,
            executor=self._executor,
        )


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    from review_api.cli.files import files_below

    for path in paths:
        yield from files_below(path)


def _table(taken: "list[tuple[Path, tuple[Receipt, ...]]]") -> str:
    from review_api.cli.text_table import text_table

    rows = []
    for path, receipts in taken:
        for place, receipt in enumerate(receipts):
            rows.append(
                (
                    receipt.document.document_id,
                    "new" if receipt.is_new else "seen before",
                    f"{receipt.document.size_bytes:,}",
                    f"{path} › {receipt.file_name}" if place else str(path),
                )
            )
    new = sum(receipt.is_new for _, receipts in taken for receipt in receipts)
    table = text_table(("document", "", "bytes", "file"), rows, right=frozenset({"bytes"}))
    return f"{table}\n{new} new, {len(rows) - new} seen before"


def _print_json(taken: "list[tuple[Path, tuple[Receipt, ...]]]", refused: "list[tuple[Path, ClearholdError]]") -> None:
    from core.canonical import canonical_json

    print(
        canonical_json(
            {
                "taken_in": [_told(path, receipt) for path, receipts in taken for receipt in receipts],
                "refused": [
                    {"path": str(path), "code": error.code, "message": error.message, "remedy": error.remedy}
                    for path, error in refused
                ],
            }
        )
    )


def _told(path: Path, receipt: "Receipt") -> dict[str, Any]:
    document = receipt.document
    return {
        "path": str(path),
        "file_name": receipt.file_name,
        "document_id": document.document_id,
        "sha256": document.sha256,
        "is_new": receipt.is_new,
        "size_bytes": document.size_bytes,
        "media_type": document.media_type,
        "state": document.state,
    }
