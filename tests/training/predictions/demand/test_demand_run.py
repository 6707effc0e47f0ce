"""The demand run learns from one period and is judged on a later one, beside the rules of planners."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from core.errors import InputError
from ingest.feed_frames import FolderFrames
from models.demand.forecast import Forecaster
from models.demand.panel import panel_of
from tests.models.demand.worlds import FIRST, daily_feed, feed, weekly_feed
from training.predictions.demand.run import train
from training.predictions.outcome import Outcome, Period


@dataclass(frozen=True)
class Feeds:
    """A demand feed, and no other."""

    demand: pl.DataFrame
    empty: FolderFrames

    def frame(self, feed: str) -> pl.DataFrame:
        return self.demand if feed == "demand" else self.empty.frame(feed)


@pytest.fixture
def empty(tmp_path: Path) -> FolderFrames:
    return FolderFrames(tmp_path)


def _train(rows: pl.DataFrame, empty: FolderFrames, **period: Any) -> Outcome:
    return train(Feeds(rows, empty), Period(**period), seed=0, say=lambda _: None)


def test_planned_promotions_are_forecast_better_than_by_any_rule(empty: FolderFrames) -> None:
    outcome = _train(weekly_feed(), empty)
    model = outcome.ways["model"].metrics
    assert all(model["wape"] < 0.7 * way.metrics["wape"] for name, way in outcome.ways.items() if name != "model")
    assert 0.85 < model["coverage_95"] <= 1
    assert {len(way.costs) for way in outcome.ways.values()} == {20}
    assert outcome.trained_until < outcome.judged_from <= outcome.judged_to
    assert set(outcome.plots) == {"pinball_by_horizon", "backtest"}


def test_the_champion_is_judged_on_the_same_periods_and_another_grid_is_not(empty: FolderFrames) -> None:
    weekly, daily = _train(weekly_feed(), empty), _train(daily_feed(), empty)
    again = weekly.judge(weekly.bundle)
    assert again is not None
    assert again.metrics == weekly.ways["model"].metrics
    assert weekly.judge(daily.bundle) is None


def test_what_comes_after_the_day_changes_nothing_that_is_learnt(empty: FolderFrames) -> None:
    rows, until = daily_feed(), FIRST + timedelta(days=90)
    quantity = pl.when(pl.col("date") > until).then(77.0).otherwise(pl.col("quantity"))
    invented = rows.with_columns(quantity.alias("quantity"))
    assert _train(rows, empty, until=until).bundle.version == _train(invented, empty, until=until).bundle.version


def test_only_the_days_asked_for_are_judged(empty: FolderFrames) -> None:
    until = FIRST + timedelta(days=80)
    outcome = _train(daily_feed(), empty, until=until, evaluate_to=until + timedelta(days=7))
    assert (outcome.trained_until, outcome.judged_from) == (until, until + timedelta(days=1))
    assert outcome.judged_to == until + timedelta(days=7)
    assert outcome.count == 12 * 7


def test_forecasts_never_cross_and_new_items_sell_like_those_before_them(empty: FolderFrames) -> None:
    bundle = _train(daily_feed(), empty).bundle
    newcomer = feed([("ZZ", "S1", FIRST + timedelta(days=119), 1.0)])
    panel = panel_of(pl.concat([daily_feed(), newcomer]), ahead=28)
    assert panel is not None
    forecast = Forecaster(bundle).forecast(panel, 110, np.arange(1, 29))
    assert (np.diff(forecast.values, axis=2) >= 0).all()
    assert (forecast.values >= 0).all() and np.isfinite(forecast.values).all()
    assert (forecast.routes[-1] == 2).all() and (forecast.routes[:-1] < 2).all()


@pytest.mark.parametrize(
    ("rows", "period", "code"),
    [
        (feed([]), {}, "TRAIN-FEED-EMPTY"),
        (feed([("A", "S", FIRST, 1.0)]), {}, "TRAIN-TOO-LITTLE"),
        (daily_feed(), {"until": FIRST - timedelta(days=1)}, "TRAIN-PERIOD"),
        (daily_feed(), {"until": FIRST + timedelta(days=500)}, "TRAIN-PERIOD"),
    ],
)
def test_a_feed_that_cannot_be_learnt_from_is_refused_in_words(
    rows: pl.DataFrame, period: dict[str, Any], code: str, empty: FolderFrames
) -> None:
    with pytest.raises(InputError) as refused:
        _train(rows, empty, **period)
    assert refused.value.code == code
