"""What each promise stands at, for people and programs: thresholds, what they rest on, and what is still missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.database import ReadSession
from triage import labels, policies, promises
from triage.policy import Policy
from triage.policy_promises import Promise
from triage.promise import Standing, needed_at_first
from triage.promise_deriving import terms_of, watched
from triage.promise_watch import Watched
from triage.promises import PromiseVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseReport:
    """One kind of paper.

    Attributes:
        version: the thresholds in force; None while nothing of the kind was ever judged.
        judged: judged papers of the kind in the window, whether they count or not.
        watch: what the blind checks say since the promise was last broken.
    """

    kind: str
    promise: Promise
    version: PromiseVersion | None
    judged: int
    watch: Watched


def reports(session: ReadSession, at: datetime) -> tuple[Policy, tuple[PromiseReport, ...]]:
    """Every kind the policy in force makes a promise for."""
    policy = policies.active(session).policy
    in_force = promises.newest(session, [kind.value for kind in policy.promises])
    found = []
    for kind, promise in policy.promises.items():
        version = in_force.get(kind.value)
        history = labels.labelled(session, kind=kind.value, since=at - timedelta(days=promise.window_days))
        seen = watched(history, promise, None if version is None else version.watched_since)
        found.append(PromiseReport(kind=kind.value, promise=promise, version=version, judged=len(history), watch=seen))
    return policy, tuple(found)


def as_json(policy: Policy, found: tuple[PromiseReport, ...]) -> dict[str, Any]:
    """For programs: shares from 0 to 1, thresholds as plain decimals, null where nothing may be relied on."""
    return {"basis": policy.confidence.basis, "promises": [_one(report) for report in found]}


def missing(report: PromiseReport) -> str:
    """What is missing before more clears, in words; empty when the promise is kept."""
    version = report.version
    if version is None:
        return f"about {needed_at_first(terms_of(report.promise)):,} labelled papers; every case that ends counts"
    if version.standing is Standing.KEPT:
        return ""
    more = None if version.needed is None else max(version.needed - version.papers, 0)
    if version.standing is Standing.NOT_MET or not more:
        return "read too uncertainly: no threshold keeps the promise on this history"
    return f"about {more:,} more labelled papers"


def _one(report: PromiseReport) -> dict[str, Any]:
    version = report.version
    told: dict[str, Any] = {
        "kind": report.kind,
        "error_pct": report.promise.error_pct,
        "confidence_pct": report.promise.confidence_pct,
        "window_days": report.promise.window_days,
        "owner": report.promise.owner,
        "judged": report.judged,
        "missing": missing(report),
        "blind_checks": {
            "checks": report.watch.checks,
            "wrong": report.watch.errors,
            "evidence": round(report.watch.evidence, 3),
            "alarm": round(report.watch.alarm, 3),
        },
    }
    return {**told, "version": None} if version is None else {**told, **_of_version(version)}


def _of_version(version: PromiseVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "made_at": version.made_at,
        "why": version.why,
        "bundle": version.bundle,
        "standing": version.standing,
        "labelled": version.papers,
        "needed": version.needed,
        "suspended": version.suspended,
        "point": version.point,
        "thresholds": version.thresholds,
        "curve": version.curve,
    }
