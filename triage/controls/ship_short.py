"""Whether a shipment document brings what is still open on the order."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from core.erp import PurchaseOrder, PurchaseOrderLine
from core.money import ZERO
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import count, day, finding, limit_text, line_fields, lines_text, supplier_keys
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy
from triage.promised import promised_on
from triage.shipped import shipped_before, shipped_on

CODE = "SHIP-SHORT"


def short(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Fewer of something than is open on its order line, or nothing of a line that was promised by then."""
    if not order_references(facts.paper):
        return ()
    found: list[Finding] = []
    for figures in match.figures:
        if figures.invoiced is not None:
            lines = figures.paper_lines
            found += _short(facts, match, policy, figures.order, figures.line, figures.invoiced, lines)
    for order, line in _left_out(facts, match):
        found += _short(facts, match, policy, order, line, ZERO, ())
    return tuple(found)


def _left_out(facts: Facts, match: Match) -> list[tuple[PurchaseOrder, PurchaseOrderLine]]:
    """Order lines of which a paper with lines shows nothing although they were promised for its day, or before."""
    left = shipped_on(facts.paper)
    if left is None or not facts.paper.lines:
        return []
    shown = {(figures.line.po_number, figures.line.line_number) for figures in match.figures}
    orders = {order.po_number: order for order in match.orders}
    return [
        (orders[line.po_number], line)
        for line in facts.order_lines
        if line.po_number in orders
        and (line.po_number, line.line_number) not in shown
        and (promised := promised_on(line)) is not None
        and promised <= left
    ]


def _short(  # noqa: PLR0917  an order line, and what this paper ships of it
    facts: Facts,
    match: Match,
    policy: Policy,
    order: PurchaseOrder,
    line: PurchaseOrderLine,
    shipped: Decimal,
    paper_lines: tuple[int, ...],
) -> tuple[Finding, ...]:
    before, unit = shipped_before(facts, line), line.unit
    still_open = line.quantity - before.quantity
    lacking = still_open - shipped
    tolerance = policy.tolerance_for(
        "ship_short", item_id=line.item_id, supplier_id=order.supplier_id, legal_entity=order.legal_entity
    )
    # More than is open is no shortage: SHIP-OVER judges it.
    if lacking <= 0 or tolerance.allows(line.unit_price * lacking, line.unit_price * still_open, order.currency):
        return ()
    where = lines_text(paper_lines) if paper_lines else f"order {line.po_number} line {line.line_number}"
    name = line.description or line.item_id
    promised = promised_on(line)
    due = f", promised for {day(promised)}" if promised is not None else ""
    message = (
        f"{where[:1].upper()}{where[1:]} ({name}): {count(shipped, unit)} shipped, {count(still_open, unit)} "
        f"still open on order {line.po_number}{due}; {count(lacking, unit)} are missing."
    )
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            message,
            subject=where,
            expected=count(still_open, unit),
            actual=count(shipped, unit),
            difference=count(-lacking, unit),
            tolerance=limit_text(tolerance, order.currency, over=True),
            used={*match.used, *before.used, *supplier_keys(facts.supplier)},
            evidence=line_fields(paper_lines, "description", "quantity"),
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="Not fewer than are still open",
    formula="price × (ordered − shipped before − shipped) > tolerance `ship_short`; of a line that is not on the paper "
    "only once its promised day has come",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field, or a word with the supplier",
    run=short,
    types=SHIPMENT_TYPES,
)
