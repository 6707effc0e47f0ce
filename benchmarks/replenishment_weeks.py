"""Exact costs and the optimum of items whose weekdays differ: a position a day, seven kinds of day, round and round."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.replenishment_worlds import WEEK, World, felt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_WEEKS = 400
_CLOSE = 1e-5


def cost_of_week(world: World, points: Sequence[int], levels: Sequence[int]) -> float:
    """Cost a day, for ever, of a reorder point and an order-up-to level for each weekday."""
    top, low = max(levels), min(points) - world.days.shape[1]
    at = [felt(world, low, top, phase) for phase in range(WEEK)]
    chances = np.zeros(top - low + 1)
    chances[levels[0] - low] = 1.0
    last = 0.0
    for _ in range(_WEEKS):
        spent = 0.0
        for phase in range(WEEK):
            ordered = float(chances[: points[phase] - low + 1].sum())
            chances[: points[phase] - low + 1] = 0.0
            chances[levels[phase] - low] += ordered
            spent += world.costs.order * ordered + float(chances @ at[phase])
            chances = _less(chances, world.days[phase])
        if abs(spent - last) < _CLOSE * spent:
            break
        last = spent
    return spent / WEEK


def optimum_of_week(world: World) -> float:
    """The least cost a day that any rule can reach, by value iteration over weeks."""
    wide = 4 * int(np.sqrt(2 * world.costs.order * world.mean / world.costs.holding)) + 4
    top = max(len(felt(world, 0, 0)), int(world.mean * len(world.lead) * 3)) + wide + 2 * world.days.shape[1]
    low = -2 * world.days.shape[1]
    at = [felt(world, low, top, phase) for phase in range(WEEK)]
    value = np.zeros(top - low + 1)
    for _ in range(_WEEKS):
        before = value
        for phase in reversed(range(WEEK)):
            here = at[phase] + _expected(value, world.days[phase])
            cheapest = np.minimum.accumulate(here[::-1])[::-1]
            value = np.minimum(here, world.costs.order + cheapest)
        gained = value - before
        if gained.max() - gained.min() < _CLOSE * gained.max():
            break
        value = value - value[0]
    return float((gained.max() + gained.min()) / 2 / WEEK)


def _less(chances: "Floats", day: "Floats") -> "Floats":
    """Positions after a day's demand; what would fall off the lower end stays there, where it is ordered up again."""
    found = np.convolve(chances[::-1], day)
    kept = found[: len(chances)].copy()
    kept[-1] += found[len(chances) :].sum()
    return np.asarray(kept[::-1])


def _expected(value: "Floats", day: "Floats") -> "Floats":
    """The value after a day's demand; below the lower end it is as there, for everything there is ordered up."""
    padded = np.concatenate((np.full(len(day) - 1, value[0]), value))
    return np.convolve(padded, day, mode="valid")
