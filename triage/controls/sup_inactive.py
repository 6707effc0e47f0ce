"""Whether the supplier may be paid."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import APPROVER, Control
from triage.facts import Facts
from triage.findings import finding, supplier_keys
from triage.match import Match
from triage.policy import Policy

CODE = "SUP-INACTIVE"


def inactive(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """The master record is blocked, or has a status the policy does not know."""
    supplier = facts.supplier
    status = (supplier.status or "").strip().lower() if supplier else ""
    if supplier is None or not status or status in policy.statuses.supplier_active:
        return ()
    blocked = status in policy.statuses.supplier_blocked
    message = (
        f"{supplier.name} is {status} in the master data and may not be paid."
        if blocked
        else f"{supplier.name} has the status “{status}”, which the policy does not know."
    )
    return (
        finding(
            facts,
            CODE,
            Outcome.BLOCK if blocked else Outcome.HOLD,
            message,
            expected="active",
            actual=status,
            used=supplier_keys(supplier),
            evidence=("seller_name",),
            at_risk=signed_total(facts.paper),
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="The supplier may be paid",
    formula="status is a blocked one; a status the policy does not know holds",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a fresher supplier feed",
    run=inactive,
)
