"""Whether an invoice has so nearly been billed before that a person should look."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.billed_before import closeness, duplicate_finding, earlier_invoices, may_be_billed, named
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.match import Match
from triage.policy import Policy

CODE = "INV-DUPLICATE-LIKELY"


def likely(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """All but one of supplier, number, gross and currency equal and the odd one close; same file; reversed original."""
    if not may_be_billed(facts):
        return ()
    total = signed_total(facts.paper)
    close = [
        (earlier, why)
        for earlier in earlier_invoices(facts, policy)
        if (why := closeness(facts.paper, total, earlier, policy.duplicates)) is not None
    ]
    if not close:
        return ()
    first, why = close[0]
    message = f"This may be again what was billed before: {named(first)}; {why}."
    return (duplicate_finding(facts, CODE, Outcome.HOLD, message, [earlier for earlier, _ in close]),)


CONTROL = Control(
    code=CODE,
    checks="Probably not billed before",
    formula="all but one of supplier, number, gross, currency equal and the odd one close · same file · original "
    "reversed",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected number",
    run=likely,
)
