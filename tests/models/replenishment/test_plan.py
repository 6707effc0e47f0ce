"""A plan: the same each time, monotone where it must be, and in words where there is none."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.replenishment.history import Day, Weekdays
from models.replenishment.learnt import Learnt
from models.replenishment.plan import NoPlan, plan
from tests.models.replenishment.builders import LEARNT, TERMS, TODAY, counted, days_of, plan_facts, planned

quantities = st.lists(st.integers(0, 60), min_size=20, max_size=120).filter(any)


def test_planning_again_gives_the_same_plan_and_another_day_other_draws() -> None:
    assert planned() == planned()
    tomorrow = planned(today=TODAY + timedelta(days=1))
    assert tomorrow.forecast != planned().forecast
    assert tomorrow.forecast == pytest.approx(planned().forecast, rel=0.1)


def test_a_plan_says_what_is_forecast_until_an_order_can_be_felt() -> None:
    found = planned()
    mean = np.mean([day.quantity for day in counted()])
    assert found.forecast == pytest.approx(7 * mean, rel=0.05)
    assert found.forecast_high > found.forecast
    assert found.quantity == found.order_up_to - 10
    assert 0.93 < found.service_level < 0.99
    assert found.in_money and found.stockout_cost > 0


def test_position_above_the_reorder_point_orders_nothing() -> None:
    assert planned(position=10_000.0).quantity == 0
    assert planned(position=10_000.0).risk == 0.0


@pytest.mark.law
@settings(deadline=None, max_examples=25)
@given(wanted=quantities, low=st.integers(-50, 400), more=st.integers(0, 400))
def test_more_on_hand_never_increases_the_order(wanted: list[int], low: int, more: int) -> None:
    found = [plan(plan_facts(demand=days_of(wanted), position=float(at)), LEARNT, TERMS) for at in (low, low + more)]
    orders = [0 if isinstance(one, NoPlan) else one.quantity for one in found]
    assert orders[1] <= orders[0]


@pytest.mark.law
@settings(deadline=None, max_examples=25)
@given(wanted=quantities, level=st.floats(0.5, 0.97), more=st.floats(0, 0.029))
def test_a_higher_service_level_never_lowers_the_reorder_point(wanted: list[int], level: float, more: float) -> None:
    points = [
        planned(terms=replace(TERMS, service_level=at), demand=days_of(wanted)).reorder_point
        for at in (level, level + more)
    ]
    assert points[1] >= points[0]


@pytest.mark.law
@settings(deadline=None, max_examples=15)
@given(rows=st.permutations(counted(40)))
def test_the_order_of_rows_changes_nothing(rows: list[Day]) -> None:
    assert planned(demand=tuple(rows)) == planned(demand=counted(40))


def test_demand_of_days_to_come_changes_nothing() -> None:
    later = tuple(Day(date=TODAY + timedelta(days=at), quantity=500.0) for at in range(30))
    assert planned(demand=(*counted(), *later)) == planned()


@pytest.mark.parametrize(
    ("demand", "word"),
    [
        ((), "nothing was wanted"),
        (days_of([0] * 90), "nothing was wanted"),
        (days_of([5]), "only 1 days"),
        (days_of([5] * 13), "only 13 days"),
        (days_of([-4] * 90), "nothing was wanted"),
    ],
)
def test_too_little_history_is_left_to_todays_rule_in_words(demand: tuple[Day, ...], word: str) -> None:
    found = plan(plan_facts(demand=demand), LEARNT, TERMS)
    assert isinstance(found, NoPlan)
    assert word in found.why


def test_strange_rows_are_told() -> None:
    strange = (*counted(), Day(date=date(2026, 11, 2), quantity=3.0), Day(date=date(2026, 8, 1), quantity=-7.0))
    found = planned(demand=strange)
    assert len(found.notes) == 2
    assert "told of twice" in found.notes[0]
    assert "less than nothing" in found.notes[1]


def test_days_out_of_stock_do_not_lower_the_forecast() -> None:
    empty = tuple(replace(day, quantity=0.0, stocked_out=True) for day in counted()[::3])
    others = tuple(day for day in counted() if day.date not in {one.date for one in empty})
    assert planned(demand=(*empty, *others)).forecast > 0.9 * planned().forecast


def test_without_a_unit_cost_levels_are_found_all_the_same_and_not_called_money() -> None:
    found = planned(unit_cost=None)
    assert not found.in_money
    assert (found.reorder_point, found.order_up_to) == (planned().reorder_point, planned().order_up_to)


def test_an_item_told_of_by_the_week_is_planned_by_the_week() -> None:
    rows = tuple(Day(date=TODAY - timedelta(days=7 * back), quantity=70.0 + back % 3) for back in range(1, 40))
    found = planned(demand=rows, learnt=Learnt(priors={}, window_days=364))
    assert found.mean_daily == pytest.approx(10.0, rel=0.1)
    assert found.forecast == pytest.approx(71.0, rel=0.1)


def test_an_item_sold_by_fractions_is_planned_in_fractions() -> None:
    found = planned(demand=days_of([0.25, 0.5, 0.0] * 30))
    assert found.mean_daily == pytest.approx(0.25, rel=0.15)


def test_a_forecast_moves_the_plan() -> None:
    assert planned(coming=(10.0,) * 14).forecast == pytest.approx(70.0, rel=0.05)
    assert planned(coming=(10.0,) * 2).forecast == pytest.approx(70.0, rel=0.05)


def test_weekdays_count_where_the_house_has_them() -> None:
    week = [0, 0, 0, 0, 10, 30, 0]
    rows = days_of([week[(at + 0) % 7] for at in range(91)])
    house = Weekdays(shares=(0.02, 0.02, 0.02, 0.02, 1.7, 5.2, 0.02), likeness=50.0)
    known = Learnt(priors={}, weekdays=house)
    one_day = replace(plan_facts().lead, days=(1,), chances=(1.0,))
    monday = planned(known, demand=rows, lead=one_day, today=TODAY)
    friday = planned(known, demand=rows, lead=one_day, today=TODAY + timedelta(days=4), until=TODAY)
    assert monday.forecast < 3
    assert friday.forecast > 30
