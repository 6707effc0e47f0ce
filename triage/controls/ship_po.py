"""Whether a shipment document names an open order of its supplier."""

from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

CODE = "SHIP-PO"
_EVIDENCE = ("purchase_order_reference",)
_Problem = tuple[str, str, tuple[str, ...]]


def order(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """It names no order, one that does not exist, one that is closed, or another supplier's."""
    rules = policy.documents.get(facts.paper.document_type)
    if not order_references(facts.paper):
        if rules is None or not rules.order_required:
            return ()
        text = "The shipment document names no order number."
        return (finding(facts, CODE, Outcome.HOLD, text, subject="purchase_order_reference", evidence=_EVIDENCE),)
    problems: list[_Problem] = [(number, f"There is no order {number}.", ()) for number in match.unknown_orders]
    problems += _misfits(facts, match, policy)
    return tuple(
        finding(
            facts, CODE, Outcome.HOLD, text, subject=f"order {number}", actual=number, used=used, evidence=_EVIDENCE
        )
        for number, text, used in problems
    )


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


CONTROL = Control(
    code=CODE,
    checks="A shipment document names an open order of its supplier",
    formula="no order · order unknown, closed or another supplier's",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected order number, or a fresher order feed",
    run=order,
    types=SHIPMENT_TYPES,
)
