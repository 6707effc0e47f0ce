"""Offsets make quantiles hold what they promise on data like that they were learnt from, and none crosses another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.demand.intervals import LEVELS, apply_offsets, learn_offsets, segments_of, spread


def test_quantiles_that_were_too_narrow_cover_what_they_promise_after_the_offsets() -> None:
    rng = np.random.default_rng(1)
    narrow = spread(np.tile([-0.2, 0.0, 0.2], (20_000, 1)))
    actual, later = rng.normal(size=20_000), rng.normal(size=20_000)
    segments, blocks = rng.integers(0, 3, 20_000), rng.integers(0, 4, 20_000)
    offsets = learn_offsets(actual, narrow, segments, blocks)
    moved = np.empty_like(narrow)
    for block in range(4):
        moved[blocks == block] = apply_offsets(narrow[blocks == block], segments[blocks == block], block, offsets)
    for at, level in enumerate(LEVELS):
        assert (later <= moved[:, at]).mean() == pytest.approx(level, abs=0.01)


def test_a_segment_never_calibrated_takes_the_offsets_of_all() -> None:
    actual, narrow = np.linspace(-1, 1, 500), spread(np.zeros((500, 3)))
    offsets = learn_offsets(actual, narrow, np.zeros(500, dtype=np.int64), np.zeros(500, dtype=np.int64))
    known = apply_offsets(narrow[:1], np.asarray([0]), 0, offsets)
    assert apply_offsets(narrow[:1], np.asarray([5]), 3, offsets) == pytest.approx(known)


def test_segments_tell_how_often_something_is_sold_and_whether_a_promotion_is_planned() -> None:
    share = np.asarray([0.01, 0.3, 0.9, np.nan], dtype=np.float32)
    assert segments_of(share, None).tolist() == [1, 2, 3, 0]
    assert segments_of(share, np.asarray([1, 0, 1, 0], dtype=np.float32)).tolist() == [5, 2, 7, 0]


@pytest.mark.law
@given(
    st.lists(st.tuples(*[st.floats(-5, 5)] * 3), min_size=1, max_size=20),
    st.lists(st.floats(-3, 3), min_size=len(LEVELS), max_size=len(LEVELS)),
)
def test_quantiles_never_cross(rows: list[tuple[float, float, float]], by: list[float]) -> None:
    moved = apply_offsets(spread(np.asarray(rows)), np.zeros(len(rows), dtype=np.int64), 0, {"-1/-1": by})
    assert (np.diff(moved, axis=1) >= 0).all()
