"""Derives thresholds anew from labelled history when it has changed, and says what blind checks say of the promise.

Pure but for what it is given: labels in, a version of the thresholds out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from triage.corrections import DOCUMENT_TYPE
from triage.label_rules import FieldLabel, as_readings
from triage.policy import Policy
from triage.policy_promises import Promise
from triage.promise import Standing, Terms, derive, needed_at_first
from triage.promise_history import JudgedPaper, history_of
from triage.promise_watch import Check, Watched, watch
from triage.promises import PromiseVersion
from triage.sureness import least_exact

MORE_SHARE, FEWEST_MORE = 0.05, 25
"""Thresholds are derived anew when so much more, or less, history counts than they rest on."""


class Label(Protocol):
    """What is needed of a judged paper (`triage.labels.PaperLabel`)."""

    @property
    def bundle(self) -> str | None: ...  # noqa: D102

    @property
    def drawn(self) -> str: ...  # noqa: D102

    @property
    def chance(self) -> float: ...  # noqa: D102

    @property
    def otherwise_clear(self) -> bool: ...  # noqa: D102

    @property
    def wrong(self) -> bool | None: ...  # noqa: D102

    @property
    def decided_at(self) -> datetime: ...  # noqa: D102

    @property
    def judged_at(self) -> datetime: ...  # noqa: D102

    @property
    def fields(self) -> tuple[FieldLabel, ...]: ...  # noqa: D102


def terms_of(promise: Promise) -> Terms:
    """A policy's promise as shares."""
    return Terms(tolerated=float(promise.error_pct) / 100, level=float(promise.confidence_pct) / 100)


def renewed(
    kind: str,
    labels: Sequence[Label],
    promise: Promise,
    policy: Policy,
    before: PromiseVersion | None,
    *,
    at: datetime,
) -> PromiseVersion | None:
    """The version that follows from these labels now; None while the one in force rests on nearly the same.

    Args:
        labels: all judged papers of the kind, oldest first.
    """
    suspended = {} if before is None else before.suspended
    exact = frozenset(policy.confidence.exact_sources) - suspended.keys()
    recent = [label for label in labels if label.decided_at >= at - timedelta(days=promise.window_days)]
    bundle = newest_bundle(recent, exact)
    papers = judged_papers((label for label in recent if label.bundle == bundle), exact, suspended)
    if before is None and not papers:
        return None
    if before is not None and not _has_changed(before, promise, policy, bundle, len(papers)):
        return None
    names = {name for paper in papers for name in paper.readings}
    floors = {name: float(policy.confidence.of_field(name)) for name in names}
    derived = derive(history_of(papers), terms_of(promise), floors)
    return PromiseVersion(
        kind=kind,
        bundle=bundle,
        error_pct=promise.error_pct,
        confidence_pct=promise.confidence_pct,
        policy_hash=policy.hash,
        standing=derived.standing,
        papers=derived.papers,
        needed=derived.needed,
        thresholds=derived.thresholds,
        point=derived.point,
        curve=derived.curve,
        suspended=suspended,
        watched_since=None if before is None else before.watched_since,
    )


def nothing_yet(kind: str, promise: Promise, policy: Policy) -> PromiseVersion:
    """The version of a kind nothing was derived for: what clears without thresholds is promised too, and watched."""
    return PromiseVersion(
        kind=kind,
        bundle=None,
        error_pct=promise.error_pct,
        confidence_pct=promise.confidence_pct,
        policy_hash=policy.hash,
        standing=Standing.TOO_LITTLE,
        papers=0,
        needed=needed_at_first(terms_of(promise)),
    )


def watched(labels: Iterable[Label], promise: Promise, since: datetime | None) -> Watched:
    """What the blind checks say, in the order they were judged, of those judged after `since`."""
    drawn = [label for label in labels if label.drawn == "sample" and label.wrong is not None]
    counted = sorted((at for at in drawn if since is None or at.judged_at > since), key=lambda at: at.judged_at)
    checks = (Check(source=_source(at) or "", wrong=bool(at.wrong), chance=at.chance) for at in counted)
    return watch(checks, terms_of(promise))


def tightened(before: PromiseVersion, blamed: Iterable[str], *, at: datetime) -> PromiseVersion:
    """The version after a broken promise: nothing of the sources to blame clears until history since then suffices."""
    blamed = frozenset(blamed)
    thresholds = tuple(
        replace(threshold, threshold=None) if threshold.source in blamed else threshold
        for threshold in before.thresholds
    )
    some_left = any(threshold.threshold is not None for threshold in thresholds)
    return replace(
        before,
        thresholds=thresholds,
        standing=before.standing if some_left else Standing.TOO_LITTLE,
        point=None,
        suspended={**before.suspended, **dict.fromkeys(sorted(blamed), at)},
        watched_since=at,
    )


def judged_papers(
    labels: Iterable[Label], exact: frozenset[str], suspended: Mapping[str, datetime]
) -> list[JudgedPaper]:
    """The papers that count: those nothing but confidence stood against, with a value that was read, not data."""
    found = []
    for label in labels:
        readings, source = as_readings(label.fields, exact), _source(label)
        if label.wrong is None or not label.otherwise_clear or not readings or source is None:
            continue
        if source in suspended and label.decided_at <= suspended[source]:
            continue
        found.append(JudgedPaper(source=source, readings=readings, wrong=label.wrong, chance=label.chance))
    return found


def newest_bundle(labels: Sequence[Label], exact: frozenset[str]) -> str | None:
    """The bundle that read the newest judged paper that was read at all."""
    return next((label.bundle for label in reversed(labels) if as_readings(label.fields, exact)), None)


def _source(label: Label) -> str | None:
    return least_exact(at.source for at in label.fields if at.source is not None and at.field != DOCUMENT_TYPE)


def _has_changed(before: PromiseVersion, promise: Promise, policy: Policy, bundle: str | None, papers: int) -> bool:
    same_terms = (before.error_pct, before.confidence_pct) == (promise.error_pct, promise.confidence_pct)
    much = max(FEWEST_MORE, int(before.papers * MORE_SHARE))
    return (
        not same_terms
        or before.policy_hash != policy.hash
        or before.bundle != bundle
        or (abs(papers - before.papers) >= much)
    )
