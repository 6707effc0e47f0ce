"""What the docs tell receivers to do works."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from review_api.webhook_sending import Message, headers_of
from tests.webhooks.test_sending import SECRET
from triage import backoff

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs/webhooks.md").read_text("utf-8")


def test_the_docs_way_to_verify_takes_what_is_signed_and_nothing_else() -> None:
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)  # the docs' own words
    body = b'{"id": "evt_1"}'
    headers = headers_of(
        Message(url="", event_id="evt_1", body=body, secrets=["whsec_QUJD", SECRET]), datetime.now(UTC)
    )
    names["verify"](SECRET, headers, body)
    for wrong in ((SECRET, headers, b"{}"), ("whsec_QUJE", headers, body)):
        with pytest.raises(ValueError, match="not signed"):
            names["verify"](*wrong)
    with pytest.raises(ValueError, match="too old"):
        names["verify"](SECRET, headers | {"webhook-timestamp": "1"}, body)


def test_the_docs_say_the_tries_as_they_are() -> None:
    caps = [round(backoff.longest_wait(tries).total_seconds() / 60, 1) for tries in range(1, 8)]
    assert caps == [0.2, 0.7, 2.7, 10.7, 42.7, 170.7, 360]
    assert "3 days old and was tried 8 times" in PAGE
    assert (backoff.GIVE_UP_AFTER.days, backoff.LEAST_TRIES, backoff.PAUSE_AFTER) == (3, 8, 5)
