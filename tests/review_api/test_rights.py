"""Who may do what: every endpoint for every role and scope, and nothing for strangers."""

from typing import Any

import pytest

from review_api.accounts import SCOPES
from tests.review_api.conftest import ROLES, Desk

READERS = set(ROLES)
WORKERS = {"ap_clerk", "ap_approver", "planner", "admin"}
PROPOSERS = {"ap_approver", "planner", "admin"}
FILE = {"files": {"file": ("a.csv", b"supplier_id,name\nS-9,Nine\n")}}
ENDPOINTS: list[tuple[str, str, dict[str, Any], set[str], set[str]]] = [
    ("GET", "/v1/cases", {}, READERS, {"cases:read"}),
    ("GET", "/v1/cases/case_x", {}, READERS, {"cases:read"}),
    ("POST", "/v1/cases/next", {}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/claim", {}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/heartbeat", {}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/release", {}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/undo", {}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/comment", {"json": {"text": "hello"}}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/escalate", {"json": {}}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/approve", {"json": {"reason_code": "other"}}, WORKERS, set()),
    ("POST", "/v1/cases/case_x/correct", {"json": {"changes": {"invoice_number": "1"}}}, WORKERS, set()),
    (
        "POST",
        "/v1/cases/case_x/resolve",
        {"json": {"resolution": "reject", "reason_code": "duplicate"}},
        WORKERS,
        set(),
    ),
    ("GET", "/v1/documents/doc_x", {}, READERS, {"cases:read", "documents:write"}),
    ("GET", "/v1/documents/doc_x/original", {}, READERS, {"cases:read", "documents:write"}),
    ("GET", "/v1/documents/doc_x/pages/1.png", {}, READERS, {"cases:read", "documents:write"}),
    ("GET", "/v1/documents/doc_x/pages/1/words", {}, READERS, {"cases:read", "documents:write"}),
    ("POST", "/v1/cases/case_x/check", {"json": {"field": "due_date", "text": "1"}}, WORKERS, set()),
    ("GET", "/v1/cases/case_x/draft", {}, WORKERS, set()),
    ("PUT", "/v1/cases/case_x/draft", {"json": {"typed": {}}}, WORKERS, set()),
    ("POST", "/v1/documents", {"files": {"file": ("a.txt", b"")}}, WORKERS, {"documents:write"}),
    ("POST", "/v1/extract", {"files": {"file": ("a.txt", b"")}}, WORKERS, {"documents:write"}),
    ("GET", "/v1/feeds", {}, READERS, {"cases:read", "feeds:write"}),
    ("POST", "/v1/feeds/suppliers", FILE, {"planner", "admin"}, {"feeds:write"}),
    ("GET", "/v1/memory", {}, READERS, {"cases:read"}),
    ("POST", "/v1/memory/mem_x/withdraw", {}, WORKERS, set()),
    ("POST", "/v1/score/orders", {"json": {"subjects": [{"order_id": "O1"}]}}, {"planner", "admin"}, {"score"}),
    ("POST", "/v1/score/replenishment", {"json": {"subjects": []}}, {"planner", "admin"}, {"score"}),
    ("POST", "/v1/score/invoices", {"json": {"subjects": []}}, {"planner", "admin"}, {"score"}),
    ("POST", "/v1/decide/invoices", {"json": {"subjects": []}}, {"planner", "admin"}, {"score"}),
    ("POST", "/v1/score/demand", {"json": {"subjects": []}}, {"planner", "admin"}, {"score"}),
    ("POST", "/v1/decide/demand", {"json": {"subjects": []}}, {"planner", "admin"}, {"score"}),
    ("POST", "/v1/decide/orders", {"json": {"subjects": []}}, {"planner", "admin"}, {"score"}),
    ("POST", "/v1/decide/replenishment", {"json": {"subjects": []}}, {"planner", "admin"}, {"score"}),
    ("GET", "/v1/models", {}, READERS, {"cases:read", "score"}),
    ("GET", "/v1/policy", {}, READERS, {"cases:read"}),
    ("POST", "/v1/policy/preview", {"json": {"text": "none"}}, PROPOSERS, set()),
    ("GET", "/v1/insights/promise", {}, READERS, {"cases:read"}),
    ("GET", "/v1/insights/promise.svg", {}, READERS, {"cases:read"}),
    ("GET", "/v1/insights/models", {}, READERS, {"cases:read"}),
    ("PUT", "/v1/policy", {"json": {"text": "none", "preview_hash": "x"}}, PROPOSERS, set()),
    ("POST", "/v1/policy/withdraw", {"json": {"reason": "none"}}, PROPOSERS, set()),
    ("POST", "/v1/policy/reject", {"json": {"reason": ""}}, PROPOSERS, set()),
    ("GET", "/v1/me", {}, READERS, set()),
    ("PUT", "/v1/me/language", {"json": {"language": "en"}}, READERS, set()),
    ("GET", "/v1/audit", {}, {"ap_approver", "auditor", "admin"}, set()),
    ("GET", "/v1/audit/checkpoints", {}, {"ap_approver", "auditor", "admin"}, set()),
]
_IF_MATCH = {"If-Match": '"1"'}


def test_every_endpoint_is_open_to_its_roles_and_scopes_only(desk: Desk) -> None:
    clients = {role: desk.client(role) for role in ROLES} | {scope: desk.key(scope) for scope in SCOPES}
    wrong = []
    for method, path, request, roles, scopes in ENDPOINTS:
        for name, client in clients.items():
            status = client.request(method, path, headers=_IF_MATCH, **request).status_code
            if (status == 403) is (name in roles | scopes):
                wrong.append((method, path, name, status))
    assert wrong == []


def test_a_stranger_is_told_to_log_in_everywhere(desk: Desk) -> None:
    client = desk.stranger()
    for method, path, request, _, _ in ENDPOINTS:
        answer = client.request(method, path, headers=_IF_MATCH, **request)
        assert (answer.status_code, answer.json()["code"]) == (401, "AUTH-MISSING"), path


def test_no_endpoint_of_the_api_is_missing_from_the_matrix(desk: Desk) -> None:
    described = desk.stranger().get("/v1/openapi.json").json()["paths"]
    known = {
        (method, path.replace("case_x", "{case_id}").replace("doc_x", "{document_id}").replace("mem_x", "{memory_id}"))
        for method, path, *_ in ENDPOINTS
    }
    known = {(m, p.replace("pages/1", "pages/{number}").replace("feeds/suppliers", "feeds/{name}")) for m, p in known}
    published = {(method.upper(), path) for path, methods in described.items() for method in methods}
    assert published - known == {("GET", "/livez"), ("GET", "/readyz")}
    assert known <= published


@pytest.mark.parametrize("secret", ["ck_made-up", "", "not-a-key"])
def test_a_made_up_key_is_refused(desk: Desk, secret: str) -> None:
    answer = desk.stranger().get("/v1/cases", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH-KEY")
    assert "Bearer" in answer.headers["www-authenticate"]


def test_a_change_with_a_cookie_needs_the_token_of_its_session(desk: Desk) -> None:
    case = desk.held()
    client, other = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    for token in ("", "guessed", other.headers["X-CSRF-Token"]):
        answer = client.post(f"/v1/cases/{case.case_id}/claim", headers=_IF_MATCH | {"X-CSRF-Token": token})
        assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-CSRF")


def test_pages_are_closed_to_roles_without_the_right(desk: Desk) -> None:
    clerk, auditor = desk.client("ap_clerk"), desk.client("auditor")
    assert clerk.get("/audit").status_code == 403
    assert 'href="/audit"' not in clerk.get("/").text
    assert auditor.get("/audit").status_code == 200
    assert auditor.get("/upload").status_code == 403
