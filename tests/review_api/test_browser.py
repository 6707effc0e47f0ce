"""The page in a real browser: a person logs in, looks, decides by keyboard alone, and finds it in the audit."""

import time
from typing import Any

import pytest

from review_api.services import Services
from tests.review_api.browsing import PASSWORD, Window, open_window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.usefixtures("nobody_works")]


def test_a_case_is_decided_by_keyboard_alone_and_stands_in_the_audit(window: Window) -> None:
    window.page.goto("/login")
    window.shoot("login")
    window.log_in()
    window.shoot("queue")
    window.press("Enter")
    page = window.page
    window.see("body.case")
    case_id = page.url.rpartition("/")[2]
    image = page.locator(".sheet img").first
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") > 300
    assert page.locator("rect[data-box]").count() > 5
    assert page.locator("rect.at").count() >= 1
    page.locator("#claim", has_text="claimed until").wait_for()
    window.shoot("case")

    window.press("x", "1", "Enter")
    window.see(".notice.good")
    assert "Rejected" in page.inner_text(".notice.good")
    assert case_id not in page.url.partition("?")[0]

    window.press("g", "a")
    window.see("body.audit")
    entry = page.locator("tr", has_text="case.resolved").first
    assert case_id in entry.inner_text()
    assert "user:ben" in entry.inner_text()
    window.shoot("audit")


def test_what_was_done_is_undone_with_one_key(window: Window) -> None:
    window.log_in()
    window.press("Enter")
    window.see("body.case")
    case_id = window.page.url.rpartition("/")[2]
    window.press("i", "2", "Enter")
    window.see("#letter-text")
    window.press("u")
    window.page.wait_for_url(f"**/cases/{case_id}")
    assert window.page.locator("details.act").count() >= 5
    window.press("Escape")
    window.see("body.queue")


def test_a_case_that_is_left_is_free_for_the_next_person(window: Window, seeded: Services) -> None:
    window.log_in()
    window.press("Enter")
    window.page.locator("#claim", has_text="claimed until").wait_for()
    case_id = window.page.url.rpartition("/")[2]
    assert _claimed_by(seeded, case_id) == "ben"
    window.press("Escape")
    window.see("body.queue")
    # The page that is left sends it on its way out, while the next one is shown already.
    deadline = time.monotonic() + 5
    while _claimed_by(seeded, case_id) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _claimed_by(seeded, case_id) is None


def test_the_keys_move_through_queue_and_fields(window: Window) -> None:
    window.log_in()
    first = window.page.evaluate("document.activeElement.href")
    window.press("j")
    assert window.page.evaluate("document.activeElement.href") != first
    window.press("k", "Enter")
    window.see("tr.at")
    window.press("j")
    focused = window.page.evaluate("document.activeElement.name")
    assert focused.startswith("field.")
    framed = window.page.evaluate("document.querySelector('tr[data-field].at').dataset.field")
    assert focused == f"field.{framed}"
    window.press("Escape", "?")
    assert window.page.locator("dialog#keys").is_visible()
    window.press("Escape")
    assert not window.page.locator("dialog#keys").is_visible()


def test_a_box_leads_to_its_field(window: Window) -> None:
    window.log_in()
    window.press("Enter")
    window.see("rect[data-box]")
    place = window.page.evaluate(_TOPMOST_BOX)
    window.page.mouse.click(place["x"], place["y"])
    name = place["name"]
    assert window.page.evaluate("document.activeElement.name") == f"field.{name}"


def test_a_field_is_corrected_where_it_stands(window: Window) -> None:
    window.log_in()
    window.press("Enter")
    window.see("#v-invoice_number")
    window.page.focus("#v-invoice_number")
    window.page.keyboard.press("Control+a")
    window.page.keyboard.type("CORRECTED-1")
    assert window.page.locator(".save").is_visible()
    window.press("Enter")
    window.page.locator("td.reason", has_text="corrected by ben").wait_for()
    assert window.page.input_value("#v-invoice_number") == "CORRECTED-1"
    window.press("Escape", "Escape")
    window.see("body.queue")


def test_a_case_is_decided_without_scripts(chromium: Any, address: str, seeded: Services) -> None:
    window = open_window(chromium, address, java_script_enabled=False)
    page = window.page
    page.goto("/login")
    page.fill("#name", "anna")
    page.fill("#password", PASSWORD)
    page.click("button")
    page.click("table.list tbody a >> nth=0")
    case_id = page.url.rpartition("/")[2]
    page.click("#act-reject summary")
    page.check("#act-reject input[value=unreadable]")
    page.click("#act-reject button.primary")
    assert "Rejected" in page.inner_text(".notice.good")
    window.context.close()
    from review_api import desk

    assert desk.summary(seeded, case_id).resolved_by == "anna"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(chromium: Any, address: str, scheme: str) -> None:
    window = open_window(chromium, address, color_scheme=scheme)
    window.log_in()
    faint = {}
    for path in ("/", "/documents", "/audit", "/upload"):
        window.page.goto(path)
        faint[path] = window.page.evaluate(_FAINT)
    window.page.goto("/")
    window.press("Enter")
    window.see("body.case")
    faint["case"] = window.page.evaluate(_FAINT)
    window.press("a")
    faint["dialog"] = window.page.evaluate(_FAINT)
    if scheme == "dark":
        window.press("Escape")
        window.shoot("case-dark")
    window.press("Escape", "Escape")
    window.see("body.queue")
    window.context.close()
    assert {path: texts for path, texts in faint.items() if texts} == {}


# The middle of a field's box that no other box lies over.
_TOPMOST_BOX = """() => [...document.querySelectorAll('rect.read')].map((box) => {
  const { left, top, width, height } = box.getBoundingClientRect();
  return { box, name: box.dataset.box, x: left + width / 2, y: top + height / 2 };
}).filter(({ box, x, y }) => document.elementsFromPoint(x, y).find((one) => one.matches('rect')) === box)
  .map(({ name, x, y }) => ({ name, x, y }))[0]"""

# Every text whose contrast with what lies behind it is under 4.5 (WCAG 2 AA).
_FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255, 1];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.add(texts.currentNode.data.trim().slice(0, 40));
  }
  return [...found];
}"""


def _claimed_by(services: Services, case_id: str) -> str | None:
    from review_api import desk

    return desk.summary(services, case_id).claimed_by
