"""Whether what is recommended is an item that exists and is still bought."""

from core.decisions import Finding, Outcome
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding
from triage.rounding import Rounding

CODE = "REP-ITEM"


def item(facts: ReplenishmentFacts, _rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """An item nobody knows, one that has ended, or one with a status the policy does not know."""
    item_id, rules = facts.recommendation.item_id, policy.replenishment
    if facts.item is None:
        message, actual = f"There is no item {item_id}.", item_id
    else:
        actual = (facts.item.status or "").strip().lower()
        if not actual or actual in rules.item_active:
            return ()
        message = (
            f"Item {item_id} is {actual} and is not bought any more."
            if actual in rules.item_ended
            else f"Item {item_id} has the status “{actual}”, which the policy does not know."
        )
    return (
        replenishment_finding(
            facts, policy, CODE, message, subject=f"item {item_id}", expected="an active item", actual=actual
        ),
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="The item exists and is still bought",
    formula="item ∉ items · status is an ended one; a status the policy does not know holds",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="a fresher item feed",
    run=item,
)
