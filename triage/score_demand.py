"""Judges the demand of the last weeks: which items at places sold outside what was to be expected, the dearest first.

The forecast is made as it would have been before these weeks, and what came is held against it. Nothing is stored.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from core.errors import InputError
from ingest.feed_frames import Frames
from models.bundle import Bundle
from models.demand.anomalies import Anomaly, find_anomalies, within_budget
from models.demand.panel import DAY, Panel, panel_of
from models.demand.predict import Expected, forecast_of
from models.demand.reasons import reasons_of, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_JUDGED = {DAY: 28, 7: 4}
_CENT = Decimal("0.01")
_UNIT = Decimal("0.001")
_EVERYONE = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandAlert:
    """Odd demand that a planner should look at.

    Attributes:
        first, last: the days (or first days of weeks) it lasts from and to.
        actual, expected, low, high: units over these periods.
        money: price × units beyond the interval; units where no price is known.
        words: what it is, in one sentence; reasons: what a planner needs to judge it.
        model: version of the bundle, or `statistical`.
        planner: whose budget of alerts it counts in.
    """

    item_id: str
    location_id: str
    first: date
    last: date
    kind: str
    actual: Decimal
    expected: Decimal
    low: Decimal
    high: Decimal
    money: Decimal
    words: str
    reasons: tuple[str, ...]
    model: str
    planner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredDemand:
    """What was found.

    Attributes:
        alerts: dearest first, no more a planner than asked for.
        found: how many anomalies there were before that.
        series: how many items at places were looked at.
        judged_from, judged_to: the days judged.
        notes: what was put right in the feeds, and why no model was used.
    """

    alerts: tuple[DemandAlert, ...]
    found: int
    series: int
    judged_from: date
    judged_to: date
    model: str
    notes: tuple[str, ...]


def score_demand(frames: Frames, bundle: Bundle | None, *, as_of: date, alerts: int) -> ScoredDemand:
    """Looks at the last four weeks the feed tells of, up to a day.

    Args:
        frames: the feeds demand, items, locations and events.
        bundle: the demand model; a statistical interval is used without one.
        alerts: how many a planner gets; a planner looks after one category, or everything where there are none.

    Raises:
        InputError: `SCORE-DEMAND` where the feed has no demand by that day, or no more than the weeks judged.
    """
    items = frames.frame("items")
    demand = frames.frame("demand")
    panel = panel_of(
        demand, items=items, locations=frames.frame("locations"), events=frames.frame("events"), until=as_of
    )
    if panel is None or panel.periods <= _JUDGED[panel.step_days]:
        raise _too_short(demand, as_of)
    horizon = _JUDGED[panel.step_days]
    expected = forecast_of(bundle, panel, horizon)
    found = find_anomalies(panel, expected.forecast, prices_of(panel, items))
    kept = within_budget(found, lambda series: panel.categories[series] or _EVERYONE, alerts)
    origin = expected.forecast.origin
    return ScoredDemand(
        alerts=tuple(_alert(panel, expected, one) for one in kept),
        found=len(found),
        series=panel.series,
        judged_from=panel.day(origin + 1),
        judged_to=panel.day(origin + horizon),
        model=expected.forecast.model,
        notes=expected.words,
    )


def prices_of(panel: Panel, items: pl.DataFrame) -> "NDArray[np.float64]":
    """Money a unit of each series: the mean of what was paid, else the item's price, else 1."""
    known = ~np.isnan(panel.price)
    paid = np.where(known, panel.price, 0).sum(1, dtype=np.float64) / np.maximum(known.sum(1), 1)
    named = dict(zip(items["item_id"].to_list(), items["unit_price"].to_list(), strict=True))
    return np.asarray([paid[at] or named.get(item) or 1.0 for at, item in enumerate(panel.items)], dtype=np.float64)


def _alert(panel: Panel, expected: Expected, anomaly: Anomaly) -> DemandAlert:
    return DemandAlert(
        item_id=panel.items[anomaly.series],
        location_id=panel.places[anomaly.series],
        first=panel.day(anomaly.first),
        last=panel.day(anomaly.last),
        kind=anomaly.kind.value,
        actual=_decimal(anomaly.actual, _UNIT),
        expected=_decimal(anomaly.expected, _UNIT),
        low=_decimal(anomaly.low, _UNIT),
        high=_decimal(anomaly.high, _UNIT),
        money=_decimal(anomaly.amount, _CENT),
        words=words_of(anomaly),
        reasons=reasons_of(panel, expected.forecast, anomaly),
        model=expected.forecast.model,
        planner=panel.categories[anomaly.series] or _EVERYONE,
    )


def _decimal(number: float, step: Decimal) -> Decimal:
    return Decimal(repr(number)).quantize(step)


def _too_short(demand: pl.DataFrame, as_of: date) -> InputError:
    days = demand.filter(pl.col("date") <= as_of)["date"].n_unique()
    return InputError(
        "SCORE-DEMAND",
        f"The feed demand tells of {days} days up to {as_of}: too few to expect anything of the last weeks.",
        "Load the feed demand with at least eight weeks of history, or score as of a later day.",
    )
