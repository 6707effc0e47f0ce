"""The facts a decision about odd demand is made from: what came, what was to be expected, and whose alert it is."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandFacts:
    """Demand of an item at a place outside what was forecast.

    Attributes:
        as_of: the instant of the decision.
        first, last: the days it lasts from and to.
        kind: `spike`, `drop`, `level_shift`, `zero_though_forecast`, `demand_though_none_expected`,
            `stockout_masking_demand`.
        actual, expected, low, high: units over these days together; `low` and `high` are the interval.
        money: worth of the units outside it.
        words, reasons: what it is and why it stands out, as a planner says it.
        model: the version of the model that forecast it, `statistical` without one.
        planner: whose budget of alerts it counts in.
        starts: the day by which the anomaly is known, once and for all: its first day when it was found first.
    """

    item_id: str
    location_id: str
    as_of: datetime
    first: date
    last: date
    kind: str
    actual: Decimal
    expected: Decimal
    low: Decimal
    high: Decimal
    money: Decimal
    currency: str
    words: str
    reasons: tuple[str, ...]
    model: str
    planner: str
    starts: date

    @property
    def key(self) -> str:
        """As findings and decisions name it."""
        return f"demand:{self.item_id}/{self.location_id}/{self.starts.isoformat()}"
