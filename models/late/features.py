"""What the model of late orders looks at: one builder, for training and for serving.

An order is looked at at an instant. Its own shape and calendar do not change; its record (`record.py`) is what was
known before that instant. Which keys have a record is learnt from the feeds' columns and kept in the bundle.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import floor, log1p, nan
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from models.late.known import Known, known_of
from models.late.orders import WORDS, History, own_columns
from models.late.record import LOADS, MADE, RECORD, SPAN, STOCK, Key, key_name, key_values, record_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHAPE = (
    *("days_promised", "promise_weekday", "promise_month", "promise_day_of_month", "promise_day_of_year", "year_end"),
    *("order_weekday", "order_month", "log_quantity", "log_value", "log_weight", "log_unit_price", "weight_per_unit"),
    *("lines", "suppliers", "places"),
)
_MOST_VALUES = 2_000
_MOST_OWN = 12
_BOTH = ["carrier", "service"]
_EPOCH = date(1970, 1, 1).toordinal()
_PAIRED = ("service", "place", "supplier", "item")


def keys_of(history: History) -> tuple[Key, ...]:
    """What has a record in this house: every word that tells orders apart, and with the country its lanes."""
    orders = history.orders
    own = [name for name in own_columns(orders) if orders[name].n_unique() <= _MOST_VALUES][:_MOST_OWN]
    telling = [name for name in (*WORDS, *own) if name != "carrier" and orders[name].n_unique() > 1]
    telling += ["carrier"] if _carriers_tell(history) else []
    lanes = [(name, "country") for name in telling if name in _PAIRED or name in own]
    services = [(name, "service") for name in telling if name in own] if "service" in telling else []
    return (*((name,) for name in telling), *(lanes if "country" in telling else ()), *services)


def feature_names(keys: Sequence[Key]) -> tuple[str, ...]:
    """Every feature, in the order of the columns."""
    records = [f"{name}:{key_name(key)}" for key in keys for name in RECORD]
    return (*SHAPE, *records, *LOADS, SPAN, *STOCK)


def feature_rows(
    history: History, asked: pl.DataFrame, at: "NDArray[np.float64]", keys: Sequence[Key], known: Known | None = None
) -> "NDArray[np.float64]":
    """Orders × features, each order as it could be seen at its instant.

    Args:
        asked: rows as those of `History.orders`; columns of the house that keys name and it lacks count as empty.
        at: the instant of each row, in days since 1970.
        known: the events of the history, where the caller has them already.
    """
    events = known_of(history) if known is None else known
    complete = with_usual_carrier(with_columns(asked, keys), history, at)
    records = record_columns(history, events, keys, complete, at)
    return np.column_stack([shape_columns(complete), *(records[name] for name in feature_names(keys)[len(SHAPE) :])])


def shape_columns(orders: pl.DataFrame) -> "NDArray[np.float64]":
    """Orders × `SHAPE`: what an order tells of itself."""
    promised, ordered = (pl.from_epoch(pl.col(c).floor().cast(pl.Int64), "d") for c in ("promised", "ordered"))
    day_of_year = promised.dt.ordinal_day().cast(pl.Float64)
    logs = [pl.col(c).clip(lower_bound=0.0).log1p() for c in ("quantity", "value", "weight", "unit_price")]
    found = orders.select(
        pl.col("promised") - pl.col("ordered"),
        promised.dt.weekday().cast(pl.Float64).alias("promise_weekday"),
        promised.dt.month().cast(pl.Float64).alias("promise_month"),
        promised.dt.day().cast(pl.Float64).alias("promise_day_of_month"),
        day_of_year.alias("promise_day_of_year"),
        pl.min_horizontal(day_of_year, 366.0 - day_of_year).alias("year_end"),
        ordered.dt.weekday().cast(pl.Float64).alias("order_weekday"),
        ordered.dt.month().cast(pl.Float64).alias("order_month"),
        *logs,
        (logs[2] - logs[0]).alias("weight_per_unit"),
        *(pl.col(c).cast(pl.Float64) for c in ("lines", "suppliers", "places")),
    )
    return np.column_stack([found[name].fill_null(nan).to_numpy() for name in found.columns])


def shape_row(order: Mapping[str, Any]) -> list[float]:
    """`SHAPE` of one order, without a table."""
    promised = date.fromordinal(_EPOCH + floor(order["promised"]))
    ordered = date.fromordinal(_EPOCH + floor(order["ordered"]))
    day_of_year = promised.toordinal() - date(promised.year, 1, 1).toordinal() + 1
    quantity, value, weight, price = (_log(order[name]) for name in ("quantity", "value", "weight", "unit_price"))
    return [
        order["promised"] - order["ordered"],
        promised.isoweekday(),
        promised.month,
        promised.day,
        day_of_year,
        min(day_of_year, 366 - day_of_year),
        ordered.isoweekday(),
        ordered.month,
        quantity,
        value,
        weight,
        price,
        weight - quantity,
        *(nan if order[name] is None else order[name] for name in ("lines", "suppliers", "places")),
    ]


def with_columns(orders: pl.DataFrame, keys: Sequence[Key]) -> pl.DataFrame:
    """Orders with every column a key names, empty where the feeds have it no longer."""
    named = {name for key in keys for name in key} - MADE
    absent = sorted(named - set(orders.columns))
    return orders.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)


def with_usual_carrier(orders: pl.DataFrame, history: History, at: "NDArray[np.float64]") -> pl.DataFrame:
    """Orders with the carrier that, as was known then, last carried for the same service and place."""
    last = carriers(history)
    asked = orders.drop("carrier").with_columns(
        lane=key_values(orders, ("service", "place")), at=pl.Series(at, dtype=pl.Float64), row=pl.int_range(pl.len())
    )
    # Strictly before: what becomes known at the very instant is not known yet.
    found = asked.sort("at").join_asof(
        last.sort("known"),
        left_on="at",
        right_on="known",
        by="lane",
        strategy="backward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return found.sort("row").drop("lane", "at", "row", "known")


def carriers(history: History) -> pl.DataFrame:
    """Who carried, for which service from which place, and when that was known."""
    told = history.deliveries.filter(pl.col("carrier").is_not_null()).join(
        history.orders.drop("carrier"), on="order_id", how="inner"
    )
    return told.select("known", "carrier", lane=key_values(told, ("service", "place"))).sort("known", "carrier")


def _carriers_tell(history: History) -> bool:
    """Whether carriers differ, and not just as the services do."""
    told = history.deliveries.join(history.orders.select("order_id", "service"), on="order_id")
    carriers_, services, both = (told.select(names).n_unique() for names in (["carrier"], ["service"], _BOTH))
    return carriers_ > 1 and not carriers_ == services == both


def _log(value: float | None) -> float:
    return nan if value is None else log1p(max(0.0, value))
