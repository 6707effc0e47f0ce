"""Metrics against scikit-learn, pandas and the calibration error that confidences are held against."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, mean_pinball_loss, roc_auc_score, top_k_accuracy_score

from extraction.calibration import expected_calibration_error
from training.predictions import metrics

_JUDGED = st.lists(st.tuples(st.booleans(), st.integers(0, 20).map(lambda step: step / 20)), min_size=1, max_size=60)
_SOLD = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=40)


@pytest.mark.law
@given(_JUDGED)
def test_auc_and_brier_are_those_of_scikit_learn_ties_and_all(judged: list[tuple[bool, float]]) -> None:
    truth, said = (list(column) for column in zip(*judged, strict=True))
    assert metrics.brier(truth, said) == pytest.approx(brier_score_loss(truth, said))
    if len(set(truth)) == 2:
        assert metrics.auc(truth, said) == pytest.approx(roc_auc_score(truth, said))
    else:
        assert math.isnan(metrics.auc(truth, said))


@pytest.mark.law
@given(_JUDGED)
def test_the_calibration_error_is_the_one_confidences_are_held_against(judged: list[tuple[bool, float]]) -> None:
    truth, said = (list(column) for column in zip(*judged, strict=True))
    assert metrics.ece(truth, said) == pytest.approx(expected_calibration_error(said, truth), abs=1e-12)


def test_the_calibration_error_is_that_of_pandas_own_bins() -> None:
    draw = np.random.default_rng(5)
    said = draw.random(5_000)
    truth = draw.random(5_000) < said**2
    edges = pd.cut(said, [number / 10 for number in range(11)], include_lowest=True)
    groups = pd.DataFrame({"said": said, "truth": truth}).groupby(edges, observed=True)
    gaps = (groups["said"].mean() - groups["truth"].mean()).abs() * groups.size() / len(said)
    assert metrics.ece(truth, said) == pytest.approx(gaps.sum())


@pytest.mark.law
@given(_SOLD, st.sampled_from([0.05, 0.5, 0.95]))
def test_pinball_is_that_of_scikit_learn(sold: list[tuple[int, int]], quantile: float) -> None:
    actual, said = (list(column) for column in zip(*sold, strict=True))
    assert metrics.pinball(actual, said, quantile) == pytest.approx(mean_pinball_loss(actual, said, alpha=quantile))


@pytest.mark.law
@given(_SOLD)
def test_wape_and_coverage_are_those_of_pandas(sold: list[tuple[int, int]]) -> None:
    frame = pd.DataFrame(sold, columns=["actual", "said"])
    assert metrics.coverage(frame["actual"], frame["said"]) == pytest.approx((frame["actual"] <= frame["said"]).mean())
    if frame["actual"].sum() > 0:
        wanted = (frame["actual"] - frame["said"]).abs().sum() / frame["actual"].sum()
        assert metrics.wape(frame["actual"], frame["said"]) == pytest.approx(wanted)
    else:
        assert math.isnan(metrics.wape(frame["actual"], frame["said"]))


def test_top_k_is_that_of_scikit_learn() -> None:
    draw = np.random.default_rng(3)
    scores = draw.random((500, 6))
    right = draw.integers(0, 6, 500)
    ranked = [[str(team) for team in row] for row in np.argsort(-scores, axis=1)]
    for k in (1, 3):
        wanted = top_k_accuracy_score(right, scores, k=k)
        assert metrics.top_k([str(team) for team in right], ranked, k) == pytest.approx(wanted)


def test_the_first_tenth_captures_what_it_holds() -> None:
    loss = np.arange(1.0, 101.0)
    assert metrics.captured(loss, loss, 0.1) == pytest.approx(loss[-10:].sum() / loss.sum())
    assert metrics.captured(loss, -loss, 0.1) == pytest.approx(loss[:10].sum() / loss.sum())


@pytest.mark.parametrize("answer", [metrics.brier([], []), metrics.ece([], []), metrics.top_k([], [], 1)])
def test_over_nothing_there_is_no_answer(answer: float) -> None:
    assert math.isnan(answer)
