"""Gathers the sentences that findings, errors and reasons are told in: written in English where the fact is known.

They are stored and raised as whole English sentences. What stands between the facts is their form: the catalogues know
it, and a sentence is told in another language by the form it fits. A form is read from the source: a text, or an
f-string whose expressions are the facts; where an expression chooses between two words, each makes a form of its own.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOMS = ("core", "extraction", "ingest", "triage", "review_api")
_HERE = Path(__file__).resolve().parent.parent
_SENTENCE = re.compile(r"[A-Z%].* .*[a-z]{2}.*[.?]", re.DOTALL)
_FOR_PROGRAMS = ("review_api/cli/", "review_api/gather_", "ingest/feed_", "ingest/feeds")
_REASONS = ("models/late/reasons.py", "models/demand/reasons.py", "models/review/reasons.py")
_LONGEST_NAME = 20


@cache
def sentence_forms(under: str = "") -> frozenset[str]:
    """Every form told by files under a folder; a per cent sign is doubled, as in any text with facts."""
    found: set[str] = set()
    for room in ROOMS:
        for file in sorted((_HERE / room).rglob("*.py")):
            path = file.relative_to(_HERE).as_posix()
            if path.startswith(under) and not path.startswith(_FOR_PROGRAMS):
                tree = ast.parse(file.read_text("utf-8"))
                found |= {form for form in _forms(tree) if _SENTENCE.fullmatch(form) and "\n" not in form}
                found |= _reasons_in(tree) | _said_in(tree)
    for name in _REASONS:
        file = _HERE / name
        if name.startswith(under):
            found |= {form for form in _forms(ast.parse(file.read_text("utf-8"))) if " " in form.strip()}
    return frozenset(form for form in found if re.sub(r"%\(\w+\)s", "", form).strip(" .:;,()%"))


def _reasons_in(tree: ast.Module) -> set[str]:
    """What is said as the reasons of a value: texts given as `reasons`."""
    given = (node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "reasons")
    return {form for value in given for form in _forms(value) if " " in form}


def _said_in(tree: ast.Module) -> set[str]:
    """What history tells: texts that are called `said`."""
    told = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(isinstance(at, ast.Name) and at.id == "said" for at in node.targets)
    )
    return {form for value in told for form in _forms(value) if " " in form}


def _forms(tree: ast.AST) -> Iterator[str]:
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in ast.walk(node) if part is not node}
            if id(node) not in skipped:
                yield from _forms_of(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def _docstrings(tree: ast.AST) -> set[int]:
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _forms_of(text: ast.JoinedStr) -> Iterator[str]:
    forms, names = [""], dict[str, str]()
    for part in text.values:
        forms = [form + said for form in forms for said in _said(part, names)]
    yield from forms


def _said(part: ast.expr, names: dict[str, str]) -> tuple[str, ...]:
    """What a part of an f-string adds: its text, the fact's name, or one of two words."""
    if isinstance(part, ast.Constant):
        return (str(part.value).replace("%", "%%"),)
    assert isinstance(part, ast.FormattedValue)
    chosen = part.value
    if (
        isinstance(chosen, ast.IfExp)
        and isinstance(chosen.body, ast.Constant)
        and isinstance(chosen.orelse, ast.Constant)
    ):
        return tuple(str(one.value).replace("%", "%%") for one in (chosen.body, chosen.orelse))
    return (f"%({_name(chosen, names)})s",)


def _name(expression: ast.expr, names: dict[str, str]) -> str:
    """A short name of a fact, the same for the same expression, another for another."""
    key = ast.unparse(expression)
    if key not in names:
        base = _word(expression)[:_LONGEST_NAME].strip("_") or "fact"
        name, number = base, 2
        while name in names.values():
            name, number = f"{base}{number}", number + 1
        names[key] = name
    return names[key]


def _word(expression: ast.expr) -> str:
    match expression:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case ast.Call(args=[first, *_]):
            return _word(first)
        case ast.Call(func=ast.Attribute(value=value)) | ast.Subscript(value=value):
            return _word(value)
        case ast.BinOp(left=left):
            return _word(left)
    return "fact"
