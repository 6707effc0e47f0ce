"""Whether a new decision about the same order, demand or recommendation says anything planners do not know yet. Pure.

Ages and a model's figures differ with every run though nothing has happened: by themselves they are no news.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from core.decisions import Finding, Outcome
from triage.case_records import CaseSummary, Resolution
from triage.planning_judged import Judged
from triage.planning_recorded import RecordedPlanning
from triage.policy import Policy
from triage.priority import SAID_BY_MODELS

_MOVING = SAID_BY_MODELS | {"FEED-STALE"}
_MUCH = Decimal("0.2")

_Key = tuple[str | None, ...]


def is_older(judged: Judged, last: RecordedPlanning | None) -> bool:
    """Whether it was decided from facts of an earlier instant than the newest decision about the same."""
    return last is not None and judged.decision.decided_at < last.decided_at


def says_more(judged: Judged, last: RecordedPlanning | None) -> bool:
    """Whether outcome, findings or what is recommended differ from the newest decision, beyond ages and figures."""
    if last is None:
        return True
    if judged.decision.outcome.value != last.outcome:
        return True
    return _keys(judged.decision.findings) != _keys(last.found) or _quantity(judged.advice) != _quantity(last.advice)


def is_quiet(
    judged: Judged, last: RecordedPlanning | None, ended: CaseSummary | None, policy: Policy, at: datetime
) -> bool:
    """Whether somebody has ended a case about the same a short while ago, and nothing else is found since."""
    if last is None or ended is None or ended.resolved_at is None or ended.resolution is Resolution.CLEARED_BY_FACTS:
        return False
    if at - ended.resolved_at >= timedelta(days=policy.planning.quiet_days):
        return False
    known = {(finding.code, finding.subject) for finding in last.found}
    stricter = judged.decision.outcome.rank > Outcome(last.outcome).rank
    return not stricter and {(at.code, at.subject) for at in judged.decision.findings} <= known


def weighs_otherwise(case: CaseSummary, expected_loss: Decimal) -> bool:
    """Whether a case's place in the queue is off by more than a fifth."""
    larger = max(abs(case.priority), abs(expected_loss))
    return abs(case.priority - expected_loss) > larger * _MUCH


def _keys(findings: Iterable[Finding]) -> set[_Key]:
    return {_key(finding) for finding in findings}


def _key(found: Finding) -> _Key:
    which = (found.code, found.outcome.value, found.subject)
    if found.code in _MOVING:
        return which
    return (*which, found.expected, found.actual, found.difference, found.at_risk_amount)


def _quantity(advice: object) -> object:
    """What is recommended to order, of a recommendation."""
    return advice.get("quantity") if isinstance(advice, dict) else None
