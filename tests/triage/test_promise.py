"""The promise's numbers: bounds against scipy's own test and exact enumeration, thresholds against trying them all."""

import itertools
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from triage.promise import Standing, Terms, derive, rounded_up, would_clear
from triage.promise_bounds import chance_to_show, errors_allowed, fewest_without_error, upper_bound
from triage.promise_history import History, JudgedPaper, history_of, weights_of
from triage.promise_shape import Shape, learn_shape

TERMS = Terms(tolerated=0.02, level=0.95)


def history(papers: int, seed: int = 1, *, easy: float = 0.0005, hard: float = 0.2) -> History:
    """Papers of two sources; most values are sure and right, one in twelve is unsure and often wrong."""
    draw = np.random.default_rng(seed)
    shape = (papers, 3)
    unsure = draw.random(shape) < 1 / 12
    error = np.where(unsure, hard, easy)
    sure = np.where(unsure, draw.choice([0.6, 0.8, 0.9], shape), draw.choice([0.99, 0.995, 0.998], shape))
    absent = draw.random(shape) < 0.1
    wrong = np.asarray((draw.random(shape) < error) & ~absent)
    return History(
        fields=("currency", "invoice_number", "total_with_vat"),
        sources=("ocr", "text_layer"),
        confidence=np.where(absent, np.nan, sure),
        right=~wrong,
        source=draw.integers(0, 2, papers),
        wrong=np.asarray(wrong.any(axis=1)),
        chance=np.ones(papers),
    )


@pytest.mark.parametrize(("errors", "count"), [(0, 598), (0, 40), (1, 30), (3, 1_000), (17, 60), (29, 30)])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_upper_bound_is_the_one_sided_exact_interval_of_scipy(errors: int, count: int, level: float) -> None:
    exact = binomtest(errors, count, alternative="less").proportion_ci(confidence_level=level, method="exact")
    assert upper_bound(errors, count, level) == pytest.approx(exact.high, abs=1e-9)


def test_with_nothing_counted_or_everything_wrong_any_rate_is_possible() -> None:
    assert upper_bound(0, 0, 0.95) == upper_bound(5, 5, 0.95) == 1.0


@pytest.mark.law
@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.sampled_from([0.005, 0.01, 0.05]), st.sampled_from([0.9, 0.95, 0.99]))
def test_errors_allowed_are_the_most_whose_bound_still_meets_the_rate(count: int, rate: float, level: float) -> None:
    meeting = [errors for errors in range(count) if upper_bound(errors, count, level) <= rate]
    assert errors_allowed(count, rate, level) == max(meeting, default=-1)


def test_fewest_labels_without_an_error_are_598_for_half_a_percent_at_95() -> None:
    assert fewest_without_error(0.005, 0.95) == 598
    assert upper_bound(0, 598, 0.95) <= 0.005 < upper_bound(0, 597, 0.95)


def test_chance_to_show_is_that_of_few_enough_errors() -> None:
    allowed = errors_allowed(2_000, 0.005, 0.95)
    assert chance_to_show(2_000, 0.001, 0.005, 0.95) == pytest.approx(binom.cdf(allowed, 2_000, 0.001), abs=1e-3)
    assert chance_to_show(300, 0.0, 0.005, 0.95) == 0.0


@pytest.mark.parametrize("heavy", [2.0, 3.5, 20.0])
def test_bound_of_weighted_counts_is_broken_no_oftener_than_it_says_by_exact_enumeration(heavy: float) -> None:
    """Two kinds of papers, one weighing `heavy` times the other; every outcome is counted with its probability."""
    light, few, level = 120, 25, 0.9
    total = light + few * heavy
    for light_rate, heavy_rate in itertools.product([0.0, 0.01, 0.05], [0.01, 0.05, 0.2]):
        rate = (light * light_rate + few * heavy * heavy_rate) / total
        broken = 0.0
        for a, b in itertools.product(range(light + 1), range(few + 1)):
            errors = (a + heavy * b) / heavy
            if upper_bound(errors, total / heavy, level) < rate:
                broken += float(binom.pmf(a, light, light_rate) * binom.pmf(b, few, heavy_rate))
        assert broken <= 1 - level + 1e-9


