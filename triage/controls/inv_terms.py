"""Whether the due date, or the terms printed in its place, keep to what is agreed with the supplier."""

from datetime import date

from core.days import after
from core.decisions import Finding, Outcome
from triage.control import CLERK, INVOICE_TYPES, Control
from triage.facts import Facts, Paper
from triage.findings import day, finding
from triage.match import Match
from triage.policy import Policy
from triage.terms import net_days

CODE = "INV-TERMS"


def terms(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A due date earlier than the supplier's agreed terms allow, or terms that ask for fewer days.

    An early-payment discount shortens nothing: it is an offer, and its days are not the due date.
    """
    paper, supplier = facts.paper, facts.supplier
    asked = None if paper.issue_date is None else _due(paper, paper.issue_date)
    if asked is None or paper.issue_date is None or supplier is None or supplier.payment_terms_days is None:
        return ()
    agreed = after(paper.issue_date, supplier.payment_terms_days)
    early = (agreed - asked).days
    if early <= policy.dates.terms_grace_days:
        return ()
    name = "due_date" if paper.due_date is not None else "payment_terms"
    by = day(asked) if paper.due_date is not None else f"{day(asked)} (“{paper.payment_terms}”)"
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"The invoice asks for payment by {by}; {supplier.payment_terms_days} days are agreed "
            f"with {supplier.name}, that is {day(agreed)}.",
            subject=name,
            expected=f"{day(agreed)} or later",
            actual=day(asked),
            difference=f"{early} days",
            tolerance=f"{policy.dates.terms_grace_days} days",
            used=(f"supplier:{supplier.supplier_id}",),
            evidence=(name, "issue_date"),
        ),
    )


def _due(paper: Paper, issued: date) -> date | None:
    """The due date as printed, else what the terms make of the invoice date."""
    if paper.due_date is not None:
        return paper.due_date
    days = net_days(paper.payment_terms)
    return None if days is None else after(issued, days)


CONTROL = Control(
    code=CODE,
    checks="The due date keeps the agreed terms",
    formula="due date + grace < invoice date + agreed days; without a due date, the net days of the printed terms",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=terms,
    types=INVOICE_TYPES,
)
