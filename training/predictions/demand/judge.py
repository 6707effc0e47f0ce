"""Judges forecasts of demand on what came: the model's and those of the rules planners use, from the same origins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.demand.forecast import Forecaster
from models.demand.panel import DAY, Panel
from training.predictions.demand.samples import HORIZON
from training.predictions.metrics import coverage, pinball, wape
from training.predictions.outcome import Judged

if TYPE_CHECKING:
    from numpy.typing import NDArray

RULE = "mean_8_weeks"
_NORMAL_95 = 1.6449
_EIGHT_WEEKS = {DAY: 56, 7: 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one way said of every period judged.

    Attributes:
        point, upper: series × periods judged, one array an origin: the forecast and its 95 % quantile, units.
    """

    point: "list[NDArray[np.float32]]"
    upper: "list[NDArray[np.float32]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """From where forecasts are judged.

    Attributes:
        at: origins, each with its horizons.
    """

    at: "tuple[tuple[int, NDArray[np.int64]], ...]"


def rolling_origins(panel: Panel, first: int, last: int) -> Origins:
    """An origin every week (every second of a daily grid), each with the horizons that end no later than `last`."""
    step = panel.step_days
    found = []
    for origin in range(first, last, 14 if step == DAY else 1):
        horizons = np.arange(1, min(HORIZON[step], last - origin) + 1)
        found.append((origin, horizons))
    return Origins(at=tuple(found))


def model_said(forecaster: Forecaster, panel: Panel, origins: Origins) -> Said:
    """The bundle's forecasts."""
    point, upper = [], []
    for origin, horizons in origins.at:
        forecast = forecaster.forecast(panel, origin, horizons)
        point.append(forecast.expected)
        upper.append(forecast.level(0.95))
    return Said(point=point, upper=upper)


def rules_said(panel: Panel, origins: Origins) -> dict[str, Said]:
    """The last value, the last of the same weekday, and the mean of eight weeks; each with a normal 95 % quantile."""
    found = {name: Said(point=[], upper=[]) for name in ("naive", "seasonal_naive", RULE)}
    season = 7 if panel.step_days == DAY else 1
    for origin, horizons in origins.at:
        last = panel.quantity[:, max(0, origin + 1 - _EIGHT_WEEKS[panel.step_days]) : origin + 1]
        known = ~np.isnan(last)
        count = np.maximum(known.sum(1), 1)
        mean = (np.where(known, last, 0).sum(1) / count).astype(np.float32)
        spread = np.sqrt(np.where(known, np.square(last - mean[:, None]), 0).sum(1) / count) * _NORMAL_95
        filled = np.where(known, last, mean[:, None])
        points = {
            "naive": np.repeat(filled[:, -1:], len(horizons), axis=1),
            "seasonal_naive": np.stack([_seasonal(filled, int(one), season) for one in horizons], axis=1),
            RULE: np.repeat(mean[:, None], len(horizons), axis=1),
        }
        for name, point in points.items():
            found[name].point.append(point.astype(np.float32))
            found[name].upper.append((point + spread[:, None]).astype(np.float32))
    return found


def judged(panel: Panel, origins: Origins, said: Said, price: "NDArray[np.float64]") -> Judged:
    """Metrics over every known period of series begun by the origin, and the absolute error in money of each series."""
    actual, point, upper = [], [], []
    costs = np.zeros(panel.series)
    for at, (origin, horizons) in enumerate(origins.at):
        came = panel.quantity[:, origin + horizons]
        use = ~np.isnan(came) & (panel.seen <= origin)[:, None]
        error = np.where(use, np.abs(came - said.point[at]), 0)
        costs += error.sum(1) * price
        actual.append(came[use])
        point.append(said.point[at][use])
        upper.append(said.upper[at][use])
    came_all, said_all, upper_all = map(np.concatenate, (actual, point, upper))
    metrics = {
        "wape": wape(came_all, said_all),
        "pinball_50": pinball(came_all, said_all, 0.5),
        "pinball_95": pinball(came_all, upper_all, 0.95),
        "coverage_95": coverage(came_all, upper_all),
    }
    return Judged(metrics=metrics, costs=costs)


def _seasonal(filled: "NDArray[np.float32]", horizon: int, season: int) -> "NDArray[np.float32]":
    """The last value of the same place in the season."""
    at = horizon - season * -(-horizon // season)
    return filled[:, max(-filled.shape[1], at - 1)]
