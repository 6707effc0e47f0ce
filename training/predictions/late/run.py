"""Learns which orders will miss their promise from orders whose promise had passed by a day, and judges later ones.

An order is looked at when it is placed. By the day that is learnt until, an order counts once its promise and a few
days' grace have passed, whether it came or not, so that the gap between what is learnt and what is judged is the label
delay of each order. How trees are grown was chosen at earlier cuts; docs/predictions.md says how often was looked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from core.errors import UnavailableError
from ingest.feed_frames import Frames
from models.booster import Booster
from models.bundle import Bundle, make_bundle
from models.calibration import BetaCalibration
from models.drift import REFERENCE, reference
from models.late.features import feature_names, feature_rows, keys_of
from models.late.known import Known, known_of, labels
from models.late.orders import WORDS, History, history_of, own_columns
from models.late.predict import NAME, LateModel
from models.late.record import Key
from models.late.state import refuse_other_columns
from training.predictions import refusals
from training.predictions.late.baselines import LANE, Learnt, average, logistic, tightest_promise
from training.predictions.late.forest import grow, said_apart
from training.predictions.machines import Machines, machines
from training.predictions.metrics import auc, brier, captured, ece
from training.predictions.outcome import Judged, Outcome, Period, Say
from training.predictions.pictures import lift_svg, reliability_svg

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARAMETERS: Mapping[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_data_in_leaf": 30,
    "lambda_l2": 10.0,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "num_threads": 1,
}
ROUNDS = 80
BOOSTERS = 6
BUDGET, REVIEW_COST = 0.10, 0.1
"""The share of orders there is time for, and what looking at one costs beside a late order nobody looked at."""
RULE = "tightest promise first"
_HELD_OUT = 0.25
_FEWEST, _FEWEST_LATE = 200, 20
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A history with the features of each order at its placing.

    Attributes:
        until, end: instants in days since 1970: what may be learnt, and what is judged, was known before them.
        learnt: labels as known at `until`, NaN for what may not be learnt from.
        judged: rows that are judged, with their labels in `truth`.
    """

    history: History
    known: Known
    keys: tuple[Key, ...]
    rows: "NDArray[np.float64]"
    ordered: "NDArray[np.float64]"
    until: float
    end: float
    learnt: "NDArray[np.float64]"
    judged: "NDArray[np.int64]"
    truth: "NDArray[np.float64]"


