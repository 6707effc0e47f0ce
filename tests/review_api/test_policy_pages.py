"""The policy's pages and what they ask of the API: seen, drafted, previewed, agreed to, laid over one another."""

import time
from typing import Any

import pytest

from review_api.policy_view import sections
from review_api.policy_words import SECTIONS, label_of, said
from review_api.presenting import reader_of
from tests.review_api.conftest import Desk
from triage import policy_runs
from triage.policies import built_in_text, typed_text
from triage.policy import load_policy
from triage.policy_difference import settings_of

DRAFT = typed_text().replace("ap_clerk = 10000", "ap_clerk = 500")


@pytest.fixture
def people(desk: Desk) -> dict[str, Any]:
    return {"anna": desk.client("planner", "anna"), "ben": desk.client("ap_approver", "ben")}


def finished(client: Any, run_id: str) -> dict[str, Any]:
    for _ in range(200):
        told: dict[str, Any] = client.get(f"/v1/policy/previews/{run_id}").json()
        if told["state"] != "running":
            return told
        time.sleep(0.02)
    raise AssertionError("the preview never ended")


def form(client: Any, path: str, **values: str) -> Any:
    return client.post(path, data={"csrf": client.headers["X-CSRF-Token"], **values})


def test_every_setting_is_shown_once_in_words(desk: Desk) -> None:
    policy = load_policy(built_in_text())
    shown = sections(policy, reader_of("en", desk.services.clock.now()))
    cells = sum(1 for one in shown for block in one.blocks for _, row in block.rows for cell in row if cell.text != "–")
    silent = sum(1 for value in settings_of(policy).values() if not value)
    assert cells == len(settings_of(policy)) - silent
    assert [one.name for one in shown] == [name for name in SECTIONS if name in {one.name for one in shown}]
    page = desk.client("ap_clerk").get("/policy").text
    assert "How far figures may differ" in page and "Price of one unit" in page and "version 1" in page
    assert "/policy/draft" not in page


def test_amounts_by_currency_are_said_as_the_reader_writes_them(desk: Desk) -> None:
    english, german = (reader_of(tag, desk.services.clock.now()) for tag in ("en", "de"))
    key = "overrides[entity FR01].approval_limits.ap_clerk"
    assert said(key, "2500.5 EUR, otherwise unlimited", english) == "2,500.5 EUR, otherwise unlimited"
    assert said(key, "2500.5 EUR, otherwise unlimited", german) == "2.500,5 EUR, sonst unbegrenzt"
    assert (
        label_of(key, english) == "Exceptions by item, supplier and legal entity · entity FR01 · may approve · AP clerk"
    )


def test_a_draft_is_checked_saved_and_its_own_person_s(people: dict[str, Any]) -> None:
    anna, ben = people["anna"], people["ben"]
    begun = anna.get("/v1/policy/draft")
    assert (begun.json()["revision"], begun.headers["etag"], begun.json()["text"]) == (0, '"0"', typed_text())
    wrong = anna.post(
        "/v1/policy/check", json={"text": DRAFT.replace("cool_off_days = 10", "cool_off_days = -1")}
    ).json()
    assert [one["key"] for one in wrong["problems"]] == ["bank_changes.cool_off_days"] and wrong["problems"][0]["line"]
    assert wrong["differences"] is None
    right = anna.post("/v1/policy/check", json={"text": DRAFT}).json()
    assert right["problems"] == []
    assert [(one["label"], one["before"], one["after_said"]) for one in right["differences"]] == [
        ("Who may approve how much · AP clerk", "10000", "500")
    ]
    saved = anna.put("/v1/policy/draft", json={"text": DRAFT}, headers={"If-Match": '"0"'})
    assert (saved.status_code, saved.json()["revision"]) == (200, 1)
    late = anna.put("/v1/policy/draft", json={"text": "older"}, headers={"If-Match": '"0"'})
    assert (late.status_code, late.json()["code"]) == (412, "POLICY-DRAFT-CHANGED")
    assert ben.get("/v1/policy/draft").json()["revision"] == 0
    assert anna.get("/v1/policy/differences", params={"before": "in_force", "after": "draft"}).json()["settings"]
    assert anna.delete("/v1/policy/draft").status_code == 204
    assert anna.get("/v1/policy/draft").json()["text"] == typed_text()


