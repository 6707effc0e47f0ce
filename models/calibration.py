"""Turns a model's score into a probability that means something: of a hundred subjects given 0.3, thirty happen.

Two ways, both rising with the score: three numbers (beta calibration: Kull, Silva Filho and Flach, AISTATS 2017; with
both slopes equal it is Platt's), for a few hundred labels and up, and isotonic steps joined by straight lines, for some
thousands. They are fitted in training on subjects later than those the score was learnt from.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_EDGE = 1e-6
_RIDGE = 1.0
"""Pull of the slopes to 1, as many labels' worth: few labels leave the score nearly as it is."""
_STEP_PRIOR = 10.0
"""Labels at the overall rate that every step starts from, so that no step of three says 0 or 1."""


class Calibration(Protocol):
    """A rising mapping from scores to probabilities."""

    def apply(self, scores: "ArrayLike") -> "NDArray[np.float64]":
        """The probabilities of scores from 0 to 1, one for each."""
        ...

    def to_json(self) -> dict[str, Any]:
        """JSON's own types, for the bundle."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaCalibration:
    """logit(probability) = up·ln(score) − down·ln(1 − score) + base, both slopes at least 0."""

    up: float = 1.0
    down: float = 1.0
    base: float = 0.0

    def apply(self, scores: "ArrayLike") -> "NDArray[np.float64]":
        """The probabilities of scores from 0 to 1."""
        clipped = np.clip(np.asarray(scores, dtype=np.float64), _EDGE, 1 - _EDGE)
        return _sigmoid(self.up * np.log(clipped) - self.down * np.log1p(-clipped) + self.base)

    def one(self, score: float) -> float:
        """The same for one score, without arrays."""
        clipped = min(max(score, _EDGE), 1 - _EDGE)
        odds = self.up * math.log(clipped) - self.down * math.log1p(-clipped) + self.base
        return 1.0 / (1.0 + math.exp(-min(max(odds, -50.0), 50.0)))

    def to_json(self) -> dict[str, Any]:
        """JSON's own types, for the bundle."""
        return {"kind": "beta", "up": self.up, "down": self.down, "base": self.base}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCalibration:
    """Isotonic steps: the observed share at each knot, straight lines between, flat beyond the ends.

    Attributes:
        scores: rising strictly.
        shares: rising or level, one for each score.
    """

    scores: tuple[float, ...]
    shares: tuple[float, ...]

    def apply(self, scores: "ArrayLike") -> "NDArray[np.float64]":
        """The probabilities of scores from 0 to 1."""
        return np.asarray(np.interp(np.asarray(scores, dtype=np.float64), self.scores, self.shares), dtype=np.float64)

    def one(self, score: float) -> float:
        """The same for one score."""
        return float(np.interp(score, self.scores, self.shares))

    def to_json(self) -> dict[str, Any]:
        """JSON's own types, for the bundle."""
        return {"kind": "steps", "scores": list(self.scores), "shares": list(self.shares)}

    @classmethod
    def of(cls, pairs: "list[tuple[float, float]]") -> Self:
        """Steps from pairs of score and share; of several at one score the last counts."""
        knots = dict(pairs)
        return cls(scores=tuple(knots), shares=tuple(knots.values()))


def calibration_from_json(content: Mapping[str, Any]) -> BetaCalibration | StepCalibration:
    """Reads what `to_json` wrote."""
    if content["kind"] == "beta":
        return BetaCalibration(up=content["up"], down=content["down"], base=content["base"])
    return StepCalibration(scores=tuple(content["scores"]), shares=tuple(content["shares"]))


