"""Calibration: a probability is a share that can be counted, and a higher score never means a lower one."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibration import (
    BetaCalibration,
    StepCalibration,
    calibration_from_json,
    fit_beta,
    fit_steps,
)

_LABELLED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def _world(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores that say twice the odds of what happens."""
    chance = np.random.default_rng(seed)
    true = chance.beta(1, 6, count)
    odds = 2 * true / (1 - true)
    return odds / (1 + odds), (chance.random(count) < true).astype(float)


@pytest.mark.parametrize("fit", [fit_beta, fit_steps])
def test_a_score_that_says_twice_the_odds_is_put_right(fit: object) -> None:
    found = fit(*_world(1, 20_000))  # type: ignore[operator]
    scores, happened = _world(2, 20_000)
    said = found.apply(scores)
    assert abs(said.mean() - happened.mean()) < 0.01
    for low, high in ((0.0, 0.1), (0.1, 0.2), (0.2, 0.4)):
        among = (said >= low) & (said < high)
        assert abs(said[among].mean() - happened[among].mean()) < 0.02


def test_three_numbers_agree_with_an_independent_logistic_regression() -> None:
    sklearn = pytest.importorskip("sklearn.linear_model")
    scores, happened = _world(3, 5_000)
    columns = np.column_stack([np.log(scores), -np.log1p(-scores)])
    other = sklearn.LogisticRegression(C=1e6, tol=1e-8, max_iter=1000).fit(columns, happened)
    found = fit_beta(scores, happened)
    assert np.allclose(found.apply(scores), other.predict_proba(columns)[:, 1], atol=5e-3)


def test_steps_without_a_prior_agree_with_an_independent_isotonic_regression() -> None:
    sklearn = pytest.importorskip("sklearn.isotonic")
    scores, happened = _world(4, 2_000)
    found = fit_steps(scores, happened, prior=0.0)
    other = sklearn.IsotonicRegression(out_of_bounds="clip").fit(scores, happened)
    assert np.abs(found.apply(scores) - other.predict(scores)).mean() < 0.02


def test_one_score_is_the_same_alone_as_among_many() -> None:
    found = BetaCalibration(up=0.8, down=1.3, base=-0.4)
    scores = np.linspace(0, 1, 41)
    assert np.allclose([found.one(float(score)) for score in scores], found.apply(scores), atol=1e-12)


def test_no_labels_leave_the_score_as_it_is() -> None:
    for found in (fit_beta([], []), fit_steps([], [])):
        assert found.apply([0.0, 0.2, 1.0]) == pytest.approx([0.0, 0.2, 1.0], abs=1e-5)


def test_a_few_labels_of_one_kind_never_say_certain() -> None:
    for found in (fit_beta([0.2, 0.3], [1, 1]), fit_beta([0.2, 0.3], [1, 1], equal_slopes=True)):
        assert 0.0 < found.apply([0.99])[0] < 1.0


@pytest.mark.law
@given(_LABELLED, st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_higher_score_never_means_a_lower_probability(labelled: list[tuple[float, bool]], steps: bool) -> None:
    scores, happened = zip(*labelled, strict=True)
    found: BetaCalibration | StepCalibration = fit_steps(scores, happened) if steps else fit_beta(scores, happened)
    said = found.apply(np.linspace(0, 1, 101))
    assert np.all(np.diff(said) >= -1e-12) and np.all((said >= 0) & (said <= 1))


@pytest.mark.law
@given(_LABELLED, st.booleans())
@settings(deadline=None, max_examples=40)
def test_a_calibration_comes_back_from_json_as_it_was(labelled: list[tuple[float, bool]], steps: bool) -> None:
    scores, happened = zip(*labelled, strict=True)
    found = fit_steps(scores, happened) if steps else fit_beta(scores, happened)
    assert calibration_from_json(json.loads(json.dumps(found.to_json()))) == found
