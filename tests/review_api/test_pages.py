"""The pages as a browser without scripts gets them."""

import html
import re
from dataclasses import replace

import pytest

from review_api.rendering import STATIC
from tests.review_api.conftest import Desk, csrf_of
from tests.triage_shell.conftest import invoice
from triage import policies

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_queue_shows_what_is_at_stake_and_why(desk: Desk) -> None:
    case = desk.held()
    page = html.unescape(desk.client("ap_clerk").get("/", headers={"Accept-Language": "en-GB"}).text)
    assert "Nordlicht GmbH · R-8812" in page
    assert case.headline in page
    assert f'href="/cases/{case.case_id}"' in page


def test_the_tabs_count_what_waits(desk: Desk) -> None:
    desk.held()
    desk.held({"invoice_number": "R-8813"})
    page = desk.client("ap_clerk").get("/").text
    assert re.search(r'AP <span class="count">2</span>', page)


def test_a_case_shows_its_page_boxes_findings_fields_and_lines(desk: Desk) -> None:
    case = desk.held()
    page = desk.client("ap_clerk").get(f"/cases/{case.case_id}").text
    assert f'src="/v1/documents/{case.document_id}/pages/1.png"' in page
    assert 'data-box="invoice_number"' in page
    assert 'viewBox="0 0 595.0 842.0"' in page
    assert html.escape(case.headline) in page
    assert 'name="field.payment_iban"' in page
    assert "4500001 / 1" in page


def test_numbers_and_dates_are_the_readers_own(desk: Desk) -> None:
    case = desk.held()
    client = desk.client("ap_clerk")
    german = client.get(f"/cases/{case.case_id}", headers={"Accept-Language": "de-DE,de;q=0.9"}).text
    english = client.get(f"/cases/{case.case_id}", headers={"Accept-Language": "en-GB"}).text
    assert "357,00" in german
    assert "16.12.2026" in german
    assert "357.00" in english
    assert "16/12/2026" in english


