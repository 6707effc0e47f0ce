"""Turns the recent demand of an item into simulated demand of the days to come, as sums and never as added quantiles.

Two families describe a day: a count, and a hurdle: a day wants something with a chance, and then one plus a count. How
likely each is, and which levels and spreads the days leave possible, comes from the item's own days and, the more the
fewer those are, from what other items of the house are like (the prior). A path draws a family, a level and a spread,
and then the sum of its days at once: sums of negative binomial days are negative binomial. So a path is as unsure of
the level as the history is short.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, logsumexp

from models.replenishment.counts import CountGrid, CountPrior, count_grid, fitted_prior, stacked, weighed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

CHANCES = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What the items of a house, or of a category, are like.

    Attributes:
        count: of demand a day, where it is a count.
        sizes: of what a day wants above one unit, where it is a hurdle.
        chance, chance_sd: log-odds of a day that wants anything, for hurdles.
        hurdle: share of items that are hurdles.
    """

    count: CountPrior = field(default_factory=CountPrior)
    sizes: CountPrior = field(default_factory=CountPrior)
    chance: float = -1.0
    chance_sd: float = 2.0
    hurdle: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """How likely a history is under everything that is looked at."""

    count: CountGrid
    sizes: CountGrid
    odds: "Floats"
    odds_logs: "Floats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What a history leaves possible under a prior: chances of every cell, each adding up to 1."""

    known: Known
    count: "Floats"
    sizes: "Floats"
    odds: "Floats"
    hurdle: float


def known(quantities: "Floats", exposures: "Floats", weights: "Floats") -> Known:
    """What the days say by themselves.

    Args:
        quantities: wanted a day, none below 0.
        exposures: how much of an ordinary day each is (1 for all where days are alike).
        weights: how much each counts.
    """
    positive = quantities > 0
    wanted, all_days = float(weights[positive].sum()), float(weights.sum())
    middle = logit((wanted + 0.5) / (all_days + 1))
    error = np.sqrt(1 / (wanted + 0.5) + 1 / (all_days - wanted + 0.5))
    odds = middle + np.linspace(-4, 4, CHANCES) * error
    idle = -np.logaddexp(0, odds)
    yes = np.log1p(-np.exp(np.minimum(idle[:, None] * exposures[positive], -1e-12))) @ weights[positive]
    no = idle * float(weights[~positive] @ exposures[~positive])
    sizes = np.clip(quantities[positive] - 1, 0, None)
    return Known(
        count=count_grid(quantities, exposures, weights),
        sizes=count_grid(sizes, np.ones(len(sizes)), weights[positive]),
        odds=odds,
        odds_logs=yes + no + float(np.log(odds[1] - odds[0])),
    )


def fit(found: Known, prior: Prior) -> Fitted:
    """Lays the prior over what the days say."""
    count, count_log = weighed(found.count, prior.count)
    sizes, sizes_log = weighed(found.sizes, prior.sizes)
    odds, odds_log = _weighed_odds(found.odds, found.odds_logs, prior)
    share = expit(logit(prior.hurdle) + sizes_log + odds_log - count_log)
    return Fitted(known=found, count=count, sizes=sizes, odds=odds, hurdle=float(share))


def learn_prior(items: Sequence[Known], *, rounds: int = 12) -> Prior:
    """What items are like, by expectation and maximisation over all of them; the vague prior where there are none."""
    prior = Prior()
    if not items:
        return prior
    counts, sizes = stacked([item.count for item in items]), stacked([item.sizes for item in items])
    odds, odds_logs = np.stack([item.odds for item in items]), np.stack([item.odds_logs for item in items])
    for _ in range(rounds):
        as_count, count_log = weighed(counts, prior.count)
        as_sizes, sizes_log = weighed(sizes, prior.sizes)
        as_odds, odds_log = _weighed_odds(odds, odds_logs, prior)
        hurdle = expit(logit(prior.hurdle) + sizes_log + odds_log - count_log)
        weight = as_odds * hurdle[:, None]
        total = float(weight.sum())
        chance = (float((weight * odds).sum()) - 2.0) / (total + 2.0)
        prior = Prior(
            count=fitted_prior(counts, as_count * (1 - hurdle)[:, None]),
            sizes=fitted_prior(sizes, as_sizes * hurdle[:, None]),
            chance=chance,
            chance_sd=float(np.sqrt(((weight * (odds - chance) ** 2).sum() + 2.0) / (total + 2.0))),
            hurdle=float((hurdle.sum() + 1) / (len(items) + 2)),
        )
    return prior


