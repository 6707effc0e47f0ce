"""Plans what to order of an item at a place: what its demand during the lead time may add up to, and what that costs.

A pure function of what was known at an instant. The numbers it draws come from the item, the place and the day, so
planning again gives the same plan, to the last unit.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from models.replenishment.demand import Fitted, fit, known, mean_of, sums
from models.replenishment.history import (
    Day,
    History,
    coming_exposures,
    exposures,
    history_of,
    past_exposures,
    recency,
)
from models.replenishment.lead_times import LeadTimes
from models.replenishment.learnt import Learnt
from models.replenishment.levels import Costs, Levels, best_levels
from models.replenishment.past import past_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PATHS = 2_000
LEAST_DAYS, LEAST_STEPS = 14, 8
YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the policy says stock costs.

    Attributes:
        service_level: the share of days that should end without anything owed; where no cost of being short is told,
            the one under which just that is cheapest stands in for it.
        cover_days: days of demand an order should last; where no cost of an order is told, the one under which just
            that is cheapest stands in for it.
        holding_pct: of the unit cost, for a year.
        short_pct: of the unit cost, for a unit that is wanted and not there, for a day.
        order_cost: of placing an order for one item, in money.
        most_days: an order never lasts longer on average.
    """

    service_level: float
    cover_days: float
    holding_pct: float
    short_pct: float | None = None
    order_cost: float | None = None
    most_days: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What is known of an item at a place at an instant.

    Attributes:
        today: the day that is planned on; its demand is still to come.
        until: the first day the demand feed does not tell of yet.
        position: on hand, less allocated, plus on order.
        coming: forecast demand of each day from today on, where a demand model speaks: it replaces the level and the
            weekdays, and the spread stays the history's.
    """

    item_id: str
    location_id: str
    category: str | None
    unit_cost: float | None
    today: date
    until: date
    demand: tuple[Day, ...]
    lead: LeadTimes
    position: float
    coming: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to order, and everything it came from; in units, costs in money or else in units of holding.

    Attributes:
        forecast: demand expected during the lead time and the day after, until the next order can be felt.
        forecast_high: what that demand stays under with the asked service level.
        service_level: the share of days that end without anything owed, under these levels.
        stockout_cost: what being short is expected to cost a day under these levels.
        risk: chance of owing something on the day an order of today arrives, if none is placed.
        in_money: False where the item has no unit cost, so that costs are only comparable with one another.
    """

    mean_daily: float
    forecast: float
    forecast_high: float
    lead_days: float
    service_level: float
    levels: Levels
    reorder_point: int
    order_up_to: int
    quantity: int
    stockout_cost: float
    risk: float
    in_money: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlan:
    """Why nothing is planned: today's rule stands."""

    why: str


def plan(facts: PlanFacts, learnt: Learnt, terms: Terms) -> Plan | NoPlan:
    """What to order today, or why that is left to today's rule."""
    since = facts.until - timedelta(days=learnt.window_days)
    history = history_of(facts.demand, since=since, until=facts.until)
    refused = _refusal(history, facts)
    if history is None or refused is not None:
        return NoPlan(why=refused or "there is no demand to plan from")
    lead, day = simulate(history, facts, learnt)
    return _planned(facts, terms, lead, day, history.notes)


def simulate(history: History, facts: PlanFacts, learnt: Learnt) -> "tuple[Floats, Floats]":
    """Paths of demand until an order of today can be felt, and of single average days.

    Some are of days as they were fitted, some are past weeks; with a forecast all are fitted, for only those can move.
    """
    rng = np.random.default_rng(seed_of(facts.item_id, facts.location_id, facts.today))
    taken = np.asarray(rng.choice(facts.lead.days, size=PATHS, p=facts.lead.chances), dtype=np.int64)
    by_weekday = exposures(history, learnt.weekdays)
    coming = coming_exposures(history, by_weekday, facts.today, int(max(facts.lead.days)) + 1)
    single = np.ones(PATHS, dtype=np.int64)
    if history.step_days > 1:
        single = np.asarray(rng.random(PATHS) < 1 / history.step_days, dtype=np.int64)
    weights = recency(history, learnt.half_life_days)
    past = 0 if facts.coming else round(PATHS * learnt.past_share)
    steps = np.concatenate(([0], np.cumsum(coming > 0)))[taken + 1]
    lead, day = (past_sums(history.quantities, weights, each[:past], rng) for each in (steps, single))
    if past < PATHS:
        scale = _scale(history.quantities)
        days = known(history.quantities * scale, past_exposures(history, by_weekday), weights)
        fitted = fit(days, learnt.prior(facts.category))
        if facts.coming:
            coming = _as_forecast(facts.coming, fitted, len(coming), scale)
        more = sums(fitted, coming, taken[past:] + 1, rng, doubt=learnt.doubt) / scale
        lead = np.concatenate((lead, more))
        day = np.concatenate((day, sums(fitted, np.ones(1), single[past:], rng, doubt=learnt.doubt) / scale))
    return lead, day


