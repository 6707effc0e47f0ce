"""Webhooks over HTTP, in the terminal and on the page, as administrators and auditors meet them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.database import Database
from review_api.cli.main import main
from review_api.delivering import Delivering
from tests.review_api.conftest import Desk, _quick_passwords, make_desk

__all__ = ["_quick_passwords"]
URL = "https://orchestration.example/hook"


@pytest.fixture
def desk(database: Database, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    made = make_desk(database, tmp_path, clock)
    yield made
    for client in made.clients:
        client.close()


def test_a_secret_is_told_once_and_every_change_is_audited(desk: Desk) -> None:
    admin = desk.client("admin")
    made = admin.post("/v1/webhooks", json={"url": URL, "event_types": ["case.opened"]})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    address = f"/v1/webhooks/{made.json()['webhook']['endpoint_id']}"
    other = admin.post(f"{address}/rotate", json={"hours": 2}).json()
    assert other["secret"] != made.json()["secret"]
    assert other["webhook"]["earlier_secret_until"] == "2026-11-23T11:00:00Z"
    assert not admin.patch(address, json={"active": False}).json()["active"]
    assert admin.patch(address, json={"active": True, "event_types": ["case.resolved"]}).json()["active"]
    assert "whsec_" not in admin.get("/v1/webhooks").text + admin.get(address).text
    assert admin.post(f"{address}/test").json()["state"] == "waiting"
    assert admin.delete(address).status_code == 204
    assert admin.get(address).json()["code"] == "WEBHOOK-NOT-FOUND"
    told = [entry["action"] for entry in admin.get("/v1/audit").json()["entries"] if "webhook" in entry["action"]]
    changes = ["added", "secret_changed", "disabled", "changed", "enabled", "tested", "deleted"]
    assert sorted(told) == sorted(f"webhook.{one}" for one in changes)


def test_an_address_in_the_own_network_or_of_another_kind_is_refused_with_a_remedy(desk: Desk) -> None:
    admin = desk.client("admin")
    for url, code in (("https://10.0.0.1/", "WEBHOOK-PRIVATE"), ("ftp://x.example", "WEBHOOK-URL")):
        answer = admin.post("/v1/webhooks", json={"url": url}).json()
        assert answer["code"] == code
        assert answer["remedy"]


@pytest.mark.enable_socket
def test_what_a_receiver_did_not_take_is_listed_with_its_reason(desk: Desk) -> None:
    admin = desk.client("admin")
    made = admin.post("/v1/webhooks", json={"url": "https://nowhere.invalid/hook"}).json()["webhook"]
    desk.held()
    node = Delivering(desk.services)
    node.finish()
    node.stop()
    address = f"/v1/webhooks/{made['endpoint_id']}/deliveries"
    found = admin.get(address).json()["deliveries"]
    assert {(one["type"], one["state"], one["attempts"]) for one in found} == {
        ("case.opened", "waiting", 1),
        ("decision.made", "waiting", 1),
    }
    assert "WEBHOOK-NAME" in found[0]["failure"]
    first = admin.get(address, params={"limit": 1}).json()
    second = admin.get(address, params={"limit": 1, "before": first["next"]}).json()
    assert [*first["deliveries"], *second["deliveries"]] == found
    again = admin.post(f"{address}/{found[0]['delivery_id']}/resend")
    assert (again.status_code, again.json()["code"]) == (409, "WEBHOOK-WAITS")


def test_schemas_and_taxonomy_are_served_to_who_reads_cases_or_scores(desk: Desk) -> None:
    program = desk.key("score")
    schemas = program.get("/v1/events/schemas").json()
    assert {"case.opened", "case.resolved", "decision.made", "recommendation.made"} < set(schemas)
    assert program.get("/v1/events/schemas/case.opened").json() == schemas["case.opened"]
    assert program.get("/v1/events/schemas/case.eaten").json()["code"] == "EVENT-TYPE"
    taxonomy = {one["code"]: one for one in program.get("/v1/taxonomy").json()}
    assert (taxonomy["SUP-BANK"]["owner"], taxonomy["SUP-BANK"]["default_queue"]) == ("ap_approver", "ap")
    assert (taxonomy["SHIP-LATE"]["owner"], taxonomy["SHIP-LATE"]["default_queue"]) == ("planner", "planning")


def test_an_administrator_does_it_from_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEARHOLD_HOME", str(tmp_path / "home"))
    assert main(["webhook", "add", URL, "--type", "case.opened"]) == 0
    assert capsys.readouterr().out.startswith("whsec_")
    assert main(["webhook", "list", "--json"]) == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert (listed["url"], listed["event_types"], listed["active"]) == (URL, ["case.opened"], True)
    for command in (["disable"], ["enable"], ["deliveries"], ["resend"]):
        assert main(["webhook", *command, listed["endpoint_id"]]) == 0
    assert "Sent again: 0" in capsys.readouterr().out
    assert main(["webhook", "list"]) == 0
    assert "active" in capsys.readouterr().out
    assert main(["webhook", "disable", "wh_none"]) == 1
