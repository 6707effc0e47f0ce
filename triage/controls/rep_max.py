"""Whether what is ordered fits under the maximum stock; more is cut down, and says so."""

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.findings import count
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts, on_hand, on_order
from triage.replenishment_findings import replenishment_finding, stock_used
from triage.rounding import Rounding

CODE = "REP-MAX"


def maximum(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """More than the room left under the maximum stock: cut down, or held where less cannot be ordered."""
    room = rounding.room
    if room is None or facts.item is None or rounding.packed <= room:
        return ()
    there = on_hand(facts.stock) + on_order(facts.stock, facts.inbound)
    top = facts.item.max_stock or ZERO
    clears = rounding.fits(room)
    basis = f"{count(there)} are on hand and on order, the maximum stock is {count(top)}"
    message = (
        f"Cut down from {count(rounding.packed)} to {count(room)}: {basis}."
        if clears
        else f"{count(rounding.packed)} would be too much and cannot be cut to the room of {count(room)}: {basis}"
        f"{f', and {count(rounding.least)} is the least that is sold' if rounding.least > 0 else ''}."
    )
    return (
        replenishment_finding(
            facts,
            policy,
            CODE,
            message,
            outcome=Outcome.CLEAR if clears else Outcome.HOLD,
            subject="quantity",
            expected=f"{count(room)} or less",
            actual=count(rounding.packed),
            difference=count(rounding.packed - room),
            used=stock_used(facts),
        ),
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="Not over the maximum stock: cut down",
    formula="on hand + on order + quantity > maximum stock: cut to whole packs, a note that clears · no order fits",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="cutting, or room",
    run=maximum,
)
