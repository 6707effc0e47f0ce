"""What was known of every series at an origin: its level, its spread, and how its item, place and category moved."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.demand.panel import DAY, Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Windows in periods: short, middle, long, for quantiles, and the weight of what is alike in a young series' level.
_DAILY, _WEEKLY = (7, 28, 91), (4, 8, 26)
_QUANTILE_WINDOW = {DAY: 56, 7: 13}
_LONGEST = 400
_PRIOR_PERIODS = {DAY: 14.0, 7: 2.0}
_SMALLEST = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Series' state at an origin; every array is one entry a series, NaN where nothing is known.

    Attributes:
        recent: series × the last periods up to the origin, units.
        level: mean of the middle window, drawn to that of the category while the series is young; above 0.
        means: short, middle, long and whole means.
        since_sold: periods since the last demand; age since the first row; both periods.
        item_trend, place_trend, category_trend, all_trend: short over long mean of everything of that kind.
        item_level, category_level: mean level of the kind over the series' own, as a logarithm.
    """

    origin: int
    recent: "NDArray[np.float32]"
    alive: "NDArray[np.bool_]"
    window: int
    level: "NDArray[np.float32]"
    means: tuple["NDArray[np.float32]", ...]
    deviation: "NDArray[np.float32]"
    share_sold: "NDArray[np.float32]"
    since_sold: "NDArray[np.float32]"
    age: "NDArray[np.float32]"
    known_share: "NDArray[np.float32]"
    item_trend: "NDArray[np.float32]"
    item_level: "NDArray[np.float32]"
    place_trend: "NDArray[np.float32]"
    category_trend: "NDArray[np.float32]"
    category_level: "NDArray[np.float32]"
    all_trend: "NDArray[np.float32]"
    item_codes: "NDArray[np.int64]"
    first: int

    def quantiles(self, levels: "Sequence[float]") -> "NDArray[np.float32]":
        """Quantiles of the last periods, series × levels."""
        ordered = np.sort(self.recent[:, -self.window :], axis=1)
        count = (~np.isnan(ordered)).sum(1)
        at = np.floor(np.maximum(count - 1, 0)[:, None] * np.asarray(levels)[None, :] + 0.5).astype(np.int64)
        found = np.take_along_axis(ordered, at, axis=1)
        found[count == 0] = np.nan
        return found

    def mean_of(self, periods: "Sequence[int]") -> "NDArray[np.float32]":
        """Mean of some periods no later than the origin."""
        at = [one - self.first for one in periods if self.first <= one <= self.origin]
        if not at:
            return np.full(len(self.level), np.nan, dtype=np.float32)
        return _mean(self.recent[:, at])

    def around(self, period: int) -> "NDArray[np.float32]":
        """Mean of a period and its neighbours, as far as they are known."""
        return self.mean_of(range(period - 1, period + 2))

    def item_mean(self, values: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Mean over the places of each series' item."""
        return _group_mean(values, self.item_codes)


def past_of(panel: Panel, origin: int) -> Past:
    """The state of a panel's series at an origin; nothing after it is looked at."""
    short, middle, long = _DAILY if panel.step_days == DAY else _WEEKLY
    first = max(0, origin + 1 - _LONGEST)
    recent = panel.quantity[:, first : origin + 1]
    alive = panel.seen <= origin
    codes = panel.codes
    means = tuple(_mean(recent[:, -width:]) for width in (short, middle, long, recent.shape[1]))
    level = _level(recent[:, -middle:], means[3], codes[2], panel.step_days)
    known = ~np.isnan(recent[:, -long:])
    sold = recent > 0
    window = _QUANTILE_WINDOW[panel.step_days]
    last = recent[:, -window:]
    since = np.where(sold.any(1), sold[:, ::-1].argmax(1), recent.shape[1])
    trends = [_trend(recent, code, short, long) for code in (*codes, np.zeros(panel.series, dtype=np.int64))]
    log_level = np.where(alive & ~np.isnan(means[3]), np.log(level), np.nan).astype(np.float32)
    return Past(
        origin=origin,
        recent=recent,
        alive=alive,
        window=window,
        level=level,
        means=means,
        deviation=_deviation(last),
        share_sold=_mean(np.where(np.isnan(last), np.nan, (last > 0).astype(np.float32))),
        since_sold=since.astype(np.float32),
        age=np.minimum(origin - panel.seen, _LONGEST).astype(np.float32),
        known_share=known.mean(1, dtype=np.float32),
        item_trend=trends[0],
        item_level=_group_mean(log_level, codes[0]) - log_level,
        place_trend=trends[1],
        category_trend=trends[2],
        category_level=_group_mean(log_level, codes[2]) - log_level,
        all_trend=trends[3],
        item_codes=codes[0],
        first=first,
    )


def _level(
    recent: "NDArray[np.float32]", whole: "NDArray[np.float32]", categories: "NDArray[np.int64]", step_days: int
) -> "NDArray[np.float32]":
    """Mean of the recent periods drawn to the series' whole mean, and without any of its own to its category's."""
    count = (~np.isnan(recent)).sum(1)
    total = np.nansum(recent, axis=1)
    alike = _group_mean(whole, categories)
    prior = np.where(np.isnan(whole), np.where(np.isnan(alike), 1.0, alike), whole)
    weight = _PRIOR_PERIODS[step_days]
    found: NDArray[np.float32] = np.maximum((total + weight * prior) / (count + weight), _SMALLEST).astype(np.float32)
    return found


def _trend(recent: "NDArray[np.float32]", codes: "NDArray[np.int64]", short: int, long: int) -> "NDArray[np.float32]":
    """Mean of the short window over that of the long one, of all series of a kind together."""
    size = int(codes.max()) + 1
    sums = []
    for width in (short, long):
        part = recent[:, -width:]
        known = ~np.isnan(part)
        total = np.bincount(codes, weights=np.where(known, part, 0).sum(1, dtype=np.float64), minlength=size)
        count = np.bincount(codes, weights=known.sum(1), minlength=size)
        sums.append(total / np.maximum(count, 1))
    found = np.full(size, np.nan)
    np.divide(sums[0], sums[1], out=found, where=sums[1] > 0)
    return found[codes].astype(np.float32)


def _mean(cells: "NDArray[np.float32]") -> "NDArray[np.float32]":
    known = ~np.isnan(cells)
    count = known.sum(1)
    total = np.where(known, cells, 0).sum(1, dtype=np.float32)
    found = np.full(len(cells), np.nan, dtype=np.float32)
    np.divide(total, count, out=found, where=count > 0)
    return found


def _deviation(cells: "NDArray[np.float32]") -> "NDArray[np.float32]":
    mean = _mean(cells)
    return np.sqrt(_mean(np.square(cells - mean[:, None])))


def _group_mean(values: "NDArray[np.float32]", codes: "NDArray[np.int64]") -> "NDArray[np.float32]":
    """Mean of the known values of each series' kind."""
    known = ~np.isnan(values)
    size = int(codes.max()) + 1
    total = np.bincount(codes[known], weights=values[known], minlength=size)
    count = np.bincount(codes[known], minlength=size)
    found = np.full(size, np.nan)
    np.divide(total, count, out=found, where=count > 0)
    return found[codes].astype(np.float32)
