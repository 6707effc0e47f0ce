"""Completes a policy that was put in force before its newest keys existed, with the built-in text of those keys.

A file a person brings is never completed: what it lacks is refused. Only what is in force when the program is renewed
is, so that a house goes on working under what its people decided; comments and every value they wrote stay.
"""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel

from triage.policy import WRITTEN_OUT, Policy, ToleranceName
from triage.policy_file import line_of

KeyPath = tuple[str, ...]


def missing_keys(text: str, built_in: str) -> tuple[KeyPath, ...]:
    """Keys and tables a policy must have and this text has not, outermost first; none for a whole policy.

    What an owner may leave out (a kind of document, a role, a model) is not among them.

    Raises:
        tomllib.TOMLDecodeError: it is no TOML.
    """
    return tuple(_missing(Policy, _data(text), _data(built_in), ()))


def completed(text: str, built_in: str) -> str:
    """The text with the built-in lines of every key it must have and has not."""
    for path in missing_keys(text, built_in):
        lines = _lines_of(built_in, path)
        text = _with_table(text, lines) if lines[0].lstrip().startswith("[") else _with_key(text, path, lines)
    return text


def _data(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _missing(
    model: type[BaseModel], data: Mapping[str, Any], ours: Mapping[str, Any], at: KeyPath
) -> Iterator[KeyPath]:
    for name, field in model.model_fields.items():
        if name not in data:
            if (field.is_required() or (model is Policy and name in WRITTEN_OUT)) and name in ours:
                yield (*at, name)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _missing(field.annotation, data[name], ours[name], (*at, name))
    if model is Policy:
        yield from _missing_names(data, ours)


def _missing_names(data: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Names that tables with free keys must have all the same: every tolerance, every feed of our own rules."""
    wanted = {"tolerances": get_args(ToleranceName), "freshness_hours": tuple(ours["freshness_hours"])}
    for table, names in wanted.items():
        if table in data:
            yield from ((table, name) for name in names if name not in data[table])


def _lines_of(built_in: str, path: KeyPath) -> list[str]:
    """The lines of a key with its value, or of a table with those inside it, as the built-in policy has them."""
    lines = built_in.splitlines()
    start = next(index for index, line in enumerate(lines) if _begins(line, path, built_in, index))
    if not lines[start].lstrip().startswith("["):
        end = next(end for end in range(start + 1, len(lines) + 1) if _is_toml("\n".join(lines[start:end])))
        return lines[start:end]
    inside = [index for index, line in enumerate(lines) if line.startswith("[") and _header(line)[: len(path)] == path]
    after = next((i for i in range(inside[-1] + 1, len(lines)) if lines[i].startswith("[")), len(lines))
    kept = lines[start:after]
    while kept and (not kept[-1].strip() or kept[-1].startswith("#")):
        kept.pop()
    return kept


def _begins(line: str, path: KeyPath, text: str, index: int) -> bool:
    if line.startswith("["):
        return _header(line)[: len(path)] == path
    return bool(line) and line_of(text, path) == index + 1 and not line.startswith("#")


def _header(line: str) -> KeyPath:
    return tuple(line.partition("#")[0].strip().strip("[]").split("."))


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _with_table(text: str, lines: list[str]) -> str:
    return f"{text.rstrip()}\n\n" + "\n".join(lines) + "\n"


def _with_key(text: str, path: KeyPath, lines: list[str]) -> str:
    """The text with a key under the header of its table; a key of no table goes before everything."""
    ours = text.splitlines()
    if len(path) == 1:
        return "\n".join([*lines, *ours]) + "\n"
    header = next((index for index, line in enumerate(ours) if _is_header(line, path[:-1])), None)
    if header is None:
        return _with_table(text, [f"[{'.'.join(path[:-1])}]", *lines])
    return "\n".join([*ours[: header + 1], *lines, *ours[header + 1 :]]) + "\n"


def _is_header(line: str, path: KeyPath) -> bool:
    return line.lstrip().startswith("[") and not line.lstrip().startswith("[[") and _header(line.lstrip()) == path
