"""Orders with their facts on the short way: the same answer as on the ordinary one, and a deadline that is kept."""

import time
from datetime import date, timedelta
from typing import Any

import pytest

from core.clock import FixedClock
from models.bundle import Bundle, write_bundle
from review_api import accounts, asking, scoring
from review_api.in_time import in_time
from review_api.score_lane import ScoreLane
from tests.loops import run_apart
from tests.review_api.conftest import Desk
from tests.review_api.test_late_serving import WORLD, open_desk
from tests.review_api.test_score_api import given_order, load
from training.predictions.late.run import train
from training.predictions.outcome import Period

__all__ = ["open_desk"]
PATH = "/v1/score/orders"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return train(WORLD, Period(until=date(2025, 6, 30)), seed=1, say=lambda _: None).bundle


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each request was answered on the short way."""
    seen: list[bool] = []
    answer = ScoreLane._answer

    def watched(self: ScoreLane, *args: Any, **kwargs: Any) -> bytes | None:
        found = answer(self, *args, **kwargs)
        seen.append(found is not None)
        return found

    monkeypatch.setattr(ScoreLane, "_answer", watched)
    return seen


@pytest.mark.law
@pytest.mark.parametrize("query", ["", "?reasons=true"])
def test_the_short_way_says_exactly_what_the_feeds_and_the_model_say(
    open_desk: Desk, bundle: Bundle, taken: list[bool], query: str
) -> None:
    write_bundle(bundle, open_desk.services.settings.home / "bundles" / "sla-miss.json")
    now, client = open_desk.services.clock.now(), open_desk.key("score")
    orders = [
        given_order(now, lines=[{"line_number": "1", "item_id": f"I{n}", "quantity": n * 9}], ship_to_country=country)
        | {"order_id": f"N{n}"}
        for n, country in enumerate(("Norway", "Spain", "Norway", "Italy"))
    ]
    past = given_order(now, promised_at=(now - timedelta(days=1)).isoformat())
    subjects = [*orders, past | {"order_id": "LATE"}]
    as_of = now.isoformat()
    slow = client.post(PATH + query, json={"subjects": subjects, "as_of": as_of}).json()
    for _ in range(3):
        fast = client.post(PATH + query, json={"subjects": subjects})
        assert fast.json() == slow
    assert taken[-1]
    assert {bool(one["reasons"]) for one in slow["scores"]} == ({True} if query else {True, False})
    assert all(one["model"] == bundle.version and one["policy_hash"] for one in slow["scores"])


def test_a_feed_that_is_loaded_and_a_key_that_is_disabled_count_at_once(desk: Desk, taken: list[bool]) -> None:
    load(desk.services.db, desk.services.clock.now())
    client, asked = desk.key("score"), {"subjects": [given_order(desk.services.clock.now())]}
    said = [client.post(PATH, json=asked).json()["scores"][0]["outcome"] for _ in range(3)]
    assert (said, taken[-1]) == (["clear"] * 3, True)
    taking = given_order(desk.services.clock.now())["facts"] | {"lines": [], "ordered_at": "2026-01-01T00:00:00Z"}
    assert client.post(PATH, json={"subjects": [{"order_id": "O1", "facts": taking}]}).status_code == 200
    with desk.services.db.write() as session:
        accounts.disable_key(session, "key-0", at=desk.services.clock.now())
    assert client.post(PATH, json=asked).status_code == 401


def test_a_picture_ages_and_is_taken_anew(desk: Desk) -> None:
    load(desk.services.db, desk.services.clock.now())
    client, clock = desk.key("score"), desk.services.clock
    assert isinstance(clock, FixedClock)
    asked = {"subjects": [given_order(clock.now())]}
    first = client.post(PATH, json=asked).json()
    clock.instant += timedelta(minutes=2)
    assert client.post(PATH, json=asked).json()["as_of"] > first["as_of"]


@pytest.mark.parametrize("what", ["orders", "replenishment", "invoices"])
def test_what_is_not_looked_at_in_time_is_held_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    subject = {
        "orders": given_order(desk.services.clock.now()),
        "replenishment": {"item_id": "A", "location_id": "WH1"},
        "invoices": {"supplier_id": "S1", "invoice_number": "4711"},
    }[what]
    monkeypatch.setattr(asking, what, lambda *_args, **_more: time.sleep(0.1))
    client = desk.key("score")
    for way in ("score", "decide"):
        headers = {"X-Deadline-Ms": "60"}
        answer = client.post(f"/v1/{way}/{what}", json={"subjects": [subject]}, headers=headers)
        assert answer.status_code == 200, answer.text
        (score,) = answer.json()["scores"]
        assert (score["outcome"], score["findings"][0]["code"]) == ("hold", "SCORE-DEADLINE")
        assert answer.json()["is_late"]


def test_nobody_waits_longer_than_the_deadline() -> None:
    def slowly() -> str:
        time.sleep(0.4)
        return "in time"

    async def asked() -> tuple[str, float]:
        began = time.monotonic()
        said = await in_time(slowly, lambda: "late", 60)
        return said, time.monotonic() - began

    said, took = run_apart(asked())
    assert said == "late"
    assert took < 0.2


def test_all_demand_that_cannot_be_looked_at_in_time_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "demand", lambda *_args, **_more: time.sleep(0.1))
    answer = desk.key("score").post("/v1/score/demand", json={}, headers={"X-Deadline-Ms": "20"})
    assert (answer.status_code, answer.json()["code"]) == (503, "SCORE-DEADLINE")


def test_a_deadline_that_passes_on_the_short_way_is_told_too(
    desk: Desk, taken: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(desk.services.db, desk.services.clock.now())
    client, asked = desk.key("score"), {"subjects": [given_order(desk.services.clock.now())]}
    for _ in range(2):
        client.post(PATH, json=asked)
    said = scoring.order_to_json

    def slowly(scored: Any) -> dict[str, Any]:
        time.sleep(0.05)
        return said(scored)

    monkeypatch.setattr(scoring, "order_to_json", slowly)
    answer = client.post(PATH, json=asked, headers={"X-Deadline-Ms": "20"}).json()
    assert (taken[-1], answer["is_late"], answer["scores"][0]["outcome"]) == (True, True, "hold")
