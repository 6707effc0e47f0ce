"""Whether invoice and order are in one currency."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

CODE = "INV-CURRENCY"


def currency(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """An invoice in another currency than its order. Its amounts are not compared with the order's."""
    printed = facts.paper.currency
    if not order_references(facts.paper):
        return ()
    return tuple(
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"The invoice is in {printed or 'no known currency'}, order {order.po_number} is in {order.currency}.",
            subject=f"order {order.po_number}",
            expected=order.currency,
            actual=printed,
            used=(f"purchase_order:{order.po_number}",),
            evidence=("currency", "total_with_vat"),
            at_risk=signed_total(facts.paper),
        )
        for order in match.orders
        if order.currency != printed
    )


CONTROL = Control(
    code=CODE,
    checks="Invoice and order are in one currency",
    formula="currency ≠ currency of the order",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=currency,
)
