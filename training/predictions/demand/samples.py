"""Draws the rows a demand model learns from: series seen from many origins, each at some horizons."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.demand.features import feature_rows
from models.demand.forecast import horizon_block, rare_quantiles, row_segments
from models.demand.panel import DAY, Panel
from training.predictions.machines import Machines

if TYPE_CHECKING:
    from numpy.typing import NDArray

HORIZON = {DAY: 28, 7: 4}
_LEAST_HISTORY = {DAY: 28, 7: 8}
_ORIGINS = {DAY: 26, 7: 110}
_HORIZONS_AN_ORIGIN = {DAY: 7, 7: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows with what came.

    Attributes:
        columns: rows × features; base, actual, horizons, blocks, segments: one a row.
        counts: rows × levels: the count distribution's quantiles in units; empty unless asked for.
        origins: how many origins the rows were seen from.
    """

    columns: "NDArray[np.float32]"
    base: "NDArray[np.float32]"
    actual: "NDArray[np.float32]"
    blocks: "NDArray[np.int64]"
    segments: "NDArray[np.int64]"
    counts: "NDArray[np.float64]"
    origins: int

    def __len__(self) -> int:
        return len(self.actual)


def learning_sample(panel: Panel, last: int, rows: int, rng: np.random.Generator, *, machines: Machines) -> Sample:
    """Rows whose actuals lie no later than the period `last`, about as many as asked for, from all of the history."""
    step = panel.step_days
    # A short history still teaches something: origins start where a third of it is behind them.
    start = min(_LEAST_HISTORY[step], (last + 1) // 3)
    origins = np.arange(last - 1, start - 1, -1)
    if len(origins) > _ORIGINS[step]:
        # An uneven stride, so that origins fall on every weekday.
        stride = max(1, len(origins) // _ORIGINS[step]) | 1
        origins = origins[::stride][: 2 * _ORIGINS[step]]
    return sample_from(panel, origins, last, rows, rng, machines=machines, few_horizons=True)


def calibration_sample(
    panel: Panel, first: int, last: int, rows: int, rng: np.random.Generator, *, machines: Machines
) -> Sample:
    """Rows whose actuals lie from one period to another, seen from every origin before them."""
    step = panel.step_days
    stride = 1 if step != DAY else 3
    origins = np.arange(last - 1, max(0, first - HORIZON[step]) - 1, -stride)
    return sample_from(panel, origins, last, rows, rng, machines=machines, first=first, with_counts=True)


def sample_from(
    panel: Panel,
    origins: "NDArray[np.int64]",
    last: int,
    rows: int,
    rng: np.random.Generator,
    *,
    machines: Machines,
    first: int = 0,
    few_horizons: bool = False,
    with_counts: bool = False,
) -> Sample:
    """Rows of these origins, a like number of each origin and horizon; each origin is a part for the machines."""
    plan = [(int(origin), _horizons(panel, int(origin), first, last, rng, few=few_horizons)) for origin in origins]
    plan = [(origin, horizons) for origin, horizons in plan if len(horizons)]
    each = max(1, rows // max(1, sum(len(horizons) for _, horizons in plan)))
    tasks = [(origin, horizons, int(rng.integers(1 << 32))) for origin, horizons in plan]
    made = machines.each(_rows_of_origin, tasks, panel=panel, each=each, with_counts=with_counts)
    parts = [part for of_origin in made for part in of_origin]
    if not parts:
        return _empty()
    columns, base, actual, blocks, segments, rare = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Sample(
        columns=columns, base=base, actual=actual, blocks=blocks, segments=segments, counts=rare, origins=len(plan)
    )


def _rows_of_origin(
    task: "tuple[int, NDArray[np.int64], int]", *, panel: Panel, each: int, with_counts: bool
) -> "list[tuple[NDArray[Any], ...]]":
    """The rows seen from one origin, drawn with a seed of its own: the same wherever it is done."""
    origin, horizons, seed = task
    rng = np.random.default_rng(seed)
    counts = rare_quantiles(panel, origin) if with_counts else None
    parts: list[tuple[NDArray[Any], ...]] = []
    for horizon, made in zip(horizons, feature_rows(panel, origin, horizons), strict=True):
        target = origin + int(horizon)
        actual = panel.quantity[:, target]
        at = np.flatnonzero(made.past.alive & ~np.isnan(actual))
        if len(at) > each:
            at = np.sort(rng.choice(at, each, replace=False))
        segments = row_segments(panel, made, target)[at]
        blocks = np.full(len(at), horizon_block(int(horizon), panel.step_days))
        there = np.zeros((len(at), 0)) if counts is None else counts[at]
        parts.append((made.columns[at], made.base[at], actual[at], blocks, segments, there))
    return parts


def _horizons(
    panel: Panel, origin: int, first: int, last: int, rng: np.random.Generator, *, few: bool
) -> "NDArray[np.int64]":
    step = panel.step_days
    horizons = np.arange(max(1, first - origin), min(HORIZON[step], last - origin) + 1)
    if few and len(horizons) > _HORIZONS_AN_ORIGIN[step]:
        horizons = np.sort(rng.choice(horizons, _HORIZONS_AN_ORIGIN[step], replace=False))
    return horizons


def _empty() -> Sample:
    nothing = np.zeros(0, dtype=np.float32)
    whole = np.zeros(0, dtype=np.int64)
    none = np.zeros((0, 0))
    return Sample(
        columns=none.astype(np.float32),
        base=nothing,
        actual=nothing,
        blocks=whole,
        segments=whole,
        counts=none,
        origins=0,
    )
