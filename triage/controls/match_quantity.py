"""Whether what is billed was received and not billed before."""

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.control import CLERK, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import count, money
from triage.line_findings import bills, line_finding, line_limit, line_name, line_tolerance, needs_receipt
from triage.match import Match
from triage.policy import Policy

CODE = "MATCH-QUANTITY"


def quantity_variance(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Price × (billed now − (received − billed before)), where goods have been received (SAP DQ)."""
    found = []
    for figures in match.figures:
        if not figures.receipts or not bills(figures) or not needs_receipt(policy, figures):
            continue
        open_quantity = figures.received - figures.billed_before
        over = (figures.invoiced or ZERO) - open_quantity
        value, expected = figures.line.unit_price * over, figures.line.unit_price * max(open_quantity, ZERO)
        tolerance = line_tolerance(policy, "quantity", figures)
        if tolerance.allows(value, expected, figures.order.currency):
            continue
        unit = figures.line.unit
        more = (
            f"{count(figures.invoiced or ZERO, unit)} billed, {count(open_quantity, unit)} received and not yet billed"
        )
        received = f"{count(figures.received, unit)} received, {count(figures.billed_before, unit)} billed before"
        apart = f"{money(abs(value), figures.order.currency)} {'too much' if value > 0 else 'less than received'}"
        message = f"{line_name(figures)}: {more} ({received}); {apart}."
        found.append(
            line_finding(
                facts, match, figures, CODE, message,
                expected=count(open_quantity, unit), actual=count(figures.invoiced or ZERO, unit),
                difference=count(over, unit), tolerance=line_limit(tolerance, figures, value), at_risk=value,
            )
        )  # fmt: skip
    return tuple(found)


CONTROL = Control(
    code=CODE,
    checks="Billed is received and not yet billed (SAP DQ)",
    formula="price × (billed − (received − billed before)), outside `quantity`",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a goods receipt in the feed",
    run=quantity_variance,
    types=INVOICE_TYPES,
)
