"""Whether the feeds a decision about this paper needs are fresh."""

from datetime import timedelta

from core.decisions import Finding, Outcome
from core.money import plain
from triage.amounts import signed_total
from triage.control import CLERK, JUDGED_TYPES, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.needed_feeds import loaded, needed
from triage.policy import Policy

CODE = "FEED-STALE"


def stale(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was loaded longer ago than its limit."""
    found = []
    for name in needed(facts, policy):
        feed = loaded(facts, name)
        if feed is None or feed.loaded_at is None:
            continue
        limit = policy.freshness_hours[name]
        age = facts.as_of - feed.loaded_at
        if age <= timedelta(hours=float(limit)):
            continue
        hours = f"{age / timedelta(hours=1):.1f}"
        found.append(
            finding(
                facts,
                CODE,
                Outcome.HOLD,
                f"The feed {name} is {hours} hours old; {plain(limit)} are allowed. Load a fresh one.",
                subject=f"feed {name}",
                expected=f"{plain(limit)} hours old or less",
                actual=f"{hours} hours",
                used=(f"feed:{name}",),
                at_risk=signed_total(facts.paper),
            )
        )
    return tuple(found)


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
