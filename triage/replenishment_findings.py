"""Writes findings about recommendations, and names what they rest on in one way."""

from collections.abc import Iterable

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.findings import finding_about
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts


def replenishment_finding(
    facts: ReplenishmentFacts,
    policy: Policy,
    code: str,
    message: str,
    *,
    outcome: Outcome = Outcome.HOLD,
    subject: str | None = None,
    expected: str | None = None,
    actual: str | None = None,
    difference: str | None = None,
    used: Iterable[str] = (),
) -> Finding:
    """A finding about the recommendation; at risk is what was recommended, at standard cost."""
    item, quantity = facts.item, max(facts.recommendation.quantity, ZERO)
    cost = None if item is None or item.unit_cost is None else item.unit_cost * quantity
    return finding_about(
        facts.key,
        policy.replenishment.currency,
        code,
        outcome,
        message,
        subject=subject,
        expected=expected,
        actual=actual,
        difference=difference,
        tolerance="none allowed" if outcome is not Outcome.CLEAR else None,
        used=(*used, *item_used(facts)),
        at_risk=cost,
    )


def item_used(facts: ReplenishmentFacts) -> tuple[str, ...]:
    """Key of the item's master record."""
    return () if facts.item is None else (f"item:{facts.item.item_id}",)


def stock_used(facts: ReplenishmentFacts) -> tuple[str, ...]:
    """Keys of what is there and what is coming."""
    level = facts.stock
    there = () if level is None else (f"stock_level:{level.item_id}/{level.location_id}",)
    return (*there, *(one.key for one in facts.inbound))


def demand_used(facts: ReplenishmentFacts) -> tuple[str, ...]:
    """Key of the demand that was averaged."""
    return () if facts.demand is None else (facts.demand.key,)
