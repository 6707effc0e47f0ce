"""Ways of setting levels, side by side: the model, today's rule, and what a planner's textbook offers."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from core.erp import DemandDay, Item
from models.replenishment.history import history_of
from models.replenishment.lead_times import LeadTimes
from models.replenishment.learnt import Learnt
from models.replenishment.levels import best_levels
from models.replenishment.plan import PATHS, NoPlan, PlanFacts, Terms, costs_of, plan, seed_of
from training.predictions.replenishment.series import Series
from triage.planning_policy import ReorderRule
from triage.reorder import demand_rate, reorder
from triage.replenishment_facts import DemandRate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MODEL, RULE = "model", "todays_rule"
Pair = tuple[float, float]
Way = Callable[[Series, date, LeadTimes], Pair]
"""Reorder point and order-up-to level of an item in the morning of a day, from what was known then."""


def baselines(rule: ReorderRule, terms: Terms) -> Mapping[str, Way]:
    """What the model is beside: today's rule, a planner's textbook, and past days drawn without anything learnt."""
    return {
        RULE: lambda one, today, _: todays_rule(one, today, rule),
        "normal_and_lot": lambda one, today, lead: normal_and_lot(one, today, lead, rule, terms),
        "past_days": lambda one, today, lead: past_days(one, today, lead, rule, terms),
    }


def model(learnt: Learnt, rule: ReorderRule, terms: Terms) -> Way:
    """The model's levels; today's rule where it has none."""

    def found(one: Series, today: date, lead: LeadTimes) -> Pair:
        planned = plan(facts_of(one, today, lead), learnt, terms)
        if isinstance(planned, NoPlan):
            return todays_rule(one, today, rule)
        return float(planned.reorder_point), float(planned.order_up_to)

    return found


def facts_of(one: Series, today: date, lead: LeadTimes) -> PlanFacts:
    """What is known of an item in the morning of a day; costs without a unit."""
    return PlanFacts(
        item_id=one.item_id,
        location_id=one.location_id,
        category=one.category,
        unit_cost=None,
        today=today,
        until=today,
        demand=tuple(day for day in one.days if day.date < today),
        lead=lead,
        position=0.0,
    )


def todays_rule(one: Series, today: date, rule: ReorderRule) -> Pair:
    """The rule that serves now, to the last digit: `triage.reorder`."""
    rate = _rate(one, today, rule)
    item = Item(item_id=one.item_id, lead_time_days=one.master_days)
    found = reorder(rate, item, None, (), rule)
    return float(np.floor(float(found.reorder_point))), float(np.ceil(float(found.order_up_to)))


def normal_and_lot(one: Series, today: date, lead: LeadTimes, rule: ReorderRule, terms: Terms) -> Pair:
    """Mean and deviation of demand over the lead time and the day it is looked at, both random; Wilson's lot."""
    rate = _rate(one, today, rule)
    mean, deviation, days = float(rate.mean_daily), float(rate.deviation_daily), lead.mean + 1
    spread = sum(chance * (at - lead.mean) ** 2 for at, chance in zip(lead.days, lead.chances, strict=True))
    around = np.sqrt(deviation**2 * days + mean**2 * spread)
    costs, _ = costs_of(terms, None, mean)
    point = np.floor(mean * days + NormalDist().inv_cdf(terms.service_level) * around)
    lot = np.sqrt(2 * costs.order * mean / costs.holding)
    return float(point), float(point + max(1.0, np.ceil(lot)))


def past_days(one: Series, today: date, lead: LeadTimes, rule: ReorderRule, terms: Terms) -> Pair:
    """Sums of past days drawn at random, and the levels that cost least for those."""
    since = today - timedelta(days=rule.window_days)
    history = history_of(one.days, since=since, until=today)
    if history is None or not (history.counts > 0).any() or not history.quantities.any():
        return todays_rule(one, today, rule)
    rng = np.random.default_rng(seed_of(one.item_id, one.location_id, today))
    pool = history.quantities[history.counts > 0]
    if history.step_days > 1:
        pool = np.concatenate((pool, np.zeros(len(pool) * (history.step_days - 1))))
    taken = rng.choice(lead.days, size=PATHS, p=lead.chances) + 1
    drawn = rng.choice(pool, size=(PATHS, int(taken.max())))
    sums = np.where(np.arange(drawn.shape[1]) < taken[:, None], drawn, 0).sum(axis=1)
    costs, _ = costs_of(terms, None, float(pool.mean()))
    found = best_levels(sums, drawn[:, 0], costs, most=max(1.0, terms.most_days * float(pool.mean())))
    return found.reorder_point, found.order_up_to


def _rate(one: Series, today: date, rule: ReorderRule) -> DemandRate:
    first = min((day.date for day in one.days), default=today)
    since = max(first, today - timedelta(days=rule.window_days))
    rows = (
        DemandDay(
            item_id=one.item_id,
            location_id=one.location_id,
            date=day.date,
            quantity=Decimal(str(day.quantity)),
            stocked_out=day.stocked_out,
        )
        for day in one.days
        if since <= day.date < today
    )
    nothing = DemandRate(
        item_id=one.item_id, location_id=one.location_id, mean_daily=Decimal(0), deviation_daily=Decimal(0), days=0
    )
    return demand_rate(one.item_id, one.location_id, rows, since=since, until=today) or nothing
