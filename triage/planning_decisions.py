"""Decisions about orders, demand and recommendations, as they were made: kept, looked up, and walked through."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select

from core.database import ReadSession, WriteSession
from core.nearest import in_parts
from triage.planning_recorded import RecordedPlanning
from triage.prediction_tables import planning_decisions

_COLUMNS = tuple(field.name for field in fields(RecordedPlanning))


def save(session: WriteSession, records: Sequence[RecordedPlanning]) -> None:
    """Keeps decisions. The database refuses a second one of the same run about a subject."""
    session.run(planning_decisions.insert(), [_row(record) for record in records])


def latest_of(session: ReadSession, subjects: Collection[str]) -> Mapping[str, RecordedPlanning]:
    """The newest decision about each of these subjects that has one."""
    found: dict[str, RecordedPlanning] = {}
    for part in in_parts(subjects):
        here = planning_decisions.c.subject.in_(part)
        newest = (
            select(planning_decisions.c.subject, func.max(planning_decisions.c.run).label("run"))
            .where(here)
            .group_by(planning_decisions.c.subject)
            .subquery()
        )
        rows = select(planning_decisions).join(
            newest, (planning_decisions.c.subject == newest.c.subject) & (planning_decisions.c.run == newest.c.run)
        )
        found |= {row["subject"]: _recorded(row) for row in session.all(rows)}
    return found


def latest_facts(session: ReadSession, subjects: Collection[str]) -> Mapping[str, str]:
    """The text of the facts each of these subjects was last decided from."""
    return {subject: record.facts for subject, record in latest_of(session, subjects).items()}


def latest(session: ReadSession, subject: str) -> RecordedPlanning | None:
    """The newest decision about a subject."""
    return latest_of(session, [subject]).get(subject)


def of_subject(session: ReadSession, subject: str) -> tuple[RecordedPlanning, ...]:
    """Every decision about a subject, the first one first."""
    rows = select(planning_decisions).where(planning_decisions.c.subject == subject)
    return tuple(_recorded(row) for row in session.all(rows.order_by(planning_decisions.c.run)))


def first_of_kind(session: ReadSession, kind: str, *, since: datetime) -> tuple[RecordedPlanning, ...]:
    """The first decision about every subject of a kind, as of `since` or later, oldest first."""
    c = planning_decisions.c
    rows = select(planning_decisions).where(c.kind == kind, c.run == 1, c.decided_at >= since)
    return tuple(_recorded(row) for row in session.all(rows.order_by(c.decided_at, c.decision_id)))


def count(session: ReadSession) -> int:
    """How many decisions there are."""
    return int(session.scalar(select(func.count()).select_from(planning_decisions)) or 0)


def parts(session: ReadSession, size: int) -> Iterator[tuple[str, str]]:
    """The history cut into parts of `size` decisions, each as the id it comes after and the id it ends with."""
    after, ids = "", planning_decisions.c.decision_id
    while True:
        found = session.all(select(ids).where(ids > after).order_by(ids).limit(size))
        if not found:
            return
        yield after, found[-1]["decision_id"]
        after = found[-1]["decision_id"]


def between(session: ReadSession, after: str, last: str) -> tuple[RecordedPlanning, ...]:
    """Every decision of a part, in order of id."""
    ids = planning_decisions.c.decision_id
    rows = select(planning_decisions).where(ids > after, ids <= last).order_by(ids)
    return tuple(_recorded(row) for row in session.all(rows))


def known(session: ReadSession, decision_ids: Sequence[str]) -> frozenset[str]:
    """Those of these ids that there is a decision of."""
    ids = planning_decisions.c.decision_id
    return frozenset(row["decision_id"] for row in session.all(select(ids).where(ids.in_(decision_ids))))


def _row(record: RecordedPlanning) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _COLUMNS} | {"models": list(record.models)}


def _recorded(row: RowMapping) -> RecordedPlanning:
    return RecordedPlanning(**({name: row[name] for name in _COLUMNS} | {"models": tuple(row["models"])}))
