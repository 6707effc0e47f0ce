"""Whether one place can send the whole order, or several would have to."""

from core.decisions import Finding, Outcome
from triage.availability import Availability
from triage.findings import count
from triage.order_facts import OrderFacts, is_under_way
from triage.planning_control import PLANNER, OrderControl
from triage.policy import Policy
from triage.sales_findings import needs_used, order_finding, places_text

CODE = "ORD-SPLIT"


def split(facts: OrderFacts, available: Availability, _policy: Policy) -> tuple[Finding, ...]:
    """Everything can be promised, and no single place has it all, or the lines themselves name several."""
    if is_under_way(facts.shipments, facts.as_of) or not available.is_covered or available.whole:
        return ()
    if len(available.named) > 1:
        message = f"Its lines are taken from several places: {', '.join(available.named)}."
        actual = ", ".join(available.named)
    else:
        wanted = "; ".join(
            f"item {need.item_id}: {count(need.quantity)} wanted, free at {places_text(available, need.item_id)}"
            for need in available.needs
        )
        message, actual = f"No single place can send all of it: {wanted}.", "several places"
    return (
        order_finding(
            facts,
            CODE,
            message,
            expected="one place that has everything",
            actual=actual,
            used=needs_used(facts, available.needs),
        ),
    )


CONTROL = OrderControl(
    code=CODE,
    checks="One place can send the whole order",
    formula="all can be promised, and at no one place all of it · lines name several places",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="stock at one place, or a place chosen in the ERP",
    run=split,
)
