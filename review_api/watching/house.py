"""The figures of the house that an operator watches: read in one transaction, at most every so many seconds.

Each is kept while things happen, or read along an index: what a reading costs does not grow with the cases there are.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core import audit_rounds, heartbeats
from core.audit_rounds import Verified
from core.erp import FeedFreshness
from core.errors import ClearholdError
from core.heartbeats import Beat
from ingest import documents
from ingest.erp import ErpReader
from review_api import house_models, insights
from review_api.house_models import HouseModel
from review_api.services import Services
from triage import case_counting, case_money, policies, promises
from triage.case_money import WaitingMoney
from triage.deliveries import Backlog, webhook_backlog
from triage.insights.scope import scope_of
from triage.insights.tally import Figure
from triage.policies import AppliedPolicy
from triage.promises import PromiseVersion

FLOW_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """How it stands with the house at one instant.

    Attributes:
        waiting: cases that wait, by queue, kind, outcome and whether a second person is needed.
        flow: of the last seven days, what was decided, held and touchless.
        events: what other programs have not been told.
    """

    at: datetime
    backlog: documents.Backlog
    waiting: Mapping[case_counting.Group, int]
    money: tuple[WaitingMoney, ...]
    feeds: tuple[FeedFreshness, ...]
    policy: AppliedPolicy
    promises: Mapping[str, PromiseVersion]
    workers: tuple[Beat, ...]
    verified: Verified
    events: Backlog
    flow: Mapping[str, Any]
    models: tuple[HouseModel, ...]


class HouseWatch:
    """Reads the figures when they are asked for, and not again before `every` seconds have passed."""

    def __init__(self, services: Services, every: float | None = None) -> None:
        self._services = services
        self._every = services.settings.metrics_seconds if every is None else every
        self._gate = threading.Lock()
        self._house: House | None = None
        self._read_at = 0.0
        self.reading_seconds = 0.0

    def house(self) -> House:
        """The figures, some seconds old at most; whoever asks while they are read waits for the same reading.

        Raises:
            UnavailableError: `DB-UNAVAILABLE`.
        """
        with self._gate:
            now = time.monotonic()
            if self._house is None or now - self._read_at >= self._every:
                self._house, self._read_at = None, now
                self._house = read_house(self._services)
                self.reading_seconds = time.monotonic() - now
            return self._house


def read_house(services: Services) -> House:
    """Reads all figures anew."""
    at = services.clock.now()
    flow = _flow(services, at)
    with services.db.read() as session:
        policy = policies.active(session)
        return House(
            at=at,
            backlog=documents.backlog(session, at),
            waiting=case_counting.waiting(session),
            money=case_money.waiting(session),
            feeds=ErpReader(session).freshness(),
            policy=policy,
            promises=promises.newest(session, [kind.value for kind in policy.policy.promises]),
            workers=heartbeats.beats(session),
            verified=audit_rounds.verified(session),
            events=webhook_backlog(session, at),
            flow=flow,
            models=house_models.of_house(services),
        )


def late_feeds(house: House) -> Mapping[str, bool]:
    """Of each feed that decisions need, whether it is too old. Without sales orders nobody scores them.

    Papers cannot be checked without their feeds; those that only planning needs count once they were ever loaded.
    """
    policy = house.policy.policy
    for_papers = {feed for rules in policy.documents.values() for feed in rules.feeds}
    for_planning = {*policy.orders.feeds, *policy.replenishment.feeds}
    found = {}
    for feed in house.feeds:
        limit = policy.freshness_hours.get(feed.feed)
        if feed.loaded_at is None:
            if feed.feed in for_papers:
                found[feed.feed] = True
        elif limit is not None and feed.feed in for_papers | for_planning:
            found[feed.feed] = house.at - feed.loaded_at > timedelta(hours=float(limit))
    return found


def _flow(services: Services, at: datetime) -> Mapping[str, Any]:
    today = at.astimezone(UTC).date()
    scope = scope_of(today, since=today - timedelta(days=FLOW_DAYS - 1))
    found: Figure
    try:
        found, _ = insights.figure(services, "touchless", scope, {})
    except ClearholdError:
        return {}
    return found.totals