def test_a_form_ends_the_case_and_says_what_was_done_with_a_way_back(desk: Desk) -> None:
    case = desk.held()
    client = desk.client("ap_approver", "ben")
    page = client.get(f"/cases/{case.case_id}").text
    form = {"csrf": csrf_of(page), "version": version_of(page), "resolution": "reject", "reason_code": "wrong_quantity"}
    answer = client.post(f"/cases/{case.case_id}/resolve", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?done={case.case_id}")
    told = client.get(answer.headers["location"]).text
    assert "Rejected Nordlicht GmbH · R-8812 · Quantity is wrong." in told
    undo = {"csrf": csrf_of(told), "version": version_of(told)}
    assert client.post(f"/cases/{case.case_id}/undo", data=undo).status_code == 303
    assert desk.house.get(case.case_id).claimed_by == "ben"


def test_after_a_decision_the_next_case_opens(desk: Desk) -> None:
    first, second = desk.held(), desk.held({"invoice_number": "R-8813"})
    client = desk.client("ap_approver")
    page = client.get(f"/cases/{first.case_id}").text
    form = {"csrf": csrf_of(page), "version": version_of(page), "resolution": "reject", "reason_code": "duplicate"}
    answer = client.post(f"/cases/{first.case_id}/resolve", data=form)
    assert answer.headers["location"] == f"/cases/{second.case_id}?done={first.case_id}"


def test_what_was_typed_is_still_there_after_an_error(desk: Desk) -> None:
    case = desk.held()
    client = desk.client("ap_clerk")
    page = client.get(f"/cases/{case.case_id}").text
    form = {
        "csrf": csrf_of(page),
        "version": "999",
        "resolution": "reject",
        "reason_code": "other",
        "comment": "a long thought",
    }
    answer = client.post(f"/cases/{case.case_id}/resolve", data=form)
    assert answer.status_code == 412
    assert "a long thought" in answer.text
    assert re.search(r'value="other" required checked', answer.text)
    fields = {"csrf": csrf_of(page), "version": version_of(page), "field.due_date": "not a day"}
    refused = client.post(f"/cases/{case.case_id}/correct", data=fields)
    assert refused.status_code == 422
    assert 'value="not a day"' in refused.text


def test_a_corrected_field_is_decided_again(desk: Desk) -> None:
    case = desk.held({"invoice_number": "R-88l2"})
    client = desk.client("ap_clerk", "anna")
    page = client.get(f"/cases/{case.case_id}").text
    form = {"csrf": csrf_of(page), "version": version_of(page), "field.invoice_number": "R-8812"}
    assert client.post(f"/cases/{case.case_id}/correct", data=form).status_code == 303
    after = client.get(f"/cases/{case.case_id}").text
    assert "corrected by anna" in after


def test_a_value_is_confirmed_as_it_is(desk: Desk) -> None:
    paper = invoice({"amount_due": "357", "total_with_vat": "357", "total_without_vat": "300", "total_vat": "57"})
    doubtful = replace(paper.fields["invoice_number"], confidence=0.3)
    case = desk.house.case(replace(paper, fields={**paper.fields, "invoice_number": doubtful}))
    client = desk.client("ap_clerk", "anna")
    page = client.get(f"/cases/{case.case_id}").text
    form = {
        "csrf": csrf_of(page),
        "version": version_of(page),
        "field.invoice_number": "R-8812",
        "confirm": "invoice_number",
    }
    assert client.post(f"/cases/{case.case_id}/correct", data=form).status_code == 303
    assert "confirmed by anna" in client.get(f"/cases/{case.case_id}").text


@pytest.mark.parametrize("step", ["next", "resolve", "claim", "escalate", "comment", "correct", "undo"])
def test_a_form_of_another_site_changes_nothing(desk: Desk, step: str) -> None:
    case = desk.held()
    client = desk.client("admin")
    path = "/cases/next" if step == "next" else f"/cases/{case.case_id}/{step}"
    form = {"csrf": "guessed", "version": "1", "resolution": "reject", "reason_code": "duplicate", "comment": "x"}
    assert client.post(path, data=form).status_code == 403
    assert desk.house.get(case.case_id).version == case.version


def test_what_a_supplier_writes_is_never_part_of_the_page(desk: Desk) -> None:
    evil = dict.fromkeys(("seller_name", "invoice_number", "payment_terms", "buyer_name"), EVIL)
    case = desk.held(evil, {"description": EVIL})
    client = desk.client("admin")
    client.post(f"/v1/cases/{case.case_id}/comment", json={"text": EVIL})
    client.post("/v1/documents", files={"file": (EVIL, b"some text")})
    for path in ("/", f"/cases/{case.case_id}", "/documents", "/audit", f"/?q={EVIL}", f"/documents?q={EVIL}"):
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "49" not in page.replace(EVIL, "") or "{{ 7*7 }}" in html.unescape(page), path


def test_no_page_needs_what_the_content_policy_forbids(desk: Desk) -> None:
    case = desk.held()
    client = desk.client("admin")
    for path in ("/", f"/cases/{case.case_id}", "/documents", f"/documents/{case.document_id}", "/audit", "/upload"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", answer.text), path
        assert not re.search(r'(src|href|action)="https?:', answer.text), path


def test_every_answer_tells_the_browser_to_be_strict(desk: Desk) -> None:
    client = desk.client("ap_clerk")
    for path in ("/", "/login", "/v1/cases", "/nothing", "/static/app.css"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["referrer-policy"] == "same-origin", path
        assert "unsafe" not in headers["content-security-policy"], path
        assert path.startswith("/static") or headers["cache-control"] == "no-store", path
    for path in ("/upload", "/cases/case_x", "/v1/audit"):
        assert desk.stranger().get(path).headers["cache-control"] == "no-store", path


def test_static_files_are_kept_and_asked_about_again(desk: Desk) -> None:
    client = desk.stranger()
    answer = client.get("/static/app.css")
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/static/app.css", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    named = re.search(r'href="(/static/[0-9a-f]{12}/app.css)"', client.get("/login").text)
    assert named is not None
    assert "immutable" in client.get(named[1]).headers["cache-control"]
    assert client.get("/static/../app.py").status_code == 404


def test_an_error_is_a_page_for_people(desk: Desk) -> None:
    answer = desk.client("ap_clerk").get("/cases/case_nowhere")
    assert answer.status_code == 404
    assert "There is no case case_nowhere." in answer.text
    assert "CASE-NOT-FOUND" in answer.text


def test_a_paper_is_uploaded_through_the_form(desk: Desk) -> None:
    client = desk.client("ap_clerk")
    form = {"csrf": csrf_of(client.get("/upload").text)}
    answer = client.post("/upload", data=form, files=[("files", ("a.txt", b"one")), ("files", ("b.txt", b"two"))])
    assert (answer.status_code, answer.headers["location"]) == (303, "/documents?taken=2")
    assert "2 papers received" in client.get("/documents?taken=2").text


def test_a_paper_that_came_as_data_says_so(desk: Desk) -> None:
    case = desk.house.case(invoice({"total_with_vat": "999"}))
    page = desk.client("ap_clerk").get(f"/cases/{case.case_id}").text
    assert "came as data (UBL)" in page


def test_an_unreadable_paper_shows_why(desk: Desk) -> None:
    case = desk.house.case()
    page = html.unescape(desk.client("ap_clerk").get(f"/cases/{case.case_id}").text)
    assert "The PDF is damaged." in page
    assert "There is no page to show." in page


def test_every_template_and_static_file_is_named_once(desk: Desk) -> None:
    imports = "".join(path.read_text("utf-8") for path in STATIC.glob("*.js"))
    named = "".join(path.read_text("utf-8") for path in (STATIC.parent / "templates").glob("*.html"))
    for path in STATIC.glob("*.js"):
        assert f'"./{path.name}"' in imports or f"static('{path.name}')" in named


def test_the_override_of_a_block_needs_two_people_and_says_so(desk: Desk) -> None:
    case = desk.held({"payment_iban": "DE75512108001245126199"})
    assert case.outcome == "block"
    ben, berta = desk.client("ap_approver", "ben"), desk.client("ap_approver", "berta")
    page = ben.get(f"/cases/{case.case_id}").text
    assert "(needs a second person)" in page
    form = {"csrf": csrf_of(page), "version": version_of(page), "resolution": "approve", "reason_code": "price_agreed"}
    answer = ben.post(f"/cases/{case.case_id}/resolve", data=form)
    assert "a second person must agree" in ben.get(answer.headers["location"]).text
    assert f'href="/cases/{case.case_id}"' in berta.get("/?tab=second").text
    assert "(a second person must agree)" in ben.get(f"/cases/{case.case_id}").text
    page = berta.get(f"/cases/{case.case_id}").text
    form |= {"csrf": csrf_of(page), "version": version_of(page)}
    assert berta.post(f"/cases/{case.case_id}/resolve", data=form).status_code == 303
    ended = desk.house.get(case.case_id)
    assert (ended.resolution, ended.first_approval_by, ended.resolved_by) == ("approve", "ben", "berta")


def test_a_case_somebody_works_on_says_who(desk: Desk) -> None:
    case = desk.held()
    anna, ben = desk.client("ap_clerk", "anna"), desk.client("ap_approver", "ben")
    anna.post("/v1/cases/next")
    page = ben.get(f"/cases/{case.case_id}").text
    assert "<strong>anna</strong> works on it until" in page
    form = {"csrf": csrf_of(page), "version": version_of(page), "resolution": "reject", "reason_code": "duplicate"}
    answer = ben.post(f"/cases/{case.case_id}/resolve", data=form)
    assert answer.status_code == 409
    assert "anna is working on this case" in html.unescape(answer.text)


def test_a_line_value_is_corrected_where_it_stands(desk: Desk) -> None:
    case = desk.held()
    client = desk.client("ap_clerk", "anna")
    page = client.get(f"/cases/{case.case_id}").text
    assert 'name="field.lines.1.quantity" data-name="lines.1.quantity" value="15"' in page
    form = {"csrf": csrf_of(page), "version": version_of(page), "field.lines.1.quantity": "14"}
    assert client.post(f"/cases/{case.case_id}/correct", data=form).status_code == 303
    assert 'data-name="lines.1.quantity" value="14"' in client.get(f"/cases/{case.case_id}").text


def test_the_header_tells_how_old_the_feeds_are(desk: Desk) -> None:
    client = desk.client("ap_clerk")
    assert 'class="feeds good"' in client.get("/documents").text
    desk.house.later(minutes=60 * 24 * 40)
    fresh = desk.client("ap_clerk", "berta")
    assert 'class="feeds bad"' in fresh.get("/documents").text


def test_a_teams_queue_has_a_tab_while_something_waits_in_it(desk: Desk) -> None:
    client = desk.client("ap_clerk")
    assert "Treasury" not in client.get("/").text
    treasury = '[[routes]]\nname = "accounts"\ncodes = ["SUP-BANK"]\nqueue = "treasury"\nneeds_role = "anyone"\n'
    text = policies.built_in_text()
    text = text.replace(
        '[[routes]]\nname = "shipments"', treasury + 'priority_factor = 2\n\n[[routes]]\nname = "shipments"'
    )
    with desk.services.db.write() as session:
        policies.put_in_force(
            session, text, at=desk.services.clock.now(), actor="user:ben", proposed_by="anna", preview_hash=None
        )
    desk.house.policy = policies.read(text)
    case = desk.held({"payment_iban": "DE75512108001245126199"})
    assert re.search(r'Treasury <span class="count">1</span>', client.get("/").text)
    assert f'href="/cases/{case.case_id}"' in client.get("/?tab=treasury").text
    assert client.post("/v1/cases/next").json()["case_id"] == case.case_id
    assert desk.client("planner").post("/v1/cases/next").status_code == 204


def test_who_may_not_approve_reads_why_beside_a_button_that_does_nothing(desk: Desk) -> None:
    case = desk.held({"invoice_number": "R-88l2"})
    client = desk.client("ap_approver", "anna")
    page = client.get(f"/cases/{case.case_id}").text
    form = {"csrf": csrf_of(page), "version": version_of(page), "field.invoice_number": "R-8812"}
    assert client.post(f"/cases/{case.case_id}/correct", data=form).status_code == 303
    after = html.unescape(client.get(f"/cases/{case.case_id}").text)
    assert "(you corrected it)" in after
    assert "You corrected this paper (invoice_number); another person approves it." in after
    assert re.search(r'<button class="primary" disabled>Approve', after)
    assert len(re.findall(r'<button class="primary" >', after)) >= 4
