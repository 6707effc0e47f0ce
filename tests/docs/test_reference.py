"""The reference pages are those the code would write, and links in the docs lead somewhere."""

import re
from pathlib import Path

import pytest

from review_api import reference
from triage.events import events_page

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_the_settings_page_is_current() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == reference.settings_page()


def test_the_feeds_page_is_current() -> None:
    assert (ROOT / "docs/feeds.md").read_text("utf-8") == reference.feeds_page()


def test_the_pages_of_categories_and_events_are_current() -> None:
    assert (ROOT / "docs/taxonomy.md").read_text("utf-8") == reference.categories_page()
    assert (ROOT / "docs/events.md").read_text("utf-8") == events_page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_the_docs_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []
