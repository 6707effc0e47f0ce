"""What waiting is expected to cost: money at risk × chance of losing it × urgency, and a person's time at least.

One unit, the house currency, for every kind of case: a paper, a customer's order, odd demand, a recommendation to
replenish. The amount only orders the queue; it decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Literal

from core.decisions import Decision, Finding, Outcome, highest
from core.money import ZERO, exact_sum, plain, round_amount
from triage.amounts import signed_total
from triage.facts import Facts
from triage.order_facts import OrderFacts
from triage.policy import Policy, PriorityRules
from triage.replenishment_facts import ReplenishmentFacts

SAID_BY_MODELS = frozenset({"MODEL-REVIEW", "MODEL-RISK", "MODEL-LATE", "DEMAND-ANOMALY"})
"""Findings that are a probability already: it stands for itself, not for the weight of the hold it makes."""

_MINUTES_AN_HOUR = 60
_PROBABILITY_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """An expected loss with the parts it is made of.

    Attributes:
        expected_loss: in the house currency: `at_risk × rate × weight × urgency + handling`.
        at_risk_amount: the most that can be lost, in the case's currency, never counted more than once.
        rate: worth of one unit of that currency in the house currency.
        weight: chance that the money is lost if nobody looks.
        weight_from: where that chance is from: the policy's weight of the `outcome`, or a `model`'s probability.
        urgency: 1 long before the case is due, growing to it and past it.
        handling_amount: a person's time, in the house currency.
        due_on: the day by which somebody must have acted, None when nobody knows.
    """

    expected_loss: Decimal
    currency: str
    at_risk_amount: Decimal
    rate: Decimal
    weight: Decimal
    urgency: Decimal
    handling_amount: Decimal
    due_on: date | None
    weight_from: Literal["outcome", "model"] = "outcome"

    @property
    def words(self) -> str:
        """The sum as a person checks it: `470.05 EUR at risk × 90 % (outcome) × urgency 1.5 + 4.00 EUR of time`."""
        impact = f"{round_amount(self.at_risk_amount * self.rate, self.currency):f} {self.currency}"
        time = f"{round_amount(self.handling_amount, self.currency):f} {self.currency}"
        chance = f"{plain((self.weight * 100).quantize(Decimal('0.1')))} % ({self.weight_from})"
        return f"{impact} at risk × {chance} × urgency {plain(self.urgency.quantize(Decimal('0.01')))} + {time} of time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What a case is about, as far as its priority goes.

    Attributes:
        at_risk_amount: the most that can be lost; its sign does not count.
        currency: of that amount; the house currency where None.
        due_on: the day by which somebody must have acted, None where there is none.
        probability: a model's probability that it is lost, None where no model spoke.
        findings: what was found; those that models made count through `probability` alone where there is one.
    """

    at_risk_amount: Decimal
    currency: str | None
    due_on: date | None
    findings: tuple[Finding, ...]
    outcome: Outcome
    probability: float | None = None


def priority_of_stake(stake: Stake, today: date, rules: PriorityRules) -> Priority:
    """What a case's waiting is expected to cost as of a day, whatever it is about."""
    at_risk = abs(stake.at_risk_amount)
    rate = rules.rates.get(stake.currency or rules.house_currency, Decimal(1))
    weight, weight_from = _chance(stake, rules)
    urgency = urgency_of(stake.due_on, today, rules)
    handling = rules.hourly_cost * rules.handling_minutes / _MINUTES_AN_HOUR
    return Priority(
        expected_loss=at_risk * rate * weight * urgency + handling,
        currency=rules.house_currency,
        at_risk_amount=at_risk,
        rate=rate,
        weight=weight,
        urgency=urgency,
        handling_amount=handling,
        due_on=stake.due_on,
        weight_from=weight_from,
    )


def priority_of(decision: Decision, facts: Facts, policy: Policy, *, probability: float | None = None) -> Priority:
    """How much a paper's waiting is expected to cost, at the instant of its decision.

    Args:
        probability: a model's, that a person will change or dispute the paper; the one in the facts when not given.
    """
    said = facts.prediction if policy.predictions.review.use else None
    if probability is None and said is not None and 0 <= said.probability <= 1:
        probability = said.probability
    at_risk = _most_at_risk(decision.findings) or abs(signed_total(facts.paper) or ZERO)
    stake = Stake(
        at_risk_amount=at_risk,
        currency=facts.paper.currency,
        due_on=due_date(facts),
        findings=decision.findings,
        outcome=decision.outcome,
        probability=probability,
    )
    return priority_of_stake(stake, _day_of(decision), policy.priority)


def priority_of_order(
    decision: Decision, facts: OrderFacts, policy: Policy, *, probability: float | None = None
) -> Priority:
    """How much it is expected to cost that a customer's order waits: its value, due on the day it is promised.

    Args:
        probability: a model's, that the order misses its promise.
    """
    order = facts.order
    value = order.order_value if order.order_value is not None else _value_of_lines(facts)
    stake = Stake(
        at_risk_amount=value,
        currency=order.currency,
        due_on=order.promised_at.astimezone(UTC).date(),
        findings=decision.findings,
        outcome=decision.outcome,
        probability=probability,
    )
    return priority_of_stake(stake, _day_of(decision), policy.priority)


def priority_of_anomaly(
    *,
    at_risk_amount: Decimal,
    currency: str | None,
    probability: float,
    policy: Policy,
    today: date,
    act_by: date | None = None,
) -> Priority:
    """How much it is expected to cost that odd demand waits.

    Args:
        at_risk_amount: worth of the units outside the interval.
        probability: that the day is odd indeed, and not one of the few that fall outside by chance.
        act_by: the day after which an order to the supplier comes too late.
    """
    stake = Stake(
        at_risk_amount=at_risk_amount,
        currency=currency,
        due_on=act_by,
        findings=(),
        outcome=Outcome.CLEAR,
        probability=probability,
    )
    return priority_of_stake(stake, today, policy.priority)


def priority_of_recommendation(
    decision: Decision,
    facts: ReplenishmentFacts,
    policy: Policy,
    *,
    probability: float | None = None,
    stock_out_amount: Decimal | None = None,
) -> Priority:
    """How much it is expected to cost that a recommendation waits, due on the day the goods are needed.

    Args:
        probability: a model's, that the item is out of stock before the goods could come otherwise.
        stock_out_amount: what being out of stock would cost, in the planners' currency; what was recommended, at
            standard cost, when not given.
    """
    cost = None if facts.item is None else facts.item.unit_cost
    recommended = ZERO if cost is None else cost * max(facts.recommendation.quantity, ZERO)
    stake = Stake(
        at_risk_amount=recommended if stock_out_amount is None else stock_out_amount,
        currency=policy.replenishment.currency,
        due_on=facts.recommendation.needed_by,
        findings=decision.findings,
        outcome=decision.outcome,
        probability=probability,
    )
    return priority_of_stake(stake, _day_of(decision), policy.priority)


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


def _chance(stake: Stake, rules: PriorityRules) -> tuple[Decimal, Literal["outcome", "model"]]:
    """The larger of what the controls' outcome weighs and what the model says: neither makes the other smaller."""
    if stake.probability is None:
        return _weight(stake.outcome, rules), "outcome"
    if not 0 <= stake.probability <= 1:
        raise ValueError(f"{stake.probability} is no probability")
    by_controls = highest(*(at.outcome for at in stake.findings if at.code not in SAID_BY_MODELS))
    weight = _weight(by_controls, rules)
    said = Decimal(str(stake.probability)).quantize(_PROBABILITY_DECIMALS)
    return (said, "model") if said > weight else (weight, "outcome")


def _weight(outcome: Outcome, rules: PriorityRules) -> Decimal:
    return next(share for name, share in rules.weights.items() if name == outcome.value)


def _most_at_risk(findings: Iterable[Finding]) -> Decimal:
    return max((Decimal(at.at_risk_amount) for at in findings if at.at_risk_amount), default=ZERO)


def _value_of_lines(facts: OrderFacts) -> Decimal:
    return exact_sum(line.quantity * line.unit_price for line in facts.lines if line.unit_price is not None)


def _day_of(decision: Decision) -> date:
    return decision.decided_at.astimezone(UTC).date()
