"""A paper as the model of risky invoices knows bills: typed facts in, the record training makes of feeds out. Pure."""

import math
from collections.abc import Iterable
from datetime import UTC

from core.decisions import Finding, Outcome
from core.money import exact_sum
from models.review.bills import NAN, Bill, days_of
from triage.amounts import signed_total
from triage.facts import Facts


def bill_of(facts: Facts, findings: Iterable[Finding]) -> Bill | None:
    """The bill a paper is; None where its supplier, total or date is not known, as the model knows nothing of those.

    Args:
        findings: what the controls found: match residuals are among the features.
    """
    paper, total = facts.paper, signed_total(facts.paper)
    if facts.supplier is None or total is None:
        return None
    issued = paper.issue_date or facts.as_of.astimezone(UTC).date()
    amount, came = float(abs(total)), days_of(issued)
    orders = [order.po_number for order in facts.orders if order.po_number in paper.purchase_order_references]
    po_number = min(orders, default=None) or min(paper.purchase_order_references, default=None)
    held = [one for one in findings if one.outcome in {Outcome.HOLD, Outcome.BLOCK}]
    at_risk = max((float(one.at_risk_amount) for one in held if one.at_risk_amount), default=0.0)
    sure = list(paper.confidences.values())
    lines = [line for line in facts.order_lines if line.po_number == po_number]
    received = [days_of(one.received_at) for one in facts.receipts if one.po_number == po_number]
    agreed = facts.supplier.payment_terms_days
    return Bill(
        bill_id=f"{facts.supplier.supplier_id}/{paper.invoice_number or paper.document_id}",
        supplier_id=facts.supplier.supplier_id,
        came=came,
        amount=amount,
        currency=paper.currency or "",
        po_number=po_number,
        terms_days=NAN if paper.due_date is None else days_of(paper.due_date) - came,
        agreed_days=NAN if agreed is None else float(agreed),
        ordered=next((days_of(one.ordered_at) for one in facts.orders if one.po_number == po_number), NAN),
        ordered_amount=float(exact_sum(line.quantity * line.unit_price for line in lines)) if lines else NAN,
        received=min((at for at in received if at <= math.floor(came)), default=NAN),
        least_confidence=min(sure, default=NAN),
        mean_confidence=sum(sure) / len(sure) if sure else NAN,
        held=float(len(held)),
        at_risk_share=min(at_risk / amount, 1.0) if amount else NAN,
    )
