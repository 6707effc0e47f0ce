"""Risky invoices: what is known of a supplier on a day, and a model that finds the chances of a made-up ledger."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from core.errors import InputError, UnavailableError
from models.bundle import make_bundle
from models.review.bills import FEEDS, Bill, BillBook, BillEnding, billbook, days_of, walk
from models.review.features import FEATURES, SupplierRecord
from models.review.predict import ReviewModel
from tests.models.casework.builders import desk
from tests.models.review.builders import START, Ledger, ledger
from training.predictions.metrics import auc
from training.predictions.outcome import Outcome, Period
from training.predictions.review.invoices import RULE, rows_of
from training.predictions.review.run import train


def _book(frames: Ledger) -> BillBook:
    return billbook({feed: frames.frame(feed) for feed in FEEDS})


@pytest.fixture(scope="module")
def world() -> Ledger:
    return ledger()


@pytest.fixture(scope="module")
def outcome(world: Ledger) -> Outcome:
    return train(world, Period(), seed=1, say=lambda _: None)


def test_what_became_known_later_changes_no_feature(world: Ledger) -> None:
    day = START + timedelta(days=300)
    posted = world.frame("posted_invoices")
    later = pl.col("settled_at") >= datetime(day.year, day.month, day.day, tzinfo=UTC)
    changed = posted.with_columns(
        disputed=pl.when(later).then(~pl.col("disputed")).otherwise("disputed"),
        settled_at=pl.when(later).then(pl.col("settled_at") + timedelta(days=77)).otherwise("settled_at"),
    ).filter(pl.col("invoice_date") <= day)
    book, other = _book(world), _book(Ledger(feeds={"posted_invoices": changed}, chances={}))
    here = [number for number, bill in enumerate(book.bills) if bill.came <= days_of(day)]
    np.testing.assert_array_equal(rows_of(book, 0.1)[here], rows_of(other, 0.1))


def test_a_receipt_after_the_invoice_is_not_known_to_it() -> None:
    posted = pl.DataFrame(
        {
            "supplier_id": ["S1"],
            "invoice_number": ["R1"],
            "invoice_date": [date(2025, 3, 1)],
            "total_with_vat": [100.0],
            "currency": ["EUR"],
            "po_number": ["P1"],
        }
    )
    receipts = pl.DataFrame({"po_number": ["P1"], "received_at": [datetime(2025, 3, 2, tzinfo=UTC)]})
    empty = ledger(1)
    frame = empty.frame("posted_invoices").clear()
    feeds = {"posted_invoices": pl.concat([frame, posted], how="diagonal"), "goods_receipts": receipts}
    bill = _book(Ledger(feeds=feeds, chances={})).bills[0]
    assert np.isnan(bill.received)


def test_a_dispute_without_an_instant_is_not_known() -> None:
    frame = ledger(5).frame("posted_invoices").with_columns(settled_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    assert set(_book(Ledger(feeds={"posted_invoices": frame}, chances={})).endings) == {None}


def test_a_settlement_on_the_day_a_bill_comes_is_not_known_to_it() -> None:
    bills = (_bill("R1", 10.0), _bill("R2", 12.0))
    endings = (BillEnding(known=12.4, disputed=True), None)
    assert list(walk(bills, endings)) == [(0, False), (1, False), (0, True)]


def test_an_unknown_supplier_is_given_the_rate_of_the_house() -> None:
    row = dict(zip(FEATURES, SupplierRecord(0.17).ask(_bill("R1", 10.0)), strict=True))
    assert row["disputed_long"] == pytest.approx(0.17)
    assert row["settled_known"] == 0


def test_a_supplier_that_is_disputed_more_is_rated_higher_and_forgiven_with_time() -> None:
    record = SupplierRecord(0.1)
    for day in range(8):
        record.learn(disputed=True, day=float(day))
    soon, late = (record.ask(_bill("R1", day))[FEATURES.index("disputed_lately")] for day in (10.0, 400.0))
    assert soon > 0.5
    assert 0.1 < late < soon


def test_the_model_finds_the_chances_of_the_ledger(world: Ledger, outcome: Outcome) -> None:
    book = _book(world)
    judged = [n for n, bill in enumerate(book.bills) if bill.came >= days_of(outcome.judged_from)]
    truth = np.array([getattr(book.endings[number], "disputed", False) for number in judged])
    chances = np.array([world.chances[book.bills[number].bill_id] for number in judged])
    oracle = auc(truth, chances)
    found = outcome.ways["model"].metrics
    assert found["auc"] > oracle - 0.05
    assert found["auc"] > outcome.ways[RULE].metrics["auc"] + 0.02
    assert found["ece"] < 0.05
    said = ReviewModel(outcome.bundle).probabilities(rows_of(book, outcome.bundle.content["base"])[judged])
    assert np.corrcoef(said, chances)[0, 1] > 0.8


def test_every_way_is_judged_on_the_same_invoices(outcome: Outcome) -> None:
    assert all(len(way.costs) == outcome.count for way in outcome.ways.values())
    again = outcome.judge(outcome.bundle)
    assert again is not None
    assert again.metrics == outcome.ways["model"].metrics


def test_nothing_settled_after_the_day_is_learnt(world: Ledger) -> None:
    until = START + timedelta(days=350)
    later = pl.col("settled_at").dt.date() > until
    changed = world.frame("posted_invoices").with_columns(
        disputed=pl.when(later).then(~pl.col("disputed")).otherwise("disputed")
    )
    runs = [
        train(one, Period(until=until), seed=1, say=lambda _: None)
        for one in (world, Ledger(feeds={"posted_invoices": changed}, chances={}))
    ]
    assert runs[0].bundle == runs[1].bundle


def test_reasons_are_in_a_clerks_words_and_speak_for_the_risk(world: Ledger, outcome: Outcome) -> None:
    book, model = _book(world), ReviewModel(outcome.bundle)
    rows = rows_of(book, model.base)
    riskiest = int(np.argmax(model.probabilities(rows)))
    found = model.predict(f"posted_invoice:{book.bills[riskiest].bill_id}", list(rows[riskiest]))
    assert found.probability > 0.5
    assert found.model == outcome.bundle.version
    assert found.reasons
    assert all(reason.weight > 0 for reason in found.reasons)
    said = " · ".join(reason.words for reason in found.reasons)
    assert "this supplier" in said or "order" in said


def test_a_model_of_cases_is_refused_for_invoices() -> None:
    with pytest.raises(UnavailableError, match="MODEL-COLUMNS"):
        ReviewModel(make_bundle("review", features=("hour",), boosters={}, content={}, card={}))


def test_where_no_invoice_is_settled_cases_are_learnt_from() -> None:
    frames = Ledger(feeds={"exceptions": desk()}, chances={})
    found = train(frames, Period(), seed=1, say=lambda _: None)
    assert found.rule == "priority alone"
    assert {"auc", "brier", "ece"} <= found.ways["model"].metrics.keys()


def test_nothing_at_all_is_refused_with_a_word() -> None:
    with pytest.raises(InputError, match="TRAIN-FEED-EMPTY"):
        train(Ledger(feeds={}, chances={}), Period(), seed=1, say=lambda _: None)


def test_too_few_settled_invoices_are_refused_with_a_word() -> None:
    with pytest.raises(InputError, match="TRAIN-TOO-LITTLE"):
        train(ledger(60), Period(), seed=1, say=lambda _: None)


def _bill(number: str, came: float) -> Bill:
    return Bill(bill_id=f"S1/{number}", supplier_id="S1", came=came, amount=100.0, currency="EUR")
