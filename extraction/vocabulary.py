"""The words papers use beside their values: phrase → the field it labels, its language and its strength.

The phrases stand in `bundles/vocabulary.json`, by field and language, written folded (lower case, no accents); spaces
and points do not matter when one is looked up. A phrase after `~` is weak: it names the field only when nothing
better does. Names that start with `x_` are not fields: they label values that are often taken for one, and
`column_` names are headings of line tables.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "bundles" / "vocabulary.json"
WEAK = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a phrase says: the field it labels, the language it is in, and how strongly (1, or 0.5 for a weak one)."""

    field: str
    language: str
    strength: float


@cache
def phrases() -> Mapping[str, tuple[Meaning, ...]]:
    """Every label phrase, squeezed, with its meanings."""
    found: dict[str, list[Meaning]] = {}
    for field, by_language in _tables().items():
        if field.startswith("column_"):
            continue
        for language, entries in by_language.items():
            for entry in entries:
                known = found.setdefault(phrase_key(entry), [])
                if all(meaning.field != field for meaning in known):
                    strength = WEAK if entry.startswith("~") else 1.0
                    known.append(Meaning(field=field, language=language, strength=strength))
    return {key: tuple(meanings) for key, meanings in found.items()}


@cache
def column_phrases() -> Mapping[str, tuple[str, ...]]:
    """Every heading of a line table, squeezed, with the columns it may stand for, likeliest first."""
    found: dict[str, list[str]] = {}
    for field, by_language in _tables().items():
        if field.startswith("column_"):
            for entries in by_language.values():
                for entry in entries:
                    known = found.setdefault(phrase_key(entry), [])
                    if field.removeprefix("column_") not in known:
                        known.append(field.removeprefix("column_"))
    return {key: tuple(columns) for key, columns in found.items()}


@cache
def phrase_beginnings() -> frozenset[str]:
    """Everything that a label phrase begins with, so that a search can stop early."""
    return _beginnings(phrases())


@cache
def column_beginnings() -> frozenset[str]:
    """Everything that the heading of a line table begins with."""
    return _beginnings(column_phrases())


def _beginnings(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key[:length] for key in keys for length in range(1, len(key) + 1))


def phrase_key(phrase: str) -> str:
    """The form in which a phrase is looked up: no spaces, `#` read as `no`, `%` as `pct`."""
    return phrase.lstrip("~").replace("#", "no").replace("%", "pct").replace(" ", "")


@cache
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    tables: Mapping[str, Mapping[str, list[str]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return tables
