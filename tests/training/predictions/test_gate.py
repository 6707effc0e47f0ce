"""The gate lets nothing through that is not surely better: its interval holds, and its laws hold."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.bundle import make_bundle
from training.predictions.gate import CALIBRATION_TOLERANCE, Gate, judge_gate, paired_interval
from training.predictions.outcome import Judged, Outcome

_COSTS = st.lists(st.floats(0, 100), min_size=1, max_size=40)


def _judged(costs: object, ece: float = 0.02) -> Judged:
    return Judged(metrics={"ece": ece}, costs=np.asarray(costs, dtype=np.float64))


def _outcome(model: Judged, rule: Judged) -> Outcome:
    bundle = make_bundle("sla-miss", features=("a",), boosters={}, content={"new": True}, card={})
    day = date(2026, 1, 1)
    return Outcome(
        name="sla-miss",
        trained_until=day,
        judged_from=day,
        judged_to=day,
        count=len(model.costs),
        ways={"model": model, "rule": rule},
        rule="rule",
        calibration="ece",
        bundle=bundle,
        judge=lambda _: None,
    )


def _gate(model: Judged, rule: Judged, champion: Judged | None = None, version: str | None = "old") -> Gate:
    return judge_gate(_outcome(model, rule), champion, champion_version=version if champion else None, seed=3)


def _draws(count: int = 400) -> np.ndarray:
    return np.random.default_rng(5).random(count)


def test_a_model_that_saves_beside_both_and_is_as_honest_passes() -> None:
    gate = _gate(_judged(_draws() - 0.2), _judged(_draws()), _judged(_draws() - 0.1))
    assert gate.passed
    assert "saves 0.2 a subject beside today's rule (rule)" in gate.why
    assert "beside the champion (old)" in gate.why


def test_what_cannot_be_served_does_not_pass_however_much_it_saves() -> None:
    saving = replace(_outcome(_judged(_draws() - 0.2), _judged(_draws())), unserved="learnt from other subjects")
    gate = judge_gate(saving, None, champion_version=None, seed=3)
    assert not gate.passed
    assert gate.why == "learnt from other subjects"


def test_the_first_model_of_a_house_has_only_the_rule_to_beat() -> None:
    gate = _gate(_judged(_draws() - 0.2), _judged(_draws()))
    assert gate.passed
    assert "there is no champion to beat" in gate.why


def test_a_saving_that_may_be_chance_does_not_pass_and_says_so() -> None:
    noise = np.random.default_rng(6).normal(0, 1, 400)
    gate = _gate(_judged(_draws() + noise - 0.02), _judged(_draws()))
    assert not gate.passed
    assert "does not surely save" in gate.why


def test_beating_the_champion_is_not_enough_where_the_rule_is_better() -> None:
    assert not _gate(_judged(_draws() - 0.1), _judged(_draws() - 0.2), _judged(_draws())).passed


def test_less_honest_probabilities_do_not_pass_beyond_the_tolerance() -> None:
    rule, champion = _judged(_draws()), _judged(_draws() - 0.1, ece=0.020)
    at_edge = _gate(_judged(_draws() - 0.2, ece=0.020 + CALIBRATION_TOLERANCE), rule, champion)
    beyond = _gate(_judged(_draws() - 0.2, ece=0.021 + CALIBRATION_TOLERANCE), rule, champion)
    assert (at_edge.passed, beyond.passed) == (True, False)
    assert "its ece of 0.0310 is worse than the champion's 0.0200" in beyond.why


def test_what_cannot_be_called_honest_does_not_pass() -> None:
    champion = _judged(_draws() - 0.1)
    for metrics in ({}, {"ece": float("nan")}):
        model = replace(_judged(_draws() - 0.2), metrics=metrics)
        assert not _gate(model, _judged(_draws()), champion).passed


def test_a_champion_of_other_columns_is_named_and_only_the_rule_is_to_beat() -> None:
    outcome = _outcome(_judged(_draws() - 0.2), _judged(_draws()))
    gate = judge_gate(outcome, None, champion_version="old", seed=3)
    assert gate.passed
    assert "cannot be judged or served" in gate.why


def test_nothing_judged_is_nothing_that_speaks_for_it() -> None:
    assert not _gate(_judged([]), _judged([])).passed


def test_ways_judged_on_different_subjects_are_not_compared() -> None:
    with pytest.raises(ValueError, match="3 and 2 subjects"):
        paired_interval(np.zeros(3), np.zeros(2), seed=1)


@pytest.mark.law
@given(_COSTS, st.integers(0, 5))
def test_a_bundle_equal_to_the_champion_never_passes(costs: list[float], seed: int) -> None:
    outcome = _outcome(_judged(costs), _judged(np.asarray(costs) + 1))
    version = outcome.bundle.version
    assert not judge_gate(outcome, _judged(costs), champion_version=version, seed=seed).passed
    assert not judge_gate(outcome, _judged(costs), champion_version="the same costs", seed=seed).passed


@pytest.mark.law
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=40), st.integers(0, 5))
def test_a_model_worse_than_the_rule_never_passes(pairs: list[tuple[float, float]], seed: int) -> None:
    model, rule = np.asarray(pairs).T
    if model.mean() >= rule.mean():
        outcome = _outcome(_judged(model), _judged(rule))
        assert not judge_gate(outcome, None, champion_version=None, seed=seed).passed
        generous = _judged(model + 50)
        assert not judge_gate(outcome, generous, champion_version="old", seed=seed).passed


@pytest.mark.law
@given(_COSTS, st.floats(0.1, 10))
def test_the_interval_moves_with_the_money(costs: list[float], factor: float) -> None:
    dear, cheap = np.asarray(costs), np.zeros(len(costs))
    one, scaled = (paired_interval(f * dear, cheap, seed=2) for f in (1.0, factor))
    assert scaled.mean == pytest.approx(factor * one.mean, abs=1e-9)
    assert (scaled.low, scaled.high) == pytest.approx((factor * one.low, factor * one.high), abs=1e-9)


def test_the_interval_is_the_t_interval_where_that_one_is_exact() -> None:
    savings = np.random.default_rng(8).normal(0.3, 1.0, 2_000)
    found = paired_interval(savings, np.zeros(2_000), seed=4)
    wanted = stats.t.interval(0.95, 1_999, savings.mean(), stats.sem(savings))
    assert (found.low, found.high) == pytest.approx(wanted, abs=0.004)


@pytest.mark.parametrize("shape", ["normal", "lognormal"])
def test_it_covers_the_truth_as_often_as_a_t_interval(shape: str) -> None:
    draw = np.random.default_rng(9)
    truth = 0.0 if shape == "normal" else float(np.exp(0.5))
    bootstrap = by_t = 0
    for trial in range(400):
        savings = draw.normal(0, 1, 80) if shape == "normal" else draw.lognormal(0, 1, 80)
        found = paired_interval(savings, np.zeros(80), seed=trial)
        bootstrap += found.low <= truth <= found.high
        low, high = stats.t.interval(0.95, 79, savings.mean(), stats.sem(savings))
        by_t += low <= truth <= high
    assert bootstrap / 400 == pytest.approx(by_t / 400, abs=0.025)
    assert bootstrap / 400 >= (0.92 if shape == "normal" else 0.85)


def test_very_many_subjects_have_the_interval_they_should() -> None:
    savings = np.random.default_rng(1).normal(0.1, 1, 300_000)
    found = paired_interval(savings, np.zeros(300_000), seed=1)
    wanted = stats.t.interval(0.95, 299_999, savings.mean(), stats.sem(savings))
    assert (found.low, found.high) == pytest.approx(wanted, abs=0.0004)
