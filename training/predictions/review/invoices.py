"""Learns which invoices a person will change or dispute, and is judged beside each supplier's average.

Trees are fixed at the cut. What they look at is, for every bill, what was known of its supplier on the day it came, in
training and in judging alike: what serving will see.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from models.bundle import Bundle, make_bundle
from models.drift import REFERENCE
from models.review.bills import BillBook, days_of, walk
from models.review.features import FEATURES, SupplierRecord
from models.review.predict import NAME, ReviewModel
from training.predictions import refusals
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

FEWEST, FEWEST_DISPUTED = 100, 10
LATER_SHARE = 0.25
ROUNDS = 120
RULE = "supplier average"
_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What is known before `until` may be learnt from; bills that came from then to before `to` are judged."""

    until: float
    to: float


def train(book: BillBook, period: Period, *, seed: int, say: Say) -> Outcome:
    """Learns and judges.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`.
    """
    came = np.array([bill.came for bill in book.bills])
    known = np.array([np.inf if ending is None else ending.known for ending in book.endings])
    bad = np.array([np.nan if ending is None else float(ending.disputed) for ending in book.endings])
    cut = _cut(came[np.isfinite(known)], period)
    learnt = (known < cut.until) & (came < cut.until)
    judged = np.isfinite(known) & (came >= cut.until) & (came < cut.to)
    if learnt.sum() < FEWEST or bad[learnt].sum() < FEWEST_DISPUTED or not judged.any():
        raise refusals.too_little(
            NAME,
            f"{int(learnt.sum())} invoices settled by {_date(cut.until - 1)}, {int(bad[learnt].sum())} disputed, "
            f"and {int(judged.sum())} later ones to be judged",
            f"at least {FEWEST} with {FEWEST_DISPUTED} disputed, and one to be judged",
        )
    say(f"learning from {int(learnt.sum())} settled invoices, judging {int(judged.sum())}")
    base = float(bad[learnt].mean())
    subjects = Subjects(rows=rows_of(book, base), at=came, bad=bad, learnt=learnt, judged=judged, rounds=ROUNDS)
    grown = grow(subjects, seed)
    bundle = make_bundle(
        NAME,
        features=FEATURES,
        boosters={"disputed": grown.trees},
        content={"base": base, "calibration": grown.calibration.to_json(), REFERENCE: grown.reference(FEATURES)},
        card={"trained_until": _date(cut.until - 1).isoformat(), "invoices": int(learnt.sum())},
    )
    suppliers = np.array([bill.supplier_id for bill in book.bills])
    said = {
        "model": ReviewModel(bundle).probabilities(subjects.rows[judged]),
        RULE: average(suppliers, subjects),
        "overall share": np.full(int(judged.sum()), base),
        "logistic regression": logistic(subjects),
    }
    truth = subjects.truth

    def again(other: Bundle) -> Judged | None:
        if other.features != FEATURES:
            return None
        model = ReviewModel(other)
        rows = subjects.rows if model.base == base else rows_of(book, model.base)
        return judge(truth, model.probabilities(rows[judged]))

    return Outcome(
        name=NAME,
        trained_until=_date(cut.until - 1),
        judged_from=_date(float(came[judged].min())),
        judged_to=_date(float(came[judged].max())),
        count=int(judged.sum()),
        ways={way: judge(truth, probability) for way, probability in said.items()},
        rule=RULE,
        calibration="ece",
        bundle=bundle,
        judge=again,
        parameters={**PARAMETERS, "rounds": ROUNDS, "seed": seed, "budget": BUDGET, "review_cost": REVIEW_COST},
        plots={
            "review-reliability": reliability_svg(truth, said["model"], title="Invoices changed or disputed"),
            "review-lift": lift_svg(truth, said, title="Disputed invoices found by looking at", budget=BUDGET),
        },
        notes=(
            "Labels are those known at the cut; a supplier's record is what was known on the day an invoice came.",
            leak_alarm(subjects, seed),
        ),
    )


def rows_of(book: BillBook, base: float) -> Floats:
    """The features of every bill on the day it came."""
    records: dict[str, SupplierRecord] = {}
    rows: list[list[float]] = [[]] * len(book.bills)
    for number, is_settled in walk(book.bills, book.endings):
        bill, ending = book.bills[number], book.endings[number]
        record = records.setdefault(bill.supplier_id, SupplierRecord(base))
        if is_settled:
            assert ending is not None
            record.learn(disputed=ending.disputed, day=ending.known)
        else:
            rows[number] = record.ask(bill)
            record.came(bill)
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


def _cut(came: Floats, period: Period) -> Cut:
    until = float(np.floor(np.quantile(came, 1 - LATER_SHARE))) if period.until is None else days_of(period.until) + 1
    to = np.inf if period.evaluate_to is None else days_of(period.evaluate_to) + 1
    return Cut(until=until, to=float(to))


def _date(days: float) -> date:
    return datetime.fromtimestamp(days * _SECONDS, UTC).date()
