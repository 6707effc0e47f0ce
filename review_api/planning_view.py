"""Lays a planner's case out: findings, what a model says and why, ways to take, what is recommended beside the rule."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.canonical import parse_json
from core.decisions import Finding
from core.money import rounded
from core.texts import N_
from models.prediction import Reason
from review_api.fact_words import fact_word, odd_word
from review_api.planning_charts import Chart
from review_api.presenting import NOTHING, Reader
from triage.planning_detail import PlanningDetail
from triage.planning_ways import Way

_FACTS_SHOWN = 50
_QUIET = frozenset({"rule", "words", "alternatives", "reasons"})
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?")
_WRITTEN_AS_THEY_ARE = re.compile(r".*(_id|_number|gtin|model|service|region|description|category)")


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
class WayView:
    """One way a planner may take.

    Attributes:
        held: why the rules do not let it be taken; empty where they do.
    """

    number: int
    words: str
    chance: str
    quantity: str
    held: str
    approves: str
    reason_code: str


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
        said: what odd demand is told for, in words.
    """

    kind: str
    findings: tuple[Finding, ...]
    probability: str | None
    model: str | None
    reasons: tuple[ReasonView, ...]
    said: tuple[str, ...]
    charts: tuple[Chart, ...]
    ways: tuple[WayView, ...]
    advice: tuple[AdviceRow, ...]
    has_rule: bool
    tables: tuple[FactTable, ...]


def planning_view(
    detail: PlanningDetail, reader: Reader, *, ways: Sequence[Way] = (), charts: Sequence[Chart] = ()
) -> PlanningView:
    """Lays the case out."""
    record = detail.decision
    said, advice = record.said, record.advice or {}
    known = said is not None and 0 <= said.probability <= 1
    facts = parse_json(record.facts)
    layout = _Layout(reader)
    return PlanningView(
        kind=record.kind,
        findings=record.found,
        probability=reader.percent(said.probability) if said is not None and known else None,
        model=None if said is None else said.model,
        reasons=() if said is None else tuple(_reason(one, reader) for one in said.reasons),
        said=tuple(_told(advice.get("reasons"), reader)),
        charts=tuple(charts),
        ways=tuple(_way(one, reader) for one in ways),
        advice=tuple(layout.advice_rows(advice)),
        has_rule=isinstance(advice.get("rule"), Mapping),
        tables=tuple(layout.tables(record.kind, facts, advice)),
    )


def _reason(reason: Reason, reader: Reader) -> ReasonView:
    effect = reader.say("raises it") if reason.weight > 0 else reader.say("lowers it")
    return ReasonView(words=reader.sentence(reason.words), effect=effect)


def _told(reasons: object, reader: Reader) -> Iterable[str]:
    for one in reasons if isinstance(reasons, list) else ():
        words = one.get("words") if isinstance(one, Mapping) else one
        if words:
            yield reader.sentence(str(words))


def _way(way: Way, reader: Reader) -> WayView:
    return WayView(
        number=way.number,
        words=reader.sentence(way.words),
        chance="" if way.probability is None else reader.percent(way.probability),
        quantity="" if way.quantity is None else reader.number(way.quantity),
        held=" ".join(reader.sentence(one) for one in way.held),
        approves=", ".join(way.approves),
        reason_code="rule_followed" if way.kind == "rule" else "recommendation_followed",
    )


class _Layout:
    """Tables of facts as one reader reads them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def advice_rows(self, advice: Mapping[str, Any]) -> Iterable[AdviceRow]:
        """Figures both have side by side, then what the rule alone tells, in its order."""
        rule = advice["rule"] if isinstance(advice.get("rule"), Mapping) else {}
        for name, value in advice.items():
            if name not in _QUIET and not isinstance(value, list | Mapping) and (value is not None or name in rule):
                beside = self._cell(name, rule[name]) if name in rule else ""
                yield AdviceRow(label=self._words(name), recommended=self._cell(name, value), rule=beside)
        for name, value in rule.items():
            if name not in advice and name not in {"item_id", "location_id"}:
                yield AdviceRow(label=self._words(name), recommended="", rule=self._cell(name, value))

    def tables(self, kind: str, facts: Mapping[str, Any], advice: Mapping[str, Any]) -> Iterable[FactTable]:
        """What is told beside the figures, then the facts."""
        for name, value in advice.items():
            if name in _QUIET:
                continue
            if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
                yield self._table(self._words(name), value)
            elif isinstance(value, Mapping) and value:
                yield self._table(self._words(name), [value])
        if kind == "order":
            yield self._table(self._words("order"), [facts["order"]])
            shown: tuple[str, ...] = ("lines", "stock", "inbound")
        elif kind == "recommendation":
            shown = ("item", "stock", "demand", "inbound")
        else:
            title = N_("Bill") if kind == "bill" else N_("Demand")
            yield self._table(self._reader.say(title), [facts])
            shown = ()
        for name in shown:
            if facts.get(name):
                rows = facts[name] if isinstance(facts[name], list) else [facts[name]]
                yield self._table(self._words(name), rows)

    def _table(self, title: str, rows: Sequence[Mapping[str, Any]]) -> FactTable:
        columns = tuple(
            name
            for name in dict.fromkeys(name for row in rows for name in row if not isinstance(row[name], Mapping))
            if any(row.get(name) not in (None, "", []) for row in rows)
        )
        return FactTable(
            title=title[:1].upper() + title[1:],
            columns=tuple(self._words(name) for name in columns),
            rows=tuple(tuple(self._cell(name, row.get(name)) for name in columns) for row in rows[:_FACTS_SHOWN]),
        )

    def _words(self, name: str) -> str:
        return self._reader.say(fact_word(name))

    def _cell(self, name: str, value: object) -> str:
        reader = self._reader
        if value is None or value == "":
            return NOTHING
        if isinstance(value, bool):
            return reader.say("yes") if value else reader.say("no")
        if isinstance(value, list):
            return ", ".join(self._cell(name, one) for one in value) or NOTHING
        if name in {"probability", "share", "risk"}:
            return reader.percent(float(str(value)))
        if isinstance(value, float):
            return reader.number(Decimal(f"{value:.3g}"))
        return self._text(name, str(value))

    def _text(self, name: str, text: str) -> str:
        reader = self._reader
        if _NUMBER.fullmatch(text) and not _WRITTEN_AS_THEY_ARE.fullmatch(name):
            return reader.number(rounded(Decimal(text), 2))
        if name in {"words", "reason", "lead_time_from", "why", "notes"}:
            return reader.sentence(text)
        if name == "kind":
            return reader.say(odd_word(text))
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        if len(text) == len("2026-11-23"):
            return reader.day(date.fromisoformat(text))
        return reader.moment(at)