def mean_of(fitted: Fitted) -> float:
    """Demand expected of an average step."""
    count = float(fitted.count @ np.exp(fitted.known.count.level))
    size = 1 + float(fitted.sizes @ np.exp(fitted.known.sizes.level))
    return (1 - fitted.hurdle) * count + fitted.hurdle * float(fitted.odds @ expit(fitted.known.odds)) * size


def sums(
    fitted: Fitted, exposures: "Floats", days: "Integers", rng: np.random.Generator, *, doubt: float = 1.0
) -> "Floats":
    """Demand of the first so many days to come, one sum for each entry of `days`.

    Args:
        exposures: how much of an ordinary day each day to come is, the first being the first day counted.
        days: how many days each sum takes, none more than there are exposures.
        doubt: how much of what is not known of a level is taken along, 1 being all and 0 none.
    """
    is_hurdle = rng.random(len(days)) < fitted.hurdle
    found = np.zeros(len(days))
    plain, lumpy = days[~is_hurdle], days[is_hurdle]
    if len(plain):
        reached = np.concatenate(([0.0], np.cumsum(exposures)))[plain]
        found[~is_hurdle] = _counts(fitted.known.count, fitted.count, reached, rng, doubt)
    if len(lumpy):
        cells = rng.choice(CHANCES, size=len(lumpy), p=fitted.odds)
        step = fitted.known.odds[1] - fitted.known.odds[0]
        odds = fitted.known.odds[cells] + (rng.random(len(lumpy)) - 0.5) * step
        odds = _less_doubted(odds, float(fitted.odds @ fitted.known.odds), doubt)
        wanted = _days_wanted(odds, exposures, lumpy, rng)
        found[is_hurdle] = wanted + _counts(fitted.known.sizes, fitted.sizes, wanted, rng, doubt)
    return found


def _weighed_odds(odds: "Floats", logs: "Floats", prior: Prior) -> "tuple[Floats, Floats]":
    off = (odds - prior.chance) / prior.chance_sd
    logs = logs - 0.5 * off**2 - np.log(prior.chance_sd * np.sqrt(2 * np.pi))
    whole = np.asarray(logsumexp(logs, axis=-1, keepdims=True))
    return np.exp(logs - whole), whole[..., 0]


def _counts(grid: CountGrid, chances: "Floats", days: "Floats", rng: np.random.Generator, doubt: float) -> "Floats":
    """A sum of so many days of a count whose mean and excess the grid leaves open."""
    cells = rng.choice(len(chances), size=len(days), p=chances)
    e = np.exp(grid.excess[cells])
    level = grid.level[cells] + (rng.random(len(days)) - 0.5) * grid.level_step
    mean = np.exp(_less_doubted(level, float(chances @ grid.level), doubt))
    rate = rng.gamma(np.maximum(mean / e * days, 1e-12)) * e
    return np.asarray(rng.poisson(np.minimum(rate, 1e15)), dtype=np.float64)


def _less_doubted(levels: "Floats", middle: float, doubt: float) -> "Floats":
    return levels if doubt == 1 else middle + doubt * (levels - middle)


def _days_wanted(odds: "Floats", exposures: "Floats", days: "Integers", rng: np.random.Generator) -> "Floats":
    idle = np.exp(-np.logaddexp(0, odds)[:, None] * exposures[None, :])
    hits = rng.random(idle.shape) > idle
    return np.asarray((hits & (np.arange(len(exposures)) < days[:, None])).sum(axis=1), dtype=np.float64)
