"""Whether the recommendation goes to a supplier that exists, may be ordered from, and supplies the item."""

from core.decisions import Finding, Outcome
from core.erp import Supplier
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding
from triage.rounding import Rounding

CODE = "REP-SUPPLIER"


def supplier(facts: ReplenishmentFacts, _rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """A supplier nobody named or knows, one that may not be ordered from, or another than the item's."""
    named, record = facts.recommendation.supplier_id, facts.supplier
    theirs = None if facts.item is None else facts.item.supplier_id
    found = []
    if named is None:
        found.append(_finding(facts, policy, "The recommendation names no supplier.", "a supplier", "none"))
    elif record is None:
        found.append(_finding(facts, policy, f"There is no supplier {named}.", "a supplier that exists", named))
    else:
        found += _status(facts, policy, record)
    if named is not None and theirs is not None and theirs != named:
        message = f"Item {facts.recommendation.item_id} is bought from {theirs}, not from {named}."
        found.append(_finding(facts, policy, message, theirs, named))
    return tuple(found)


def _status(facts: ReplenishmentFacts, policy: Policy, record: Supplier) -> list[Finding]:
    status = (record.status or "").strip().lower()
    if not status or status in policy.statuses.supplier_active:
        return []
    message = (
        f"Supplier {record.name} ({record.supplier_id}) is {status}; nothing is ordered there."
        if status in policy.statuses.supplier_blocked
        else f"Supplier {record.name} has the status “{status}”, which the policy does not know."
    )
    return [_finding(facts, policy, message, "an active supplier", status)]


def _finding(facts: ReplenishmentFacts, policy: Policy, message: str, expected: str, actual: str) -> Finding:
    used = () if facts.supplier is None else (f"supplier:{facts.supplier.supplier_id}",)
    return replenishment_finding(
        facts, policy, CODE, message, subject="supplier", expected=expected, actual=actual, used=used
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="The supplier exists, is active, and is the item's",
    formula="supplier ∉ suppliers · blocked, or with a status the policy does not know · ≠ the item's supplier",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="a fresher supplier or item feed",
    run=supplier,
)
