"""Odd demand over HTTP and from a terminal: found without a model too, one case a shift, within the budget."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.database import Database
from ingest.feed_load import load_feed
from review_api.cli.main import main
from tests.ingest.feed_making import csv_file
from tests.review_api.conftest import Desk
from triage import replaying

PLACE = "S1"


def load(database: Database, now: datetime) -> None:
    """A dozen items that sell steadily for half a year; A jumps, B stops, a few days ago."""
    random = np.random.default_rng(3)
    rows = []
    for number, item in enumerate("ABCDEFGHIJKL"):
        for back in range(180, 0, -1):
            sold = int(random.poisson(20 + number))
            sold = 300 if item == "A" and back == 3 else 0 if item == "B" and back <= 5 else sold
            day = now.date() - timedelta(days=back)
            rows.append({"item_id": item, "location_id": PLACE, "date": day, "quantity": sold, "unit_price": 5})
    items = [{"item_id": item, "category": "toys", "unit_price": 5} for item in "ABCDEFGHIJKL"]
    with database.write() as session:
        for name, content in (("demand", rows), ("items", items)):
            load_feed(session, name, csv_file(content), file_name=f"{name}.csv", actor="system", at=now)


def test_odd_demand_is_told_with_kind_interval_and_money_and_gets_one_case(desk: Desk) -> None:
    load(desk.services.db, desk.services.clock.now())
    client = desk.key("score")
    scored = client.post("/v1/score/demand", json={})
    assert scored.status_code == 200, scored.text
    by_item: dict[str, Any] = {one["item_id"]: one for one in scored.json()["scores"]}
    assert {"A", "B"} <= set(by_item)
    assert (by_item["A"]["kind"], by_item["A"]["outcome"], by_item["A"]["case_id"]) == ("spike", "hold", None)
    assert float(by_item["A"]["actual"]) > float(by_item["A"]["high"])
    assert float(by_item["A"]["money"]) > 500
    assert by_item["A"]["planner"] == "planning"
    decided = client.post("/v1/decide/demand", json={}).json()
    assert decided["kept"]["opened"] == len(by_item)
    again = client.post("/v1/decide/demand", json={}).json()
    assert again["kept"] == {"decided": 0, "as_before": len(by_item), "opened": 0, "changed": 0, "ended": 0}
    only = client.post("/v1/score/demand", json={"subjects": [{"item_id": "B", "location_id": PLACE}]}).json()
    assert [one["item_id"] for one in only["scores"]] == ["B"]
    case_id = next(one["case_id"] for one in decided["scores"] if one["item_id"] == "A")
    shown = desk.client("planner").get(f"/v1/cases/{case_id}").json()
    assert (shown["kind"], shown["queue"], shown["codes"]) == ("demand", "planning", ["DEMAND-ANOMALY"])
    page = desk.client("admin").get(f"/cases/{case_id}").text
    assert "spike" in page
    tally = replaying.replay_all(desk.services.db)
    assert (tally.equal, tally.different) == (len(by_item), 0)


def test_without_demand_it_says_so(desk: Desk) -> None:
    answer = desk.key("score").post("/v1/score/demand", json={})
    assert (answer.status_code, answer.json()["code"]) == (422, "SCORE-DEMAND")


def test_odd_demand_is_scored_from_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.clock import SystemClock
    from core.settings import Settings
    from review_api.services import build_services

    monkeypatch.setenv("CLEARHOLD_HOME", str(tmp_path))
    services = build_services(Settings())
    load(services.db, SystemClock().now())
    services.close()
    assert main(["score", "demand", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "12 items at places" in shown
    assert "Nothing stored." in shown
    assert main(["score", "demand", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kept"]["opened"] == len(told["scores"]) >= 2
    assert main(["cases", "list", "--kind", "demand"]) == 0
    assert "Demand for A at S1" in capsys.readouterr().out
