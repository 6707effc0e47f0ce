"""Who may do what: every page and endpoint for every role and scope, and nothing for strangers or forged forms."""

import pytest

from review_api import auth
from review_api.accounts import ROLES as EVERY_ROLE
from review_api.accounts import SCOPES
from tests.review_api.conftest import ROLES, Desk
from tests.review_api.rights import RIGHTS, STATED, address, endpoints

CHANGES = tuple(endpoint for endpoint in STATED if not endpoint.startswith("GET"))
_IF_MATCH = {"If-Match": '"1"'}


def test_every_endpoint_has_a_stated_right_and_every_stated_one_an_endpoint(desk: Desk) -> None:
    assert sorted(endpoints(desk.app)) == sorted(STATED)
    described = desk.stranger().get("/v1/openapi.json").json()["paths"]
    assert {f"{method.upper()} {path}" for path, methods in described.items() for method in methods} <= set(STATED)
    assert set(STATED.values()) <= set(RIGHTS)
    assert set(ROLES) == set(EVERY_ROLE)


def test_the_program_gives_each_right_to_those_the_table_names() -> None:
    assert {name: auth.RIGHTS[name] for name in RIGHTS if name != "open"} == {
        name: given for name, given in RIGHTS.items() if name != "open"
    }
    assert set(auth.RIGHTS) == set(RIGHTS) - {"open"}


def test_every_endpoint_is_open_to_its_roles_and_scopes_only(desk: Desk) -> None:
    """Without a form's token, so that nothing happens: who has the right is refused for the token, others for the role.

    So it tests too that every form, and every change by a browser's cookie, needs the token of its session.
    """
    clients = {role: desk.client(role) for role in ROLES} | {scope: desk.key(scope) for scope in SCOPES}
    wrong = []
    for client in clients.values():
        client.headers.pop("X-CSRF-Token", None)
    for endpoint, right in STATED.items():
        if right == "open":
            continue
        roles, scopes = RIGHTS[right]
        method, path = address(endpoint)
        for name, client in clients.items():
            answer = client.request(method, path, headers=_IF_MATCH)
            is_refused = answer.status_code == 403 and "AUTH-ROLE" in answer.text
            if is_refused is (name in roles | scopes) or answer.status_code == 500:
                wrong.append((endpoint, name, answer.status_code))
            elif not is_refused and name in ROLES and endpoint in CHANGES and "AUTH-CSRF" not in answer.text:
                wrong.append((endpoint, name, "done without the token of a form"))
    assert wrong == []


def test_a_stranger_is_told_to_log_in_everywhere(desk: Desk) -> None:
    client = desk.stranger()
    for endpoint, right in STATED.items():
        if right == "open":
            continue
        method, path = address(endpoint)
        answer = client.request(method, path, headers=_IF_MATCH)
        if path.startswith(("/v1/", "/metrics")):
            assert (answer.status_code, answer.json()["code"]) == (401, "AUTH-MISSING"), endpoint
        else:
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login"), endpoint


@pytest.mark.parametrize("secret", ["ck_made-up", "", "not-a-key"])
def test_a_made_up_key_is_refused(desk: Desk, secret: str) -> None:
    answer = desk.stranger().get("/v1/cases", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH-KEY")
    assert "Bearer" in answer.headers["www-authenticate"]


def test_a_change_with_a_cookie_needs_the_token_of_its_own_session(desk: Desk) -> None:
    case = desk.held()
    client, other = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    for token in ("", "guessed", other.headers["X-CSRF-Token"]):
        answer = client.post(f"/v1/cases/{case.case_id}/claim", headers=_IF_MATCH | {"X-CSRF-Token": token})
        assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-CSRF")
        form = {"csrf": token, "version": "1", "comment": "forged"}
        assert client.post(f"/cases/{case.case_id}/comment", data=form).status_code == 403


def test_a_page_leads_only_where_the_person_may_go(desk: Desk) -> None:
    clerk, auditor = desk.client("ap_clerk"), desk.client("auditor")
    assert 'href="/audit"' not in clerk.get("/").text
    assert 'href="/audit"' in auditor.get("/").text
    assert 'href="/upload"' not in auditor.get("/").text
