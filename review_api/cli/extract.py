"""`clearhold extract`: reads documents and prints what they say; stores nothing, needs no database."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ClearholdError, InputError, NotFoundError
from review_api.percents import percent

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from core.documents import Extraction, Row
    from extraction.parts import Several
    from extraction.pipeline import ReadOptions
    from review_api.schema_check import SchemaChecker

_Place = dict[str, int] | None
_LINE_COLUMNS = ("line_id", "description", "quantity", "unit", "unit_price", "line_net_amount")
_WIDEST_VALUE = 60
_AHEAD = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Paths, and how to read and print them."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    parser.add_argument("--ignore-embedded", action="store_true", help="read only what a person would see")
    parser.add_argument("--ocr", choices=("auto", "tesseract", "rapidocr"), help="how scans are read (default: auto)")
    parser.add_argument("--check", action="store_true", help="check e-invoices against the rules of EN 16931 as well")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object, or a list for several files")
    form.add_argument("--jsonl", action="store_true", help="one object a line, as soon as it is read")


def run(args: argparse.Namespace) -> int:
    """Reads every file in a limited child process; 1 when any was refused."""
    refused = 0
    objects: list[dict[str, Any]] = []
    for path, place, result in _read_all(args):
        if isinstance(result, ClearholdError):
            refused += 1
            print(f"{path}{_told(place)}: {result}", file=sys.stderr, flush=True)
        if args.json or args.jsonl:
            objects.append(_to_json(path, place, result))
            if args.jsonl:
                print(json.dumps(objects.pop(), ensure_ascii=False), flush=True)
        elif not isinstance(result, ClearholdError):
            _print_table(f"{path}{_told(place)}", result)
    if args.json:
        several = len(objects) != 1 or any(Path(path).is_dir() for path in args.paths)
        print(json.dumps(objects if several else objects[0], ensure_ascii=False, indent=1))
    return 1 if refused else 0


def _read_all(args: argparse.Namespace) -> Iterator[tuple[str, _Place, "Extraction | ClearholdError"]]:
    """Every document with what it says or why it is refused, in order; a few files are read ahead."""
    from dataclasses import replace

    from core.limited import LimitedExecutor, ProcessLimits
    from core.settings import Settings
    from extraction.parts import Several
    from extraction.pipeline import ReadOptions, read_and_extract
    from review_api.schema_check import SchemaChecker

    settings = Settings()
    options = replace(
        ReadOptions.from_settings(settings), ocr=args.ocr or settings.ocr, ignore_embedded=args.ignore_embedded
    )
    limits = ProcessLimits(seconds=settings.read_seconds, memory_bytes=settings.read_memory_bytes)
    # Not warmed up: an e-invoice needs little of what a page needs, and waits for none of it.
    executor = LimitedExecutor(settings.workers, limits=limits)
    schema = SchemaChecker(settings) if args.check else None
    finished = False
    waiting: list[tuple[str, Future[Extraction | Several] | ClearholdError]] = []

    def documents_of(
        path: str, pending: "Future[Extraction | Several] | ClearholdError"
    ) -> "Iterator[tuple[str, _Place, Extraction | ClearholdError]]":
        result = _result(pending)
        if not isinstance(result, Several):
            yield path, None, result
            return
        reading = [executor.submit(read_and_extract, part.data, options) for part in result.parts]
        for part, read in zip(result.parts, reading, strict=True):
            said = _result(read)
            assert not isinstance(said, Several)
            yield path, part.to_json(len(reading)), said

    try:
        for path in _files(args.paths):
            waiting.append((path, _submit(executor, schema, path, options)))
            if len(waiting) > settings.workers + _AHEAD:
                yield from documents_of(*waiting.pop(0))
        for path, pending in waiting:
            yield from documents_of(path, pending)
        finished = True
    finally:
        # Someone who gives up does not wait for a child; it is killed when we end.
        executor.shutdown(wait=finished, cancel_futures=True)
        if schema is not None:
            schema.close()


def _files(paths: list[str]) -> Iterator[str]:
    """Paths as given; a folder stands for every file below it, in order of name."""
    for path in paths:
        if Path(path).is_dir():
            yield from (str(file) for file in sorted(Path(path).rglob("*")) if file.is_file())
        else:
            yield path


def _submit(
    executor: "Executor", schema: "SchemaChecker | None", path: str, options: "ReadOptions"
) -> "Future[Extraction | Several] | ClearholdError":
    from extraction.limits import too_large
    from extraction.pipeline import read_documents

    try:
        size = Path(path).stat().st_size
        if size > options.limits.max_bytes:
            return too_large(size, options.limits)
        data = Path(path).read_bytes()
        reading = executor.submit(read_documents, data, options)
        return reading if schema is None else schema.checked(reading, data, options)
    except FileNotFoundError:
        return NotFoundError("FILE-NOT-FOUND", "There is no such file.", "Check the path.")
    except OSError as error:
        return InputError("FILE-UNREADABLE", f"It cannot be opened ({error.strerror}).", "Check who may read it.")


def _result(
    pending: "Future[Extraction] | Future[Extraction | Several] | ClearholdError",
) -> "Extraction | Several | ClearholdError":
    if isinstance(pending, ClearholdError):
        return pending
    try:
        return pending.result()
    except ClearholdError as error:
        return error


def _to_json(path: str, place: _Place, result: "Extraction | ClearholdError") -> dict[str, Any]:
    from core.documents_json import extraction_to_json

    head: dict[str, Any] = {"path": path} | ({"part": place} if place else {})
    if isinstance(result, ClearholdError):
        return head | {"error": {"code": result.code, "message": result.message, "remedy": result.remedy}}
    return head | extraction_to_json(result)


def _told(place: _Place) -> str:
    """Which document of a file it is, where there are several."""
    if place is None:
        return ""
    pages = f", from page {place['first_page']}" if "first_page" in place else ""
    return f" (document {place['number']} of {place['of']}{pages})"


def _print_table(path: str, extraction: "Extraction") -> None:
    pages = f", {len(extraction.page_sizes)} page(s)" if extraction.page_sizes else ""
    kind = extraction.document_type.value.replace("_", " ")
    print(f"{path}: {kind} ({percent(extraction.type_confidence)}%), {extraction.source.value}{pages}")
    rows = [
        (name, _shortened(field.value), f"{percent(field.confidence)}%") for name, field in extraction.fields.items()
    ]
    _print_columns([("field", "value", "sure"), *rows])
    for title, part in (("lines", extraction.lines), ("VAT", extraction.tax_breakdown)):
        if part:
            print(f"  {title}")
            _print_columns(_cells(part))
    for remark in extraction.findings:
        print(f"  {remark.outcome}: {remark.message} [{remark.code}]")
    print()


def _cells(rows: "tuple[Row, ...]") -> list[tuple[str, ...]]:
    present = dict.fromkeys(name for row in rows for name in row)
    names = [name for name in _LINE_COLUMNS if name in present] or list(present)
    return [
        tuple(names),
        *(tuple(_shortened(row[name].value) if name in row else "" for name in names) for row in rows),
    ]


def _print_columns(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _shortened(value: str) -> str:
    return value if len(value) <= _WIDEST_VALUE else value[: _WIDEST_VALUE - 1] + "…"
