"""Canonical JSON: one spelling for one value, so that a hash of it means something."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from core.money import plain


def canonical_json(value: object) -> str:
    """Sorted keys, no spaces, decimals and instants as strings: the same value always gives the same text.

    Accepts dataclasses, mappings, sequences, sets, `Decimal`, dates, aware instants, enums and JSON's own types.
    """
    return json.dumps(to_jsonable(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(value: object) -> str:
    """SHA-256, in hex, of the canonical JSON of a value."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def to_jsonable(value: object) -> Any:
    """Turns a record into JSON's own types without losing a digit."""
    kind = type(value)
    way = _KNOWN.get(kind) or _KNOWN.setdefault(kind, _way_of(kind))
    return way(value)


def instant_text(instant: datetime) -> str:
    """An aware instant as UTC ISO 8601 with microseconds: `2026-11-23T10:12:00.000000Z`."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant_from_text(text: str) -> datetime:
    """The inverse of `instant_text`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def parse_json(text: str) -> Any:
    """Reads JSON as it was written; numbers with a point stay floats, amounts are strings."""
    return json.loads(text)


def _way_of(kind: type) -> Callable[[Any], Any]:
    for of, way in _WAYS:
        if issubclass(kind, of):
            return way
    if is_dataclass(kind):
        return _record_way(kind)
    raise TypeError(f"no canonical form for {kind.__name__}")


def _record_way(kind: type) -> Callable[[Any], Any]:
    names = [field.name for field in fields(kind)]
    return lambda record: {name: to_jsonable(getattr(record, name)) for name in names}


# Found once for each class, as a policy alone is a thousand values.
_KNOWN: dict[type, Callable[[Any], Any]] = {}

# The first that fits: an enum may be a string too, an instant is a date.
_WAYS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: value.value),
    ((type(None), str, bool, int, float), lambda value: value),
    (Decimal, plain),
    (datetime, instant_text),
    (date, date.isoformat),
    (Mapping, lambda value: {str(key): to_jsonable(item) for key, item in value.items()}),
    ((frozenset, set), lambda value: sorted(to_jsonable(item) for item in value)),
    ((list, tuple), lambda value: [to_jsonable(item) for item in value]),
)
