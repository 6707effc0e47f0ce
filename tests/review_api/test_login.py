"""Logging in: who is let in, who is not, and what a stranger cannot make a browser do."""

import re

import pytest

from review_api import accounts
from review_api.auth import LOGIN_COOKIE, SESSION_COOKIE
from tests.review_api.conftest import PASSWORD, Desk, log_in


def test_a_person_logs_in_and_sees_the_queue(desk: Desk) -> None:
    desk.add_user("anna", "ap_clerk")
    client = desk.stranger()
    answer = log_in(client, "anna")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Nothing waits here" in client.get("/").text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    desk.add_user("anna", "ap_clerk")
    cookie = log_in(desk.stranger(), "anna").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_wrong_password_and_an_unknown_name_read_the_same(desk: Desk) -> None:
    desk.add_user("anna", "ap_clerk")
    client = desk.stranger()
    wrong, unknown = log_in(client, "anna", "not the password"), log_in(client, "nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("anna", "nobody") == unknown.text


def test_after_five_failures_not_even_the_right_password_is_tried(desk: Desk) -> None:
    desk.add_user("anna", "ap_clerk")
    client = desk.stranger()
    for _ in range(5):
        assert log_in(client, "anna", "not the password").status_code == 401
    assert log_in(client, "anna").status_code == 429
    desk.house.later(minutes=16)
    assert log_in(client, "anna").status_code == 303


def test_failures_of_one_person_do_not_shut_out_another(desk: Desk) -> None:
    desk.add_user("anna", "ap_clerk")
    desk.add_user("ben", "ap_approver")
    client = desk.stranger()
    for _ in range(5):
        log_in(client, "anna", "not the password")
    assert log_in(client, "ben").status_code == 303


def test_a_login_form_of_another_site_is_refused(desk: Desk) -> None:
    desk.add_user("anna", "ap_clerk")
    client = desk.stranger()
    answer = client.post("/login", data={"name": "anna", "password": PASSWORD, "csrf": "guessed"})
    assert answer.status_code == 403
    assert "clearhold_session" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"],
)
def test_a_login_leads_only_to_this_site(desk: Desk, address: str) -> None:
    desk.add_user("anna", "ap_clerk")
    assert log_in(desk.stranger(), "anna", next=address).headers["location"] == "/"


def test_a_page_asks_for_a_login_and_comes_back_to_itself(desk: Desk) -> None:
    answer = desk.stranger().get("/documents?outcome=clear")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fdocuments%3Foutcome%3Dclear"


def test_a_session_ends_when_it_runs_out(desk: Desk) -> None:
    client = desk.client("ap_clerk")
    desk.house.later(minutes=60 * 10 + 1)
    assert client.get("/v1/cases").json()["code"] == "AUTH-SESSION"


def test_logging_out_ends_the_session_for_everyone_who_has_the_cookie(desk: Desk) -> None:
    client = desk.client("ap_clerk")
    token = client.cookies["clearhold_session"]
    client.post("/logout", data={"csrf": client.headers["X-CSRF-Token"]})
    thief = desk.stranger()
    thief.cookies.set("clearhold_session", token)
    assert thief.get("/v1/cases").status_code == 401


def test_a_disabled_person_is_out_at_once(desk: Desk) -> None:
    client = desk.client("ap_clerk", "anna")
    with desk.services.db.write() as session:
        accounts.disable_user(session, "anna", at=desk.services.clock.now())
    assert client.get("/v1/cases").status_code == 401
    assert log_in(desk.stranger(), "anna").status_code == 401


def test_a_disabled_key_is_out_at_once(desk: Desk) -> None:
    client = desk.key("cases:read")
    assert client.get("/v1/cases").status_code == 200
    with desk.services.db.write() as session:
        accounts.disable_key(session, "key-0", at=desk.services.clock.now())
    assert client.get("/v1/cases").json()["code"] == "AUTH-KEY"


def test_the_database_keeps_no_secret_a_thief_could_use(desk: Desk) -> None:
    client, program = desk.client("ap_clerk", "anna"), desk.key("cases:read")
    kept = "\n".join(desk.services.db.engine.raw_connection().driver_connection.iterdump())  # type: ignore[union-attr]
    assert client.cookies["clearhold_session"] not in kept
    assert program.headers["Authorization"].removeprefix("Bearer ") not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept


def test_without_any_user_the_login_page_says_how_to_add_one(desk: Desk) -> None:
    assert "clearhold user add" in desk.stranger().get("/login").text


def test_a_session_planted_in_a_browser_is_not_the_one_a_login_opens(desk: Desk) -> None:
    desk.add_user("anna", "ap_clerk")
    client = desk.stranger()
    client.cookies.set(SESSION_COOKIE, "planted", path="/")
    client.cookies.set(LOGIN_COOKIE, "planted too", path="/login")
    answer = log_in(client, "anna")
    opened = re.search(f"{SESSION_COOKIE}=([^;]+)", answer.headers["set-cookie"])
    assert opened is not None and opened[1] != "planted" and len(opened[1]) > 30
    stranger = desk.stranger()
    stranger.cookies.set(SESSION_COOKIE, "planted", path="/")
    assert stranger.get("/").headers["location"].startswith("/login")
