"""What the page of a paper asks for over HTTP: words, typed values checked, drafts that only their author sees."""

from typing import Any

import pytest

from core.documents import Box, Page, Source, Word
from tests.review_api.conftest import Desk

END = {"resolution": "reject", "reason_code": "duplicate"}
PAGE = Page(
    number=1, width=595.0, height=842.0, source=Source.OCR, words=(Word(text="R-8812", box=Box(10.0, 20.0, 60.04, 30)),)
)


def test_the_words_of_a_page_are_read_once_and_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extraction.words.words_of_pages", lambda *_: (PAGE,))
    client, document_id = desk.client("ap_clerk"), desk.held().document_id
    for _ in range(2):
        told = client.get(f"/v1/documents/{document_id}/pages/1/words")
        assert told.json()["words"] == [{"box": [10, 20, 60, 30], "text": "R-8812"}]
        assert "max-age" in told.headers["cache-control"]
    assert len(desk.executor.calls) == 1
    assert client.get(f"/v1/documents/{document_id}/pages/2/words").json()["code"] == "DOC-PAGE"


def test_a_typed_text_is_told_as_the_value_it_would_be(desk: Desk) -> None:
    client, case = desk.client("ap_clerk"), desk.held()

    def check(field: str, text: str, **more: bool) -> dict[str, Any]:
        body = {"values": {field: text}, **more}
        found: dict[str, Any] = client.post(f"/v1/cases/{case.case_id}/check", json=body).json()["values"][0]
        return found

    assert check("due_date", "14.12.2026")["value"] == "2026-12-14"
    assert check("total_with_vat", "1.234,50")["value"] == "1234.5"
    wrong = check("due_date", "31.02.2026")
    assert (wrong["ok"], wrong["code"]) == (False, "CASE-VALUE-UNREADABLE")
    assert check("invoice_number", "R-8812")["ok"]
    assert check("payment_iban", "DE02120300000000202052")["doubts"]
    assert check("no_such_field", "1")["code"] == "CASE-FIELD-UNKNOWN"


def test_a_draft_is_kept_for_who_holds_the_case_until_it_is_sent(desk: Desk) -> None:
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    case = desk.held()
    path = f"/v1/cases/{case.case_id}"
    typed = {"field.invoice_number": "R-1", "comment.approve": "call them"}
    assert anna.put(f"{path}/draft", json={"typed": typed}).json()["code"] == "CASE-CLAIM-LOST"
    claimed = anna.post(f"{path}/claim", headers={"If-Match": '"1"'}).json()
    token = claimed["claim_token"]
    stale = anna.put(f"{path}/draft", json={"typed": typed, "claim_token": token - 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "CASE-CLAIM-LOST")
    assert anna.put(f"{path}/draft", json={"typed": typed, "claim_token": token}).json()["typed"] == typed
    assert ben.get(f"{path}/draft").status_code == 204
    assert 'value="R-1"' in anna.get(f"/cases/{case.case_id}").text
    assert 'value="R-1"' not in ben.get(f"/cases/{case.case_id}").text
    etag = f'"{claimed["version"]}"'
    anna.post(f"{path}/correct", json={"changes": {"invoice_number": "R-1"}}, headers={"If-Match": etag})
    assert anna.get(f"{path}/draft").status_code == 204


def test_drafts_of_a_case_are_gone_when_anybody_ends_it_and_stay_gone_when_that_is_undone(desk: Desk) -> None:
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_approver", "ben")
    case, other = desk.held(), desk.held_for_terms()
    for one in (case, other):
        anna.post(f"/v1/cases/{one.case_id}/claim", headers={"If-Match": '"1"'})
        kept = anna.put(f"/v1/cases/{one.case_id}/draft", json={"typed": {"comment.approve": "call them"}})
        assert kept.status_code == 200
    path = f"/v1/cases/{case.case_id}"
    anna.post(f"{path}/release", headers={"If-Match": anna.get(path).headers["etag"]})
    assert anna.get(f"{path}/draft").status_code == 200
    ended = ben.post(f"{path}/resolve", json=END, headers={"If-Match": ben.get(path).headers["etag"]})
    assert ended.status_code == 200, ended.text
    assert anna.get(f"{path}/draft").status_code == 204
    assert anna.get(f"/v1/cases/{other.case_id}/draft").status_code == 200
    undone = ben.post(f"{path}/undo", headers={"If-Match": ended.headers["etag"]})
    assert undone.json()["state"] != "resolved", undone.text
    assert anna.get(f"{path}/draft").status_code == 204


def test_lines_are_changed_added_and_taken_away_over_http(desk: Desk) -> None:
    client, case = desk.client("ap_clerk", "anna"), desk.held()
    path = f"/v1/cases/{case.case_id}"
    changes = {"lines.1.quantity": "14", "lines.2.description": "Pallet", "lines.2.line_net_amount": "12"}
    place = {"page": 1, "box": [60, 60, 200, 72], "text": "14"}
    body = {"changes": changes, "places": {"lines.1.quantity": place}}
    assert client.post(f"{path}/correct", json=body, headers={"If-Match": '"1"'}).status_code == 200
    told = client.get(path)
    lines = told.json()["extraction"]["lines"]
    assert lines[0]["quantity"]["value"] == "14" and lines[0]["quantity"]["evidence"][0]["box"] == [60, 60, 200, 72]
    assert lines[1]["description"]["value"] == "Pallet"
    gone = client.post(f"{path}/correct", json={"changes": {"lines.2": ""}}, headers={"If-Match": told.headers["etag"]})
    assert gone.status_code == 200 and client.get(path).json()["extraction"]["lines"][1] == {}
