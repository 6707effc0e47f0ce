"""What a model plans to order of an item at a place, with what today's rule would do beside it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.money import plain
from models.replenishment.plan import NoPlan, Plan
from triage.policy import Policy
from triage.reorder import Reorder
from triage.replenishment_facts import Recommendation

_PLACES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A model's recommendation and everything it came from; in units of the item, costs a day in money.

    Attributes:
        model: the version that planned; None where it left the item to today's rule, and `why` says why.
        forecast: demand expected until an order of today can be felt: during the lead time and the day after.
        forecast_high: what that demand stays under with the service level asked for.
        service_level: the share of days that will end without anything owed.
        stockout_cost_daily: expected cost of being short; None without a unit cost.
        risk: chance that something is owed when an order of today comes, if none is placed.
        lead_time_from: what the lead time was taken from, in words.
        todays_rule: the quantity the rule orders.
    """

    model: str | None
    why: str | None
    quantity: Decimal
    todays_rule: Decimal
    on_hand: Decimal
    allocated: Decimal
    on_order: Decimal
    position: Decimal
    lead_time_from: str
    lead_time_days: Decimal | None = None
    mean_daily: Decimal | None = None
    forecast: Decimal | None = None
    forecast_high: Decimal | None = None
    service_level_asked: Decimal
    service_level: Decimal | None = None
    reorder_point: Decimal | None = None
    order_up_to: Decimal | None = None
    stockout_cost_daily: Decimal | None = None
    holding_cost_daily: Decimal | None = None
    order_cost_daily: Decimal | None = None
    currency: str | None = None
    risk: Decimal | None = None
    notes: tuple[str, ...] = ()


def planned_of(found: Plan | NoPlan, ruled: Reorder, policy: Policy, *, version: str, lead_time_from: str) -> Planned:
    """A plan beside today's rule; the rule's own quantity where there is none."""
    is_plan = isinstance(found, Plan)
    kept = Planned(
        model=version if is_plan else None,
        why=found.why if isinstance(found, NoPlan) else None,
        quantity=ruled.quantity,
        todays_rule=ruled.quantity,
        on_hand=ruled.on_hand,
        allocated=ruled.allocated,
        on_order=ruled.on_order,
        position=ruled.position,
        lead_time_from=lead_time_from,
        service_level_asked=policy.replenishment.rule.service_level,
    )
    if not isinstance(found, Plan):
        return kept
    money = (found.levels.stockout_cost, found.levels.holding_cost, found.levels.order_cost)
    short, held, ordered = (_exact(cost) if found.in_money else None for cost in money)
    return replace(
        kept,
        quantity=Decimal(found.quantity),
        lead_time_days=_exact(found.lead_days),
        mean_daily=_exact(found.mean_daily),
        forecast=_exact(found.forecast),
        forecast_high=_exact(found.forecast_high),
        service_level=_exact(found.service_level),
        reorder_point=Decimal(found.reorder_point),
        order_up_to=Decimal(found.order_up_to),
        stockout_cost_daily=short,
        holding_cost_daily=held,
        order_cost_daily=ordered,
        currency=policy.replenishment.currency if found.in_money else None,
        risk=_exact(found.risk),
        notes=found.notes if found.in_money else (*found.notes, "without a unit cost nothing is said in money"),
    )


def recommended(planned: Planned, ruled: Recommendation, today: date) -> Recommendation:
    """The model's quantity as a recommendation that says where it comes from; the rule's where the model has none."""
    if planned.model is None:
        words = f"{ruled.reason or ''} No model plans it: {planned.why}; today's rule stands."
        return replace(ruled, reason=words.strip())
    now = today if planned.position <= 0 else ruled.needed_by
    return replace(ruled, quantity=planned.quantity, needed_by=now, reason=_reason(planned))


def _reason(planned: Planned) -> str:
    cost = (
        "no unit cost, so no expected stock-out cost"
        if planned.stockout_cost_daily is None
        else f"expected stock-out cost {plain(round(planned.stockout_cost_daily, 2))} {planned.currency} a day"
    )
    notes = "".join(f" {note[:1].upper()}{note[1:]}." for note in planned.notes)
    return (
        f"On hand {_short(planned.on_hand)}, allocated {_short(planned.allocated)}, on order "
        f"{_short(planned.on_order)}: position {_short(planned.position)} against a reorder point of "
        f"{_short(planned.reorder_point)}; up to {_short(planned.order_up_to)}. Forecast {_short(planned.forecast)} "
        f"until an order can be felt (lead time {_short(planned.lead_time_days)} days, {planned.lead_time_from}; up to "
        f"{_short(planned.forecast_high)} at a service level of {plain(planned.service_level_asked)}), {cost}. "
        f"Today's rule would order {_short(planned.todays_rule)}.{notes}"
    )


def _short(quantity: Decimal | None) -> str:
    return "?" if quantity is None else plain(round(quantity, 1))


def _exact(number: float) -> Decimal:
    return Decimal(str(round(number, _PLACES)))
