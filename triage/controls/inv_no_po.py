"""Whether the paper names an order, where its type needs one."""

from core.decisions import Finding, Outcome
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.match import Match
from triage.order_findings import order_finding
from triage.orders import order_references
from triage.policy import Policy

CODE = "INV-NO-PO"


def no_order(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A paper of a type that needs an order names none."""
    rules = policy.documents.get(facts.paper.document_type)
    if rules is None or not rules.order_required or order_references(facts.paper):
        return ()
    fitting = sorted({pair.po_number for pair in match.pairs})
    hint = f" Its lines look like those of order {', '.join(fitting)}." if fitting else ""
    message = f"The paper names no order number.{hint}"
    used = match.used if fitting else ()
    return (order_finding(facts, CODE, Outcome.HOLD, message, expected="an order number", used=used),)


CONTROL = Control(
    code=CODE,
    checks="The paper names an order",
    formula="no order number, where its type needs one",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=no_order,
)
