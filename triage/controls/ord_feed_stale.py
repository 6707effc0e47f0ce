"""Whether the feeds a decision about a customer's order needs are fresh."""

from core.decisions import Finding, Outcome
from triage.availability import Availability
from triage.needed_feeds import stale_feeds
from triage.order_facts import OrderFacts
from triage.planning_control import PLANNER, OrderControl
from triage.policy import Policy
from triage.sales_findings import order_finding

CODE = "FEED-STALE"


def stale(facts: OrderFacts, _available: Availability, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was loaded longer ago than its limit."""
    return tuple(
        order_finding(
            facts,
            CODE,
            remark.message,
            subject=remark.subject,
            expected=remark.expected,
            actual=remark.actual,
            used=remark.used,
        )
        for remark in stale_feeds(policy.orders.feeds, facts.feeds, policy.freshness_hours, facts.as_of)
    )


CONTROL = OrderControl(
    code=CODE,
    checks="Feeds a decision about a customer's order needs are fresh",
    formula="instant of the decision − last load > limit of the feed",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="a fresher feed",
    run=stale,
)
