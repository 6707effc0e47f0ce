"""Turns frozen records into canonical JSON text and back, by encoders and decoders built once from their type hints.

An attribute that equals its default is left out, so that one added later changes nothing of what was written before.
That makes a default part of what is stored: it may never be changed, only an attribute of a new name be added.
"""

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.canonical import instant_from_text, instant_text
from core.money import plain

Encode = Callable[[Any], str]
Decode = Callable[[Any], Any]
SortKey = Callable[[Any], Any]
Sets = Mapping[tuple[type, str], SortKey | None]
"""Tuples that are sets in meaning, by record and attribute: written in the order of this key, else of their text."""

_REQUIRED = object()


def encoder(kind: Any, sets: Sets = types.MappingProxyType({})) -> Encode:
    """What writes a value of this type as canonical JSON: sorted keys, no spaces, decimals and instants as strings."""
    if _optional(kind) is not None:
        return _nullable(encoder(_optional(kind), sets))
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple_encoder(get_args(kind), sets)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_encoder(encoder(get_args(kind)[1], sets))
    if is_dataclass(kind):
        return _record_encoder(kind, sets)
    if _is_named_tuple(kind):
        return _joined([encoder(hint, sets) for hint in get_type_hints(kind).values()])
    return _single_encoder(kind)


def decoder(kind: Any) -> Decode:
    """What turns parsed JSON back into a value of this type; an attribute that was left out gets its default.

    The decoder raises `ValueError` when a record lacks an attribute that has no default.
    """
    if _optional(kind) is not None:
        read = decoder(_optional(kind))
        return read if read is _as_it_is else lambda data: None if data is None else read(data)
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple_decoder(get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        read_item = decoder(get_args(kind)[1])
        return lambda data: dict(zip(data, map(read_item, data.values()), strict=True))
    if is_dataclass(kind):
        return _record_decoder(kind)
    if _is_named_tuple(kind):
        return lambda data: kind(*data)
    return _single_decoder(kind)


def _record_encoder(kind: Any, sets: Sets) -> Encode:
    hints = get_type_hints(kind)
    plan = []
    for name in sorted(hints):
        field = next(field for field in fields(kind) if field.name == name)
        write = encoder(hints[name], sets)
        if (kind, name) in sets:
            write = _set_encoder(encoder(get_args(hints[name])[0], sets), sets[kind, name])
        plan.append((f'"{name}":', attrgetter(name), _default(field), write))

    def write_record(record: Any) -> str:
        parts = []
        for prefix, attribute, default, write in plan:
            value = attribute(record)
            if value is not default and value != default:
                parts.append(prefix + write(value))
        return "{" + ",".join(parts) + "}"

    return write_record


def _record_decoder(kind: Any) -> Decode:
    hints = get_type_hints(kind)
    known = {field.name: _default(field) for field in fields(kind)}
    reads = [(name, read) for name in known if (read := decoder(hints[name])) is not _as_it_is]

    def read_record(data: Mapping[str, Any]) -> Any:
        values = dict(data)
        for name, read in reads:
            if name in values:
                values[name] = read(values[name])
        try:
            return kind(**values)
        except TypeError:
            missing = [name for name, default in known.items() if default is _REQUIRED and name not in values]
            if missing:
                raise ValueError(f"stored {kind.__name__} lacks {', '.join(missing)}") from None
            return kind(**{name: value for name, value in values.items() if name in known})

    return read_record


def _default(field: "Field[Any]") -> Any:
    if field.default is not MISSING:
        return field.default
    return _REQUIRED if field.default_factory is MISSING else field.default_factory()


def _set_encoder(write: Encode, key: SortKey | None) -> Encode:
    def write_set(values: Any) -> str:
        if key is None:
            return "[" + ",".join(sorted(map(write, values))) + "]"
        written = sorted((key(value), write(value)) for value in values)
        return "[" + ",".join(text for _, text in written) + "]"

    return write_set


def _tuple_encoder(kinds: tuple[Any, ...], sets: Sets) -> Encode:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        write = encoder(kinds[0], sets)
        return lambda values: "[" + ",".join(map(write, values)) + "]"
    return _joined([encoder(kind, sets) for kind in kinds])


def _joined(writes: list[Encode]) -> Encode:
    def write_parts(values: Any) -> str:
        return "[" + ",".join([write(value) for write, value in zip(writes, values, strict=True)]) + "]"

    return write_parts


def _tuple_decoder(kinds: tuple[Any, ...]) -> Decode:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        read = decoder(kinds[0])
        return lambda data: tuple([read(item) for item in data])
    reads = [decoder(kind) for kind in kinds]
    return lambda data: tuple([read(item) for read, item in zip(reads, data, strict=True)])


def _mapping_encoder(write: Encode) -> Encode:
    def write_mapping(values: Mapping[str, Any]) -> str:
        items = [encode_basestring(key) + ":" + write(values[key]) for key in sorted(values)]
        return "{" + ",".join(items) + "}"

    return write_mapping


def _nullable(write: Encode) -> Encode:
    return lambda value: "null" if value is None else write(value)


def _single_encoder(kind: Any) -> Encode:
    if kind is str:
        return encode_basestring
    if kind is Decimal:
        return lambda value: f'"{plain(value)}"'
    if kind is datetime:
        return lambda value: f'"{instant_text(value)}"'
    if kind is date:
        return lambda value: f'"{value.isoformat()}"'
    if kind is bool:
        return lambda value: "true" if value else "false"
    if kind is int:
        return lambda value: str(int(value))
    if kind is float:
        return _write_float
    if isinstance(kind, type) and issubclass(kind, Enum):
        written = {member: encode_basestring(member.value) for member in kind}
        return written.__getitem__
    raise TypeError(f"no canonical form for {kind}")


def _write_float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"no canonical form for {value}")
    return repr(float(value))


def _single_decoder(kind: Any) -> Decode:
    decoders: dict[Any, Decode] = {
        Decimal: Decimal,
        datetime: lru_cache(maxsize=4_096)(instant_from_text),
        date: date.fromisoformat,
        float: float,
        str: _as_it_is,
        int: _as_it_is,
        bool: _as_it_is,
    }
    if kind in decoders:
        return decoders[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    raise TypeError(f"no canonical form for {kind}")


def _as_it_is(value: Any) -> Any:
    return value


def _optional(kind: Any) -> Any:
    """The type an optional one is optional of, None when it is not optional."""
    if get_origin(kind) not in (Union, types.UnionType):
        return None
    parts = [part for part in get_args(kind) if part is not type(None)]
    if len(parts) != 1 or len(parts) == len(get_args(kind)):
        raise TypeError(f"no canonical form for {kind}")
    return parts[0]


def _is_named_tuple(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")
