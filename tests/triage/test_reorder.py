"""Today's rule for replenishment: what it averages, when it orders, and the same figures from pandas and scipy."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from core.erp import DemandDay
from tests.triage.builders import AS_OF
from tests.triage.order_builders import inbound
from tests.triage.replenishment_builders import planned_item, rate, replenishment_rules, stocked
from triage.planning_policy import ReorderRule
from triage.reorder import demand_rate, recommendation_of, reorder, safety_stock
from triage.replenishment_facts import DemandRate

SINCE, UNTIL = date(2026, 10, 24), date(2026, 11, 23)


def rule(**changes: Any) -> ReorderRule:
    return replenishment_rules().rule.model_copy(update=changes)


def demand(*quantities: str | int, first: date = SINCE, **more: Any) -> list[DemandDay]:
    """Days one after another; None-like days are written as 0."""
    return [
        DemandDay(
            item_id="A", location_id="WH1", date=first + timedelta(days=number), quantity=Decimal(quantity), **more
        )
        for number, quantity in enumerate(quantities)
    ]


def averaged(days: Sequence[DemandDay], since: date = SINCE, until: date = UNTIL) -> DemandRate:
    found = demand_rate("A", "WH1", days, since=since, until=until)
    assert found is not None
    return found


def whole(*numbers: Decimal | int) -> tuple[int, ...]:
    """Whole numbers as such; anything else would not be equal to itself."""
    assert all(number == int(number) for number in numbers)
    return tuple(map(int, numbers))


def test_a_day_without_a_row_is_a_day_without_demand() -> None:
    found = averaged(demand(15, 0, 15))
    assert whole(found.days, found.mean_daily) == (30, 1)


def test_days_out_of_stock_say_nothing_of_what_was_wanted() -> None:
    days = [*demand(4, 4), *demand(1, 0, first=SINCE + timedelta(days=2), stocked_out=True)]
    found = averaged(days, until=SINCE + timedelta(days=4))
    assert whole(found.days, found.mean_daily, found.deviation_daily) == (2, 4, 0)


def test_one_day_of_demand_has_a_mean_and_no_deviation() -> None:
    found = averaged(demand(7), until=SINCE + timedelta(days=1))
    assert whole(found.days, found.mean_daily, found.deviation_daily) == (1, 7, 0)


def test_no_days_at_all_are_no_rate() -> None:
    assert demand_rate("A", "WH1", [], since=SINCE, until=SINCE) is None
    out = demand(0, stocked_out=True)
    assert demand_rate("A", "WH1", out, since=SINCE, until=SINCE + timedelta(days=1)) is None


def test_demand_of_nothing_orders_nothing() -> None:
    found = reorder(averaged([]), planned_item(), stocked(0), (), rule())
    assert whole(found.reorder_point, found.order_up_to, found.quantity) == (0, 0, 0)


def test_more_returned_than_wanted_is_no_negative_demand() -> None:
    assert averaged(demand(-30)).mean_daily == 0


def test_the_rule_orders_at_the_point_and_up_to_the_level() -> None:
    # 4 a day × 5 days + 3 days' safety: 32; up to 7 days more: 60.
    days = rule(safety="days", safety_days=3)
    at = reorder(rate(4, 2), planned_item(), stocked(40, allocated=Decimal(8)), (), days)
    assert whole(at.position, at.reorder_point, at.order_up_to, at.quantity) == (32, 32, 60, 28)
    above = reorder(rate(4, 2), planned_item(), stocked(33), (), days)
    assert above.quantity == 0


def test_goods_on_order_count_once_whoever_tells_of_them() -> None:
    coming = (inbound(8),)
    for there in (stocked(10), stocked(10, on_order=Decimal(5)), stocked(10, on_order=Decimal(8))):
        assert reorder(rate(), planned_item(), there, coming, rule()).position == 18
    assert reorder(rate(), planned_item(), stocked(10, on_order=Decimal(20)), coming, rule()).position == 30


def test_the_policys_lead_time_stands_in_for_a_missing_one_and_says_so() -> None:
    item = planned_item(lead_time_days=None)
    found = reorder(rate(), item, stocked(0), (), rule())
    assert (found.lead_time_days, found.lead_time_known) == (14, False)
    reason = recommendation_of(found, item, rule(), AS_OF).reason
    assert reason is not None
    assert "lead time 14 days (the policy's; the item has none)" in reason


def test_a_recommendation_says_what_it_rests_on() -> None:
    item, days = planned_item(), rule(safety="days", safety_days=3)
    found = reorder(rate(4, 2), item, stocked(10, allocated=Decimal(1)), (inbound(6),), days)
    made = recommendation_of(found, item, days, AS_OF)
    assert made.reason == (
        "On hand 10, allocated 1, on order 6: position 15 against a reorder point of 32 (4 a day over 91 days × lead "
        "time 5 days + safety stock 12, 3 days); up to 60, 7 days more."
    )
    assert (int(made.quantity), made.supplier_id, made.needed_by) == (45, "S1", date(2026, 11, 26))


@pytest.mark.parametrize(("on_hand", "needed"), [(-3, 0), (0, 0), (4, 1), (10_000, 12)])
def test_it_is_needed_when_stock_runs_out(on_hand: int, needed: int) -> None:
    found = reorder(rate(4, 2), planned_item(), stocked(on_hand), (), rule())
    made = recommendation_of(found, planned_item(), rule(), AS_OF)
    assert made.needed_by == AS_OF.date() + timedelta(days=needed)


def test_lumpy_quantities_are_ordered_in_whole_units() -> None:
    assert reorder(rate("0.3", 0), planned_item(), stocked(0), (), rule(cover_days=1)).quantity == 2  # 1.8


@pytest.mark.law
@settings(max_examples=300, deadline=None, database=None)
@given(
    st.lists(st.tuples(st.integers(0, 29), st.decimals(0, 500, places=2), st.integers(0, 9)), max_size=30),
    st.integers(0, 60),
    st.sampled_from(["0.5", "0.9", "0.95", "0.999"]),
    st.integers(-20, 2_000),
)
def test_the_rule_is_what_pandas_and_scipy_say(
    rows: list[tuple[int, Decimal, int]], lead_time: int, level: str, on_hand: int
) -> None:
    unique = {SINCE + timedelta(days=number): (quantity, out == 0) for number, quantity, out in rows}
    days = [
        DemandDay(item_id="A", location_id="WH1", date=day, quantity=quantity, stocked_out=out)
        for day, (quantity, out) in unique.items()
    ]
    found = demand_rate("A", "WH1", days, since=SINCE, until=UNTIL)
    calendar = pd.Series(0.0, index=pd.date_range(SINCE, UNTIL, inclusive="left"))
    for day, (quantity, out) in unique.items():
        calendar[pd.Timestamp(day)] = None if out else float(quantity)
    known = calendar.dropna()
    if found is None:
        assert known.empty
        return
    mean, deviation = known.mean(), known.std() if len(known) > 1 else 0.0
    assert float(found.mean_daily) == pytest.approx(mean, abs=1e-6)
    assert float(found.deviation_daily) == pytest.approx(deviation, abs=2e-6)
    safety = norm.ppf(float(level)) * deviation * lead_time**0.5
    assert float(safety_stock(found, lead_time, rule(service_level=Decimal(level)))) == pytest.approx(safety, abs=1e-2)
    ordered = reorder(
        found, planned_item(lead_time_days=lead_time), stocked(on_hand), (), rule(service_level=Decimal(level))
    )
    point = mean * lead_time + safety
    assert float(ordered.reorder_point) == pytest.approx(point, abs=2e-2)
    if abs(on_hand - point) > 0.1:
        expected = point + 7 * mean - on_hand if on_hand <= point else 0
        assert float(ordered.quantity) == pytest.approx(max(0, expected), abs=1.1)


@pytest.mark.law
@settings(max_examples=300, deadline=None, database=None)
@given(st.integers(0, 50), st.integers(0, 20), st.integers(-50, 500), st.integers(0, 300))
def test_ordering_what_the_rule_says_leaves_nothing_more_to_order(mean: int, dev: int, there: int, more: int) -> None:
    first = reorder(rate(mean, dev), planned_item(), stocked(there), (), rule(cover_days=1))
    again = reorder(rate(mean, dev), planned_item(), stocked(there, on_order=first.quantity), (), rule(cover_days=1))
    assert again.quantity == 0 or mean == 0 == dev
    richer = reorder(rate(mean, dev), planned_item(), stocked(there + more), (), rule(cover_days=1))
    assert richer.quantity <= first.quantity
