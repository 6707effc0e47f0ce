"""Whether the feeds a decision about this paper needs were ever loaded."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import CLERK, JUDGED_TYPES, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.needed_feeds import loaded, needed
from triage.policy import Policy

CODE = "FEED-MISSING"


def missing(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A needed feed was never loaded."""
    absent = [name for name in needed(facts, policy) if loaded(facts, name) is None]
    return tuple(
        finding(
            facts,
            CODE,
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
