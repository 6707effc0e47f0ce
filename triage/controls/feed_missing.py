"""Whether the feeds a decision about this paper needs were ever loaded."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import CLERK, JUDGED_TYPES, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.needed_feeds import missing_feeds, needed
from triage.policy import Policy

CODE = "FEED-MISSING"


def missing(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was never loaded."""
    return tuple(
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            remark.message,
            subject=remark.subject,
            expected=remark.expected,
            actual=remark.actual,
            used=remark.used,
            at_risk=signed_total(facts.paper),
        )
        for remark in missing_feeds(needed(facts, policy), facts.feeds)
    )


CONTROL = Control(
    code=CODE,
    checks="Feeds this decision needs were loaded",
    formula="never loaded",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="the feed",
    run=missing,
    types=JUDGED_TYPES,
)
