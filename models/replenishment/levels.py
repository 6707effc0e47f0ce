"""Which reorder point and order-up-to level cost least a day, for demand that was simulated.

Stock is looked at once a day; at the reorder point or under it, it is ordered up to the level. With demand of a day
independent of the days before, positions between two orders are a renewal process, and the cost a day of a pair (s, S)
is exactly (K + Σ m(j) G(S − j)) / Σ m(j), j from 0 to S − s − 1, where G(y) is what holding and being short cost on the
day that an order placed at position y is felt and m(j) is how often a cycle passes S − j (Zheng and Federgruen,
Operations Research 39, 1991). G comes from sums of simulated days, m from simulated single days.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 256
"""Points a quantity is looked at; between them costs are as good as level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What stock costs, in one unit of account.

    Attributes:
        holding: of one unit for one day.
        short: of one unit that is wanted and not there, for one day.
        order: of placing one order.
    """

    holding: float
    short: float
    order: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The cheapest pair of levels, and what it is expected to cost a day.

    Attributes:
        reorder_point: order when the inventory position is here or lower.
        order_up_to: up to this position.
        stockout_cost: of being short, a day.
        service_level: the share of days that end without anything owed.
    """

    reorder_point: float
    order_up_to: float
    cost: float
    holding_cost: float
    order_cost: float
    stockout_cost: float
    service_level: float


def best_levels(lead: "Floats", day: "Floats", costs: Costs, *, most: float | None = None) -> Levels:
    """The pair of levels that costs least.

    Args:
        lead: simulated demand from an order's day to the end of the day it can first be used.
        day: simulated demand of single days; what is not above 0 moves nothing.
        costs: all above 0, the order's may be 0.
        most: the largest S − s allowed.
    """
    mean = float(day.mean())
    step = _step(lead, mean, costs, most)
    renewals = _renewals(day, step, _cycle_steps(mean, costs, step, most))
    low = np.floor(float(lead.min()) / step) - 1
    positions = (low + np.arange(_position_steps(lead, low, step, len(renewals)))) * step
    held, short, free = _felt(positions, lead)
    felt = costs.holding * held + costs.short * short
    passed = np.cumsum(renewals)
    # Each S with each S − s: what the cycle passes below S is a row of a Toeplitz matrix.
    back = np.arange(len(positions))[:, None] - np.arange(len(renewals))[None, :]
    spent = np.cumsum(felt[back] * renewals, axis=1)
    each = np.where(back >= 0, (costs.order + spent) / passed, np.inf)
    top, width = np.unravel_index(int(np.argmin(each)), each.shape)
    inside = slice(None, int(width) + 1)
    weights = renewals[inside] / passed[width]
    at = int(top) - np.arange(int(width) + 1)
    return Levels(
        reorder_point=float(positions[top] - (width + 1) * step),
        order_up_to=float(positions[top]),
        cost=float(each[top, width]),
        holding_cost=float(costs.holding * (weights @ held[at])),
        order_cost=float(costs.order / passed[width]),
        stockout_cost=float(costs.short * (weights @ short[at])),
        service_level=float(weights @ free[at]),
    )


def _step(lead: "Floats", mean: float, costs: Costs, most: float | None) -> float:
    """Whole units, as few as leave no more than STEPS of them to look at."""
    width = _widest(mean, costs, most)
    reach = float(np.quantile(lead, 0.999)) - float(lead.min()) + width
    return float(max(1.0, np.ceil(reach / STEPS)))


def _widest(mean: float, costs: Costs, most: float | None) -> float:
    """Four times Wilson's lot is wider than the best S − s; where it is bounded, the bound.

    What being short costs has no part in it, so that the quantities looked at stay the same when it rises.
    """
    wide = 4 * float(np.sqrt(2 * costs.order * mean / costs.holding)) + 2 * mean + 2
    return wide if most is None else max(1.0, min(wide, most))


def _cycle_steps(mean: float, costs: Costs, step: float, most: float | None) -> int:
    return max(1, int(_widest(mean, costs, most) // step))


def _position_steps(lead: "Floats", low: float, step: float, cycle: int) -> int:
    return int(np.ceil(float(lead.max()) / step) - low) + cycle + 1


def _renewals(day: "Floats", step: float, count: int) -> "Floats":
    """m(j) in steps, for j below `count`; a day between two steps is shared so that its mean stays."""
    steps = np.clip(day, 0, None) / step
    below = np.floor(steps).astype(np.int64)
    part = steps - below
    chance = np.zeros(count + 1)
    np.add.at(chance, np.minimum(below, count), 1 - part)
    np.add.at(chance, np.minimum(below + 1, count), part)
    chance /= len(day)
    moving = max(1e-9, 1 - chance[0])
    found = np.zeros(count)
    found[0] = 1 / moving
    for at in range(1, count):
        found[at] = (chance[1 : at + 1] @ found[at - 1 :: -1]) / moving
    return found


def _felt(positions: "Floats", lead: "Floats") -> "tuple[Floats, Floats, Floats]":
    """Units held, units short, and the chance of none owed, at the end of the day each position is felt."""
    ordered = np.sort(lead)
    sums = np.concatenate(([0.0], np.cumsum(ordered)))
    below = np.searchsorted(ordered, positions, side="right")
    held = (positions * below - sums[below]) / len(ordered)
    short = float(ordered.mean()) - positions + held
    return held, np.clip(short, 0, None), below / len(ordered)
