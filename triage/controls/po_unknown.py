"""Whether the order the paper names exists."""

from core.decisions import Finding, Outcome
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.match import Match
from triage.order_findings import order_finding
from triage.policy import Policy

CODE = "PO-UNKNOWN"


def unknown(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """An order number on the paper that no order has."""
    return tuple(
        order_finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"There is no order {number}.",
            subject=f"order {number}",
            expected="an order that exists",
            actual=number,
        )
        for number in match.unknown_orders
    )


CONTROL = Control(
    code=CODE,
    checks="The order exists",
    formula="order number ∉ orders",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected order number, or a fresher order feed",
    run=unknown,
)
