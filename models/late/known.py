"""What became known when: outcomes of orders, deliveries, orders that wait, stock. Each as events.

An order counts as late once its promise and `GRACE_DAYS` have passed without a delivery having become known, and what
is recorded later puts that right from then on. So nothing waits for a delivery to be known as late, and slow orders are
not missing from the record of the quick ones.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from models.late.orders import History, is_late

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRACE_DAYS = 3.0
"""Days after the promised day in which an arrival is still being recorded."""
_FAR_DAYS = 120.0
_JUST_BEFORE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Events of orders.

    Attributes:
        order: the row of `History.orders`.
        at: the instant from which on it is known.
        values: events × what is summed.
        carrier: of the delivery that told; None where none did.
    """

    order: "NDArray[np.int64]"
    at: "NDArray[np.float64]"
    values: "NDArray[np.float64]"
    carrier: "NDArray[np.object_]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that became known of a history.

    Attributes:
        outcomes: orders judged, of these late; put right by a record that comes after the judgement.
        deliveries: deliveries, days after the promise (below 0: before), the same without sign; 120 days at most.
        placed: 1 when placed.
        waiting: 1 when placed, −1 at the first delivery.
    """

    outcomes: Events
    deliveries: Events
    placed: Events
    waiting: Events


def known_of(history: History) -> Known:
    """The events of a history."""
    orders = history.orders.with_row_index("order").with_columns(pl.col("order").cast(pl.Int64))
    told = (
        history.deliveries.join(orders.select("order_id", "order", "promised", "ordered"), on="order_id")
        .sort("known", "order", "delivered")
        .with_columns(
            is_first=pl.int_range(pl.len()).over("order") == 0,
            late=is_late(pl.col("delivered"), pl.col("promised")).cast(pl.Float64),
            delay=(pl.col("delivered").floor() - pl.col("promised").floor()).clip(-_FAR_DAYS, _FAR_DAYS),
            over=overdue_from(),
        )
    )
    first = told.filter("is_first")
    missed = orders.join(first.select("order", first_known="known"), on="order", how="left").with_columns(
        over=overdue_from()
    )
    missed = missed.filter(pl.col("first_known").is_null() | (pl.col("first_known") > pl.col("over")))
    # An order is known at the very instant it is placed, itself included: what waits is counted with it.
    placed = _events(orders.with_columns(pl.col("ordered") - _JUST_BEFORE), "ordered", pl.lit(1.0))
    return Known(
        outcomes=_joined(
            _events(missed, "over", pl.lit(1.0), pl.lit(1.0)),
            _events(
                told,
                "known",
                (~(pl.col("is_first") & (pl.col("known") > pl.col("over")))).cast(pl.Float64),
                pl.when(pl.col("is_first") & (pl.col("known") > pl.col("over")))
                .then(pl.col("late") - 1.0)
                .otherwise(pl.col("late")),
            ),
        ),
        deliveries=_events(told, "known", pl.lit(1.0), pl.col("delay"), pl.col("delay").abs()),
        placed=placed,
        waiting=_joined(
            placed,
            _events(first.with_columns(_closed()), "known", pl.lit(-1.0)),
        ),
    )


def overdue_from() -> pl.Expr:
    """The instant from which an order without a delivery counts as late; never before it was placed."""
    return pl.max_horizontal(pl.col("promised").floor() + 1.0 + GRACE_DAYS, pl.col("ordered"))


def labels(history: History, until: float) -> "NDArray[np.float64]":
    """1 for each order known at an instant to be late, 0 for in time, NaN where its promise has not yet been judged.

    Only orders whose promise and grace have passed are judged, early arrivals too: else orders that came quickly would
    be over-represented among the newest.
    """
    told = history.deliveries.filter(pl.col("known") < until).group_by("order_id").agg(pl.col("delivered").max())
    found = history.orders.join(told, on="order_id", how="left", maintain_order="left").select(
        label=pl.when(overdue_from() >= until)
        .then(None)
        .when(pl.col("delivered").is_null())
        .then(1.0)
        .otherwise(is_late(pl.col("delivered"), pl.col("promised")).cast(pl.Float64))
    )
    return found["label"].cast(pl.Float64).fill_null(float("nan")).to_numpy(writable=True)


def stock_events(history: History) -> tuple[list[str], Events]:
    """The items counted, and by item how places with stock, the stock and its sum of squares changed when."""
    levels = history.stock.filter(pl.col("on_hand").is_not_null())
    items = levels["item"].unique().sort().to_list()
    on_hand = pl.col("on_hand").clip(lower_bound=0.0)
    counts = levels.with_columns(a=(on_hand > 0).cast(pl.Float64), b=on_hand, c=on_hand**2).sort("at")
    changes = counts.with_columns(
        (pl.col(name) - pl.col(name).shift(1).fill_null(0.0)).over("item", "place") for name in ("a", "b", "c")
    ).with_columns(order=pl.col("item").replace_strict(items, range(len(items)), return_dtype=pl.Int64))
    return items, _events(changes, "at", pl.col("a"), pl.col("b"), pl.col("c"))


def _closed() -> pl.Expr:
    """An order stops waiting once a delivery is known, and not before it was placed."""
    return pl.max_horizontal("known", "ordered").alias("known")


def _events(table: pl.DataFrame, at: str, *values: pl.Expr) -> Events:
    carrier = table["carrier"].to_numpy() if "carrier" in table.columns else np.full(table.height, None)
    named = {f"v{i}": value.cast(pl.Float64) for i, value in enumerate(values)}
    return Events(
        order=table["order"].to_numpy().astype(np.int64),
        at=table[at].cast(pl.Float64).to_numpy(),
        values=table.with_columns(**named).select(*named).to_numpy(),
        carrier=np.asarray(carrier, dtype=object),
    )


def _joined(one: Events, other: Events) -> Events:
    return Events(
        order=np.concatenate([one.order, other.order]),
        at=np.concatenate([one.at, other.at]),
        values=np.concatenate([one.values, other.values]),
        carrier=np.concatenate([one.carrier, other.carrier]),
    )
