"""Judges ways of setting levels on the days after one day: every item from the same stock, through the same demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from models.replenishment.history import WEEK
from models.replenishment.lead_times import LeadTimes
from models.replenishment.plan import Terms, costs_of
from models.replenishment.receipts import Suppliers
from training.predictions.outcome import Judged
from training.predictions.replenishment.backtest import Spent, Walk, cheapest_in_hindsight, walk
from training.predictions.replenishment.learning import history_at
from training.predictions.replenishment.series import Series, lead_of
from training.predictions.replenishment.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PLANS = 6
"""How often at most levels are set anew in the days judged; every week where they are few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Items and the days they are walked through.

    Attributes:
        plan_days: days on which levels are set anew, as days after the first.
        leads: what was known of lead times on each of those, by item.
        is_weekly: whether an item is told of by the week.
        best: what the cheapest constant levels, known afterwards, cost each item.
    """

    items: Sequence[Series]
    first: date
    through: Walk
    plan_days: tuple[int, ...]
    leads: Sequence[Sequence[LeadTimes]]
    best: "Floats"
    is_weekly: Sequence[bool]
    terms: Terms

    @property
    def count(self) -> int:
        """Items judged."""
        return len(self.items)


def trial(
    items: Sequence[Series],
    suppliers: Suppliers,
    *,
    first: date,
    last: date,
    terms: Terms,
    else_days: int,
    seed: int,
    plans: int = PLANS,
) -> Trial:
    """The days from first to last, for items whose demand before is known well enough to be planned from.

    A lead time of the walk is drawn from all that is known on its last day: the supplier as it turned out to be.
    """
    kept = [(one, history) for one in items if (history := history_at(one, first, 364)) is not None]
    known = [one for one, _ in kept]
    days = (last - first).days + 1
    rng = np.random.default_rng([seed, first.toordinal()])
    true = [lead_of(one, suppliers, last, else_days=else_days) for one in known]
    scale = np.asarray([float(h.quantities @ h.counts) / max(1, h.days) for _, h in kept])
    order = np.asarray([costs_of(terms, None, mean)[0].order for mean in scale])
    costs, _ = costs_of(terms, None, 1.0)
    demand = _rows([one.wanted(first, days) for one in known], days)
    through = Walk(
        demand=demand,
        lead=_rows([rng.choice(lead.days, size=days, p=lead.chances) for lead in true], days).astype(np.int64),
        start=scale * np.asarray([lead.mean + terms.cover_days for lead in true]),
        scale=np.maximum(scale, demand.mean(axis=1)),
        short=costs.short,
        order=order,
        skip=np.asarray([min(days - 1, round(lead.mean)) for lead in true], dtype=np.int64),
    )
    step = max(7, 7 * int(np.ceil(days / plans / 7)))
    plan_days = tuple(range(0, days, step))
    leads = [
        [lead_of(one, suppliers, first + timedelta(days=at), else_days=else_days) for at in plan_days] for one in known
    ]
    return Trial(
        items=known,
        first=first,
        through=through,
        plan_days=plan_days,
        leads=leads,
        best=cheapest_in_hindsight(through) if known else np.zeros(0),
        is_weekly=[history.step_days == WEEK for _, history in kept],
        terms=terms,
    )


def judged(of: Trial, way: Way) -> Judged:
    """What a way cost, over the cheapest levels in hindsight, and how often nothing was owed."""
    spent = spent_by(of, way)
    service = float(spent.served.mean())
    return Judged(
        metrics={
            "cost_ratio": float(spent.costs.sum() / of.best.sum()),
            "service_level": service,
            "service_gap": abs(service - of.terms.service_level),
        },
        costs=spent.costs,
    )


def spent_by(of: Trial, way: Way) -> Spent:
    """Walks the items through the days under levels that a way sets anew on the days of planning.

    An item told of by the week has levels for each weekday, set in the week after: on which day its week falls is all.
    """
    points, levels = np.zeros(of.through.demand.shape), np.zeros(of.through.demand.shape)
    for row, one in enumerate(of.items):
        for number, at in enumerate(of.plan_days):
            for ahead in range(WEEK if of.is_weekly[row] else 1):
                point, up_to = way(one, of.first + timedelta(days=at + ahead), of.leads[row][number])
                these = slice(at + ahead, None, WEEK if of.is_weekly[row] else 1)
                points[row, these], levels[row, these] = point, up_to
    return walk(of.through, points, levels)


def _rows(rows: Sequence["Floats"], days: int) -> "Floats":
    return np.stack(rows) if rows else np.zeros((0, days))
