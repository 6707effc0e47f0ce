"""The worlds replenishment is measured in: two ways of working out their costs agree, and the model comes close."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.predictions_replenishment import measured
from benchmarks.replenishment_items import draw_item
from benchmarks.replenishment_weeks import cost_of_week, optimum_of_week
from benchmarks.replenishment_worlds import cost_of, optimum


@pytest.mark.parametrize("kind", ["poisson", "lumpy"])
def test_days_all_alike_cost_the_same_by_the_week_and_by_renewal(kind: str) -> None:
    world = draw_item(kind, 1, np.random.default_rng(2), varies=True).world
    week = replace(world, days=np.repeat(world.days, 7, axis=0))
    point, top, least = optimum(world)
    assert optimum_of_week(week) == pytest.approx(least, rel=1e-3)
    for s, up_to in ((point, top), (point - 3, top + 5)):
        assert cost_of_week(week, [s] * 7, [up_to] * 7) == pytest.approx(cost_of(world, s, up_to), rel=1e-3)


def test_a_house_is_measured_for_every_way_and_never_below_the_optimum() -> None:
    found = measured("weekdays", 3, varies=False)
    assert set(found) == {"model", "todays_rule", "normal_and_lot", "past_days"}
    assert all(len(above) == 3 and (above >= -1e-3).all() for above in found.values())
    assert float(found["model"].mean()) < 0.2
