"""Judges probabilities of things that turn out badly, and grows the trees that say them, calibrated on later ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.calibration import BetaCalibration, fit_beta
from models.drift import reference
from training.predictions.metrics import auc, brier, captured, ece
from training.predictions.outcome import Judged

Floats = npt.NDArray[np.float64]
Chosen = npt.NDArray[np.bool_]

BUDGET = 0.1
"""The share of subjects that somebody has time to look at."""
REVIEW_COST = 0.1
"""A look costs a tenth of what a subject nobody looked at costs when it turns out badly."""
PARTS = 4
OLDEST_COUNTS = 0.25
PARAMETERS: Mapping[str, Any] = {
    "objective": "binary",
    "num_leaves": 5,
    "learning_rate": 0.05,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Subjects with their features, oldest first.

    Attributes:
        bad: 1 where it turned out badly, 0 where not, `nan` where nobody knows.
        learnt: whose label was known at the cut.
        judged: those after the cut whose label is known by now.
        rounds: how many trees are grown.
    """

    rows: Floats
    at: Floats
    bad: Floats
    learnt: Chosen
    judged: Chosen
    rounds: int

    @property
    def truth(self) -> Floats:
        """What became of those judged."""
        return self.bad[self.judged]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """Trees, what makes probabilities of their scores, and what they looked at and said in training.

    Attributes:
        rows, said: subjects learnt from, each with what trees grown without it say: as new ones will be seen.
    """

    trees: str
    calibration: BetaCalibration
    rows: Floats
    said: Floats

    def reference(self, columns: Sequence[str]) -> dict[str, Any]:
        """What drift is measured from, for the bundle."""
        return reference(self.rows, columns, self.said)


def grow(subjects: Subjects, seed: int) -> Grown:
    """Trees on all that may be learnt from, calibrated on what trees grown without it say, the newest counting most.

    Parts are set aside at random: set aside by time, where shares drift, calibration would carry the drift on.
    """
    learnt = np.flatnonzero(subjects.learnt)
    learnt = learnt[np.argsort(subjects.at[learnt], kind="stable")]
    said = np.full(len(learnt), np.nan)
    for block in np.array_split(np.random.default_rng(seed).permutation(len(learnt)), PARTS):
        rest = np.delete(learnt, block)
        if 0 < subjects.bad[rest].sum() < len(rest):
            said[block] = fit(subjects.rows[rest], subjects.bad[rest], seed, rounds=subjects.rounds).predict(
                subjects.rows[learnt[block]]
            )
    held = ~np.isnan(said)
    counts = np.linspace(OLDEST_COUNTS, 1, len(learnt))[held]
    calibration = fit_beta(said[held], subjects.bad[learnt[held]], weights=counts, equal_slopes=True)
    trees = fit(subjects.rows[learnt], subjects.bad[learnt], seed, rounds=subjects.rounds).model_to_string()
    return Grown(
        trees=trees,
        calibration=calibration,
        rows=subjects.rows[learnt[held]],
        said=calibration.apply(said[held]),
    )


def fit(rows: Floats, bad: Floats, seed: int, *, rounds: int) -> Any:
    """LightGBM's trees for a probability."""
    import lightgbm

    least = min(int(PARAMETERS["min_data_in_leaf"]), max(5, len(rows) // 40))
    given = {**PARAMETERS, "seed": seed, "min_data_in_leaf": least}
    return lightgbm.train(given, lightgbm.Dataset(rows, bad), rounds)


def judge(truth: Floats, probability: Floats) -> Judged:
    """How honest and how sharp probabilities were, and what each subject cost at the review budget."""
    looked_at = np.argsort(-probability, kind="stable")[: round(BUDGET * len(probability))]
    costs = truth.astype(np.float64).copy()
    costs[looked_at] = REVIEW_COST
    return Judged(
        metrics={
            "auc": auc(truth, probability),
            "brier": brier(truth, probability),
            "ece": ece(truth, probability),
            "found_first_tenth": captured(truth, probability, BUDGET),
        },
        costs=costs,
    )


def average(keys: npt.NDArray[np.str_], subjects: Subjects, *, prior: float = 5.0) -> Floats:
    """For each subject judged the share of those learnt from with its key, drawn to the overall one: today's rule."""
    overall = float(subjects.bad[subjects.learnt].mean())
    names, place = np.unique(keys, return_inverse=True)
    learnt = subjects.learnt
    bad = np.bincount(place[learnt], weights=subjects.bad[learnt], minlength=len(names))
    count = np.bincount(place[learnt], minlength=len(names))
    return np.asarray(((bad + prior * overall) / (count + prior))[place[subjects.judged]], dtype=np.float64)


def logistic(subjects: Subjects) -> Floats:
    """Logistic regression on the same features, missing ones at their mean: what a careful analyst would try first."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    learnt = subjects.rows[subjects.learnt]
    held = ~np.isnan(learnt).all(axis=0)
    middle = np.nanmean(learnt[:, held], axis=0)

    def filled(rows: Floats) -> Floats:
        return np.where(np.isnan(rows[:, held]), middle, rows[:, held])

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
    model.fit(filled(learnt), subjects.bad[subjects.learnt])
    return np.asarray(model.predict_proba(filled(subjects.rows[subjects.judged]))[:, 1], dtype=np.float64)


def leak_alarm(subjects: Subjects, seed: int) -> str:
    """What a split at random would claim: said as an alarm, never as a result."""
    drawn = np.random.default_rng(seed).random(len(subjects.bad)) < 1 / 4
    train, rest = subjects.learnt & ~drawn, subjects.learnt & drawn
    said = fit(subjects.rows[train], subjects.bad[train], seed, rounds=subjects.rounds // 3).predict(
        subjects.rows[rest]
    )
    return f"Leak alarm: a random split of what was learnt from says AUC {auc(subjects.bad[rest], said):.3f}."
