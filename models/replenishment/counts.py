"""Weighs what mean and spread a count may have, from what was counted and from what counts like it are.

A count is negative binomial with mean m and variance m (1 + e); e, the excess, is near 0 for Poisson. How likely each m
and e is stands on a small grid around what was counted, so that every prior can be laid over it: here that log m is
normal, and log e is normal around a line in log m (Taylor's law: spread grows with the mean by a power).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, logsumexp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVELS, EXCESSES = 21, 13
_WIDE = 4.0
_LEAST_EXCESS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPrior:
    """What counts of a kind are like.

    Attributes:
        level, level_sd: of log m.
        excess, slope, excess_sd: log e is normal around excess + slope × log m.
    """

    level: float = 0.0
    level_sd: float = 3.0
    excess: float = 0.0
    slope: float = 0.5
    excess_sd: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CountGrid:
    """How likely what was counted is under each mean and excess of a grid; the size of a cell is in `logs`."""

    level: "Floats"
    excess: "Floats"
    logs: "Floats"
    level_step: float
    excess_step: float


def count_grid(quantities: "Floats", exposures: "Floats", weights: "Floats") -> CountGrid:
    """The grid of one item: around the mean and excess of what was counted.

    Args:
        quantities: counted a day, none below 0.
        exposures: how much of an ordinary day each is.
        weights: how much each counts.
    """
    days, total = float(weights @ exposures), float(weights @ quantities)
    mean = (total + 0.3) / (days + 0.3)
    spare = (quantities - mean * exposures) ** 2 - mean * exposures
    excess = max(_LEAST_EXCESS, float(weights @ spare) / max(mean * days, 1e-9))
    error = min(1.2, np.sqrt((1 + excess) / (total + 0.3)))
    level = np.log(mean) + np.linspace(-_WIDE, _WIDE, LEVELS) * error
    doubt = min(0.8, (1 + excess) / excess * np.sqrt(8 / (days + 1)))
    low, high = np.log(excess) - _WIDE * doubt, np.log(max(excess, 0.4 * doubt)) + _WIDE * doubt
    log_excess = np.linspace(max(np.log(_LEAST_EXCESS), low), high, EXCESSES)
    grid_level, grid_excess = (cells.ravel() for cells in np.meshgrid(level, log_excess, indexing="ij"))
    steps = float(level[1] - level[0]), float(log_excess[1] - log_excess[0])
    return CountGrid(
        level=grid_level,
        excess=grid_excess,
        logs=_likelihood(quantities, exposures, weights, grid_level, grid_excess) + float(np.log(steps[0] * steps[1])),
        level_step=steps[0],
        excess_step=steps[1],
    )


def _likelihood(
    quantities: "Floats", exposures: "Floats", weights: "Floats", level: "Floats", excess: "Floats"
) -> "Floats":
    e = np.exp(excess)
    r = np.exp(level) / e
    pairs, place = np.unique(np.stack((quantities, exposures)), axis=1, return_inverse=True)
    much = np.bincount(np.ravel(place), weights=weights)
    sizes = r[:, None] * pairs[1]
    ways = (gammaln(pairs[0] + sizes) - gammaln(sizes) - gammaln(pairs[0] + 1)) @ much
    days, total = float(much @ pairs[1]), float(much @ pairs[0])
    return np.asarray(ways - r * days * np.log1p(e) + total * (excess - np.log1p(e)))


def weighed(grid: CountGrid, prior: CountPrior) -> "tuple[Floats, Floats]":
    """The chance of each cell, adding up to 1, and the log-likelihood of the item under the prior; by rows, if any."""
    around = prior.excess + prior.slope * grid.level
    logs = grid.logs + _normal(grid.level, prior.level, prior.level_sd) + _normal(grid.excess, around, prior.excess_sd)
    whole = np.asarray(logsumexp(logs, axis=-1, keepdims=True))
    return np.exp(logs - whole), whole[..., 0]


def stacked(grids: Sequence[CountGrid]) -> CountGrid:
    """Many items' grids as one, a row each."""
    return CountGrid(
        level=np.stack([grid.level for grid in grids]),
        excess=np.stack([grid.excess for grid in grids]),
        logs=np.stack([grid.logs for grid in grids]),
        level_step=0.0,
        excess_step=0.0,
    )


def fitted_prior(grid: CountGrid, weight: "Floats") -> CountPrior:
    """The normal laws that fit weighted cells best, each kept from becoming sharper than a few items can tell."""
    level, excess = grid.level, grid.excess
    total = float(weight.sum()) + 1e-9
    mean_level, mean_excess = float((weight * level).sum()) / total, float((weight * excess).sum()) / total
    off, over = level - mean_level, excess - mean_excess
    slope = float(np.clip((weight * off * over).sum() / ((weight * off * off).sum() + 2.0), -0.5, 1.5))
    left = over - slope * off
    return CountPrior(
        level=mean_level,
        level_sd=float(np.sqrt(((weight * off * off).sum() + 2.0) / (total + 2.0))),
        excess=mean_excess - slope * mean_level,
        slope=slope,
        excess_sd=float(np.sqrt(((weight * left * left).sum() + 1.0) / (total + 2.0))),
    )


def _normal(at: "Floats", mean: "Floats | float", deviation: float) -> "Floats":
    return np.asarray(-0.5 * ((at - mean) / deviation) ** 2 - np.log(deviation * np.sqrt(2 * np.pi)))
