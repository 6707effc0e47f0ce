"""A paper in a real browser: its words are taken, typing is checked and kept, lines are a grid, claims are fenced."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from review_api import desk, paper_desk
from review_api.auth import Principal
from review_api.desk import CaseQuery
from review_api.services import Services
from tests.review_api.browsing import Window
from triage.case_records import CaseDetail

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.usefixtures("nobody_works")]

BEN = Principal(name="ben", kind="user", role="ap_approver")
CLEO = Principal(name="cleo", kind="user", role="ap_clerk")


@pytest.fixture
def clerk(window: Window, seeded: Services) -> Iterator[Window]:
    """A clerk of this module's own, logged in; what they hold is given back for others."""
    window.log_in("cleo")
    yield window
    window.page.goto("/upload")
    for case in desk.list_cases(seeded, CaseQuery(state="claimed", claimed_by="cleo"), limit=50).cases:
        paper_desk.save_draft(seeded, CLEO, case.case_id, typed={}, token=None)
        desk.release(seeded, CLEO, case.case_id)


def test_a_word_of_the_page_becomes_the_value_of_the_field_in_focus(clerk: Window, seeded: Services) -> None:
    page, case = _open(clerk, seeded)
    issued = case.extraction.fields["issue_date"]
    page.focus("#v-due_date")
    _click_word(page, issued.evidence[0].text.split()[0])
    page.wait_for_function("value => document.getElementById('v-due_date').value === value", arg=issued.value)
    assert page.evaluate("document.activeElement.id") == "v-due_date"
    assert page.input_value("input[name='place.due_date']").startswith("1 ")


def test_words_can_be_selected_and_copied_in_lines(clerk: Window, seeded: Services) -> None:
    page, _ = _open(clerk, seeded)
    page.wait_for_selector(".words span >> nth=9", state="attached")
    copied = page.evaluate(
        "() => { document.getSelection().selectAllChildren(document.querySelector('.words')); "
        "return document.getSelection().toString(); }"
    )
    assert "\n" in copied.strip() and len(copied.split()) > 20


def test_a_value_is_checked_by_the_server_while_it_is_typed(clerk: Window, seeded: Services) -> None:
    page, case = _open(clerk, seeded)
    page.fill("#v-due_date", "31.02.2026")
    page.wait_for_selector("#v-due_date.wrong")
    assert "✕" in page.inner_text("#told")
    clerk.press("Enter")
    assert desk.summary(seeded, case.summary.case_id).state == "claimed"
    page.fill("#v-due_date", "14.12.2026")
    page.wait_for_selector("#v-due_date:not(.wrong)")
    page.locator("#told", has_text="14").wait_for()


def test_what_is_typed_is_kept_and_there_again_when_the_page_is_opened_again(clerk: Window, seeded: Services) -> None:
    page, case = _open(clerk, seeded)
    page.fill("#v-invoice_number", "half a thou")
    _until(lambda: _draft(seeded, case) is not None)
    page.reload()
    clerk.see("body.case")
    assert page.locator("tr.changed input[data-name]").input_value() == "half a thou"
    page.focus("tr.changed input[data-name]")
    clerk.press("Escape")
    page.wait_for_function("() => !document.querySelector('tr.changed')")
    _until(lambda: _draft(seeded, case) is None)


def test_a_dead_network_loses_no_typing(clerk: Window, seeded: Services) -> None:
    page, case = _open(clerk, seeded)
    page.route("**/draft", lambda route: route.abort())
    page.fill("#v-invoice_number", "typed in a tunnel")
    page.wait_for_selector("#saved.over")
    page.unroute("**/draft")
    page.wait_for_selector("#saved:not(.over)")
    _until(lambda: _draft(seeded, case) is not None)
    clerk.complaints.clear()  # the browser tells of the request that failed


def test_a_lost_claim_is_told_and_nothing_can_be_sent(clerk: Window, seeded: Services) -> None:
    page, case = _open(clerk, seeded)
    desk.release(seeded, CLEO, case.summary.case_id)
    desk.claim(seeded, BEN, case.summary.case_id)
    page.fill("#v-invoice_number", "mine, I thought")
    page.wait_for_selector("main > .notice.bad textarea")
    assert "mine, I thought" in page.input_value("main > .notice.bad textarea")
    assert page.is_disabled("#save")
    desk.release(seeded, BEN, case.summary.case_id)
    clerk.complaints.clear()  # the refusal


def test_lines_are_a_grid_that_takes_cells_of_a_spreadsheet(clerk: Window, seeded: Services) -> None:
    page, case = _open(clerk, seeded)
    clerk.press("l")
    page.wait_for_selector(".cells input:focus")
    clerk.press("ArrowDown", "ArrowUp", "ArrowRight")
    first = page.evaluate("document.activeElement.dataset.name")
    assert first.startswith("lines.1.") and first != "lines.1.description"
    count = len(case.extraction.lines)
    page.focus(f"[data-name='lines.{count + 1}.description']")
    page.evaluate(_PASTE, "Pallet\tX-1\nCrate\tX-2")
    assert page.input_value(f"[data-name='lines.{count + 2}.description']") == "Crate"
    assert page.locator(".cells tr.new").count() == 1
    page.focus("[data-name='lines.1.description']")
    clerk.press("Control+Delete")
    assert page.is_checked("input[name='remove.1']")
    clerk.press("Control+Enter")
    page.wait_for_selector(".finding.appeared")
    after = desk.show(seeded, case.summary.case_id).extraction
    assert [row.get("description") and row["description"].value for row in after.lines[count:]] == ["Pallet", "Crate"]
    assert after.lines[0] == {}
    assert page.evaluate("document.activeElement.closest('.facts') !== null")


def test_a_correct_paper_is_cleared_with_few_keys(clerk: Window, seeded: Services) -> None:
    page = clerk.page
    case = _case(seeded, "cleo")
    page.goto(f"/cases/{case.summary.case_id}")
    clerk.see("body.case")
    page.locator("#claim", has_text=":").wait_for()
    clerk.press("x", "1", "Enter")
    clerk.see(".notice.good")


def _open(window: Window, services: Services) -> tuple[Any, CaseDetail]:
    case = _case(services, "cleo")
    window.page.goto(f"/cases/{case.summary.case_id}")
    window.see("body.case")
    window.page.locator("#claim", has_text=":").wait_for()
    return window.page, case


def _case(services: Services, name: str) -> CaseDetail:
    """The first case with a page, a due date and lines that is free, or this person's own."""
    mine = CaseQuery(state="claimed", claimed_by=name)
    for query in (mine, CaseQuery(state="open")):
        for case in desk.list_cases(services, query, limit=50).cases:
            detail = desk.show(services, case.case_id)
            fields = detail.extraction.fields
            dated = all(
                name in fields and fields[name].evidence and " " not in fields[name].evidence[0].text
                for name in ("issue_date", "due_date")
            )
            if detail.extraction.page_sizes and dated and detail.extraction.lines and detail.extraction.lines[0]:
                return detail
    raise AssertionError("no such case is left")


def _click_word(page: Any, word: str) -> None:
    span = page.locator(".words span", has_text=word).first
    span.wait_for(state="attached")
    span.scroll_into_view_if_needed()
    box = span.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def _draft(services: Services, case: CaseDetail) -> object:
    return paper_desk.draft(services, CLEO, case.summary.case_id)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


_PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  const pasted = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(pasted);
}"""
