"""What a planner takes, tries and accepts: judged by the rules at once, and never after the facts have changed."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from core.audit_log import newest_entries
from core.ids import made_at, new_id
from ingest.feed_load import load_feed
from review_api import desk as steps
from tests.ingest.feed_making import csv_file
from tests.review_api.conftest import Desk, csrf_of
from tests.review_api.test_planning_pages import held_recommendation, keep, late_order
from tests.review_api.test_score_api import feeds, load
from triage.planning_judged import judged_recommendation
from triage.score_replenishment import score_replenishment

AMPLE = {"alternatives": [{"kind": "reroute", "words": "send all of it from WH2 by express", "probability": 0.2,
                           "places": "WH2", "service": "express", "cut_off_at": None, "steps": 1}]}  # fmt: skip


def replenishment(desk: Desk, **advice: Any) -> str:
    """The case of an order of 50 that the packs make 24, held by hand."""
    load(desk.services.db, desk.services.clock.now())
    with desk.services.db.read() as session:
        (scored,) = score_replenishment(session, desk.services.policy, as_of=desk.services.clock.now())
    judged = judged_recommendation(held_recommendation(scored), desk.services.policy)
    return keep(desk, replace(judged, advice=dict(judged.advice or {}) | advice))


def blocked_supplier(desk: Desk) -> str:
    """The case of an order that is held because its supplier is blocked."""
    load(desk.services.db, desk.services.clock.now())
    load_suppliers(desk, "blocked")
    with desk.services.db.read() as session:
        (scored,) = score_replenishment(session, desk.services.policy, as_of=desk.services.clock.now())
    return keep(desk, judged_recommendation(scored, desk.services.policy))


def load_suppliers(desk: Desk, status: str) -> None:
    rows = [dict(row) | {"status": status} for row in feeds(desk.services.clock.now())["suppliers"]]
    with desk.services.db.write() as session:
        load_feed(session, "suppliers", csv_file(rows), file_name="s.csv", actor="system", at=desk.house.clock.now())


def resolve(client: Any, case_id: str, **body: Any) -> Any:
    shown = client.get(f"/v1/cases/{case_id}").json()
    assert "version" in shown, shown
    version = shown["version"]
    asked = {"resolution": "approve", "reason_code": "recommendation_followed"} | body
    return client.post(f"/v1/cases/{case_id}/resolve", json=asked, headers={"If-Match": f'"{version}"'})


def test_an_identifier_tells_when_it_was_made() -> None:
    at = datetime(2026, 11, 23, 9, 0, 0, 125_000, tzinfo=UTC)
    assert made_at(new_id("dec", at)) == at


def test_todays_rule_is_a_way_of_its_own_and_what_was_taken_is_told(desk: Desk) -> None:
    case_id = replenishment(desk, rule={"quantity": "13", "mean_daily": "6", "lead_time_days": 3})
    planner = desk.client("planner", "pia")
    page = planner.get(f"/cases/{case_id}").text
    assert "order what today&#39;s rule says" in page
    assert "held by REP-BUDGET: taking it approves that" in page
    assert 'id="stock-title"' in page
    missing = resolve(planner, case_id, choice=9)
    assert (missing.status_code, missing.json()["code"]) == (422, "CASE-CHOICE-UNKNOWN")
    form = {"csrf": csrf_of(page), "version": "1", "resolution": "approve", "reason_code": "rule_followed", "choice": 2}
    assert planner.post(f"/cases/{case_id}/resolve", data=form).status_code == 303
    with desk.services.db.read() as session:
        (entry,) = (
            one
            for one in newest_entries(session, subject=f"case:{case_id}", before=None, limit=9)
            if one.action == "case.resolved"
        )
    assert entry.payload["taken"] == {"kind": "rule", "quantity": "24"}


def test_a_way_the_rules_no_longer_allow_cannot_be_taken(desk: Desk) -> None:
    case_id = keep(desk, replace(late_order(desk), advice=AMPLE))
    planner = desk.client("planner", "pia")
    page = planner.get(f"/cases/{case_id}").text
    assert "The rules no longer allow it" in page
    assert 'id="chances-title"' in page
    answer = resolve(planner, case_id, choice=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "CASE-CHOICE-HELD")
    tried = planner.post(f"/v1/cases/{case_id}/try", json={"changes": {"quantity": "13"}})
    assert (tried.status_code, tried.json()["code"]) == (422, "CASE-TRY-KIND")


def test_another_quantity_is_tried_without_being_stored(desk: Desk) -> None:
    case_id = replenishment(desk)
    planner = desk.client("planner", "pia")
    tried = planner.post(f"/v1/cases/{case_id}/try", json={"changes": {"quantity": "13"}}).json()
    assert (tried["outcome"], Decimal(tried["quantity"])) == ("clear", Decimal(24))
    lots = planner.post(f"/v1/cases/{case_id}/try", json={"changes": {"quantity": "lots"}})
    assert (lots.status_code, lots.json()["code"]) == (422, "CASE-VALUE-UNREADABLE")
    assert planner.get(f"/v1/cases/{case_id}").json()["state"] == "open"


def test_nobody_accepts_what_a_newer_feed_has_made_untrue(desk: Desk) -> None:
    case_id = blocked_supplier(desk)
    planner = desk.client("planner", "pia")
    desk.house.later(10)
    load_suppliers(desk, "active")
    answer = resolve(planner, case_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "CASE-FACTS-CHANGED")
    assert "suppliers" in answer.json()["detail"]
    after = steps.summary(desk.services, case_id)
    assert (after.state, after.resolution) == ("resolved", "cleared_by_facts")


def test_a_newer_feed_that_says_the_same_stops_nobody(desk: Desk) -> None:
    case_id = blocked_supplier(desk)
    desk.house.later(5)
    load_suppliers(desk, "blocked")
    answer = resolve(desk.client("planner", "pia"), case_id)
    assert (answer.status_code, answer.json()["state"]) == (200, "resolved")
