"""Whether as much is ordered as the supplier sells at least; less is rounded up, and says so."""

from core.decisions import Finding, Outcome
from triage.findings import count
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding
from triage.rounding import Rounding

CODE = "REP-MOQ"


def minimum(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """Less than the minimum order quantity: raised to it. Where that contradicts another limit, that limit holds."""
    if rounding.raised <= rounding.recommended or rounding.recommended <= 0:
        return ()
    wanted, least = count(rounding.recommended), count(rounding.raised)
    return (
        replenishment_finding(
            facts,
            policy,
            CODE,
            f"Rounded up from {wanted} to {least}, the minimum order quantity.",
            outcome=Outcome.CLEAR,
            subject="quantity",
            expected=f"{least} or more",
            actual=wanted,
            difference=count(rounding.raised - rounding.recommended),
        ),
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="At least the minimum order quantity: rounded up",
    formula="recommended < minimum order quantity: raised to it, a note that clears",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="rounding",
    run=minimum,
)