def seed_of(item_id: str, location_id: str, today: date) -> int:
    """A seed that stays the same for the item, the place and the day."""
    return int.from_bytes(sha256(f"{item_id}\x1f{location_id}\x1f{today.isoformat()}".encode()).digest()[:8], "big")


def costs_of(terms: Terms, unit_cost: float | None, mean_daily: float) -> tuple[Costs, bool]:
    """What stock of an item costs, and whether that is money.

    Being short costs p with p / (p + h) the service level where the policy tells none: the newsvendor's ratio. An order
    costs h × mean × cover² / 2 where it tells none: Wilson's lot would then last the days of cover.
    """
    in_money = unit_cost is not None and unit_cost > 0 and terms.holding_pct > 0
    unit = unit_cost if in_money and unit_cost is not None else 1.0
    holding = unit * terms.holding_pct / 100 / YEAR if in_money else 1.0
    ratio = terms.service_level / (1 - terms.service_level)
    short = holding * ratio
    if terms.short_pct is not None and in_money:
        short = unit * terms.short_pct / 100
    order = holding * mean_daily * terms.cover_days**2 / 2
    if terms.order_cost is not None and in_money:
        order = terms.order_cost
    return Costs(holding=holding, short=max(short, holding * 1e-3), order=order), in_money


def _refusal(history: History | None, facts: PlanFacts) -> str | None:
    if history is None or not history.quantities.any():
        return "nothing was wanted of it in the days that are looked at"
    if history.days < LEAST_DAYS or history.counts.sum() < LEAST_STEPS:
        return f"only {history.days} days of its demand are known, too few to plan from"
    if not facts.lead.days:
        return "nobody knows how long it takes to come"
    return None


def _planned(facts: PlanFacts, terms: Terms, lead: "Floats", day: "Floats", notes: tuple[str, ...]) -> Plan:
    mean = float(day.mean())
    costs, in_money = costs_of(terms, facts.unit_cost, mean)
    levels = best_levels(lead, day, costs, most=max(1.0, terms.most_days * mean))
    point, up_to = int(np.floor(levels.reorder_point)), int(np.ceil(levels.order_up_to))
    return Plan(
        mean_daily=mean,
        forecast=float(lead.mean()),
        forecast_high=float(np.quantile(lead, terms.service_level)),
        lead_days=facts.lead.mean,
        service_level=levels.service_level,
        levels=levels,
        reorder_point=point,
        order_up_to=up_to,
        quantity=max(0, int(np.ceil(up_to - facts.position))) if facts.position <= point else 0,
        stockout_cost=levels.stockout_cost,
        risk=float((lead > facts.position).mean()),
        in_money=in_money,
        notes=notes,
    )


def _as_forecast(coming: tuple[float, ...], fitted: Fitted, days: int, scale: float) -> "Floats":
    """Forecast demand as shares of an average step; days beyond the forecast are as its average."""
    told = np.clip(np.asarray(coming[:days], dtype=np.float64), 0, None)
    padded = np.concatenate((told, np.full(days - len(told), float(told.mean()))))
    return np.asarray(padded * scale / max(mean_of(fitted), 1e-9))


def _scale(quantities: "Floats") -> float:
    """What turns quantities into whole counts: what is sold by the quarter of a kilo is counted in tenths of one."""
    positive = quantities[quantities > 0]
    return 1.0 if positive.min() >= 1 else float(10.0 ** min(3.0, np.ceil(-np.log10(positive.min()))))
