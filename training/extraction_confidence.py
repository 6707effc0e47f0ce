"""Fits confidences: a logistic model over the signals, then a rising table from it to the share that was right."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from extraction.calibration import HIGHEST, LOWEST, SIGNALS, Confidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_FOR_TABLE, _LEAST_BIN, _BELIEF = 40, 12, 8.0
_EDGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 0.99, 0.995, 0.998)
_CERTAINTY_RISING = {
    "score": 1,
    "margin": 1,
    "rivals": -1,
    "clash": -1,
    "invalid": -1,
    "ambiguous": -1,
    "ocr_doubt": -1,
    "disagreed": -1,
    "unanimous": 1,
    "familiar": 1,
    "fits_rate": 1,
}
_NEVER_TRAINED = ("remembered", "known")
_PRIOR, _STEPS, _LEAST_FOR_HONESTY = 6.0, 25, 60


def fit_confidence(
    signals: Sequence[Sequence[float]], rights: Sequence[bool], weights: Sequence[float] | None = None
) -> Confidence:
    """A logistic model over the signals, then a rising table from its probability to the share observed.

    Args:
        weights: how much each value counts; all alike when not given.
    """
    x, y = np.array(signals, dtype=np.float64), np.array(rights, dtype=np.int64)
    w = np.ones(len(y)) if weights is None else np.array(weights, dtype=np.float64)
    if len(y) < 30 or y.min() == y.max():
        share = (float((y * w).sum()) + 1) / (float(w.sum()) + 2) if len(y) else 0.5
        return Confidence(bias=0.0, weights=(0.0,) * len(SIGNALS), knots=((0.0, share), (1.0, share)))
    bias, coefficients = _sane_fit(x, y, w)
    raw = Confidence(bias=bias, weights=coefficients)
    before = np.array([raw.before(row) for row in x])
    ocr = x[:, SIGNALS.index("ocr")] == 1
    return replace(
        raw,
        bias=round(bias, 6),
        knots=_table(before[~ocr], y[~ocr], w[~ocr]) or _table(before, y, w),
        knots_ocr=_table(before[ocr], y[ocr], w[ocr]),
    )


def _sane_fit(
    x: "NDArray[np.float64]", y: "NDArray[np.int64]", w: "NDArray[np.float64]"
) -> tuple[float, tuple[float, ...]]:
    """Bias and weights under which a better score never lowers a confidence and a failed check never raises it.

    A signal that comes out the wrong way is left out and the rest fitted again. What a house knows besides the paper
    is not on papers of training, and keeps the weight it has by default.
    """
    from sklearn.linear_model import LogisticRegression

    kept = np.array([name not in _NEVER_TRAINED for name in SIGNALS])
    signs = np.array([_CERTAINTY_RISING.get(name, 0) for name in SIGNALS])
    while True:
        model = LogisticRegression(C=0.5, max_iter=400).fit(x * kept, y, sample_weight=w)
        wrong = kept & (signs * model.coef_[0] < 0)
        if not wrong.any():
            break
        kept = kept & ~wrong
    default = dict(zip(SIGNALS, Confidence().weights, strict=True))
    weights = [
        default[name] if name in _NEVER_TRAINED else round(float(weight), 6) if is_kept else 0.0
        for name, weight, is_kept in zip(SIGNALS, model.coef_[0], kept, strict=True)
    ]
    return float(model.intercept_[0]), tuple(weights)


def _table(
    before: "NDArray[np.float64]", y: "NDArray[np.int64]", weights: "NDArray[np.float64]"
) -> tuple[tuple[float, float], ...]:
    """The share of right ones in bins of the model's probability, made to rise by isotonic regression.

    Each bin starts from what the model says, as if it had been seen a few times, and with half a wrong value, so that
    nothing becomes certain by being rare.
    """
    if len(y) < _LEAST_FOR_TABLE:
        return ()
    order = np.argsort(before, kind="stable")
    cuts = np.searchsorted(before[order], _EDGES)
    bins = _filled([rows for rows in np.split(order, cuts) if len(rows)])
    sizes = np.array([weights[rows].sum() for rows in bins])
    middles = np.array([np.average(before[rows], weights=weights[rows]) for rows in bins])
    rights = np.array([(y[rows] * weights[rows]).sum() for rows in bins])
    shares = (rights + _BELIEF * middles) / (sizes + _BELIEF + 0.5)
    rising = _made_to_rise(shares, sizes)
    return tuple((round(float(x), 5), round(share, 5)) for x, share in zip(middles, rising, strict=True))


def _filled(bins: "list[NDArray[np.int64]]") -> "list[NDArray[np.int64]]":
    """Bins in order, small ones put together with the next."""
    filled: list[NDArray[np.int64]] = []
    for rows in bins:
        if filled and len(filled[-1]) < _LEAST_BIN:
            filled[-1] = np.concatenate([filled[-1], rows])
        else:
            filled.append(rows)
    return filled


def _made_to_rise(shares: "NDArray[np.float64]", sizes: "NDArray[np.float64]") -> list[float]:
    """Isotonic regression by pooling neighbours that fall (Ayer et al. 1955)."""
    pools: list[tuple[float, float, int]] = []
    for share, size in zip(shares.tolist(), sizes.tolist(), strict=True):
        pools.append((share, size, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m, i), (b, n, j) = pools[-2], pools[-1]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n, i + j)]
    return [share for share, _, count in pools for _ in range(count)]


def fit_honesty(confidences: Sequence[float], rights: Sequence[bool], weights: Sequence[float]) -> tuple[float, float]:
    """How confidences must be stretched and moved, in log-odds, to hold on real papers of sellers not trained on.

    Few real papers move them little: the answer is drawn towards (1, 0), which changes nothing.
    """
    if len(rights) < _LEAST_FOR_HONESTY:
        return 1.0, 0.0
    x, y, w = _logit(np.array(confidences)), np.array(rights, dtype=np.float64), np.array(weights)
    parameters, neutral = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    design = np.column_stack([x, np.ones(len(x))])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ parameters, -30, 30)))
        gradient = design.T @ (w * (p - y)) + _PRIOR * (parameters - neutral)
        curvature = (design * (w * p * (1 - p))[:, None]).T @ design + _PRIOR * np.eye(2)
        parameters = parameters - np.linalg.solve(curvature, gradient)
    return max(float(parameters[0]), 0.2), float(parameters[1])


def made_honest(confidence: Confidence, native: tuple[float, float], ocr: tuple[float, float]) -> Confidence:
    """The same confidence with what it says on pages with text, and on pages read by OCR, stretched and moved."""
    knots = confidence.knots or tuple((edge, edge) for edge in _EDGES)
    of_ocr = confidence.knots_ocr or knots
    return replace(confidence, knots=_moved(knots, native), knots_ocr=_moved(of_ocr, ocr))


def _moved(
    knots: Sequence[tuple[float, float]], stretch_and_shift: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    stretch, shift = stretch_and_shift
    shares = _logit(np.array([share for _, share in knots]))
    moved = 1 / (1 + np.exp(-(stretch * shares + shift)))
    return tuple((x, round(float(share), 5)) for (x, _), share in zip(knots, moved, strict=True))


def _logit(shares: "NDArray[np.float64]") -> "NDArray[np.float64]":
    kept = np.clip(shares, LOWEST, HIGHEST)
    return np.log(kept / (1 - kept))


def log_loss(confidences: Sequence[float], rights: Sequence[bool]) -> float:
    """Mean logarithmic loss."""
    losses = [-math.log(c if right else 1 - c) for c, right in zip(confidences, rights, strict=True)]
    return sum(losses) / max(len(losses), 1)
