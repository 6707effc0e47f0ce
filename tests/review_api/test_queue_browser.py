"""The queue in a real browser: narrowed, kept as a tab, many cases given and taken back, by keyboard alone."""

import pytest

from review_api.services import Services
from tests.review_api.browsing import Window
from triage import case_list
from triage.narrowing import Narrowing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.usefixtures("nobody_works")]


def test_many_cases_are_given_after_a_preview_and_taken_back_by_keyboard(window: Window, seeded: Services) -> None:
    window.log_in()
    window.page.goto("/?tab=ap")
    window.see("tbody a:focus")
    window.press("A")
    chosen = window.page.locator("tr.is-chosen").count()
    assert chosen >= 1
    assert window.page.inner_text("[data-chosen]") == str(chosen)
    window.press("b")
    window.see(".panel.bulk[open] select:focus")
    window.page.keyboard.type("to the person")
    window.press("Tab")
    window.page.keyboard.type("ben")
    window.press("Enter")
    window.see("body.bulk table.sums")
    window.shoot("bulk-preview")
    window.press("d")
    window.see("body.bulk table.results")
    assert f"{chosen} given" in window.page.inner_text(".notice.good")
    assert _given_to(seeded, "ben") == chosen
    window.shoot("bulk-done")
    window.press("u")
    window.page.locator("table.results button").first.wait_for(state="detached")
    assert _given_to(seeded, "ben") == 0


def test_the_list_is_narrowed_and_kept_as_a_tab_with_its_number(window: Window) -> None:
    window.log_in()
    window.press("f")
    window.see(".panel.sift[open] select:focus")
    window.shoot("queue-filter")
    window.press("Tab")
    window.page.keyboard.type("DOC-")
    window.press("Escape")
    window.page.goto("/?tab=ap&min=1")
    shown = window.page.locator("table.list tbody tr").count()
    window.page.click(".panel.saved summary")
    window.page.fill(".panel.saved [name=name]", "Worth a look")
    window.press("Enter")
    window.see("a.kept[aria-current]")
    window.page.locator("a.kept [data-count]:not(:empty)").wait_for()
    assert int(window.page.inner_text("a.kept [data-count]").rstrip("+")) == shown
    window.page.click(".panel.saved summary")
    window.page.click(".panel.saved button[value=remove]")
    window.see("tbody a:focus")
    assert window.page.locator("a.kept").count() == 0


def _given_to(services: Services, person: str) -> int:
    wanted = case_list.CaseFilter(narrowing=Narrowing(assigned_to=person))
    with services.db.read() as session:
        return case_list.count_up_to(session, wanted, at=services.clock.now(), most=500)
