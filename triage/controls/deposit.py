"""Whether what is paid in advance on an order is allowed, and counts against what the order is worth."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.erp import PurchaseOrder
from core.money import ZERO, exact_sum, rounding_allowance
from triage.control import APPROVER, CLERK, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import finding, limit_text, line_fields, lines_text, money
from triage.header import Before, Header, header_before, header_of, orders_billed
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

NOT_RECEIVED, OVERBILLED = "MATCH-NOT-RECEIVED", "MATCH-OVERBILLED"
_FIELDS = ("description", "line_net_amount")


def deposit(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A payment asked for before goods have come: all deposits that stand open, against the value of the orders."""
    if not match.unpaired:
        return ()
    orders = orders_billed(facts, match)
    header = header_of(facts, match, policy)
    if header.deposit_amount <= 0 or not orders or not order_references(facts.paper):
        return ()
    before = header_before(facts, match)
    who = {"supplier_id": orders[0].supplier_id, "legal_entity": orders[0].legal_entity}
    tolerance = policy.tolerance_for("not_received", **who)
    paid, ordered = header.deposit_amount + before.deposit_amount, exact_sum(_value(facts, order) for order in orders)
    if not policy.needs_receipt(**who) or tolerance.allows(paid, ordered, orders[0].currency):
        return ()
    currency, numbers = facts.paper.currency, ", ".join(order.po_number for order in orders)
    message = (
        f"A deposit of {money(header.deposit_amount, currency)} on order {numbers}, worth {money(ordered, currency)}: "
        f"{money(paid, currency)} would be paid before goods have come."
    )
    return (
        finding(
            facts,
            NOT_RECEIVED,
            Outcome.HOLD,
            message,
            subject=lines_text(at.index for at in header.deposits),
            expected="a goods receipt",
            actual="none",
            difference=money(paid, currency),
            tolerance=limit_text(tolerance, currency, over=True),
            used={*match.used, *before.keys},
            evidence=line_fields((at.index for at in header.deposits), *_FIELDS),
            at_risk=paid,
        ),
    )


def overbilled_with_deposits(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Goods billed now and before, and the deposits that were not deducted, over the value of an order."""
    if not match.unpaired and not facts.billed_headers:
        return ()
    header, before = header_of(facts, match, policy), header_before(facts, match)
    if not (header.deposit_amount or before.deposit_amount) or not order_references(facts.paper):
        return ()
    return tuple(
        at
        for order in orders_billed(facts, match)
        for at in _overbilled(facts, match, policy, order, header=header, before=before)
    )


def _overbilled(
    facts: Facts, match: Match, policy: Policy, order: PurchaseOrder, *, header: Header, before: Before
) -> tuple[Finding, ...]:
    now = exact_sum(at.invoiced_net or ZERO for at in match.figures if at.order.po_number == order.po_number)
    deposits = max(header.deposit_amount + before.deposit_amount, ZERO)
    if now + max(header.deposit_amount, ZERO) <= 0 or not deposits:
        return ()
    earlier = [
        at for at in facts.billed if at.po_number == order.po_number and at.document_id != facts.paper.document_id
    ]
    ordered, billed = _value(facts, order), now + exact_sum(at.net_amount for at in earlier)
    over = billed + deposits - ordered
    tolerance = policy.tolerance_for("overbilled", supplier_id=order.supplier_id, legal_entity=order.legal_entity)
    rounding = rounding_allowance(sum(1 for at in facts.order_lines if at.po_number == order.po_number), order.currency)
    if over <= rounding or tolerance.allows(over, ordered, order.currency):
        return ()
    message = (
        f"Order {order.po_number} is worth {money(ordered, order.currency)}; {money(billed, order.currency)} of goods "
        f"are billed in all and deposits of {money(deposits, order.currency)} are not deducted: "
        f"{money(over, order.currency)} too much."
    )
    return (
        finding(
            facts,
            OVERBILLED,
            Outcome.BLOCK,
            message,
            subject=f"order {order.po_number}",
            expected=money(ordered, order.currency),
            actual=money(billed + deposits, order.currency),
            difference=money(over, order.currency),
            tolerance=limit_text(tolerance, order.currency, over=True),
            used={*match.used, *before.keys},
            evidence=("prepaid_amount", "total_without_vat", "total_with_vat"),
            at_risk=over,
        ),
    )


def _value(facts: Facts, order: PurchaseOrder) -> Decimal:
    """What an order is worth at its prices."""
    return exact_sum(at.quantity * at.unit_price for at in facts.order_lines if at.po_number == order.po_number)


CONTROLS = (
    Control(
        code=NOT_RECEIVED,
        checks="A deposit may be paid before goods have come",
        formula="Σ deposits of the order not yet deducted, against its value, outside `not_received`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=deposit,
        types=INVOICE_TYPES,
    ),
    Control(
        code=OVERBILLED,
        checks="Deposits are deducted from what is billed after them",
        formula="billed + billed before + deposits not deducted − ordered value, outside `overbilled`",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a corrected invoice or a credit note",
        run=overbilled_with_deposits,
        types=INVOICE_TYPES,
    ),
)
