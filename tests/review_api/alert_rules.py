"""The example alert rules, read and evaluated over scrapes of the real application: the few operators they use.

Comparison of a metric with a number or another metric, `*` with a number in front, `and`, `sum by`, `increase`.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.conftest import ROOT

Labels = frozenset[tuple[str, str]]
Scrape = Mapping[tuple[str, Labels], float]
Vector = dict[Labels, float]
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {">": operator.gt, "<": operator.lt}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    name: str
    expression: str
    summary: str


def rules() -> dict[str, Rule]:
    """The rules of the example, by name; read without a YAML library, so a line that is no rule's is an error."""
    text = (ROOT / "examples" / "watching" / "alerts.yml").read_text("utf-8")
    found = {}
    for part in text.split("- alert: ")[1:]:
        expression, summary = re.search(r"expr: (.+)", part), re.search(r'summary: "(.+)"', part)
        assert expression is not None and summary is not None, part
        name = part.split()[0]
        found[name] = Rule(name=name, expression=expression[1], summary=summary[1])
    return found


def firing(expression: str, scrape: Scrape, before: Scrape | None = None) -> Vector:
    """The series an expression is true for."""
    sides = [_compared(part.strip(), scrape, before) for part in expression.split(" and ")]
    return {labels: value for labels, value in sides[0].items() if all(labels in side for side in sides[1:])}


def _compared(expression: str, scrape: Scrape, before: Scrape | None) -> Vector:
    said = re.fullmatch(r"(.+?) ([<>]) (.+)", expression)
    assert said is not None, expression
    left, right = _vector(said[1], scrape, before), said[3]
    compare = _COMPARE[said[2]]
    if re.fullmatch(r"[\d.]+", right):
        return {labels: value for labels, value in left.items() if compare(value, float(right))}
    limits = _vector(right, scrape, before)
    return {labels: value for labels, value in left.items() if labels in limits and compare(value, limits[labels])}


def _vector(expression: str, scrape: Scrape, before: Scrape | None) -> Vector:
    if said := re.fullmatch(r"([\d.]+) \* (.+)", expression):
        return {labels: float(said[1]) * value for labels, value in _vector(said[2], scrape, before).items()}
    if said := re.fullmatch(r"sum by \((.+)\) \((.+)\)", expression):
        kept, sums = {name.strip() for name in said[1].split(",")}, defaultdict[Labels, float](float)
        for labels, value in _vector(said[2], scrape, before).items():
            sums[frozenset(pair for pair in labels if pair[0] in kept)] += value
        return dict(sums)
    if said := re.fullmatch(r"increase\((\w+)\[\w+\]\)", expression):
        earlier = _named(said[1], before or {})
        return {labels: value - earlier.get(labels, value) for labels, value in _named(said[1], scrape).items()}
    assert re.fullmatch(r"\w+", expression), expression
    return _named(expression, scrape)


def _named(name: str, scrape: Scrape) -> Vector:
    return {labels: value for (metric, labels), value in scrape.items() if metric == name}
