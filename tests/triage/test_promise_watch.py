"""Watching a promise: bets that cannot be won while it is kept, and an alarm soon after it is broken."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.promise import Terms
from triage.promise_watch import Check, watch

TERMS = Terms(tolerated=0.005, level=0.95)


def checks(*wrong: bool, source: str = "ocr", chance: float = 0.05) -> list[Check]:
    return [Check(source=source, wrong=one, chance=chance) for one in wrong]


def test_one_wrong_check_alone_breaks_nothing() -> None:
    assert not watch(checks(*[False] * 50, True), TERMS).is_broken


def test_two_wrong_checks_close_together_do() -> None:
    seen = watch(checks(*[False] * 500, True, True), TERMS)
    assert (seen.is_broken, seen.errors, seen.checks) == (True, 2, 502)


def test_a_long_good_past_does_not_hide_a_bad_present() -> None:
    assert watch(checks(*[False] * 5_000, True, False, True), TERMS).is_broken


def test_only_sources_wrong_since_the_evidence_grew_are_blamed() -> None:
    old = checks(True, *[False] * 400, source="text_layer")
    assert watch([*old, *checks(True, True)], TERMS).blamed == ("ocr",)


def test_alarm_stands_where_it_was_raised() -> None:
    seen = watch(checks(True, True, *[False] * 100), TERMS)
    assert (seen.is_broken, seen.checks) == (True, 2)


def test_nothing_checked_says_nothing() -> None:
    assert not watch([], TERMS).is_broken


@pytest.mark.parametrize("rate", [0.002, 0.005])
@pytest.mark.parametrize("chances", [(0.05, 0.05), (0.05, 0.1), (0.02, 0.1)])
def test_each_bet_cannot_be_expected_to_win_while_the_promise_is_kept(
    rate: float, chances: tuple[float, float]
) -> None:
    """By enumeration: two kinds of papers, one likelier to be drawn; the mean of what one check multiplies by."""
    from triage.promise_watch import TIMES_OVER, _gain

    for times in TIMES_OVER:
        mean = drawn = 0.0
        for chance, wrong in itertools.product(chances, (False, True)):
            weight = min(chances) / chance
            probability = chance * (rate if wrong else 1 - rate)
            mean, drawn = mean + probability * _gain(wrong, weight, times, TERMS), drawn + probability
        assert mean / drawn <= 1 + 1e-12


def test_false_alarms_are_rarer_than_one_in_as_many_checks_as_the_alarm_says() -> None:
    """At the tolerated rate itself; 200 histories of 400 checks."""
    draw = np.random.default_rng(11)
    lengths = []
    for _ in range(200):
        seen = watch(checks(*(bool(one) for one in draw.random(400) < 0.005)), TERMS)
        lengths.append(seen.checks)
    assert float(np.mean(lengths)) > 20


@pytest.mark.law
@given(st.lists(st.booleans(), max_size=80), st.integers(0, 79))
def test_one_wrong_check_more_never_saves_a_broken_promise(wrong: list[bool], place: int) -> None:
    worse = [one or at == place for at, one in enumerate(wrong)]
    assert watch(checks(*worse), TERMS).is_broken >= watch(checks(*wrong), TERMS).is_broken