def fit_beta(
    scores: "ArrayLike", happened: "ArrayLike", *, weights: "ArrayLike | None" = None, equal_slopes: bool = False
) -> BetaCalibration:
    """Finds the three numbers by likelihood; without labels of both kinds only the base is moved.

    Args:
        scores: from 0 to 1.
        happened: 1 where it did, 0 where it did not.
        weights: how much each label counts; 1 when None.
        equal_slopes: Platt's two numbers instead of three, for few labels.
    """
    clipped = np.clip(np.asarray(scores, dtype=np.float64), _EDGE, 1 - _EDGE)
    labels = np.asarray(happened, dtype=np.float64)
    counts = np.ones_like(labels) if weights is None else np.asarray(weights, dtype=np.float64)
    if not len(labels) or counts.sum() <= 0:
        return BetaCalibration()
    ups, downs = np.log(clipped), -np.log1p(-clipped)
    columns = (
        np.column_stack([ups + downs, np.ones_like(ups)])
        if equal_slopes
        else np.column_stack([ups, downs, np.ones_like(ups)])
    )
    found = _most_likely(columns, labels, counts)
    up, down = (found[0], found[0]) if equal_slopes else (found[0], found[1])
    return BetaCalibration(up=float(up), down=float(down), base=float(found[-1]))


def fit_steps(
    scores: "ArrayLike", happened: "ArrayLike", *, weights: "ArrayLike | None" = None, prior: float = _STEP_PRIOR
) -> StepCalibration:
    """Isotonic shares by pooling neighbours that fall, each step drawn to the overall rate by `prior` labels.

    Args:
        scores: from 0 to 1.
        happened: 1 where it did, 0 where it did not.
        weights: how much each label counts; 1 when None.
        prior: labels at the overall rate added to each step.
    """
    at = np.asarray(scores, dtype=np.float64)
    labels = np.asarray(happened, dtype=np.float64)
    counts = np.ones_like(labels) if weights is None else np.asarray(weights, dtype=np.float64)
    if not len(labels) or counts.sum() <= 0:
        return StepCalibration(scores=(0.0, 1.0), shares=(0.0, 1.0))
    order = np.argsort(at, kind="stable")
    overall = float(np.average(labels, weights=counts))
    blocks = _pooled([(float(at[i]), float(labels[i]), float(counts[i])) for i in order if counts[i] > 0])
    drawn = [(x, (share * n + prior * overall) / (n + prior), n + prior) for x, share, n in blocks]
    return StepCalibration.of([(x, share) for x, share, _ in _pooled(drawn)])


def _pooled(points: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Neighbours that fall become one (pool adjacent violators): mean score, mean share and weight of each block."""
    blocks: list[tuple[float, float, float]] = []
    for point in points:
        blocks.append(point)
        while len(blocks) > 1 and (blocks[-2][1] >= blocks[-1][1] or blocks[-2][0] >= blocks[-1][0]):
            (x1, y1, n1), (x2, y2, n2) = blocks[-2:]
            total = n1 + n2
            # A mean of equal scores can come out a bit below them, and knots must not fall.
            blocks[-2:] = [(max(x1, (x1 * n1 + x2 * n2) / total), (y1 * n1 + y2 * n2) / total, total)]
    return blocks


def _most_likely(
    columns: "NDArray[np.float64]", labels: "NDArray[np.float64]", counts: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Logistic regression with slopes at least 0, drawn to 1 a little; the last column is the base."""
    from scipy.optimize import minimize

    width = columns.shape[1]
    start = np.array([1.0] * (width - 1) + [0.0])
    pulled = np.array([_RIDGE] * (width - 1) + [1e-3])

    def loss(at: "NDArray[np.float64]") -> tuple[float, "NDArray[np.float64]"]:
        odds = columns @ at
        off = at - start
        value = counts @ (np.logaddexp(0.0, odds) - labels * odds) + 0.5 * pulled @ off**2
        slope = columns.T @ (counts * (_sigmoid(odds) - labels)) + pulled * off
        return float(value), slope

    bounds = [(0.0, None)] * (width - 1) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return np.asarray(found.x, dtype=np.float64)


def _sigmoid(odds: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -50.0, 50.0))), dtype=np.float64)
