"""Whether the feeds a decision about a recommendation needs were ever loaded."""

from core.decisions import Finding, Outcome
from triage.needed_feeds import missing_feeds
from triage.planning_control import PLANNER, RecommendationControl
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding
from triage.rounding import Rounding

CODE = "FEED-MISSING"


def missing(facts: ReplenishmentFacts, _rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was never loaded."""
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
        for remark in missing_feeds(policy.replenishment.feeds, facts.feeds)
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="Feeds a decision about a recommendation needs were loaded",
    formula="never loaded",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="the feed",
    run=missing,
)
