"""Orders scored with the house's own model of late orders: held with reasons, by rules alone without it."""

from datetime import date, datetime, timedelta

import pytest

from core.clock import FixedClock
from ingest.feed_load import load_feed
from models.bundle import Bundle, make_bundle, write_bundle
from tests.models.late.world import house
from tests.review_api.conftest import Desk
from training.predictions.late.run import train
from training.predictions.outcome import Period
from triage import predictions

FEEDS = ("sales_orders", "sales_order_lines", "shipments", "stock_levels")
WORLD = house(600)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """A model learnt on the first year and a half of the invented house."""
    return train(WORLD, Period(until=date(2025, 6, 30)), seed=1, say=lambda _: None).bundle


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """A desk with the invented house's feeds, as of the last day an order was placed."""
    last: datetime = WORLD.frame("sales_orders")["ordered_at"].max()  # type: ignore[assignment]
    assert isinstance(desk.services.clock, FixedClock)
    desk.services.clock.instant = last + timedelta(hours=1)
    with desk.services.db.write() as session:
        for name in FEEDS:
            data = WORLD.frame(name).write_csv().encode()
            load_feed(session, name, data, file_name=f"{name}.csv", actor="system", at=desk.services.clock.now())
    return desk


def serve(desk: Desk, bundle: Bundle) -> None:
    write_bundle(bundle, desk.services.settings.home / "bundles" / "sla-miss.json")


def test_without_a_model_rules_decide_and_with_one_what_will_be_late_is_held_too(
    open_desk: Desk, bundle: Bundle
) -> None:
    client = open_desk.key("score")
    newest = WORLD.frame("sales_orders").sort("ordered_at").tail(40)["order_id"].to_list()
    asked = {"subjects": [{"order_id": number} for number in newest]}
    without = {one["order_id"]: one for one in client.post("/v1/score/orders", json=asked).json()["scores"]}
    assert all(one["probability"] is None and one["models"] == [] for one in without.values())
    serve(open_desk, bundle)
    answer = client.post("/v1/decide/orders", json=asked).json()
    for one in answer["scores"]:
        codes = {at["code"] for at in one["findings"]}
        assert {at["code"] for at in without[one["order_id"]]["findings"]} <= codes
        assert 0 <= one["probability"] <= 1
        assert ("MODEL-LATE" in codes) == (one["probability"] >= 0.5)
        assert one["model"] == bundle.version
        assert one["reasons"]
    assert any("MODEL-LATE" in {at["code"] for at in one["findings"]} for one in answer["scores"])
    late = next(one for one in answer["scores"] if one["probability"] >= 0.5)
    kinds = {one["kind"] for one in late["recommendations"]}
    assert "tell_planner" in kinds <= {"reroute", "split", "upgrade_service", "tell_planner", "tell_customer"}
    with open_desk.services.db.read() as session:
        assert len(predictions.between(session, "sla-miss")) == len(newest)


def test_a_prediction_is_labelled_once_the_feeds_tell_what_came(open_desk: Desk, bundle: Bundle) -> None:
    serve(open_desk, bundle)
    clock = open_desk.services.clock
    assert isinstance(clock, FixedClock)
    client = open_desk.key("score")
    numbers = WORLD.frame("sales_orders").sort("ordered_at").tail(6)["order_id"].to_list()
    asked = {"subjects": [{"order_id": number} for number in numbers]}
    early = clock.now() - timedelta(days=30)
    client.post("/v1/decide/orders", json=asked | {"as_of": early.isoformat()})
    clock.instant += timedelta(days=400)
    client.post("/v1/decide/orders", json=asked)
    with open_desk.services.db.read() as session:
        told = [one for one in predictions.between(session, "sla-miss") if one.predicted_at == early]
    assert len(told) == len(numbers)
    assert {one.label for one in told} <= {0.0, 1.0}
    assert {one.labelled_at for one in told} == {clock.now()}


def test_an_order_that_is_given_is_predicted_from_its_own_facts(open_desk: Desk, bundle: Bundle) -> None:
    serve(open_desk, bundle)
    now = open_desk.services.clock.now()
    facts = {
        "ordered_at": now.isoformat(),
        "promised_at": (now + timedelta(days=10)).isoformat(),
        "ship_to_country": "NO",
        "lines": [{"line_number": "1", "item_id": "I1", "quantity": "4"}],
    }
    asked = {"subjects": [{"order_id": "NEW", "facts": facts}]}
    (score,) = open_desk.key("score").post("/v1/score/orders", json=asked).json()["scores"]
    assert 0 <= score["probability"] <= 1
    past = facts | {"promised_at": (now - timedelta(days=3)).isoformat()}
    asked = {"subjects": [{"order_id": "NEW", "facts": past}]}
    (score,) = open_desk.key("score").post("/v1/score/orders", json=asked).json()["scores"]
    assert score["probability"] == 1


def test_a_model_of_other_columns_says_nothing_and_rules_decide(
    open_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    other = make_bundle("sla-miss", features=("moon",), boosters={"late": ""}, content={"keys": []}, card={})
    serve(open_desk, other)
    number = WORLD.frame("sales_orders")["order_id"].to_list()[-1]
    answer = open_desk.key("score").post("/v1/score/orders", json={"subjects": [{"order_id": number}]})
    assert answer.status_code == 200
    assert answer.json()["scores"][0]["probability"] is None
    assert "MODEL-COLUMNS" in caplog.text
