"""Whether the feeds a decision about a customer's order needs were ever loaded."""

from core.decisions import Finding, Outcome
from triage.availability import Availability
from triage.needed_feeds import missing_feeds
from triage.order_facts import OrderFacts
from triage.planning_control import PLANNER, OrderControl
from triage.policy import Policy
from triage.sales_findings import order_finding

CODE = "FEED-MISSING"


def missing(facts: OrderFacts, _available: Availability, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was never loaded."""
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
        for remark in missing_feeds(policy.orders.feeds, facts.feeds)
    )


CONTROL = OrderControl(
    code=CODE,
    checks="Feeds a decision about a customer's order needs were loaded",
    formula="never loaded",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="the feed",
    run=missing,
)
