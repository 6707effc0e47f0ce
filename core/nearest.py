"""Finds rows that are equal in two columns to what is asked, for many askers in one query, a bounded number for each.

A value that half the table has must not make a question slow: each ask gets the rows nearest to it along a third
column, `limit` on each side at most. An index over the three columns reads just those.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSON

from core.database import ReadSession

KEYS_AT_ONCE = 500


def in_parts(keys: Iterable[str]) -> Iterator[list[str]]:
    """Keys to look up, each once, in handfuls a database takes in one query."""
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        yield wanted[start : start + KEYS_AT_ONCE]


class Ask(NamedTuple):
    """What one asker looks for: values of two columns, and where along the third to begin, as ISO text."""

    asker: int
    one: str
    other: str
    start: str


class Search(NamedTuple):
    """A way to look rows up.

    Attributes:
        columns: names of what is answered.
        one, other: the two columns that are equal.
        along: the column rows are near along; `both_ways` from where an ask begins, else down from there.
        only: name of a column that is true for the rows that count, if there is one.
    """

    table: Table
    columns: tuple[str, ...]
    one: str
    other: str
    along: str
    both_ways: bool
    only: str | None
    limit: int


def find_nearest(
    session: ReadSession, searches: Sequence[Search], asks: Sequence[Sequence[Ask]]
) -> Iterator[tuple[int, Sequence[Any]]]:
    """Each asker's rows of all searches, `columns` of them; a row may be an answer to several asks.

    One query asks for all: `asks[0]` are those of `searches[0]`, which answer with the same columns as the others.
    """
    if not any(asks):
        return
    asked = {f"asks_{at}": json.dumps([ask._asdict() for ask in mine]) for at, mine in enumerate(asks)}
    for row in session.rows(_statement(tuple(searches), session.dialect), asked):
        yield row[0], tuple(row)[1:]


@cache
def _statement(searches: tuple[Search, ...], dialect: str) -> CompoundSelect[Any]:
    one_way = _lateral if dialect == "postgresql" else _by_row_number
    return union_all(
        *(
            one_way(search, f"asks_{at}", upwards=upwards)
            for at, search in enumerate(searches)
            for upwards in ((False, True) if search.both_ways else (False,))
        )
    )


def _lateral(search: Search, asks: str, *, upwards: bool) -> Select[Any]:
    along: Any = search.table.c[search.along].type
    asked = (
        func.json_to_recordset(sql_cast(bindparam(asks), JSON))
        .table_valued(column("asker", Integer), column("one", Text), column("other", Text), column("start", along))
        .render_derived(name="asked", with_types=True)
    )
    table = search.table.alias("near")
    names = [table.c[name] for name in search.columns]
    found = _bounded(search, table, select(*names), asked.c, upwards=upwards).lateral("found")
    return select(asked.c.asker, *(found.c[name] for name in search.columns)).select_from(asked.join(found, _TRUE))


def _by_row_number(search: Search, asks: str, *, upwards: bool) -> Select[Any]:
    """SQLite has no lateral join; it looks up the rows of a bounded list of row numbers instead."""
    asked = func.json_each(bindparam(asks)).table_valued("value", name="asked")
    parts = {name: func.json_extract(asked.c.value, f"$.{name}") for name in Ask._fields}
    near = search.table.alias("near")
    numbers = _bounded(search, near, select(literal_column("near.rowid")), _Parts(parts), upwards=upwards)
    found = search.table.alias("found")
    return (
        select(parts["asker"], *(found.c[name] for name in search.columns))
        .select_from(asked)
        .join(found, literal_column("found.rowid").in_(numbers.correlate(asked)))
    )


class _Parts:
    """Parts of an ask by name, as the columns of a table are."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self.one, self.other, self.start = parts["one"], parts["other"], parts["start"]


def _bounded(search: Search, near: Any, query: Select[Any], asked: Any, *, upwards: bool) -> Select[Any]:
    along: Column[Any] = near.c[search.along]
    query = query.where(near.c[search.one] == asked.one, near.c[search.other] == asked.other)
    query = query.where(along > asked.start if upwards else along <= asked.start)
    if search.only is not None:
        query = query.where(near.c[search.only])
    return query.order_by(along.asc() if upwards else along.desc()).limit(literal_column(str(search.limit)))


_TRUE: ColumnElement[bool] = literal_column("true")
