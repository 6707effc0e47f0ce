"""Versions of the thresholds that follow from promises and labelled history; decisions take their kind's newest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, func, select

from core import audit_log
from core.canonical import instant_from_text, to_jsonable
from core.database import ReadSession, WriteSession
from triage.facts import Paper
from triage.label_tables import promise_versions as table
from triage.promise import CurvePoint, FieldThreshold, Standing
from triage.promise_facts import FieldNeed, PromiseInForce
from triage.sureness import source_of_paper


class Why(StrEnum):
    """What a version was made for."""

    RENEWED = "renewed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseVersion:
    """The thresholds of one kind of paper, and what they rest on.

    Attributes:
        bundle: the model bundle whose readings were judged; no other's are cleared by them.
        papers: judged papers they rest on.
        needed: about how many it takes, where there are too few.
        point, curve: touchless share against risk, for the thresholds in force and for all that were tried.
        suspended: by source, since when its history counts again after blind checks broke the promise.
        watched_since: blind checks from this instant on are held against the promise.
    """

    kind: str
    bundle: str | None
    error_pct: Decimal
    confidence_pct: Decimal
    policy_hash: str
    standing: Standing
    papers: int
    needed: int | None
    thresholds: tuple[FieldThreshold, ...] = ()
    point: CurvePoint | None = None
    curve: tuple[CurvePoint, ...] = ()
    suspended: Mapping[str, datetime] = field(default_factory=dict)
    watched_since: datetime | None = None
    version: int = 0
    made_at: datetime | None = None
    made_by: str = ""
    why: Why = Why.RENEWED

    def is_broken_for(self, source: str) -> bool:
        """Whether the promise was broken for a source and its history has not caught up since."""
        proven = any(at.source == source and at.threshold is not None for at in self.thresholds)
        return source in self.suspended and not proven


def newest(session: ReadSession, kinds: Iterable[str]) -> dict[str, PromiseVersion]:
    """The thresholds in force, by kind of paper; a kind that has none yet is left out."""
    last = select(func.max(table.c.version)).where(table.c.kind.in_(sorted(set(kinds)))).group_by(table.c.kind)
    return {row["kind"]: _version(row) for row in session.all(select(table).where(table.c.version.in_(last)))}


def promise_for(paper: Paper, version: PromiseVersion | None) -> PromiseInForce | None:
    """What a decision about this paper knows of the promise. Another bundle's readings were judged by nobody yet."""
    source = source_of_paper(paper)
    if version is None or source is None:
        return None
    fits = paper.bundle == version.bundle or source not in {at.source for at in version.thresholds}
    return PromiseInForce(
        version=version.version,
        source=source,
        error_pct=version.error_pct,
        confidence_pct=version.confidence_pct,
        papers=version.papers if fits else 0,
        needed=version.needed,
        is_broken=version.is_broken_for(source),
        fields=tuple(
            FieldNeed(field=at.field, threshold=at.threshold, labels=at.labels)
            for at in version.thresholds
            if fits and at.source == source
        ),
    )


def keep(session: WriteSession, version: PromiseVersion, *, at: datetime, by: str, why: Why) -> PromiseVersion:
    """Puts thresholds in force for every decision from now on, and tells the audit."""
    audit_log.lock_chain(session)
    number = int(session.scalar(select(func.max(table.c.version))) or 0) + 1
    content = {name: to_jsonable(getattr(version, name)) for name in _CONTENT}
    row = {
        "version": number,
        "kind": version.kind,
        "made_at": at,
        "made_by": by,
        "why": why.value,
        "policy_hash": version.policy_hash,
        "json": content,
    }
    session.run(table.insert(), [row])
    told = {name: value for name, value in content.items() if name != "curve"} | {"kind": version.kind}
    audit_log.append(session, at=at, actor=by, action=f"promise.{why.value}", subject=f"promise:{number}", payload=told)
    return newest(session, [version.kind])[version.kind]


_CONTENT = (
    "bundle",
    "error_pct",
    "confidence_pct",
    "standing",
    "papers",
    "needed",
    "thresholds",
    "point",
    "curve",
    "suspended",
    "watched_since",
)


def _version(row: RowMapping) -> PromiseVersion:
    data: dict[str, Any] = row["json"]
    since = data["watched_since"]
    return PromiseVersion(
        version=row["version"],
        kind=row["kind"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        why=Why(row["why"]),
        policy_hash=row["policy_hash"],
        bundle=data["bundle"],
        error_pct=Decimal(data["error_pct"]),
        confidence_pct=Decimal(data["confidence_pct"]),
        standing=Standing(data["standing"]),
        papers=data["papers"],
        needed=data["needed"],
        thresholds=tuple(_threshold(at) for at in data["thresholds"]),
        point=None if data["point"] is None else CurvePoint(**data["point"]),
        curve=tuple(CurvePoint(**at) for at in data["curve"]),
        suspended={source: instant_from_text(at) for source, at in data["suspended"].items()},
        watched_since=None if since is None else instant_from_text(since),
    )


def _threshold(data: Mapping[str, Any]) -> FieldThreshold:
    least = data["threshold"]
    return FieldThreshold(**{**data, "threshold": None if least is None else Decimal(least)})
