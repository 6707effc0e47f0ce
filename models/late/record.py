"""The record of a lane, supplier, item…: how often it was late, by how much, and how many orders wait for the same.

What is asked at an instant is answered from what was known before it. Rates are drawn to the house's own rate at that
instant by a few orders' worth, and are told relative to it: a year in which everything is late is no trait of a lane.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from models.late.known import Events, Known, stock_events
from models.late.orders import History
from models.late.sums import sums_before, sums_now

if TYPE_CHECKING:
    from numpy.typing import NDArray

Key = tuple[str, ...]
"""Columns of an order whose values together name what has a record."""

RECENT_DAYS, LONG_DAYS, DELAY_DAYS = 120.0, 720.0, 365.0
"""Half-lives."""
PRIOR_ORDERS = 5.0
USUAL_RATE = 0.05
"""The late rate of a house nothing is known of yet."""
RECORD = ("late_recent", "late_long", "delay_days", "off_days")
"""Told of a key: log of its late rate over the house's (twice), mean delay, mean distance from the promise."""
SPAN = "usual_span"
"""The share of orders, of late, promised just as many days ahead: a standard promise, or one made for this order."""
STOCK = ("stock_places", "stock_spread", "stock_on_hand")
LOADS: Mapping[str, Key] = {
    "same_promise": ("country", "promise_day"),
    "same_batch": ("country", "supplier", "order_day", "promise_day"),
    "week:country": ("country", "promise_week"),
    "week:supplier": ("supplier", "promise_week"),
    "week:supplier+country": ("supplier", "country", "promise_week"),
    "week:place": ("place", "promise_week"),
}
"""Orders that wait for the same, counted: the load of a lane, a supplier or a place around the promise."""
_SPAN_KEY: Key = ("promise_span",)
SEPARATOR = "\x1f"
MADE = frozenset({"promise_day", "promise_week", "order_day", "promise_span"})
"""Words made from an order's two days: the day and week of its promise, its own day, whole days between."""


def key_name(key: Key) -> str:
    """A key as features name it."""
    return "+".join(key)


def key_values(orders: pl.DataFrame, key: Key) -> pl.Series:
    """What each order is known by under a key."""
    return orders.select(value=pl.concat_str([_part(name) for name in key], separator=SEPARATOR))["value"]


def record_columns(
    history: History, known: Known, keys: Sequence[Key], asked: pl.DataFrame, at: "NDArray[np.float64]"
) -> dict[str, "NDArray[np.float64]"]:
    """The record of each order asked about, each at its own instant: by feature, in the order of `asked`."""
    found: dict[str, NDArray[np.float64]] = {}
    nothing = np.zeros(len(at), dtype=np.int64)
    house = [
        _rate(sums_before(np.zeros_like(one.order), one.at, one.values, nothing, at, half_life_days=days))
        for one, days in ((known.outcomes, RECENT_DAYS), (known.outcomes, LONG_DAYS))
    ]
    for key in keys:
        outcomes, deliveries = (_told(history, events, key) for events in (known.outcomes, known.deliveries))
        sums = [
            _before(events, values, key_values(asked, key), at, days)
            for (events, values), days in (
                (outcomes, RECENT_DAYS),
                (outcomes, LONG_DAYS),
                (deliveries, DELAY_DAYS),
            )
        ]
        told = finish(sums[0], sums[1], sums[2], house[0], house[1])
        found |= {f"{name}:{key_name(key)}": told[:, i] for i, name in enumerate(RECORD)}
    for name, key in LOADS.items():
        events, values = _told(history, known.waiting, key)
        found[name] = np.log1p(np.maximum(0.0, _before(events, values, key_values(asked, key), at, None)[:, 0]))
    events, values = _told(history, known.placed, _SPAN_KEY)
    same = _before(events, values, key_values(asked, _SPAN_KEY), at, LONG_DAYS)[:, 0]
    every = sums_before(np.zeros_like(events.order), events.at, events.values, nothing, at, half_life_days=LONG_DAYS)
    found[SPAN] = same / np.maximum(1.0, every[:, 0])
    return found | _stock_columns(history, asked, at)


def record_tables(
    history: History, known: Known, keys: Sequence[Key], now: float
) -> tuple[dict[str, pl.DataFrame], tuple[float, float]]:
    """The same for every value of every key at one instant, by key, load or `stock`; and the house's two late rates."""
    nothing = np.zeros_like(known.outcomes.order)
    house = [
        _rate(sums_now(nothing, known.outcomes.at, known.outcomes.values, count=1, now=now, half_life_days=days))
        for days in (RECENT_DAYS, LONG_DAYS)
    ]
    tables: dict[str, pl.DataFrame] = {}
    for key in keys:
        outcomes, deliveries = (_told(history, events, key) for events in (known.outcomes, known.deliveries))
        names = pl.concat([outcomes[1], deliveries[1]]).unique().sort()
        sums = [
            _now(events, values, names, now, days)
            for (events, values), days in ((outcomes, RECENT_DAYS), (outcomes, LONG_DAYS), (deliveries, DELAY_DAYS))
        ]
        told = finish(sums[0], sums[1], sums[2], house[0], house[1])
        columns = {f"{name}:{key_name(key)}": told[:, i] for i, name in enumerate(RECORD)}
        seen = {"judged": sums[1][:, 0], "late": sums[1][:, 1]}
        tables[key_name(key)] = pl.DataFrame({"value": names, **columns, **seen})
    for name, key in LOADS.items():
        events, values = _told(history, known.waiting, key)
        names = values.unique().sort()
        count = np.log1p(np.maximum(0.0, _now(events, values, names, now, None)[:, 0]))
        tables[name] = pl.DataFrame({"value": names, name: count})
    events, values = _told(history, known.placed, _SPAN_KEY)
    names = values.unique().sort()
    same = _now(events, values, names, now, LONG_DAYS)[:, 0]
    tables[SPAN] = pl.DataFrame({"value": names, SPAN: same / max(1.0, float(same.sum()))})
    tables["stock"] = _stock_table(history, now)
    return tables, (float(house[0][0]), float(house[1][0]))


