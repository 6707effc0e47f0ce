"""Whether all billing on an order line stays within what was ordered."""

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.control import APPROVER, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import count, money
from triage.line_findings import bills, line_finding, line_limit, line_name, line_tolerance
from triage.match import Match
from triage.policy import Policy

CODE = "MATCH-OVERBILLED"


def overbilled(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Billed now and before over what was ordered and the allowance; the allowance cannot be used up twice."""
    found = []
    for figures in match.figures:
        if not bills(figures):
            continue
        billed = (figures.invoiced or ZERO) + figures.billed_before
        over = billed - figures.line.quantity
        value, expected = figures.line.unit_price * over, figures.line.unit_price * figures.line.quantity
        tolerance = line_tolerance(policy, "overbilled", figures)
        if tolerance.allows(value, expected, figures.order.currency):
            continue
        unit = figures.line.unit
        message = (
            f"{line_name(figures)}: {count(billed, unit)} billed in all, "
            f"{count(figures.line.quantity, unit)} ordered; "
            f"{money(abs(value), figures.order.currency)} {'too much' if value > 0 else 'less than ordered'}."
        )
        found.append(
            line_finding(
                facts, match, figures, CODE, message, outcome=Outcome.BLOCK,
                expected=f"{count(figures.line.quantity, unit)} or fewer", actual=count(billed, unit),
                difference=count(over, unit), tolerance=line_limit(tolerance, figures, value), at_risk=value,
            )
        )  # fmt: skip
    return tuple(found)


CONTROL = Control(
    code=CODE,
    checks="All billing stays within what was ordered",
    formula="price × (billed + billed before − ordered), outside `overbilled`",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a corrected invoice or a credit note",
    run=overbilled,
    types=INVOICE_TYPES,
)
