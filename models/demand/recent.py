"""Moves quantiles by what they missed in the last periods before an origin, so that a drift does not last.

Offsets learnt in training suppose that errors stay as they were. Here the forecasts that would have been made from the
periods before an origin are held against what came by then; what is left over moves each level, apart for periods with
and without a planned promotion. Periods the trees were trained on are left out, for there they err too little; and
nothing after the origin is looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.demand.intervals import LEVELS
from models.demand.panel import Panel

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST = 300
# A few periods may all have been odd in the same way: they count in full only when there are many more than this.
_DOUBTED_PERIODS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """A forecast as the trees see it.

    Attributes:
        values: series × horizons × `LEVELS`, log(units ÷ base + shift).
        base, segments: series × horizons.
    """

    values: "NDArray[np.float32]"
    base: "NDArray[np.float32]"
    segments: "NDArray[np.int8]"


def recent_shift(
    panel: Panel,
    origin: int,
    *,
    first: int,
    horizon: int,
    shift: float,
    forecast: Callable[[int, "NDArray[np.int64]"], Learnt],
) -> "NDArray[np.float64]":
    """What each level is moved by: without and with promotion × `LEVELS`; 0 where too little is known.

    Args:
        first: the first period looked at; horizon: periods each forecast is looked at ahead.
        forecast: what would have been said from an earlier origin, for these horizons.
    """
    left: dict[int, list[NDArray[np.float64]]] = {0: [], 1: []}
    for earlier in range(max(1, first - horizon), origin):
        ahead = np.arange(max(1, first - earlier), min(horizon, origin - earlier) + 1)
        if not len(ahead):
            continue
        said = forecast(earlier, np.arange(1, horizon + 1))
        for one in ahead:
            actual = panel.quantity[:, earlier + int(one)]
            use = ~np.isnan(actual) & (panel.seen <= earlier)
            base = said.base[:, one - 1]
            missed = np.log(actual.astype(np.float64) / base + shift)[:, None] - said.values[:, one - 1]
            promoted = said.segments[:, one - 1] >= 4
            for kind in (0, 1):
                left[kind].append(missed[use & (promoted == kind)])
    count = origin - first + 1
    weight = count / (count + _DOUBTED_PERIODS)
    found = np.zeros((2, len(LEVELS)))
    for kind, parts in left.items():
        rows = np.concatenate(parts) if parts else np.zeros((0, len(LEVELS)))
        if len(rows) >= _LEAST:
            found[kind] = [
                0.0 if level == 0.5 else weight * float(np.quantile(rows[:, at], level))
                for at, level in enumerate(LEVELS)
            ]
    return found
