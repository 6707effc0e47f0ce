"""A whole day in a real browser, at one desk: clerk, approver, planner and auditor, by keyboard, one after another."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from review_api import desk
from review_api.app import create_app
from review_api.desk import CaseQuery
from review_api.services import Services
from tests.review_api.browsing import CHROMIUM, Window, open_window
from tests.review_api.day_house import CORRECT, PAPERS, open_house

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KEYS_FOR_A_CORRECT_ONE = 6
KILOBYTES = 150
FIRST_PAINT_MILLISECONDS = 1_000
TRIES = 3
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed; make test installs it")
    services = open_house(tmp_path_factory.mktemp("day") / "home")
    yield services
    services.close()


@pytest.fixture(scope="module")
def site(house: Services) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(create_app(house), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def test_ten_correct_papers_are_cleared_by_six_keys_each(chromium: Any, site: str, house: Services) -> None:
    window = open_window(chromium, site)
    window.log_in("anna")
    window.press("Enter")
    window.see("body.case")
    cleared = 0
    for _ in range(PAPERS):
        case_id = window.page.url.partition("?")[0].rpartition("/")[2]
        if "DOC-ARITHMETIC" in desk.summary(house, case_id).codes:
            window.press("n")
            window.page.wait_for_url(lambda url, here=case_id: here not in url.partition("?")[0])
            window.see("body.case")
            continue
        keys = ("a", _reason(window, "approve", "Read correctly"), "Enter")
        assert len(keys) + 1 <= KEYS_FOR_A_CORRECT_ONE, "one more opens the case"
        window.press(*keys)
        window.page.wait_for_url(f"**done={case_id}*")
        window.see(".notice.good")
        assert "Approved" in window.page.inner_text(".notice.good")
        cleared += 1
    assert cleared == len(CORRECT)
    assert len(desk.list_cases(house, CaseQuery(state="resolved")).cases) == len(CORRECT)
    _leave(window)


def test_a_total_is_corrected_and_a_second_person_approves(chromium: Any, site: str, house: Services) -> None:
    case_id = _case(house, "DOC-ARITHMETIC")
    printed = desk.summary(house, case_id).total
    assert printed is not None
    clerk = open_window(chromium, site)
    clerk.log_in("anna")
    clerk.page.goto(f"/cases/{case_id}")
    clerk.see("#v-total_with_vat")
    clerk.page.locator("#claim", has_text="claimed until").wait_for()
    for name in ("total_with_vat", "amount_due"):
        clerk.page.fill(f"#v-{name}", str(printed - 45))
    clerk.press("Enter")
    clerk.page.locator(".findings .finding", has_text="DOC-CORRECTED").first.wait_for()
    assert set(clerk.page.locator(".finding h2 code").all_inner_texts()) == {"DOC-CORRECTED"}
    clerk.see(".findings .finding")
    clerk.page.locator("#claim", has_text="claimed until").wait_for()
    if clerk.page.evaluate("document.activeElement.matches('input')"):
        clerk.press("Escape")
    clerk.press("a")
    assert "CASE-OWN-CORRECTION" in clerk.page.inner_text("#act-approve .refused")
    assert clerk.page.locator("#act-approve button.primary").is_disabled()
    clerk.press("Escape", "Escape")
    clerk.see("body.queue")
    _leave(clerk)

    approver = open_window(chromium, site)
    approver.log_in("ben")
    approver.page.goto(f"/cases/{case_id}")
    approver.see("body.case")
    approver.page.locator("#claim", has_text="claimed until").wait_for()
    approver.press("a", _reason(approver, "approve", "Read correctly"), "Enter")
    approver.see(".notice.good")
    assert desk.summary(house, case_id).resolved_by == "ben"
    _leave(approver)


def test_a_planner_takes_another_way_by_its_number(chromium: Any, site: str, house: Services) -> None:
    case_id = _case(house, "MODEL-LATE")
    planner = open_window(chromium, site)
    planner.log_in("pia")
    planner.page.goto(f"/cases/{case_id}")
    planner.see("[data-way='1']")
    planner.page.locator("#claim", has_text="claimed until").wait_for()
    assert "71%" in planner.page.inner_text("#prediction caption")
    planner.press("1", "Enter")
    planner.see(".notice.good")
    after = desk.summary(house, case_id)
    assert (after.resolution, after.reason_code, after.resolved_by) == ("approve", "recommendation_followed", "pia")
    planner.press("u")
    planner.page.wait_for_url(f"**/cases/{case_id}")
    planner.page.goto(f"/cases/{_case(house, 'REP-BUDGET')}")
    planner.see("#change")
    planner.page.locator("#claim", has_text="claimed until").wait_for()
    planner.press("c")
    planner.page.keyboard.type("5000")
    planner.page.locator("#tried", has_text="the rules let").wait_for()
    assert "336" in planner.page.inner_text("#tried"), "cut to the room under the maximum stock"
    _leave(planner)


def test_an_auditor_exports_and_verifies_with_the_standard_library(chromium: Any, site: str, tmp_path: Path) -> None:
    auditor = open_window(chromium, site, accept_downloads=True)
    auditor.log_in("rita")
    auditor.press("g", "a")
    auditor.see("body.audit")
    with auditor.page.expect_download() as download:
        auditor.page.click("a.export")
    export = tmp_path / "audit.zip"
    download.value.save_as(export)
    subprocess.run(["unzip", "-q", str(export), "verify_audit.py", "-d", str(tmp_path)], check=True)
    verify = [sys.executable, "-I", str(tmp_path / "verify_audit.py"), str(export)]
    told = subprocess.run(verify, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    _leave(auditor)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_wcag_2_2(chromium: Any, site: str, house: Services, scheme: str) -> None:
    window = open_window(chromium, site, color_scheme=scheme)
    rules = {"type": "tag", "values": WCAG} if scheme == "light" else {"type": "rule", "values": ["color-contrast"]}
    found = {"login": _violations(window, "/login", rules)}
    window.log_in("ada")
    for path in _pages(house):
        found[path] = _violations(window, path, rules)
        if scheme == "light":
            window.page.set_viewport_size({"width": 820, "height": 1180})
            wide = window.page.evaluate("document.documentElement.scrollWidth")
            window.page.set_viewport_size({"width": 1280, "height": 800})
            found[path] += [f"{wide} px wide on a tablet"] if wide > 820 else []
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    window.complaints.clear()  # the page that is not there says so
    _leave(window)


def test_a_page_is_light_and_is_there_at_once(chromium: Any, site: str, house: Services) -> None:
    window = open_window(chromium, site)
    window.log_in("ada")
    heavy, slow = {}, {}
    for path in _pages(house):
        measured = [_measured(chromium, site, window, path)]
        while measured[-1][1] > FIRST_PAINT_MILLISECONDS and len(measured) < TRIES:
            measured.append(_measured(chromium, site, window, path))
        size, paint = min(measured, key=lambda one: one[1])
        if size > KILOBYTES * 1_000:
            heavy[path] = size
        if paint > FIRST_PAINT_MILLISECONDS:
            slow[path] = paint
    assert (heavy, slow) == ({}, {})
    _leave(window)


def test_nothing_typed_is_lost_when_the_service_cannot_be_reached(chromium: Any, site: str, house: Services) -> None:
    window = open_window(chromium, site)
    window.log_in("ben")
    window.page.goto(f"/cases/{_untouched(house)}")
    window.see("body.case")
    window.page.locator("#claim", has_text="claimed until").wait_for()
    window.press(".")
    window.page.keyboard.type("who ordered these?")
    window.context.set_offline(True)
    window.press("Control+Enter")
    window.page.locator("#toast", has_text="Nothing was sent").wait_for()
    assert window.page.input_value("#act-comment textarea") == "who ordered these?"
    window.context.set_offline(False)
    window.press("Control+Enter")
    window.page.locator(".comments", has_text="who ordered these?").wait_for()
    window.complaints.clear()
    _leave(window)


_FIRST_PAINT = """() => new Promise((done) => {
  const seen = () => performance.getEntriesByName('first-contentful-paint')[0];
  const look = () => (seen() ? done(seen().startTime) : requestAnimationFrame(look));
  look();
})"""


_TRANSFERRED = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter((one) => one.initiatorType !== 'img' && !/[.]png/.test(one.name))
  .reduce((sum, one) => sum + one.transferSize, 0)"""


