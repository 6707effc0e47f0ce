"""What was decided about an order, odd demand or a recommendation, with all that a case of it needs. Pure.

A subject is named once and for all (`sales_order:O17`, `demand:I1/S1/2026-11-23`, `recommendation:I1/S1`): scoring the
same again changes its one open case and never opens a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from core.canonical import to_jsonable
from core.decisions import Decision
from core.money import plain
from models.prediction import Prediction
from triage.decide_bill import bill_facts_to_text
from triage.decide_demand import decide_demand, demand_facts_to_text
from triage.decide_order import order_facts_to_text
from triage.decide_replenishment import replenishment_facts_to_text
from triage.demand_facts import DemandFacts
from triage.policy import Policy
from triage.policy_people import PlanningKind
from triage.prediction_json import storable
from triage.priority import (
    Priority,
    Stake,
    priority_of_anomaly,
    priority_of_order,
    priority_of_recommendation,
    priority_of_stake,
)
from triage.score_invoices import ScoredBill
from triage.score_orders import ScoredOrder
from triage.score_replenishment import ScoredRecommendation

ODD_INDEED = 0.9
"""The share of alerts that are odd indeed which the model has to reach on oddities planted in real demand."""

_LONGEST_SUBJECT = 200
_KEPT = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One decision about planning.

    Attributes:
        subject: what it is about, as audit, events and cases name it.
        title: the same in words.
        facts_text: what it was decided from, as it is stored and hashed.
        prediction: what a model said of it; None where none spoke.
        advice: what is recommended, with what today's rule would do beside it; JSON's own types.
        features: what the model looked at, where it is kept to watch whether it drifts.
        total: money the subject is worth, in `currency`; None where nobody knows.
    """

    kind: PlanningKind
    subject: str
    title: str
    decision: Decision
    facts_text: str
    priority: Priority
    prediction: Prediction | None = None
    features: tuple[float | None, ...] | None = None
    advice: Mapping[str, Any] | None = None
    total: Decimal | None = None
    currency: str | None = None


def judged_order(scored: ScoredOrder, policy: Policy, *, advice: Mapping[str, Any] | None = None) -> Judged:
    """An order that was scored.

    Args:
        advice: alternatives and recommendations of named kinds.
    """
    order, prediction = scored.facts.order, scored.prediction
    chance = prediction.probability if prediction is not None and 0 <= prediction.probability <= 1 else None
    place = ", ".join(filter(None, (order.ship_to_region, order.ship_to_country)))
    return Judged(
        kind="order",
        subject=subject_key(scored.facts.key),
        title=" · ".join(filter(None, (f"Order {order.order_id}", order.service, place))),
        decision=scored.decision,
        facts_text=order_facts_to_text(scored.facts),
        priority=priority_of_order(scored.decision, scored.facts, policy, probability=chance),
        prediction=prediction,
        features=scored.features,
        advice=advice,
        total=order.order_value,
        currency=order.currency,
    )


def judged_recommendation(
    scored: ScoredRecommendation, policy: Policy, *, advice: Mapping[str, Any] | None = None
) -> Judged:
    """A recommendation that was scored.

    Its subject is the item at the place, whichever day it is made; one that was given is known by its own id.

    Args:
        advice: what a model based it on; what today's rule would do is added.
    """
    facts, made = scored.facts, scored.facts.recommendation
    cost = None if facts.item is None else facts.item.unit_cost
    known = None if facts.item is None else facts.item.description
    place = f"recommendation:{made.item_id}/{made.location_id}"
    told = {
        "recommended": plain(scored.rounding.recommended),
        "quantity": plain(scored.rounding.ordered),
        "needed_by": to_jsonable(made.needed_by),
        "reason": made.reason,
        "rule": to_jsonable(scored.reorder),
    } | ({} if scored.planned is None else {"plan": to_jsonable(scored.planned)})
    return Judged(
        kind="recommendation",
        subject=subject_key(place if scored.reorder is not None or advice is not None else facts.key),
        title=" · ".join(filter(None, (f"Order {made.item_id} for {made.location_id}", known))),
        decision=scored.decision,
        facts_text=replenishment_facts_to_text(facts),
        priority=priority_of_recommendation(scored.decision, facts, policy),
        advice=told | dict(advice or {}),
        total=None if cost is None else cost * scored.rounding.ordered,
        currency=policy.replenishment.currency,
    )


def judged_demand(facts: DemandFacts, policy: Policy) -> Judged:
    """Odd demand within its planner's budget of alerts."""
    decision = decide_demand(facts, policy)
    days = facts.first.isoformat() if facts.first == facts.last else f"{facts.first} to {facts.last}"
    shown = ("item_id", "location_id", "kind", "first", "last", "actual", "expected", "low", "high", "money", "planner")
    told = {name: to_jsonable(getattr(facts, name)) for name in shown}
    told |= {"starts": to_jsonable(facts.starts), "reasons": [{"words": words} for words in facts.reasons]}
    return Judged(
        kind="demand",
        subject=subject_key(facts.key),
        title=f"Demand for {facts.item_id} at {facts.location_id} · {facts.kind.replace('_', ' ')} · {days}",
        decision=decision,
        facts_text=demand_facts_to_text(facts),
        priority=priority_of_anomaly(
            at_risk_amount=facts.money,
            currency=facts.currency,
            probability=ODD_INDEED,
            policy=policy,
            today=facts.as_of.date(),
        ),
        advice=told,
        total=facts.money,
        currency=facts.currency,
    )


def judged_bill(scored: ScoredBill, policy: Policy) -> Judged:
    """A bill of the ERP that was scored."""
    facts, prediction = scored.facts, storable(scored.prediction)
    chance = prediction.probability if prediction is not None and 0 <= prediction.probability <= 1 else None
    stake = Stake(
        at_risk_amount=facts.total_with_vat,
        currency=facts.currency,
        due_on=facts.due_date,
        findings=scored.decision.findings,
        outcome=scored.decision.outcome,
        probability=chance,
    )
    return Judged(
        kind="bill",
        subject=subject_key(facts.key),
        title=f"{facts.supplier_name or facts.supplier_id} · {facts.invoice_number}",
        decision=scored.decision,
        facts_text=bill_facts_to_text(facts),
        priority=priority_of_stake(stake, facts.as_of.date(), policy.priority),
        prediction=prediction,
        features=None if scored.prediction is None else scored.prediction.features,
        total=facts.total_with_vat,
        currency=facts.currency,
    )


def subject_key(key: str) -> str:
    """The key, shortened to its beginning and its hash where it would not fit a column."""
    if len(key) <= _LONGEST_SUBJECT:
        return key
    return f"{key[:_KEPT]}…{sha256(key.encode()).hexdigest()}"
