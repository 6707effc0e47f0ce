"""How good predictions were: ranking, honesty of probabilities, errors of forecasts, in the names the tables show.

Each is a pure function of arrays of one length and answers a float; `nan` where the question has no answer (an AUC
over subjects that all came out alike, a WAPE where nothing was sold).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BINS = 10


def auc(came_true: npt.ArrayLike, score: npt.ArrayLike) -> float:
    """The chance that a subject that came true was scored above one that did not; ties count half (Mann–Whitney)."""
    truth, scores = np.asarray(came_true, dtype=np.bool_), np.asarray(score, dtype=np.float64)
    positives = int(truth.sum())
    negatives = len(truth) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(count) - (count - 1) / 2
    above = middle_rank[place][truth].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def brier(came_true: npt.ArrayLike, probability: npt.ArrayLike) -> float:
    """Mean squared distance between probability and what came (Brier 1950); smaller is better."""
    truth, said = np.asarray(came_true, dtype=np.float64), np.asarray(probability, dtype=np.float64)
    return _mean((said - truth) ** 2)


def ece(came_true: npt.ArrayLike, probability: npt.ArrayLike, *, bins: int = BINS) -> float:
    """Expected calibration error: distance of mean probability and share come true over equal bins, by their size."""
    return _mean_gap(*reliability(came_true, probability, bins=bins))


def reliability(
    came_true: npt.ArrayLike, probability: npt.ArrayLike, *, bins: int = BINS
) -> tuple[Floats, Floats, Floats]:
    """For each of the equal bins of probability: how many subjects, their mean probability, the share come true.

    A bin holds what is above its lower edge, up to its upper edge; the first holds 0 too. Empty bins say `nan`.
    """
    truth, said = np.asarray(came_true, dtype=np.float64), np.asarray(probability, dtype=np.float64)
    place = np.clip(np.searchsorted(np.arange(1, bins) / bins, said, side="left"), 0, bins - 1)
    count = np.bincount(place, minlength=bins).astype(np.float64)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(place, weights=said, minlength=bins) / count
        share = np.bincount(place, weights=truth, minlength=bins) / count
    return count, mean, share


def wape(actual: npt.ArrayLike, forecast: npt.ArrayLike) -> float:
    """Weighted absolute percentage error: the sum of absolute errors over the sum of what was sold."""
    sold, said = np.asarray(actual, dtype=np.float64), np.asarray(forecast, dtype=np.float64)
    total = float(np.abs(sold).sum())
    return float(np.abs(sold - said).sum()) / total if total > 0 else float("nan")


def pinball(actual: npt.ArrayLike, forecast: npt.ArrayLike, quantile: float) -> float:
    """Mean pinball loss of a forecast of this quantile: a unit short costs `quantile`, one too many the rest of 1."""
    return _mean(pinball_losses(actual, forecast, quantile))


def pinball_losses(actual: npt.ArrayLike, forecast: npt.ArrayLike, quantile: float) -> Floats:
    """The pinball loss of each forecast (Koenker and Bassett 1978)."""
    short = np.asarray(actual, dtype=np.float64) - np.asarray(forecast, dtype=np.float64)
    return np.maximum(quantile * short, (quantile - 1) * short)


def coverage(actual: npt.ArrayLike, upper: npt.ArrayLike) -> float:
    """Share of actuals at or below their forecast quantile: 0.95 is what a 95 % quantile promises."""
    return _mean(np.asarray(actual, dtype=np.float64) <= np.asarray(upper, dtype=np.float64))


def top_k(right: Sequence[str], ranked: Sequence[Sequence[str]], k: int) -> float:
    """Share of subjects whose right answer is among the first `k` that were recommended."""
    if not right:
        return float("nan")
    return sum(answer in list(said[:k]) for answer, said in zip(right, ranked, strict=True)) / len(right)


def captured(loss: npt.ArrayLike, score: npt.ArrayLike, share: float) -> float:
    """Share of all loss that lies in the first `share` of subjects by falling score; the earlier of equals first."""
    losses, scores = np.asarray(loss, dtype=np.float64), np.asarray(score, dtype=np.float64)
    total = float(losses.sum())
    if total <= 0:
        return float("nan")
    first = np.argsort(-scores, kind="stable")[: round(share * len(losses))]
    return float(losses[first].sum()) / total


def _mean(values: npt.NDArray[np.float64] | npt.NDArray[np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _mean_gap(count: Floats, mean: Floats, share: Floats) -> float:
    held = count > 0
    if not held.any():
        return float("nan")
    return float((count[held] * np.abs(mean[held] - share[held])).sum() / count.sum())
