"""Every table's rows in one form that both databases write and read: a backup of one can be restored into the other.

A value is what SQLite keeps: instants and days as ISO text, decimals as plain text, yes and no as 1 and 0, words
between spaces. PostgreSQL is asked for that form when it is read, and takes it as text when it is loaded.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from core.database import ReadSession, WriteSession

Line = Sequence[Any]
VERSION_TABLE = "alembic_version"
_AT_ONCE = 1_000
_SQLITE_TABLES = text(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' ORDER BY name"
)
_POSTGRES_TABLES = text(
    "SELECT table_name AS name FROM information_schema.tables "
    "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
)
_POSTGRES_COLUMNS = text(
    "SELECT column_name AS name, data_type AS type FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = :name ORDER BY ordinal_position"
)
_POSTGRES_REFERENCES = text(
    "SELECT conrelid::regclass::text AS name, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)
_AS_SQLITE_KEEPS_IT = {
    "timestamp with time zone": r"""to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24\:MI\:SS.US"Z"')""",
    "numeric": "trim_scale({0})::text",
    "boolean": "{0}::int",
    "date": "to_char({0}, 'YYYY-MM-DD')",
    "tsvector": "array_to_string(tsvector_to_array({0}), ' ')",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """A table as it is in the database: its columns, and how each is asked for."""

    name: str
    columns: tuple[str, ...]
    asked: tuple[str, ...]


def shapes(session: ReadSession) -> tuple[TableShape, ...]:
    """Every table that holds something of its own, by name; indexes of words follow from others and are left out."""
    names = session.all(_SQLITE_TABLES if session.dialect == "sqlite" else _POSTGRES_TABLES)
    return tuple(_shape(session, row["name"]) for row in names if row["name"] != VERSION_TABLE)


def count(session: ReadSession, shape: TableShape) -> int:
    """How many rows a table has."""
    return int(session.scalar(text(f'SELECT count(*) FROM "{shape.name}"')))  # noqa: S608  a table of our own


def lines(session: ReadSession, shape: TableShape) -> Iterator[str]:
    """Each row as one line of JSON, a list in the order of `columns`."""
    query = text(f'SELECT {", ".join(shape.asked)} FROM "{shape.name}"')  # noqa: S608  names of our own tables
    for part in session.parts(query, _AT_ONCE):
        for row in part:
            yield json.dumps([_written(value) for value in row], ensure_ascii=False, separators=(",", ":"))


def empty_all(session: WriteSession, tables: Sequence[TableShape]) -> None:
    """Takes out what the schema's own steps have put in, so that only what is loaded will be there."""
    for shape in tables:
        session.run(text(f'DELETE FROM "{shape.name}"'))  # noqa: S608  a table of our own


def load_lines(session: WriteSession, name: str, columns: Sequence[str], given: Iterable[str]) -> int:
    """Loads lines that `lines` has made; returns how many."""
    as_text = session.dialect != "sqlite"
    rows = [[_loaded(value, as_text) for value in json.loads(line)] for line in given]
    session.load(name, columns, rows)
    return len(rows)


def lay_references_aside(session: WriteSession) -> Sequence[Mapping[str, str]]:
    """Lets rows be loaded in any order; `put_references_back` then tests them all."""
    if session.dialect == "sqlite":
        session.run(text("PRAGMA defer_foreign_keys=ON"))
        return ()
    found = [dict(row) for row in session.all(_POSTGRES_REFERENCES)]
    for one in found:
        session.run(text(f'ALTER TABLE {one["name"]} DROP CONSTRAINT "{one["conname"]}"'))
    return found


def put_references_back(session: WriteSession, references: Sequence[Mapping[str, str]]) -> None:
    """Tests every reference, and lets counters go on after the highest number that is there."""
    for one in references:
        session.run(text(f'ALTER TABLE {one["name"]} ADD CONSTRAINT "{one["conname"]}" {one["definition"]}'))
    if session.dialect == "sqlite":
        return
    for shape in shapes(session):
        for column in shape.columns:
            counter = session.scalar(
                text("SELECT pg_get_serial_sequence(:name, :column)"), {"name": f'"{shape.name}"', "column": column}
            )
            if counter is not None:
                highest = f'SELECT coalesce(max("{column}"), 0) + 1 FROM "{shape.name}"'  # noqa: S608  names of ours
                session.scalar(text(f"SELECT setval(:counter, ({highest}), false)"), {"counter": counter})


def _shape(session: ReadSession, name: str) -> TableShape:
    if session.dialect == "sqlite":
        columns = tuple(row["name"] for row in session.all(text(f'PRAGMA table_info("{name}")')))
        return TableShape(name=name, columns=columns, asked=tuple(f'"{column}"' for column in columns))
    rows = session.all(_POSTGRES_COLUMNS, {"name": name})
    return TableShape(
        name=name,
        columns=tuple(row["name"] for row in rows),
        asked=tuple(_AS_SQLITE_KEEPS_IT.get(row["type"], "{0}").format(f'"{row["name"]}"') for row in rows),
    )


def _written(value: Any) -> Any:
    return {"hex": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value


def _loaded(value: Any, as_text: bool) -> Any:
    if isinstance(value, dict):
        return f"\\x{value['hex']}" if as_text else bytes.fromhex(value["hex"])
    return str(value) if as_text and value is not None else value
