"""Whether the ERP's feeds that a decision about this paper needs are there, and fresh."""

from datetime import timedelta

from core.decisions import Finding, Outcome
from core.erp import FeedFreshness
from core.money import plain
from triage.amounts import signed_total
from triage.control import CLERK, JUDGED_TYPES, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.policy import Policy

STALE, MISSING = "FEED-STALE", "FEED-MISSING"


def stale(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was loaded longer ago than its limit."""
    found = []
    for name in _needed(facts, policy):
        feed = _loaded(facts, name)
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
                STALE,
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


def missing(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was never loaded."""
    absent = [name for name in _needed(facts, policy) if _loaded(facts, name) is None]
    return tuple(
        finding(
            facts,
            MISSING,
            Outcome.HOLD,
            f"The feed {name} was never loaded; nothing can be compared with it.",
            subject=f"feed {name}",
            expected="loaded",
            actual="absent",
            used=(f"feed:{name}",),
            at_risk=signed_total(facts.paper),
        )
        for name in absent
    )


def _needed(facts: Facts, policy: Policy) -> tuple[str, ...]:
    rules = policy.documents.get(facts.paper.document_type)
    return () if rules is None else rules.feeds


def _loaded(facts: Facts, name: str) -> FeedFreshness | None:
    return next((feed for feed in facts.feeds if feed.feed == name and feed.loaded_at is not None), None)


CONTROLS = (
    Control(
        code=STALE,
        checks="Feeds this decision needs are fresh",
        formula="instant of the decision − last load > limit of the feed",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a fresher feed",
        run=stale,
        types=JUDGED_TYPES,
    ),
    Control(
        code=MISSING,
        checks="Feeds this decision needs were loaded",
        formula="never loaded",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="the feed",
        run=missing,
        types=JUDGED_TYPES,
    ),
)
