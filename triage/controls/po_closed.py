"""Whether the order is open."""

from core.decisions import Finding, Outcome
from triage.control import APPROVER, Control
from triage.facts import Facts
from triage.match import Match
from triage.order_findings import order_finding
from triage.orders import order_references
from triage.policy import Policy

CODE = "PO-CLOSED"


def closed(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """An order that takes no more invoices, or has a status the policy does not know."""
    found = []
    for order in match.orders if order_references(facts.paper) else ():
        status = (order.status or "").strip().lower()
        if not status or status in policy.statuses.order_open:
            continue
        is_closed = status in policy.statuses.order_closed
        message = (
            f"Order {order.po_number} is {status} and takes no more papers."
            if is_closed
            else f"Order {order.po_number} has the status “{status}”, which the policy does not know."
        )
        found.append(
            order_finding(
                facts,
                CODE,
                Outcome.BLOCK if is_closed else Outcome.HOLD,
                message,
                subject=f"order {order.po_number}",
                expected="open",
                actual=status,
                used=(f"purchase_order:{order.po_number}",),
            )
        )
    return tuple(found)


CONTROL = Control(
    code=CODE,
    checks="The order is open",
    formula="status is a closed one; a status the policy does not know holds",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a corrected order number, or a fresher order feed",
    run=closed,
)