def train(frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
    """Learns, is judged beside every baseline, and comes back with both.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`.
    """
    say("making features")
    data = prepare(history_of(frames.frame), period)
    say(f"learning from {_count(data.learnt)} orders, judging {len(data.judged)}")
    with machines() as many:
        bundle = learn(data, many, seed=seed)
    say("judging beside the baselines")
    said = {"model": _said(bundle, data), **_baselines(data)}
    notes = (*_notes(data), _leak_alarm(data, seed))
    return Outcome(
        name=NAME,
        trained_until=_date(data.until - 1),
        judged_from=_date(float(data.ordered[data.judged].min())),
        judged_to=_date(data.end - 1),
        count=len(data.judged),
        ways={way: judged(data.truth, probability) for way, probability in said.items()},
        rule=RULE,
        calibration="ece",
        bundle=bundle,
        judge=lambda other: _judge(other, data),
        parameters={**PARAMETERS, "rounds": ROUNDS, "boosters": BOOSTERS, "budget": BUDGET, "review_cost": REVIEW_COST},
        plots={
            "reliability": reliability_svg(data.truth, said["model"], title="Late orders: said and come true"),
            "lift": lift_svg(data.truth, said, title="Late orders found by looking at the first", budget=BUDGET),
        },
        notes=notes,
    )


def prepare(history: History, period: Period) -> Data:
    """Features and labels; the last quarter of what can be judged is held out where the period names no day.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`.
    """
    orders = history.orders
    ordered = orders["ordered"].to_numpy()
    end = _end(history) if period.evaluate_to is None else float(_days(period.evaluate_to) + 1)
    final = labels(history, end)
    can_judge = np.flatnonzero(~np.isnan(final) & (ordered < end))
    if period.until is None and not len(can_judge):
        raise refusals.too_little(NAME, "no order whose promise has passed", f"at least {_FEWEST}")
    until = (
        float(np.floor(np.quantile(ordered[can_judge], 1 - _HELD_OUT)))
        if period.until is None
        else float(_days(period.until) + 1)
    )
    learnt = labels(history, until)
    learnt[ordered >= until] = np.nan
    judged_rows = can_judge[ordered[can_judge] >= until]
    count, late = _count(learnt), int(np.nansum(learnt))
    if count < _FEWEST or late < _FEWEST_LATE or not len(judged_rows):
        raise refusals.too_little(
            NAME,
            f"{count} orders whose promise had passed by {_date(until - 1)}, {late} of them late, "
            f"and {len(judged_rows)} later ones to be judged",
            f"at least {_FEWEST} with {_FEWEST_LATE} late, and one to be judged",
        )
    keys = keys_of(_before(history, until))
    known = known_of(history)
    return Data(
        history=history,
        known=known,
        keys=keys,
        rows=feature_rows(history, orders, ordered, keys, known),
        ordered=ordered,
        until=until,
        end=end,
        learnt=learnt,
        judged=judged_rows,
        truth=final[judged_rows],
    )


def learn(data: Data, many: Machines, *, seed: int) -> Bundle:
    """The bundle from what may be learnt."""
    use = np.flatnonzero(~np.isnan(data.learnt))
    columns = _telling(data.rows[use])
    names = feature_names(data.keys)
    weights = _weights(data.history.orders)[use]
    text = grow(
        many,
        data.rows[np.ix_(use, columns)],
        data.learnt[use],
        PARAMETERS,
        rounds=ROUNDS,
        seed=seed,
        boosters=BOOSTERS,
        weights=weights,
    )
    calibration = _calibration(data.learnt[use], weights)
    chosen, rows = tuple(names[at] for at in columns), data.rows[np.ix_(use, columns)]
    said = calibration.apply(said_apart(many, rows, data.learnt[use], PARAMETERS, ROUNDS, seed=seed, weights=weights))
    return make_bundle(
        NAME,
        features=chosen,
        boosters={"late": text},
        content={
            "keys": [list(key) for key in data.keys],
            "calibration": calibration.to_json(),
            REFERENCE: reference(rows, chosen, said),
        },
        card={"orders": len(use), "late": int(data.learnt[use].sum()), "until": _date(data.until - 1).isoformat()},
    )


def judged(truth: "NDArray[np.float64]", probability: "NDArray[np.float64]") -> Judged:
    """Metrics, and what each order cost under the review budget."""
    return Judged(
        metrics={
            "auc": auc(truth, probability),
            "brier": brier(truth, probability),
            "ece": ece(truth, probability),
            "found_first_tenth": captured(truth, probability, BUDGET),
        },
        costs=costs(truth, probability),
    )


def costs(truth: "NDArray[np.float64]", score: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """A late order nobody looked at costs 1, an order looked at `REVIEW_COST`; the highest scores are looked at."""
    found = np.asarray(truth, dtype=np.float64).copy()
    looked_at = np.argsort(-score, kind="stable")[: round(BUDGET * len(score))]
    found[looked_at] = REVIEW_COST
    return found


def _calibration(late: "NDArray[np.float64]", weights: "NDArray[np.float64]") -> BetaCalibration:
    """Puts back what the weights took from the late rate; the trees' own odds stand for the rest.

    Fitting them to earlier cuts was measured to make later probabilities worse: see docs/predictions.md.
    """
    asked, grown = (np.clip(rate, 1e-3, 1 - 1e-3) for rate in (late.mean(), np.average(late, weights=weights)))
    return BetaCalibration(base=float(np.log(asked / (1 - asked)) - np.log(grown / (1 - grown))))


def _said(bundle: Bundle, data: Data) -> "NDArray[np.float64]":
    return LateModel(bundle).probabilities(data.rows[data.judged])


def _judge(other: Bundle, data: Data) -> Judged | None:
    """Another bundle on the same orders; None where the feeds lack what it was trained on."""
    try:
        model = LateModel(other)
        refuse_other_columns(data.history.orders, model.keys)
    except UnavailableError:
        return None
    asked = data.history.orders[data.judged]
    rows = feature_rows(data.history, asked, data.ordered[data.judged], model.keys, data.known)
    return judged(data.truth, model.probabilities(rows))


def _baselines(data: Data) -> "dict[str, NDArray[np.float64]]":
    use = np.flatnonzero(~np.isnan(data.learnt))
    orders = data.history.orders
    learnt = Learnt(orders=orders[use], late=data.learnt[use], asked=orders[data.judged])
    words = [name for name in (*WORDS, *own_columns(orders)) if name != "carrier"]
    return {
        RULE: tightest_promise(learnt),
        "lane average": average(learnt, LANE),
        "supplier average": average(learnt, ("supplier",)),
        "logistic regression": logistic(learnt, words),
    }


def _leak_alarm(data: Data, seed: int) -> str:
    """What a split at random would claim: said as an alarm, never as a result."""
    with machines() as many:
        use = np.flatnonzero(~np.isnan(data.learnt))
        drawn = np.random.default_rng(seed).random(len(use)) < 1 - _HELD_OUT
        columns = _telling(data.rows[use])
        rows, truth = data.rows[np.ix_(use, columns)], data.learnt[use]
        text = grow(many, rows[drawn], truth[drawn], PARAMETERS, rounds=ROUNDS, seed=seed, boosters=1)
    score = auc(truth[~drawn], Booster(text).predict(rows[~drawn]))
    return f"A split at random would claim an AUC of {score:.2f}: orders placed together come late together. Leakage."


def _notes(data: Data) -> list[str]:
    orders, end = data.history.orders, data.end
    undelivered = orders.join(data.history.deliveries.filter(pl.col("known") < end), on="order_id", how="anti")
    passed = undelivered.filter(pl.col("promised") + 1 < end)
    notes = []
    if passed.height:
        notes.append(f"{passed.height} orders have no known delivery though their promise has passed: counted as late.")
    backwards = orders.filter(pl.col("promised") < pl.col("ordered")).height
    if backwards:
        notes.append(f"{backwards} orders were promised for a day before they were ordered: they count as they stand.")
    return notes


def _telling(rows: "NDArray[np.float64]") -> "NDArray[np.int64]":
    """Columns that tell orders apart."""
    found = []
    for at in range(rows.shape[1]):
        values = rows[:, at][~np.isnan(rows[:, at])]
        if len(values) and values.min() < values.max():
            found.append(at)
    return np.array(found, dtype=np.int64)


def _end(history: History) -> float:
    """The end of the last day the feeds tell of."""
    last = max(float(history.orders["ordered"].max() or 0.0), float(history.deliveries["known"].max() or 0.0))  # type: ignore[arg-type]
    return float(np.floor(last) + 1)


def _weights(orders: pl.DataFrame) -> "NDArray[np.float64]":
    """Orders placed on one day for one country share their fate: together they tell more than one, less than many."""
    together = orders.select(pl.len().over("country", pl.col("ordered").floor()))["len"]
    return np.asarray(1.0 / np.sqrt(together.to_numpy()), dtype=np.float64)


def _before(history: History, until: float) -> History:
    return History(
        orders=history.orders.filter(pl.col("ordered") < until),
        deliveries=history.deliveries.filter(pl.col("known") < until),
        stock=history.stock,
    )


def _count(labelled: "NDArray[np.float64]") -> int:
    return int((~np.isnan(labelled)).sum())


def _days(day: date) -> int:
    return (day - _EPOCH).days


def _date(day: float) -> date:
    return _EPOCH + timedelta(days=int(np.floor(day)))
