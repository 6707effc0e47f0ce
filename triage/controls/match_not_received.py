"""Whether anything was received at all, where a receipt is required."""

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.control import CLERK, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import count, money
from triage.line_findings import bills, line_finding, line_limit, line_name, line_tolerance, needs_receipt
from triage.match import Match
from triage.policy import Policy

CODE = "MATCH-NOT-RECEIVED"


def not_received(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Price × (billed now + billed before), where a receipt is required and none is posted (SAP DW)."""
    found = []
    for figures in match.figures:
        if figures.receipts or not bills(figures) or not needs_receipt(policy, figures):
            continue
        billed = (figures.invoiced or ZERO) + figures.billed_before
        value, expected = figures.line.unit_price * billed, figures.line.unit_price * figures.line.quantity
        tolerance = line_tolerance(policy, "not_received", figures)
        if tolerance.allows(value, expected, figures.order.currency):
            continue
        unit = figures.line.unit
        message = (
            f"{line_name(figures)}: {count(billed, unit)} billed, no goods receipt is posted; "
            f"{money(value, figures.order.currency)} for goods nobody has confirmed."
        )
        found.append(
            line_finding(
                facts, match, figures, CODE, message,
                expected="a goods receipt", actual="none", difference=count(billed, unit),
                tolerance=line_limit(tolerance, figures, value), at_risk=value,
            )
        )  # fmt: skip
    return tuple(found)


CONTROL = Control(
    code=CODE,
    checks="Something was received at all (SAP DW)",
    formula="receipt required, none posted: price × (billed + billed before), outside `not_received`",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a goods receipt in the feed",
    run=not_received,
    types=INVOICE_TYPES,
)
