"""Draws a planner's case: demand with what was to be expected, how likely an order is late, what stock will come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from typing import Any

from markupsafe import Markup

from core.erp import DemandDay
from core.money import ZERO
from review_api.charts import Band, Bar, Mark, Series, bar_chart, line_chart
from review_api.presenting import Reader
from triage.demand_facts import DemandFacts
from triage.inbound import Inbound
from triage.planning_ways import Way
from triage.replenishment_facts import ReplenishmentFacts, on_hand, on_order

HISTORY_DAYS = 70
LANE_WEEKS = 12
_WEEK = 7
_MOST_AHEAD = 90
_LEAST_AHEAD = 14
_NINETY_FIVE = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart and the figures behind it, as a table."""

    title: str
    drawing: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def demand_chart(facts: DemandFacts, history: Sequence[DemandDay], reader: Reader) -> Chart | None:
    """What was wanted up to the odd days, which are marked, and the interval that was expected of them.

    The interval is known of the odd days together: it is drawn as its share of one of them.
    """
    sold: dict[date, Decimal] = {}
    for one in history:
        sold[one.date] = sold.get(one.date, ZERO) + max(one.quantity, ZERO)
    if len(sold) < 2:
        return None
    step = _WEEK if _is_weekly(sorted(sold)) else 1
    days = _every(min(sold), max(*sold, facts.last) + timedelta(days=step), step)
    odd = [day for day in days if facts.first <= day <= facts.last]
    share = 1 / max(len(odd), 1)

    def of_odd(value: Decimal) -> list[float | None]:
        return [float(value) * share if day in odd else None for day in days]

    came = [float(sold.get(day, ZERO)) if day <= max(sold) else None for day in days]
    low, high, expected = of_odd(facts.low), of_odd(facts.high), of_odd(facts.expected)
    first = next((place for place, day in enumerate(days) if day >= facts.first), len(days) - 1)
    title = reader.say("Demand by week") if step == _WEEK else reader.say("Demand by day")
    said = reader.say(
        "%(actual)s came from %(first)s to %(last)s; %(low)s to %(high)s were expected.",
        actual=reader.number(facts.actual),
        first=reader.day(facts.first),
        last=reader.day(facts.last),
        low=reader.number(facts.low),
        high=reader.number(facts.high),
    )
    drawing = line_chart(
        "demand",
        title,
        said=said,
        labels=[_short_day(day, reader) for day in days],
        series=[
            Series(name=reader.say("came"), values=came),
            Series(name=reader.say("expected"), values=expected, is_second=True),
        ],
        words=lambda value: reader.number(_rounded(value)),
        marks=[Mark(place=first, words=reader.say("odd from here"))],
        band=Band(low=low, high=high),
    )
    rows = tuple(
        (
            reader.day(day),
            "" if units is None else reader.number(_rounded(units)),
            "" if below is None else f"{reader.number(_rounded(below))} – {reader.number(_rounded(above or 0.0))}",
        )
        for day, units, below, above in zip(days, came, low, high, strict=True)
    )
    columns = (reader.say("day"), reader.say("came"), reader.say("expected between"))
    return Chart(title=title, drawing=drawing, columns=columns, rows=rows)


def chances_chart(probability: float, ways: Sequence[Way], reader: Reader) -> Chart | None:
    """How likely the order is late as planned, and each other way."""
    known = [one for one in ways if one.probability is not None]
    if not known:
        return None
    title = reader.say("How likely it is late")
    named = [(reader.say("as planned"), probability)]
    named += [(_way_name(one), one.probability or 0.0) for one in known]
    bars = [Bar(name=name, value=value, words=reader.percent(value)) for name, value in named]
    drawing = bar_chart("chances", title, said=_listed(bars), bars=bars)
    rows = tuple((bar.name, bar.words) for bar in bars)
    return Chart(title=title, drawing=drawing, columns=(reader.say("way"), reader.say("late")), rows=rows)


def lane_chart(record: Sequence[tuple[datetime, datetime | None]], until: datetime, reader: Reader) -> Chart | None:
    """The share of a lane's orders that were late, by the week they were promised for.

    What has not come three days after its promise is late; what may still come in time is not counted.
    """
    weeks: dict[int, list[bool]] = {}
    for promised, delivered in record:
        if delivered is None and until - promised < timedelta(days=3):
            continue
        back = int((until - promised) / timedelta(days=_WEEK))
        if 0 <= back < LANE_WEEKS:
            weeks.setdefault(back, []).append(delivered is None or delivered > promised)
    if len(weeks) < 2:
        return None
    backs = list(range(max(weeks), min(weeks) - 1, -1))
    shares = [sum(weeks[back]) / len(weeks[back]) if back in weeks else None for back in backs]
    days = [(until - timedelta(days=_WEEK * (back + 1))).date() for back in backs]
    title = reader.say("Late on this lane, by week")
    drawing = line_chart(
        "lane",
        title,
        said=reader.say("The share of orders that came late, by the week they were promised for."),
        labels=[_short_day(day, reader) for day in days],
        series=[Series(name=reader.say("late"), values=shares)],
        words=reader.percent,
        highest=1.0,
    )
    rows = tuple(
        (
            reader.day(day),
            reader.say("none known") if share is None else reader.percent(share),
            reader.number(Decimal(len(weeks.get(back, ())))),
        )
        for back, day, share in zip(backs, days, shares, strict=True)
    )
    columns = (reader.say("week from"), reader.say("late"), reader.say("orders"))
    return Chart(title=title, drawing=drawing, columns=columns, rows=rows)


