"""Finds actual demand outside its interval: of what kind it is, how surprising, and how much money it stands for.

The surprise of a period is where the actual lies among the forecast's quantiles, as a standard normal number; a run of
periods on one side counts together. Money is price times the distance beyond the interval, over all the periods. What
is found is not held against a fixed threshold: a planner gets as many alerts as there is time for, dearest first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from models.demand.forecast import Forecast
from models.demand.intervals import LEVELS
from models.demand.panel import Panel

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The interval's ends, and how surprising a period or run must be to be looked at at all.
LOW, HIGH = 0.025, 0.975
_NORMAL = np.asarray([NormalDist().inv_cdf(level) for level in LEVELS])
_EDGE = float(_NORMAL[-1])
_LEAST_RUN = 3
_RUN_CORRELATION = 0.3
_NONE_UNITS = 0.5
_LEAST_LIKELY, _RARELY = 0.05, 1e-4
_LOST_SHARE = 0.5


class Kind(StrEnum):
    """What an odd actual looks like."""

    SPIKE = "spike"
    DROP = "drop"
    LEVEL_SHIFT = "level_shift"
    ZERO = "zero_though_forecast"
    UNEXPECTED = "demand_though_none_expected"
    STOCKOUT = "stockout_masking_demand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """An actual outside its interval.

    Attributes:
        series: place in the panel; first and last: periods of the panel it lasts from and to.
        actual, expected, low, high: units over these periods together; the interval's ends are sums of those of the
            periods and so wider than that of the sum.
        surprise: how far out, in standard deviations of a normal number.
        amount: price × units beyond the interval; for a stock-out price × units not sold.
    """

    series: int
    first: int
    last: int
    kind: Kind
    actual: float
    expected: float
    low: float
    high: float
    surprise: float
    amount: float


def find_anomalies(
    panel: Panel, forecast: Forecast, price: "NDArray[np.float64]", *, least_surprise: float = _EDGE
) -> tuple[Anomaly, ...]:
    """At most one anomaly a series: the most surprising of its periods and runs, the dearest series first.

    Args:
        panel: reaches over the periods forecast, with what came in them.
        price: money a unit, one a series.
    """
    view = _View(panel, forecast)
    found = []
    for series in view.suspects(least_surprise):
        anomaly = _of_series(view, int(series), float(price[series]))
        if anomaly is not None and anomaly.surprise >= least_surprise:
            found.append(anomaly)
    return tuple(sorted(found, key=lambda one: (-one.amount, -one.surprise, one.series)))


def within_budget(anomalies: Iterable[Anomaly], planner_of: Callable[[int], str], budget: int) -> tuple[Anomaly, ...]:
    """The dearest of each planner's, as many as there is time for.

    Args:
        planner_of: who looks after a series.
    """
    used: dict[str, int] = {}
    kept = []
    for anomaly in sorted(anomalies, key=lambda one: (-one.amount, -one.surprise, one.series)):
        planner = planner_of(anomaly.series)
        if used.get(planner, 0) < budget:
            used[planner] = used.get(planner, 0) + 1
            kept.append(anomaly)
    return tuple(kept)


def surprises(actual: "NDArray[np.float32]", values: "NDArray[np.float32]") -> "NDArray[np.float64]":
    """Where actuals lie among their quantiles, as standard normal numbers; NaN where an actual is not known.

    Between quantiles by straight lines in the logarithm; beyond the outermost as steep as from the median to it. Where
    several quantiles are equal (nothing is likely), an actual equal to them lies in their middle.

    Args:
        actual: series × periods; values: series × periods × levels.
    """
    ordered = np.log1p(values.astype(np.float64))
    at = np.log1p(np.maximum(actual.astype(np.float64), 0))[..., None]
    below = (ordered < at).sum(-1)
    upto = (ordered <= at).sum(-1)
    inside = _between(ordered, at[..., 0], below)
    # On a step of equal quantiles: the middle of the levels it spans, counted from the lowest where it starts there.
    tied = upto > below
    low = np.where(below == 0, -_EDGE, _NORMAL[np.minimum(below, len(LEVELS) - 1)])
    high = _NORMAL[np.maximum(upto - 1, 0)]
    found = np.where(tied, (low + high) / 2, inside)
    return np.where(np.isnan(actual), np.nan, found)


def _between(
    ordered: "NDArray[np.float64]", at: "NDArray[np.float64]", below: "NDArray[np.int64]"
) -> "NDArray[np.float64]":
    last = len(LEVELS) - 1
    right = np.clip(below, 1, last)
    left = right - 1
    low = np.take_along_axis(ordered, left[..., None], -1)[..., 0]
    high = np.take_along_axis(ordered, right[..., None], -1)[..., 0]
    share = (at - low) / np.maximum(high - low, 1e-6)
    inner = _NORMAL[left] + share * (_NORMAL[right] - _NORMAL[left])
    median = ordered[..., LEVELS.index(0.5)]
    up = np.maximum((ordered[..., last] - median) / _EDGE, 0.05)
    down = np.maximum((median - ordered[..., 0]) / _EDGE, 0.05)
    above = _EDGE + (at - ordered[..., last]) / up
    under = -_EDGE - (ordered[..., 0] - at) / down
    return np.where(below == 0, under, np.where(below == len(LEVELS), above, inner))


class _View:
    """Actuals beside their forecast, series × periods."""

    def __init__(self, panel: Panel, forecast: Forecast) -> None:
        self.first = forecast.origin + 1
        periods = forecast.origin + np.asarray(forecast.horizons)
        self.periods = periods
        self.actual = panel.quantity[:, periods]
        self.recorded = panel.recorded[:, periods]
        self.stocked_out = panel.stocked_out[:, periods]
        self.low, self.high = forecast.level(LOW), forecast.level(HIGH)
        self.expected, self.mean = forecast.level(0.5), forecast.mean
        self.z = surprises(self.actual, forecast.values)
        # No demand in every period in the window is likely at most so: the lowest level whose quantile is above 0.
        self.silent = self._silence(forecast)
        self.known = ~np.isnan(self.actual)

    def _silence(self, forecast: Forecast) -> "NDArray[np.float64]":
        """How surprising a period without demand is, as −2 ln of its likelihood; 0 where it is usual."""
        none = (forecast.values <= 0).sum(-1)
        likely = np.where(none == 0, 0.0, np.asarray(LEVELS)[np.maximum(none - 1, 0)])
        # Below the lowest level: as far under it as the normal number says.
        deep = np.asarray([NormalDist().cdf(max(-8.0, float(z))) for z in self._zero_z(forecast)[none == 0]])
        likely[none == 0] = np.maximum(deep, 1e-12)
        found: NDArray[np.float64] = -2 * np.log(np.clip(likely, 1e-12, 1.0))
        return found

    def _zero_z(self, forecast: Forecast) -> "NDArray[np.float64]":
        nothing = np.zeros(forecast.values.shape[:2], dtype=np.float32)
        return surprises(nothing, forecast.values)

    def suspects(self, least: float) -> "NDArray[np.int64]":
        """Series with a period outside its interval, a run on one side, a stock-out, or a silence."""
        with np.errstate(invalid="ignore"):
            outside = (self.actual > self.high) | (self.actual < self.low)
            up, down = np.nansum(self.z, axis=1), -np.nansum(self.z, axis=1)
            count = np.maximum(self.known.sum(1), 1)
            run = np.maximum(up, down) / np.sqrt(count) > least / 2
            quiet = (np.where(self.actual == 0, self.silent, 0)).sum(1) > least**2
        return np.flatnonzero(outside.any(1) | run | quiet | self.stocked_out.any(1))


def _of_series(view: _View, series: int, price: float) -> Anomaly | None:
    """A stock-out or demand out of nothing where there is one, else the most surprising reading of the periods."""
    reading = _stockout(view, series) or _unexpected(view, series)
    if reading is None:
        readings = [one for one in (_silence(view, series), _run(view, series), _single(view, series)) if one]
        if not readings:
            return None
        reading = max(readings, key=lambda one: one[0])
    surprise, _, periods = reading
    if not view.stocked_out[series, periods].any() and (view.actual[series, periods] == 0).all():
        reading = surprise, Kind.ZERO, periods
    return _anomaly(view, series, reading, price)


_Reading = tuple[float, Kind, "NDArray[np.int64]"]


def _single(view: _View, series: int) -> _Reading | None:
    """The one period farthest out."""
    z = np.abs(np.where(view.known[series], view.z[series], 0))
    at = int(z.argmax())
    actual = view.actual[series, at]
    outside = actual > view.high[series, at] or actual < view.low[series, at]
    if not outside:
        return None
    kind = Kind.SPIKE if actual > view.high[series, at] else Kind.DROP
    return float(z[at]), kind, np.asarray([at])


def _run(view: _View, series: int) -> _Reading | None:
    """The last periods, as many as lie on one side, counted together; errors of neighbours are alike."""
    known = np.flatnonzero(view.known[series])
    z = view.z[series, known]
    if len(z) < _LEAST_RUN:
        return None
    best: _Reading | None = None
    for side in (1, -1):
        ahead = z * side > 0
        longest = len(z) if ahead.all() else int((~ahead)[::-1].argmax())
        for length in range(_LEAST_RUN, longest + 1):
            surprise = float(side * z[-length:].sum() / np.sqrt(length * _alike(length)))
            if best is None or surprise > best[0]:
                best = surprise, Kind.LEVEL_SHIFT, known[-length:]
    return best


def _silence(view: _View, series: int) -> _Reading | None:
    """Nothing sold in the last periods though demand was forecast."""
    known = np.flatnonzero(view.known[series])
    sold = view.actual[series, known] > 0
    length = len(known) if not sold.any() else int(sold[::-1].argmax())
    if length == 0:
        return None
    periods = known[-length:]
    surprise = float(np.sqrt(view.silent[series, periods].sum() / _alike(length)))
    return surprise, Kind.ZERO, periods


def _unexpected(view: _View, series: int) -> _Reading | None:
    """Demand of an item for which the forecast is nothing."""
    odd = view.known[series] & (view.high[series] < _NONE_UNITS) & (view.actual[series] > view.high[series])
    units = float(view.actual[series, odd].sum())
    likely = float(view.mean[series].sum()) / max(units, 1e-9)
    if not odd.any() or likely > _LEAST_LIKELY:
        return None
    # Markov: that a sum reaches so much is no likelier than its mean over it.
    return float(np.sqrt(-2 * np.log(max(likely, _RARELY)))), Kind.UNEXPECTED, np.flatnonzero(odd)


def _stockout(view: _View, series: int) -> _Reading | None:
    """Periods out of stock that recorded far less than was to be expected."""
    out = view.stocked_out[series]
    if not out.any():
        return None
    recorded = np.nan_to_num(view.recorded[series])
    # The median, not the mean: of an item that is fading most likely nothing was lost.
    lost = out & (recorded < _LOST_SHARE * view.expected[series])
    if not lost.any():
        return None
    periods = np.flatnonzero(lost)
    hidden = float((view.mean[series, periods] - recorded[periods]).sum())
    return _EDGE + float(np.log1p(hidden)), Kind.STOCKOUT, periods


def _anomaly(view: _View, series: int, reading: _Reading, price: float) -> Anomaly:
    surprise, kind, periods = reading
    actual = (view.recorded if kind is Kind.STOCKOUT else view.actual)[series, periods]
    actual = np.nan_to_num(actual)
    low, high, mean = (cells[series, periods] for cells in (view.low, view.high, view.mean))
    if kind in {Kind.STOCKOUT, Kind.ZERO}:
        beyond = float(np.maximum(mean - actual, 0).sum())
    elif kind is Kind.LEVEL_SHIFT:
        beyond = _beyond_sum(actual, low, mean, high)
    else:
        beyond = float((np.maximum(actual - high, 0) + np.maximum(low - actual, 0)).sum())
    return Anomaly(
        series=series,
        first=int(view.periods[periods[0]]),
        last=int(view.periods[periods[-1]]),
        kind=kind,
        actual=float(actual.sum()),
        expected=float(mean.sum()),
        low=float(low.sum()),
        high=float(high.sum()),
        surprise=surprise,
        amount=beyond * price,
    )


def _beyond_sum(
    actual: "NDArray[np.float32]", low: "NDArray[np.float32]", mean: "NDArray[np.float32]", high: "NDArray[np.float32]"
) -> float:
    """Units by which a run's sum lies beyond the interval of the sum, which is narrower than that of its parts."""
    off = float((actual - mean).sum())
    wide = high - mean if off > 0 else mean - low
    return max(0.0, abs(off) - float(np.sqrt(np.square(wide).mean() * len(wide) * _alike(len(wide)))))


def _alike(length: int) -> float:
    """How much more the sum of a run varies than if its periods knew nothing of one another."""
    return 1 + _RUN_CORRELATION * (length - 1)
