"""Feed files for tests, and a way to read them without a child process."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ingest.feed_files import FeedFile, read_feed

SUPPLIERS = (
    {"supplier_id": "S1", "name": "Nordlicht GmbH", "vat_id": "DE 123 456 788", "iban": "DE02120300000000202051"},
    {"supplier_id": "S2", "name": "Atelier Blanc", "vat_id": "FR40303265045", "iban": ""},
    {"supplier_id": "S3", "name": "Olive & Söhne", "vat_id": "", "iban": "AT61 1904 3002 3457 3201"},
)


def csv_file(rows: Sequence[Mapping[str, Any]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def parquet_file(columns: Mapping[str, Any]) -> bytes:
    import polars as pl

    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def read(name: str, data: bytes, **more: Any) -> FeedFile:
    with ThreadPoolExecutor(1) as here:
        return read_feed(name, data, file_name=f"{name}.csv", executor=here, **more)


def told(file: FeedFile) -> list[dict[str, Any]]:
    """The rows of a file as they are understood, without what is absent."""
    return [
        {name: value for name, value in zip(file.spec.names, row.values, strict=True) if value is not None}
        | dict(row.extra or {})
        for row in file.rows
    ]
