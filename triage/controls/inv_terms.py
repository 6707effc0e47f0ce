"""Whether the due date keeps the agreed terms."""

from datetime import date, timedelta

from core.decisions import Finding, Outcome
from triage.control import CLERK, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import day, finding
from triage.match import Match
from triage.policy import Policy

CODE = "INV-TERMS"


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
            CODE,
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


CONTROL = Control(
    code=CODE,
    checks="The due date keeps the agreed terms",
    formula="due date + grace < invoice date + agreed days",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=terms,
    types=INVOICE_TYPES,
)
