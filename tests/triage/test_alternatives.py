"""Other ways for an order: only what the rules allow, the cheapest and least risky first, and whom to tell."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from core.erp import Location
from models.late.delays import NewDate
from tests.triage.builders import AS_OF, policy
from tests.triage.order_builders import level, order_facts, order_rules, sales_line, sales_order
from tests.triage.test_laws import laws
from tests.triage.test_order_laws import order_situations
from triage.alternatives import Alternative, alternatives
from triage.availability import availability
from triage.decide_order import run_order_controls
from triage.late_advice import late_advice, split_risk
from triage.order_facts import OrderFacts
from triage.planning_policy import Lane

PLACES = (
    Location(location_id="WH1", kind="warehouse", country="DE"),
    Location(location_id="WH2", kind="warehouse", country="AT"),
    Location(location_id="WH3", kind="warehouse", country="FR"),
)
EVERYWHERE = ("any",)
LATE = policy().predictions.late
WAY = Alternative(kind="reroute", places=("WH2",), service="standard", cut_off_at=AS_OF)
NEW = NewDate(
    likely=date(2026, 12, 4), earliest=date(2026, 12, 2), latest=date(2026, 12, 9), share=0.9, based_on="40 late orders"
)


def _lane(*services: str) -> Lane:
    return Lane(
        service=services, from_country=("DE", "AT"), from_region=EVERYWHERE, to_country=EVERYWHERE, to_region=EVERYWHERE
    )


def _facts(*on_hand: int, named: str | None = None) -> OrderFacts:
    stock = tuple(level(at=f"WH{i}", on_hand=count) for i, count in enumerate(on_hand, start=1))
    return order_facts(sales_line(fulfil_location_id=named), stock=stock, locations=PLACES)


def test_another_served_place_that_has_it_all_is_a_reroute_and_an_unserved_one_is_not() -> None:
    planned, found = alternatives(_facts(100, 100, 100, named="WH1"), order_rules(lanes=(_lane("standard"),)))
    assert planned == "WH1"
    assert [(one.kind, one.places) for one in found] == [("reroute", ("WH2",))]
    assert found[0].words == "send all of it from WH2 by standard" and found[0].steps == 0


def test_a_faster_service_the_lanes_name_is_an_upgrade_from_the_same_place() -> None:
    _, found = alternatives(_facts(100, named="WH1"), order_rules(lanes=(_lane("standard", "express"),)))
    assert [(one.kind, one.places, one.service, one.steps) for one in found] == [
        ("upgrade_service", ("WH1",), "express", 1)
    ]


def test_what_no_place_has_alone_is_split_over_those_that_have_it_together() -> None:
    _, found = alternatives(_facts(6, 4), order_rules(lanes=(_lane("standard"),)))
    assert [(one.kind, one.places, one.shares) for one in found] == [("split", ("WH1", "WH2"), (0.6, 0.4))]
    assert found[0].words == "split it: 60% from WH1, 40% from WH2 by standard" and found[0].steps == 1


def test_after_the_cut_off_there_is_no_way_left() -> None:
    late = replace(_facts(100, 100, named="WH1"), order=sales_order(promised_at=AS_OF - timedelta(days=2)))
    assert alternatives(late, order_rules(lanes=(_lane("standard", "express"),)))[1] == ()


@pytest.mark.law
@laws
@given(order_situations())
def test_no_control_of_availability_holds_an_order_that_goes_another_way(facts: OrderFacts) -> None:
    rules = policy()
    for way in alternatives(facts, rules.orders)[1]:
        if len(way.places) > 1:
            continue
        lines = tuple(replace(line, fulfil_location_id=way.places[0]) for line in facts.lines)
        changed = replace(facts, lines=lines, order=replace(facts.order, service=way.service))
        found = run_order_controls(changed, availability(changed, rules.orders), rules)
        assert not {"ORD-STOCK", "ORD-SPLIT", "ORD-CUTOFF", "ORD-CARRIER"} & {one.code for one in found}


def test_the_cheapest_way_that_gains_enough_is_recommended_and_all_are_shown_in_order() -> None:
    express = replace(WAY, kind="upgrade_service", places=("WH1",), service="express", is_new_service=True)
    far = replace(WAY, places=("WH3",))
    chances = {"express": 0.1, "standard": 0.3}
    told = late_advice(
        0.8,
        (express, WAY, far),
        lambda way: 0.75 if way is far else chances[str(way.service)],
        LATE,
        new_date=NEW,
    )
    assert told is not None
    assert [one["kind"] for one in told["recommendations"]] == ["reroute", "upgrade_service", "tell_planner"]
    assert told["recommendations"][0]["words"] == "send all of it from WH2 by standard: late with 30% instead of 80%"
    assert [(one["steps"], one["probability"]) for one in told["alternatives"]] == [(0, 0.3), (0, 0.75), (1, 0.1)]


def test_a_customer_is_told_a_day_where_no_way_makes_it_better() -> None:
    told = late_advice(0.8, (), lambda _: 0.0, LATE, new_date=NEW)
    assert told is not None and [one["kind"] for one in told["recommendations"]] == ["tell_planner", "tell_customer"]
    assert "2026-12-04 (90% between 2026-12-02 and 2026-12-09" in told["recommendations"][1]["words"]
    unknown = late_advice(1.0, (), lambda _: 0.0, LATE, new_date=None)
    assert unknown is not None and "too few" in unknown["recommendations"][1]["words"]


def test_nothing_is_recommended_below_the_thresholds_or_of_kinds_the_policy_does_not_name() -> None:
    assert late_advice(0.3, (WAY,), lambda _: 0.0, LATE, new_date=NEW) is None
    silent = LATE.model_copy(update={"recommend": ()})
    assert late_advice(0.9, (WAY,), lambda _: 0.0, silent, new_date=NEW) is None
    much = LATE.model_copy(update={"least_gain": Decimal("0.9"), "recommend": ("reroute",)})
    assert late_advice(0.8, (WAY,), lambda _: 0.0, much, new_date=NEW) is None


def test_a_split_is_at_least_as_risky_as_its_worst_part() -> None:
    assert split_risk([0.2, 0.5]) == pytest.approx(0.6) and split_risk([0.3]) == pytest.approx(0.3)