def stock_chart(facts: ReplenishmentFacts, advice: Mapping[str, Any], ordered: Decimal, reader: Reader) -> Chart | None:
    """What stock will come to with the order and without it, what is on order arriving, beside the reorder point.

    Mean demand of a day is taken off every day; around the line with the order, 95 % of what days that are alike and
    independent would come to.
    """
    plan, rule = _part(advice, "plan"), _part(advice, "rule")
    mean = _number(plan, "mean_daily") or _number(rule, "mean_daily") or _mean(facts)
    if facts.stock is None or not mean:
        return None
    lead = _number(plan, "lead_time_days") or _number(rule, "lead_time_days") or float(_LEAST_AHEAD)
    ahead = int(min(max(2 * lead, _LEAST_AHEAD), _MOST_AHEAD))
    start = facts.as_of.date()
    days = _every(start, start + timedelta(days=ahead), 1)
    free = float(on_hand(facts.stock)) - float(facts.stock.allocated or 0)
    arriving = _arriving(facts.inbound, facts, start, lead)
    without = _stock(free, arriving, mean, len(days))
    with_it = _stock(free, {**arriving, round(lead): arriving.get(round(lead), 0.0) + float(ordered)}, mean, len(days))
    deviation = _number(rule, "deviation_daily") or (float(facts.demand.deviation_daily) if facts.demand else 0.0)
    spread = [_NINETY_FIVE * deviation * sqrt(number) for number in range(len(days))]
    point = _number(plan, "reorder_point") or _number(rule, "reorder_point")
    series = [Series(name=reader.say("with it"), values=with_it)]
    series += [Series(name=reader.say("without"), values=without, is_second=True)] if ordered > 0 else []
    if point is not None:
        series.append(Series(name=reader.say("reorder point"), values=[point] * len(days), is_second=True))
    title = reader.say("Stock in the coming days")
    said = reader.say(
        "Free now %(free)s, on order %(coming)s, demand %(mean)s a day; an order comes after about %(lead)s days.",
        free=reader.number(_rounded(free)),
        coming=reader.number(_rounded(sum(arriving.values()))),
        mean=reader.number(_rounded(mean)),
        lead=reader.number(_rounded(lead)),
    )
    drawing = line_chart(
        "stock",
        title,
        said=said,
        labels=[_short_day(day, reader) for day in days],
        series=series,
        words=lambda value: reader.number(_rounded(value)),
        band=Band(
            low=[max(at - wide, 0.0) for at, wide in zip(with_it, spread, strict=True)],
            high=[at + wide for at, wide in zip(with_it, spread, strict=True)],
        ),
    )
    rows = tuple(
        (reader.day(day), reader.number(_rounded(one)), reader.number(_rounded(two)))
        for day, one, two in zip(days, with_it, without, strict=True)
    )
    columns = (reader.say("day"), reader.say("with it"), reader.say("without"))
    return Chart(title=f"{title}. {said}", drawing=drawing, columns=columns, rows=rows)


def _stock(free: float, arriving: Mapping[int, float], mean: float, days: int) -> list[float]:
    """Stock day by day; what is not there cannot be sold, so it never falls under nothing."""
    left, found = free, []
    for number in range(days):
        left = max(left + arriving.get(number, 0.0) - (mean if number else 0.0), 0.0)
        found.append(left)
    return found


def _arriving(inbound: Sequence[Inbound], facts: ReplenishmentFacts, start: date, lead: float) -> dict[int, float]:
    """What is on order by the day it is promised; what is overdue or promised for no day, after the lead time."""
    found: dict[int, float] = {}
    for one in inbound:
        days = (one.promised_at.date() - start).days if one.promised_at is not None else round(lead)
        days = days if days > 0 else 1
        found[days] = found.get(days, 0.0) + float(one.quantity)
    told = float(on_order(facts.stock, facts.inbound))
    if not inbound and told > 0:
        found[round(lead)] = told
    return found


def _every(first: date, last: date, step: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(0, (last - first).days + 1, step)]


def _is_weekly(days: Sequence[date]) -> bool:
    gaps = [(two - one).days for one, two in pairwise(days)]
    return all(gap % _WEEK == 0 for gap in gaps)


def _part(advice: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = advice.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(part: Mapping[str, Any], name: str) -> float | None:
    return None if part.get(name) is None else float(part[name])


def _mean(facts: ReplenishmentFacts) -> float:
    return 0.0 if facts.demand is None else float(facts.demand.mean_daily)


def _rounded(value: float) -> Decimal:
    return Decimal(str(round(value, 1))).normalize() + 0


def _short_day(day: date, reader: Reader) -> str:
    return reader.short_day(day)


def _way_name(way: Way) -> str:
    told = (str(way.told[part]) for part in ("places", "service") if way.told.get(part))
    return f"{way.number} · {', '.join(told)}"


def _listed(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
