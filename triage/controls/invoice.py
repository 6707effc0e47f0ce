"""Whether an invoice's dates, currency and terms are those of its order and its supplier."""

from datetime import UTC, date, timedelta

from core.decisions import Finding, Outcome
from core.erp import PurchaseOrder
from triage.amounts import signed_total
from triage.control import CLERK, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import day, finding
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

DATE, CURRENCY, TERMS = "INV-DATE", "INV-CURRENCY", "INV-TERMS"


def issue_date(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """An invoice dated in the future, before its order, or longer ago than the limit."""
    issued, today, limits = facts.paper.issue_date, facts.as_of.astimezone(UTC).date(), policy.dates
    if issued is None:
        return ()
    if issued > today + timedelta(days=limits.future_days):
        text = f"The invoice is dated {day(issued)}, in the future."
        return (_date_finding(facts, text, issued, expected=f"{day(today)} or before", days=(issued - today).days),)
    if issued < today - timedelta(days=limits.max_age_days):
        age = (today - issued).days
        text = f"The invoice is dated {day(issued)}, {age} days ago; the limit is {limits.max_age_days}."
        return (_date_finding(facts, text, issued, expected=f"{limits.max_age_days} days old or less", days=age),)
    grace = timedelta(days=limits.before_order_days)
    named = match.orders if order_references(facts.paper) else ()
    late = [order for order in named if issued < _ordered_on(order) - grace]
    if not late:
        return ()
    order = late[0]
    ordered = _ordered_on(order)
    text = f"The invoice is dated {day(issued)}, before order {order.po_number} was placed on {day(ordered)}."
    used = (f"purchase_order:{order.po_number}",)
    return (
        _date_finding(
            facts, text, issued, expected=f"{day(ordered)} or later", days=(ordered - issued).days, used=used
        ),
    )


def currency(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """An invoice in another currency than its order. Its amounts are not compared with the order's."""
    printed = facts.paper.currency
    if not order_references(facts.paper):
        return ()
    return tuple(
        finding(
            facts,
            CURRENCY,
            Outcome.HOLD,
            f"The invoice is in {printed or 'no known currency'}, order {order.po_number} is in {order.currency}.",
            subject=f"order {order.po_number}",
            expected=order.currency,
            actual=printed,
            used=(f"purchase_order:{order.po_number}",),
            evidence=("currency", "total_with_vat"),
            at_risk=signed_total(facts.paper),
        )
        for order in match.orders
        if order.currency != printed
    )


def terms(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A due date earlier than the supplier's agreed terms allow."""
    paper, supplier = facts.paper, facts.supplier
    if paper.due_date is None or paper.issue_date is None or supplier is None or supplier.payment_terms_days is None:
        return ()
    days = min(supplier.payment_terms_days, (date.max - paper.issue_date).days)
    agreed = paper.issue_date + timedelta(days=days)
    early = (agreed - paper.due_date).days
    if early <= policy.dates.terms_grace_days:
        return ()
    return (
        finding(
            facts,
            TERMS,
            Outcome.HOLD,
            f"The invoice asks for payment by {day(paper.due_date)}; {supplier.payment_terms_days} days are agreed "
            f"with {supplier.name}, that is {day(agreed)}.",
            subject="due_date",
            expected=f"{day(agreed)} or later",
            actual=day(paper.due_date),
            difference=f"{early} days",
            tolerance=f"{policy.dates.terms_grace_days} days",
            used=(f"supplier:{supplier.supplier_id}",),
            evidence=("due_date", "issue_date"),
        ),
    )


def _ordered_on(order: PurchaseOrder) -> date:
    return order.ordered_at.astimezone(UTC).date()


def _date_finding(
    facts: Facts, message: str, issued: date, *, expected: str, days: int, used: tuple[str, ...] = ()
) -> Finding:
    return finding(
        facts,
        DATE,
        Outcome.HOLD,
        message,
        subject="issue_date",
        expected=expected,
        actual=day(issued),
        difference=f"{days} days",
        used=used,
        evidence=("issue_date",),
        at_risk=signed_total(facts.paper),
    )


CONTROLS = (
    Control(
        code=DATE,
        checks="The invoice date is possible",
        formula="in the future · before the order · older than the limit",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=issue_date,
    ),
    Control(
        code=CURRENCY,
        checks="Invoice and order are in one currency",
        formula="currency ≠ currency of the order",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected invoice or a credit note",
        run=currency,
    ),
    Control(
        code=TERMS,
        checks="The due date keeps the agreed terms",
        formula="due date + grace < invoice date + agreed days",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=terms,
        types=INVOICE_TYPES,
    ),
)
