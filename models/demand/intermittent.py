"""Forecasts items that are seldom wanted: how often, how many at a time, and the count distribution both make.

Croston's method with the Syntetos–Boylan correction (SBA, 2005) smooths sizes and intervals at each demand; that of
Teunter, Syntetos and Babai (TSB, 2011) smooths the probability of demand in every period, so that an item which is no
longer wanted fades. Both suppose that sizes and occurrences are independent.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SMOOTHING = 0.1
_SIZE_SMOOTHING = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarity:
    """What is expected of a series that is seldom wanted.

    Attributes:
        probability: that anything is wanted in a period.
        size: mean units wanted when something is; 0 where nothing ever was.
    """

    probability: "NDArray[np.float64]"
    size: "NDArray[np.float64]"

    @property
    def mean(self) -> "NDArray[np.float64]":
        """Units a period."""
        return self.probability * self.size

    def quantiles(self, levels: "Sequence[float]") -> "NDArray[np.float64]":
        """Quantiles of a period's demand, series × levels: nothing, or a geometric number of units from one up."""
        wanted = np.asarray(levels, dtype=np.float64)[None, :]
        probability, size = self.probability[:, None], np.maximum(self.size, 1.0)[:, None]
        beyond = 1.0 - (wanted - (1.0 - probability)) / np.maximum(probability, 1e-12)
        fails = 1.0 - 1.0 / size
        with np.errstate(divide="ignore", invalid="ignore"):
            units = np.ceil(np.where(fails > 0, np.log(np.clip(beyond, 1e-12, 1.0)) / np.log(fails), 1.0))
        scale = np.where((self.size > 0) & (self.size < 1), self.size, 1.0)[:, None]
        return np.where((wanted <= 1.0 - probability) | (self.size[:, None] <= 0), 0.0, np.maximum(units, 1.0) * scale)


def croston_sba(quantity: "NDArray[np.float32]", *, smoothing: float = _SMOOTHING) -> "NDArray[np.float64]":
    """Mean demand a period of each series after its last one; unknown periods (NaN) are passed over."""
    series = len(quantity)
    size, interval, since = np.zeros(series), np.zeros(series), np.ones(series)
    for cells in quantity.T:
        sold = cells > 0
        first = sold & (size == 0)
        again = sold & ~first
        size[first], interval[first] = cells[first], since[first]
        size[again] += smoothing * (cells[again] - size[again])
        interval[again] += smoothing * (since[again] - interval[again])
        since = np.where(sold, 1.0, since + ~np.isnan(cells))
    found = np.zeros(series)
    np.divide(size, interval, out=found, where=interval > 0)
    return (1 - smoothing / 2) * found


def tsb(
    quantity: "NDArray[np.float32]",
    *,
    smoothing: float = _SMOOTHING,
    size_smoothing: float = _SIZE_SMOOTHING,
) -> Rarity:
    """Probability and size after the last period; unknown periods (NaN) are passed over."""
    series = len(quantity)
    known = ~np.isnan(quantity)
    # The first periods' own share starts the probability: a series that starts with its first sale is not wanted daily.
    start = np.nansum(np.where(quantity > 0, 1.0, 0.0), axis=1) / np.maximum(known.sum(1), 1)
    probability, size = start.copy(), np.zeros(series)
    for cells, there in zip(quantity.T, known.T, strict=True):
        sold = cells > 0
        probability[there] += smoothing * (sold[there] - probability[there])
        first = sold & (size == 0)
        again = sold & ~first
        size[first] = cells[first]
        size[again] += size_smoothing * (cells[again] - size[again])
    return Rarity(probability=probability, size=size)
