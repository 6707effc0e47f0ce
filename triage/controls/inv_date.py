"""Whether the invoice date is possible."""

from datetime import UTC, date, timedelta

from core.decisions import Finding, Outcome
from core.erp import PurchaseOrder
from triage.amounts import signed_total
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import day, finding
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

CODE = "INV-DATE"


def issue_date(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """An invoice dated in the future, before its order, or longer ago than the limit."""
    issued, today, limits = facts.paper.issue_date, facts.as_of.astimezone(UTC).date(), policy.dates
    if issued is None:
        return ()
    if issued > today + timedelta(days=limits.future_days):
        text = f"The invoice is dated {day(issued)}, in the future."
        return (_finding(facts, text, issued, expected=f"{day(today)} or before", days=(issued - today).days),)
    if issued < today - timedelta(days=limits.max_age_days):
        age = (today - issued).days
        text = f"The invoice is dated {day(issued)}, {age} days ago; the limit is {limits.max_age_days}."
        return (_finding(facts, text, issued, expected=f"{limits.max_age_days} days old or less", days=age),)
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
        _finding(facts, text, issued, expected=f"{day(ordered)} or later", days=(ordered - issued).days, used=used),
    )


def _ordered_on(order: PurchaseOrder) -> date:
    return order.ordered_at.astimezone(UTC).date()


def _finding(
    facts: Facts, message: str, issued: date, *, expected: str, days: int, used: tuple[str, ...] = ()
) -> Finding:
    return finding(
        facts,
        CODE,
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


CONTROL = Control(
    code=CODE,
    checks="The invoice date is possible",
    formula="in the future · before the order · older than the limit",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=issue_date,
)
