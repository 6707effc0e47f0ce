"""A tiny run: it says how likely an order is late from one number of the order, as all real runs do their work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from ingest.feed_frames import Frames
from models.bundle import Bundle, make_bundle
from training.predictions import metrics
from training.predictions.outcome import Judged, Outcome, Period, Say
from training.predictions.refusals import too_little
from training.predictions.runs import Known

LATER = date(2026, 6, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeRun:
    """Learns nothing: what it says of an order is its chance to be late, to the power of `dullness`."""

    dullness: float = 1.0
    column: str = "chance"

    def __call__(self, frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
        """Judges on the orders after the period's day."""
        say("learning")
        until = period.until or LATER
        orders = frames.frame("sales_orders").filter(pl.col("ordered_at").dt.date() > until)
        if orders.height < 20:
            raise too_little("sla-miss", f"{orders.height} orders after {until}", "at least 20")
        days = orders["ordered_at"].dt.date()
        first, last = days.min(), days.max()
        assert isinstance(first, date)
        assert isinstance(last, date)
        judge = judged_by(orders)
        bundle = make_bundle(
            "sla-miss", features=(self.column,), boosters={}, content={"dullness": self.dullness}, card={"made": "up"}
        )
        model = judge(bundle)
        assert model is not None
        late = orders["x_late"].cast(pl.Float64).to_numpy()
        flat = np.full(len(late), 0.5)
        return Outcome(
            name="sla-miss",
            trained_until=until,
            judged_from=first,
            judged_to=last,
            count=orders.height,
            ways={"model": model, "lane average": _judged(late, flat), "silent": Judged(metrics={"auc": float("nan")})},
            rule="lane average",
            calibration="ece",
            bundle=bundle,
            judge=judge,
            parameters={"dullness": self.dullness},
            plots={"lift": "<svg xmlns='http://www.w3.org/2000/svg'/>"},
            notes=("a random split says 0.99: a leak alarm",),
        )


def judged_by(orders: pl.DataFrame) -> Callable[[Bundle], Judged | None]:
    """Judges any bundle of this kind on these orders."""
    late = orders["x_late"].cast(pl.Float64).to_numpy()
    chance = orders["x_chance"].cast(pl.Float64).to_numpy()

    def judge(bundle: Bundle) -> Judged | None:
        return _judged(late, chance ** bundle.content["dullness"]) if bundle.features == ("chance",) else None

    return judge


def _judged(late: metrics.Floats, said: metrics.Floats) -> Judged:
    return Judged(
        metrics={
            "auc": metrics.auc(late, said),
            "brier": metrics.brier(late, said),
            "ece": metrics.ece(late, said),
        },
        costs=(said - late) ** 2,
    )


def known(run: FakeRun) -> Known:
    """The fake in its place on the list."""
    return Known(learns="how likely an order is late", feeds={"sales_orders": "ordered_at"}, load=lambda: run)
