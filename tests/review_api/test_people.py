"""People: let in by a link, given roles and limits by another administrator, shut out; their sessions and keys end."""

import re
from typing import Any

import pytest

from core import audit_log
from review_api import auth
from tests.review_api.conftest import PASSWORD, Desk, csrf_of, log_in
from tests.triage_shell.test_four_eyes import held

NEW = "other words than before"


@pytest.fixture
def olga(desk: Desk) -> Any:
    return desk.client("admin", "olga")


def form(client: Any, path: str, **values: Any) -> Any:
    return client.post(path, data={"csrf": client.headers["X-CSRF-Token"], **values})


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def told_of(desk: Desk, name: str) -> list[str]:
    with desk.services.db.read() as session:
        return [one.action for one in audit_log.entries(session, subject=f"user:{name}")]


def test_a_person_is_let_in_by_a_link_that_works_once(desk: Desk, olga: Any) -> None:
    made = olga.post("/v1/people", json={"name": "nina", "role": "ap_clerk"})
    assert made.status_code == 201
    path, stranger = made.json()["path"], desk.stranger()
    assert log_in(stranger, "nina", "").status_code == 401
    page = stranger.get(path)
    assert page.headers["referrer-policy"] == "no-referrer"
    fields = {"csrf": csrf_of(page.text), "password": NEW, "again": NEW}
    assert stranger.post(path, data=fields | {"again": "typed otherwise"}).status_code == 422
    assert stranger.post(path, data=fields | {"csrf": "guessed"}).status_code == 403
    assert stranger.post(path, data=fields).headers["location"] == "/login?told=password"
    assert log_in(stranger, "nina", NEW).status_code == 303
    used = stranger.post(path, data=fields | {"csrf": csrf_of(stranger.get(path).text)})
    assert used.status_code == 401 and "USER-RESET" in used.text
    assert told_of(desk, "nina") == ["user.added", "user.reset_made", "user.password_changed", "user.logged_in"]


def test_a_link_ages_and_a_newer_one_makes_it_worthless(desk: Desk, olga: Any) -> None:
    desk.add_user("ben", "ap_clerk")
    first, second = (olga.post("/v1/people/ben/reset").json()["path"] for _ in range(2))
    stranger = desk.stranger()

    def status(path: str) -> int:
        csrf = csrf_of(stranger.get(path).text)
        return int(stranger.post(path, data={"csrf": csrf, "password": NEW, "again": NEW}).status_code)

    assert status(first) == 401
    desk.house.later(minutes=24 * 60 + 1)
    assert status(second) == 401
    assert log_in(stranger, "ben").status_code == 303


def test_a_change_of_role_ends_every_session_and_counts_from_the_next_login(desk: Desk, olga: Any) -> None:
    ben = desk.client("ap_clerk", "ben")
    assert olga.patch("/v1/people/ben", json={"role": "planner"}).json()["role"] == "planner"
    assert code_of(ben.get("/v1/me")) == (401, "AUTH-SESSION")
    log_in(ben, "ben")
    assert ben.get("/v1/me").json()["role"] == "planner"


def test_nobody_changes_themselves_and_the_last_administrator_stays(desk: Desk, olga: Any) -> None:
    for change in ({"role": "planner"}, {"active": False}, {"queues": ["ap"]}, {"approval_limits": {"EUR": "1000000"}}):
        assert code_of(olga.patch("/v1/people/olga", json=change)) == (403, "PERSON-OWN")
    assert code_of(olga.post("/v1/people/olga/reset")) == (403, "PERSON-OWN")
    desk.add_user("ada", "admin")
    assert olga.patch("/v1/people/ada", json={"active": False}).status_code == 200
    ada_again = olga.patch("/v1/people/ada", json={"active": True})
    assert ada_again.json()["active"] is True
    ada = desk.stranger()
    log_in(ada, "ada")
    ada.headers["X-CSRF-Token"] = csrf_of(ada.get("/documents").text)
    assert ada.patch("/v1/people/olga", json={"role": "auditor"}).status_code == 200
    with desk.services.db.write() as session, pytest.raises(Exception, match="USER-LAST-ADMIN"):
        from review_api import accounts

        accounts.disable_user(session, "ada", at=desk.services.clock.now())


