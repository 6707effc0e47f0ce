"""Quantiles follow a drift: what the last periods missed moves them, and nothing after the origin does."""

from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from models.demand.intervals import LEVELS
from models.demand.panel import Panel, panel_of
from models.demand.recent import Learnt, recent_shift
from tests.models.demand.worlds import FIRST, feed

SHIFT = 0.02


def _panel(*, after: float = 100.0) -> Panel:
    """A hundred series that sell 100 a week up to the 20th and then another amount."""
    rows = [
        (f"I{item:03}", "S", FIRST + timedelta(weeks=week), 100.0 if week <= 20 else after)
        for item in range(100)
        for week in range(26)
    ]
    panel = panel_of(feed(rows))
    assert panel is not None
    return panel


def _said(units: float, panel: Panel, horizons: NDArray[np.int64]) -> Learnt:
    shape = (panel.series, len(horizons))
    return Learnt(
        values=np.full((*shape, len(LEVELS)), np.log(units / 100 + SHIFT), dtype=np.float32),
        base=np.full(shape, 100, dtype=np.float32),
        segments=np.full(shape, 3, dtype=np.int8),
    )


def _moved(panel: Panel, origin: int = 20) -> NDArray[np.float64]:
    return recent_shift(
        panel, origin, first=9, horizon=4, shift=SHIFT, forecast=lambda _, horizons: _said(50, panel, horizons)
    )


def test_levels_that_were_too_low_are_moved_to_what_came_but_for_the_median() -> None:
    moved = _moved(_panel())
    by = 12 / 14 * (np.log(1 + SHIFT) - np.log(0.5 + SHIFT))
    assert moved[0].tolist() == [pytest.approx(0.0 if level == 0.5 else by, abs=1e-5) for level in LEVELS]
    assert not moved[1].any()


def test_what_came_after_the_origin_moves_nothing() -> None:
    np.testing.assert_array_equal(_moved(_panel()), _moved(_panel(after=900.0)))


def test_too_little_known_moves_nothing() -> None:
    assert not _moved(_panel().of(np.arange(5))).any()
