"""How often a value is wrong at a stated confidence, by field and source, as learnt from labelled readings.

The reader's confidences are calibrated on the papers it was taught with; a house's own papers may differ. Two numbers a
field and source bend them: log-odds of an error = offset + slope × log-odds stated. With little history both stay near
0 and 1, the statement itself; so the shape is always rising and always defined. Two numbers are few on purpose: a shape
that can follow every error of a history promises too much on the next (tried: pooled adjacent violators).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SUREST, UNSUREST = 0.999_999, 0.001
_OFFSET_SPREAD, _SLOPE_SPREAD, _LEAST_SLOPE = 1.5, 0.35, 0.2
_ROUNDS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The bend of one field's confidences in one source."""

    offset: float = 0.0
    slope: float = 1.0

    def log_odds(self, confidence: Floats) -> Floats:
        """Log-odds that a value is wrong; NaN where there is no value."""
        return self.offset + self.slope * stated_log_odds(confidence)

    def confidence_at(self, log_odds: float) -> float:
        """The lowest confidence at which a value is wrong with no more than these log-odds."""
        stated = (log_odds - self.offset) / self.slope
        return float(1.0 / (1.0 + np.exp(np.clip(stated, -500.0, 500.0))))


def stated_log_odds(confidence: Floats) -> Floats:
    """The log-odds of an error that a confidence states."""
    sure = np.clip(confidence, UNSUREST, SUREST)
    return np.asarray(np.log1p(-sure) - np.log(sure), dtype=np.float64)


def learn_shape(confidence: Floats, right: Flags) -> Shape:
    """The most likely bend of readings that were judged (logistic regression, normal priors, Newton's steps)."""
    levels, which = np.unique(stated_log_odds(confidence), return_inverse=True)
    total = np.bincount(which, minlength=len(levels)).astype(np.float64)
    wrong = np.bincount(which, weights=~right, minlength=len(levels))
    design = np.column_stack([np.ones_like(levels), levels])
    prior = np.diag([_OFFSET_SPREAD**-2, _SLOPE_SPREAD**-2])
    usual = np.array([0.0, 1.0])
    bend = usual.copy()
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ bend, -40, 40)))
        gradient = design.T @ (wrong - total * chance) - prior @ (bend - usual)
        curvature = (design * (total * chance * (1 - chance))[:, None]).T @ design + prior
        step = np.clip(np.linalg.solve(curvature, gradient), -1.0, 1.0)
        bend = bend + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return Shape(offset=float(bend[0]), slope=max(float(bend[1]), _LEAST_SLOPE))
