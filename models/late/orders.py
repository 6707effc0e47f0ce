"""Turns orders and their lines into one row an order, and shipments into deliveries with the instant they got known.

Instants are days since 1970 in UTC, with fractions: a plain number to subtract. A row of the feeds without a promise or
without a day of ordering never gets here; the feeds refuse it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

WORDS = ("country", "region", "service", "channel", "place", "supplier", "item", "category", "carrier")
"""What an order is known by, beside the house's own `x_…` columns."""
_SECONDS_A_DAY = 86_400
_NO_STOCK = pl.DataFrame(schema={"item": pl.String, "place": pl.String, "at": pl.Float64, "on_hand": pl.Float64})


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the feeds tell, as a model of late orders looks at it.

    Attributes:
        orders: one row an order (`order_id ordered promised`, `WORDS`, `lines suppliers places quantity value weight
            unit_price`, `x_…`), by day of ordering.
        deliveries: one row a delivery (`order_id delivered known carrier`).
        stock: one row a count (`item place at on_hand`).
    """

    orders: pl.DataFrame
    deliveries: pl.DataFrame
    stock: pl.DataFrame = field(default_factory=lambda: _NO_STOCK)


def history_of(feed: Callable[[str], pl.DataFrame]) -> History:
    """The history in the feeds, each fetched by its name."""
    return History(
        orders=order_rows(feed("sales_orders"), feed("sales_order_lines")),
        deliveries=delivery_rows(feed("shipments")),
        stock=stock_rows(feed("stock_levels")),
    )


def order_rows(orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """One row an order: its own facts, sums over its lines, and of the line worth most what and whose it is."""
    of_lines = _line_rows(lines)
    own = orders.select(
        "order_id",
        day("ordered_at").alias("ordered"),
        day("promised_at").alias("promised"),
        pl.col("ship_to_country").alias("country"),
        pl.col("ship_to_region").alias("region"),
        "service",
        "channel",
        "order_value",
        *(name for name in orders.columns if name.startswith("x_") and name not in of_lines.columns),
    )
    return (
        own.join(of_lines, on="order_id", how="left")
        .with_columns(
            pl.coalesce("order_value", "line_value").alias("value"), pl.lit(None, dtype=pl.String).alias("carrier")
        )
        .drop("order_value", "line_value")
        .sort("ordered", "order_id")
    )


def delivery_rows(shipments: pl.DataFrame) -> pl.DataFrame:
    """Shipments that arrived, with the instant that became known: when recorded, and never before it happened."""
    arrived = shipments.filter(pl.col("delivered_at").is_not_null())
    return arrived.select(
        "order_id",
        day("delivered_at").alias("delivered"),
        pl.max_horizontal(day("delivered_at"), day("recorded_at")).alias("known"),
        "carrier",
    ).sort("known", "order_id", "delivered")


def stock_rows(levels: pl.DataFrame) -> pl.DataFrame:
    """Counts of stock, oldest first."""
    return levels.select(
        pl.col("item_id").alias("item"), pl.col("location_id").alias("place"), day("as_of").alias("at"), "on_hand"
    ).sort("at", "item", "place")


def day(column: str) -> pl.Expr:
    """An instant as days since 1970."""
    return pl.col(column).dt.epoch("us") / (_SECONDS_A_DAY * 1e6)


def is_late(delivered: pl.Expr, promised: pl.Expr) -> pl.Expr:
    """Whether a delivery came after its promise; by days where either of the two is told without a time of day."""
    is_day = (delivered == delivered.floor()) | (promised == promised.floor())
    return pl.when(is_day).then(delivered.floor() > promised.floor()).otherwise(delivered > promised)


def own_columns(orders: pl.DataFrame) -> Sequence[str]:
    """The house's own columns, sorted."""
    return sorted(name for name in orders.columns if name.startswith("x_"))


def _line_rows(lines: pl.DataFrame) -> pl.DataFrame:
    worth = (pl.col("quantity") * pl.col("unit_price")).fill_null(0.0)
    first = pl.all().sort_by(worth, pl.col("line_number"), descending=[True, False]).first()
    own = [name for name in lines.columns if name.startswith("x_")]
    best = (
        lines.select("order_id", "line_number", "quantity", "unit_price", *_RENAMED.keys(), *own)
        .group_by("order_id")
        .agg(first)
        .drop("line_number", "quantity")
        .rename(dict(_RENAMED))
    )
    sums = lines.group_by("order_id").agg(
        pl.len().cast(pl.Float64).alias("lines"),
        pl.col("supplier_id").n_unique().cast(pl.Float64).alias("suppliers"),
        pl.col("fulfil_location_id").n_unique().cast(pl.Float64).alias("places"),
        pl.col("quantity").sum(),
        _sum_or_none(pl.col("weight_kg")).alias("weight"),
        _sum_or_none(pl.col("quantity") * pl.col("unit_price")).alias("line_value"),
    )
    return best.join(sums, on="order_id")


_RENAMED = {"fulfil_location_id": "place", "supplier_id": "supplier", "item_id": "item", "category": "category"}


def _sum_or_none(values: pl.Expr) -> pl.Expr:
    return pl.when(values.is_not_null().any()).then(values.sum()).otherwise(None)
