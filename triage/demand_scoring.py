"""Judges odd demand in the feeds and hands it to planners, each within a budget of alerts. Nothing is stored here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.database import ReadSession
from ingest.feed_frames import DatabaseFrames
from models.bundle import Bundle
from triage import planning_decisions
from triage.demand_alerts import KnownAlert, alerts_of
from triage.demand_facts import DemandFacts
from triage.planning_judged import Judged, judged_demand
from triage.planning_recorded import RecordedPlanning
from triage.policy import Policy
from triage.score_demand import DemandAlert, ScoredDemand, score_demand

_ALL = 1_000_000
_REMEMBERED_DAYS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredAlerts:
    """What was found, and what of it planners are told.

    Attributes:
        scored: all that was found, before any budget.
        shown: within the budgets, the costliest first.
    """

    scored: ScoredDemand
    shown: tuple[Judged, ...]


def score_alerts(session: ReadSession, policy: Policy, bundle: Bundle | None, *, as_of: datetime) -> ScoredAlerts:
    """Looks at the last weeks that were over at an instant.

    Raises:
        InputError: `SCORE-DEMAND` where the feed tells of too few days.
    """
    frames = DatabaseFrames(session)
    scored = score_demand(frames, bundle, as_of=as_of.date() - timedelta(days=1), alerts=_ALL)
    items = frames.frame("items")
    categories = dict(zip(items["item_id"].to_list(), items["category"].to_list(), strict=True))
    found = [_facts(alert, as_of, policy.priority.house_currency) for alert in scored.alerts]
    shown = alerts_of(found, _known(session, as_of), categories, policy.predictions.demand)
    return ScoredAlerts(scored=scored, shown=tuple(judged_demand(facts, policy) for facts in shown))


def _facts(alert: DemandAlert, as_of: datetime, currency: str) -> DemandFacts:
    return DemandFacts(
        item_id=alert.item_id,
        location_id=alert.location_id,
        as_of=as_of,
        first=alert.first,
        last=alert.last,
        kind=alert.kind,
        actual=alert.actual,
        expected=alert.expected,
        low=alert.low,
        high=alert.high,
        money=alert.money,
        currency=currency,
        words=alert.words,
        reasons=alert.reasons,
        model=alert.model,
        planner=alert.planner,
        starts=alert.first,
    )


def _known(session: ReadSession, as_of: datetime) -> Iterable[KnownAlert]:
    """Alerts of the last months, with the days they reach to by now."""
    first = planning_decisions.first_of_kind(session, "demand", since=as_of - timedelta(days=_REMEMBERED_DAYS))
    newest = planning_decisions.latest_of(session, {record.subject for record in first})
    return [_known_alert(record, newest[record.subject].advice or {}) for record in first]


def _known_alert(record: RecordedPlanning, told: Mapping[str, str]) -> KnownAlert:
    return KnownAlert(
        item_id=told["item_id"],
        location_id=told["location_id"],
        starts=date.fromisoformat(told["starts"]),
        last=date.fromisoformat(told["last"]),
        planner=told["planner"],
        first_at=record.decided_at,
    )
