"""Turns rows of a query into records, many of them fast.

A frozen record's own constructor takes its attributes by name and sets each through a guard. A query names its columns
once, so its rows are put into the record's slots directly; a record that checks itself is made the usual way.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

Record = TypeVar("Record")


def records(kind: type[Record], names: tuple[str, ...], rows: Iterable[Sequence[Any]]) -> Iterator[Record]:
    """Records of rows whose columns stand as `names`, which are attributes of the record."""
    known: Any = kind
    return map(_maker(known, names), rows)


@cache
def _maker(kind: Any, names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    if not _is_plain(kind, names):
        return lambda row: kind(**dict(zip(names, row, strict=True)))
    setters = tuple(getattr(kind, name).__set__ for name in names)
    blank = object.__new__

    def make(row: Sequence[Any]) -> Any:
        record = blank(kind)
        for put, value in zip(setters, row, strict=True):
            put(record, value)
        return record

    return make


def _is_plain(kind: Any, names: tuple[str, ...]) -> bool:
    """Whether the names are all the record has, in slots of its own, and nothing else happens when one is made."""
    own = {field.name for field in fields(kind)}
    return own == set(names) == set(getattr(kind, "__slots__", ())) and not hasattr(kind, "__post_init__")
