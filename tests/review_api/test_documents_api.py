"""Documents, feeds and health over HTTP."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from ingest import documents
from review_api import papers
from review_api.auth import Principal
from tests.extraction.test_split_edi import edifact, message
from tests.review_api.conftest import PNG, Desk

UNREADABLE_TEXT = b"Dear Sir or Madam, please find enclosed nothing at all."


def test_the_same_bytes_twice_are_one_document_and_it_says_so(desk: Desk) -> None:
    client = desk.key("documents:write")
    first = client.post("/v1/documents", files={"file": ("a.txt", UNREADABLE_TEXT)})
    again = client.post("/v1/documents", files={"file": ("b.txt", UNREADABLE_TEXT)})
    assert first.status_code == again.status_code == 202
    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    assert first.json()["document_id"] == again.json()["document_id"]


def test_a_received_document_says_where_it_stands(desk: Desk) -> None:
    client = desk.key("documents:write")
    document_id = client.post("/v1/documents", files={"file": ("a.txt", UNREADABLE_TEXT)}).json()["document_id"]
    shown = client.get(f"/v1/documents/{document_id}").json()
    assert (shown["state"], shown["decision"], shown["received_by"]) == ("received", None, "key:key-0")


def test_a_decided_document_shows_what_it_says_and_why_it_is_held(desk: Desk) -> None:
    case = desk.held()
    shown = desk.key("cases:read").get(f"/v1/documents/{case.document_id}").json()
    assert shown["extraction"]["fields"]["invoice_number"]["value"] == "R-8812"
    assert shown["decision"]["outcome"] == case.outcome
    assert shown["case_id"] == case.case_id


def test_an_empty_file_is_refused_with_what_to_do(desk: Desk) -> None:
    answer = desk.key("documents:write").post("/v1/documents", files={"file": ("a.pdf", b"")})
    assert (answer.status_code, answer.json()["code"]) == (422, "DOC-EMPTY")
    assert answer.json()["remedy"]


def test_a_body_over_the_limit_is_refused_before_it_is_kept(desk: Desk, tmp_path: Path) -> None:
    answer = desk.key("documents:write").post("/v1/documents", files={"file": ("a.pdf", b"x" * 1_200_000)})
    assert (answer.status_code, answer.json()["code"]) == (413, "REQUEST-TOO-LARGE")
    with desk.services.db.read() as session:
        assert documents.newest(session) == ()


def test_a_body_that_hides_its_length_is_stopped_on_the_way(desk: Desk) -> None:
    def endless() -> object:
        for _ in range(40):
            yield b"x" * 100_000

    client = desk.key("documents:write")
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = client.post("/v1/documents", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "REQUEST-TOO-LARGE")


def test_a_file_of_several_documents_names_them_and_they_name_it(desk: Desk) -> None:
    client = desk.key("documents:write")
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr("a.txt", UNREADABLE_TEXT)
    whole = client.post("/v1/documents", files={"file": ("a.zip", archive.getvalue())}).json()["document_id"]
    (part,) = client.get(f"/v1/documents/{whole}").json()["parts"]
    shown = client.get(f"/v1/documents/{part}").json()
    assert (shown["parent_id"], shown["parts"]) == (whole, [])


def test_reading_a_file_of_several_documents_answers_each(desk: Desk) -> None:
    data = edifact(message("R-1"), message("R-2", 2))
    answer = desk.key("documents:write").post("/v1/extract", files={"file": ("night.edi", data)})
    assert [one["fields"]["invoice_number"]["value"] for one in answer.json()] == ["R-1", "R-2"]
    assert [one["part"] for one in answer.json()] == [{"number": 1, "of": 2}, {"number": 2, "of": 2}]


def test_an_original_is_always_a_download_never_a_page(desk: Desk) -> None:
    client = desk.key("documents:write")
    page = b"<html><script>alert(1)</script></html>"
    document_id = client.post("/v1/documents", files={"file": ("a.html", page)}).json()["document_id"]
    answer = client.get(f"/v1/documents/{document_id}/original")
    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_is_rendered_once_and_then_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def render_page(data: bytes, media_type: str, number: int, dpi: float) -> bytes:
        return PNG

    monkeypatch.setattr("extraction.render.render_page", render_page)
    case = desk.held()
    client = desk.key("cases:read")
    for _ in range(2):
        answer = client.get(f"/v1/documents/{case.document_id}/pages/1.png")
        assert (answer.status_code, answer.content) == (200, PNG)
    assert desk.executor.calls.count("render_page") == 1


@pytest.mark.parametrize("number", ["0", "-1", "9999999"])
def test_a_page_that_cannot_be_is_not_looked_for(desk: Desk, number: str) -> None:
    case = desk.held()
    answer = desk.key("cases:read").get(f"/v1/documents/{case.document_id}/pages/{number}.png")
    assert (answer.status_code, answer.json()["code"]) == (404, "DOC-PAGE")


def test_an_unknown_document_is_told_so(desk: Desk) -> None:
    answer = desk.key("cases:read").get("/v1/documents/doc_nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "DOC-NOT-FOUND")
    assert answer.json()["instance"] == "/v1/documents/doc_nowhere"


def test_a_feed_is_loaded_and_its_freshness_told(desk: Desk) -> None:
    client = desk.key("feeds:write")
    file = {"file": ("s.csv", b"supplier_id,name\nS-9,Neun GmbH\n")}
    assert client.post("/v1/feeds/suppliers", files=file).json()["new"] == 1
    assert client.post("/v1/feeds/suppliers", files=file).json()["same"] == 1
    fresh = {feed["feed"]: feed for feed in client.get("/v1/feeds").json()}
    assert fresh["suppliers"]["loaded_at"] == "2026-11-23T09:00:00Z"


def test_a_rejected_feed_lists_its_rows(desk: Desk) -> None:
    file = {"file": ("o.csv", b"po_number,supplier_id,ordered_at,currency\nA,S-1,yesterday,EUR\n")}
    answer = desk.key("feeds:write").post("/v1/feeds/purchase_orders", files=file)
    assert (answer.status_code, answer.json()["code"]) == (422, "FEED-REJECTED")
    assert "ordered_at" in str(answer.json()["rejected"][0])


def test_the_policy_in_force_is_shown_as_it_was_applied(desk: Desk) -> None:
    shown = desk.client("auditor").get("/v1/policy").json()
    assert shown["version"] == 1
    assert shown["policy_hash"] == desk.services.policy.hash


def test_it_says_that_it_lives_and_may_be_asked(desk: Desk) -> None:
    client = desk.stranger()
    assert client.get("/livez").json() == {"status": "alive"}
    told = client.get("/readyz").json()
    assert (told["status"], told["models"], told["documents"]) == ("ready", {}, "plain")


def test_an_unknown_address_is_a_problem_document(desk: Desk) -> None:
    answer = desk.stranger().get("/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT-FOUND")
    assert answer.headers["content-type"] == "application/problem+json"


LOOKING = Principal(name="anna", kind="user", role="ap_clerk")


def test_documents_are_listed_with_what_became_of_them(desk: Desk) -> None:
    desk.held()
    found = papers.list_papers(desk.services, LOOKING, outcome=None, query="", before=None)
    assert [row.subject for row in found.rows] == ["Nordlicht GmbH · R-8812"]
    assert found.counts["hold"] + found.counts["block"] == 1
