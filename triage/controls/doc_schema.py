"""Whether an e-invoice keeps its standard, as the reader validated it."""

from core.decisions import Finding, Outcome
from triage.carried import SCHEMA, carried
from triage.control import CLERK, EVERY_TYPE, Control
from triage.facts import Facts
from triage.match import Match
from triage.policy import Policy

CODE = SCHEMA


def schema(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Where an e-invoice breaks its standard, as the reader validated it."""
    return carried(facts, CODE, Outcome.HOLD)


CONTROL = Control(
    code=CODE,
    checks="An e-invoice keeps its standard",
    formula="EN 16931 or its schematron fails (found by the reader)",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a valid e-invoice",
    run=schema,
    types=EVERY_TYPE,
)
