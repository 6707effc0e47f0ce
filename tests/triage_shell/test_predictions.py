"""Predictions are kept once, and get their label once: what drift and performance are reported from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.database import Database
from ingest.feed_load import load_feed
from tests.ingest.feed_making import csv_file
from triage import predictions
from triage.prediction_labels import label_bills
from triage.predictions import StoredPrediction

AT = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)


def said(number: int, **more: object) -> StoredPrediction:
    one = StoredPrediction(
        name="sla-miss",
        subject=f"sales_order:O{number}",
        model="sla-miss-0123456789ab",
        predicted_at=AT + timedelta(days=number),
        score=number / 10,
        features_hash="ab" * 32,
    )
    return replace(one, **more)  # type: ignore[arg-type]


def kept(database: Database, name: str = "sla-miss") -> tuple[StoredPrediction, ...]:
    with database.read() as session:
        return predictions.between(session, name)


def test_the_same_prediction_is_kept_once_and_comes_back_as_it_was(either_database: Database) -> None:
    first, second = said(1, features=(1.5, None, 0.1)), said(2)
    with either_database.write() as session:
        assert predictions.save(session, [first, second, first]) == 2
    with either_database.write() as session:
        assert predictions.save(session, [replace(second, score=0.9), said(3)]) == 1
    assert kept(either_database) == (first, second, said(3))


def test_a_label_is_set_once_and_only_on_what_was_said_before_it_was_known(either_database: Database) -> None:
    with either_database.write() as session:
        predictions.save(session, [said(1), said(2), said(3)])
        at = AT + timedelta(days=2, hours=1)
        labels = {"sales_order:O1": 1.0, "sales_order:O2": 0.0, "sales_order:O3": 1.0, "sales_order:O9": 1.0}
        assert predictions.set_labels(session, "sla-miss", labels, at=at) == 2
        assert predictions.set_labels(session, "sla-miss", {"sales_order:O1": 0.0}, at=at) == 0
        assert predictions.set_labels(session, "review", labels, at=at) == 0
    assert [one.label for one in kept(either_database)] == [1.0, 0.0, None]
    with either_database.read() as session:
        assert predictions.without_label(session, "sla-miss") == ("sales_order:O3",)


def test_history_is_read_by_model_window_and_month(either_database: Database) -> None:
    with either_database.write() as session:
        predictions.save(session, [said(1), said(2), said(3), said(1, name="review", model="review-1")])
    with either_database.read() as session:
        window = predictions.between(session, "sla-miss", since=AT + timedelta(days=2), until=AT + timedelta(days=3))
        assert predictions.names(session) == {"review": 1, "sla-miss": 3}
    assert window == (said(2),)
    months = dict(predictions.by_month(kept(either_database)))
    assert {month: len(those) for month, those in months.items()} == {"2026-10": 1, "2026-11": 2}


def test_a_bill_gets_its_label_once_it_is_settled_and_not_before(database: Database) -> None:
    ends = (("2026-11-05", "true"), ("2026-11-06", "false"), ("2026-11-20", "true"), ("", ""))
    bill = {"supplier_id": "S1", "invoice_date": "2026-10-29", "total_with_vat": "12.00", "currency": "EUR"}
    rows = [
        bill | {"invoice_number": f"R-{number}", "settled_at": day and f"{day}T08:00:00Z", "disputed": disputed}
        for number, (day, disputed) in enumerate(ends, start=1)
    ]
    with database.write() as session:
        load_feed(session, "posted_invoices", csv_file(rows), file_name="bills.csv", actor="system", at=AT)
    names = ("S1/R-1", "S1/R-2", "S1/R-3", "S1/R-4")
    with database.write() as session:
        predictions.save(session, [said(0, name="review", subject=f"posted_invoice:{one}") for one in names])
        assert label_bills(session, at=AT + timedelta(days=9)) == 2
        assert label_bills(session, at=AT + timedelta(days=9)) == 0
    assert [one.label for one in kept(database, "review")] == [1.0, 0.0, None, None]
