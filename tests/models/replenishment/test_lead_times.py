"""Lead times from receipts: what is overdue makes them longer, the master record stands in where nothing came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.replenishment.lead_times import Delivery, LeadTimes, lead_times


def came(*days: int, own: bool = True) -> list[Delivery]:
    return [Delivery(own=own, shares=((day, 1.0),)) for day in days]


def chance(found: LeadTimes, day: int) -> float:
    return dict(zip(found.days, found.chances, strict=True)).get(day, 0.0)


def test_without_receipts_the_master_record_and_then_the_policy_stand_in() -> None:
    assert lead_times([], master_days=9, else_days=14).days == (9,)
    unknown = lead_times([], master_days=None, else_days=14)
    assert (unknown.days, unknown.is_known, unknown.lines) == ((14,), False, 0)


def test_receipts_outweigh_the_master_record_the_more_there_are() -> None:
    few, many = (lead_times(came(*[12] * count), master_days=5, else_days=14) for count in (2, 20))
    assert 5 < few.mean < many.mean < 12
    assert chance(few, 12) == pytest.approx(0.4)


def test_a_line_that_comes_in_parts_counts_once() -> None:
    found = lead_times([Delivery(own=True, shares=((4, 0.5), (8, 0.5)))], master_days=None, else_days=14)
    assert found.chances == pytest.approx((0.5, 0.5))
    over = lead_times([Delivery(own=True, shares=((4, 3.0), (8, 1.0)))], master_days=None, else_days=14)
    assert over.days == (4,)


def test_what_is_still_open_goes_where_later_lines_went_and_else_beyond_its_age() -> None:
    known = came(3, 10, 20)
    found = lead_times([*known, Delivery(own=True, shares=(), open_days=9)], master_days=None, else_days=14)
    assert found.chances == pytest.approx((1 / 4, 3 / 8, 3 / 8))
    overdue = lead_times([*known, Delivery(own=True, shares=(), open_days=40)], master_days=None, else_days=14)
    assert chance(overdue, 41) == pytest.approx(0.25)


def test_other_items_of_a_supplier_count_for_so_many_lines_at_the_most() -> None:
    found = lead_times([*came(*[30] * 500, own=False), *came(*[10] * 20)], master_days=None, else_days=14)
    assert chance(found, 10) == pytest.approx(0.5)


def test_a_receipt_before_its_order_counts_for_nothing() -> None:
    assert lead_times([Delivery(own=True, shares=((-3, 1.0),))], master_days=7, else_days=14).days == (7,)


deliveries = st.lists(
    st.builds(
        Delivery,
        own=st.booleans(),
        shares=st.lists(st.tuples(st.integers(0, 60), st.floats(0.1, 1)), max_size=2).map(tuple),
        open_days=st.none() | st.integers(0, 90),
    ),
    max_size=12,
)


@pytest.mark.law
@given(lines=deliveries, age=st.integers(0, 200))
def test_an_open_order_never_makes_lead_times_shorter(lines: list[Delivery], age: int) -> None:
    before = lead_times(lines, master_days=8, else_days=14)
    with_one = lead_times([*lines, Delivery(own=True, shares=(), open_days=age)], master_days=8, else_days=14)
    assert with_one.mean >= before.mean - 1e-9
    assert sum(with_one.chances) == pytest.approx(1.0)


@pytest.mark.law
@given(lines=deliveries.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_lines_changes_nothing(lines: tuple[list[Delivery], list[Delivery]]) -> None:
    one, other = (lead_times(rows, master_days=8, else_days=14) for rows in lines)
    assert one.days == other.days
    assert one.chances == pytest.approx(other.chances)
