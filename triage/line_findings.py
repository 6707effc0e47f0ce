"""Writes findings about an order line that a paper bills: what it is called, its tolerance, the records it rests on.

Everything of the three-way match is cumulative over the papers that bill an order line, so splitting an invoice gains
nothing. What rounding explains is no difference; it is granted once, not again for each paper.
"""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import NEGLIGIBLE
from triage.earlier import Earlier
from triage.facts import Facts
from triage.findings import finding, limit_text, line_fields, lines_text
from triage.match import LineFigures, Match
from triage.policy import Policy, Tolerance, ToleranceName


def bills(figures: LineFigures) -> bool:
    """Whether the paper asks for money on this line: a credit note does not, and needs no receipt."""
    return figures.invoiced is not None and figures.invoiced > 0


def needs_receipt(policy: Policy, figures: LineFigures) -> bool:
    """Whether goods on this order line must have been received before they may be paid."""
    return policy.needs_receipt(
        item_id=figures.line.item_id, supplier_id=figures.order.supplier_id, legal_entity=figures.order.legal_entity
    )


def line_tolerance(policy: Policy, name: ToleranceName, figures: LineFigures) -> Tolerance:
    """The tolerance of an order line's item and supplier."""
    return policy.tolerance_for(
        name,
        item_id=figures.line.item_id,
        supplier_id=figures.order.supplier_id,
        legal_entity=figures.order.legal_entity,
    )


def line_limit(tolerance: Tolerance, figures: LineFigures, difference: Decimal) -> str:
    """The side of a tolerance that a difference is on, as a person reads it."""
    return limit_text(tolerance, figures.order.currency, over=difference > 0)


def growing_difference(
    now: Decimal,
    expected: Decimal,
    before: Earlier,
    *,
    rounding: Decimal,
    tolerance: Tolerance,
    currency: str,
) -> Decimal | None:
    """The difference that is not allowed: this paper's own, or together with those of papers before it on its side.

    Args:
        now: billed less expected, of this paper.
        rounding: what rounding alone explains of this paper; never more for there being others.
    """
    if abs(now) - rounding > NEGLIGIBLE and not tolerance.allows(now, expected, currency):
        return now
    earlier = before.beside(now)
    together = now + earlier
    if not earlier or abs(together) - rounding <= NEGLIGIBLE:
        return None
    return None if tolerance.allows(together, expected + before.expected, currency) else together


def line_name(figures: LineFigures) -> str:
    """`Line 3 (Olive oil 5 l), order 4500012 line 2`."""
    lines = lines_text(figures.paper_lines)
    described = f" ({figures.line.description})" if figures.line.description else ""
    return f"{lines[:1].upper()}{lines[1:]}{described}, order {figures.line.po_number} line {figures.line.line_number}"


def line_finding(
    facts: Facts,
    match: Match,
    figures: LineFigures,
    code: str,
    message: str,
    *,
    outcome: Outcome = Outcome.HOLD,
    expected: str,
    actual: str,
    difference: str,
    tolerance: str,
    at_risk: Decimal,
) -> Finding:
    """A finding about the lines of a paper that bill one order line, and how their units were converted."""
    notes = dict.fromkeys(pair.conversion for pair in figures.pairs if pair.conversion)
    return finding(
        facts,
        code,
        outcome,
        f"{message[:-1]} ({'; '.join(notes)})." if notes else message,
        subject=lines_text(figures.paper_lines),
        expected=expected,
        actual=actual,
        difference=difference,
        tolerance=tolerance,
        used=match.used,
        evidence=line_fields(figures.paper_lines, "description", "quantity", "unit_price", "line_net_amount"),
        at_risk=at_risk if figures.order.currency == facts.paper.currency else None,
    )
