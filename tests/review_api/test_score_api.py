"""Scoring and deciding over HTTP and from a terminal: orders and replenishment, by number or with their facts."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.database import Database
from ingest.feed_load import load_feed
from review_api.cli.main import main
from tests.ingest.feed_making import csv_file
from tests.review_api.conftest import Desk

Row = Mapping[str, object]


def feeds(now: datetime) -> dict[str, list[Row]]:
    """Two orders for ten pieces, and six a day sold of an item that is nearly gone."""
    ago, ahead = now - timedelta(days=2), now + timedelta(days=9)
    return {
        "sales_orders": [
            {"order_id": f"O{number}", "ordered_at": (ago + timedelta(hours=number)).isoformat(),
             "promised_at": ahead.isoformat(), "order_value": 40, "currency": "EUR"}
            for number in (1, 2)
        ],
        "sales_order_lines": [
            {"order_id": f"O{number}", "line_number": 1, "item_id": "A", "quantity": 6} for number in (1, 2)
        ],
        "shipments": [{"shipment_id": "SX", "order_id": "OX"}],
        "stock_levels": [{"item_id": "A", "location_id": "WH1", "as_of": ago.isoformat(), "on_hand": 10}],
        "items": [
            {"item_id": "A", "supplier_id": "S1", "case_pack": 12, "unit_cost": "1.50", "lead_time_days": 3,
             "max_stock": 40}
        ],
        "suppliers": [{"supplier_id": "S1", "name": "Nordlicht"}],
        "purchase_orders": [
            {"po_number": "P1", "supplier_id": "S1", "ordered_at": "2026-01-05", "currency": "EUR", "status": "closed"}
        ],
        "purchase_order_lines": [
            {"po_number": "P1", "line_number": 1, "item_id": "A", "quantity": 1, "unit_price": 1}
        ],
        "goods_receipts": [
            {"receipt_id": "G1", "po_number": "P1", "line_number": 1, "quantity": 1, "received_at": "2026-01-09"}
        ],
        "demand": [
            {"item_id": "A", "location_id": "WH1", "date": now.date() - timedelta(days=back), "quantity": 6}
            for back in range(1, 60)
        ],
    }  # fmt: skip


def load(database: Database, now: datetime) -> None:
    with database.write() as session:
        for name, rows in feeds(now).items():
            load_feed(session, name, csv_file(rows), file_name=f"{name}.csv", actor="system", at=now)


@contextmanager
def scoring(desk: Desk) -> Iterator[Any]:
    load(desk.services.db, desk.services.clock.now())
    yield desk.key("score")


def given_order(now: datetime, **changes: Any) -> dict[str, Any]:
    facts = {
        "ordered_at": now.isoformat(),
        "promised_at": (now + timedelta(days=9)).isoformat(),
        "lines": [{"line_number": "1", "item_id": "A", "quantity": "4"}],
    }
    return {"order_id": "N1", "facts": facts | changes}


def test_orders_are_scored_by_their_numbers_and_nothing_is_stored(desk: Desk) -> None:
    with scoring(desk) as client:
        answer = client.post("/v1/score/orders", json={"subjects": [{"order_id": "O2"}, {"order_id": "O1"}]})
        assert answer.status_code == 200, answer.text
        first, second = answer.json()["scores"]
        assert (first["order_id"], first["outcome"], first["findings"]) == ("O1", "clear", [])
        assert (second["order_id"], second["outcome"]) == ("O2", "hold")
        assert [(at["code"], at["actual"]) for at in second["findings"]] == [("ORD-STOCK", "4")]
        assert desk.client("admin").get("/v1/cases").json()["cases"] == []


def test_deciding_says_the_same_and_opens_one_case_however_often_it_is_asked(desk: Desk) -> None:
    asked = {"subjects": [{"order_id": "O2"}, {"order_id": "O1"}]}
    with scoring(desk) as client:
        scored = client.post("/v1/score/orders", json=asked).json()
        answer = client.post("/v1/decide/orders", json=asked)
        assert answer.status_code == 200, answer.text
        decided = answer.json()
        case_id = decided["scores"][1]["case_id"]
        assert scored["scores"] == [one | {"case_id": None} for one in decided["scores"]]
        assert decided["kept"] == {"decided": 2, "as_before": 0, "opened": 1, "changed": 0, "ended": 0}
        again = client.post("/v1/decide/orders", json=asked).json()
        assert again["kept"]["as_before"] == 2
        assert again["scores"][1]["case_id"] == case_id
        assert (decided["scores"][0]["probability"], decided["scores"][0]["reasons"]) == (None, [])
    planner = desk.client("planner")
    shown = planner.get(f"/v1/cases/{case_id}")
    assert (shown.json()["document_id"], shown.json()["kind"]) == ("sales_order:O2", "order")
    assert shown.json()["facts"]["order"]["order_id"] == "O2"
    assert shown.json()["may"]["approve"]["allowed"]
    body = {"resolution": "approve", "reason_code": "customer_agreed"}
    ended = planner.post(f"/v1/cases/{case_id}/resolve", json=body, headers={"If-Match": shown.headers["ETag"]})
    assert (ended.status_code, ended.json()["state"]) == (200, "resolved")


def test_a_recommendation_that_cannot_be_ordered_has_a_case_with_todays_rule_beside_it(desk: Desk) -> None:
    asked = {
        "subjects": [{"item_id": "A", "location_id": "WH1", "recommendation": {"quantity": 5, "supplier_id": "?"}}]
    }
    with scoring(desk) as client:
        decided = client.post("/v1/decide/replenishment", json=asked).json()
        case_id = decided["scores"][0]["case_id"]
        assert decided["kept"]["opened"] == 1
        rule = {"subjects": [{"item_id": "A", "location_id": "WH1"}]}
        assert client.post("/v1/decide/replenishment", json=rule).json()["scores"][0]["case_id"] is None
    shown = desk.client("planner").get(f"/v1/cases/{case_id}").json()
    assert shown["advice"]["recommended"] == "5"
    assert shown["codes"][0] == "REP-SUPPLIER"


def test_an_order_that_is_given_stands_behind_those_that_wait(desk: Desk) -> None:
    now = desk.services.clock.now()
    with scoring(desk) as client:
        (score,) = client.post("/v1/score/orders", json={"subjects": [given_order(now)]}).json()["scores"]
        assert score["outcome"] == "clear"
        more = given_order(now, lines=[{"line_number": "1", "item_id": "A", "quantity": "5"}])
        (score,) = client.post("/v1/score/orders", json={"subjects": [more]}).json()["scores"]
        assert score["outcome"] == "hold"


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [{"line_number": "1", "item_id": "A", "quantity": 1}] * 2},
        {"lines": [{"line_number": "1", "item_id": "A", "quantity": "NaN"}]},
        {"lines": [{"line_number": "1", "item_id": "A", "quantity": "1E+900"}]},
        {"lines": [{"line_number": "1", "item_id": "A\u0000", "quantity": 1}]},
        {"promised_at": "2026-12-01T00:00:00"},
        {"promised_at": "0001-01-01T00:00:00Z"},
        {"ship_to": "AT"},
    ],
    ids=["line twice", "no number", "huge", "control character", "no time zone", "year 1", "unknown field"],
)
def test_an_order_that_makes_no_sense_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    answer = desk.key("score").post(
        "/v1/score/orders", json={"subjects": [given_order(desk.services.clock.now(), **changes)]}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"]


def test_unknown_and_repeated_subjects_are_refused_by_name(desk: Desk) -> None:
    client = desk.key("score")
    unknown = client.post("/v1/score/orders", json={"subjects": [{"order_id": "NOPE"}]})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "SCORE-ORDER-UNKNOWN")
    twice = client.post("/v1/score/orders", json={"subjects": [{"order_id": "O1"}, {"order_id": "O1"}]})
    assert twice.status_code == 422
    assert client.post("/v1/score/orders", json={"subjects": []}).status_code == 422


def test_the_rule_is_asked_about_an_item_and_says_where_its_quantity_comes_from(desk: Desk) -> None:
    with scoring(desk) as client:
        answer = client.post("/v1/score/replenishment", json={"subjects": [{"item_id": "A", "location_id": "WH1"}]})
        assert answer.status_code == 200, answer.text
        (score,) = answer.json()["scores"]
        # Point 6 × 3, up to 6 × 10, 10 there: 50, whole packs 60, room for 30 is 24.
        assert (score["recommendation"]["quantity"], score["quantity"], score["outcome"]) == ("50", "24", "clear")
        assert [at["code"] for at in score["findings"]] == ["REP-MAX", "REP-PACK"]
        assert (score["rule"]["reorder_point"], score["rule"]["on_hand"], score["rule"]["lead_time_days"]) == (
            "18",
            "10",
            3,
        )
        assert "position 10 against a reorder point of 18" in score["recommendation"]["reason"]


def test_a_recommendation_that_is_given_is_rounded(desk: Desk) -> None:
    subject = {"item_id": "A", "location_id": "WH1", "recommendation": {"quantity": 5, "supplier_id": "S1"}}
    with scoring(desk) as client:
        (score,) = client.post("/v1/score/replenishment", json={"subjects": [subject]}).json()["scores"]
        assert (score["quantity"], score["outcome"], score["rule"]) == ("12", "clear", None)
        asked = client.post("/v1/score/replenishment", json={"subjects": [{"item_id": "?", "location_id": "WH1"}]})
        assert (asked.status_code, asked.json()["code"]) == (404, "SCORE-ITEM-UNKNOWN")


def test_without_demand_the_rule_says_so(desk: Desk) -> None:
    answer = desk.key("score").post(
        "/v1/score/replenishment", json={"subjects": [{"item_id": "A", "location_id": "WH1"}]}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "SCORE-DEMAND")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A home with the feeds, as a terminal finds it."""
    from core.clock import SystemClock
    from core.settings import Settings
    from review_api.services import build_services

    monkeypatch.setenv("CLEARHOLD_HOME", str(tmp_path))
    services = build_services(Settings())
    now = SystemClock().now()
    load(services.db, now)
    services.close()
    return now


