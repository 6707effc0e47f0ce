"""Whether the embedded XML and what a person sees agree, as the reader compared them."""

from core.decisions import Finding, Outcome
from triage.carried import HYBRID, carried
from triage.control import APPROVER, EVERY_TYPE, Control
from triage.facts import Facts
from triage.match import Match
from triage.policy import Policy

CODE = HYBRID


def hybrid(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Where the embedded XML and what a person sees disagree, as the reader compared them."""
    return carried(facts, CODE, Outcome.BLOCK)


CONTROL = Control(
    code=CODE,
    checks="Embedded XML and what a person sees agree",
    formula="the page surely shows another amount, number, date, currency, IBAN or party (found by the reader) · "
    "a number, date or total is nowhere on it: hold",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a paper whose two halves agree",
    run=hybrid,
    types=EVERY_TYPE,
)
