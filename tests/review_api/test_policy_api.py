"""The policy over HTTP: seen, previewed, proposed, agreed to by a second person, withdrawn, rejected."""

from typing import Any

import pytest

from tests.review_api.conftest import Desk
from triage.policies import built_in_text

DRAFT = built_in_text().replace("ap_clerk = 10000", "ap_clerk = 500")


def if_match(version: int = 1) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


@pytest.fixture
def people(desk: Desk) -> dict[str, Any]:
    return {"anna": desk.client("admin", "anna"), "ben": desk.client("ap_approver", "ben")}


def seen(client: Any, text: str = DRAFT) -> dict[str, Any]:
    answer = client.post("/v1/policy/preview", json={"text": text})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def put(client: Any, preview: dict[str, Any], version: int = 1, text: str = DRAFT) -> Any:
    body = {"text": text, "preview_hash": preview["preview_hash"]}
    return client.put("/v1/policy", json=body, headers=if_match(version))


def test_two_people_change_the_policy(desk: Desk, people: dict[str, Any]) -> None:
    desk.held()
    preview = seen(people["anna"])
    assert preview["result"]["papers"] == 1 and preview["author"] == "anna"
    proposed = put(people["anna"], preview)
    assert (proposed.status_code, proposed.headers["etag"]) == (202, '"1"')
    pending = people["ben"].get("/v1/policy").json()["pending"]
    assert (pending["proposed_by"], pending["text"], pending["state"]) == ("anna", DRAFT, "proposed")
    again = put(people["anna"], preview)
    assert (again.status_code, again.json()["code"]) == (409, "POLICY-SECOND-PERSON")
    agreed = put(people["ben"], preview)
    assert (agreed.status_code, agreed.headers["etag"]) == (200, '"2"')
    told = agreed.json()
    assert (told["version"], told["proposed_by"], told["applied_by"]) == (2, "user:anna", "user:ben")
    assert told["pending"] is None and told["text"] == DRAFT


def test_what_is_wrong_is_said_with_status_code_and_remedy(people: dict[str, Any]) -> None:
    anna, ben = people["anna"], people["ben"]
    preview = seen(anna)
    refused = [
        (put(anna, {"preview_hash": "unknown"}), 404, "POLICY-PREVIEW-MISSING"),
        (put(anna, preview, text=DRAFT + "# more\n"), 409, "POLICY-PREVIEW-STALE"),
        (put(anna, preview, version=7), 412, "POLICY-CHANGED"),
        (anna.put("/v1/policy", json={"text": DRAFT, "preview_hash": "x"}), 428, "REQUEST-IF-MATCH"),
        (anna.post("/v1/policy/preview", json={"text": "a = 1"}), 422, "POLICY-INVALID"),
        (anna.post("/v1/policy/preview", json={"text": DRAFT, "since": "2026-01-01T00:00:00"}), 422, "REQUEST-INVALID"),
        (ben.post("/v1/policy/reject", json={"reason": "no"}), 404, "POLICY-PROPOSAL-NONE"),
    ]
    for answer, status, code in refused:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["remedy"]


def test_a_proposal_is_rejected_or_withdrawn_with_a_reason(people: dict[str, Any]) -> None:
    anna, ben = people["anna"], people["ben"]
    preview = seen(anna)
    put(anna, preview)
    other = ben.post("/v1/policy/withdraw", json={"reason": "mine now"})
    assert (other.status_code, other.json()["code"]) == (403, "POLICY-PROPOSAL-OTHER")
    rejected = ben.post("/v1/policy/reject", json={"reason": "Clerks need more."})
    assert rejected.json()["state"] == "rejected" and rejected.json()["reason"] == "Clerks need more."
    assert ben.get("/v1/policy").json()["pending"] is None
    put(anna, preview)
    assert anna.post("/v1/policy/withdraw", json={"reason": "A mistake."}).json()["state"] == "withdrawn"
