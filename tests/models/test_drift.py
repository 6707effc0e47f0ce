"""Drift on samples of one size, and performance once it is known what came: against figures reckoned another way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import performance
from models.drift import SAMPLE, drift, reference
from training.predictions import metrics


def rows(count: int, *, shift: float = 0.0, missing: float = 0.0, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    found = rng.normal(shift, 1, (count, 2))
    found[rng.random(count) < missing, 1] = np.nan
    return found


def test_what_did_not_move_is_steady_and_what_did_is_named_first() -> None:
    then = reference(rows(5_000), ("a", "b"))
    same = drift(then, rows(5_000, seed=2))
    assert same.rows == SAMPLE
    assert {one.verdict for one in same.columns} == {"steady"}
    moved = rows(5_000, seed=3)
    moved[:, 1] += 1
    found = drift(then, moved)
    assert [(one.column, one.verdict) for one in found.columns] == [("b", "much"), ("a", "steady")]


def test_the_index_is_the_sum_over_bins_of_the_difference_times_the_log_of_the_ratio() -> None:
    then = reference(np.repeat(np.arange(10.0), 50)[:, None], ("a",))
    now = np.concatenate((np.repeat(np.arange(10.0), 40), np.repeat(9.0, 100)))[:, None]
    (one,) = drift(then, now).columns
    shares = np.array([0.08] * 9 + [0.28])
    assert one.psi == pytest.approx(float(((shares - 0.1) * np.log(shares / 0.1)).sum()), rel=1e-6)


def test_the_index_is_what_pandas_counts_between_its_own_quantiles_with_ties_and_missing_values() -> None:
    rng = np.random.default_rng(8)
    then, now = np.round(rng.gamma(2, 2, 900), 1), np.round(rng.gamma(2.4, 2, 700), 1)
    then[rng.random(900) < 0.05], now[rng.random(700) < 0.1] = np.nan, np.nan
    (one,) = drift(reference(then[:, None], ("a",)), now[:, None]).columns
    edges = sorted(set(pd.Series(then).quantile([at / 10 for at in range(1, 10)])))

    def shares(values: np.ndarray) -> pd.Series:
        bins = pd.cut(pd.Series(values), [-np.inf, *edges, np.inf])
        return bins.value_counts(dropna=False, sort=False, normalize=True)

    before, after = shares(then).to_numpy(), shares(now).to_numpy()
    assert one.psi == pytest.approx(float(((after - before) * np.log(after / before)).sum()), rel=1e-9)
    assert (one.missing_before, one.missing) == pytest.approx((np.isnan(then).mean(), np.isnan(now).mean()))


def test_values_that_went_missing_are_told() -> None:
    then = reference(rows(3_000, missing=0.02), ("a", "b"))
    (first, _) = drift(then, rows(3_000, missing=0.4, seed=5)).columns
    assert first.column == "b"
    assert first.verdict == "much"
    assert first.missing == pytest.approx(0.4, abs=0.05)
    assert first.missing_before == pytest.approx(0.02, abs=0.02)


def test_scores_that_shift_are_told_with_their_means_also_where_rows_are_not_kept() -> None:
    rng = np.random.default_rng(4)
    then = reference(np.zeros((2_000, 0)), (), rng.beta(2, 8, 2_000))
    found = drift(then, np.zeros((0, 0)), rng.beta(5, 5, 2_000))
    assert found.score is not None
    assert found.score.verdict == "much"
    assert found.score_mean == pytest.approx(0.5, abs=0.02)
    assert found.score_mean_before == pytest.approx(0.2, abs=0.02)


def test_too_few_rows_say_nothing() -> None:
    assert drift(reference(rows(500), ("a", "b")), rows(20)).columns == ()


def test_chance_alone_is_not_called_drift_more_than_once_in_a_while_however_few_rows() -> None:
    then = reference(rows(5_000), ("a", "b"))
    verdicts = [one.verdict for seed in range(40) for one in drift(then, rows(80, seed=100 + seed)).columns]
    assert verdicts.count("steady") >= 0.85 * len(verdicts)


@pytest.mark.law
@given(count=st.integers(60, 400), seed=st.integers(0, 50))
def test_the_order_of_rows_changes_no_figure_of_a_whole_sample(count: int, seed: int) -> None:
    then, now = reference(rows(800), ("a", "b")), rows(count, missing=0.1, seed=seed)
    turned = now[np.random.default_rng(seed).permutation(count)]
    assert drift(then, now) == drift(then, turned)


@pytest.mark.law
@given(said=st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=1, max_size=60))
def test_performance_is_what_the_training_s_own_metrics_say(said: list[tuple[bool, int]]) -> None:
    truth = np.array([float(came) for came, _ in said])
    scores = np.array([at / 20 for _, at in said])
    found = performance.of_probabilities(truth, scores)
    auc = metrics.auc(truth, scores)
    assert found.auc == pytest.approx(auc) if not np.isnan(auc) else found.auc is None
    assert found.brier == pytest.approx(metrics.brier(truth, scores))
    assert found.ece == pytest.approx(metrics.ece(truth, scores))


def test_quantities_are_judged_by_what_came() -> None:
    found = performance.of_quantities(np.array([10.0, 0.0, 10.0]), np.array([12.0, 1.0, 7.0]))
    assert found.wape == pytest.approx(0.3)
    assert found.bias == pytest.approx(0.0)
    assert performance.of_quantities(np.zeros(2), np.ones(2)).wape is None
    assert performance.of_probabilities(np.zeros(0), np.zeros(0)).labelled == 0
