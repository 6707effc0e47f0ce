"""Says what a policy sets, key by key as its file has them, and in which of them two policies differ. Pure.

A row of a list is known by what it is about (a route by its name, an override by its item, supplier or legal entity),
not by its place: putting a route before another changes one setting, the order of routes, and no other.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from core.money import plain
from triage.policy import Policy
from triage.policy_parts import ANY_CURRENCY, UNLIMITED

_CURRENCY_LETTERS = 3
_WORDS_FOR_NONE: Mapping[str, str] = {
    "valid_to": "open",
    "short_pct": "service_level",
    "order_cost": "cover_days",
}
_ROWS: Mapping[str, tuple[str, ...]] = {
    "overrides": ("item_id", "supplier_id", "legal_entity"),
    "routes": ("name",),
    "releases": ("codes",),
    "escalations": ("name",),
    "planners": ("name",),
    "budgets": ("name",),
    "lanes": ("service", "from_country", "from_region", "to_country", "to_region"),
    "cut_off_overrides": ("service", "location_id"),
}
_ORDERED = frozenset({"routes", "planners"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A setting two policies do not share; None where one of them has no such setting."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line of two texts laid over one another: in both (` `), only in the earlier (`-`), only in the later (`+`)."""

    sign: str
    text: str
    before: int | None
    after: int | None


def settings_of(policy: Policy) -> Mapping[str, str]:
    """Every setting by its dotted key, in the order of the file, each as it would be written there."""
    return dict(_walk((), policy.model_dump()))


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """The settings in which two policies differ, in the order of the file."""
    earlier, later = settings_of(before), settings_of(after)
    return tuple(
        Difference(key=key, before=earlier.get(key), after=later.get(key))
        for key in _in_order(list(earlier), list(later))
        if earlier.get(key) != later.get(key)
    )


def text_difference(before: str, after: str) -> tuple[TextLine, ...]:
    """Two texts line by line; what differs between them is all that is marked, comments too."""
    old, new = before.splitlines(), after.splitlines()
    found: list[TextLine] = []
    for tag, from_old, to_old, from_new, to_new in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if tag == "equal":
            both = zip(range(from_old, to_old), range(from_new, to_new), strict=True)
            found += [TextLine(sign=" ", text=old[one], before=one + 1, after=two + 1) for one, two in both]
            continue
        found += [TextLine(sign="-", text=old[at], before=at + 1, after=None) for at in range(from_old, to_old)]
        found += [TextLine(sign="+", text=new[at], before=None, after=at + 1) for at in range(from_new, to_new)]
    return tuple(found)


def _in_order(earlier: list[str], later: list[str]) -> list[str]:
    """Keys of both, in the later's order; what is gone stands after what it stood after."""
    known, found = set(later), list(later)
    for place, key in enumerate(earlier):
        if key not in known:
            before = next((one for one in reversed(earlier[:place]) if one in known), None)
            found.insert(0 if before is None else found.index(before) + 1, key)
            known.add(key)
    return found


def _walk(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and not _is_amounts(path, value):
        for name, inner in value.items():
            yield from _walk((*path, name.value if isinstance(name, Enum) else str(name)), inner)
    elif path[-1] in _ROWS and isinstance(value, tuple):
        yield from _rows(path, value)
    elif isinstance(value, tuple) and value and isinstance(value[0], Mapping):
        for row in value:
            yield from _walk((*path[:-1], f"{path[-1]}[{_text(('valid_from',), row['valid_from'])}]"), dict(row))
    elif value is not None or _is_limit(path):
        yield ".".join(path), _text(path, value)


def _rows(path: tuple[str, ...], rows: tuple[Mapping[str, Any], ...]) -> Iterator[tuple[str, str]]:
    names = [_row_name(path[-1], row) for row in rows]
    if path[-1] in _ORDERED:
        yield ".".join((*path, "order")), ", ".join(names)
    for name, row in zip(names, rows, strict=True):
        left = {key: value for key, value in row.items() if value not in (None, (), {}) or key in _WORDS_FOR_NONE}
        left = {key: value for key, value in left.items() if key not in _ROWS[path[-1]] or path[-1] == "lanes"}
        yield from _walk((*path[:-1], f"{path[-1]}[{name}]"), left | _limits_of(path[-1], row))


def _limits_of(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A budget without a limit says so; elsewhere a key that is left away says nothing."""
    return {"amount": row["amount"]} if table == "budgets" else {}


def _row_name(table: str, row: Mapping[str, Any]) -> str:
    said = {key: row.get(key) for key in _ROWS[table]}
    if len(said) == 1:
        return _text((table,), next(iter(said.values())))
    words = {"item_id": "item", "supplier_id": "supplier", "legal_entity": "entity", "location_id": "place"}
    parts = [f"{words.get(key, key.replace('_', ' '))} {_text((key,), value)}" for key, value in said.items() if value]
    return ", ".join(parts)


def _is_amounts(path: tuple[str, ...], value: Mapping[Any, Any]) -> bool:
    """Whether a table is one amount by currency, which is one setting."""
    if not value or path[-1:] == ("rates",) or not all(isinstance(key, str) for key in value):
        return False
    return all(key == ANY_CURRENCY or (len(key) == _CURRENCY_LETTERS and key.isupper()) for key in value)


def _is_limit(path: tuple[str, ...]) -> bool:
    """Whether None says something here: no limit, or the word that stands for it."""
    return path[-1] in _WORDS_FOR_NONE or path[-1].endswith(("_pct", "amount"))


def _text(path: tuple[str, ...], value: Any) -> str:
    if value is None:
        return _WORDS_FOR_NONE.get(path[-1], UNLIMITED)
    if isinstance(value, Mapping):
        named = [f"{_text(path, amount)} {currency}" for currency, amount in value.items() if currency != ANY_CURRENCY]
        rest = [_text(path, value[ANY_CURRENCY])] if ANY_CURRENCY in value else []
        return ", ".join(named + ([f"otherwise {rest[0]}"] if named and rest else rest))
    if isinstance(value, tuple | list | frozenset | set):
        return ", ".join(_text(path, one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)
