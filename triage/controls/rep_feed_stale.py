"""Whether the feeds a decision about a recommendation needs are fresh."""

from core.decisions import Finding, Outcome
from triage.needed_feeds import stale_feeds
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding
from triage.rounding import Rounding

CODE = "FEED-STALE"


def stale(facts: ReplenishmentFacts, _rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was loaded longer ago than its limit."""
    return tuple(
        replenishment_finding(
            facts,
            policy,
            CODE,
            remark.message,
            subject=remark.subject,
            expected=remark.expected,
            actual=remark.actual,
            used=remark.used,
        )
        for remark in stale_feeds(policy.replenishment.feeds, facts.feeds, policy.freshness_hours, facts.as_of)
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="Feeds a decision about a recommendation needs are fresh",
    formula="instant of the decision − last load > limit of the feed",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="a fresher feed",
    run=stale,
)
