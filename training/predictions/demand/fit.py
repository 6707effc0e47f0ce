"""Learns a demand bundle: trees at three levels, offsets from the last periods of the history, and the routes.

First trees are trained without the calibration periods, and what they leave over there gives the offsets, the segments
that a count distribution forecasts better, and whether the median or the mean is nearer. Then the trees are trained
again on everything: the offsets are kept, which supposes that trees with a little more history err no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.booster import Booster
from models.bundle import Bundle, make_bundle
from models.demand.features import feature_names
from models.demand.forecast import COUNTS, TREES, booster_name, mean_of, to_learnt, to_units
from models.demand.intervals import ASLEEP, LEVELS, TRAINED, apply_offsets, learn_offsets, spread
from models.demand.panel import DAY, Panel
from models.drift import REFERENCE, reference
from training.predictions.demand.samples import HORIZON, Sample, calibration_sample, learning_sample
from training.predictions.machines import Machines
from training.predictions.metrics import pinball, wape

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_ROWS = 200
_MOST_SERIES = 20_000
_CALIBRATION = {DAY: 42, 7: 13}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a demand model is trained; chosen on an earlier part of the history, never on what is judged.

    Attributes:
        shift: added to demand ÷ base before its logarithm: small where demand is steady, 1 where it often is nothing.
        weight_power: of the base: 0 weighs series alike, 1 by what they sell.
        recent_periods: whose errors move the quantiles when a forecast is made; 0 where none do.
    """

    rows: int = 110_000
    calibration_rows: int = 60_000
    rounds: int
    leaves: int
    rate: float = 0.08
    least_in_leaf: int = 100
    shift: float
    weight_power: float
    recent_periods: int = 0

    def parameters(self, level: float, seed: int) -> dict[str, Any]:
        """In LightGBM's names."""
        return {
            "objective": "quantile",
            "alpha": level,
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.least_in_leaf,
            "feature_fraction": 0.7,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "max_bin": 127,
            "seed": seed,
        }


def settings_for(panel: Panel) -> Settings:
    """Steady weekly demand with plans, or daily demand with many days of nothing."""
    if panel.step_days == DAY:
        return Settings(rounds=120, leaves=31, shift=1.0, weight_power=0.0)
    return Settings(
        rows=140_000,
        calibration_rows=30_000,
        rounds=90,
        leaves=47,
        rate=0.12,
        shift=0.02,
        weight_power=0.5,
        recent_periods=12,
    )


