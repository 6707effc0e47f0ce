"""Whether a shipment document brings more than was ordered, with what was shipped before it."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import count, finding, limit_text, line_fields, lines_text, supplier_keys
from triage.match import LineFigures, Match
from triage.policy import Policy
from triage.shipped import shipped_before

CODE = "SHIP-OVER"


def over(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """More than was ordered and the allowance, with those before it; or in a unit that cannot be compared."""
    return tuple(
        at
        for figures in match.figures
        for at in (
            _uncounted(facts, match, figures)
            if figures.invoiced is None
            else _over(facts, match, policy, figures, figures.invoiced)
        )
    )


def _uncounted(facts: Facts, match: Match, figures: LineFigures) -> tuple[Finding, ...]:
    """Lines whose units do not convert into the order's."""
    return tuple(
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"Line {pair.paper_line} fits order {pair.po_number} line {pair.line_number}, but is {pair.problem}.",
            subject=f"line {pair.paper_line}",
            expected=f"a quantity in {figures.line.unit}",
            used=match.used,
            evidence=line_fields((pair.paper_line,), "description", "quantity", "unit"),
        )
        for pair in figures.pairs
        if pair.quantity is None and pair.problem is not None
    )


def _over(facts: Facts, match: Match, policy: Policy, figures: LineFigures, shipped: Decimal) -> tuple[Finding, ...]:
    ordered, unit, before = figures.line.quantity, figures.line.unit, shipped_before(facts, figures.line)
    in_all = before.quantity + shipped
    excess = in_all - ordered
    tolerance = policy.tolerance_for(
        "ship_over",
        item_id=figures.line.item_id,
        supplier_id=figures.order.supplier_id,
        legal_entity=figures.order.legal_entity,
    )
    value, expected = figures.line.unit_price * excess, figures.line.unit_price * ordered
    if tolerance.allows(value, expected, figures.order.currency):
        return ()
    many = "more than ordered" if excess > 0 else "fewer than ordered"
    earlier = f", {count(before.quantity, unit)} before," if before.quantity else ","
    lines = lines_text(figures.paper_lines)
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"{lines[:1].upper()}{lines[1:]} ({figures.line.description or figures.line.item_id}): "
            f"{count(shipped, unit)} shipped{earlier} {count(ordered, unit)} on order "
            f"{figures.line.po_number}, {many}.",
            subject=lines,
            expected=f"{count(ordered, unit)} or fewer",
            actual=count(in_all, unit),
            difference=count(excess, unit),
            tolerance=limit_text(tolerance, figures.order.currency, over=excess > 0),
            used={*match.used, *before.used, *supplier_keys(facts.supplier)},
            evidence=line_fields(figures.paper_lines, "description", "quantity"),
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="Not more than was ordered",
    formula="price × (shipped before + shipped − ordered), outside `ship_over`; before: on papers of "
    "this kind, or received",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=over,
    types=SHIPMENT_TYPES,
)
