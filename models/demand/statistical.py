"""A conservative forecast without any model: a series' own last weeks, and wide where they are few.

A period's quantiles are those of the same weekdays (of the weeks, on a weekly grid) of the last eight weeks, the
outer ones moved outward as far as so few values leave unknown. Items seldom sold get the count distribution instead,
and series never seen before the forecast get that of all others.
"""

from typing import TYPE_CHECKING

import numpy as np

from models.demand.forecast import Forecast, mean_of, rare_quantiles
from models.demand.intervals import LEVELS
from models.demand.panel import DAY, Panel

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL = "statistical"
_WEEKS = 8
_OUTWARD = 0.5
_FEW = 4


def statistical_forecast(panel: Panel, origin: int, horizons: "NDArray[np.int64]") -> Forecast:
    """Quantiles of every series from its own past alone."""
    step = panel.step_days
    span = 7 // step
    first = max(0, origin + 1 - _WEEKS * span)
    window = panel.quantity[:, first : origin + 1]
    counts = rare_quantiles(panel, origin)
    share = np.nan_to_num((window > 0).sum(1) / np.maximum((~np.isnan(window)).sum(1), 1))
    is_rare = share < 0.5 if step == DAY else share < 0.2
    unseen = panel.seen > origin
    values = np.zeros((panel.series, len(horizons), len(LEVELS)), dtype=np.float32)
    for at, horizon in enumerate(horizons):
        same = window[:, _same(origin - first, int(horizon), span)]
        values[:, at] = np.where(is_rare[:, None], counts, _wide_quantiles(same, window))
    if unseen.any():
        known = panel.quantity[:, first : origin + 1][~unseen]
        cells = known[~np.isnan(known)]
        values[unseen] = np.quantile(cells, LEVELS) if cells.size else 0.0
    values = np.sort(np.maximum(values, 0), axis=2)
    routes = np.repeat(np.where(unseen, 2, is_rare)[:, None], len(horizons), axis=1).astype(np.int8)
    return Forecast(
        origin=origin,
        horizons=tuple(int(one) for one in horizons),
        values=values,
        expected=mean_of(values),
        routes=routes,
        model=MODEL,
    )


def _same(last: int, horizon: int, span: int) -> "NDArray[np.int64]":
    """Places in the window of the target's weekday; every week on a weekly grid."""
    newest = last + horizon - span * -(-horizon // span)
    return np.arange(newest, -1, -span)


def _wide_quantiles(same: "NDArray[np.float32]", window: "NDArray[np.float32]") -> "NDArray[np.float64]":
    """Quantiles of few values, the outer ones half their range further out; of the whole window where too few."""
    enough = (~np.isnan(same)).sum(1) >= _FEW
    width = max(same.shape[1], window.shape[1])
    padded = np.full((len(same), width), np.nan)
    padded[:, : window.shape[1]] = np.where(enough[:, None], np.nan, window)
    padded[enough, : same.shape[1]] = same[enough]
    ordered = np.sort(padded, axis=1)
    count = (~np.isnan(ordered)).sum(1)
    at = np.maximum(count - 1, 0)[:, None] * np.asarray(LEVELS)[None, :]
    left = np.floor(at).astype(np.int64)
    right = np.minimum(left + 1, np.maximum(count - 1, 0)[:, None])
    low, high = np.take_along_axis(ordered, left, 1), np.take_along_axis(ordered, right, 1)
    found = np.nan_to_num(low + (high - low) * (at - left))
    spread = found[:, -1:] - found[:, :1]
    outward = np.sign(np.asarray(LEVELS) - 0.5) * (np.abs(np.asarray(LEVELS) - 0.5) > 0.4)
    wide: NDArray[np.float64] = found + outward[None, :] * _OUTWARD * spread
    return wide
