"""Tells month by month how far a model's predictions moved from what it was trained on, and how they turned out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from models.drift import Drift, Moved, drift, reference
from models.performance import Performance, of_probabilities, of_quantities
from triage.predictions import StoredPrediction, by_month

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

QUANTITIES = frozenset({"demand", "replenishment"})
"""Models whose scores are quantities; all others say probabilities."""

TRAINING = "training"
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMonth:
    """What one version of a model said in a month; of a subject it was asked about again, the last word is judged.

    Drift is told of what it said first, for a model learns from subjects as they come: an order asked about again on
    the day of its promise looks like none it was trained on.


    Attributes:
        name, model: the model and its version.
        compared_with: `training`, or the month its scores are compared with where its bundle says nothing; None for
            that month itself, and where there are too few.
        missing: share of values missing, None where what was looked at is not kept.
        columns: those that moved most.
    """

    name: str
    model: str
    month: str
    predictions: int
    score_mean: float
    compared_with: str | None
    score: Moved | None
    missing: float | None
    columns: tuple[Moved, ...] = ()
    performance: Performance = field(default_factory=lambda: Performance(labelled=0))

    @property
    def verdict(self) -> str:
        """`steady`, `moved` or `much` by whatever moved most; `unknown` where there is nothing to compare."""
        told = [one for one in (self.score, *self.columns) if one is not None]
        if not told:
            return "unknown"
        verdicts = {one.verdict for one in told}
        return next(word for word in ("much", "moved", "steady") if word in verdicts)


def by_months(found: Sequence[StoredPrediction], references: Mapping[str, Mapping[str, Any]]) -> tuple[ModelMonth, ...]:
    """Every month of every version, oldest first.

    Args:
        found: what one model said, whatever its version.
        references: by version, what its bundle tells of its training (`models.drift.reference`).
    """
    told = []
    for model in sorted({one.model for one in found}):
        then, since = references.get(model), TRAINING
        mine = [one for one in found if one.model == model]
        come = dict(by_month(_first_words(mine)))
        for month, those in by_month(mine):
            new = come.get(month, ())
            told.append(_month(_last_words(those), new, month, then, since))
            if then is None and new:
                then, since = reference(np.zeros((len(new), 0)), (), _scores(new)), month
    return tuple(sorted(told, key=lambda one: (one.month, one.model)))


def _month(
    those: Sequence[StoredPrediction],
    new: Sequence[StoredPrediction],
    month: str,
    then: Mapping[str, Any] | None,
    since: str,
) -> ModelMonth:
    scores, rows, nothing = _scores(those), _rows(new), np.zeros((0, 0))
    moved = Drift(rows=0) if then is None else drift(then, nothing, _scores(new))
    columns = () if then is None else drift(then, rows).columns
    labelled = [one for one in those if one.label is not None]
    truth = np.asarray([one.label for one in labelled], dtype=np.float64)
    judge = of_quantities if those[0].name in QUANTITIES else of_probabilities
    return ModelMonth(
        name=those[0].name,
        model=those[0].model,
        month=month,
        predictions=len(those),
        score_mean=float(scores.mean()),
        compared_with=since if moved.rows or columns else None,
        score=moved.score,
        missing=float(np.isnan(rows).mean()) if rows.size else None,
        columns=columns[:_SHOWN],
        performance=judge(truth, _scores(labelled)),
    )


def _last_words(those: Sequence[StoredPrediction]) -> list[StoredPrediction]:
    last = {one.subject: one for one in sorted(those, key=lambda one: one.predicted_at)}
    return [last[subject] for subject in sorted(last)]


def _first_words(those: Sequence[StoredPrediction]) -> list[StoredPrediction]:
    return list({one.subject: one for one in sorted(those, key=lambda one: one.predicted_at, reverse=True)}.values())


def _scores(those: Sequence[StoredPrediction]) -> "Floats":
    return np.asarray([one.score for one in those], dtype=np.float64)


def _rows(those: Sequence[StoredPrediction]) -> "Floats":
    """What was looked at, `nan` for what was missing, of those it is kept of; of no columns where they differ."""
    kept = [one.features for one in those if one.features is not None]
    if len({len(row) for row in kept}) != 1:
        return np.zeros((0, 0))
    return np.asarray([[np.nan if value is None else value for value in row] for row in kept], dtype=np.float64)
