"""How long demand takes and how much memory: real online retail, and made-up feeds of a thousand to 100,000 series.

Each is measured in a process of its own, on one thread, from the feed as columns to 28 days forecast for all series.
"""

import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from benchmarks.predictions_section import Section
from benchmarks.real_feeds import real_feeds
from ingest.feed_frames import FolderFrames
from models.demand.forecast import Forecaster
from models.demand.panel import panel_of
from training.predictions.demand.fit import learn, settings_for
from training.predictions.demand.samples import HORIZON
from training.predictions.machines import ThisMachine
from training.predictions.pictures import lines_svg

FEEDS = real_feeds()
SIZES = (1_000, 10_000, 100_000)
_DAYS = 365
_PART = 10_000
_TEXT = """From the feed as columns to a trained model with its offsets and 28 days of quantiles for every series, on
one thread of one process. Others used the machine too: processor time is what a free core takes by the clock, and the
time by the clock stands beside it. Training draws about 110,000 rows, from at most 20,000 series of whole items;
forecasts are made for all, which is what grows. The growth curve is made-up demand, a third of it seldom sold."""


def made_up(series: int, seed: int = 0) -> pl.DataFrame:
    """A year of daily demand with weekdays and seasons, a third of the items seldom sold; rows only where sold."""
    rng = np.random.default_rng(seed)
    first = date(2025, 1, 1)
    parts = []
    for start in range(0, series, _PART):
        count = min(_PART, series - start)
        rate = np.exp(rng.normal(0, 1.2, count)) * np.where(rng.random(count) < 1 / 3, 0.05, 1)
        week = np.tile([0.9, 0.9, 1, 1, 1.2, 1.4, 0.6], _DAYS // 7 + 1)[:_DAYS]
        year = 1 + 0.3 * np.sin(2 * np.pi * (np.arange(_DAYS) / 365 + rng.random(count)[:, None]))
        sold = rng.poisson(rate[:, None] * week * year).astype(np.float32)
        sold[:, 0] = np.maximum(sold[:, 0], 1)
        at, day = np.nonzero(sold)
        number = start + at
        parts.append(
            pl.DataFrame(
                {
                    "item_id": pl.Series((number // 20).astype(np.int32)),
                    "location_id": pl.Series((number % 20).astype(np.int32)),
                    "day": day.astype(np.int32),
                    "quantity": sold[at, day],
                }
            )
        )
    frame = pl.concat(parts)
    return frame.select(
        pl.format("I{}", pl.col("item_id").cast(pl.String).str.zfill(6)).alias("item_id"),
        pl.format("S{}", pl.col("location_id").cast(pl.String).str.zfill(2)).alias("location_id"),
        (pl.lit(first) + pl.duration(days=pl.col("day"))).cast(pl.Date).alias("date"),
        pl.col("quantity").cast(pl.Float64),
        pl.lit(None, dtype=pl.Float64).alias("unit_price"),
        pl.lit(None, dtype=pl.Boolean).alias("on_promotion"),
        pl.lit(None, dtype=pl.Boolean).alias("stocked_out"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a run took: processor seconds, seconds by the clock, gigabytes at the most; and how many series it had."""

    seconds: float
    clock: float
    gigabytes: float
    series: int

    def row(self, what: str) -> str:
        """A row of the table."""
        return f"| {what} | {self.seconds:.0f} s | {self.clock:.0f} s | {self.gigabytes:.1f} GB |"


def measure(what: str) -> Taken:
    """Runs in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.predictions_scale", what], check=True, capture_output=True, text=True
    )
    seconds, clock, gigabytes, series = done.stdout.strip().splitlines()[-1].split()
    return Taken(seconds=float(seconds), clock=float(clock), gigabytes=float(gigabytes), series=int(series))


def _one(what: str) -> None:
    """Trains on all but nothing held back, and forecasts the next 28 days of every series."""
    demand = FolderFrames(FEEDS / "online_retail").frame("demand") if what == "retail" else made_up(int(what))
    import lightgbm  # noqa: F401 - what is measured is the work, not the first import

    started, worked = time.perf_counter(), time.process_time()
    panel = panel_of(demand, ahead=HORIZON[1])
    assert panel is not None
    del demand
    last = panel.periods - 1 - HORIZON[1]
    bundle, _ = learn(panel, last, settings_for(panel), ThisMachine(), seed=0)
    forecast = Forecaster(bundle).forecast(panel, last, np.arange(1, HORIZON[1] + 1))
    assert np.isfinite(forecast.values).all()
    clock, seconds = time.perf_counter() - started, time.process_time() - worked
    print(seconds, clock, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, panel.series)


def section(sizes: tuple[int, ...] = SIZES) -> Section:
    """Measures the real feed and each size."""
    retail = measure("retail")
    grown = {size: measure(str(size)) for size in sizes}
    rows = [retail.row(f"online_retail, {retail.series:,} series with demand × 274 days")]
    rows += [found.row(f"{size:,} × {_DAYS} days") for size, found in grown.items()]
    text = "\n\n".join(
        [
            _TEXT,
            "\n".join(["| | processor | clock | memory at most |", "|---|---|---|---|", *rows]),
            "![time by number of series](img/predictions_scale.svg)",
        ]
    )
    line = [(float(size), found.seconds) for size, found in grown.items()]
    picture = lines_svg(
        {"train and forecast": line}, title="Demand, 365 days", across="series", up="processor seconds", is_log=True
    )
    largest = grown[max(sizes)]
    return Section(
        title="Demand at scale",
        text=text,
        figures={
            "retail_s": retail.seconds,
            "retail_gb": retail.gigabytes,
            "series_100k_min": largest.seconds / 60,
            "series_100k_gb": largest.gigabytes,
        },
        pictures={"predictions_scale.svg": picture},
    )


def main() -> None:
    """One size in this process, or the whole section."""
    if len(sys.argv) > 1:
        _one(sys.argv[1])
        return
    found = section()
    print(found.text)
    print("RESULT " + " ".join(f"{name}={value:.4f}" for name, value in found.figures.items()))


if __name__ == "__main__":
    main()
