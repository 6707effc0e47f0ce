"""Whether the paper names an order that exists, is open, and is this supplier's."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import APPROVER, CLERK, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

NO_PO, UNKNOWN, CLOSED, SUPPLIER = "INV-NO-PO", "PO-UNKNOWN", "PO-CLOSED", "PO-SUPPLIER"
_EVIDENCE = ("purchase_order_reference",)


def no_order(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A paper of a type that needs an order names none."""
    rules = policy.documents.get(facts.paper.document_type)
    if rules is None or not rules.order_required or order_references(facts.paper):
        return ()
    fitting = sorted({pair.po_number for pair in match.pairs})
    hint = f" Its lines look like those of order {', '.join(fitting)}." if fitting else ""
    message = f"The paper names no order number.{hint}"
    used = match.used if fitting else ()
    return (_finding(facts, NO_PO, Outcome.HOLD, message, expected="an order number", used=used),)


def unknown(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """An order number on the paper that no order has."""
    return tuple(
        _finding(
            facts,
            UNKNOWN,
            Outcome.HOLD,
            f"There is no order {number}.",
            subject=f"order {number}",
            expected="an order that exists",
            actual=number,
        )
        for number in match.unknown_orders
    )


def closed(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """An order that takes no more invoices, or has a status the policy does not know."""
    found = []
    for order in match.orders if order_references(facts.paper) else ():
        status = (order.status or "").strip().lower()
        if not status or status in policy.statuses.order_open:
            continue
        is_closed = status in policy.statuses.order_closed
        message = (
            f"Order {order.po_number} is {status} and takes no more papers."
            if is_closed
            else f"Order {order.po_number} has the status “{status}”, which the policy does not know."
        )
        found.append(
            _finding(
                facts,
                CLOSED,
                Outcome.BLOCK if is_closed else Outcome.HOLD,
                message,
                subject=f"order {order.po_number}",
                expected="open",
                actual=status,
                used=(f"purchase_order:{order.po_number}",),
            )
        )
    return tuple(found)


def other_supplier(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """An order of another supplier."""
    supplier = facts.supplier
    if supplier is None or not order_references(facts.paper):
        return ()
    return tuple(
        _finding(
            facts,
            SUPPLIER,
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


def _finding(
    facts: Facts,
    code: str,
    outcome: Outcome,
    message: str,
    *,
    subject: str = "purchase_order_reference",
    expected: str | None = None,
    actual: str | None = None,
    used: tuple[str, ...] = (),
) -> Finding:
    return finding(
        facts,
        code,
        outcome,
        message,
        subject=subject,
        expected=expected,
        actual=actual,
        used=used,
        evidence=_EVIDENCE,
        at_risk=signed_total(facts.paper),
    )


CONTROLS = (
    Control(
        code=NO_PO,
        checks="The paper names an order",
        formula="no order number, where its type needs one",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=no_order,
    ),
    Control(
        code=UNKNOWN,
        checks="The order exists",
        formula="order number ∉ orders",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected order number, or a fresher order feed",
        run=unknown,
    ),
    Control(
        code=CLOSED,
        checks="The order is open",
        formula="status is a closed one; a status the policy does not know holds",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a corrected order number, or a fresher order feed",
        run=closed,
    ),
    Control(
        code=SUPPLIER,
        checks="The order is this supplier's",
        formula="supplier of the order ≠ supplier of the paper",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a corrected order number, or a fresher order feed",
        run=other_supplier,
    ),
)
