"""Finds a supplier's rows within spans of days or instants, for many suppliers in one query.

The query is one text however many spans there are: putting one together for each takes longer than answering it.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, TableValuedAlias, Text, bindparam, column, func, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSON

from core.canonical import instant_text
from core.database import ReadSession


class Span(NamedTuple):
    """A supplier, and the first and the last day or instant to look at, both included."""

    supplier_id: str
    first: Any
    last: Any


class Within(NamedTuple):
    """Where to look: a table with a `supplier_id`, the columns to answer, the one that lies in a span.

    Attributes:
        only: name of a column that is true for the rows that count, if there is one.
    """

    table: Table
    columns: tuple[str, ...]
    along: str
    only: str | None = None


def find_within(session: ReadSession, where: Within, spans: Iterable[Span]) -> Sequence[Sequence[Any]]:
    """The rows of each supplier within any of its spans, each once, in no order."""
    asked = [{"supplier_id": at.supplier_id, "first": _text(at.first), "last": _text(at.last)} for at in merged(spans)]
    return session.rows(_statement(where, session.dialect), {"spans": json.dumps(asked)}) if asked else ()


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days and instants as spans that do not overlap, by supplier and time."""
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last is not None and last.supplier_id == span.supplier_id and span.first <= last.last:
            joined[-1] = last._replace(last=max(last.last, span.last))
        else:
            joined.append(span)
    return joined


@cache
def _statement(where: Within, dialect: str) -> Select[Any]:
    table, along = where.table, where.table.c[where.along]
    asked: TableValuedAlias
    if dialect == "postgresql":
        asked = (
            func.json_to_recordset(sql_cast(bindparam("spans"), JSON))
            .table_valued(column("supplier_id", Text), column("first", along.type), column("last", along.type))
            .render_derived(name="asked", with_types=True)
        )
        parts: list[Any] = [asked.c[name] for name in Span._fields]
    else:
        asked = func.json_each(bindparam("spans")).table_valued("value", name="asked")
        parts = [func.json_extract(asked.c.value, f"$.{name}") for name in Span._fields]
    supplier_id, first, last = parts
    lies_in = (table.c.supplier_id == supplier_id) & (along >= first) & (along <= last)
    query = select(*(table.c[name] for name in where.columns)).select_from(asked.join(table, lies_in))
    return query if where.only is None else query.where(table.c[where.only])


def _text(moment: Any) -> str:
    return instant_text(moment) if isinstance(moment, datetime) else str(moment.isoformat())
