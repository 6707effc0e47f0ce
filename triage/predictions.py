"""What models said, kept until it is known what came: the history that drift and performance are reported from.

A prediction is kept once: scoring the same subject with the same model at the same instant again changes nothing. Its
label is set once, with the instant it became known, and never changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import RowMapping, func, select, update

from core.database import ReadSession, WriteSession
from core.nearest import in_parts
from triage.prediction_tables import predictions


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPrediction:
    """One thing a model said of one subject.

    Attributes:
        name: the model (`sla-miss`, `demand`, `replenishment`, `review`, `routing`); `model` is its version.
        subject: as decisions name it (`sales_order:O17`, `demand:I1/S1/2026-11-23`, `document:…`).
        score: a calibrated probability, or the number that was predicted.
        features_hash: SHA-256 of what it was predicted from.
        features: the features themselves, in the model's order, None for a missing one; kept where it is to be
            watched whether they drift.
        label: what came (1 late, 0 in time; demand in units); None until it is known, at `labelled_at`.
    """

    name: str
    subject: str
    model: str
    predicted_at: datetime
    score: float
    features_hash: str
    features: tuple[float | None, ...] | None = None
    label: float | None = None
    labelled_at: datetime | None = None


_COLUMNS = tuple(field.name for field in fields(StoredPrediction))


def save(session: WriteSession, said: Iterable[StoredPrediction]) -> int:
    """Keeps predictions that are not kept yet, and says how many those were."""
    by_key = {_key(one): one for one in said}
    known = {
        (row["name"], row["subject"], row["model"], row["predicted_at"])
        for part in in_parts(one.subject for one in by_key.values())
        for row in session.all(
            select(predictions.c.name, predictions.c.subject, predictions.c.model, predictions.c.predicted_at).where(
                predictions.c.subject.in_(part)
            )
        )
    }
    new = [{name: getattr(one, name) for name in _COLUMNS} for key, one in by_key.items() if key not in known]
    session.run(predictions.insert(), new)
    return len(new)


def set_labels(session: WriteSession, name: str, labels: Mapping[str, float], *, at: datetime) -> int:
    """Says what came of subjects, for every prediction about them made before `at` that has no label yet.

    Args:
        labels: by subject.
        at: when that became known.
    """
    changed = 0
    for subject, label in sorted(labels.items()):
        waiting = (
            predictions.c.name == name,
            predictions.c.subject == subject,
            predictions.c.label.is_(None),
            predictions.c.predicted_at <= at,
        )
        changed += session.run(update(predictions).where(*waiting).values(label=label, labelled_at=at))
    return changed


def without_label(session: ReadSession, name: str) -> tuple[str, ...]:
    """Subjects of which a model said something, and nobody knows yet what came, in order."""
    waiting = select(predictions.c.subject).where(predictions.c.name == name, predictions.c.label.is_(None)).distinct()
    return tuple(row["subject"] for row in session.all(waiting.order_by(predictions.c.subject)))


def between(
    session: ReadSession, name: str, *, since: datetime | None = None, until: datetime | None = None
) -> tuple[StoredPrediction, ...]:
    """What a model said from `since` to before `until`, oldest first."""
    wanted = select(predictions).where(predictions.c.name == name)
    if since is not None:
        wanted = wanted.where(predictions.c.predicted_at >= since)
    if until is not None:
        wanted = wanted.where(predictions.c.predicted_at < until)
    ordered = wanted.order_by(predictions.c.predicted_at, predictions.c.subject, predictions.c.model)
    return tuple(_read(row) for row in session.all(ordered))


def by_month(found: Sequence[StoredPrediction]) -> Iterator[tuple[str, tuple[StoredPrediction, ...]]]:
    """Predictions by the month (UTC, `2026-11`) in which they were made, oldest month first."""
    months = sorted({f"{one.predicted_at:%Y-%m}" for one in found})
    for month in months:
        yield month, tuple(one for one in found if f"{one.predicted_at:%Y-%m}" == month)


def names(session: ReadSession) -> Mapping[str, int]:
    """How many predictions are kept, by model name."""
    counted = select(predictions.c.name, func.count().label("n")).group_by(predictions.c.name)
    return {row["name"]: row["n"] for row in session.all(counted.order_by(predictions.c.name))}


def _key(one: StoredPrediction) -> tuple[str, str, str, datetime]:
    return one.name, one.subject, one.model, one.predicted_at


def _read(row: RowMapping) -> StoredPrediction:
    values = {name: row[name] for name in _COLUMNS}
    features = values.pop("features")
    return StoredPrediction(**values, features=None if features is None else tuple(features))
