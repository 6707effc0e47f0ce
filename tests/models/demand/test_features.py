"""Features know nothing of what came after their origin."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from models.demand.features import feature_names, feature_rows
from models.demand.panel import Panel, panel_of
from tests.models.demand.worlds import FIRST, daily_feed, feed, weekly_feed

HORIZONS = np.asarray([1, 2, 4])


def _columns(panel: Panel, origin: int) -> NDArray[np.float32]:
    return np.stack([rows.columns for rows in feature_rows(panel, origin, HORIZONS)])


@pytest.mark.parametrize(("rows", "origin"), [(daily_feed(), 60), (weekly_feed(), 30)])
def test_demand_after_the_origin_changes_no_feature(rows: pl.DataFrame, origin: int) -> None:
    panel = panel_of(rows)
    assert panel is not None
    cut = panel.day(origin)
    later = pl.col("date") > cut
    invented = rows.with_columns(pl.when(later).then(pl.col("quantity") * 7 + 999).otherwise(pl.col("quantity")))
    changed = panel_of(invented)
    assert changed is not None
    np.testing.assert_array_equal(_columns(panel, origin), _columns(changed, origin))


def test_prices_after_the_origin_change_no_feature_where_they_are_not_planned() -> None:
    rows = daily_feed()
    panel = panel_of(rows)
    assert panel is not None
    price = pl.when(pl.col("date") > panel.day(60)).then(99.0).otherwise(pl.col("unit_price"))
    changed = panel_of(rows.with_columns(price.alias("unit_price")))
    assert changed is not None
    np.testing.assert_array_equal(_columns(panel, 60), _columns(changed, 60))


@pytest.mark.parametrize(("rows", "origin"), [(daily_feed(), 60), (weekly_feed(), 30)])
def test_an_item_that_begins_after_the_origin_changes_no_feature_of_the_others(rows: pl.DataFrame, origin: int) -> None:
    panel = panel_of(rows)
    assert panel is not None
    day = panel.day(origin + panel.step_days)
    newcomer = feed([("ZZ", rows["location_id"][0], day + timedelta(days=panel.step_days * n), 50.0) for n in range(3)])
    with_it = panel_of(pl.concat([rows, newcomer.with_columns(unit_price=1.0)]))
    assert with_it is not None and with_it.series == panel.series + 1
    np.testing.assert_allclose(_columns(panel, origin), _columns(with_it, origin)[:, :-1], rtol=1e-5)


def test_serving_from_history_alone_makes_the_features_of_training() -> None:
    rows = daily_feed()
    whole = panel_of(rows)
    assert whole is not None
    known = panel_of(rows, until=whole.day(60), ahead=4)
    assert known is not None
    chosen = [whole.items.index(item) for item in known.items]
    np.testing.assert_allclose(_columns(known, 60), _columns(whole, 60)[:, chosen], rtol=1e-5)


def test_every_column_has_a_name() -> None:
    panel = panel_of(weekly_feed().with_columns(pl.lit("0.5").alias("x_none"), pl.col("quantity").alias("x_feature")))
    assert panel is not None and sorted(panel.extras) == ["x_feature"]
    assert _columns(panel, 20).shape[2] == len(feature_names(panel))


def test_a_horizon_the_panel_does_not_reach_is_refused() -> None:
    panel = panel_of(weekly_feed(weeks=10))
    assert panel is not None
    with pytest.raises(ValueError, match="ahead"):
        _columns(panel, 8)


def test_all_zero_and_one_day_series_have_a_level_above_nothing() -> None:
    rows = feed([("A", "S", FIRST + timedelta(days=n), 0.0) for n in range(20)] + [("B", "S", FIRST, 3.0)])
    panel = panel_of(rows)
    assert panel is not None
    made = next(feature_rows(panel, 10, np.asarray([1])))
    assert (made.base > 0).all() and np.isfinite(made.base).all()
