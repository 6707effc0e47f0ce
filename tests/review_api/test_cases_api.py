"""The queue over HTTP: versions, claims, decisions, cursors."""

from typing import Any

from tests.review_api.conftest import Desk


def test_a_case_is_opened_claimed_and_resolved_with_its_etag(desk: Desk) -> None:
    case_id = desk.held().case_id
    client = desk.client("ap_approver", "ben")
    shown = client.get(f"/v1/cases/{case_id}")
    assert shown.json()["decision"]["findings"][0]["code"].startswith("MATCH")
    claimed = client.post(f"/v1/cases/{case_id}/claim", headers={"If-Match": shown.headers["etag"]})
    assert claimed.json()["claimed_by"] == "ben"
    ended = client.post(
        f"/v1/cases/{case_id}/resolve",
        headers={"If-Match": claimed.headers["etag"]},
        json={"resolution": "reject", "reason_code": "wrong_quantity"},
    )
    assert (ended.json()["state"], ended.json()["resolution"]) == ("resolved", "reject")
    told = client.get("/v1/audit", params={"subject": f"case:{case_id}"}).json()["entries"]
    assert [entry["action"] for entry in told] == ["case.resolved", "case.claimed", "case.opened"]


def test_a_change_without_a_version_is_asked_for_one(desk: Desk) -> None:
    case_id = desk.held().case_id
    answer = desk.client("ap_clerk").post(f"/v1/cases/{case_id}/claim")
    assert (answer.status_code, answer.json()["code"]) == (428, "REQUEST-IF-MATCH")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_change_of_an_older_version_is_refused(desk: Desk) -> None:
    case = desk.held()
    client = desk.client("ap_clerk", "anna")
    stale = {"If-Match": f'"{case.version}"'}
    client.post(f"/v1/cases/{case.case_id}/claim", headers=stale)
    for step, body in (
        ("claim", None),
        ("release", None),
        ("escalate", {}),
        ("correct", {"changes": {"invoice_number": "R-1"}}),
        ("resolve", {"resolution": "reject", "reason_code": "duplicate"}),
        ("approve", {"reason_code": "price_agreed"}),
    ):
        answer = client.post(f"/v1/cases/{case.case_id}/{step}", headers=stale, json=body)
        assert (answer.status_code, answer.json()["code"]) == (412, "CASE-CHANGED"), step


def test_a_version_that_is_none_is_told_so(desk: Desk) -> None:
    case_id = desk.held().case_id
    answer = desk.client("ap_clerk").post(f"/v1/cases/{case_id}/claim", headers={"If-Match": "newest"})
    assert (answer.status_code, answer.json()["code"]) == (400, "REQUEST-VERSION")


def test_two_people_never_get_the_same_case(desk: Desk) -> None:
    desk.held()
    desk.held({"invoice_number": "R-8813"})
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    first, second = anna.post("/v1/cases/next"), ben.post("/v1/cases/next")
    assert first.json()["case_id"] != second.json()["case_id"]
    assert anna.post("/v1/cases/next").status_code == 204


def test_a_planner_is_not_given_invoices(desk: Desk) -> None:
    desk.held()
    assert desk.client("planner").post("/v1/cases/next").status_code == 204


