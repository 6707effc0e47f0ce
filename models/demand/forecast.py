"""Says what is to be expected of every series over the next periods, as quantiles that do not cross.

Most series are forecast by the trees. Where the calibration showed that a count distribution does better for a segment
(items seldom wanted), it is taken instead; both are then moved by their conformal offsets.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from models.booster import Booster
from models.bundle import Bundle
from models.demand.features import Rows, feature_names, feature_rows
from models.demand.intermittent import tsb
from models.demand.intervals import LEVELS, TRAINED, apply_offsets, segments_of, spread
from models.demand.panel import DAY, WEEK, Panel
from models.demand.recent import Learnt, recent_shift

if TYPE_CHECKING:
    from numpy.typing import NDArray

TREES, COUNTS = "trees", "counts"
_RARITY_PERIODS = 200
_PROMOTED = 4
_SMOOTHING = {DAY: 0.1, WEEK: 0.2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected of each series.

    Attributes:
        origin: the last period that was known.
        horizons: periods ahead.
        values: series × horizons × `LEVELS`, units, never below 0, rising with the level.
        expected: series × horizons: the one number that stands for the forecast.
        routes: series × horizons: 0 forecast by the trees, 1 by the count distribution, 2 by the category.
        model: which model said so.
    """

    origin: int
    horizons: tuple[int, ...]
    values: "NDArray[np.float32]"
    expected: "NDArray[np.float32]"
    routes: "NDArray[np.int8]"
    model: str

    def level(self, level: float) -> "NDArray[np.float32]":
        """Series × horizons: one of `LEVELS`."""
        return self.values[:, :, LEVELS.index(level)]

    @property
    def mean(self) -> "NDArray[np.float32]":
        """Series × horizons: the mean the quantiles stand for."""
        return mean_of(self.values)