def finish(
    recent: "NDArray[np.float64]",
    long: "NDArray[np.float64]",
    deliveries: "NDArray[np.float64]",
    house_recent: "NDArray[np.float64]",
    house_long: "NDArray[np.float64]",
) -> "NDArray[np.float64]":
    """The columns of `RECORD` from sums: judged and late orders, and deliveries, days late and distance."""
    lifts = [
        np.log((late + PRIOR_ORDERS * house) / ((judged + PRIOR_ORDERS) * house))
        for (judged, late), house in ((recent.T, house_recent), (long.T, house_long))
    ]
    drawn = deliveries[:, 0] + PRIOR_ORDERS
    return np.column_stack([*lifts, deliveries[:, 1] / drawn, deliveries[:, 2] / drawn])


def _rate(sums: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return np.asarray((sums[:, 1] + USUAL_RATE * PRIOR_ORDERS) / (sums[:, 0] + PRIOR_ORDERS), dtype=np.float64)


def _part(name: str) -> pl.Expr:
    match name:
        case "promise_day":
            part = pl.col("promised").floor().cast(pl.Int64)
        case "order_day":
            part = pl.col("ordered").floor().cast(pl.Int64)
        case "promise_span":
            part = (pl.col("promised").floor() - pl.col("ordered").floor()).cast(pl.Int64)
        case "promise_week":
            part = (pl.col("promised") / 7).floor().cast(pl.Int64)
        case _:
            part = pl.col(name)
    return part.cast(pl.String).fill_null("")


def _told(history: History, events: Events, key: Key) -> tuple[Events, pl.Series]:
    """The events that have something to tell under a key, and the value each tells of."""
    if "carrier" not in key:
        return events, key_values(history.orders, key)[events.order]
    has = np.array([name is not None for name in events.carrier], dtype=np.bool_)
    kept = Events(order=events.order[has], at=events.at[has], values=events.values[has], carrier=events.carrier[has])
    orders = history.orders[kept.order].with_columns(carrier=pl.Series(kept.carrier.tolist(), dtype=pl.String))
    return kept, key_values(orders, key)


def _before(
    events: Events, values: pl.Series, asked: pl.Series, at: "NDArray[np.float64]", days: float | None
) -> "NDArray[np.float64]":
    codes = pl.concat([values, asked]).rank("dense").cast(pl.Int64).to_numpy()
    told, wanted = codes[: len(values)], codes[len(values) :]
    return sums_before(told, events.at, events.values, wanted, at, half_life_days=days)


def _now(events: Events, values: pl.Series, names: pl.Series, now: float, days: float | None) -> "NDArray[np.float64]":
    codes = pl.DataFrame({"value": values}).join(
        pl.DataFrame({"value": names}).with_row_index("code"), on="value", how="left", maintain_order="left"
    )["code"]
    return sums_now(
        codes.to_numpy().astype(np.int64), events.at, events.values, count=len(names), now=now, half_life_days=days
    )


def _stock_columns(
    history: History, asked: pl.DataFrame, at: "NDArray[np.float64]"
) -> dict[str, "NDArray[np.float64]"]:
    items, events = stock_events(history)
    values = pl.Series(items, dtype=pl.String)[events.order] if items else pl.Series([], dtype=pl.String)
    sums = _before(events, values, key_values(asked, ("item",)), at, None)
    return dict(zip(STOCK, _spread(sums).T, strict=True))


def _stock_table(history: History, now: float) -> pl.DataFrame:
    items, events = stock_events(history)
    sums = sums_now(events.order, events.at, events.values, count=len(items), now=now)
    columns = dict(zip(STOCK, _spread(sums).T, strict=True))
    return pl.DataFrame({"value": pl.Series(items, dtype=pl.String), **columns})


def _spread(sums: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Places with stock, how spread it is (1 − Herfindahl: 0 all at one place), what is there; NaN without stock."""
    places, total, squares = np.round(sums, 9).T
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(total > 0, 1.0 - squares / total**2, np.nan)
    has = total > 0
    return np.column_stack([np.where(has, places, np.nan), spread, np.where(has, np.log1p(total), np.nan)])
