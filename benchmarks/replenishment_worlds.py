"""Items whose demand is known to the last probability, and what any pair of levels costs them, exactly.

Stock is looked at in the morning, an order placed on day t can be used from the morning of day t + L, and costs are
counted in the evening. A random lead time is one that never lets orders overtake each other (Zipkin's exogenous one):
then the stock of an evening is the position L days before, less demand since, whatever L was.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from models.replenishment.levels import Costs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TAIL = 1e-9
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An item as only its maker knows it.

    Attributes:
        days: chances of 0, 1, 2 … units on each weekday; one row where all days are alike.
        lead: chances of a lead time of 0, 1, 2 … days.
    """

    kind: str
    days: "Floats"
    lead: "Floats"
    costs: Costs

    @property
    def mean(self) -> float:
        """Units of an average day."""
        return float((self.days @ np.arange(self.days.shape[1])).mean())

    def history(self, count: int, rng: np.random.Generator) -> "Floats":
        """Demand of so many days, the first a Monday."""
        phases = np.arange(count) % len(self.days)
        reached = np.cumsum(self.days, axis=1)
        drawn = rng.random(count)
        return np.asarray([np.searchsorted(reached[p], d) for p, d in zip(phases, drawn, strict=True)], dtype=float)


def compound(chance: float, sizes: "Floats") -> "Floats":
    """A day that wants something with a chance, and then so many."""
    found = chance * sizes
    found[0] += 1 - chance
    return found


def pmf_of(law: stats.rv_discrete, *arguments: float) -> "Floats":
    """Chances of 0, 1, 2 … up to where nothing is left."""
    top = int(law.isf(TAIL, *arguments)) + 1
    found = law.pmf(np.arange(top + 1), *arguments)
    return np.asarray(found / found.sum())


def negative_binomial(mean: float, spread: float) -> "Floats":
    """A count with a mean and a variance of `spread` times it; Poisson where that is 1."""
    if spread <= 1:
        return pmf_of(stats.poisson, mean)
    return pmf_of(stats.nbinom, mean / (spread - 1), 1 / spread)


def lead_demand(world: World, phase: int = 0) -> "Floats":
    """Chances of demand from the morning of an order to the evening it is first felt, ordered on a weekday."""
    most = len(world.lead)
    size = 1 << int(np.ceil(np.log2((world.days.shape[1] - 1) * most + 1)))
    waves = np.fft.rfft(world.days, size, axis=1)
    total, product = np.zeros(size // 2 + 1, dtype=complex), np.ones(size // 2 + 1, dtype=complex)
    for day, chance in enumerate(world.lead):
        product = product * waves[(phase + day) % len(waves)]
        total = total + chance * product
    found = np.clip(np.fft.irfft(total, size), 0, None)
    last = int(np.flatnonzero(np.cumsum(found) >= 1 - TAIL)[0])
    return np.asarray(found[: last + 1] / found[: last + 1].sum())


def felt(world: World, low: int, high: int, phase: int = 0) -> "Floats":
    """What holding and being short cost at each position from low to high."""
    chances = lead_demand(world, phase)
    mean = float(chances @ np.arange(len(chances)))
    reached = np.concatenate((np.cumsum(chances), np.ones(max(0, high + 1 - len(chances)))))
    held = np.concatenate(([0.0], np.cumsum(reached)))
    positions = np.arange(low, high + 1)
    on_hand = np.where(positions > 0, held[np.clip(positions, 0, len(held) - 1)], 0.0)
    return np.asarray(world.costs.holding * on_hand + world.costs.short * (mean - positions + on_hand))


def cost_of(world: World, reorder_point: int, order_up_to: int) -> float:
    """Cost a day, for ever, of an item whose days are all alike."""
    width = order_up_to - reorder_point
    weights = renewals(world.days[0], width)
    at = felt(world, reorder_point + 1, order_up_to)[::-1]
    return float((world.costs.order + weights @ at) / weights.sum())


def optimum(world: World) -> tuple[int, int, float]:
    """The cheapest pair of levels of all, and its cost, for an item whose days are all alike."""
    top = len(lead_demand(world)) + 4 * int(np.sqrt(2 * world.costs.order * world.mean / world.costs.holding)) + 4
    low = -top // 4
    at = felt(world, low, top)
    weights = renewals(world.days[0], min(top, len(at)))
    passed = np.cumsum(weights)
    best = (0, 0, np.inf)
    for index in range(1, len(at)):
        width = min(index, len(weights))
        each = (world.costs.order + np.cumsum(weights[:width] * at[index : index - width : -1])) / passed[:width]
        cheapest = int(np.argmin(each))
        if each[cheapest] < best[2]:
            best = (low + index - cheapest - 1, low + index, float(each[cheapest]))
    return best


def renewals(day: "Floats", count: int) -> "Floats":
    """How often a cycle passes 0, 1, 2 … units under the level it began at."""
    chances = np.zeros(count + 1)
    chances[: min(len(day), count + 1)] = day[: count + 1]
    found = np.zeros(count)
    found[0] = 1 / (1 - day[0])
    for at in range(1, count):
        found[at] = (chances[1 : at + 1] @ found[at - 1 :: -1]) / (1 - day[0])
    return found
