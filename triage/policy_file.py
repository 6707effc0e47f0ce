"""Turns the text of a policy file into values, or says what is wrong with it, on which line, and what to write."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import InputError

_CODE = "POLICY-INVALID"
_NOT_TOML = "Correct the line it names."
_SHOWN_PROBLEMS = 5
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_.\-"']+)\s*=""")

_AT_LINE = re.compile(r"\bline (\d+)")

Parsed = TypeVar("Parsed", bound=BaseModel)
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a policy file.

    Attributes:
        line: where it is written, or the nearest table around it; None when none of it is.
        key: dotted, empty where it is about the whole file.
        said: what is wrong, after the key: `is missing`, `: input should be a number`.
    """

    line: int | None
    key: str
    said: str
    remedy: str

    @property
    def sentence(self) -> str:
        """With its place: `line 31, tolerances.charge.upper_pct: input should be a number`."""
        return ("" if self.line is None else f"line {self.line}, ") + (self.key or "the policy") + self.said


def parse_policy(text: str, model: type[Parsed]) -> Parsed:
    """Reads TOML with exact decimals and validates it strictly.

    Raises:
        InputError: `POLICY-INVALID`.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_CODE, f"The policy is not valid TOML: {error}.", _NOT_TOML) from error
    try:
        return model.model_validate(_lists_to_tuples(data))
    except ValidationError as error:
        problems = [_problem(text, problem) for problem in error.errors()]
        raise InputError(_CODE, _summary([one.sentence for one in problems]), problems[0].remedy) from error


def problems_of(text: str, model: type[BaseModel]) -> tuple[Problem, ...]:
    """Everything that is wrong with a file's form, in the order of its lines; nothing for a file that can be read."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return (Problem(line=line_named(str(error)), key="", said=f" is not valid TOML: {error}", remedy=_NOT_TOML),)
    try:
        model.model_validate(_lists_to_tuples(data))
    except ValidationError as error:
        found = [_problem(text, problem) for problem in error.errors()]
        return tuple(sorted(found, key=lambda one: (one.line or 0, one.key)))
    return ()


def line_named(sentence: str) -> int | None:
    """The line that a sentence about a file names."""
    found = _AT_LINE.search(sentence)
    return None if found is None else int(found[1])


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line on which a key, else the nearest table around it, is written; None when none of it is."""
    places = _places(text)
    for length in range(len(path), 0, -1):
        if tuple(path[:length]) in places:
            return places[tuple(path[:length])]
    return None


def _problem(text: str, problem: Any) -> Problem:
    path = tuple(part for part in problem["loc"] if not _is_branch(part))
    said, remedy = _said(problem, _dotted(path))
    return Problem(line=line_of(text, path), key=_dotted(path), said=said, remedy=remedy)


def _said(problem: Any, key: str) -> tuple[str, str]:
    if problem["type"] == "missing":
        return " is missing", (
            f"Write {key} as triage/default_policy.toml does: 0 allows nothing, a number that much, "
            '"unlimited" must be written out where it is meant.'
        )
    if problem["type"] == "extra_forbidden":
        return " is not a key of the policy", f"Remove {key}, or correct its spelling."
    said = str(problem["msg"]).removeprefix("Value error, ").replace("an instance of Decimal", "a number")
    return f": {said[:1].lower()}{said[1:]}", f"Correct {key or 'it'}; triage/default_policy.toml shows every key."


def _is_branch(part: str | int) -> bool:
    """Whether a step of the path is a branch of a union or the key of a mapping, not a key of the file."""
    return isinstance(part, str) and (part == "[key]" or "function-" in part or part in {"decimal", "nullable"})


def _summary(problems: Sequence[str]) -> str:
    shown = "; ".join(problems[:_SHOWN_PROBLEMS])
    more = len(problems) - _SHOWN_PROBLEMS
    return f"The policy is refused: {shown}{f'; and {more} more' if more > 0 else ''}."


def _dotted(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _lists_to_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lists_to_tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_lists_to_tuples(item) for item in value)
    return value


def _places(text: str) -> dict[Path, int]:
    """The line of every table and key, by path; tables of an array are counted from 0, one a line if inline."""
    places: dict[Path, int] = {}
    table: Path = ()
    array: Path = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            name = header[2]
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
            table = _table_path(name, counts)
            places.setdefault(table, number)
            if header[1] == "[[":
                places.setdefault(table[:-1], number)
        elif key:
            array = (*table, *_keys(key[1]))
            places.setdefault(array, number)
        elif line.lstrip().startswith("{"):
            dotted = ".".join(str(part) for part in array)
            counts[dotted] = counts.get(dotted, -1) + 1
            places.setdefault((*array, counts[dotted]), number)
    return places


def _table_path(name: str, counts: dict[str, int]) -> Path:
    """`overrides.tolerances.quantity` inside the second `[[overrides]]` is `overrides`, 1, `tolerances`, `quantity`."""
    path: list[str | int] = []
    walked: list[str] = []
    for key in _keys(name):
        path.append(key)
        walked.append(key)
        if ".".join(walked) in counts:
            path.append(counts[".".join(walked)])
    return tuple(path)


def _keys(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
