"""Confidences are probabilities: bounded, monotone in what speaks for a value, and measured by their error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.calibration import (
    HIGHEST,
    LOWEST,
    SIGNALS,
    Confidence,
    expected_calibration_error,
    interpolate,
)

UNIT = st.floats(min_value=0, max_value=1)
SIGNAL = st.floats(min_value=-8, max_value=8)


@pytest.mark.law
@given(st.lists(SIGNAL, min_size=len(SIGNALS), max_size=len(SIGNALS)))
def test_a_confidence_is_never_quite_nothing_or_certain(signals: list[float]) -> None:
    assert LOWEST <= Confidence().of(signals) <= HIGHEST


@pytest.mark.law
@given(st.lists(SIGNAL, min_size=len(SIGNALS), max_size=len(SIGNALS)), st.floats(min_value=0, max_value=5))
def test_a_higher_score_never_lowers_a_confidence(signals: list[float], more: float) -> None:
    raised = [signals[0] + more, *signals[1:]]
    confidence = Confidence(knots=((0.1, 0.2), (0.5, 0.5), (0.9, 0.97)))
    assert confidence.of(raised) >= confidence.of(signals)


@pytest.mark.law
@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=8, unique_by=lambda k: k[0]), UNIT)
def test_a_table_never_leaves_what_was_observed(knots: list[tuple[float, float]], x: float) -> None:
    ordered = sorted(knots)
    assert min(y for _, y in knots) - 1e-9 <= interpolate(ordered, x) <= max(y for _, y in knots) + 1e-9


def test_values_read_from_images_have_their_own_table() -> None:
    confidence = Confidence(
        weights=(1.0,) + (0.0,) * (len(SIGNALS) - 1), knots=((0, 0.9), (1, 0.9)), knots_ocr=((0, 0.4), (1, 0.4))
    )
    signals = dict.fromkeys(SIGNALS, 0.0)
    assert confidence.of(list(signals.values())) == pytest.approx(0.9, abs=0.01)
    assert confidence.of(list((signals | {"ocr": 1.0}).values())) == pytest.approx(0.4, abs=0.01)


def test_values_beyond_the_table_are_still_put_in_order() -> None:
    confidence = Confidence(weights=(1.0,) + (0.0,) * (len(SIGNALS) - 1), knots=((0.5, 0.6), (0.9, 0.98)))
    answers = [confidence.of([score, *[0.0] * (len(SIGNALS) - 1)]) for score in (3.0, 5.0, 8.0)]
    assert answers == sorted(answers)
    assert len(set(answers)) == 3


def test_calibration_error_is_the_distance_from_what_was_promised() -> None:
    assert expected_calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0.0)
    assert expected_calibration_error([0.95] * 4, [False] * 4) == pytest.approx(0.95)
    assert expected_calibration_error([], []) == 0.0


def test_a_confidence_survives_its_json() -> None:
    confidence = Confidence(
        bias=-1.5, weights=tuple(float(i) for i in range(len(SIGNALS))), knots=((0.1, 0.2), (0.9, 0.95))
    )
    assert Confidence.from_json(confidence.to_json()) == confidence
