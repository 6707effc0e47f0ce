"""Learns which service cases miss their deadline, at the instant they are opened, beside priority alone."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.bundle import Bundle, make_bundle
from models.casework.cases import ATTRIBUTES, CaseBook, casebook, walk
from models.casework.features import FEATURES, DeadlineHistory
from models.casework.predict import DeadlineModel
from models.drift import REFERENCE
from models.review.predict import NAME
from training.predictions import refusals
from training.predictions.casework import Cut, cut_of
from training.predictions.outcome import Judged, Outcome, Period, Say
from training.predictions.pictures import lift_svg, reliability_svg
from training.predictions.review.scored import (
    BUDGET,
    PARAMETERS,
    REVIEW_COST,
    Floats,
    Subjects,
    average,
    grow,
    judge,
    leak_alarm,
    logistic,
)

FEWEST, FEWEST_MISSED = 200, 20
ROUNDS = 300
RULE = "priority alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Service cases with their features at opening, and where the time is cut."""

    book: CaseBook
    cut: Cut
    subjects: Subjects


def opened(frame: pl.DataFrame, period: Period, *, name: str = NAME) -> Opened:
    """The cases of the feed, some to learn from and later ones to be judged.

    Args:
        name: the model it is trained for.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`.
    """
    book = casebook(frame)
    cut = cut_of(book, period)
    at = np.array([case.opened for case in book.cases])
    known = np.array([np.inf if ending is None else ending.known for ending in book.endings])
    bad = np.array(
        [np.nan if ending is None or ending.missed is None else float(ending.missed) for ending in book.endings]
    )
    labelled = ~np.isnan(bad)
    learnt = labelled & (known <= cut.until) & (at <= cut.until)
    judged = labelled & (at > cut.until) & (at <= cut.to)
    if learnt.sum() < FEWEST or not FEWEST_MISSED <= bad[learnt].sum() < learnt.sum() or not judged.any():
        raise refusals.too_little(
            name,
            f"{int(learnt.sum())} cases that had ended by {cut.trained_until}, {int(bad[learnt].sum())} past their "
            f"deadline, and {int(judged.sum())} later ones to be judged",
            f"at least {FEWEST} with {FEWEST_MISSED} past their deadline, and one to be judged",
        )
    subjects = Subjects(rows=rows_of(book, cut.to), at=at, bad=bad, learnt=learnt, judged=judged, rounds=ROUNDS)
    return Opened(book=book, cut=cut, subjects=subjects)


def learn(found: Opened, seed: int, *, name: str = NAME) -> Bundle:
    """The bundle from what may be learnt."""
    grown = grow(found.subjects, seed)
    return make_bundle(
        name,
        features=FEATURES,
        boosters={"missed": grown.trees},
        content={"calibration": grown.calibration.to_json(), REFERENCE: grown.reference(FEATURES)},
        card={
            "trained_until": found.cut.trained_until.isoformat(),
            "cases": int(found.subjects.learnt.sum()),
        },
    )


def train(frame: pl.DataFrame, period: Period, *, seed: int, say: Say, name: str = NAME) -> Outcome:
    """Learns and judges.

    Args:
        name: the model it is trained for.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`.
    """
    found = opened(frame, period, name=name)
    subjects, cut, book = found.subjects, found.cut, found.book
    say(f"learning from {int(subjects.learnt.sum())} cases, judging {len(subjects.truth)}")
    bundle = learn(found, seed, name=name)
    truth, rows = subjects.truth, subjects.rows[subjects.judged]
    said = {
        "model": DeadlineModel(bundle).probabilities(rows),
        RULE: average(_says(book, "priority"), subjects),
        "team average": average(_says(book, "initial_group"), subjects),
        "logistic regression": logistic(subjects),
    }

    def again(other: Bundle) -> Judged | None:
        return judge(truth, DeadlineModel(other).probabilities(rows)) if other.features == FEATURES else None

    return Outcome(
        name=name,
        trained_until=cut.trained_until,
        judged_from=cut.judged_from,
        judged_to=cut.judged_to,
        count=len(truth),
        ways={way: judge(truth, probability) for way, probability in said.items()},
        rule=RULE,
        calibration="ece",
        bundle=bundle,
        judge=again,
        parameters={**PARAMETERS, "rounds": ROUNDS, "seed": seed, "budget": BUDGET, "review_cost": REVIEW_COST},
        plots={
            "review-reliability": reliability_svg(truth, said["model"], title="Cases past their deadline", of="cases"),
            "review-lift": lift_svg(truth, said, title="Missed deadlines found by looking at", budget=BUDGET),
        },
        unserved=f"it was learnt from service cases, as nothing else was there; no {name} is scored by those",
        notes=(
            "Learnt from service cases, as nothing else was there: it says nothing of invoices or orders.",
            leak_alarm(subjects, seed),
        ),
    )


def rows_of(book: CaseBook, to: float) -> Floats:
    """The features of every case at the instant it was opened; those opened after `to` are left at 0."""
    history = DeadlineHistory()
    rows = np.zeros((len(book.cases), len(FEATURES)))
    for number, has_ended in walk(book.cases, book.endings, known_to=to):
        case, ending = book.cases[number], book.endings[number]
        if has_ended:
            assert ending is not None
            history.learn(case, missed=ending.missed, day=ending.known)
        elif case.opened <= to:
            rows[number] = history.ask(case)
            history.opened(case)
    return rows


def _says(book: CaseBook, name: str) -> np.typing.NDArray[np.str_]:
    place = ATTRIBUTES.index(name)
    return np.array([case.says[place] for case in book.cases])