def test_a_case_another_person_holds_is_theirs(desk: Desk) -> None:
    case = desk.held()
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    anna.post("/v1/cases/next")
    answer = ben.post(f"/v1/cases/{case.case_id}/claim", headers={"If-Match": f'"{case.version + 1}"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "CASE-CLAIMED-BY-OTHER")


def test_the_list_is_read_in_parts_that_never_repeat_or_skip(desk: Desk) -> None:
    made = {desk.held({"invoice_number": f"R-{number}"}).case_id for number in range(100, 107)}
    client = desk.key("cases:read")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        part = client.get("/v1/cases", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        seen += [case["case_id"] for case in part["cases"]]
        cursor = part["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == made


def test_a_broken_cursor_is_a_problem_not_a_crash(desk: Desk) -> None:
    answer = desk.key("cases:read").get("/v1/cases", params={"cursor": "ß!"})
    assert (answer.status_code, answer.json()["code"]) == (422, "CASE-CURSOR")


def test_a_correction_that_makes_every_control_pass_waits_for_a_second_person(desk: Desk) -> None:
    case = desk.held()
    client = desk.client("ap_clerk")
    right = {"lines.1.quantity": "10", "lines.1.line_net_amount": "200"}
    totals = {"total_without_vat": "200", "total_vat": "38", "total_with_vat": "238", "amount_due": "238"}
    answer = client.post(
        f"/v1/cases/{case.case_id}/correct",
        headers={"If-Match": f'"{case.version}"'},
        json={"changes": right | totals},
    )
    assert answer.status_code == 200, answer.text
    detail = client.get(f"/v1/cases/{case.case_id}").json()
    assert detail["extraction_version"] == 2
    assert [line["quantity"]["value"] for line in detail["extraction"]["lines"]] == ["10"]
    assert (detail["state"], detail["codes"], detail["corrected_by"]) == ("open", ["DOC-CORRECTED"], "ap_clerk")
    assert detail["may"]["approve"]["code"] == "CASE-OWN-CORRECTION"
    ben = desk.client("ap_clerk", "ben")
    shown = ben.get(f"/v1/cases/{case.case_id}")
    assert shown.json()["may"]["approve"] == {
        "allowed": True,
        "second_person": False,
        "code": None,
        "message": None,
        "remedy": None,
    }
    version = {"If-Match": shown.headers["etag"]}
    approval = {"reason_code": "quantity_confirmed"}
    refused = client.post(f"/v1/cases/{case.case_id}/approve", headers=version, json=approval)
    assert (refused.status_code, refused.json()["code"]) == (403, "CASE-OWN-CORRECTION")
    ended = ben.post(f"/v1/cases/{case.case_id}/approve", headers=version, json=approval).json()
    assert (ended["state"], ended["resolved_by"], ended["resolved_role"]) == ("resolved", "ben", "ap_clerk")


def test_a_resolution_is_undone_by_who_made_it(desk: Desk) -> None:
    case = desk.held()
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    ended = anna.post(
        f"/v1/cases/{case.case_id}/resolve",
        headers={"If-Match": f'"{case.version}"'},
        json={"resolution": "reject", "reason_code": "duplicate"},
    )
    version = {"If-Match": ended.headers["etag"]}
    assert ben.post(f"/v1/cases/{case.case_id}/undo", headers=version).json()["code"] == "CASE-UNDO-OTHER"
    undone = anna.post(f"/v1/cases/{case.case_id}/undo", headers=version)
    assert (undone.json()["state"], undone.json()["claimed_by"]) == ("claimed", "anna")


def test_an_unknown_field_in_a_request_is_refused(desk: Desk) -> None:
    case = desk.held()
    answer = desk.client("ap_clerk").post(
        f"/v1/cases/{case.case_id}/comment", json={"text": "hello", "user": "somebody else"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST-INVALID")


def test_amounts_are_strings_and_instants_are_utc(desk: Desk) -> None:
    desk.held()
    case = desk.key("cases:read").get("/v1/cases").json()["cases"][0]
    assert case["total"] == "357"
    assert case["opened_at"] == "2026-11-23T09:00:00Z"


def test_the_audit_is_read_in_parts_from_the_newest_back(desk: Desk) -> None:
    desk.held()
    client = desk.client("auditor")
    first = client.get("/v1/audit", params={"limit": 2}).json()
    second = client.get("/v1/audit", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    sequences = [entry["sequence"] for entry in first["entries"] + second["entries"]]
    assert sequences == sorted(sequences, reverse=True)
    assert len(set(sequences)) == 4


def test_whoever_lost_a_claim_is_told_so_and_writes_nothing(desk: Desk) -> None:
    case_id = desk.held().case_id
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    lost = {"If-Match": anna.post("/v1/cases/next").headers["etag"]}
    desk.house.later(16)
    assert ben.post("/v1/cases/next").json()["case_id"] == case_id
    steps = {
        "resolve": {"resolution": "reject", "reason_code": "duplicate"},
        "approve": {"reason_code": "price_agreed"},
        "correct": {"changes": {"invoice_number": "R-1"}},
        "escalate": {},
        "heartbeat": None,
        "release": None,
    }
    for step, body in steps.items():
        answer = anna.post(f"/v1/cases/{case_id}/{step}", headers=lost, json=body)
        assert (answer.status_code, answer.json()["code"]) in {
            (409, "CASE-CLAIMED-BY-OTHER"), (409, "CASE-CLAIM-LOST"), (412, "CASE-CHANGED")
        }, step  # fmt: skip
        assert answer.json()["remedy"]
    ben.post(f"/v1/cases/{case_id}/release", headers={"If-Match": ben.get(f"/v1/cases/{case_id}").headers["etag"]})
    answer = anna.post(f"/v1/cases/{case_id}/resolve", headers=lost, json=steps["resolve"])
    assert (answer.status_code, answer.json()["code"]) == (412, "CASE-CHANGED")
    assert ben.get(f"/v1/cases/{case_id}").json()["state"] == "open"


def test_the_case_that_comes_after_is_named_and_taken_in_order(desk: Desk) -> None:
    first, second, third = (desk.held({"invoice_number": f"R-{number}"}).case_id for number in (1, 2, 3))
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    order = [case["case_id"] for case in anna.get("/v1/cases").json()["cases"]]
    assert set(order) == {first, second, third}
    taken = anna.post("/v1/cases/next")
    assert taken.json()["case_id"] == order[0] and _named_next(taken) == order[1]
    assert ben.post("/v1/cases/next").json()["case_id"] == order[1]
    assert _named_next(anna.get(f"/v1/cases/{order[0]}")) == order[2]
    assert anna.post("/v1/cases/next", params={"after": order[0]}).json()["case_id"] == order[2]
    assert anna.post("/v1/cases/next").status_code == 204
    assert _named_next(anna.get(f"/v1/cases/{order[0]}")) is None


def _named_next(answer: Any) -> str | None:
    link = answer.headers.get("link")
    return None if link is None else link.partition("/v1/cases/")[2].partition(">")[0]
