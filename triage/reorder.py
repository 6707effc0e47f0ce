"""Today's rule for replenishment: a reorder point from demand and lead time, and an order up to a level above it.

Reorder point s = mean daily demand × lead time + safety stock; when the inventory position is at s or under it, order
up to S = s + mean daily demand × cover days. Safety stock is days of demand, or k × σ × √L: the normal approximation
of demand during a constant lead time of L days, with daily demand independent and alike (Silver, Pyke and Thomas,
Inventory and Production Management in Supply Chains, 4th ed., chapter 6). k is the standard normal quantile of the
probability of no stock-out in a replenishment cycle. Lumpy demand breaks both assumptions; models do better there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from statistics import NormalDist

from core.erp import DemandDay, Item, StockLevel
from core.money import ZERO, exact_sum, plain
from triage.inbound import Inbound
from triage.planning_policy import ReorderRule
from triage.replenishment_facts import DemandRate, Recommendation, on_order, position

_STEP = Decimal("0.000001")
_QUANTILE_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorder:
    """How the rule came to its quantity; all in units of the item.

    Attributes:
        lead_time_known: False where the policy's stands in for a missing one.
        quantity: 0 where nothing needs to be ordered yet.
    """

    item_id: str
    location_id: str
    on_hand: Decimal
    allocated: Decimal
    on_order: Decimal
    position: Decimal
    mean_daily: Decimal
    deviation_daily: Decimal
    days: int
    lead_time_days: int
    lead_time_known: bool
    safety_stock: Decimal
    reorder_point: Decimal
    order_up_to: Decimal
    quantity: Decimal


def demand_rate(
    item_id: str, location_id: str, demand: Iterable[DemandDay], *, since: date, until: date
) -> DemandRate | None:
    """Mean and sample standard deviation of a day's demand, a day without a row being a day without demand.

    Days on which the item was out of stock say nothing of what was wanted, and count for nothing.

    Args:
        since, until: the days counted, the second one excluded; None comes back where they are none.
    """
    known = [day for day in demand if since <= day.date < until]
    empty = {day.date for day in known if day.stocked_out}
    quantities = [day.quantity for day in known if day.date not in empty]
    days = (until - since).days - len(empty)
    if days <= 0:
        return None
    total, squares = exact_sum(quantities), exact_sum(quantity * quantity for quantity in quantities)
    variance = (days * squares - total * total) / (days * (days - 1)) if days > 1 else ZERO
    return DemandRate(
        item_id=item_id,
        location_id=location_id,
        mean_daily=max(ZERO, total / days).quantize(_STEP),
        deviation_daily=max(ZERO, variance).sqrt().quantize(_STEP),
        days=days,
    )


def safety_stock(rate: DemandRate, lead_time_days: int, rule: ReorderRule) -> Decimal:
    """Days of demand, or k × σ × √L."""
    if rule.safety == "days":
        return rate.mean_daily * rule.safety_days
    quantile = Decimal(str(round(NormalDist().inv_cdf(float(rule.service_level)), _QUANTILE_DIGITS)))
    return (quantile * rate.deviation_daily * Decimal(lead_time_days).sqrt()).quantize(_STEP)


def reorder(
    rate: DemandRate, item: Item | None, stock: StockLevel | None, inbound: tuple[Inbound, ...], rule: ReorderRule
) -> Reorder:
    """What the rule orders, in whole units, and everything it came from."""
    known = None if item is None else item.lead_time_days
    lead_time = rule.lead_time_days_if_missing if known is None or known < 0 else known
    safety = safety_stock(rate, lead_time, rule)
    point = rate.mean_daily * lead_time + safety
    up_to = point + rate.mean_daily * rule.cover_days
    now = position(stock, inbound)
    missing = max(ZERO, up_to - now) if now <= point else ZERO
    return Reorder(
        item_id=rate.item_id,
        location_id=rate.location_id,
        on_hand=ZERO if stock is None else stock.on_hand,
        allocated=ZERO if stock is None else stock.allocated or ZERO,
        on_order=on_order(stock, inbound),
        position=now,
        mean_daily=rate.mean_daily,
        deviation_daily=rate.deviation_daily,
        days=rate.days,
        lead_time_days=lead_time,
        lead_time_known=known is not None and known >= 0,
        safety_stock=safety,
        reorder_point=point,
        order_up_to=up_to,
        quantity=missing.quantize(Decimal(1), rounding=ROUND_CEILING),
    )


def recommendation_of(found: Reorder, item: Item | None, rule: ReorderRule, as_of: datetime) -> Recommendation:
    """The rule's quantity as a recommendation that says where it comes from."""
    today = as_of.date()
    return Recommendation(
        recommendation_id=f"{found.item_id}/{found.location_id}/{today.isoformat()}",
        item_id=found.item_id,
        location_id=found.location_id,
        supplier_id=None if item is None else item.supplier_id,
        quantity=found.quantity,
        needed_by=_runs_out(found, today, rule),
        reason=_reason(found, rule),
    )


def _runs_out(found: Reorder, today: date, rule: ReorderRule) -> date:
    """The day stock and orders are used up at mean demand; looked for no further than the rule orders for."""
    furthest = found.lead_time_days + rule.cover_days
    if found.position <= 0:
        return today
    if found.mean_daily * furthest <= found.position:
        return today + timedelta(days=furthest)
    return today + timedelta(days=int(found.position / found.mean_daily))


def _reason(found: Reorder, rule: ReorderRule) -> str:
    lead = f"{found.lead_time_days} days" + ("" if found.lead_time_known else " (the policy's; the item has none)")
    safety = (
        f"{rule.safety_days} days" if rule.safety == "days" else f"service level {plain(rule.service_level)}, normal"
    )
    return (
        f"On hand {_short(found.on_hand)}, allocated {_short(found.allocated)}, on order {_short(found.on_order)}: "
        f"position {_short(found.position)} against a reorder point of {_short(found.reorder_point)} "
        f"({_short(found.mean_daily)} a day over {found.days} days × lead time {lead} + safety stock "
        f"{_short(found.safety_stock)}, {safety}); up to {_short(found.order_up_to)}, {rule.cover_days} days more."
    )


def _short(quantity: Decimal) -> str:
    return plain(round(quantity, 2))
