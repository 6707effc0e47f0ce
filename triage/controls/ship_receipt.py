"""Whether what was received is what the shipment document says was shipped."""

from datetime import date
from decimal import Decimal

from core.days import after
from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from core.money import exact_sum
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import count, finding, limit_text, line_fields, lines_text, supplier_keys
from triage.match import LineFigures, Match
from triage.orders import order_references
from triage.policy import Policy
from triage.shipped import receipt_keys, received_between, shipped_beside, shipped_on

CODE = "SHIP-RECEIPT"


def receipt(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Once anything of the shipment has been received: a line of which more or less was than the paper says."""
    left = shipped_on(facts.paper)
    if left is None or not order_references(facts.paper):
        return ()
    came = max(left, facts.paper.delivery_date or left)
    last = after(came, policy.dates.receipt_days)
    counted = [(figures, figures.invoiced) for figures in match.figures if figures.invoiced is not None]
    if not any(received_between(facts, figures.line, first=left, last=last) for figures, _ in counted):
        return ()
    return tuple(
        at for figures, shipped in counted for at in _differs(facts, match, policy, figures, shipped, (left, last))
    )


def _differs(  # noqa: PLR0917  one line, what it ships, and the days its receipts lie in
    facts: Facts, match: Match, policy: Policy, figures: LineFigures, shipped: Decimal, span: tuple[date, date]
) -> tuple[Finding, ...]:
    unit, price = figures.line.unit, figures.line.unit_price
    receipts = received_between(facts, figures.line, first=span[0], last=span[1])
    beside = shipped_beside(facts, figures.line, first=span[0], last=span[1])
    received, expected = exact_sum(at.quantity for at in receipts), shipped + beside.quantity
    wrong = received - expected
    tolerance = policy.tolerance_for(
        "ship_receipt",
        item_id=figures.line.item_id,
        supplier_id=figures.order.supplier_id,
        legal_entity=figures.order.legal_entity,
    )
    if wrong == 0 or tolerance.allows(price * wrong, price * expected, figures.order.currency):
        return ()
    lines = lines_text(figures.paper_lines)
    others = f", and {count(beside.quantity, unit)} by other papers since" if beside.quantity else ""
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"{lines[:1].upper()}{lines[1:]} ({figures.line.description or figures.line.item_id}): "
            f"{count(shipped, unit)} shipped{others}; {count(received, unit)} received.",
            subject=lines,
            expected=count(expected, unit),
            actual=count(received, unit),
            difference=count(wrong, unit),
            tolerance=limit_text(tolerance, figures.order.currency, over=wrong > 0),
            used={*match.used, *receipt_keys(receipts), *beside.used, *supplier_keys(facts.supplier)},
            evidence=line_fields(figures.paper_lines, "description", "quantity"),
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="What was received is what was shipped",
    formula="price × (received since it left − shipped by it and others since), outside `ship_receipt`, once anything "
    "of it has been received, up to `dates.receipt_days` after it came",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a goods receipt in the feed, or a corrected field",
    run=receipt,
    types=SHIPMENT_TYPES,
)
