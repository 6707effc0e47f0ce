"""Whether an order is billed beyond what was ordered or received, counting invoices the ERP has posted elsewhere.

The ledger gives only totals, no lines: what is posted there is compared in value, order by order.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from core.decisions import Finding, Outcome
from core.erp import PostedInvoice, PurchaseOrder, PurchaseOrderLine
from core.keys import number_key
from core.money import ZERO, exact_sum, rounding_allowance
from triage.control import APPROVER, CLERK, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import finding, limit_text, money
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

OVERBILLED, QUANTITY = "MATCH-OVERBILLED", "MATCH-QUANTITY"


class _Excess(NamedTuple):
    """What is billed over what is expected on an order."""

    code: str
    outcome: Outcome
    message: str
    expected: Decimal
    billed: Decimal
    tolerance: str


def order_overbilled(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Value posted, pending and billed now over the value ordered and the allowance."""
    return tuple(at for order in _judged(facts, match, policy) for at in _overbilled(facts, match, policy, order))


def order_not_received(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Value posted, pending and billed now over the value received."""
    return tuple(at for order in _judged(facts, match, policy) for at in _not_received(facts, match, policy, order))


def _judged(facts: Facts, match: Match, policy: Policy) -> Sequence[PurchaseOrder]:
    """Orders this paper bills more on, in their own currency, of which the ledger knows invoices we do not."""
    if not order_references(facts.paper):
        return ()
    return [
        order
        for order in match.orders
        if order.currency == facts.paper.currency and _billed_now(match, order) > 0 and _elsewhere(facts, policy, order)
    ]


def _overbilled(facts: Facts, match: Match, policy: Policy, order: PurchaseOrder) -> tuple[Finding, ...]:
    ordered = exact_sum(line.quantity * line.unit_price for line in _lines(facts, order))
    billed = _billed_in_all(facts, match, policy, order)
    tolerance = policy.tolerance_for("overbilled", supplier_id=order.supplier_id, legal_entity=order.legal_entity)
    over, limit = billed - ordered, tolerance.over(ordered, order.currency)
    if limit is None or over <= limit + _rounding(facts, policy, order):
        return ()
    message = (
        f"Order {order.po_number}: {money(billed, order.currency)} billed in all, with what the ledger has posted; "
        f"{money(ordered, order.currency)} ordered, {money(over, order.currency)} too much."
    )
    allowed = limit_text(tolerance, order.currency, over=True)
    return (
        _finding(facts, match, policy, order, _Excess(OVERBILLED, Outcome.BLOCK, message, ordered, billed, allowed)),
    )


def _not_received(facts: Facts, match: Match, policy: Policy, order: PurchaseOrder) -> tuple[Finding, ...]:
    who = {"supplier_id": order.supplier_id, "legal_entity": order.legal_entity}
    lines = {(line.po_number, line.line_number): line for line in _lines(facts, order)}
    receipts = [at for at in facts.receipts if (at.po_number, at.line_number) in lines]
    needed = all(policy.needs_receipt(item_id=line.item_id, **who) for line in lines.values())
    if not receipts or not needed:
        return ()
    received = exact_sum(at.quantity * lines[at.po_number, at.line_number].unit_price for at in receipts)
    billed = _billed_in_all(facts, match, policy, order)
    tolerance, prices = policy.tolerance_for("quantity", **who), policy.tolerance_for("price_total", **who)
    limit, slack = tolerance.over(received, order.currency), prices.over(received, order.currency)
    over = billed - received
    # What was posted may carry price differences that were allowed; its lines are not known.
    if limit is None or slack is None or over <= limit + slack + _rounding(facts, policy, order):
        return ()
    message = (
        f"Order {order.po_number}: {money(billed, order.currency)} billed in all, with what the ledger has posted; "
        f"goods for {money(received, order.currency)} received."
    )
    allowed = limit_text(tolerance, order.currency, over=True)
    return (_finding(facts, match, policy, order, _Excess(QUANTITY, Outcome.HOLD, message, received, billed, allowed)),)


def _lines(facts: Facts, order: PurchaseOrder) -> list[PurchaseOrderLine]:
    return [line for line in facts.order_lines if line.po_number == order.po_number]


def _elsewhere(facts: Facts, policy: Policy, order: PurchaseOrder) -> list[PostedInvoice]:
    """Invoices the ledger has on the order whose lines are not known here; never this paper's own number."""
    itemised = {at.document_id for at in facts.billed}
    known = {number_key(at.invoice_number) for at in facts.known if at.document_id in itemised}
    ours = {number_key(facts.paper.invoice_number), *known}
    return [
        posted
        for posted in facts.posted
        if posted.po_number == order.po_number
        and posted.currency == order.currency
        and number_key(posted.invoice_number) not in ours
        and (posted.status or "").strip().lower() not in policy.statuses.invoice_reversed
    ]


def _posted_net(facts: Facts, policy: Policy, order: PurchaseOrder) -> Decimal:
    """Posted totals without VAT, at the highest rate there is: never more than was posted."""
    rates = [line.tax_rate for line in _lines(facts, order)] + [line.tax_rate for line in facts.paper.lines]
    rates += [group.rate for group in facts.paper.tax_breakdown]
    rate = max((rate for rate in rates if rate is not None), default=ZERO)
    return exact_sum(posted.total_with_vat for posted in _elsewhere(facts, policy, order)) / (1 + rate / 100)


def _billed_now(match: Match, order: PurchaseOrder) -> Decimal:
    ours = [figures for figures in match.figures if figures.order.po_number == order.po_number]
    return exact_sum(figures.invoiced_net or ZERO for figures in ours)


def _billed_in_all(facts: Facts, match: Match, policy: Policy, order: PurchaseOrder) -> Decimal:
    """Posted, pending and now; what was credited and never billed makes no room for more."""
    pending = [
        at.net_amount
        for at in facts.billed
        if at.po_number == order.po_number and at.document_id != facts.paper.document_id
    ]
    before = exact_sum(pending) + _posted_net(facts, policy, order)
    return max(before, ZERO) + _billed_now(match, order)


def _rounding(facts: Facts, policy: Policy, order: PurchaseOrder) -> Decimal:
    """Half a unit for every amount that was rounded: the lines, and the totals of the ledger."""
    return rounding_allowance(len(_lines(facts, order)) + 2 * len(_elsewhere(facts, policy, order)), order.currency)


def _finding(facts: Facts, match: Match, policy: Policy, order: PurchaseOrder, excess: _Excess) -> Finding:
    used = {f"posted_invoice:{at.supplier_id}/{at.invoice_number}" for at in _elsewhere(facts, policy, order)}
    used |= {f"known_invoice:{at.document_id}" for at in facts.known}
    used |= {
        f"billed_line:{at.document_id}/{at.po_number}/{at.line_number}"
        for at in facts.billed
        if at.po_number == order.po_number
    }
    if excess.code == QUANTITY:
        used |= {f"goods_receipt:{at.receipt_id}" for at in facts.receipts if at.po_number == order.po_number}
    return finding(
        facts,
        excess.code,
        excess.outcome,
        excess.message,
        subject=f"order {order.po_number}",
        expected=money(excess.expected, order.currency),
        actual=money(excess.billed, order.currency),
        difference=money(excess.billed - excess.expected, order.currency),
        tolerance=excess.tolerance,
        used={*match.used, *used},
        evidence=("total_without_vat", "total_with_vat"),
        at_risk=excess.billed - excess.expected,
    )


CONTROLS = (
    Control(
        code=QUANTITY,
        checks="As above for a whole order, with what the ledger has posted without lines",
        formula="posted + pending + billed value − received value, outside `quantity` and `price_total`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a goods receipt in the feed",
        run=order_not_received,
        types=INVOICE_TYPES,
    ),
    Control(
        code=OVERBILLED,
        checks="As above for a whole order, with what the ledger has posted without lines",
        formula="posted + pending + billed value − ordered value, outside `overbilled`",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a corrected invoice or a credit note",
        run=order_overbilled,
        types=INVOICE_TYPES,
    ),
)
