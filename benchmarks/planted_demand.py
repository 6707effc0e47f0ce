"""Plants anomalies of six kinds in real weekly demand, and harmless look-alikes beside them.

What is planted lies in the last four weeks; history before them stays as it was, but for items made to end long before
them. Nothing here knows how anomalies are looked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

KINDS = (
    "spike",
    "drop",
    "level_shift",
    "zero_though_forecast",
    "demand_though_none_expected",
    "stockout_masking_demand",
)
EACH = 50
WEEKS = 4
_DECOYS = 40
_ENDED_WEEKS = 30
Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was planted in a series: its kind, and the first and last day it lasts."""

    kind: str
    first: date
    last: date


def plant(demand: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, Mapping[Place, Truth]]:
    """The feed with 300 anomalies in its last four weeks, and what they are, one a series."""
    rng = np.random.default_rng(seed)
    last = demand["date"].max()
    assert isinstance(last, date)
    window = [last - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    whole = (
        demand.filter(pl.col("date").is_in(window))
        .group_by("item_id", "location_id")
        .len()
        .filter(pl.col("len") == WEEKS)
        .sort("item_id", "location_id")
    )
    places = [(item, place) for item, place, _ in whole.iter_rows()]
    order = [places[int(at)] for at in rng.permutation(len(places))]
    changes: list[tuple[str, str, date, float, bool | None]] = []
    truths: dict[Place, Truth] = {}
    ended: list[Place] = []
    sold = {(i, p, d): q for i, p, d, q in demand.select("item_id", "location_id", "date", "quantity").iter_rows()}
    for number, kind in enumerate(KINDS):
        for place in order[number * EACH : (number + 1) * EACH]:
            weeks, factors, is_out = _shape(kind, window, rng)
            truths[place] = Truth(kind=kind, first=weeks[0], last=weeks[-1])
            if kind == "demand_though_none_expected":
                ended.append(place)
                weeks, factors = window, [1.0 if week in weeks else 0.0 for week in window]
            changes += [
                (*place, week, sold[(*place, week)] * factor, is_out)
                for week, factor in zip(weeks, factors, strict=True)
            ]
    decoys = order[len(KINDS) * EACH :][: 2 * _DECOYS]
    changes += _decoys(decoys, window, sold, rng)
    ended += decoys[:_DECOYS]
    return _changed(demand, changes, ended, window[0]), truths


def _shape(kind: str, window: list[date], rng: np.random.Generator) -> tuple[list[date], list[float], bool | None]:
    """The weeks an anomaly lasts, what demand is multiplied by in each, and whether the feed says out of stock."""
    one = [window[int(rng.integers(WEEKS))]]
    match kind:
        case "spike" | "demand_though_none_expected":
            return one, [float(rng.uniform(4, 8)) if kind == "spike" else 1.0], None
        case "drop":
            return one, [float(rng.uniform(0.05, 0.2))], None
        case "level_shift":
            weeks = window[int(rng.integers(2)) :]
            factor = rng.uniform(2.2, 3.5) if rng.random() < 0.5 else 1 / rng.uniform(2.5, 4)
            return weeks, [float(factor)] * len(weeks), None
        case "zero_though_forecast":
            weeks = window[int(rng.integers(WEEKS)) :]
            return weeks, [0.0] * len(weeks), None
        case _:
            first = int(rng.integers(WEEKS))
            weeks = window[first : first + int(rng.integers(1, 4))]
            return weeks, [float(rng.uniform(0, 0.3)) for _ in weeks], True


def _decoys(
    places: list[Place], window: list[date], sold: Mapping[tuple[str, str, date], float], rng: np.random.Generator
) -> list[tuple[str, str, date, float, bool | None]]:
    """Ended items that stay ended, half of them called out of stock; and stock that ran out at a week's very end."""
    found: list[tuple[str, str, date, float, bool | None]] = []
    for number, place in enumerate(places):
        for week in window:
            if number < _DECOYS:
                found.append((*place, week, 0.0, True if number % 2 else None))
            elif rng.random() < 0.5:
                found.append((*place, week, sold[(*place, week)] * float(rng.uniform(0.85, 1)), True))
    return found


def _changed(
    demand: pl.DataFrame,
    changes: list[tuple[str, str, date, float, bool | None]],
    ended: list[Place],
    first: date,
) -> pl.DataFrame:
    schema = {"item_id": pl.String, "location_id": pl.String, "date": pl.Date, "new": pl.Float64, "out": pl.Boolean}
    new = pl.DataFrame(changes, schema=schema, orient="row")
    over = pl.DataFrame(ended, schema={"item_id": pl.String, "location_id": pl.String}, orient="row")
    over = over.with_columns(pl.lit(value=True).alias("over"))
    keys = ["item_id", "location_id"]
    joined = demand.join(new, on=[*keys, "date"], how="left").join(over, on=keys, how="left")
    is_over = (
        pl.col("over").fill_null(value=False)
        & (pl.col("date") >= first - timedelta(weeks=_ENDED_WEEKS))
        & (pl.col("date") < first)
    )
    quantity = pl.when(is_over).then(0.0).otherwise(pl.coalesce("new", "quantity").round(0))
    return joined.with_columns(quantity.alias("quantity"), pl.coalesce("out", "stocked_out").alias("stocked_out")).drop(
        "new", "out", "over"
    )
