"""The new date for a customer: from late orders of the like that were known, with an interval that holds."""

from datetime import date, timedelta

import numpy as np

from models.late.delays import Delays
from tests.models.late.world import date_of, day_of, frames, history, line, order, shipment


def _house(delays: list[int], *, late_told: int = 0) -> Delays:
    orders = [order(f"O{i}", i, i + 10) for i in range(len(delays))]
    shipments = [shipment(f"O{i}", i + 10 + late) for i, late in enumerate(delays)]
    of = history(frames(orders, [line(f"O{i}") for i in range(len(delays))], shipments))
    return Delays(of, day_of(len(delays) + 40 - late_told))


def test_the_interval_holds_as_often_as_it_says_on_orders_it_has_not_seen() -> None:
    draw = np.random.default_rng(1)
    held = []
    for _ in range(60):
        *seen, new = (int(days) for days in draw.geometric(0.15, 61))
        told = _house(seen).new_date({"promised": day_of(500), "supplier": "S1", "country": "Spain"})
        assert told is not None
        held.append(told.earliest <= date_of(500) + timedelta(days=new) <= told.latest)
    assert np.mean(held) >= 0.85


def test_an_order_late_already_is_among_those_that_came_later_still() -> None:
    delays = _house([1, 2, 3, 10, 11, 12] * 15)
    row = {"promised": day_of(125), "supplier": "S1", "country": "Spain"}
    told = delays.new_date(row)
    assert told is not None and told.earliest >= date_of(130) and told.likely == date_of(125 + 11)
    assert "45 late orders of supplier S1 and to Spain" in told.based_on


def test_what_is_alike_is_widened_until_enough_is_known_and_else_no_day_is_named() -> None:
    other = {"promised": day_of(900), "supplier": "S9", "country": "Peru"}
    known = _house([4] * 30).new_date(other)
    assert known is not None and "this house" in known.based_on and isinstance(known.likely, date)
    assert _house([4] * 10).new_date(other) is None
    assert _house([-1] * 50).new_date(other) is None
