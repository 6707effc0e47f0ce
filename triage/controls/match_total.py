"""Whether the invoice as a whole costs what its order says: the balance of the header, small or not."""

from core.decisions import Finding, Outcome
from core.money import ZERO, exact_sum, rounding_allowance
from triage.amounts import net_total, signed
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding, limit_text, money
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

CODE = "MATCH-TOTAL"


def total(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Net total less quantity × order price of every line, unpaired lines and charges as printed (SAP BD).

    A balance within the small-difference limit clears with a note; beyond it, many small differences add up to one
    that holds.
    """
    paper, net = facts.paper, net_total(facts.paper)
    if net is None or not match.figures or not order_references(paper):
        return ()
    if any(figures.order.currency != paper.currency or figures.invoiced is None for figures in match.figures):
        return ()
    currency = match.figures[0].order.currency
    ordered = exact_sum((figures.invoiced or ZERO) * figures.line.unit_price for figures in match.figures)
    unpaired = [line.line_net_amount or ZERO for line in paper.lines if line.index in match.unpaired]
    not_ordered = (*unpaired, paper.total_charges or ZERO)
    billed = signed(paper, net) - exact_sum(signed(paper, amount) for amount in not_ordered)
    balance = billed - ordered
    if abs(balance) <= rounding_allowance(len(match.pairs) + 1, currency):
        return ()
    order = match.figures[0].order
    tolerance = policy.tolerance_for("small_difference", supplier_id=order.supplier_id, legal_entity=order.legal_entity)
    is_small = tolerance.allows(balance, ordered, currency)
    more = "more" if balance > 0 else "less"
    small = "; small enough to clear" if is_small else ""
    return (
        finding(
            facts,
            CODE,
            Outcome.CLEAR if is_small else Outcome.HOLD,
            f"In all, {money(abs(balance), currency)} {more} than the order's prices: "
            f"{money(billed, currency)} billed, {money(ordered, currency)} by the order{small}.",
            subject="total_without_vat",
            expected=money(ordered, currency),
            actual=money(billed, currency),
            difference=money(balance, currency),
            tolerance=limit_text(tolerance, currency, over=balance > 0),
            used=match.used,
            evidence=("total_without_vat", "total_with_vat"),
            at_risk=balance,
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="The invoice as a whole costs what was ordered (SAP BD)",
    formula="net − Σ quantity × order price, outside `small_difference`; within it, a note that clears",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=total,
)