def _measured(chromium: Any, site: str, window: Window, path: str) -> tuple[int, float]:
    """Bytes a browser that has nothing yet is sent besides pictures, and when it first shows something."""
    fresh = open_window(chromium, site, storage_state=window.context.storage_state())
    fresh.page.goto(path)
    fresh.page.wait_for_load_state("load")
    paint, size = fresh.page.evaluate(_FIRST_PAINT), fresh.page.evaluate(_TRANSFERRED)
    fresh.context.close()
    return int(size), float(paint)


def _pages(house: Services) -> tuple[str, ...]:
    cases = (_case(house, code) for code in ("DOC-ARITHMETIC", "MODEL-LATE", "DEMAND-ANOMALY", "REP-BUDGET"))
    listed = ("/", "/?tab=resolved", "/documents", "/upload", "/audit", "/policy", "/insights", "/people", "/nothing")
    return (*listed, *(f"/cases/{case_id}" for case_id in cases))


def _violations(window: Window, path: str, rules: dict[str, Any]) -> list[str]:
    window.page.goto(path)
    window.page.wait_for_load_state("load")
    if not window.page.evaluate("'axe' in window"):
        window.page.evaluate(_axe())
    run = {"runOnly": rules, "resultTypes": ["violations"]}
    result = window.page.evaluate("(options) => axe.run(document, options)", run)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in result["violations"]
        for node in rule["nodes"][:3]
    ]


def _axe() -> str:
    """Axe-core as the tests' package brings it; it is never served to anybody."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def _reason(window: Window, action: str, sentence: str) -> str:
    """The key that stands beside a reason."""
    shown = window.page.locator(f"#act-{action} label.reason", has_text=sentence).locator("kbd")
    return str(shown.text_content())


def _untouched(house: Services) -> str:
    """A case that nobody has opened yet today."""
    return desk.list_cases(house, CaseQuery(queue="ap", state="open"), limit=100).cases[-1].case_id


def _case(house: Services, code: str) -> str:
    cases = desk.list_cases(house, CaseQuery(), limit=100).cases
    return next(one.case_id for one in cases if code in one.codes and one.state != "resolved")


def _leave(window: Window) -> None:
    window.context.close()
    assert window.complaints == []
