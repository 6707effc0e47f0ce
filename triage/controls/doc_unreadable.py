"""Whether the paper was read at all: everything the reader remarked that no control here judges for itself."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.carried import CARRIED
from triage.control import CLERK, EVERY_TYPE, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.policy import Policy

CODE = "DOC-UNREADABLE"
_JUDGED_HERE = frozenset({"DOC-TYPE", "DOC-CONFIDENCE", "DOC-ARITHMETIC", "TAX-SUM"})


def unreadable(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """What the reader said it could not read: everything it remarked that no control here judges for itself."""
    remarks = [
        (outcome, message)
        for code, outcome, message in facts.paper.remarks
        if code not in CARRIED | _JUDGED_HERE and outcome != Outcome.CLEAR
    ]
    return tuple(
        finding(facts, CODE, Outcome.HOLD, message, at_risk=signed_total(facts.paper))
        for _, message in sorted(set(remarks))
    )


CONTROL = Control(
    code=CODE,
    checks="The paper could not be read, in whole or in part",
    formula="the reader says so",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a readable copy",
    run=unreadable,
    types=EVERY_TYPE,
)
