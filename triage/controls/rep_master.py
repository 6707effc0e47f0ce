"""Whether what planning needs to know of the item and its stock is there."""

from core.decisions import Finding, Outcome
from core.erp import Item
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding, stock_used
from triage.rounding import Rounding

CODE = "REP-MASTER"


_WORDS = {
    "lead_time_days": "lead time",
    "unit_cost": "standard cost",
    "case_pack": "case pack",
    "supplier_id": "supplier",
    "category": "category",
    "min_order_quantity": "minimum order quantity",
    "max_stock": "maximum stock",
    "shelf_life_days": "shelf life",
}
_ABOVE_NOTHING = frozenset({"case_pack", "shelf_life_days"})


def master(facts: ReplenishmentFacts, _rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """Master data the policy requires that is missing, negative or nothing; or no count of what is there."""
    item, place = facts.item, facts.recommendation.location_id
    absent = [] if item is None else [name for name in _WORDS if _is_wrong(item, name, policy)]
    found = []
    if item is not None and absent:
        words = ", ".join(_WORDS[name] for name in absent)
        found.append(
            replenishment_finding(
                facts,
                policy,
                CODE,
                f"Item {item.item_id} has no usable {words} in its master record.",
                subject=f"item {item.item_id}",
                expected=words,
                actual="missing",
            )
        )
    if facts.stock is None:
        found.append(
            replenishment_finding(
                facts,
                policy,
                CODE,
                f"Of item {facts.recommendation.item_id} no stock was ever counted at {place}; it was taken as none.",
                subject="stock level",
                expected="a stock level",
                actual="none",
                used=stock_used(facts),
            )
        )
    return tuple(found)


def _is_wrong(item: Item, name: str, policy: Policy) -> bool:
    """Missing where the policy requires it; where it is there, negative, or nothing where that makes no sense."""
    value = getattr(item, name)
    if value is None or value == "":
        return name in policy.replenishment.required_master
    return not isinstance(value, str) and (value < 0 or (value == 0 and name in _ABOVE_NOTHING))


CONTROL = RecommendationControl(
    code=CODE,
    checks="Planning master data and a stock level are there",
    formula="an attribute of `required_master` is missing or makes no sense · no stock level of the item at the place",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="a fresher item or stock feed",
    run=master,
)
