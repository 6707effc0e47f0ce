"""Whether what is ordered sells before it spoils; more is cut down, and says so."""

from core.decisions import Finding, Outcome
from core.erp import Item
from core.money import plain
from triage.findings import count
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import demand_used, replenishment_finding, stock_used
from triage.rounding import Rounding

CODE = "REP-SHELF-LIFE"


def shelf_life(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """More than sells in time: cut down, or held where less cannot be ordered, or nobody knows what sells."""
    item = facts.item
    if item is None or item.shelf_life_days is None or rounding.packed <= 0:
        return ()
    if facts.demand is None:
        message = f"Item {item.item_id} keeps {item.shelf_life_days} days, and nothing is known of what sells."
        return (_finding(facts, policy, message, rounding, expected="demand that is known", actual="none"),)
    sells = rounding.sellable
    if sells is None or rounding.packed <= sells:
        return ()
    clears = rounding.fits(sells)
    basis = _basis(facts, item, policy)
    message = (
        f"Cut down from {count(rounding.packed)} to {count(sells)}: {basis}."
        if clears
        else f"{count(rounding.packed)} would spoil and cannot be cut to the {count(sells)} that sell: {basis}"
        f"{f', and {count(rounding.least)} is the least that is sold' if rounding.least > 0 else ''}."
    )
    return (
        _finding(
            facts,
            policy,
            message,
            rounding,
            outcome=Outcome.CLEAR if clears else Outcome.HOLD,
            expected=f"{count(sells)} or less",
            actual=count(rounding.packed),
        ),
    )


def _basis(facts: ReplenishmentFacts, item: Item, policy: Policy) -> str:
    demand = facts.demand
    assert demand is not None
    share = plain(policy.replenishment.usable_share * 100)
    return (
        f"{plain(round(demand.mean_daily, 2))} sell a day, of {item.shelf_life_days} days' shelf life {share} % count, "
        "and what is there and coming sells first"
    )


def _finding(
    facts: ReplenishmentFacts,
    policy: Policy,
    message: str,
    rounding: Rounding,
    *,
    expected: str,
    actual: str,
    outcome: Outcome = Outcome.HOLD,
) -> Finding:
    sells = rounding.sellable
    return replenishment_finding(
        facts,
        policy,
        CODE,
        message,
        outcome=outcome,
        subject="quantity",
        expected=expected,
        actual=actual,
        difference=None if sells is None else count(rounding.packed - sells),
        used=(*stock_used(facts), *demand_used(facts)),
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="Not more than sells within the usable shelf life: cut down",
    formula="quantity > mean daily demand × shelf life × `usable_share` − what is still there when it comes: cut to "
    "whole packs, a note that clears · no order fits · demand not known",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="cutting, or demand",
    run=shelf_life,
)
