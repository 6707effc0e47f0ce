"""Shared work over HTTP: assignments, absences, saved filters and bulks."""

from starlette.testclient import TestClient

from tests.review_api.conftest import Desk
from triage.case_records import CaseSummary

TODAY = "2026-11-23"


def _at(case: CaseSummary) -> dict[str, str]:
    return {"If-Match": f'"{case.version}"'}


def _code(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]  # type: ignore[attr-defined]


def test_a_case_given_to_who_is_away_goes_to_who_stands_in_and_says_so(desk: Desk) -> None:
    case = desk.held()
    anna, ben, cleo = (
        desk.client("ap_clerk", "anna"),
        desk.client("ap_clerk", "ben"),
        desk.client("ap_approver", "cleo"),
    )
    away = anna.post("/v1/absences", json={"first_day": TODAY, "last_day": "2026-11-27", "substitute": "ben"})
    assert away.status_code == 201
    given = cleo.post(f"/v1/cases/{case.case_id}/assign", headers=_at(case), json={"to": "anna"})
    told = given.json()
    assert (told["assigned_to"], told["named"], told["away_until"]) == ("ben", "anna", "2026-11-27")
    assert anna.post("/v1/cases/next").status_code == 204
    assert ben.post("/v1/cases/next").json()["case_id"] == case.case_id
    stale = cleo.post(f"/v1/cases/{case.case_id}/assign", headers=_at(case), json={"to": "cleo"})
    assert _code(stale) == (412, "CASE-CHANGED") or _code(stale) == (409, "CASE-CLAIMED-BY-OTHER")
    listed = cleo.get("/v1/absences", params={"person": "anna"}).json()["absences"]
    assert [(one["person"], one["substitute"]) for one in listed] == [("anna", "ben")]
    assert _code(ben.delete(f"/v1/absences/{listed[0]['absence_id']}")) == (403, "ABSENCE-OTHER")
    assert anna.delete(f"/v1/absences/{listed[0]['absence_id']}").status_code == 204


def test_filters_are_ones_own_until_they_are_shared(desk: Desk) -> None:
    anna, ben, planner = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben"), desk.client("planner")
    saved = anna.post("/v1/filters", json={"name": "terms", "query": {"code": "INV-TERMS", "due": "3d"}}).json()

    def names(client: TestClient) -> list[str]:
        return [one["name"] for one in client.get("/v1/filters").json()["filters"]]

    assert (names(anna), names(ben)) == (["terms"], [])
    anna.put(f"/v1/filters/{saved['filter_id']}", json={"name": "short terms", "shared": True})
    assert (names(ben), names(planner)) == (["short terms"], [])
    assert _code(ben.delete(f"/v1/filters/{saved['filter_id']}")) == (403, "FILTER-OTHER")
    assert _code(anna.post("/v1/filters", json={"name": "x", "query": {"sql": "1"}})) == (422, "FILTER-QUERY")
    assert anna.delete(f"/v1/filters/{saved['filter_id']}").status_code == 204
    assert names(anna) == []


def test_a_list_is_narrowed_over_the_api(desk: Desk) -> None:
    case = desk.held()
    client = desk.key("cases:read")
    code = case.codes[0]
    for asked, count in (
        ({"code": code}, 1),
        ({"code": code, "alone": True}, int(len(case.codes) == 1)),
        ({"code": "INV-TERMS"}, 0),
        ({"supplier": "nordlicht", "due": "later", "min_amount": "0.01"}, 1 if case.amount_at_risk else 0),
        ({"older_days": 1}, 0),
        ({"escalated": True}, 0),
    ):
        found = client.get("/v1/cases", params=asked)
        assert (found.status_code, len(found.json()["cases"])) == (200, count), asked
    assert client.get("/v1/cases", params={"due": "soon"}).status_code == 422


def test_a_bulk_is_previewed_done_and_looked_at_again(desk: Desk) -> None:
    case = desk.held_for_terms()
    code = "INV-TERMS"
    anna = desk.client("ap_clerk", "anna")
    asked = {"action": "reject", "code": code, "reason_code": "wrong_quantity"}
    seen = anna.post("/v1/bulk/preview", json=asked | {"cases": [case.case_id]}).json()
    assert [one["becomes"] for one in seen["cases"]] == ["ends"]
    assert [(one["becomes"], one["count"], one["total"]) for one in seen["sums"]] == [("ends", 1, "238")]
    chosen = [{"case_id": one["case_id"], "version": one["version"]} for one in seen["cases"]]
    done = anna.post("/v1/bulk", json=asked | {"cases": chosen, "bulk_id": "bulk_abc1"})
    assert [one["became"] for one in done.json()["results"]] == ["ends"]
    assert anna.get("/v1/bulk/bulk_abc1").json() == done.json()
    assert anna.post("/v1/bulk", json=asked | {"cases": chosen, "bulk_id": "bulk_abc1"}).json() == done.json()
    wrong = anna.post("/v1/bulk/preview", json=asked | {"reason_code": "none", "cases": [case.case_id]})
    assert _code(wrong) == (422, "CASE-REASON-UNKNOWN")
