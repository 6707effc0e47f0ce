"""Judges what to order from suppliers: a model's plan or today's rule over the feeds, or recommendations given.

Nothing is stored. What is needed first comes first, and what clears uses the budgets up for what comes after it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.database import ReadSession
from core.decisions import Decision, Outcome
from core.erp import DemandDay, FeedFreshness, Item, StockLevel, Supplier
from core.errors import InputError, NotFoundError
from core.money import ZERO, exact_sum
from ingest.erp import ErpReader
from ingest.erp_planning import PlanningReader
from models.bundle import Bundle
from triage.budgets import period_start, used_of
from triage.decide_replenishment import decide_replenishment
from triage.inbound import Inbound
from triage.plan_load import planner_of
from triage.planned import Planned, recommended
from triage.planning_load import by_key, load_inbound
from triage.policy import Policy
from triage.reorder import Reorder, demand_rate, recommendation_of, reorder
from triage.replenishment_facts import BudgetUse, DemandRate, Recommendation, ReplenishmentFacts
from triage.rounding import Rounding, round_recommendation

Place = tuple[str, str]
Progress = Callable[[int, int], None]

_GOES = frozenset({Outcome.CLEAR, Outcome.SAMPLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRecommendation:
    """A recommendation, what was decided about it, and what can be ordered.

    Attributes:
        reorder: how today's rule came to it; None for a recommendation that was given.
        planned: how a model came to it; None where none plans.
    """

    facts: ReplenishmentFacts
    decision: Decision
    rounding: Rounding
    reorder: Reorder | None = None
    planned: Planned | None = None


def score_replenishment(
    session: ReadSession,
    policy: Policy,
    *,
    as_of: datetime,
    places: Collection[Place] | None = None,
    given: Sequence[Recommendation] = (),
    bundle: Bundle | None = None,
    progress: Progress | None = None,
) -> tuple[ScoredRecommendation, ...]:
    """Recommendations of a model or today's rule, and given ones, each judged behind those that are needed before it.

    Args:
        places: items at places to ask the rule about, each answered even where nothing needs to be ordered; when None
            and nothing is given, the rule looks at every item that has demand or stock, and tells what to order.
        bundle: the model that plans in the rule's place where the policy lets it; what the rule holds stays held.

    Raises:
        NotFoundError: `SCORE-ITEM-UNKNOWN` naming items at places without demand or stock in the feeds.
        InputError: `SCORE-DEMAND` when the rule is asked and the feeds have no demand of the days it looks at.
    """
    asked = None if places is None and not given else frozenset(places or ())
    house = _House(session, policy, as_of, asked, {one.item_id for one in given}, bundle=bundle)
    if asked is None or asked:
        house.check_demand()
    ruled = [house.reorder(*place) for place in house.places(asked)]
    queue = [
        made
        for found in ruled
        if asked is not None or not house.is_ended(found.item_id)
        if (made := house.made(found)).asks or asked is not None
    ]
    queue += [_Made(recommendation=one) for one in given]
    queue.sort(key=_Made.order)
    scored = []
    for number, made in enumerate(queue, start=1):
        facts = house.facts(made)
        rounding = round_recommendation(facts, policy.replenishment)
        decision = decide_replenishment(facts, policy, rounding)
        scored.append(
            ScoredRecommendation(
                facts=facts, decision=decision, rounding=rounding, reorder=made.reorder, planned=made.planned
            )
        )
        if decision.outcome in _GOES:
            house.use_budgets(facts, rounding)
        if progress is not None:
            progress(number, len(queue))
    return tuple(scored)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A recommendation that waits to be judged, and how it was come to."""

    recommendation: Recommendation
    reorder: Reorder | None = None
    ruled: Recommendation | None = None
    planned: Planned | None = None

    @property
    def asks(self) -> bool:
        """Whether the model or the rule wants anything ordered."""
        return self.recommendation.quantity > 0 or (self.ruled is not None and self.ruled.quantity > 0)

    def order(self) -> tuple[date, str, str, Decimal]:
        """What is needed first comes first."""
        one = self.recommendation
        return one.needed_by or date.max, one.item_id, one.location_id, one.quantity