def test_the_lower_of_a_person_s_and_the_role_s_limit_counts_when_they_approve(desk: Desk, olga: Any) -> None:
    case = held(desk.house)
    ben = desk.client("ap_clerk", "ben")
    changed = olga.patch("/v1/people/ben", json={"approval_limits": {"EUR": "249.89", "other": "0"}, "queues": ["ap"]})
    assert changed.json()["approval_limits"] == {"EUR": "249.89", "other": "0"}
    may = ben.get(f"/v1/cases/{case.case_id}").json()["may"]
    assert (may["approve"]["allowed"], may["approve"]["code"]) == (False, "CASE-LIMIT")
    seen = ben.post(f"/v1/cases/{case.case_id}/claim", headers={"If-Match": f'"{case.version}"'})
    answer = ben.post(
        f"/v1/cases/{case.case_id}/approve",
        json={"reason_code": "price_agreed"},
        headers={"If-Match": seen.headers["etag"]},
    )
    assert code_of(answer) == (403, "CASE-LIMIT")
    olga.patch("/v1/people/ben", json={"approval_limits": {"EUR": "249.90"}})
    may = ben.get(f"/v1/cases/{case.case_id}").json()["may"]
    assert may["approve"]["allowed"]
    assert olga.get("/v1/people/ben").json()["queues"] == ["ap"]
    assert "249.9" in ben.get("/me").text and "10,000" in ben.get("/me").text


def test_a_password_is_changed_with_the_one_of_now_and_every_other_session_ends(desk: Desk) -> None:
    ben, other = desk.client("ap_clerk", "ben"), desk.stranger()
    log_in(other, "ben")
    before = ben.cookies["clearhold_session"]
    wrong = ben.put("/v1/me/password", json={"current": "not it", "new": NEW})
    assert code_of(wrong) == (401, "AUTH-LOGIN")
    assert code_of(ben.put("/v1/me/password", json={"current": PASSWORD, "new": "short"})) == (422, "USER-PASSWORD")
    assert ben.put("/v1/me/password", json={"current": PASSWORD, "new": NEW}).status_code == 200
    assert ben.cookies["clearhold_session"] != before
    assert ben.get("/v1/me").status_code == 200
    assert other.get("/v1/me").status_code == 401
    assert log_in(desk.stranger(), "ben").status_code == 401
    assert log_in(desk.stranger(), "ben", NEW).status_code == 303


def test_sessions_are_listed_and_ended_by_their_person_or_an_administrator(desk: Desk, olga: Any) -> None:
    ben, anna = desk.client("ap_clerk", "ben"), desk.client("ap_clerk", "anna")
    theirs = ben.get("/v1/sessions").json()
    assert [(one["name"], one["is_this"]) for one in theirs] == [("ben", True)]
    assert [one["name"] for one in anna.get("/v1/sessions?person=ben").json()] == ["anna"]
    assert code_of(anna.delete(f"/v1/sessions/{theirs[0]['session_id']}")) == (404, "SESSION-NOT-FOUND")
    assert "token" not in str(theirs) and ben.cookies["clearhold_session"] not in ben.get("/me").text
    assert olga.delete(f"/v1/sessions/{theirs[0]['session_id']}").status_code == 204
    assert ben.get("/v1/me").status_code == 401
    assert anna.get("/v1/me").status_code == 200
    assert olga.delete("/v1/people/anna/sessions").status_code == 204
    assert anna.get("/v1/me").status_code == 401


def test_a_session_ends_after_an_hour_in_which_nobody_did_anything(desk: Desk) -> None:
    client = desk.client("ap_clerk", "ben")
    for _ in range(3):
        desk.house.later(minutes=50)
        assert client.get("/v1/me").status_code == 200
    for minutes in (30, 29):
        desk.house.later(minutes=minutes)
        own = client.get("/v1/me/session", headers={"X-By-Itself": "1"})
        assert own.status_code == 200
    assert own.json()["csrf"] == client.headers["X-CSRF-Token"]
    desk.house.later(minutes=2)
    assert code_of(client.get("/v1/me")) == (401, "AUTH-SESSION")


def test_doing_something_does_not_carry_a_session_past_its_last_instant(desk: Desk) -> None:
    client = desk.client("ap_clerk", "ben")
    for _ in range(11):
        desk.house.later(minutes=54)
        client.post("/v1/me/session")
    assert client.get("/v1/me").status_code == 200
    desk.house.later(minutes=7)
    assert client.get("/v1/me").status_code == 401


