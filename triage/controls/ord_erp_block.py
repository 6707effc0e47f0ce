"""Whether the ERP itself has blocked the customer's order. Only the ERP lifts that."""

from core.decisions import Finding, Outcome
from triage.availability import Availability
from triage.control import NOBODY
from triage.findings import day
from triage.order_facts import OrderFacts
from triage.planning_control import OrderControl
from triage.policy import Policy
from triage.sales_findings import order_finding

CODE = "ERP-BLOCK"


def blocked(facts: OrderFacts, _available: Availability, _policy: Policy) -> tuple[Finding, ...]:
    """A block of the order that is not lifted at the instant of the decision."""
    return tuple(
        order_finding(
            facts,
            CODE,
            f"The ERP has blocked {block.document_ref} since {day(block.blocked_at.date())}: {block.reason}.",
            outcome=Outcome.BLOCK,
            subject=block.document_ref,
            expected="no block",
            actual=block.reason,
            used=(f"erp_block:{block.document_ref}",),
        )
        for block in facts.erp_blocks
        if block.lifted_at is None or block.lifted_at > facts.as_of
    )


CONTROL = OrderControl(
    code=CODE,
    checks="The ERP has not blocked the customer's order",
    formula="a block that is not lifted",
    outcome=Outcome.BLOCK,
    released_by=NOBODY,
    lifted_by="the ERP, and a fresher erp_blocks feed",
    run=blocked,
)