def test_orders_are_scored_from_a_terminal(home: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "orders", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert ": 2 (1 hold, 1 clear)" in shown
    assert "Nothing stored." in shown
    assert "ORD-STOCK" in shown
    assert main(["cases", "list"]) == 0
    assert "No case waits here." in capsys.readouterr().out
    assert main(["score", "orders"]) == 0
    assert "Cases: 1 opened." in capsys.readouterr().out
    assert main(["score", "orders"]) == 0
    assert "Cases: 0 opened; 2 as before." in capsys.readouterr().out
    assert main(["score", "orders", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [score["outcome"] for score in told["scores"]][1] == "hold"
    assert main(["score", "orders", "--limit", "1"]) == 0
    assert "and 1 more" in capsys.readouterr().out


def test_what_to_order_is_worked_out_from_a_terminal(home: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "replenishment"]) == 0
    shown = capsys.readouterr().out
    assert ": 1 (1 " in shown
    assert "36.00 EUR" in shown
    assert main(["score", "replenishment", "--as-of", (home - timedelta(days=100)).date().isoformat()]) == 1
    assert "[SCORE-DEMAND]" in capsys.readouterr().err


def test_a_planners_case_is_worked_on_from_a_terminal(home: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    main(["score", "orders"])
    capsys.readouterr()
    assert main(["cases", "list", "--queue", "planning", "--kind", "order", "--json"]) == 0
    (case,) = json.loads(capsys.readouterr().out)["cases"]
    name = case["case_id"]
    assert main(["cases", "claim", name]) == 0
    assert main(["cases", "show", name]) == 0
    shown = capsys.readouterr().out
    assert "[ORD-STOCK]" in shown
    assert "planning.decided" in shown
    assert "you may: claim, release, approve, reject" in shown
    assert main(["cases", "show", name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decision"]["facts"]["order"]["order_id"] == "O2"
    assert main(["cases", "resolve", name, "approve", "--reason", "price_agreed"]) == 1
    assert "customer_agreed" in capsys.readouterr().err
    assert main(["cases", "resolve", name, "approve", "--reason", "customer_agreed"]) == 0
    assert main(["replay", name]) == 0
    assert "1 of 1 decisions equal" in capsys.readouterr().out
    assert main(["replay", "--all"]) == 0
    assert "2 of 2 decisions equal" in capsys.readouterr().out


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-11-23T09:00", "0001-01-01"])
def test_a_day_that_is_none_is_refused(home: datetime, day: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "orders", "--as-of", day]) == 1
    assert "[SCORE-AS-OF]" in capsys.readouterr().err


def test_what_scoring_does_with_cases_is_said_beforehand(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["score", "--help"])
    assert "--dry-run" in capsys.readouterr().out
