"""Features of late orders: nothing of the future, the same for training and serving, and conservative on odd input."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnavailableError
from models.late.features import feature_names, feature_rows, keys_of
from models.late.known import known_of, labels
from models.late.orders import History
from models.late.state import State
from models.late.sums import sums_before, sums_now
from tests.models.late.world import START, day_of, frames, history, house, line, order, shipment

HOUSE = history(house(400))
KEYS = keys_of(HOUSE)


def _at(days: float) -> float:
    return day_of(days)


def test_facts_of_the_future_change_no_feature() -> None:
    now = _at(300)
    asked = HOUSE.orders.filter(pl.col("ordered") <= now)
    past = History(
        orders=asked,
        deliveries=HOUSE.deliveries.filter(pl.col("known") < now),
        stock=HOUSE.stock.filter(pl.col("at") < now),
    )
    future = History(
        orders=pl.concat([HOUSE.orders, HOUSE.orders.with_columns(order_id=pl.col("order_id") + "x", ordered=now + 1)]),
        deliveries=pl.concat(
            [
                HOUSE.deliveries,
                asked.select("order_id", delivered="promised", known=pl.lit(now + 0.1), carrier=pl.lit("C9")),
            ]
        ),
        stock=pl.concat([HOUSE.stock, HOUSE.stock.with_columns(at=now + 2, on_hand=pl.lit(9e9))]),
    )
    at = np.full(asked.height, now)
    np.testing.assert_allclose(
        feature_rows(past, asked, at, KEYS), feature_rows(future, asked, at, KEYS), rtol=1e-9, atol=1e-9
    )


def test_labels_of_the_future_are_not_known() -> None:
    now = _at(300)
    later = HOUSE.deliveries.filter(pl.col("known") >= now)
    without = History(orders=HOUSE.orders, deliveries=HOUSE.deliveries.filter(pl.col("known") < now))
    assert later.height
    np.testing.assert_array_equal(labels(HOUSE, now), labels(without, now))


def test_serving_sees_what_training_saw() -> None:
    now = _at(500.5)
    asked = HOUSE.orders.filter(pl.col("ordered") <= now)
    trained = feature_rows(HOUSE, asked, np.full(asked.height, now), KEYS)
    state = State(HOUSE, KEYS, now)
    np.testing.assert_allclose(state.rows(asked), trained, rtol=1e-9, atol=1e-9)
    alone = np.array([state.row(row) for row in asked.to_dicts()])
    np.testing.assert_allclose(alone, trained, rtol=1e-9, atol=1e-9)


def test_a_word_never_seen_is_scored_as_the_house() -> None:
    state = State(HOUSE, KEYS, _at(500))
    new = {**HOUSE.orders.row(0, named=True), "supplier": "S99", "country": "Mars", "x_incoterm": None}
    row = dict(zip(feature_names(KEYS), state.row(new), strict=True))
    assert row["late_long:supplier"] == row["delay_days:supplier+country"] == row["week:country"] == 0.0


def test_feeds_without_a_column_it_was_trained_on_are_refused_by_name() -> None:
    with pytest.raises(UnavailableError, match="x_incoterm") as refused:
        State(History(orders=HOUSE.orders.drop("x_incoterm"), deliveries=HOUSE.deliveries), KEYS, _at(500))
    assert refused.value.code == "MODEL-COLUMNS"


def test_no_history_at_all_still_makes_features() -> None:
    empty = history(frames([], [], []))
    one = history(frames([order("O1", 5, 9)], [line("O1")], []))
    row = State(one, (("supplier",),), _at(6)).row(one.orders.row(0, named=True))
    assert feature_rows(empty, one.orders, np.array([_at(6)]), (("supplier",),)).shape == (1, len(row))


def test_an_order_is_late_once_its_promise_and_grace_have_passed_unseen_and_a_late_record_puts_it_right() -> None:
    late_told = shipment("O1", 8, recorded_at=START + timedelta(days=20))
    of = history(frames([order("O1", 1, 9), order("O2", 1, 30)], [line("O1"), line("O2")], [late_told]))
    assert np.isnan(labels(of, _at(12)))[0] and labels(of, _at(13.5))[0] == 1.0 and labels(of, _at(21))[0] == 0.0
    outcomes = known_of(of).outcomes
    first = outcomes.order == 0
    assert outcomes.values[first & (outcomes.at < _at(20))].sum(axis=0).tolist() == [1.0, 1.0]
    assert outcomes.values[first].sum(axis=0).tolist() == [1.0, 0.0]


def test_a_day_without_a_time_counts_as_the_whole_day() -> None:
    made = [(9, 9.9), (9, 10.0), (9.5, 9.6), (9.5, 9.4)]
    orders = [order(f"O{i}", 1, promised) for i, (promised, _) in enumerate(made)]
    of = history(
        frames(orders, [line(f"O{i}") for i in range(4)], [shipment(f"O{i}", at) for i, (_, at) in enumerate(made)])
    )
    assert labels(of, _at(40)).tolist() == [0.0, 1.0, 1.0, 0.0]


def test_several_shipments_are_late_by_the_last_and_lines_are_told_by_the_one_worth_most() -> None:
    lines = [line("O1", supplier_id="S1"), line("O1", line_number="2", supplier_id="S2", quantity=50.0)]
    of = history(frames([order("O1", 1, 9)], lines, [shipment("O1", 8), shipment("O1", 12, shipment_id="T2")]))
    assert labels(of, _at(11)).tolist() != [0.0] and labels(of, _at(20)).tolist() == [1.0]
    row = of.orders.row(0, named=True)
    assert (row["supplier"], row["lines"], row["suppliers"], row["quantity"]) == ("S2", 2.0, 2.0, 55.0)


def test_stock_at_several_places_is_more_spread_than_all_at_one() -> None:
    counts = [("I1", "P1", 0, 10.0), ("I1", "P2", 0, 10.0), ("I2", "P1", 0, 20.0), ("I1", "P2", 5, 0.0)]
    levels = [
        {"item_id": item, "location_id": place, "as_of": START + timedelta(days=day), "on_hand": on_hand}
        for item, place, day, on_hand in counts
    ]
    of = history(frames([order("O1", 1, 9)], [line("O1")], [], levels))
    names = feature_names(())
    two, one, none = (
        dict(zip(names, State(of, (), _at(at)).row({**of.orders.row(0, named=True), "item": item}), strict=True))
        for at, item in ((3, "I1"), (6, "I1"), (3, "I9"))
    )
    assert (two["stock_places"], two["stock_spread"]) == (2.0, 0.5)
    assert (one["stock_places"], one["stock_spread"]) == (1.0, 0.0)
    assert np.isnan(none["stock_places"])


_EVENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2_000), st.floats(-5, 5)), min_size=1, max_size=40)


@pytest.mark.law
@given(_EVENTS, st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2_500)), min_size=1, max_size=10), st.booleans())
@settings(deadline=None, max_examples=60)
def test_sums_before_an_instant_are_what_adding_up_one_by_one_gives(
    events: list[tuple[int, int, float]], asked: list[tuple[int, int]], decays: bool
) -> None:
    keys, at, values = (np.array(column) for column in zip(*events, strict=True))
    half_life = 120.0 if decays else None
    found = sums_before(
        keys,
        at.astype(float),
        values[:, None],
        np.array([k for k, _ in asked]),
        np.array([float(t) for _, t in asked]),
        half_life_days=half_life,
    )
    by_hand = [
        sum(v * (0.5 ** ((t - e) / 120.0) if decays else 1.0) for k, e, v in events if k == key and e < t)
        for key, t in asked
    ]
    np.testing.assert_allclose(found[:, 0], by_hand, rtol=1e-6, atol=1e-6)
    now = float(asked[0][1])
    at_once = sums_now(keys, at.astype(float), values[:, None], count=5, now=now, half_life_days=half_life)
    np.testing.assert_allclose(at_once[asked[0][0], 0], by_hand[0], rtol=1e-6, atol=1e-6)
