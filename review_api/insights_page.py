"""The page of figures as it is shown: headline numbers beside those before, charts, tables, links to what counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from core.texts import N_
from review_api.insights import Insights, model_months
from review_api.insights_charts import CHARTS, Chart, charts_of
from review_api.insights_words import Teller
from review_api.presenting import Reader
from triage.insights.scope import KINDS
from triage.insights.tally import Column, Figure

ROWS_SHOWN = 12
TOLD_BEHIND = 100
"""So many entries of the audit that are not counted yet are told of: a few there always are."""

_ORDER = (
    "touchless",
    "backlog",
    "backlog-by-week",
    "exceptions-by-week",
    "exceptions-by-code",
    "exceptions-by-supplier",
    "exceptions-by-site",
    "cycle-time",
    "touches",
    "samples",
    "second-checks",
    "overrides",
    "late-discounts",
    "money",
    "models",
    "feeds",
    "changes",
)
_WHOLE = frozenset({"touchless", "backlog-by-week", "exceptions-by-week", "samples", "second-checks", "feeds"})
_WIDE = frozenset({"overrides", "money", "late-discounts", "models", "feeds", "changes"})
_KIND_WORDS: Mapping[str, str] = {
    "paper": N_("papers"),
    "planning": N_("planning"),
    "all": N_("everything"),
    "invoice": N_("invoices"),
    "shipment": N_("deliveries"),
    "other": N_("other papers"),
    "order": N_("orders"),
    "demand": N_("demand"),
    "recommendation": N_("replenishment"),
    "bill": N_("bills"),
    "promise": N_("promises"),
}


class _Head(NamedTuple):
    """A number one looks at first: which figure's which sum, its words, and what kind of value it is."""

    figure: str
    total: str
    label: str
    kind: str


_HEADS = (
    _Head("touchless", "touchless_rate", N_("touchless"), "share"),
    _Head("touchless", "first_pass_yield", N_("right the first time"), "share"),
    _Head("backlog", "cases", N_("cases open"), "count"),
    _Head("backlog", "past_due", N_("past due"), "count"),
    _Head("cycle-time", "mean_seconds", N_("from opened to ended"), "seconds"),
    _Head("touches", "mean_touches", N_("touches a case"), "number"),
    _Head("overrides", "share", N_("approved all the same"), "share"),
    _Head("samples", "share", N_("wrong in blind checks"), "share"),
    _Head("second-checks", "share", N_("of two checkers, not agreed"), "share"),
    _Head("money", "hours_saved", N_("hours saved"), "number"),
    _Head("money", "net_amount", N_("saved and avoided"), "money"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A number one looks at first, and what it was in as many days before; that is empty where nothing was."""

    label: str
    value: str
    before: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value as it is written, and where it leads."""

    text: str
    is_number: bool
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One figure on the page.

    Attributes:
        heads: headings, and whether numbers stand under them.
        hidden: how many rows only the CSV has.
        is_wide: whether it takes the whole width.
    """

    name: str
    title: str
    counts: str
    chart: Markup | None
    said: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    hidden: int
    csv: str
    is_wide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightsView:
    """The page.

    Attributes:
        lists: what may be chosen of each filter.
        waiting: entries of the audit that are not counted yet, where they are many.
    """

    headlines: tuple[Headline, ...]
    sections: tuple[Section, ...]
    kinds: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str, tuple[str, ...], str], ...]
    waiting: int
    counted_at: datetime | None


def insights_view(found: Insights, reader: Reader, given: Mapping[str, str]) -> InsightsView:
    """The page of these figures.

    Args:
        given: the words of the address, to lead on with.
    """
    told = Teller(reader=reader, currency=found.currency, changes=found.changes)
    figures = dict(found.figures)
    if found.models is not None:
        figures["models"] = model_months(found.models[1])
    charts = charts_of(figures, told)
    behind = found.counted.head - found.counted.sequence
    return InsightsView(
        headlines=tuple(_headline(head, figures[head.figure], told) for head in _HEADS),
        sections=tuple(_section(figures[name], told, given, charts.get(name)) for name in _ORDER if name in figures),
        kinds=tuple((name, told.say(_KIND_WORDS[name])) for name in KINDS),
        lists=tuple(
            (name, told.say(label), found.values[name], getattr(found.scope, name) or "")
            for name, label in (("queue", N_("queue")), ("legal_entity", N_("legal entity")), ("site", N_("site")))
            if found.values[name]
        ),
        waiting=behind if behind >= TOLD_BEHIND else 0,
        counted_at=found.counted.counted_at,
    )


def _headline(head: _Head, figure: Figure, told: Teller) -> Headline:
    now = figure.totals.get(head.total)
    before = None if figure.before is None else figure.before.get(head.total)
    return Headline(
        label=told.say(head.label),
        value=told.write(now, head.kind),
        before=_compared(now, before, head.kind, told),
        anchor=figure.name,
    )


def _compared(now: Any, before: Any, kind: str, told: Teller) -> str:
    """What it was in the days before, with an arrow and its word."""
    if before is None or now is None:
        return ""
    was = told.write(before, kind)
    if was == told.write(now, kind):
        return told.say("as before")
    return told.say("▲ up from %(was)s", was=was) if now > before else told.say("▼ down from %(was)s", was=was)


def _section(figure: Figure, told: Teller, given: Mapping[str, str], chart: Chart | None) -> Section:
    # A chart that was not drawn had nothing to show, and rows of noughts beside it say no more.
    rows = figure.rows if chart is not None or figure.name not in CHARTS else ()
    shown = rows if figure.name in _WHOLE else rows[:ROWS_SHOWN]
    return Section(
        name=figure.name,
        title=told.say(figure.title),
        counts=told.say(figure.counts),
        chart=None if chart is None else chart[0],
        said="" if chart is None else chart[1],
        heads=tuple((told.say(column.title), _is_number(column)) for column in figure.columns),
        rows=tuple(_row(figure, row, told, given) for row in shown),
        hidden=len(rows) - len(shown),
        csv=f"/v1/insights/{figure.name}?{urlencode({**given, 'format': 'csv'})}",
        is_wide=figure.name in _WIDE,
    )


def _row(figure: Figure, row: Mapping[str, Any], told: Teller, given: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            text=told.write(row[column.name], column.kind, row.get("currency")),
            is_number=_is_number(column),
            href=_leads_to(column.name, row[column.name], given),
        )
        for column in figure.columns
    )


def _leads_to(name: str, value: Any, given: Mapping[str, str]) -> str | None:
    """Where a value leads: a code to the cases that wait with it, a supplier or site to its own figures."""
    if not value:
        return None
    if name == "code":
        return f"/?{urlencode({'code': value})}"
    return f"/insights?{urlencode({**given, name: value})}" if name in {"supplier", "site"} else None


def _is_number(column: Column) -> bool:
    return column.kind not in {"text", "words", "day", "instant"}
