"""Whether a shipment document fits its order: the order exists and is its supplier's, its items, its quantities."""

from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from core.money import ZERO
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import count, finding, limit_text, line_fields, lines_text, name_of
from triage.match import LineFigures, Match
from triage.orders import order_references
from triage.policy import Policy

PO, ITEM, OVER = "SHIP-PO", "SHIP-ITEM", "SHIP-OVER"
_EVIDENCE = ("purchase_order_reference",)
_Problem = tuple[str, str, tuple[str, ...]]


def order(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """It names no order, one that does not exist, one that is closed, or another supplier's."""
    rules = policy.documents.get(facts.paper.document_type)
    if not order_references(facts.paper):
        if rules is None or not rules.order_required:
            return ()
        text = "The shipment document names no order number."
        return (finding(facts, PO, Outcome.HOLD, text, subject="purchase_order_reference", evidence=_EVIDENCE),)
    problems: list[_Problem] = [(number, f"There is no order {number}.", ()) for number in match.unknown_orders]
    problems += _misfits(facts, match, policy)
    return tuple(
        finding(facts, PO, Outcome.HOLD, text, subject=f"order {number}", actual=number, used=used, evidence=_EVIDENCE)
        for number, text, used in problems
    )


def item(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """A line that is on none of the orders it names."""
    if not match.orders or not order_references(facts.paper):
        return ()
    numbers = ", ".join(at.po_number for at in match.orders)
    strangers = [line for line in facts.paper.lines if line.index in match.unpaired]
    return tuple(
        finding(
            facts,
            ITEM,
            Outcome.HOLD,
            f"{name_of(line)[:1].upper()}{name_of(line)[1:]} was not ordered: it is not on order {numbers}.",
            subject=f"line {line.index}",
            expected=f"an item of order {numbers}",
            actual=line.description or line.seller_item_id or line.gtin,
            used=match.used,
            evidence=line_fields((line.index,), "description", "quantity"),
        )
        for line in strangers
    )


def over(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """More on this shipment than was ordered and the allowance."""
    return tuple(at for figures in match.figures for at in _over(facts, match, policy, figures))


def _misfits(facts: Facts, match: Match, policy: Policy) -> list[_Problem]:
    found: list[_Problem] = []
    for at in match.orders:
        used: tuple[str, ...] = (f"purchase_order:{at.po_number}",)
        status = (at.status or "").strip().lower()
        if status in policy.statuses.order_closed:
            found.append((at.po_number, f"Order {at.po_number} is {status} and takes no more deliveries.", used))
        if facts.supplier is not None and at.supplier_id != facts.supplier.supplier_id:
            text = f"Order {at.po_number} was placed with supplier {at.supplier_id}, not with {facts.supplier.name}."
            found.append((at.po_number, text, (*used, f"supplier:{facts.supplier.supplier_id}")))
    return found


def _over(facts: Facts, match: Match, policy: Policy, figures: LineFigures) -> tuple[Finding, ...]:
    ordered, shipped, unit = figures.line.quantity, figures.invoiced or ZERO, figures.line.unit
    excess = shipped - ordered
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
    lines = lines_text(figures.paper_lines)
    return (
        finding(
            facts,
            OVER,
            Outcome.HOLD,
            f"{lines[:1].upper()}{lines[1:]} ({figures.line.description or figures.line.item_id}): "
            f"{count(shipped, unit)} shipped, {count(ordered, unit)} on order {figures.line.po_number}, {many}.",
            subject=lines,
            expected=f"{count(ordered, unit)} or fewer",
            actual=count(shipped, unit),
            difference=count(excess, unit),
            tolerance=limit_text(tolerance, figures.order.currency, over=excess > 0),
            used=match.used,
            evidence=line_fields(figures.paper_lines, "description", "quantity"),
        ),
    )


CONTROLS = (
    Control(
        code=PO,
        checks="A shipment document names an open order of its supplier",
        formula="no order · order unknown, closed or another supplier's",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected order number, or a fresher order feed",
        run=order,
        types=SHIPMENT_TYPES,
    ),
    Control(
        code=ITEM,
        checks="Everything on it was ordered",
        formula="a line that pairs with no order line",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=item,
        types=SHIPMENT_TYPES,
    ),
    Control(
        code=OVER,
        checks="Not more than was ordered",
        formula="price × (shipped − ordered), outside `ship_over`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=over,
        types=SHIPMENT_TYPES,
    ),
)
