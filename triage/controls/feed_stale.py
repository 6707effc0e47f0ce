"""Whether the feeds a decision about this paper needs are fresh."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import CLERK, JUDGED_TYPES, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.needed_feeds import needed, stale_feeds
from triage.policy import Policy

CODE = "FEED-STALE"


def stale(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was loaded longer ago than its limit."""
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
        for remark in stale_feeds(needed(facts, policy), facts.feeds, policy.freshness_hours, facts.as_of)
    )


CONTROL = Control(
    code=CODE,
    checks="Feeds this decision needs are fresh",
    formula="instant of the decision − last load > limit of the feed",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a fresher feed",
    run=stale,
    types=JUDGED_TYPES,
)
