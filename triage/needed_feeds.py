"""Says which of the ERP's feeds a decision needs, and what is wrong with those that are old or absent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.erp import FeedFreshness
from core.money import plain
from triage.facts import Facts
from triage.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRemark:
    """What is wrong with a feed that a decision needs, as a finding says it."""

    feed: str
    message: str
    expected: str
    actual: str

    @property
    def subject(self) -> str:
        """As findings name it."""
        return f"feed {self.feed}"

    @property
    def used(self) -> tuple[str, ...]:
        """The key of the fact it rests on."""
        return (f"feed:{self.feed}",)


def needed(facts: Facts, policy: Policy) -> tuple[str, ...]:
    """Names of the feeds the policy asks for papers of this type; none for a type it has no rules for."""
    rules = policy.documents.get(facts.paper.document_type)
    return () if rules is None else rules.feeds


def stale_feeds(
    names: Iterable[str], feeds: Iterable[FeedFreshness], limits: Mapping[str, Decimal], as_of: datetime
) -> Iterator[FeedRemark]:
    """Feeds that were loaded longer ago than their limit, in hours, allows."""
    loaded = _loaded(feeds)
    for name in names:
        if name not in loaded:
            continue
        age = as_of - loaded[name]
        if age <= timedelta(hours=float(limits[name])):
            continue
        hours, limit = f"{age / timedelta(hours=1):.1f}", plain(limits[name])
        yield FeedRemark(
            feed=name,
            message=f"The feed {name} is {hours} hours old; {limit} are allowed. Load a fresh one.",
            expected=f"{limit} hours old or less",
            actual=f"{hours} hours",
        )


def missing_feeds(names: Iterable[str], feeds: Iterable[FeedFreshness]) -> Iterator[FeedRemark]:
    """Feeds that were never loaded."""
    loaded = _loaded(feeds)
    for name in names:
        if name not in loaded:
            yield FeedRemark(
                feed=name,
                message=f"The feed {name} was never loaded; nothing can be compared with it.",
                expected="loaded",
                actual="absent",
            )


def _loaded(feeds: Iterable[FeedFreshness]) -> dict[str, datetime]:
    return {feed.feed: feed.loaded_at for feed in feeds if feed.loaded_at is not None}
