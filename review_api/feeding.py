"""Feeds as the outside asks for them: how fresh they are, a file loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.canonical import instant_text
from core.erp import FeedFreshness
from ingest.feed_load import FeedLoad
from review_api.auth import Principal
from review_api.presenting import Reader
from review_api.services import Services
from triage.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsView:
    """The light in the page's header: how old the oldest feed is that decisions need."""

    state: str
    text: str
    title: str


def freshness(services: Services) -> Sequence[FeedFreshness]:
    """Every feed, and when it was last loaded."""
    from ingest.erp import ErpReader

    with services.db.read() as session:
        return ErpReader(session).freshness()


def load(services: Services, principal: Principal, name: str, data: bytes, file_name: str) -> FeedLoad:
    """Loads a file, all or nothing.

    Raises:
        InputError: `FEED-REJECTED` with the rows.
    """
    from ingest.feed_files import read_feed
    from ingest.feed_load import store_feed

    file = read_feed(name, data, file_name=file_name, max_rows=services.settings.max_feed_rows)
    with services.db.write() as session:
        return store_feed(session, file, actor=principal.actor, at=services.clock.now())


def feeds_view(feeds: Sequence[FeedFreshness], policy: Policy, reader: Reader) -> FeedsView:
    """Says how old the oldest needed feed is; red when one is missing or over its limit."""
    needed = {feed for rules in policy.documents.values() for feed in rules.feeds}
    known = {feed.feed: feed.loaded_at for feed in feeds}
    missing = sorted(name for name in needed if known.get(name) is None)
    if missing:
        title = reader.say("never loaded: %(feeds)s", feeds=", ".join(missing))
        return FeedsView(state="bad", text=reader.say("feeds missing"), title=title)
    loaded = {name: at for name, at in known.items() if name in needed and at is not None}
    if not loaded:
        return FeedsView(state="quiet", text=reader.say("no feeds"), title=reader.say("no control needs a feed"))
    stale = [name for name, at in loaded.items() if reader.now - at > _limit(policy, name)]
    oldest = reader.age(min(loaded.values()))
    listed = "; ".join(f"{name} {instant_text(at)[:16]}" for name, at in sorted(loaded.items()))
    title = reader.say("loaded: %(feeds)s", feeds=listed)
    if stale:
        old = reader.say("older than allowed: %(feeds)s", feeds=", ".join(stale))
        title = f"{old}; {title}"
    return FeedsView(
        state="bad" if stale else "good",
        text=reader.say("stale %(age)s", age=oldest) if stale else reader.say("feeds %(age)s", age=oldest),
        title=title,
    )


def _limit(policy: Policy, name: str) -> timedelta:
    return timedelta(hours=float(policy.freshness_hours[name]))