class _House:
    """Everything a run needs, loaded at once: items, stock, demand, what is on order, what is used of the budgets."""

    def __init__(
        self,
        session: ReadSession,
        policy: Policy,
        as_of: datetime,
        asked: Collection[Place] | None,
        given_items: Collection[str],
        *,
        bundle: Bundle | None,
    ) -> None:
        self._policy, self._as_of = policy, as_of
        erp, planning = ErpReader(session), PlanningReader(session)
        only = None if asked is None else {item_id for item_id, _ in asked} | set(given_items)
        self.items: Mapping[str, Item] = {
            item.item_id: item for item in (planning.items_all() if only is None else erp.items(only))
        }
        self._suppliers: Mapping[str, Supplier] = {one.supplier_id: one for one in erp.suppliers_all()}
        self._stock: Mapping[Place, StockLevel] = {
            (level.item_id, level.location_id): level for level in planning.stock_levels(as_of, only)
        }
        self._demand = _window(planning, as_of, policy.replenishment.rule.window_days)
        self._rates = _rates(planning, self._demand, only)
        items = {item_id for item_id, _ in (*self._stock, *self._rates)} if only is None else only
        self._inbound = by_key(load_inbound(erp, planning, items, policy, as_of), lambda one: one.item_id)
        self._places_of = _places_of((*self._stock, *self._rates))
        needed = frozenset(policy.replenishment.feeds)
        self._feeds: tuple[FeedFreshness, ...] = tuple(feed for feed in erp.freshness() if feed.feed in needed)
        self._budgets = _budgets(erp, planning, policy, as_of)
        self._planner = planner_of(
            erp, planning, policy, bundle, as_of=as_of, until=self._demand.until, items=self.items
        )

    def places(self, asked: Collection[Place] | None) -> list[Place]:
        """Items at places the rule looks at."""
        known = self._stock.keys() | self._rates.keys()
        unknown = sorted(set(asked or ()) - known)
        if unknown:
            named = ", ".join(f"{item_id} at {location_id}" for item_id, location_id in unknown[:10])
            raise NotFoundError(
                "SCORE-ITEM-UNKNOWN",
                f"The feeds have neither demand nor stock of {named}{' …' if len(unknown) > 10 else ''}.",
                "Load the feeds demand and stock_levels, or give the recommendation itself.",
            )
        return sorted(known if asked is None else asked)

    def check_demand(self) -> None:
        """Refuses to call nothing needed where nobody knows what was wanted (`SCORE-DEMAND`)."""
        if self._demand.days > 0:
            return
        until = self._demand.until
        what = (
            "has no day before"
            if until is None
            else f"ends on {(until - timedelta(days=1)).isoformat()}, too early for"
        )
        raise InputError(
            "SCORE-DEMAND",
            f"The feed demand {what} {self._as_of:%Y-%m-%d}: there is nothing to average.",
            "Load newer demand, or score as of a day the feed reaches.",
        )

    def is_ended(self, item_id: str) -> bool:
        """Whether the item is not bought any more, so that the rule does not ask for it."""
        item = self.items.get(item_id)
        return item is not None and (item.status or "").strip().lower() in self._policy.replenishment.item_ended

    def reorder(self, item_id: str, location_id: str) -> Reorder:
        """What the rule says; an item without any demand is wanted 0 a day."""
        rate = self._rates.get((item_id, location_id)) or DemandRate(
            item_id=item_id, location_id=location_id, mean_daily=ZERO, deviation_daily=ZERO, days=0
        )
        stock, inbound = self._stock.get((item_id, location_id)), self._coming(item_id, location_id)
        return reorder(rate, self.items.get(item_id), stock, inbound, self._policy.replenishment.rule)

    def made(self, found: Reorder) -> _Made:
        """What the model recommends, with the rule's beside it; the rule's where no model plans."""
        ruled = recommendation_of(found, self.items.get(found.item_id), self._policy.replenishment.rule, self._as_of)
        if self._planner is None:
            return _Made(recommendation=ruled, reorder=found)
        planned = self._planner.plan(found)
        return _Made(
            recommendation=recommended(planned, ruled, self._as_of.date()),
            reorder=found,
            ruled=None if planned.model is None else ruled,
            planned=planned,
        )

    def facts(self, made: _Made) -> ReplenishmentFacts:
        """What the recommendation's decision is made from, with the budgets as they stand now."""
        recommendation = made.recommendation
        place = (recommendation.item_id, recommendation.location_id)
        item = self.items.get(recommendation.item_id)
        covering = self._covering(item, recommendation.location_id)
        return ReplenishmentFacts(
            recommendation=recommendation,
            as_of=self._as_of,
            item=item,
            supplier=self._suppliers.get(recommendation.supplier_id or ""),
            stock=self._stock.get(place),
            inbound=self._coming(*place),
            demand=self._rates.get(place),
            budgets=tuple(self._budgets[name] for name in covering),
            feeds=self._feeds,
            ruled=made.ruled,
            model=None if made.planned is None else made.planned.model,
        )

    def use_budgets(self, facts: ReplenishmentFacts, rounding: Rounding) -> None:
        """Takes what clears off every budget that covers it."""
        cost = facts.item.unit_cost if facts.item is not None else None
        for name in self._covering(facts.item, facts.recommendation.location_id):
            use = self._budgets[name]
            amount = use.used_amount + rounding.ordered * (cost or ZERO)
            self._budgets[name] = replace(use, used_amount=amount)

    def _covering(self, item: Item | None, location_id: str) -> list[str]:
        category = None if item is None else item.category
        return [
            budget.name
            for budget in self._policy.replenishment.budgets
            if budget.name in self._budgets and budget.covers(category, location_id)
        ]

    def _coming(self, item_id: str, location_id: str) -> tuple[Inbound, ...]:
        """On order to the place; an order that names no place is for the item's only one."""
        only = self._places_of.get(item_id) == {location_id}
        return tuple(
            one
            for one in self._inbound.get(item_id, ())
            if one.location_id == location_id or (one.location_id is None and only)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """The days the rule averages: from `since` to before `until`, None where the feed has no day."""

    since: date
    until: date | None

    @property
    def days(self) -> int:
        return 0 if self.until is None else (self.until - self.since).days


def _window(planning: PlanningReader, as_of: datetime, window_days: int) -> _Window:
    """The days up to the last one the feed tells of: those after it are not known yet, not without demand."""
    last = planning.demand_last_day(as_of.date())
    return _Window(
        since=as_of.date() - timedelta(days=window_days), until=None if last is None else last + timedelta(days=1)
    )


def _rates(planning: PlanningReader, window: _Window, items: Collection[str] | None) -> dict[Place, DemandRate]:
    """Demand of an average day of the window, an item's counted from its first day on."""
    since, until = window.since, window.until
    if until is None or window.days <= 0:
        return {}
    days: defaultdict[Place, list[DemandDay]] = defaultdict(list)
    for day in planning.demand(since, until, items):
        days[day.item_id, day.location_id].append(day)
    rates = (
        demand_rate(*place, days.get(place, ()), since=max(since, first), until=until)
        for place, first in planning.demand_first_days(until, items).items()
    )
    return {(rate.item_id, rate.location_id): rate for rate in rates if rate is not None}


def _places_of(places: Iterable[Place]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item_id, location_id in places:
        found[item_id].add(location_id)
    return found


def _budgets(erp: ErpReader, planning: PlanningReader, policy: Policy, as_of: datetime) -> dict[str, BudgetUse]:
    """Use of the budgets that have a limit."""
    limited = [budget for budget in policy.replenishment.budgets if budget.amount is not None]
    if not limited:
        return {}
    since = min(period_start(as_of, budget.period) for budget in limited)
    orders = planning.orders_placed(since, as_of)
    lines = erp.order_lines(order.po_number for order in orders)
    items = {item.item_id: item for item in erp.items({line.item_id for line in lines})}
    currency = policy.replenishment.currency
    return {use.name: use for use in used_of(limited, orders, lines, items, currency=currency, as_of=as_of)}


def cleared_cost(scored: Iterable[ScoredRecommendation]) -> Decimal:
    """What can be ordered without a planner costs, at standard cost, as far as that is known."""
    return exact_sum(
        one.rounding.ordered * one.facts.item.unit_cost
        for one in scored
        if one.decision.outcome in _GOES and one.facts.item is not None and one.facts.item.unit_cost is not None
    )
