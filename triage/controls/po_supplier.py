"""Whether the order is this supplier's."""

from core.decisions import Finding, Outcome
from triage.control import APPROVER, Control
from triage.facts import Facts
from triage.match import Match
from triage.order_findings import order_finding
from triage.orders import order_references
from triage.policy import Policy

CODE = "PO-SUPPLIER"


def other_supplier(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """An order of another supplier."""
    supplier = facts.supplier
    if supplier is None or not order_references(facts.paper):
        return ()
    return tuple(
        order_finding(
            facts,
            CODE,
            Outcome.BLOCK,
            f"Order {order.po_number} was placed with supplier {order.supplier_id}, "
            f"not with {supplier.name} ({supplier.supplier_id}).",
            subject=f"order {order.po_number}",
            expected=order.supplier_id,
            actual=supplier.supplier_id,
            used=(f"purchase_order:{order.po_number}", f"supplier:{supplier.supplier_id}"),
        )
        for order in match.orders
        if order.supplier_id != supplier.supplier_id
    )


CONTROL = Control(
    code=CODE,
    checks="The order is this supplier's",
    formula="supplier of the order ≠ supplier of the paper",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a corrected order number, or a fresher order feed",
    run=other_supplier,
)
