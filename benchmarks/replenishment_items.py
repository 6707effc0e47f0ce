"""Draws items whose demand is known to the last probability: four kinds of demand, lead times that stand or vary.

A decision knows 90 days of history and nothing else; six more days are drawn, for the decisions of a week. Costs follow
from a service level and days of cover, as a planner states them. Of a supplier whose lead time varies, twelve order
lines are known.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy import stats

from benchmarks.replenishment_worlds import WEEK, World, compound, negative_binomial
from models.replenishment.history import Day
from models.replenishment.lead_times import Delivery
from models.replenishment.levels import Costs

KINDS = ("poisson", "negative binomial", "lumpy", "weekdays")
FIRST, HISTORY, LINES = date(2026, 1, 5), 90, 12
TODAY = FIRST + timedelta(days=HISTORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a planner knows of an item, and the world it is drawn from.

    Attributes:
        master_days: the true lead time on average, in whole days.
    """

    item_id: str
    world: World
    days: tuple[Day, ...]
    deliveries: tuple[Delivery, ...]
    master_days: int
    service_level: float
    cover_days: int


def draw_item(kind: str, number: int, rng: np.random.Generator, *, varies: bool) -> Known:
    """An item of a kind."""
    service, cover = float(rng.choice([0.9, 0.95, 0.98])), int(rng.choice([3, 7, 14]))
    days, mean_lead = _days(kind, rng), int(rng.integers(2, 15))
    lead = _lead(mean_lead, rng) if varies else np.eye(mean_lead + 1)[mean_lead]
    mean = float((days @ np.arange(days.shape[1])).mean())
    costs = Costs(holding=1.0, short=service / (1 - service), order=mean * cover**2 / 2)
    world = World(kind=kind, days=days, lead=lead, costs=costs)
    wanted = world.history(HISTORY + WEEK - 1, rng)
    taken = rng.choice(len(lead), size=LINES if varies else 0, p=lead)
    return Known(
        item_id=f"{kind}/{number}",
        world=world,
        days=tuple(Day(date=FIRST + timedelta(days=at), quantity=float(q)) for at, q in enumerate(wanted)),
        deliveries=tuple(Delivery(own=True, shares=((int(day), 1.0),)) for day in taken),
        master_days=round(float(lead @ np.arange(len(lead)))),
        service_level=service,
        cover_days=cover,
    )


def _days(kind: str, rng: np.random.Generator) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Chances of each quantity, a row a weekday where those differ."""
    if kind == "poisson":
        return negative_binomial(_between(0.3, 20, rng), 1)[None, :]
    if kind == "negative binomial":
        return negative_binomial(_between(0.5, 20, rng), rng.uniform(1.5, 5))[None, :]
    if kind == "lumpy":
        sizes = np.concatenate(([0.0], negative_binomial(_between(1, 11, rng), rng.uniform(1, 6))))
        return compound(rng.uniform(0.08, 0.4), sizes)[None, :]
    mean, spread = _between(1, 20, rng), rng.uniform(1, 2.5)
    week = [negative_binomial(mean * share, spread) for share in (0.7, 0.8, 0.9, 1.0, 1.6, 1.7, 0.3)]
    widest = max(len(day) for day in week)
    return np.stack([np.pad(day, (0, widest - len(day))) for day in week])


def _between(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _lead(mean: int, rng: np.random.Generator) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Gamma with a deviation of 20 to 50 % of the mean, in whole days from 1 on."""
    law = stats.gamma(a := 1 / rng.uniform(0.2, 0.5) ** 2, scale=mean / a)
    edges = law.cdf(np.arange(0, int(law.ppf(0.9995)) + 2) + 0.5)
    chances = np.diff(edges, prepend=0.0)
    chances[1] += chances[0]
    chances[0] = 0.0
    return np.asarray(chances / chances.sum())