def learn(
    panel: Panel, last: int, settings: Settings, machines: Machines, *, seed: int
) -> tuple[Bundle, dict[str, Any]]:
    """A bundle from what was known up to a period, and what it was made from.

    Raises:
        ValueError: with fewer than `LEAST_ROWS` rows to learn from.
    """
    rng = np.random.default_rng(seed)
    panel = _part_of(panel, rng)
    step = panel.step_days
    window = min(_CALIBRATION[step], max(1, (last + 1) // 4))
    early = learning_sample(panel, last - window, settings.rows, rng, machines=machines)
    held = calibration_sample(panel, last - window + 1, last, settings.calibration_rows, rng, machines=machines)
    if len(early) < LEAST_ROWS or len(held) < LEAST_ROWS:
        raise ValueError(f"{len(early):,} rows to learn from and {len(held):,} to calibrate on")
    calibrated = _calibrate(_fit(early, settings, machines, seed), held, settings)
    whole = learning_sample(panel, last, settings.rows, rng, machines=machines)
    boosters = _fit(whole, settings, machines, seed)
    content = {
        **calibrated,
        "step_days": step,
        "horizon": HORIZON[step],
        "trained_to": panel.day(last).isoformat(),
        "is_planned": panel.is_planned,
        "extras": sorted(panel.extras),
        "cold": _cold(panel, last),
        "levels": list(LEVELS),
        "shift": settings.shift,
        "recent_periods": settings.recent_periods,
        REFERENCE: reference(whole.columns.astype(np.float64), feature_names(panel)),
    }
    made = make_bundle("demand", features=feature_names(panel), boosters=boosters, content=content, card={})
    facts = {
        "rows": len(whole), "calibration_rows": len(held), "origins": whole.origins, "rounds": settings.rounds,
        "num_leaves": settings.leaves, "learning_rate": settings.rate, "point": content["point"],
        "count_segments": list(content["count_segments"]), "is_planned": panel.is_planned, "step_days": step,
    }  # fmt: skip
    return made, facts


def _part_of(panel: Panel, rng: np.random.Generator) -> Panel:
    """All series, or those of so many items drawn by lot that there is room for their features."""
    if panel.series <= _MOST_SERIES:
        return panel
    items = panel.codes[0]
    order = rng.permutation(int(items.max()) + 1)
    taken = np.cumsum(np.bincount(items)[order]) <= _MOST_SERIES
    return panel.of(np.flatnonzero(np.isin(items, order[taken])))


def _cold(panel: Panel, last: int) -> dict[str, list[float]]:
    """Quantiles of what series sold in their first periods, by category and, under empty text, of all.

    Series that the feed begins with may be old: they count only where no series starts later.
    """
    periods = np.arange(last + 1)
    cells = panel.quantity[:, : last + 1]
    young = (periods >= panel.seen[:, None]) & (periods < panel.seen[:, None] + HORIZON[panel.step_days])
    young &= ~np.isnan(cells)
    if (young & (panel.seen > 0)[:, None]).sum() >= LEAST_ROWS:
        young &= (panel.seen > 0)[:, None]
    found = {"": np.quantile(cells[young], LEVELS).tolist() if young.any() else [0.0] * len(LEVELS)}
    categories = np.asarray(panel.categories)
    for category in np.unique(categories):
        mine = young & (categories == category)[:, None]
        if category and mine.sum() >= LEAST_ROWS:
            found[str(category)] = np.quantile(cells[mine], LEVELS).tolist()
    return found


def _fit(sample: Sample, settings: Settings, machines: Machines, seed: int) -> dict[str, str]:
    target = to_learnt(sample.actual, sample.base, settings.shift)
    columns = sample.columns.astype(np.float64)
    weights = sample.base.astype(np.float64) ** settings.weight_power
    return {
        booster_name(level): machines.fit_trees(
            columns,
            target,
            settings.parameters(level, seed),
            rounds=settings.rounds,
            weights=weights / weights.mean(),
        )
        for level in TRAINED
    }


def _calibrate(boosters: Mapping[str, str], held: Sample, settings: Settings) -> dict[str, Any]:
    """Offsets for both routes, the segments whose counts do better, and the point that is nearer."""
    actual = to_learnt(held.actual, held.base, settings.shift)
    columns = held.columns.astype(np.float64)
    trees = spread(np.stack([Booster(boosters[booster_name(level)]).predict(columns) for level in TRAINED], axis=1))
    counts = to_learnt(held.counts, held.base, settings.shift)
    offsets = {
        name: learn_offsets(actual, quantiles, held.segments, held.blocks)
        for name, quantiles in ((TREES, trees), (COUNTS, counts))
    }
    moved = {
        name: _units(quantiles, held, offsets[name], settings.shift)
        for name, quantiles in ((TREES, trees), (COUNTS, counts))
    }
    # Too few sleeping series to learn from: what is known of them is that they fade.
    asleep = [one for one in ASLEEP if (held.segments == one).sum() < LEAST_ROWS]
    routed = asleep + [
        int(segment)
        for segment in np.unique(held.segments)
        if int(segment) not in asleep and _loss(held, moved[COUNTS], segment) < _loss(held, moved[TREES], segment)
    ]
    chosen = np.where(np.isin(held.segments, routed)[:, None], moved[COUNTS], moved[TREES])
    by_median = wape(held.actual, chosen[:, LEVELS.index(0.5)])
    point = "mean" if wape(held.actual, mean_of(chosen)) < by_median else "median"
    return {"offsets": offsets, "count_segments": routed, "point": point}


def _units(
    quantiles: "NDArray[np.float64]", held: Sample, offsets: Mapping[str, Any], shift: float
) -> "NDArray[np.float32]":
    found = np.empty_like(quantiles)
    for block in np.unique(held.blocks):
        mine = held.blocks == block
        found[mine] = apply_offsets(quantiles[mine], held.segments[mine], int(block), offsets)
    return to_units(found, held.base, shift)


def _loss(held: Sample, quantiles: "NDArray[np.float32]", segment: int) -> float:
    mine = held.segments == segment
    return sum(pinball(held.actual[mine], quantiles[mine, at], level) for at, level in enumerate(LEVELS))
