"""The facts a decision about a recommendation to replenish is made from: what is recommended, what is known of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.erp import FeedFreshness, Item, StockLevel, Supplier
from core.money import ZERO, exact_sum
from triage.inbound import Inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What somebody, or today's rule, recommends to order.

    Attributes:
        quantity: in units of the item, before any rounding.
        needed_by: the day it is wanted, None where nobody says.
        reason: why, as its maker says it.
    """

    recommendation_id: str
    item_id: str
    location_id: str
    supplier_id: str | None
    quantity: Decimal
    needed_by: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRate:
    """What was wanted of an item at a place on an average day.

    Attributes:
        days: days the average is taken over, without those on which it was out of stock.
        deviation_daily: standard deviation of a day's demand; 0 where only one day is known.
    """

    item_id: str
    location_id: str
    mean_daily: Decimal
    deviation_daily: Decimal
    days: int

    @property
    def key(self) -> str:
        """As findings name it."""
        return f"demand_rate:{self.item_id}/{self.location_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUse:
    """How much of a budget of the policy is used in its present period, at standard cost.

    Attributes:
        name: the budget's name in the policy.
        unvalued: order lines that could not be valued: no standard cost, and a price in another currency.
    """

    name: str
    used_amount: Decimal
    unvalued: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplenishmentFacts:
    """All a control of recommendations may look at. Tuples are sets in meaning: no control depends on their order.

    Attributes:
        as_of: the instant of the decision.
        item, supplier: master records, None where there is none.
        stock: the item's newest level at the place, None where none was ever counted.
        inbound: what is on order of the item to the place.
        demand: None where the feed has none that could be averaged.
        budgets: use of the budgets that cover the item and place.
        ruled: what today's rule would have recommended, where a model does; None otherwise.
        model: the version of that model.
    """

    recommendation: Recommendation
    as_of: datetime
    item: Item | None = None
    supplier: Supplier | None = None
    stock: StockLevel | None = None
    inbound: tuple[Inbound, ...] = ()
    demand: DemandRate | None = None
    budgets: tuple[BudgetUse, ...] = ()
    feeds: tuple[FeedFreshness, ...] = ()
    ruled: Recommendation | None = None
    model: str | None = None

    @property
    def key(self) -> str:
        """As findings and decisions name the recommendation."""
        return f"recommendation:{self.recommendation.recommendation_id}"


def on_hand(stock: StockLevel | None) -> Decimal:
    """What is there, 0 where nobody counted; never less than nothing."""
    return ZERO if stock is None else max(ZERO, stock.on_hand)


def on_order(stock: StockLevel | None, inbound: tuple[Inbound, ...]) -> Decimal:
    """What is still to come: the larger of what the stock feed says and what open order lines add up to.

    Both speak of the same goods; the larger keeps the same goods from being ordered twice.
    """
    told = ZERO if stock is None or stock.on_order is None else stock.on_order
    return max(told, exact_sum(one.quantity for one in inbound))


def position(stock: StockLevel | None, inbound: tuple[Inbound, ...]) -> Decimal:
    """Inventory position: on hand, less allocated to orders, plus on order; negative where more is promised than is."""
    there = ZERO if stock is None else stock.on_hand - (stock.allocated or ZERO)
    return there + on_order(stock, inbound)
