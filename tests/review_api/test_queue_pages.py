"""The queue's page without scripts: narrowed, saved, many done at once with a preview, and who is away."""

import html
import re

from starlette.testclient import TestClient

from core.audit import AuditEntry
from review_api.case_view import history_sentence
from tests.review_api.conftest import Desk
from triage import case_rows
from triage.case_records import CaseState


def _form(client: TestClient, **said: object) -> dict[str, object]:
    return {"csrf": client.headers["X-CSRF-Token"], **said}


def test_the_list_is_narrowed_by_its_address_and_says_by_what(desk: Desk) -> None:
    case = desk.held_for_terms()
    clerk = desk.client("ap_clerk")
    page = clerk.get("/", params={"tab": "ap", "code": "INV-TERMS", "alone": "1", "due": "over"}).text
    assert case.case_id in page
    assert "only INV-TERMS" in page
    assert 'href="/?tab=ap&amp;code=INV-TERMS&amp;alone=1"' in page
    assert case.case_id not in clerk.get("/", params={"tab": "ap", "code": "MATCH-PRICE"}).text
    refused = clerk.get("/", params={"tab": "ap", "min": "much"})
    assert refused.status_code == 422
    assert "CASE-FILTER" in refused.text


def test_a_filter_is_saved_as_a_tab_renamed_and_taken_away(desk: Desk) -> None:
    clerk, other = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    saved = clerk.post("/filters", data=_form(clerk, name="Short terms", query="tab=ap&code=INV-TERMS", shared="1"))
    assert saved.headers["location"] == "/?tab=ap&code=INV-TERMS"
    page = other.get(saved.headers["location"]).text
    assert re.search(r'class="kept" title="shared by anna">Short terms', page)
    assert "anna shares this filter." in page
    found = re.search(r'action="/filters/(flt_\w+)"', clerk.get(saved.headers["location"]).text)
    assert found is not None
    counts = clerk.get("/v1/filters/counts").json()["counts"]
    assert counts == {found[1]: {"count": 0, "is_more": False}}
    clerk.post(f"/filters/{found[1]}", data=_form(clerk, name="Terms", act="rename", query="tab=ap"))
    assert "Terms" not in other.get("/").text
    clerk.post(f"/filters/{found[1]}", data=_form(clerk, act="remove", query="tab=ap"))
    assert "Terms" not in clerk.get("/").text
    wrong = clerk.post("/filters", data=_form(clerk, name=" ", query="tab=ap"))
    assert (wrong.status_code, "FILTER-NAME" in wrong.text) == (422, True)


def test_many_are_previewed_then_done_then_taken_back(desk: Desk) -> None:
    case, other = desk.held_for_terms(), desk.held({"invoice_number": "X-88"})
    clerk = desk.client("ap_clerk", "anna")
    asked = {"case": [case.case_id, other.case_id], "what": "reject:other", "comment": "all <b>wrong</b>"}
    page = clerk.post("/bulk", data=_form(clerk, query="tab=ap", **asked))
    said = html.unescape(page.text)
    assert page.status_code == 200
    assert "This case is held by" in said
    assert "all &lt;b&gt;wrong&lt;/b&gt;" in page.text
    assert desk.house.get(case.case_id).state is CaseState.OPEN
    fields = dict(re.findall(r'name="(bulk_id|what|code|comment|to|query)" value="([^"]*)"', page.text))
    fields = {name: html.unescape(value) for name, value in fields.items()}
    chosen = re.findall(r'name="case" value="([^"]+)"', page.text)
    assert chosen == [f"{case.case_id}:{case.version}"]
    done = clerk.post("/bulk/do", data=_form(clerk, case=chosen, **fields))
    assert done.headers["location"] == f"/bulk/{fields['bulk_id']}"
    assert clerk.post("/bulk/do", data=_form(clerk, case=chosen, **fields)).status_code == 303
    assert desk.house.get(case.case_id).resolved_by == "anna"
    result = clerk.get(done.headers["location"]).text
    undo = sorted(set(re.findall(r'name="case" value="([^"]+)"', result)))
    assert undo == [f"{case.case_id}:{desk.house.get(case.case_id).version}"]
    clerk.post(f"{done.headers['location']}/undo", data=_form(clerk, case=undo))
    assert desk.house.get(case.case_id).state is CaseState.CLAIMED
    assert "taken back" in clerk.get(done.headers["location"]).text


