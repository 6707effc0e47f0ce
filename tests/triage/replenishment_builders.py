"""Builds a recommendation and what is known of its item: nothing to find unless a test says otherwise."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.decisions import Finding
from core.erp import FeedFreshness, Item, StockLevel, Supplier
from tests.triage.builders import AS_OF, policy
from triage.decide_replenishment import run_recommendation_controls
from triage.planning_policy import Budget, ReplenishmentRules
from triage.policy import Policy
from triage.replenishment_facts import DemandRate, Recommendation, ReplenishmentFacts
from triage.rounding import Rounding, round_recommendation


def replenishment_rules(**changes: Any) -> ReplenishmentRules:
    """The rules Clearhold starts with, changed."""
    return policy().replenishment.model_copy(update=changes)


def with_replenishment(**changes: Any) -> Policy:
    """A policy whose rules for replenishment are changed."""
    return policy().model_copy(update={"replenishment": replenishment_rules(**changes)})


def budget(amount: str | int | None = 1000, **changes: Any) -> Budget:
    """A month's budget of everything."""
    made = Budget(name="all", category=("any",), location_id=("any",), period="month", amount=None)
    return made.model_copy(update={"amount": None if amount is None else Decimal(amount), **changes})


def planned_item(**changes: Any) -> Item:
    """An item bought in cases of 6 at 2 euros apiece."""
    record = Item(
        item_id="A",
        supplier_id="S1",
        category="food",
        case_pack=Decimal(6),
        unit_cost=Decimal(2),
        lead_time_days=5,
        status="active",
    )
    return replace(record, **changes)


def stocked(on_hand: str | int = 10, **changes: Any) -> StockLevel:
    """Stock at the place the recommendation is for."""
    record = StockLevel(item_id="A", location_id="WH1", as_of=AS_OF - timedelta(hours=1), on_hand=Decimal(on_hand))
    return replace(record, **changes)


def rate(mean: str | int = 4, deviation: str | int = 2, days: int = 91) -> DemandRate:
    """Demand of an average day."""
    return DemandRate(
        item_id="A",
        location_id="WH1",
        mean_daily=Decimal(mean),
        deviation_daily=Decimal(deviation),
        days=days,
    )


def recommended(quantity: str | int = 24, **changes: Any) -> Recommendation:
    """What is recommended."""
    record = Recommendation(
        recommendation_id="R1", item_id="A", location_id="WH1", supplier_id="S1", quantity=Decimal(quantity)
    )
    return replace(record, **changes)


def replenishment_facts(quantity: str | int = 24, **changes: Any) -> ReplenishmentFacts:
    """Everything known and fresh, nothing to find."""
    record = ReplenishmentFacts(
        recommendation=recommended(quantity),
        as_of=AS_OF,
        item=planned_item(),
        supplier=Supplier(supplier_id="S1", name="Nordlicht GmbH", status="active"),
        stock=stocked(),
        demand=rate(),
        feeds=tuple(
            FeedFreshness(feed=name, loaded_at=AS_OF - timedelta(hours=1), rows=1)
            for name in replenishment_rules().feeds
        ),
    )
    return replace(record, **changes)


def rounded(facts: ReplenishmentFacts, the_policy: Policy | None = None) -> Rounding:
    """What can be ordered."""
    return round_recommendation(facts, (the_policy or policy()).replenishment)


def check_recommendation(facts: ReplenishmentFacts, the_policy: Policy | None = None) -> tuple[Finding, ...]:
    """What all controls of recommendations find."""
    return run_recommendation_controls(facts, rounded(facts, the_policy), the_policy or policy())


def found_in(facts: ReplenishmentFacts, the_policy: Policy | None = None) -> dict[str, str]:
    """The codes found, with what each asks for."""
    return {finding.code: finding.outcome.value for finding in check_recommendation(facts, the_policy)}


def the_recommendation_finding(code: str, facts: ReplenishmentFacts, the_policy: Policy | None = None) -> Finding:
    """The one finding with a code."""
    (found,) = (finding for finding in check_recommendation(facts, the_policy) if finding.code == code)
    return found
