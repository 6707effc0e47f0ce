"""Says the house's figures in Prometheus's words: which metric has which name, unit and labels."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

from core.heartbeats import Beat
from review_api.watching.house import House, late_feeds

PREFIX = "clearhold_"


def metrics(house: House) -> Iterator[Metric]:
    """Every metric of the house; one that is not known is left out rather than said to be 0."""
    for part in (_papers, _leases, _cases, _money, _feeds, _flow, _promises, _versions, _workers, _audit, _events):
        yield from part(house)


def _papers(house: House) -> Iterator[Metric]:
    backlog = house.backlog
    yield _gauge("papers_waiting", "Papers that came in and are not decided yet.", backlog.waiting)
    yield _gauge(
        "paper_oldest_seconds", "Age of the oldest of them, 0 where none waits.", _age(house, backlog.oldest_at)
    )
    yield _gauge("papers_tried_again", "Waiting papers whose reading was begun more than once.", backlog.tried_again)


def _leases(house: House) -> Iterator[Metric]:
    backlog = house.backlog
    left = None if backlog.oldest_lease_until is None else (backlog.oldest_lease_until - house.at).total_seconds()
    yield _gauge("leases", "Papers a worker works on.", backlog.leased)
    yield _gauge("leases_run_out", "Of them, those whose worker has fallen silent.", backlog.run_out)
    yield _gauge("lease_silence_seconds", "How long ago the longest silent lease ran out, 0 where none has.",
                 0 if left is None else max(0.0, -left))  # fmt: skip


def _cases(house: House) -> Iterator[Metric]:
    labels = ("queue", "kind", "outcome", "second_person")
    waiting = _family("cases_waiting", "Cases that wait for a person.", labels)
    for (queue, kind, outcome, second), cases in house.waiting.items():
        waiting.add_metric([queue, kind, outcome, "yes" if second else "no"], cases)
    yield waiting


def _money(house: House) -> Iterator[Metric]:
    total = _family("money_waiting", "What the papers of waiting cases ask for, with VAT.", ("queue", "currency"))
    risk = _family("money_at_risk", "What can be lost by waiting cases.", ("queue", "currency"))
    for one in house.money:
        total.add_metric([one.queue, one.currency], float(one.total))
        risk.add_metric([one.queue, one.currency], float(one.at_risk))
    yield total
    yield risk


def _feeds(house: House) -> Iterator[Metric]:
    age = _family("feed_age_seconds", "How long ago a feed was loaded; none for one that never was.", ("feed",))
    allowed = _family("feed_allowed_seconds", "How old the policy lets it be before it holds papers.", ("feed",))
    late = _family("feed_late", "1 for a feed the policy needs that is too old or was never loaded.", ("feed",))
    rows = _family("feed_rows", "Rows of a feed.", ("feed",))
    is_late = late_feeds(house)
    for feed in house.feeds:
        limit = house.policy.policy.freshness_hours.get(feed.feed)
        seconds = None if feed.loaded_at is None else (house.at - feed.loaded_at).total_seconds()
        allowed_seconds = None if limit is None else float(limit) * 3_600
        rows.add_metric([feed.feed], feed.rows)
        if seconds is not None:
            age.add_metric([feed.feed], seconds)
        if allowed_seconds is not None:
            allowed.add_metric([feed.feed], allowed_seconds)
        if feed.feed in is_late:
            late.add_metric([feed.feed], int(is_late[feed.feed]))
    yield from (age, allowed, late, rows)


def _flow(house: House) -> Iterator[Metric]:
    flow = house.flow
    if not flow:
        return
    yield _gauge("papers_decided_week", "Papers first decided within seven days.", flow["decided"])
    if flow["first_pass_yield"] is not None:
        yield _gauge(
            "hold_ratio", "Share of these whose first decision held them.", 1 - float(flow["first_pass_yield"])
        )
    if flow["touchless_rate"] is not None:
        yield _gauge(
            "touchless_ratio", "Share of these that are done and no person touched.", float(flow["touchless_rate"])
        )


def _promises(house: House) -> Iterator[Metric]:
    tolerated = _family("promise_tolerated_ratio", "Share of cleared papers that may be wrong.", ("kind",))
    bound = _family("promise_bound_ratio", "Upper bound of the share that is, by judged history.", ("kind",))
    kept = _family("promise_kept", "1 where history keeps the promise.", ("kind",))
    broken = _family("promise_broken", "1 for a source whose blind checks broke the promise.", ("kind", "source"))
    for kind, promise in house.policy.policy.promises.items():
        version = house.promises.get(kind.value)
        tolerated.add_metric([kind.value], float(promise.error_pct / Decimal(100)))
        kept.add_metric([kind.value], int(version is not None and version.standing.value == "kept"))
        if version is None:
            continue
        if version.point is not None:
            bound.add_metric([kind.value], version.point.bound)
        for source in version.suspended:
            broken.add_metric([kind.value, source], int(version.is_broken_for(source)))
    yield from (tolerated, bound, kept, broken)


def _versions(house: House) -> Iterator[Metric]:
    policy = InfoMetricFamily(PREFIX + "policy", "The policy in force.")
    policy.add_metric([], {"version": str(house.policy.version), "hash": house.policy.policy_hash[:12]})
    yield policy
    model = InfoMetricFamily(PREFIX + "model", "The models of the house.", labels=("model",))
    state = _family("model_serves", "1 for a model that serves, 0 for one that is refused or fits no more.", ("model",))
    for one in house.models:
        if one.state != "missing":
            model.add_metric([one.name], {"version": str(one.version), "state": one.state})
            state.add_metric([one.name], int(one.state == "loaded"))
    yield model
    yield state


def _workers(house: House) -> Iterator[Metric]:
    alive = [one for one in house.workers if one.is_alive(house.at)]
    yield _gauge("workers_alive", "Workers heard of within a minute.", len(alive))
    yield _gauge("workers_lost", "Workers that fell silent without having ended.",
                 sum(one.is_lost(house.at) for one in house.workers))  # fmt: skip
    beat = _family("worker_silence_seconds", "How long ago a worker was heard of.", ("node",))
    decided = _counter("worker_papers", "Papers a worker decided.", ("node", "outcome"))
    failed = _counter(
        "worker_troubles", "Attempts of a worker that came to nothing, by what happened.", ("node", "what")
    )
    seconds = _counter("worker_reading_seconds", "Seconds from taking a paper to its decision.", ("node",))
    for one in house.workers:
        if one.ended_at is None:
            beat.add_metric([one.node], (house.at - one.seen_at).total_seconds())
        for outcome, papers in one.said.get("outcomes", {}).items():
            decided.add_metric([one.node, outcome], papers)
        for what in TROUBLES:
            failed.add_metric([one.node, what], one.said.get(what, 0))
        seconds.add_metric([one.node], float(one.said.get("reading_seconds", 0)))
    yield from (beat, decided, failed, seconds, _poison(house.workers))


TROUBLES = ("failed", "lost", "unreadable", "given_up")


def _poison(workers: Iterable[Beat]) -> Metric:
    poison = CounterMetricFamily(
        PREFIX + "poison_papers", "Papers given to a person after their last attempt.", labels=("node",)
    )
    for one in workers:
        poison.add_metric([one.node], one.said.get("poison", 0))
    return poison


def _audit(house: House) -> Iterator[Metric]:
    now = house.verified.now
    yield _gauge(
        "audit_damaged", "1 where the audit chain is not as it was written.", int(house.verified.damage is not None)
    )
    if now is not None:
        yield _gauge(
            "audit_verified_seconds", "How long ago the chain was verified last.", _age(house, now.verified_at)
        )


def _events(house: House) -> Iterator[Metric]:
    events = house.events
    yield _gauge("events_waiting", "Events that other programs were not told of yet.", events.waiting)
    yield _gauge("event_oldest_seconds", "Age of the oldest of them, 0 where none waits.", events.oldest_seconds or 0.0)
    yield _gauge("events_dead", "Tellings that were given up until somebody sends them again.", events.dead)


def _age(house: House, since: datetime | None) -> float:
    return 0.0 if since is None else max(timedelta(0), house.at - since).total_seconds()


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, told, value=value)


def _family(name: str, told: str, labels: tuple[str, ...]) -> Any:
    return GaugeMetricFamily(PREFIX + name, told, labels=labels)


def _counter(name: str, told: str, labels: tuple[str, ...]) -> Any:
    return CounterMetricFamily(PREFIX + name, told, labels=labels)