def test_a_preview_is_made_in_the_background_and_says_how_far_it_is(desk: Desk, people: dict[str, Any]) -> None:
    desk.held()
    anna = people["anna"]
    begun = anna.post("/v1/policy/previews", json={"text": DRAFT})
    assert begun.status_code == 202 and begun.headers["location"].endswith(begun.json()["run_id"])
    told = finished(anna, begun.json()["run_id"])
    assert (told["state"], told["preview"]["result"]["papers"], told["preview"]["author"]) == ("done", 1, "anna")
    assert (
        told["preview"]["preview_hash"] == anna.post("/v1/policy/preview", json={"text": DRAFT}).json()["preview_hash"]
    )
    other = people["ben"].get(f"/v1/policy/previews/{told['run_id']}")
    assert (other.status_code, other.json()["code"]) == (404, "POLICY-PREVIEW-RUN")
    refused = anna.post("/v1/policy/previews", json={"text": "a = 1"})
    assert (refused.status_code, refused.json()["code"]) == (422, "POLICY-INVALID")


def test_a_preview_whose_maker_died_is_said_to_be_interrupted(desk: Desk, people: dict[str, Any]) -> None:
    with desk.services.db.write() as session:
        run, is_new = policy_runs.start(session, DRAFT, author="anna", at=desk.services.clock.now())
        again, is_new_again = policy_runs.start(session, DRAFT, author="anna", at=desk.services.clock.now())
    assert (is_new, is_new_again, again.run_id) == (True, False, run.run_id)
    page = people["anna"].get(f"/policy/previews/{run.run_id}").text
    assert 'http-equiv="refresh"' in page and "counting the papers" in page
    desk.house.later(minutes=3)
    told = people["anna"].get(f"/v1/policy/previews/{run.run_id}").json()
    assert (told["state"], told["code"]) == ("failed", "POLICY-PREVIEW-INTERRUPTED")


def test_two_people_change_the_policy_on_its_pages_without_scripts(desk: Desk, people: dict[str, Any]) -> None:
    desk.held()
    anna, ben = people["anna"], people["ben"]
    made = form(anna, "/policy/draft", text=DRAFT.replace("\n", "\r\n"), act="preview")
    assert made.status_code == 303
    seen = anna.get(made.headers["location"])
    while seen.status_code == 200:
        seen = anna.get(made.headers["location"])
    address = seen.headers["location"]
    page = anna.get(address).text
    assert "Propose it" in page and "Nobody has judged any of them yet" in page
    preview_hash = address.rpartition("/")[2]
    assert form(anna, "/policy/propose", preview_hash=preview_hash).headers["location"] == "/policy?told=proposed"
    assert "Withdraw" in anna.get(address).text and "Agree, put it in force" not in anna.get(address).text
    own = form(anna, "/policy/propose", preview_hash=preview_hash)
    assert own.status_code == 409 and "POLICY-SECOND-PERSON" in own.text
    assert address in ben.get("/policy").text
    waiting = ben.get(address).text
    assert "You are the second person" in waiting and "10,000" in waiting and 'class="gone"' in waiting
    assert form(ben, "/policy/propose", preview_hash=preview_hash).headers["location"] == "/policy?told=in_force"
    after = ben.get("/policy").text
    assert "version 2" in after and "proposed by anna" in after
    assert "500" in ben.get("/policy/differences?before=1&after=2").text
    assert "10,000" in ben.get("/policy/versions/1").text
    told = ben.get("/v1/policy/versions").json()
    assert [(one["version"], one["proposed_by"]) for one in told["versions"]] == [(2, "user:anna"), (1, None)]
    assert ben.get("/v1/policy/versions/2").json()["text"] == DRAFT
    assert ben.get("/v1/policy/versions/9").json()["code"] == "POLICY-VERSION"
    assert ben.get("/v1/policy/differences?before=1&after=x").json()["code"] == "POLICY-SIDE"


def test_a_proposal_is_rejected_with_a_reason_that_stays_in_the_history(desk: Desk, people: dict[str, Any]) -> None:
    anna, ben = people["anna"], people["ben"]
    preview = anna.post("/v1/policy/preview", json={"text": DRAFT}).json()
    form(anna, "/policy/propose", preview_hash=preview["preview_hash"])
    assert form(ben, "/policy/reject", reason="").status_code == 422
    assert form(ben, "/policy/reject", reason="Clerks <need> more.").status_code == 303
    assert "Clerks &lt;need&gt; more." in anna.get("/policy").text
    assert ben.get(f"/v1/policy/preview/{preview['preview_hash']}").json()["author"] == "anna"


def test_a_program_that_stops_says_so_to_whoever_waits(desk: Desk, people: dict[str, Any]) -> None:
    runs = desk.app.state.previews
    begun = people["anna"].post("/v1/policy/previews", json={"text": DRAFT}).json()
    runs.close()
    assert finished(people["anna"], begun["run_id"])["state"] in {"done", "failed"}
