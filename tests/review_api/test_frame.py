"""What every request and answer under /v1 passes: names, problems for whatever is wrong, forms, methods."""

import re
from typing import Any

import pytest

from review_api.negotiation import accepts
from tests.review_api.conftest import Desk


def test_a_request_keeps_the_name_it_came_with_in_answer_and_problem(desk: Desk) -> None:
    client = desk.key("cases:read")
    named = client.get("/v1/cases/none", headers={"X-Request-Id": "order-17/4"})
    assert named.headers["x-request-id"] == named.json()["request_id"] == "order-17/4"
    assert client.get("/v1/cases", headers={"X-Request-Id": "a"}).headers["x-request-id"] == "a"


@pytest.mark.parametrize("name", ["", "two words", "x" * 129, 'a"b', "-begins", "line\x7f"])
def test_a_name_that_could_break_a_log_is_replaced(desk: Desk, name: str) -> None:
    answer = desk.key("cases:read").get("/v1/cases", headers={"X-Request-Id": name})
    assert re.fullmatch(r"req_[0-9a-f]{24}", answer.headers["x-request-id"])


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/v1/nothing", {}, 404, "NOT-FOUND"),
        ("PATCH", "/v1/cases/x/draft", {}, 405, "METHOD-NOT-ALLOWED"),
        ("GET", "/v1/feeds", {"headers": {"Accept": "text/html"}}, 406, "REQUEST-ACCEPT"),
        ("POST", "/v1/score/orders", {"content": b"x" * 2_000_001}, 413, "REQUEST-TOO-LARGE"),
        (
            "POST",
            "/v1/score/orders",
            {"content": b"{}", "headers": {"Content-Type": "text/plain"}},
            415,
            "REQUEST-MEDIA-TYPE",
        ),
        ("POST", "/v1/documents", {"json": {}}, 415, "REQUEST-MEDIA-TYPE"),
        (
            "POST",
            "/v1/score/orders",
            {"content": b"{", "headers": {"Content-Type": "application/json"}},
            400,
            "REQUEST-JSON",
        ),
        (
            "POST",
            "/v1/score/orders",
            {"content": b'"\xff"', "headers": {"Content-Type": "application/json"}},
            400,
            "REQUEST-BROKEN",
        ),
        (
            "POST",
            "/v1/documents",
            {"content": b"abc", "headers": {"Content-Type": "multipart/form-data"}},
            400,
            "REQUEST-BROKEN",
        ),
        ("POST", "/v1/score/orders", {}, 422, "REQUEST-INVALID"),
        ("POST", "/v1/score/orders", {"json": {"orders": 1}}, 422, "REQUEST-INVALID"),
    ],
)
def test_whatever_is_wrong_is_told_as_a_problem_document(
    *, desk: Desk, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = desk.key("cases:read", "score", "documents:write").request(method, path, **sent)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["status"], told["instance"]) == (status, path)
    assert told["request_id"] == answer.headers["x-request-id"]
    assert told["remedy"].endswith(".")


def test_a_wrong_method_is_told_every_method_of_the_address(desk: Desk) -> None:
    client = desk.key("cases:read")
    assert client.patch("/v1/cases/x/draft").headers["allow"] == "GET, HEAD, PUT"
    assert client.delete("/v1/policy").headers["allow"] == "GET, HEAD, PUT"
    assert client.get("/v1/bulk").headers["allow"] == "POST"


def test_head_is_get_without_its_body(desk: Desk) -> None:
    client = desk.key("cases:read")
    shown, head = client.get("/v1/feeds"), client.head("/v1/feeds")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == shown.headers["content-length"] == str(len(shown.content))


def test_even_a_failure_of_ours_has_a_name_and_the_strict_headers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("unforeseen")

    client = desk.key("cases:read")
    monkeypatch.setattr("review_api.feeding.freshness", break_down)
    transport: Any = client._transport
    transport.raise_server_exceptions = False
    answer = client.get("/v1/feeds")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL")
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unforeseen" not in answer.text


@pytest.mark.parametrize(
    ("accept", "form", "is_accepted"),
    [
        ("*/*", "image/png", True),
        ("application/json", "application/json", True),
        ("text/html, application/*;q=0.5", "application/json", True),
        ("text/html", "application/json", False),
        ("*/*, application/json;q=0", "application/json", False),
        ("application/*;q=0, application/json", "application/json; charset=utf-8", True),
        ("*/*;q=0.000", "text/csv", False),
        ("text/csv;q=0.1", "text/csv", True),
    ],
)
def test_the_most_particular_range_of_accept_decides(accept: str, form: str, is_accepted: bool) -> None:
    assert accepts(accept, form) is is_accepted


def test_answers_say_what_a_caller_has_left(desk: Desk) -> None:
    client = desk.key("cases:read")
    told = [client.get("/v1/feeds").headers for _ in range(3)]
    assert told[0]["ratelimit-policy"].startswith('"strangers"')  # nobody had seen the key yet
    assert told[2]["ratelimit-policy"] == '"read";q=1000;w=10'
    assert told[2]["ratelimit"].startswith('"read";r=99')
