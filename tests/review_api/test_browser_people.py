"""A draft and a session in a real browser: checked and saved as one types, and nothing typed is lost when it ends."""

from datetime import UTC, datetime

import pytest

from review_api import account_sessions
from review_api.services import Services
from tests.review_api.browsing import PASSWORD, Window
from triage import policies, policy_drafts

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.usefixtures("nobody_works")]


def test_a_draft_is_checked_and_saved_as_it_is_typed_and_outlives_its_session(window: Window, seeded: Services) -> None:
    page = window.page
    window.log_in("ben")
    page.goto("/policy/draft")
    page.evaluate(
        "() => { const area = document.getElementById('text');"
        " const at = area.value.indexOf('cool_off_days = ') + 'cool_off_days = '.length;"
        " area.focus(); area.setSelectionRange(at, at); }"
    )
    page.keyboard.type("-")
    page.locator("#problems button", has_text="bank_changes.cool_off_days").wait_for()
    page.locator(".gutter .wrong").first.wait_for()
    page.keyboard.press("Backspace")
    page.keyboard.type("2")
    page.locator("#problems-title", has_text="valid policy").wait_for()
    page.locator("#changes dt", has_text="New bank accounts").wait_for()
    page.locator("#saved", has_text="saved at").wait_for()
    with seeded.db.write() as session:
        before = policy_drafts.draft_of(session, "ben").text
        account_sessions.end_all(session, "ben", at=datetime.now(UTC), actor="system")
    assert before != policies.built_in_text()
    page.keyboard.type("1")
    page.locator("#saved.over").wait_for()
    other = window.context.new_page()
    other.goto("/login")
    other.fill("#name", "ben")
    other.fill("#password", PASSWORD)
    other.click("main button.primary")
    other.wait_for_url(lambda address: "login" not in address)
    other.close()
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("#saved", has_text="saved at").wait_for()
    with seeded.db.write() as session:
        assert "cool_off_days = 2110" in policy_drafts.draft_of(session, "ben").text.replace("-", "")
        policy_drafts.discard(session, "ben")
    window.complaints[:] = [one for one in window.complaints if "401" not in one and "403" not in one]
