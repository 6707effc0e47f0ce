"""The page of the API shows every call there is."""

import re

from benchmarks.record_api import MARK, PAGE
from tests.review_api.rights import STATED


def test_every_call_has_a_recorded_example_and_no_other_has() -> None:
    """By the table of rights, which another test holds to the routes and the OpenAPI document."""
    page = PAGE.read_text("utf-8")
    head, _, recorded = page.partition(MARK)
    shown = re.findall(r"^### `(.+)`$", recorded, re.MULTILINE)
    assert sorted(shown) == sorted(call for call in STATED if " /v1/" in call)
    assert "`Deprecation`" in head and "`Sunset`" in head
    assert not re.search(r"whsec_\w|_01[0-9a-z]{21}", page), "identifiers are numbered, secrets left out"
