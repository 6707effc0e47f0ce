"""Whether the seller is a supplier we know."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.policy import Policy

CODE = "SUP-UNKNOWN"
_WHO = ("seller_name", "seller_vat_id", "payment_iban")


def unknown(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """No master record fits the seller by VAT id, IBAN or name."""
    if facts.supplier is not None:
        return ()
    paper = facts.paper
    printed = paper.seller_name or paper.seller_vat_id
    who = f"“{printed}”" if printed else "The seller on this paper"
    message = f"{who} is no supplier we know: neither VAT id, IBAN nor name fits one master record."
    at_risk = signed_total(paper)
    return (finding(facts, CODE, Outcome.HOLD, message, actual=printed, evidence=_WHO, at_risk=at_risk),)


CONTROL = Control(
    code=CODE,
    checks="The seller is a supplier",
    formula="no master record by VAT id, IBAN or name",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected seller, or a fresher supplier feed",
    run=unknown,
)
