"""Small made-up demand feeds for tests."""

from datetime import date, timedelta

import numpy as np
import polars as pl

FIRST = date(2025, 1, 6)
SCHEMA = {
    "item_id": pl.String,
    "location_id": pl.String,
    "date": pl.Date,
    "quantity": pl.Float64,
    "unit_price": pl.Float64,
    "on_promotion": pl.Boolean,
    "returned": pl.Float64,
    "stocked_out": pl.Boolean,
}
Row = tuple[str, str, date, float]


def feed(rows: list[Row]) -> pl.DataFrame:
    """A demand feed of rows with item, place, day and quantity alone."""
    return pl.DataFrame([(*row, None, None, None, None) for row in rows], schema=SCHEMA, orient="row")


def daily_feed(*, items: int = 12, days: int = 120, seed: int = 0) -> pl.DataFrame:
    """Items sold at one place on days with demand, more at the end of the week, some of them seldom."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(items):
        rate = 0.1 if item % 3 == 0 else 4.0 + item
        for day in range(item, days):
            at = FIRST + timedelta(days=day)
            sold = rng.poisson(rate * (1.5 if at.isoweekday() >= 5 else 0.8))
            if sold or day == item:
                rows.append((f"I{item:02}", "S1", at, float(sold), 2.0 + item, None, None, None))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def weekly_feed(*, items: int = 4, places: int = 5, weeks: int = 60, seed: int = 0) -> pl.DataFrame:
    """Items at places with a price and a promotion each week; a promotion doubles what is sold."""
    rng = np.random.default_rng(seed)
    rows = []
    for week in range(weeks):
        for item in range(items):
            promoted = bool(rng.random() < 0.25)
            price = (2.0 + item) * (0.8 if promoted else 1.0)
            for place in range(places):
                mean = (30 + 10 * item + 5 * place) * (2.0 if promoted else 1.0)
                sold = float(rng.poisson(mean))
                rows.append((f"I{item}", f"S{place}", FIRST + timedelta(weeks=week), sold, price, promoted, None, None))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
