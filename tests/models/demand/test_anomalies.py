"""Odd actuals are found, named for what they are and graded by money; what is usual is let be."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import norm

from models.demand.anomalies import Anomaly, find_anomalies, surprises, within_budget
from models.demand.intervals import LEVELS
from models.demand.panel import Panel, panel_of
from models.demand.predict import doubts, forecast_of
from models.demand.reasons import reasons_of, words_of
from tests.models.demand.worlds import FIRST, feed

WEEKS, JUDGED = 40, 4


def _steady(sold: float = 100.0, *, last: list[float] | None = None, out: list[bool] | None = None) -> pl.DataFrame:
    """One series of about as much each week, with other last weeks; and four more that stay as they are."""
    rng = np.random.default_rng(0)
    rows = []
    for series in range(5):
        amounts = list(rng.normal(sold, sold / 20, WEEKS).round())
        if series == 0 and last is not None:
            amounts[-len(last) :] = last
        for week, amount in enumerate(amounts):
            is_out = series == 0 and out is not None and week >= WEEKS - len(out) and out[week - WEEKS]
            day = FIRST + timedelta(weeks=week)
            rows.append((f"I{series}", "S", day, float(amount), 2.0, False, None, is_out or None))
    return pl.DataFrame(rows, schema=feed([]).schema, orient="row")


def _found(rows: pl.DataFrame) -> tuple[Panel, tuple[Anomaly, ...]]:
    """What stands for more than small change: of 20 usual weeks, one lies outside a 95 % interval."""
    panel = panel_of(rows)
    assert panel is not None
    forecast = forecast_of(None, panel, JUDGED).forecast
    return panel, tuple(one for one in find_anomalies(panel, forecast, np.full(panel.series, 2.0)) if one.amount > 30)


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ([100, 100, 500, 100], "spike"),
        ([100, 100, 10, 100], "drop"),
        ([100, 230, 220, 240], "level_shift"),
        ([100, 100, 0, 0], "zero_though_forecast"),
    ],
)
def test_each_kind_is_named_for_what_it_is(last: list[float], kind: str) -> None:
    panel, found = _found(_steady(last=last))
    assert [(one.series, one.kind.value) for one in found] == [(0, kind)]
    assert words_of(found[0]).endswith(".")
    assert reasons_of(panel, forecast_of(None, panel, JUDGED).forecast, found[0])


def test_money_is_price_times_the_units_beyond_the_interval() -> None:
    _, (spike,) = _found(_steady(last=[100, 100, 500, 100]))
    assert spike.amount == pytest.approx(2 * (500 - spike.high))
    assert (spike.first, spike.last) == (WEEKS - 2, WEEKS - 2)


def test_usual_demand_is_let_be() -> None:
    assert _found(_steady())[1] == ()


def test_a_stockout_that_hid_demand_is_told_apart_from_one_in_which_as_much_was_sold() -> None:
    _, found = _found(_steady(last=[100, 100, 5, 0], out=[False, False, True, True]))
    assert [(one.series, one.kind.value) for one in found] == [(0, "stockout_masking_demand")]
    assert found[0].amount == pytest.approx(2 * (200 - 5), rel=0.15)
    assert _found(_steady(last=[100, 100, 96, 98], out=[False, False, True, True]))[1] == ()


def test_demand_for_an_item_that_had_ended_is_unexpected() -> None:
    rows = _steady(last=[0.0] * 33 + [80.0, 0.0, 0.0])
    _, found = _found(rows)
    assert [(one.series, one.kind.value) for one in found] == [(0, "demand_though_none_expected")]


def test_a_planner_gets_the_dearest_and_no_more_than_there_is_time_for() -> None:
    panel = panel_of(_steady(last=[100, 100, 500, 100]))
    assert panel is not None
    forecast = forecast_of(None, panel, JUDGED).forecast
    one = find_anomalies(panel, forecast, np.full(5, 2.0))[0]
    many = [
        Anomaly(
            series=n, first=one.first, last=one.last, kind=one.kind, actual=1, expected=1, low=0, high=0, surprise=3,
            amount=float(n),
        )
        for n in range(10)
    ]  # fmt: skip
    kept = within_budget(many, lambda series: "even" if series % 2 == 0 else "odd", 2)
    assert [at.series for at in kept] == [9, 8, 7, 6]


def _normal_values(mean: float, spread: float) -> NDArray[np.float32]:
    """Quantiles of log1p(demand) that is normal."""
    values: NDArray[np.float32] = np.expm1(norm.ppf(LEVELS, mean, spread)).astype(np.float32)
    return values[None, None, :]


@pytest.mark.parametrize("z", [-3.0, -1.0, 0.0, 0.3, 1.5, 4.0])
def test_surprise_is_the_normal_number_where_the_logarithm_is_normal(z: float) -> None:
    actual = np.asarray([[np.expm1(4.0 + 0.5 * z)]], dtype=np.float32)
    assert surprises(actual, _normal_values(4.0, 0.5))[0, 0] == pytest.approx(z, abs=0.08)


def test_nothing_sold_where_nothing_is_likely_surprises_nobody() -> None:
    values = np.zeros((1, 1, len(LEVELS)), dtype=np.float32)
    assert abs(surprises(np.zeros((1, 1), dtype=np.float32), values)[0, 0]) < 1e-6
    assert surprises(np.asarray([[5.0]], dtype=np.float32), values)[0, 0] > 2


@pytest.mark.law
@given(st.floats(0, 1e5), st.floats(0, 1e5), st.lists(st.floats(0, 1e4), min_size=7, max_size=7))
def test_more_demand_is_never_less_surprising_upward(one: float, other: float, levels: list[float]) -> None:
    low, high = sorted((one, other))
    values = np.sort(np.asarray(levels, dtype=np.float32))[None, None, :]
    at = surprises(np.asarray([[low], [high]], dtype=np.float32), np.repeat(values, 2, axis=0))
    assert at[0, 0] <= at[1, 0] + 1e-6


def test_doubtful_series_are_told_in_words() -> None:
    rows = feed(
        [("ZERO", "S", FIRST + timedelta(days=n), 0.0) for n in range(60)]
        + [("ONE", "S", FIRST + timedelta(days=40), 3.0)]
        + [("NEW", "S", FIRST + timedelta(days=55), 3.0)]
    )
    panel = panel_of(rows)
    assert panel is not None
    said = {item: doubts(panel, 40, at) for at, item in enumerate(panel.items)}
    assert "never sold" in said["ZERO"][0] and "one day" in said["ONE"][0] and "nothing is known" in said["NEW"][0]
    forecast = forecast_of(None, panel, 19, origin=40).forecast
    assert np.isfinite(forecast.values).all() and (np.diff(forecast.values, axis=2) >= 0).all()
