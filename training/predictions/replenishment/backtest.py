"""Walks many items through the same days under different levels, and counts what that costs.

In the morning what is due arrives and the position is looked at; an order placed on day t can be used from the morning
of day t + lead time on, and never before an earlier one. Costs are counted in the evening, in the holding of one
average day's demand for one day, so that every item counts alike. What is owed is delivered late, not lost.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The days that are walked through: items × days, and what stock costs (holding 1 a unit and day, by item).

    Attributes:
        scale: an average day's demand of each item, before or in these days, whichever is more.
        order: of placing an order, in units held for a day.
        skip: days before an order could be felt, which are not counted.
    """

    demand: "Floats"
    lead: "Integers"
    start: "Floats"
    scale: "Floats"
    short: float
    order: "Floats"
    skip: "Integers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What each item cost, in average days' demand held for a day, and on how many of its days nothing was owed."""

    costs: "Floats"
    served: "Floats"


def walk(through: Walk, points: "Floats", levels: "Floats") -> Spent:
    """Costs under a reorder point and an order-up-to level for each item and day."""
    items, days = through.demand.shape
    due = np.zeros((items, days + int(through.lead.max(initial=0)) + 2))
    latest = np.zeros(items, dtype=np.int64)
    stock, coming = through.start.copy(), np.zeros(items)
    costs, served, counted = np.zeros(items), np.zeros(items), np.zeros(items)
    rows = np.arange(items)
    for day in range(days):
        position = stock + coming
        ordered = np.where(position <= points[:, day], np.maximum(levels[:, day] - position, 0), 0)
        latest = np.where(ordered > 0, np.maximum(latest, day + through.lead[:, day]), latest)
        due[rows, np.minimum(latest, due.shape[1] - 1)] += ordered
        coming += ordered - due[:, day]
        stock += due[:, day] - through.demand[:, day]
        counts = day >= through.skip
        spent = np.maximum(stock, 0) + through.short * np.maximum(-stock, 0) + through.order * (ordered > 0)
        costs += np.where(counts, spent, 0) / through.scale
        served += counts & (stock >= 0)
        counted += counts
    return Spent(costs=costs, served=served / np.maximum(counted, 1))


def cheapest_in_hindsight(through: Walk, *, steps: int = 14) -> "Floats":
    """What the cheapest pair of levels that never changes would have cost each item, known only afterwards."""
    lead = through.skip.astype(np.float64) + 1
    best = np.full(len(through.scale), np.inf)
    lot = np.maximum(np.sqrt(2 * through.order * through.scale), through.scale)
    for under in np.linspace(-0.25, 3.0, steps + 4):
        point = np.floor(under * lead * through.scale)
        for wide in np.geomspace(0.25, 4.0, steps - 6):
            width = np.maximum(1, np.ceil(wide * lot))
            each = walk(through, _every_day(point, through), _every_day(point + width, through))
            best = np.minimum(best, each.costs)
    return best


def _every_day(levels: "Floats", through: Walk) -> "Floats":
    return np.broadcast_to(levels[:, None], through.demand.shape)
