"""Facts as JSON and back, so that a decision stores what it was made from and can be made again.

Writing is `core.canonical`; reading follows the records' own type hints, so a new attribute needs no change here.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.canonical import instant_from_text, to_jsonable
from core.documents import Box
from triage.facts import Facts


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Every record, decimal and instant as JSON's own types, without losing a digit."""
    data = to_jsonable(facts)
    assert isinstance(data, dict)
    return data


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """Reads back what `facts_to_json` wrote; an attribute that did not exist then gets its default."""
    facts = _value(Facts, data)
    assert isinstance(facts, Facts)
    return facts


def _value(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _value(next(part for part in get_args(kind) if part is not type(None)), data)
    if origin is tuple:
        return _tuple(get_args(kind), data)
    if origin is not None and issubclass(origin, Mapping):
        _, item = get_args(kind)
        return {key: _value(item, value) for key, value in data.items()}
    return _single(kind, data)


def _tuple(kinds: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_value(kinds[0], item) for item in data)
    return tuple(_value(kind, item) for kind, item in zip(kinds, data, strict=True))


def _single(kind: Any, data: Any) -> Any:
    if kind is Box:
        return Box(*data)
    if is_dataclass(kind):
        return _record(kind, data)
    if kind is Decimal:
        return Decimal(data)
    if kind is datetime:
        return instant_from_text(data)
    if kind is date:
        return date.fromisoformat(data)
    if kind is float:
        return float(data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return data


def _record(kind: Any, data: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    known = {field.name: field for field in fields(kind)}
    given = {name: _value(hints[name], data[name]) for name in known if name in data}
    missing = [
        name
        for name, field in known.items()
        if name not in data and field.default is MISSING and field.default_factory is MISSING
    ]
    if missing:
        raise ValueError(f"stored {kind.__name__} lacks {', '.join(missing)}")
    return kind(**given)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
