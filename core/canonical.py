"""Canonical JSON: one spelling for one value, so that a hash of it means something."""

import hashlib
import json
from collections.abc import Mapping
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
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_jsonable(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_jsonable(item) for item in value)
    if isinstance(value, list | tuple):
        return [to_jsonable(item) for item in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")


def instant_text(instant: datetime) -> str:
    """An aware instant as UTC ISO 8601 with microseconds: `2026-11-23T10:12:00.000000Z`."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant_from_text(text: str) -> datetime:
    """The inverse of `instant_text`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def parse_json(text: str) -> Any:
    """Reads JSON as it was written; numbers with a point stay floats, amounts are strings."""
    return json.loads(text)
