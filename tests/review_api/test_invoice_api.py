"""Bills that wait to be settled, scored by the house's model: as training saw them, held for accounts payable."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.clock import FixedClock
from core.database import Database
from ingest.feed_load import load_feed
from models.bundle import Bundle, make_bundle, write_bundle
from models.review.bills import FEEDS, billbook, days_of
from models.review.predict import ReviewModel
from review_api.cli.main import main
from tests.models.review.builders import START, ledger
from tests.review_api.conftest import Desk
from training.predictions.outcome import Period
from training.predictions.review.invoices import rows_of
from training.predictions.review.run import train
from triage import policies, replaying

WORLD = ledger(1_000)
AT = datetime.combine(START + timedelta(days=560), time(8), tzinfo=UTC)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return train(WORLD, Period(until=START + timedelta(days=450)), seed=1, say=lambda _: None).bundle


def load(database: Database) -> None:
    data = WORLD.frame("posted_invoices").write_csv().encode()
    with database.write() as session:
        load_feed(session, "posted_invoices", data, file_name="posted_invoices.csv", actor="system", at=AT)


@pytest.fixture
def ap(desk: Desk) -> Desk:
    """A desk with the invented ledger, in the middle of its last months."""
    assert isinstance(desk.services.clock, FixedClock)
    desk.services.clock.instant = AT
    load(desk.services.db)
    return desk


def test_without_a_model_nothing_is_held_and_with_one_it_says_what_training_would(ap: Desk, bundle: Bundle) -> None:
    client = ap.key("score")
    without = client.post("/v1/score/invoices", json={}).json()["scores"]
    assert len(without) > 20
    assert {(one["outcome"], one["probability"], one["model"]) for one in without} == {("clear", None, None)}
    write_bundle(bundle, ap.services.settings.home / "bundles" / "review.json")
    answer = client.post("/v1/score/invoices", json={})
    assert answer.status_code == 200, answer.text
    scores = answer.json()["scores"]
    book = billbook({feed: WORLD.frame(feed) for feed in FEEDS}).until(days_of(AT))
    model = ReviewModel(bundle)
    expected = dict(
        zip((bill.bill_id for bill in book.bills), model.probabilities(rows_of(book, model.base)), strict=True)
    )
    told = {f"{one['supplier_id']}/{one['invoice_number']}": one["probability"] for one in scores}
    np.testing.assert_allclose(list(told.values()), [expected[name] for name in told])
    assert {one["outcome"] for one in scores if one["probability"] >= 0.5} <= {"hold"}
    assert {one["outcome"] for one in scores if one["probability"] < 0.5} == {"clear"}


def test_a_risky_bill_has_a_case_in_accounts_payable_that_a_clerk_ends(ap: Desk, bundle: Bundle) -> None:
    write_bundle(bundle, ap.services.settings.home / "bundles" / "review.json")
    with ap.services.db.write() as session:
        text = policies.active_text(session).replace("review_probability = 0.5", "review_probability = 0.15")
        policies.put_in_force(session, text, at=AT, actor="system", proposed_by=None, preview_hash=None)
    client = ap.key("score")
    decided = client.post("/v1/decide/invoices", json={}).json()
    held = [one for one in decided["scores"] if one["outcome"] == "hold"]
    assert decided["kept"]["opened"] == len(held) > 0
    again = client.post("/v1/decide/invoices", json={}).json()["kept"]
    assert (again["opened"], again["decided"]) == (0, 0)
    clerk, case_id = ap.client("ap_clerk"), held[0]["case_id"]
    shown = clerk.get(f"/v1/cases/{case_id}")
    assert (shown.json()["kind"], shown.json()["queue"], shown.json()["codes"]) == ("bill", "ap", ["MODEL-RISK"])
    assert "A model says" in clerk.get(f"/cases/{case_id}").text
    body = {"resolution": "approve", "reason_code": "price_agreed"}
    ended = clerk.post(f"/v1/cases/{case_id}/resolve", json=body, headers={"If-Match": shown.headers["ETag"]})
    assert (ended.status_code, ended.json()["state"]) == (200, "resolved"), ended.text
    tally = replaying.replay_all(ap.services.db)
    assert (tally.equal, tally.different) == (len(decided["scores"]), 0)


def test_a_model_of_other_columns_has_bills_held_with_the_columns_and_gives_no_number(ap: Desk) -> None:
    other = make_bundle("review", features=("moon",), boosters={}, content={}, card={})
    write_bundle(other, ap.services.settings.home / "bundles" / "review.json")
    scores = ap.key("score").post("/v1/score/invoices", json={}).json()["scores"]
    assert {(one["outcome"], one["probability"]) for one in scores} == {("hold", None)}
    (found,) = scores[0]["findings"]
    assert found["code"] == "MODEL-MISSING"
    assert "not made here: moon" in found["message"]


def test_a_bill_nobody_knows_is_refused_by_name(ap: Desk) -> None:
    asked = {"subjects": [{"supplier_id": "S1", "invoice_number": "NOPE"}]}
    answer = ap.key("score").post("/v1/score/invoices", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "SCORE-INVOICE-UNKNOWN")
    assert "NOPE of S1" in answer.json()["detail"]


def test_bills_are_scored_from_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bundle: Bundle
) -> None:
    from core.settings import Settings
    from review_api.services import build_services

    monkeypatch.setenv("CLEARHOLD_HOME", str(tmp_path))
    services = build_services(Settings())
    load(services.db)
    services.close()
    day = AT.date().isoformat()
    assert main(["score", "invoices", "--as-of", day]) == 0
    assert "clearhold-train review --promote" in capsys.readouterr().out
    write_bundle(bundle, tmp_path / "bundles" / "review.json")
    assert main(["score", "invoices", "--as-of", day, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kept"]["opened"] == sum(one["outcome"] == "hold" for one in told["scores"])
    assert main(["score", "invoices", "--as-of", day]) == 0
    assert "Cases: 0 opened" in capsys.readouterr().out
