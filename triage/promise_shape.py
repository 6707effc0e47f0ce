"""How often a value is wrong at a stated confidence, by field and source, as learnt from labelled readings.

The reader's confidences are calibrated on the papers it was taught with; a house's own papers may differ. Two numbers a
field and source bend them: log-odds of an error = offset + slope × log-odds stated. With little history both stay near
0 and 1, the statement itself; so the shape is always rising and always defined. Two numbers are few on purpose: a shape
that can follow every error of a history promises too much on the next (tried: pooled adjacent violators).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

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


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Readings of one field in one source, ready to be learnt from in parts.

    Attributes:
        rows: which papers they are on.
        levels, level: the stated log-odds there are, and which of them each reading has.
    """

    rows: Whole
    levels: Floats
    level: Whole
    is_wrong: Flags

    @classmethod
    def of(cls, rows: Whole, confidence: Floats, right: Flags) -> Self:
        """The readings of these papers."""
        levels, level = np.unique(stated_log_odds(confidence), return_inverse=True)
        return cls(rows, levels, level, ~right)

    def shape(self, papers: Flags) -> Shape:
        """What is learnt from those on these papers: the most likely bend (logistic regression, normal priors)."""
        counts = papers[self.rows]
        total = np.bincount(self.level[counts], minlength=len(self.levels)).astype(np.float64)
        errors = self.is_wrong[counts].astype(np.float64)
        wrong = np.bincount(self.level[counts], weights=errors, minlength=len(self.levels)).astype(np.float64)
        return _most_likely(self.levels, total, wrong)


def learn_shape(confidence: Floats, right: Flags) -> Shape:
    """The shape of readings that were judged, all of them."""
    rows = np.arange(len(confidence))
    return Judged.of(rows, confidence, right).shape(np.ones(len(confidence), dtype=np.bool_))


def _most_likely(levels: Floats, total: Floats, wrong: Floats) -> Shape:
    """Newton's steps on two numbers, written out."""
    offset, slope = 0.0, 1.0
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(offset + slope * levels, -40, 40)))
        error, spread = wrong - total * chance, total * chance * (1 - chance)
        by_offset = float(error.sum()) - offset / _OFFSET_SPREAD**2
        by_slope = float(error @ levels) - (slope - 1.0) / _SLOPE_SPREAD**2
        oo = float(spread.sum()) + 1 / _OFFSET_SPREAD**2
        mixed = float(spread @ levels)
        ss = float(spread @ levels**2) + 1 / _SLOPE_SPREAD**2
        both = oo * ss - mixed * mixed
        step = ((ss * by_offset - mixed * by_slope) / both, (oo * by_slope - mixed * by_offset) / both)
        offset, slope = offset + max(-1.0, min(1.0, step[0])), slope + max(-1.0, min(1.0, step[1]))
        if max(abs(step[0]), abs(step[1])) < 1e-9:
            break
    return Shape(offset=offset, slope=max(slope, _LEAST_SLOPE))