def test_shape_without_history_is_what_the_reader_states() -> None:
    stated = np.array([0.5, 0.9, 0.99])
    assert 1 / (1 + np.exp(Shape().log_odds(stated))) == pytest.approx(stated)
    assert Shape().confidence_at(math.log(0.01 / 0.99)) == pytest.approx(0.99)


def test_shape_learns_that_a_source_errs_oftener_than_it_states() -> None:
    draw = np.random.default_rng(3)
    sure = draw.choice([0.8, 0.95, 0.99], 4_000)
    shape = learn_shape(sure, draw.random(4_000) > 3 * (1 - sure))
    learnt = 1 / (1 + np.exp(-shape.log_odds(np.array([0.95, 0.99]))))
    assert learnt == pytest.approx([0.15, 0.03], rel=0.25)


@pytest.mark.law
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_shape_always_rises_and_its_inverse_is_its_inverse(read: list[tuple[float, bool]]) -> None:
    sure = np.array([confidence for confidence, _ in read])
    shape = learn_shape(sure, np.array([right for _, right in read], dtype=np.bool_))
    steps = shape.log_odds(np.linspace(0.01, 0.99, 30))
    assert (np.diff(steps) < 0).all()
    assert shape.confidence_at(float(steps[10])) == pytest.approx(np.linspace(0.01, 0.99, 30)[10], abs=1e-6)


def test_thresholds_clear_what_brute_force_counts_and_their_bound_meets_the_promise() -> None:
    papers = history(4_000)
    derived = derive(papers, TERMS)
    assert derived.standing is Standing.KEPT
    needed = {(t.source, t.field): float(t.threshold or 9) for t in derived.thresholds}
    cleared = wrong = seen = 0
    for row in range(4_000):
        values = zip(papers.fields, papers.confidence[row], strict=True)
        source = papers.sources[papers.source[row]]
        seen += 1
        if all(np.isnan(sure) or sure >= needed[source, name] for name, sure in values):
            cleared += 1
            wrong += bool(papers.wrong[row])
    assert derived.point is not None
    assert derived.point.touchless == pytest.approx(cleared / seen, abs=0.01)
    assert derived.point.risk == pytest.approx(wrong / cleared, abs=0.003)
    assert binomtest(wrong, cleared, 0.02, alternative="less").pvalue <= 0.05
    assert derived.point.bound <= 0.02


def test_each_field_of_each_source_has_its_own_threshold_with_its_labels_and_errors() -> None:
    papers = history(4_000)
    derived = derive(papers, TERMS)
    assert {(t.source, t.field) for t in derived.thresholds} == set(itertools.product(papers.sources, papers.fields))
    assert sum(t.labels for t in derived.thresholds) == int((~np.isnan(papers.confidence)).sum())
    assert sum(t.errors for t in derived.thresholds) == int((~papers.right[~np.isnan(papers.confidence)]).sum())


def test_too_little_history_clears_nothing_and_says_how_much_it_takes() -> None:
    few = derive(history(60), TERMS)
    assert few.standing is Standing.TOO_LITTLE
    assert all(at.threshold is None for at in few.thresholds)
    assert few.needed is not None
    assert few.needed > 60
    assert derive(history(0), TERMS).needed == few.needed


def test_field_with_too_few_labels_has_no_threshold_while_others_do() -> None:
    papers = history(4_000)
    rare = papers.confidence.copy()
    rare[30:, 1] = np.nan
    wrong = np.asarray((~papers.right & ~np.isnan(rare)).any(axis=1))
    derived = derive(_with(papers, confidence=rare, wrong=wrong), TERMS)
    by_field = {at.field: at.threshold for at in derived.thresholds if at.source == "ocr"}
    assert by_field["invoice_number"] is None
    assert by_field["currency"] is not None


