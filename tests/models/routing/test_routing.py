"""Teams for cases: candidates from what was known, and trees that find the team a made-up desk really uses."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from core.errors import InputError, UnavailableError
from models.bundle import Bundle, make_bundle
from models.casework.cases import casebook, walk
from models.routing.features import CANDIDATES, FEATURES, Candidates, TeamHistory
from models.routing.predict import TeamRanker
from tests.models.casework.builders import TEAMS, OneFeed, desk
from training.predictions.outcome import Outcome, Period
from training.predictions.routing.run import INITIAL, LOOK_UP, ask, train


def _asked_at_last(frame: pl.DataFrame, at: int) -> Candidates:
    book, history = casebook(frame), TeamHistory()
    for number, has_ended in walk(book.cases, book.endings):
        ending = book.endings[number]
        if has_ended and ending is not None and ending.group is not None:
            history.learn(book.cases[number], ending.group, ending.known)
        elif not has_ended and number == at:
            return history.ask(book.cases[number])
    raise AssertionError(at)


def test_what_became_known_later_changes_no_feature() -> None:
    frame, at = desk(400), 250
    instant = frame["opened_at"][at]
    later = pl.col("resolved_at") >= instant
    changed = frame.with_columns(
        resolved_group=pl.when(later).then(pl.lit("nobody")).otherwise("resolved_group"),
        resolved_at=pl.when(later).then(pl.col("resolved_at") + timedelta(days=30)).otherwise("resolved_at"),
        sla_met=pl.when(later).then(pl.lit(value=False)).otherwise("sla_met"),
        reassignment_count=pl.lit(9),
    )
    assert _asked_at_last(frame, at) == _asked_at_last(changed, at)


def test_cases_opened_later_change_no_feature() -> None:
    frame = desk(400)
    assert _asked_at_last(frame, 250) == _asked_at_last(frame.head(251), 250)


def test_the_team_a_case_arrived_at_is_always_among_the_candidates() -> None:
    asked = ask(casebook(desk(600).with_columns(initial_group=pl.lit("a new team"))), np.inf)
    assert all("a new team" in teams for teams in asked.teams)
    assert max(len(teams) for teams in asked.teams) <= CANDIDATES
    assert asked.rows.shape[1] == len(FEATURES)


def test_the_first_case_ever_has_where_it_arrived_as_its_only_candidate() -> None:
    book = casebook(desk(1))
    assert TeamHistory().ask(book.cases[0]).teams == (book.cases[0].initial_group,)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return train(OneFeed(desk()), Period(), seed=1, say=lambda _: None)


def test_the_trees_find_the_team_that_fits_beside_where_cases_arrive(outcome: Outcome) -> None:
    model, initial = outcome.ways["model"].metrics, outcome.ways[INITIAL].metrics
    best = 0.9 + 0.1 * (0.5 + 0.5 / 4)  # who knows the topic is right whenever it decides, or it arrived there
    assert model["top1"] > best - 0.04
    assert initial["top1"] < 0.75
    assert model["top3"] >= model["top1"]
    assert outcome.ways[LOOK_UP].metrics["top1"] > initial["top1"]


def test_a_run_says_what_it_judged_and_what_the_rule_costs(outcome: Outcome) -> None:
    assert outcome.rule in outcome.ways
    assert all(len(way.costs) == outcome.count for way in outcome.ways.values())
    again = outcome.judge(outcome.bundle)
    assert again is not None
    assert again.metrics == outcome.ways["model"].metrics


def test_the_same_seed_learns_the_same_model(outcome: Outcome) -> None:
    assert train(OneFeed(desk()), Period(), seed=1, say=lambda _: None).bundle == outcome.bundle


def test_nothing_known_after_the_day_is_learnt(outcome: Outcome) -> None:
    until = outcome.trained_until - timedelta(days=5)
    changed = desk().with_columns(
        resolved_group=pl.when(pl.col("resolved_at").dt.date() > until)
        .then(pl.lit("nobody"))
        .otherwise("resolved_group")
    )
    runs = [train(OneFeed(one), Period(until=until), seed=1, say=lambda _: None) for one in (desk(), changed)]
    assert runs[0].bundle == runs[1].bundle


def test_a_ranking_names_the_best_first_and_says_why(outcome: Outcome) -> None:
    found = TeamRanker(outcome.bundle).rank(_asked_at_last(desk(), 1400))
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert found[0].team in TEAMS
    assert found[0].reasons
    assert all(0 <= one.probability <= 1 for one in found)
    assert any("of the recent cases" in reason.words for reason in found[0].reasons)


def test_a_model_of_other_columns_is_refused() -> None:
    other = make_bundle("routing", features=("a",), boosters={}, content={}, card={})
    with pytest.raises(UnavailableError, match="MODEL-COLUMNS"):
        TeamRanker(other)
    assert isinstance(other, Bundle)


@pytest.mark.parametrize("count", [0, 50])
def test_too_few_cases_are_refused_with_a_word(count: int) -> None:
    with pytest.raises(InputError, match="TRAIN-TOO-LITTLE"):
        train(OneFeed(desk(1).clear() if count == 0 else desk(count)), Period(), seed=1, say=lambda _: None)
