"""Lays a planner's case out: findings, what a model says and why, what is recommended beside today's rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.canonical import parse_json
from core.decisions import Finding
from models.prediction import Reason
from review_api.presenting import NOTHING
from triage.planning_detail import PlanningDetail

_FACTS_SHOWN = 50
_QUIET = frozenset({"rule", "words"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """One thing that moved a prediction, and which way."""

    words: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRow:
    """One figure of a recommendation, and what today's rule has in its place."""

    label: str
    recommended: str
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    """Facts the decision was made from, as a table."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningView:
    """What the page of a planner's case shows beside its head.

    Attributes:
        probability: in percent; None where no model spoke.
    """

    findings: tuple[Finding, ...]
    probability: str | None
    model: str | None
    reasons: tuple[ReasonView, ...]
    advice: tuple[AdviceRow, ...]
    has_rule: bool
    tables: tuple[FactTable, ...]


def planning_view(detail: PlanningDetail) -> PlanningView:
    """Lays the case out."""
    record = detail.decision
    said, advice = record.said, record.advice or {}
    known = said is not None and 0 <= said.probability <= 1
    facts = parse_json(record.facts)
    return PlanningView(
        findings=record.found,
        probability=f"{said.probability:.0%}" if said is not None and known else None,
        model=None if said is None else said.model,
        reasons=() if said is None else tuple(_reason(one) for one in said.reasons),
        advice=tuple(_advice_rows(advice)),
        has_rule=isinstance(advice.get("rule"), Mapping),
        tables=tuple(_tables(record.kind, facts, advice)),
    )


def _reason(reason: Reason) -> ReasonView:
    return ReasonView(words=reason.words, effect="raises it" if reason.weight > 0 else "lowers it")


def _advice_rows(advice: Mapping[str, Any]) -> Iterable[AdviceRow]:
    """Figures both have side by side, then what the rule alone tells, in its order."""
    rule = advice["rule"] if isinstance(advice.get("rule"), Mapping) else {}
    for name, value in advice.items():
        if name not in _QUIET and not isinstance(value, list | Mapping):
            yield AdviceRow(
                label=_words(name), recommended=_cell(value), rule=_cell(rule[name]) if name in rule else ""
            )
    for name, value in rule.items():
        if name not in advice and name not in {"item_id", "location_id"}:
            yield AdviceRow(label=_words(name), recommended="", rule=_cell(value))


def _tables(kind: str, facts: Mapping[str, Any], advice: Mapping[str, Any]) -> Iterable[FactTable]:
    for name, value in advice.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            yield _table(_words(name), value)
        elif isinstance(value, Mapping) and value and name not in _QUIET:
            yield _table(_words(name), [value])
    if kind == "order":
        yield _table("Order", [facts["order"]])
        yield from (_table(_words(name), facts[name]) for name in ("lines", "stock", "inbound") if facts.get(name))
    elif kind == "recommendation":
        yield from (_table(_words(name), [facts[name]]) for name in ("item", "stock", "demand") if facts.get(name))
        yield from (_table(_words(name), facts[name]) for name in ("inbound",) if facts.get(name))
    else:
        yield _table("Bill" if kind == "bill" else "Demand", [facts])


def _table(title: str, rows: Sequence[Mapping[str, Any]]) -> FactTable:
    columns = tuple(dict.fromkeys(name for row in rows for name in row if not isinstance(row[name], Mapping)))
    return FactTable(
        title=title,
        columns=tuple(_words(name) for name in columns),
        rows=tuple(tuple(_cell(row.get(name)) for name in columns) for row in rows[:_FACTS_SHOWN]),
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: object) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value) or NOTHING
    return str(value).removesuffix("T00:00:00.000000Z").removesuffix(":00.000000Z")