class Forecaster:
    """A demand model as it is served."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._content: Any = bundle.content
        self._trees = [Booster(bundle.boosters[booster_name(level)]) for level in TRAINED]
        self._earlier_of: Panel | None = None
        self._earlier: dict[int, Learnt] = {}

    def misfit(self, panel: Panel) -> str | None:
        """Why this model cannot forecast a panel; None where it can."""
        if self._content["step_days"] != panel.step_days:
            grids = {1: "daily", WEEK: "weekly"}
            return (
                f"the model was trained on {grids.get(self._content['step_days'], 'other')} demand, "
                f"and the feed is {grids[panel.step_days]}"
            )
        if feature_names(panel.with_extras(self._content["extras"])) != self._bundle.features:
            return "the model was trained on other columns than this version makes"
        if self._content["is_planned"] and not panel.is_planned:
            return "the model was trained with planned prices and promotions, and the feed has none"
        return None

    def forecast(self, panel: Panel, origin: int, horizons: "NDArray[np.int64]") -> Forecast:
        """Quantiles of every series.

        Raises:
            ValueError: when the model does not fit the panel; ask `misfit` first.
        """
        if (misfit := self.misfit(panel)) is not None:
            raise ValueError(misfit)
        said = self._said(panel, origin, horizons)
        learnt = said.values + self._recent(panel, origin)[(said.segments >= _PROMOTED).astype(np.int64)]
        values = to_units(np.sort(learnt, axis=2), said.base, self._content["shift"])
        routes = np.isin(said.segments, self._content["count_segments"]).astype(np.int8)
        unseen = panel.seen > origin
        if unseen.any():
            values[unseen] = self._cold(panel, np.flatnonzero(unseen))[:, None, :]
            routes[unseen] = 2
        median = values[:, :, LEVELS.index(0.5)]
        expected = mean_of(values) if self._content["point"] == "mean" else median
        return Forecast(
            origin=origin,
            horizons=tuple(int(one) for one in horizons),
            values=values,
            expected=expected,
            routes=routes,
            model=self._bundle.version,
        )

    def _said(self, panel: Panel, origin: int, horizons: "NDArray[np.int64]") -> Learnt:
        """What trees and counts say with the offsets of training, as the trees see it."""
        content = self._content
        panel = self._fitted(panel, origin)
        values = np.zeros((panel.series, len(horizons), len(LEVELS)), dtype=np.float32)
        base = np.zeros((panel.series, len(horizons)), dtype=np.float32)
        kinds = np.zeros((panel.series, len(horizons)), dtype=np.int8)
        counts = None
        for at, rows in enumerate(feature_rows(panel, origin, horizons)):
            block = horizon_block(int(horizons[at]), panel.step_days)
            segments = row_segments(panel, rows, origin + int(horizons[at]))
            cells = rows.columns.astype(np.float64)
            raw = spread(np.stack([trees.predict(cells) for trees in self._trees], axis=1))
            seen = apply_offsets(raw, segments, block, content["offsets"][TREES])
            routed = np.isin(segments, content["count_segments"])
            if routed.any():
                counts = rare_quantiles(panel, origin) if counts is None else counts
                transformed = to_learnt(counts, rows.base, content["shift"])
                seen[routed] = apply_offsets(transformed, segments, block, content["offsets"][COUNTS])[routed]
            values[:, at], base[:, at], kinds[:, at] = seen, rows.base, segments
        return Learnt(values=values, base=base, segments=kinds)

    def _recent(self, panel: Panel, origin: int) -> "NDArray[np.float64]":
        """What the last periods move the levels by, without and with promotion; nothing where it is not asked for."""
        periods = int(self._content["recent_periods"])
        trained_to = panel.period(date.fromisoformat(self._content["trained_to"]))
        first = max(trained_to + 1, origin - periods + 1)
        if not periods or first > origin:
            return np.zeros((2, len(LEVELS)))
        if self._earlier_of is not panel:
            self._earlier_of, self._earlier = panel, {}
        return recent_shift(
            panel,
            origin,
            first=first,
            horizon=int(self._content["horizon"]),
            shift=float(self._content["shift"]),
            forecast=lambda earlier, horizons: self._remembered(panel, earlier, horizons),
        )

    def _remembered(self, panel: Panel, origin: int, horizons: "NDArray[np.int64]") -> Learnt:
        """A forecast from an earlier origin, made once: rolling origins ask for the same ones again."""
        if origin not in self._earlier:
            reach = horizons[origin + horizons < panel.periods]
            self._earlier[origin] = self._said(panel, origin, reach)
        return self._earlier[origin]

    def _fitted(self, panel: Panel, origin: int) -> Panel:
        """The panel with the columns the model knows, and what it takes to be planned where no plan reaches."""
        content = self._content
        panel = panel.with_extras(content["extras"])
        return panel.with_plan_assumed(origin) if content["is_planned"] else panel.without_plan()

    def _cold(self, panel: Panel, series: "NDArray[np.int64]") -> "NDArray[np.float32]":
        """What new items of the category sold in their first periods; of any category where it is not known."""
        cold = self._content["cold"]
        return np.asarray([cold.get(panel.categories[at], cold[""]) for at in series], dtype=np.float32)


def booster_name(level: float) -> str:
    """Name of the booster trained at a level."""
    return f"quantile_{level:g}"


def horizon_block(horizon: int, step_days: int) -> int:
    """The week ahead a horizon lies in, from 0."""
    return horizon - 1 if step_days == WEEK else (horizon - 1) // 7


def row_segments(panel: Panel, rows: Rows, target: int) -> "NDArray[np.int64]":
    """The segment of every series for the period forecast."""
    return segments_of(rows.past.share_sold, panel.promotion[:, target] if panel.is_planned else None)


def rare_quantiles(panel: Panel, origin: int) -> "NDArray[np.float64]":
    """Quantiles of the count distribution, series × `LEVELS`, alike for every period ahead."""
    first = max(0, origin + 1 - _RARITY_PERIODS)
    smoothing = _SMOOTHING[panel.step_days]
    return tsb(panel.quantity[:, first : origin + 1], smoothing=smoothing).quantiles(LEVELS)


def to_learnt(units: "NDArray[Any]", base: "NDArray[np.float32]", shift: float) -> "NDArray[np.float64]":
    """Units as the trees see them: log(units ÷ base + shift)."""
    divided = units / (base[:, None] if units.ndim == 2 else base)
    return np.log(divided.astype(np.float64) + shift)


def to_units(learnt: "NDArray[np.float64]", base: "NDArray[np.float32]", shift: float) -> "NDArray[np.float32]":
    """What the trees say, in units; never below 0."""
    found = (np.exp(learnt) - shift) * base[..., None]
    units: NDArray[np.float32] = np.maximum(found, 0).astype(np.float32)
    return units


def mean_of(values: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """The mean of the distribution whose quantiles are given, by straight lines between them."""
    levels = np.asarray((0.0, *LEVELS, 1.0))
    padded = np.concatenate([values[..., :1], values, values[..., -1:]], axis=-1)
    widths = np.diff(levels).astype(np.float32)
    found: NDArray[np.float32] = ((padded[..., 1:] + padded[..., :-1]) / 2 @ widths).astype(np.float32)
    return found
