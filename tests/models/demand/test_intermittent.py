"""Croston, SBA and TSB beside the sums on paper, and the count distribution beside SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import geom

from models.demand.intermittent import Rarity, croston_sba, tsb


def test_croston_with_the_correction_smooths_sizes_and_intervals_at_each_demand() -> None:
    quantity = np.asarray([[0, 3, 0, 0, 5, 0]], dtype=np.float32)
    size, interval = 3 + 0.1 * (5 - 3), 2 + 0.1 * (3 - 2)
    assert croston_sba(quantity)[0] == pytest.approx(0.95 * size / interval)


def test_a_series_without_demand_is_expected_to_sell_nothing() -> None:
    quantity = np.zeros((1, 30), dtype=np.float32)
    assert croston_sba(quantity)[0] == 0
    assert tsb(quantity).mean[0] == 0
    assert tsb(quantity).quantiles((0.5, 0.975)).tolist() == [[0, 0]]


def test_an_item_no_longer_wanted_fades() -> None:
    sold = np.tile([0, 4], 20)
    quantity = np.asarray([[*sold, *([0] * n)] for n in (0,)], dtype=np.float32)
    later = np.asarray([[*sold, *([0] * 30)]], dtype=np.float32)
    assert tsb(later).mean[0] < 0.2 * tsb(quantity).mean[0]


def test_unknown_periods_are_passed_over() -> None:
    with_gap = np.asarray([[0, 3, np.nan, 0, np.nan, 2, 0]], dtype=np.float32)
    without = np.asarray([[0, 3, 0, 2, 0]], dtype=np.float32)
    assert tsb(with_gap).mean[0] == pytest.approx(tsb(without).mean[0])
    assert croston_sba(with_gap)[0] == pytest.approx(croston_sba(without)[0])


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_quantiles_are_those_of_nothing_or_a_geometric_number(level: float) -> None:
    rarity = Rarity(probability=np.asarray([0.3]), size=np.asarray([4.0]))
    units = np.arange(0, 200)
    cumulated = 0.7 + 0.3 * geom.cdf(units, 1 / 4.0)
    assert rarity.quantiles((level,))[0, 0] == units[np.argmax(cumulated >= level - 1e-12)]


@pytest.mark.law
@given(st.floats(0, 1), st.floats(0, 500))
def test_quantiles_never_cross_and_are_never_negative(probability: float, size: float) -> None:
    found = Rarity(probability=np.asarray([probability]), size=np.asarray([size])).quantiles((0.05, 0.5, 0.9, 0.99))
    assert (np.diff(found) >= 0).all() and (found >= 0).all()
