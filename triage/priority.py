"""What waiting is expected to cost: money at risk × weight of the outcome × urgency, and a person's time at least.

The amount only orders the queue; it decides nothing.
"""

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import Decimal

from core.decisions import Decision
from core.money import ZERO
from triage.amounts import signed_total
from triage.facts import Facts
from triage.policy import Policy, PriorityRules

_MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """An expected loss with the parts it is made of.

    Attributes:
        expected_loss: in the house currency: `at_risk × rate × weight × urgency + handling`.
        at_risk_amount: the most any finding puts at risk, in the paper's currency, never more than once.
        weight: chance, by outcome, that the money is lost if nobody looks.
        urgency: 1 long before the paper is due, growing to it and past it.
        handling_amount: a person's time, in the house currency.
        due_on: when the paper is due, None when nobody knows.
    """

    expected_loss: Decimal
    currency: str
    at_risk_amount: Decimal
    rate: Decimal
    weight: Decimal
    urgency: Decimal
    handling_amount: Decimal
    due_on: date | None


def priority_of(decision: Decision, facts: Facts, policy: Policy) -> Priority:
    """How much a paper's waiting is expected to cost, at the instant of its decision."""
    rules = policy.priority
    at_risk = max((Decimal(at.at_risk_amount) for at in decision.findings if at.at_risk_amount), default=ZERO)
    if not at_risk:
        at_risk = abs(signed_total(facts.paper) or ZERO)
    due_on = due_date(facts)
    rate = rules.rates.get(facts.paper.currency or rules.house_currency, Decimal(1))
    weight = next(share for outcome, share in rules.weights.items() if outcome == decision.outcome.value)
    urgency = urgency_of(due_on, decision.decided_at.astimezone(UTC).date(), rules)
    handling = rules.hourly_cost * rules.handling_minutes / _MINUTES_AN_HOUR
    return Priority(
        expected_loss=at_risk * rate * weight * urgency + handling,
        currency=rules.house_currency,
        at_risk_amount=at_risk,
        rate=rate,
        weight=weight,
        urgency=urgency,
        handling_amount=handling,
        due_on=due_on,
    )


def due_date(facts: Facts) -> date | None:
    """The due date on the paper, else what the supplier's terms make of the invoice date."""
    if facts.paper.due_date is not None:
        return facts.paper.due_date
    terms = facts.supplier.payment_terms_days if facts.supplier else None
    issued = facts.paper.issue_date
    if terms is None or issued is None:
        return None
    return issued + timedelta(days=min(terms, (date.max - issued).days))


def urgency_of(due_on: date | None, today: date, rules: PriorityRules) -> Decimal:
    """1 beyond the horizon, `due_factor` on the day, `overdue_factor` a horizon later; straight lines between."""
    if due_on is None:
        return Decimal(1)
    left = Decimal((due_on - today).days) / rules.horizon_days
    if left >= 0:
        return 1 + (rules.due_factor - 1) * max(ZERO, 1 - left)
    late = min(Decimal(1), -left)
    return rules.due_factor + (rules.overdue_factor - rules.due_factor) * late