def test_what_a_timer_escalated_has_a_sign_and_says_by_which(desk: Desk) -> None:
    case = desk.held_for_terms()
    with desk.services.db.write() as session:
        told = {"escalations": ["left for a day"], "escalated_at": desk.services.clock.now(), "needs_role": "admin"}
        case_rows.change(session, case, told)
    clerk = desk.client("ap_clerk")
    assert "escalated by the timer “left for a day”" in clerk.get("/", params={"tab": "ap", "late": "1"}).text
    sentence = {"to_role": "admin", "rule": "left for a day", "policy_version": 3}
    entry = AuditEntry(
        sequence=1, at=case.opened_at, actor="system", action="case.escalated", subject="case:x", payload=sentence,
        previous_hash="", hash="",
    )  # fmt: skip
    assert history_sentence(entry) == "escalated to admin by the timer “left for a day” of policy 3 · system"


def test_all_of_a_list_are_those_one_code_alone_holds(desk: Desk) -> None:
    case = desk.held_for_terms()
    desk.held({"invoice_number": "X-88"})
    boss = desk.client("ap_approver", "cleo")
    page = boss.post("/bulk", data=_form(boss, every="1", query="tab=ap", what="assign:", to="cleo")).text
    assert re.findall(r'name="case" value="([^"]+)"', page) == [f"{case.case_id}:{case.version}"]
    none = boss.post("/bulk", data=_form(boss, query="tab=ap", what="assign:", to="cleo"))
    assert (none.status_code, "BULK-CASES" in none.text) == (422, True)


def test_an_absence_is_entered_and_ended_on_its_page(desk: Desk) -> None:
    case = desk.held_for_terms()
    anna, boss = desk.client("ap_clerk", "anna"), desk.client("ap_approver", "cleo")
    desk.client("ap_clerk", "ben")
    days = {"first_day": "2026-11-23", "last_day": "2026-11-27", "substitute": "ben"}
    assert anna.post("/away", data=_form(anna, **days)).status_code == 303
    page = boss.get("/away").text
    assert "away now" in page
    boss.post(f"/v1/cases/{case.case_id}/assign", headers={"If-Match": f'"{case.version}"'}, json={"to": "anna"})
    assert "→ ben" in boss.get("/?tab=ap").text
    assert "BULK-CASES" not in page
    wrong = anna.post("/away", data=_form(anna, first_day="soon", last_day=""))
    assert (wrong.status_code, "ABSENCE-DAYS" in wrong.text) == (422, True)
    ended = re.search(r'action="(/away/abs_\w+/end)"', page)
    assert ended is not None
    anna.post(ended[1], data=_form(anna))
    assert "away now" not in boss.get("/away").text


def test_a_case_is_given_to_somebody_on_its_own_page(desk: Desk) -> None:
    case = desk.held_for_terms()
    anna, boss = desk.client("ap_clerk", "anna"), desk.client("ap_approver", "cleo")
    assert 'name="to" value="cleo"' not in anna.get(f"/cases/{case.case_id}").text
    boss.post(f"/cases/{case.case_id}/assign", data=_form(boss, version=case.version, to="anna", comment="please"))
    page = html.unescape(boss.get(f"/cases/{case.case_id}").text)
    assert "given to anna" in page
    assert anna.post("/v1/cases/next").json()["case_id"] == case.case_id
    now = desk.house.get(case.case_id)
    boss.post(f"/cases/{case.case_id}/assign", data=_form(boss, version=now.version, to=""))
    assert desk.house.get(case.case_id).assigned_to is None
