"""The cheapest levels, against stockpyl's exact search and against the exact cost of worlds that are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmarks.replenishment_worlds import World, cost_of, negative_binomial, optimum, pmf_of
from models.replenishment.levels import Costs, best_levels

PRICES = ((5.0, 4.0, 6.0), (64.0, 9.0, 3.0), (20.0, 19.0, 1.5), (1.0, 49.0, 8.0))


def world(mean: float, spread: float = 1.0, lead: int = 0, *, order: float = 20.0, short: float = 9.0) -> World:
    costs = Costs(holding=1.0, short=short, order=order)
    return World(kind="one", days=negative_binomial(mean, spread)[None, :], lead=np.eye(lead + 1)[lead], costs=costs)


@pytest.mark.parametrize(("order", "short", "mean"), PRICES)
def test_the_known_optimum_is_the_one_stockpyl_finds(order: float, short: float, mean: float) -> None:
    exact = pytest.importorskip("stockpyl.ss").s_s_discrete_exact
    s, top, cost = exact(1, short, order, True, mean)
    found = optimum(world(mean, order=order, short=short))
    assert found[:2] == (s, top)
    assert found[2] == pytest.approx(cost, rel=1e-6)


@pytest.mark.parametrize(("order", "short", "mean"), PRICES)
def test_levels_from_simulated_demand_cost_no_more_than_a_hundredth_above_the_optimum(
    order: float, short: float, mean: float
) -> None:
    one = world(mean, 2.5, 6, order=order, short=short)
    rng = np.random.default_rng(7)
    days = one.history(7 * 4_000, rng).reshape(4_000, 7)
    found = best_levels(days.sum(axis=1), days[:, 0], one.costs)
    cost = cost_of(one, int(found.reorder_point), int(found.order_up_to))
    assert cost <= 1.01 * optimum(one)[2]
    assert found.cost == pytest.approx(cost, rel=0.05)
    assert found.holding_cost + found.order_cost + found.stockout_cost == pytest.approx(found.cost)


def test_the_exact_cost_is_what_a_long_walk_through_the_days_costs() -> None:
    one = World(
        kind="one",
        days=pmf_of(stats.poisson, 3.0)[None, :],
        lead=np.asarray([0, 0, 0, 1.0]),
        costs=Costs(holding=1.0, short=9.0, order=30.0),
    )
    s, top, cost = optimum(one)
    on_hand, due, spent = float(top), [0.0, 0.0, 0.0], 0.0
    demand = one.history(60_000, np.random.default_rng(3))
    for wanted in demand:
        position = on_hand + sum(due)
        ordered = top - position if position <= s else 0.0
        due.append(ordered)
        on_hand += due.pop(0) - wanted
        spent += 30.0 * (ordered > 0) + max(on_hand, 0.0) + 9.0 * max(-on_hand, 0.0)
    assert spent / len(demand) == pytest.approx(cost, rel=0.02)


@pytest.mark.law
@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    mean=st.floats(0.05, 40),
    spread=st.floats(0.05, 20),
    order=st.floats(0, 2_000),
    short=st.floats(0.5, 50),
    more=st.floats(1.0, 5.0),
)
def test_a_higher_cost_of_being_short_never_lowers_the_reorder_point(
    *, seed: int, mean: float, spread: float, order: float, short: float, more: float
) -> None:
    rng = np.random.default_rng(seed)
    days = rng.poisson(rng.gamma(mean / spread, spread, (300, 8))).astype(float)
    lead, day = days.sum(axis=1), days[:, 0]
    low, high = (best_levels(lead, day, Costs(holding=1, short=at, order=order)) for at in (short, short * more))
    assert high.reorder_point >= low.reorder_point
    assert high.cost >= low.cost - 1e-9


def test_without_any_demand_nothing_is_kept() -> None:
    nothing = np.zeros(50)
    found = best_levels(nothing, nothing, Costs(holding=1, short=19, order=0))
    assert (found.reorder_point, found.stockout_cost) == (-1, 0)
    assert found.order_up_to <= 1
