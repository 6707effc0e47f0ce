"""The training run of late orders: it finds a slow lane, beats the baselines, and hands over what serving can use."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InputError, UnavailableError
from models.booster import Booster
from models.drift import drift
from models.late.features import feature_names
from models.late.orders import history_of
from models.late.predict import LateModel
from models.late.reasons import settled
from tests.models.late.world import date_of, day_of, frames, history, house, line, order
from training.predictions.late import run
from training.predictions.late.forest import mean_of
from training.predictions.late.run import costs, train
from training.predictions.machines import ThisMachine
from training.predictions.outcome import Outcome, Period


@pytest.fixture(scope="module")
def small() -> pytest.MonkeyPatch:
    """Fewer trees: what is tested is the run, not how good it gets."""
    patch = pytest.MonkeyPatch()
    patch.setattr(run, "ROUNDS", 60)
    patch.setattr(run, "BOOSTERS", 2)
    return patch


@pytest.fixture(scope="module")
def done(small: pytest.MonkeyPatch) -> Outcome:
    return train(house(), Period(until=date_of(540)), seed=1, say=lambda _: None)


def test_the_slow_lane_is_found_and_every_baseline_beaten(done: Outcome) -> None:
    best = max(judged.metrics["auc"] for way, judged in done.ways.items() if way != "model")
    assert done.ways["model"].metrics["auc"] > 0.68 and done.ways["model"].metrics["auc"] > best - 0.05
    assert done.ways["model"].costs.mean() < done.ways[done.rule].costs.mean()
    assert done.trained_until == date_of(540) < done.judged_from
    assert {len(judged.costs) for judged in done.ways.values()} == {done.count}


def test_what_is_learnt_does_not_depend_on_what_came_after(done: Outcome) -> None:
    cut = train(house(), Period(until=date_of(540), evaluate_to=date_of(640)), seed=1, say=lambda _: None)
    assert cut.bundle.version == done.bundle.version
    assert cut.judged_to == date_of(640) and cut.count < done.count


def test_the_bundle_tells_what_it_was_trained_on_and_that_has_not_moved_from_itself(done: Outcome) -> None:
    told = done.bundle.content["drift"]
    assert tuple(told["columns"]) == done.bundle.features and 0 < told["score"]["mean"] < 1
    world = house()
    learnt = run.prepare(history_of(world.frame), Period(until=date_of(540)))
    use = np.flatnonzero(~np.isnan(learnt.learnt))
    names = feature_names(learnt.keys)
    rows = learnt.rows[use][:, [names.index(name) for name in done.bundle.features]]
    assert max(one.psi for one in drift(told, rows).columns) == pytest.approx(0)
    assert told["score"]["mean"] == pytest.approx(learnt.learnt[use].mean(), abs=0.03)


def test_a_champion_is_judged_on_the_same_orders_and_one_of_other_columns_is_not(done: Outcome) -> None:
    again = done.judge(done.bundle)
    assert again is not None
    np.testing.assert_allclose(again.costs, done.ways["model"].costs)
    other = replace(done.bundle, content={**done.bundle.content, "keys": [["x_gone"]]}, features=("lines",))
    assert done.judge(other) is None


def test_too_little_history_is_refused_with_what_it_takes() -> None:
    few = frames([order(f"O{i}", i, i + 3) for i in range(30)], [line(f"O{i}") for i in range(30)], [])
    with pytest.raises(InputError, match="at least 200") as refused:
        train(few, Period(), seed=1, say=lambda _: None)
    assert refused.value.code == "TRAIN-TOO-LITTLE"


def test_a_late_order_nobody_looked_at_costs_one_and_a_look_a_tenth() -> None:
    truth = np.array([1.0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert costs(truth, np.arange(10.0, 0, -1)).tolist() == [0.1, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_the_mean_of_boosters_is_one_booster() -> None:
    draw = np.random.default_rng(1)
    rows, target = draw.random((400, 3)), (draw.random(400) < 0.3).astype(float)
    asked = {"objective": "binary", "num_leaves": 4, "bagging_fraction": 0.5, "bagging_freq": 1}
    texts = [ThisMachine().fit_trees(rows, target, {**asked, "seed": seed}, rounds=5) for seed in (1, 2, 3)]
    one = Booster(mean_of(texts))
    np.testing.assert_allclose(one.raw(rows), np.mean([Booster(text).raw(rows) for text in texts], axis=0), atol=1e-12)
    np.testing.assert_allclose(
        one.contributions(rows), np.mean([Booster(text).contributions(rows) for text in texts], axis=0), atol=1e-9
    )


def test_one_order_scores_as_among_many_and_says_the_slow_lane(done: Outcome) -> None:
    model, of = LateModel(done.bundle), history(house())
    state = model.state(of, day_of(600))
    open_orders = of.orders.filter(of.orders["promised"] >= day_of(600))
    rows = open_orders.to_dicts()
    many = model.score(open_orders, state)
    np.testing.assert_allclose([model.score_one(row, state) for row in rows], many, atol=1e-12)
    said = model.predict(rows, state)
    np.testing.assert_allclose([one.probability for one in said], many, atol=1e-12)
    slow = next(
        one for one, row in zip(said, rows, strict=True) if (row["supplier"], row["country"]) == ("S3", "Norway")
    )
    assert slow.probability > 2 * np.median(many) and slow.model == done.bundle.version
    assert any("supplier S3 to Norway: late in" in reason.words and reason.weight > 0 for reason in slow.reasons)


def test_an_order_already_late_or_promised_before_it_was_placed_is_certain_and_says_so(done: Outcome) -> None:
    model, of = LateModel(done.bundle), history(house())
    state = model.state(of, day_of(700))
    row = of.orders.row(0, named=True)
    (late,) = model.predict([row], state)
    assert late.probability == model.score_one(row, state) == 1.0 == model.score(of.orders[:1], state)[0]
    assert "has passed and no delivery is known" in late.reasons[0].words
    backwards = {**row, "ordered": day_of(690), "promised": day_of(689)}
    reason = settled(backwards, day_of(680))
    assert reason is not None and "before it was ordered" in reason.words


def test_a_bundle_of_columns_not_made_here_is_refused(done: Outcome) -> None:
    with pytest.raises(UnavailableError, match="phase_of_the_moon") as refused:
        LateModel(replace(done.bundle, features=("phase_of_the_moon",)))
    assert refused.value.code == "MODEL-COLUMNS"