def test_reader_that_errs_too_often_at_every_confidence_never_meets_the_promise() -> None:
    derived = derive(history(4_000, easy=0.05), TERMS)
    assert (derived.standing, derived.point) == (Standing.NOT_MET, None)


def test_floor_of_the_policy_stays_a_floor() -> None:
    derived = derive(history(4_000), TERMS, {"currency": 0.9951})
    assert all(
        at.threshold >= Decimal("0.9951") for at in derived.thresholds if at.field == "currency" and at.threshold
    )


def test_draws_are_weighted_back_so_that_few_checks_of_many_papers_count_for_all() -> None:
    """Half of the wrong papers are seen with one chance in ten: the estimate still finds them all."""
    draw = np.random.default_rng(5)
    everyone = history(40_000, seed=5)
    clear = np.nan_to_num(everyone.confidence, nan=1.0).min(axis=1) >= 0.9
    chance = np.where(clear, 0.1, 1.0)
    seen = draw.random(40_000) < chance
    part = _with(everyone, chance=chance).part(seen)
    doubt = -np.nan_to_num(part.confidence, nan=1.0).min(axis=1)
    weights = weights_of(doubt, part.chance)
    assert weights.sum() == pytest.approx(40_000, rel=0.05)
    assert (weights * part.wrong).sum() / weights.sum() == pytest.approx(everyone.wrong.mean(), rel=0.1)


def test_early_papers_all_judged_and_later_draws_count_alike_within_a_band() -> None:
    weights = weights_of(np.zeros(110), np.r_[np.ones(100), np.full(10, 0.1)])
    assert weights == pytest.approx(np.full(110, 200 / 110))


def test_papers_become_a_table_with_gaps_where_a_value_is_not_on_the_paper() -> None:
    table = history_of(
        [
            JudgedPaper(source="ocr", readings={"currency": (0.9, True)}, wrong=False),
            JudgedPaper(source="text_layer", readings={"total_with_vat": (0.8, False)}, wrong=True, chance=0.1),
        ]
    )
    assert table.fields == ("currency", "total_with_vat")
    assert np.isnan(table.confidence).tolist() == [[False, True], [True, False]]
    assert table.wrong.tolist() == [False, True]
    assert len(history_of([])) == 0


def test_written_threshold_is_never_looser_and_takes_no_value_that_reached_it() -> None:
    assert rounded_up(0.998) == 0.998
    assert rounded_up(0.998 + 1e-12) == 0.998
    assert rounded_up(0.12345601) == 0.123457


@pytest.mark.law
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_more_errors_on_what_cleared_never_clear_more(seed: int, extra: int) -> None:
    papers = history(2_500, seed=seed)
    before = derive(papers, TERMS)
    worse = papers.wrong.copy()
    rows = np.random.default_rng(seed).integers(0, 2_500, extra)
    worse[rows] = True
    after = derive(_with(papers, wrong=worse), TERMS)
    assert _touchless(after) <= _touchless(before)


def test_a_stricter_promise_asks_higher_thresholds() -> None:
    loose, strict = derive(history(6_000), TERMS), derive(history(6_000), Terms(tolerated=0.004, level=0.95))
    assert 0 < _touchless(strict) <= _touchless(loose)


@pytest.mark.law
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 147))
def test_fewer_labels_than_it_takes_never_clear_anything(seed: int, papers: int) -> None:
    assert derive(history(papers, seed=seed), Terms(tolerated=0.005, level=0.95)).point is None


def _touchless(derived: object) -> float:
    point = getattr(derived, "point", None)
    return 0.0 if point is None else point.touchless


def _with(papers: History, **changes: object) -> History:
    values = {name: getattr(papers, name) for name in History.__slots__} | changes
    return History(**values)


def test_would_clear_asks_every_value_of_its_own_source() -> None:
    papers = history_of(
        [
            JudgedPaper(source="ocr", readings={"currency": (0.9, True)}, wrong=False),
            JudgedPaper(source="text_layer", readings={"currency": (0.9, True)}, wrong=False),
        ]
    )
    assert would_clear(papers, np.array([[0.95], [0.9]])).tolist() == [False, True]
