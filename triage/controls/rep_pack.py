"""Whether whole cases are ordered; anything else is rounded as the policy says, and says so."""

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.findings import count
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding
from triage.rounding import Rounding

CODE = "REP-PACK"


def pack(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """Not a multiple of the case pack: rounded to whole ones; held where nothing would be left."""
    if rounding.packed == rounding.raised:
        return ()
    size = (facts.item.case_pack if facts.item is not None else None) or ZERO
    wanted, ordered = count(rounding.raised), count(rounding.packed)
    clears = rounding.packed > 0
    message = (
        f"Rounded {'up' if rounding.packed > rounding.raised else 'down'} from {wanted} to {ordered}, "
        f"whole packs of {count(size)}."
        if clears
        else f"{wanted} is less than a pack of {count(size)} and would be rounded to nothing."
    )
    return (
        replenishment_finding(
            facts,
            policy,
            CODE,
            message,
            outcome=Outcome.CLEAR if clears else Outcome.HOLD,
            subject="quantity",
            expected=f"a multiple of {count(size)}",
            actual=wanted,
            difference=count(rounding.packed - rounding.raised),
        ),
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="Whole case packs: rounded as the policy says",
    formula="not a multiple of the case pack: rounded, a note that clears · rounded to nothing",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="rounding, or another quantity",
    run=pack,
)