def test_a_login_never_goes_on_with_the_token_a_browser_came_with(desk: Desk) -> None:
    ben = desk.client("ap_clerk", "ben")
    planted = ben.cookies["clearhold_session"]
    victim = desk.stranger()
    victim.cookies.set("clearhold_session", planted)
    desk.add_user("vic", "ap_approver")
    log_in(victim, "vic")
    tokens = {cookie.value for cookie in victim.cookies.jar if cookie.name == "clearhold_session"}
    assert len(tokens - {planted}) == 1
    thief = desk.stranger()
    thief.cookies.set("clearhold_session", planted)
    assert code_of(thief.get("/v1/me")) == (401, "AUTH-SESSION")


def test_a_key_ends_on_its_day_and_says_when_it_was_used(desk: Desk, olga: Any) -> None:
    made = olga.post("/v1/keys", json={"name": "orchestration", "scopes": ["cases:read"], "days": 30})
    assert made.status_code == 201
    program = desk.stranger()
    program.headers["Authorization"] = f"Bearer {made.json()['secret']}"
    assert program.get("/v1/cases").status_code == 200
    listed = olga.get("/v1/keys").json()
    assert (listed[0]["created_by"], listed[0]["last_used_at"] is not None) == ("user:olga", True)
    assert made.json()["secret"] not in str(listed)
    desk.house.later(minutes=30 * 24 * 60)
    assert code_of(program.get("/v1/cases")) == (401, "AUTH-KEY")
    log_in(olga, "olga")
    olga.headers["X-CSRF-Token"] = csrf_of(olga.get("/documents").text)
    assert olga.delete("/v1/keys/orchestration").status_code == 204


def test_the_pages_do_the_same_without_scripts(desk: Desk, olga: Any) -> None:
    page = form(olga, "/people", name="Nina", role="planner").text
    assert re.search(r"http://testserver/welcome/[\w-]{43}", page)
    assert form(olga, "/people", name="nina", role="planner").status_code == 409
    rules = {"act": "rules", "queues": ["planning"], "currency": ["eur", ""], "amount": ["250", ""]}
    assert form(olga, "/people/nina", **rules).headers["location"] == "/people/nina?told=rules"
    shown = olga.get("/people/nina").text
    assert 'value="EUR"' in shown and 'value="planning" checked' in shown
    assert form(olga, "/people/nina", act="role", role="ap_clerk").status_code == 303
    assert form(olga, "/people/nina", act="disable").status_code == 303
    assert "shut out" in olga.get("/people").text
    assert form(olga, "/people/nina", act="enable").status_code == 303
    away = {"person": "nina", "first_day": "2026-12-01", "last_day": "2026-12-05", "substitute": "olga"}
    assert form(olga, "/me/absences", **away).headers["location"] == "/people/nina"
    assert "05/12/2026" in olga.get("/people/nina").text
    key = form(olga, "/keys", name="mailbox", scopes=["documents:write"], days="90").text
    assert re.search(r'value="ck_[\w-]{43}"', key)
    assert "ck_" not in olga.get("/keys").text
    assert form(olga, "/keys", disable="mailbox").status_code == 303


def test_one_s_own_page_changes_password_and_absence(desk: Desk) -> None:
    ben = desk.client("ap_clerk", "ben")
    assert "10,000" in ben.get("/me").text and "Your next case comes from: ap" in ben.get("/me").text
    assert form(ben, "/me/absences", first_day="2026-12-24", last_day="2026-12-23").status_code == 422
    assert form(ben, "/me/absences", first_day="2026-12-24", last_day="2026-12-31").status_code == 303
    changed = form(ben, "/me/password", current=PASSWORD, new=NEW, again=NEW)
    assert changed.headers["location"] == "/me?told=password"
    assert "Your password is changed" in ben.get("/me?told=password").text
    assert ben.get("/people").status_code == 403


def test_a_page_says_when_its_session_ends(desk: Desk) -> None:
    page = desk.client("ap_clerk", "ben").get("/documents").text
    found = re.search(r'<meta name="session" content="([^"]+)"', page)
    assert found is not None and found[1].startswith("2026-11-23T10:00")
    assert auth.idle_of(desk.services).total_seconds() == 3600
