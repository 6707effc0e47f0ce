"""The event log keeps to the standard, tells all the audit does, and names nobody."""

import json
from typing import Any

import pytest

from core.settings import Settings
from tests.review_api.conftest import Desk
from tests.review_api.insights_oracle import Oracle
from tests.review_api.ocel_rules import broken_rules

EVENTS = "subject LIKE 'case:%' OR subject LIKE 'document:%' OR subject LIKE 'policy:%'"


@pytest.fixture(scope="module")
def log(past: Desk) -> dict[str, Any]:
    answer = past.client("auditor", "olga").get("/v1/export/event-log")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = json.loads(answer.text)
    return found


def of_type(log: dict[str, Any], kind: str) -> set[str]:
    return {one["id"] for one in log["objects"] if one["type"] == kind}


def test_it_keeps_to_the_standard(log: dict[str, Any]) -> None:
    assert broken_rules(log) == []


def test_a_log_that_does_not_is_found_out(log: dict[str, Any]) -> None:
    spoilt = json.loads(json.dumps(log))
    spoilt["events"][0]["relationships"][0]["objectId"] = "case:nobody"
    spoilt["events"][1]["time"] = "yesterday"
    spoilt["objects"][0]["type"] = "letter"
    spoilt["objects"].append(spoilt["objects"][1])
    assert {rule[0] for rule in broken_rules(spoilt)} == {"3", "5"}


def test_every_entry_about_a_paper_case_or_policy_is_an_event(log: dict[str, Any], oracle: Oracle) -> None:
    told = oracle.all(f"SELECT sequence, action, subject FROM audit_entries WHERE {EVENTS} ORDER BY sequence")
    assert [(event["id"], event["type"]) for event in log["events"]] == [
        (f"event:{row['sequence']}", row["action"]) for row in told
    ]
    ties = {event["id"]: {tie["objectId"] for tie in event["relationships"]} for event in log["events"]}
    assert all(row["subject"] in ties[f"event:{row['sequence']}"] for row in told)


def test_objects_are_the_papers_cases_orders_and_suppliers_there_are(log: dict[str, Any], oracle: Oracle) -> None:
    def ids(prefix: str, sql: str) -> set[str]:
        return {f"{prefix}:{row[0]}" for row in oracle.all(sql)}

    assert of_type(log, "document") == ids("document", "SELECT document_id FROM documents")
    assert of_type(log, "case") == ids("case", "SELECT case_id FROM cases")
    assert of_type(log, "supplier") == ids("supplier", "SELECT DISTINCT supplier_id FROM known_invoices")
    assert of_type(log, "purchase order") == ids("purchase order", "SELECT DISTINCT po_number FROM billed_lines")
    assert of_type(log, "policy") == ids("policy", "SELECT DISTINCT policy_hash FROM decisions")


def test_a_case_event_is_tied_to_its_paper_and_to_who_did_it(log: dict[str, Any], oracle: Oracle) -> None:
    paper = {f"case:{row[0]}": f"document:{row[1]}" for row in oracle.all("SELECT case_id, document_id FROM cases")}
    second = [event for event in log["events"] if event["type"] == "case.resolved" and len(_persons(event)) == 2]
    assert len(second) == 4
    for event in log["events"]:
        ties = {tie["qualifier"]: tie["objectId"] for tie in event["relationships"]}
        if event["type"].startswith("case."):
            assert ties["paper of"] == paper[ties["about"]]


def test_nobody_is_named_and_nothing_typed_is_told(log: dict[str, Any], past: Desk) -> None:
    text = json.dumps(log)
    assert not any(name in text for name in ("anna", "ben", "carla", "Asked the warehouse", "paper.xml"))
    assert len(of_type(log, "person")) == 3
    again = past.clients[-1].get("/v1/export/event-log").json()
    assert of_type(again, "person") == of_type(log, "person")


def test_names_stand_where_the_settings_say_so(past: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    home = past.services.settings.home
    monkeypatch.setattr(past.services, "settings", Settings(home=home, event_log_people="names"))
    log = past.client("admin", "ada").get("/v1/export/event-log").json()
    assert of_type(log, "person") >= {"person:anna", "person:ben", "person:carla"}


def test_a_part_of_it_is_whole_in_itself(past: Desk, log: dict[str, Any]) -> None:
    client = past.client("auditor", "otto")
    span = {"since": "2026-11-02T00:00:00Z", "until": "2026-11-09T00:00:00Z"}
    part = client.get("/v1/export/event-log", params=span).json()
    assert broken_rules(part) == []
    within = [event for event in log["events"] if span["since"] <= event["time"] < span["until"]]
    assert part["events"] == within
    assert 0 < len(of_type(part, "document")) < len(of_type(log, "document"))


def test_taking_it_is_told_to_the_audit(past: Desk) -> None:
    past.client("auditor", "omar").get("/v1/export/event-log")
    entries = past.clients[-1].get("/v1/audit", params={"action": "event_log.exported"}).json()["entries"]
    assert entries[0]["actor"] == "user:omar"


def _persons(event: dict[str, Any]) -> set[str]:
    return {tie["objectId"] for tie in event["relationships"] if tie["objectId"].startswith("person:")}
