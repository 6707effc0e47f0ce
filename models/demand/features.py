"""Turns what was known of demand at an origin into the columns the trees are trained on and served with.

An origin is the last period whose demand is known; a horizon counts the periods from it to the one forecast. All that
is told of demand is taken up to the origin. Of the period forecast only the calendar is known, and price and promotion
where the panel says they are planned. Demand is divided by a base, the series' own level, so that one model serves all.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.demand.calendar import NAMES as CALENDAR
from models.demand.panel import DAY, Panel
from models.demand.pasts import Past, past_of
from models.demand.planned import PLANNED, planned_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

_LAGS = 4
_SAME_WEEKDAYS = (4, 8)
_YEAR_DAYS = 364


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Feature rows of some series at one origin and horizon.

    Attributes:
        columns: series × features.
        base: what demand is divided by, units; above 0.
        past: the state of the series at the origin.
    """

    columns: "NDArray[np.float32]"
    base: "NDArray[np.float32]"
    past: Past


def feature_names(panel: Panel) -> tuple[str, ...]:
    """The columns of a panel's rows, in their order."""
    return names_with(panel.extras)


def names_with(extras: "Iterable[str]") -> tuple[str, ...]:
    """The columns of a panel that has these of a house's own, in their order."""
    own = tuple(f"{kind}_{name}" for name in sorted(extras) for kind in ("planned", "before", "usual"))
    return (*_OWN, *_TARGET, *CALENDAR, *PLANNED, *own)


_OWN = (
    *(f"lag_{n}" for n in range(_LAGS)),
    "mean_short", "mean_middle", "mean_long", "mean_all",
    "quantile_25", "quantile_50", "quantile_75", "quantile_90", "highest", "spread", "share_sold",
    "since_sold", "age", "level", "known_share",
    "item_trend", "item_level", "place_trend", "category_trend", "category_level", "all_trend",
)  # fmt: skip
_TARGET = ("horizon", "same_weekday_short", "same_weekday_long", "year_before", "item_year_before")


def feature_rows(panel: Panel, origin: int, horizons: "NDArray[np.int64]") -> "Iterator[Rows]":
    """Rows of every series, one horizon after the other, from one origin.

    Raises:
        ValueError: where the panel does not reach the last horizon.
    """
    if origin + int(horizons.max()) >= panel.periods:
        raise ValueError("the panel does not reach the horizon: build it with `ahead`")
    past = past_of(panel, origin)
    own = _own(panel, past)
    for horizon in horizons:
        target = origin + int(horizon)
        facts = panel.calendar.facts[panel.countries, target]
        planned, base = planned_features(panel, past, target)
        columns = np.concatenate([own, _target(panel, past, int(horizon)), facts, planned], axis=1)
        yield Rows(columns=columns.astype(np.float32, copy=False), base=base, past=past)


def _own(panel: Panel, past: Past) -> "NDArray[np.float32]":
    """What the series, its item, place and category did up to the origin."""
    scaled = past.recent / past.level[:, None]
    lags = np.full((panel.series, _LAGS), np.nan, dtype=np.float32)
    width = min(_LAGS, scaled.shape[1])
    lags[:, :width] = scaled[:, ::-1][:, :width]
    quantiles = past.quantiles((0.25, 0.5, 0.75, 0.9, 1.0)) / past.level[:, None]
    return np.column_stack(
        [
            lags,
            *(mean / past.level for mean in past.means),
            quantiles,
            past.deviation / past.level,
            past.share_sold,
            past.since_sold,
            past.age,
            np.log(past.level),
            past.known_share,
            past.item_trend,
            past.item_level,
            past.place_trend,
            past.category_trend,
            past.category_level,
            past.all_trend,
        ]
    )


def _target(panel: Panel, past: Past, horizon: int) -> "NDArray[np.float32]":
    """What the past says of the period forecast by its place in the week and in the year."""
    same = [_same_weekday(panel, past, horizon, count) / past.level for count in _SAME_WEEKDAYS]
    year = _YEAR_DAYS // panel.step_days
    before = past.around(past.origin + horizon - year) / past.level
    item = past.item_mean(before)
    return np.column_stack([np.full(panel.series, horizon), *same, before, item])


def _same_weekday(panel: Panel, past: Past, horizon: int, count: int) -> "NDArray[np.float32]":
    """Mean of the last days with the target's weekday; of the last weeks on a weekly grid."""
    step = 7 if panel.step_days == DAY else 1
    last = past.origin + horizon - step * -(-horizon // step)
    at = [n for n in range(last, last - step * count, -step) if n >= 0]
    return past.mean_of(at)
