"""What strangers write stays text: supplier names, file names, words of papers, comments, attachments, saved names.

Every page of the site is looked at, by the table of rights, so that a new page is looked at too.
"""

from html.parser import HTMLParser
from typing import Any

import pytest

from core.database import WriteSession
from review_api import accounts
from review_api.services import Services
from tests.review_api.browsing import open_window
from tests.review_api.conftest import Desk
from tests.review_api.rights import STATED, address
from triage import attachments, case_queue, cases

EVIL = "\"'><script>window.owned=1</script><img src=x onerror=window.owned=1>{{7*7}}"
HARMLESS_SCHEMES = ("/", "?", "#", "data:image/", "mailto:")


class Page(HTMLParser):
    """Looks for anything in a page that would run, or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with its attributes."""
        told = dict(attrs)
        if tag == "script" and not (told.get("src") or "").startswith("/static/"):
            self.wrong.append(f"<script {told}>")
        if tag in {"iframe", "object", "embed", "base", "style", "link"} and (
            tag != "link" or not (told.get("href") or "").startswith("/")
        ):
            self.wrong.append(f"<{tag} {told}>")
        for name, value in told.items():
            if name.startswith("on") or name == "style":
                self.wrong.append(f"<{tag} {name}={value}>")
            if name in {"href", "src", "action", "formaction"} and not (value or "/").startswith(HARMLESS_SCHEMES):
                self.wrong.append(f"<{tag} {name}={value}>")


def looked_at(text: str) -> list[str]:
    page = Page()
    page.feed(text)
    return page.wrong + (["{{7*7}} was reckoned"] if "49</" in text else [])


def test_no_page_runs_what_a_stranger_wrote(desk: Desk) -> None:
    evil = dict.fromkeys(("seller_name", "invoice_number", "payment_terms", "buyer_name"), EVIL)
    case = desk.held(evil, {"description": EVIL})
    admin = desk.client("admin", "root")
    admin.post("/v1/documents", files={"file": (EVIL, EVIL.encode())})
    admin.post(f"/v1/cases/{case.case_id}/comment", json={"text": EVIL})
    admin.post(f"/v1/cases/{case.case_id}/attachments", files={"file": (f"{EVIL}.html", EVIL.encode())})
    admin.post("/v1/filters", json={"name": EVIL[:60], "query": {"supplier": EVIL}})
    asks = {"resolution": "request_information", "reason_code": "ask_buyer", "comment": EVIL, "whom": EVIL}
    version = {"If-Match": f'"{desk.house.get(case.case_id).version}"'}
    assert admin.post(f"/v1/cases/{case.case_id}/resolve", json=asks, headers=version).status_code == 200
    filled = {"{case_id}": case.case_id, "{document_id}": case.document_id, "{name}": "root", "{version}": "1"}
    seen = 0
    for endpoint in STATED:
        if not endpoint.startswith("GET /") or "/v1/" in endpoint or endpoint.endswith("z"):
            continue
        path = endpoint.removeprefix("GET ")
        for gap, value in filled.items():
            path = path.replace(gap, value)
        _, path = address(f"GET {path}")
        for query in ({}, {"q": EVIL, "subject": EVIL, "next": EVIL, "supplier": EVIL, "actor": EVIL, "tab": EVIL}):
            answer = admin.get(path, params=query)
            assert answer.status_code < 500, (path, answer.text[-400:])
            if "text/html" in answer.headers.get("content-type", ""):
                seen += 1
                assert looked_at(answer.text) == [], path
    assert seen > 30


def test_an_error_says_what_was_sent_as_text(desk: Desk) -> None:
    clerk = desk.client("ap_clerk")
    for path in (f"/cases/{EVIL.replace('/', '')}", f"/documents?before={EVIL}", "/language/x?next=//evil.example"):
        assert looked_at(clerk.get(path).text) == [], path
    refused = clerk.get(f"/v1/cases/{EVIL.replace('/', '')}")
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("form", ["/login", "/language"])
@pytest.mark.parametrize(
    "leads_to", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil"]
)
def test_no_form_leads_away_from_this_site(desk: Desk, form: str, leads_to: str) -> None:
    client = desk.client("ap_clerk")
    data = {"next": leads_to, "language": "en", "csrf": client.headers["X-CSRF-Token"], "name": "x", "password": "x"}
    answer = client.post(form, data=data)
    assert "evil" not in answer.headers.get("location", "")
    assert "evil" not in client.get("/language/en", params={"next": leads_to}).headers["location"]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_nothing_a_stranger_wrote_runs_in_a_browser(chromium: Any, address: str, seeded: Services) -> None:
    with seeded.db.write() as session:
        case_id = _plant(session, seeded)
        if not any(user.name == "rosa" for user in accounts.list_users(session)):
            at = seeded.clock.now()
            accounts.add_user(session, name="rosa", password="four words that fit", role="auditor", at=at)
    window = open_window(chromium, address)
    try:
        window.log_in("rosa")
        for path in (f"/cases/{case_id}", f"/audit?subject=case:{case_id}", f"/?q={EVIL}", "/documents"):
            window.page.goto(path)
            window.see("main")
            assert window.page.evaluate("window.owned === undefined"), path
        assert window.page.evaluate("document.querySelectorAll('script:not([src]), img[src=x]').length") == 0
    finally:
        window.context.close()


def _plant(session: WriteSession, seeded: Services) -> str:
    """Puts hostile words on a case that waits, and a hostile file beside it; who looks, an auditor, claims nothing."""
    at = seeded.clock.now()
    case = case_queue.list_cases(session, state="open", at=at, limit=1).cases[0]
    cases.comment(session, case.case_id, user="anna", at=at, text=EVIL)
    attachments.attach(
        session, seeded.store, case.case_id, EVIL.encode(), file_name=f"{EVIL}.svg", user="anna", role="ap_clerk",
        at=at, max_bytes=10_000,
    )  # fmt: skip
    return case.case_id
