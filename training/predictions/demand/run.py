"""Trains the demand model on what was known on a day, and judges it beside planners' rules on what came after it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from core.errors import InputError
from ingest.feed_frames import Frames
from models.bundle import Bundle
from models.demand.forecast import Forecaster
from models.demand.panel import Panel, panel_of
from training.predictions.demand.fit import learn, settings_for
from training.predictions.demand.judge import (
    RULE,
    Origins,
    judged,
    model_said,
    rolling_origins,
    rules_said,
)
from training.predictions.demand.pictures import backtest, pinball_by_horizon
from training.predictions.demand.samples import HORIZON
from training.predictions.machines import machines
from training.predictions.outcome import Judged, Outcome, Period, Say

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HELD_OUT_SHARE = 0.25


def train(frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
    """Learns from the demand feed up to a day and forecasts from every week after it.

    Trees and offsets know nothing after `period.until`; a forecast from a later origin sees the demand up to that
    origin, as it would have been made then.

    Raises:
        InputError: `TRAIN-FEED-EMPTY`, `TRAIN-PERIOD` or `TRAIN-TOO-LITTLE`.
    """
    demand = frames.frame("demand")
    if demand.is_empty():
        raise InputError(
            "TRAIN-FEED-EMPTY",
            "The feed demand holds no rows: there is nothing to learn demand from.",
            "Load it: clearhold feed demand FILE; or name a folder with its files: --feeds DIR.",
        )
    feeds = {name: frames.frame(name) for name in ("items", "locations", "events")}
    until, evaluate_to = _days(demand, period)
    known = _panel(demand, feeds, until)
    whole = _panel(demand, feeds, evaluate_to)
    if known is None or whole is None:
        raise InputError(
            "TRAIN-PERIOD",
            f"The feed demand has no row until {until}.",
            "Choose a later day for --until, or load earlier rows.",
        )
    last = known.periods - 1
    say(f"{known.series:,} series of {known.periods:,} periods until {until}")
    settings = settings_for(known)
    try:
        with machines() as where:
            bundle, facts = learn(known, last, settings, where, seed=seed)
    except ValueError as error:
        raise InputError(
            "TRAIN-TOO-LITTLE",
            f"There is too little demand until {until} to learn from: {error}.",
            "Load more history, or choose a later day.",
        ) from error
    origin = whole.period(known.day(last))
    origins = rolling_origins(whole, origin, whole.periods - 1)
    if not origins.at:
        raise InputError(
            "TRAIN-PERIOD",
            f"The feed demand has nothing after {until} to be judged on.",
            "Choose an earlier day for --until, or load later rows.",
        )
    say(f"judging from {len(origins.at)} origins")
    price = _prices(whole, origin, feeds["items"])
    forecaster = Forecaster(bundle)
    said = model_said(forecaster, whole, origins)
    rules = rules_said(whole, origins)
    ways = {"model": judged(whole, origins, said, price)}
    ways |= {name: judged(whole, origins, rule, price) for name, rule in rules.items()}
    return Outcome(
        name="demand",
        trained_until=until,
        judged_from=whole.day(origin + 1),
        judged_to=whole.day(whole.periods - 1),
        count=_count(whole, origins),
        ways=_with_honesty(ways),
        rule=RULE,
        calibration="coverage_gap",
        bundle=bundle,
        judge=lambda other: _judge(other, whole, origins, price),
        parameters={**facts, "seed": seed},
        plots={
            "pinball_by_horizon": pinball_by_horizon(whole, origins, {"model": said, **rules}),
            "backtest": backtest(whole, origins, forecaster, said),
        },
        notes=(*known.notes, *_assumptions(known)),
    )


def _days(demand: pl.DataFrame, period: Period) -> tuple[date, date]:
    """The last day that may be known and the last that is judged; a quarter is set aside where none is named."""
    first, last = _day(demand["date"].min()), _day(demand["date"].max())
    evaluate_to = min(period.evaluate_to or last, last)
    if period.until is not None:
        return period.until, evaluate_to
    return first + timedelta(days=round((evaluate_to - first).days * (1 - _HELD_OUT_SHARE))), evaluate_to


def _day(found: object) -> date:
    assert isinstance(found, date)
    return found


def _panel(demand: pl.DataFrame, feeds: dict[str, pl.DataFrame], until: date) -> Panel | None:
    return panel_of(demand, items=feeds["items"], locations=feeds["locations"], events=feeds["events"], until=until)


def _prices(panel: Panel, origin: int, items: pl.DataFrame) -> "NDArray[np.float64]":
    """Money a unit of each series: the item's, else the mean of what was paid until the origin, else 1."""
    named = dict(zip(items["item_id"].to_list(), items["unit_price"].to_list(), strict=True))
    paid = panel.price[:, : origin + 1]
    known = ~np.isnan(paid)
    mean = np.where(known, paid, 0).sum(1, dtype=np.float64) / np.maximum(known.sum(1), 1)
    return np.asarray([named.get(item) or mean[at] or 1.0 for at, item in enumerate(panel.items)], dtype=np.float64)


def _judge(bundle: Bundle, panel: Panel, origins: Origins, price: "NDArray[np.float64]") -> Judged | None:
    """Another demand bundle on the same periods; None where it does not fit them."""
    forecaster = Forecaster(bundle)
    if forecaster.misfit(panel) is not None:
        return None
    found = judged(panel, origins, model_said(forecaster, panel, origins), price)
    return _with_honesty({"model": found})["model"]


def _with_honesty(ways: dict[str, Judged]) -> dict[str, Judged]:
    """Each with the distance of its coverage from the 95 % it promises."""
    return {
        name: Judged(
            metrics={**way.metrics, "coverage_gap": abs(way.metrics["coverage_95"] - 0.95)},
            costs=way.costs,
        )
        for name, way in ways.items()
    }


def _count(panel: Panel, origins: Origins) -> int:
    return sum(
        int((~np.isnan(panel.quantity[:, origin + horizons]) & (panel.seen <= origin)[:, None]).sum())
        for origin, horizons in origins.at
    )


def _assumptions(panel: Panel) -> tuple[str, ...]:
    horizon = HORIZON[panel.step_days]
    if panel.is_planned:
        return (
            f"Price, promotion and x_… columns of the {horizon} weeks forecast are taken as a plan known beforehand.",
        )
    return ("Nothing but the calendar is taken as known of the days forecast.",)
