"""Controls of recommendations: what each finds, what it rounds, and what it spares."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.decisions import Outcome
from core.erp import FeedFreshness, Supplier
from tests.triage.builders import AS_OF, order, order_line, policy
from tests.triage.examples import finds, spares
from tests.triage.order_builders import inbound
from tests.triage.replenishment_builders import (
    budget,
    check_recommendation,
    found_in,
    planned_item,
    rate,
    recommended,
    replenishment_facts,
    rounded,
    stocked,
    the_recommendation_finding,
    with_replenishment,
)
from triage.budgets import period_start, used_of
from triage.decide_replenishment import decide_replenishment
from triage.replenishment_facts import BudgetUse

EVERY_CODE = (
    "REP-ITEM",
    "REP-SUPPLIER",
    "REP-MASTER",
    "REP-MOQ",
    "REP-PACK",
    "REP-MAX",
    "REP-SHELF-LIFE",
    "REP-BUDGET",
    "FEED-STALE",
    "FEED-MISSING",
)


@spares(*EVERY_CODE)
def test_recommendation_that_can_be_ordered_as_it_is_clears() -> None:
    assert check_recommendation(replenishment_facts()) == ()
    decision = decide_replenishment(replenishment_facts(), policy())
    assert (decision.outcome, decision.document_id) == (Outcome.CLEAR, "recommendation:R1")
    assert rounded(replenishment_facts()).ordered == 24


@spares(*EVERY_CODE)
def test_nothing_recommended_is_nothing_to_round() -> None:
    facts = replenishment_facts(0, item=planned_item(min_order_quantity=Decimal(12), max_stock=Decimal(0)))
    assert (found_in(facts), int(rounded(facts).ordered)) == ({}, 0)
    assert rounded(replenishment_facts(-5)).ordered == 0


# ---- master data


@finds("REP-ITEM")
@pytest.mark.parametrize("status", ["Discontinued", "seasonal?"])
def test_item_that_is_not_bought_any_more_or_with_a_strange_status_is_held(status: str) -> None:
    finding = the_recommendation_finding("REP-ITEM", replenishment_facts(item=planned_item(status=status)))
    assert (finding.outcome, finding.actual) == (Outcome.HOLD, status.lower())


@finds("REP-ITEM")
def test_item_nobody_knows_is_held() -> None:
    assert found_in(replenishment_facts(item=None)) == {"REP-ITEM": "hold"}


@spares("REP-ITEM", "REP-SUPPLIER")
def test_no_status_is_an_active_one() -> None:
    facts = replenishment_facts(
        item=planned_item(status=None), supplier=Supplier(supplier_id="S1", name="Nordlicht GmbH")
    )
    assert found_in(facts) == {}


@finds("REP-SUPPLIER")
@pytest.mark.parametrize("status", ["blocked", "under review"])
def test_supplier_that_may_not_be_ordered_from_is_held(status: str) -> None:
    facts = replenishment_facts(supplier=Supplier(supplier_id="S1", name="Nordlicht GmbH", status=status))
    assert found_in(facts) == {"REP-SUPPLIER": "hold"}


@finds("REP-SUPPLIER")
def test_supplier_nobody_knows_or_named_is_held() -> None:
    assert found_in(replenishment_facts(supplier=None)) == {"REP-SUPPLIER": "hold"}
    unnamed = replenishment_facts(recommendation=recommended(supplier_id=None), supplier=None)
    assert "names no supplier" in the_recommendation_finding("REP-SUPPLIER", unnamed).message


@finds("REP-SUPPLIER")
def test_another_supplier_than_the_items_is_held() -> None:
    facts = replenishment_facts(item=planned_item(supplier_id="S2"))
    finding = the_recommendation_finding("REP-SUPPLIER", facts)
    assert (finding.expected, finding.actual) == ("S2", "S1")


@finds("REP-MASTER")
@pytest.mark.parametrize("missing", ["lead_time_days", "unit_cost", "case_pack"])
def test_item_without_what_planning_needs_is_held(missing: str) -> None:
    facts = replenishment_facts(item=planned_item(**{missing: None}))
    assert found_in(facts) == {"REP-MASTER": "hold"}


@finds("REP-MASTER")
@pytest.mark.parametrize("wrong", [{"case_pack": Decimal(0)}, {"lead_time_days": -1}, {"unit_cost": Decimal(-1)}])
def test_master_data_that_make_no_sense_are_held(wrong: dict[str, Any]) -> None:
    assert found_in(replenishment_facts(item=planned_item(**wrong))) == {"REP-MASTER": "hold"}


@finds("REP-MASTER")
def test_an_item_never_counted_at_the_place_is_held() -> None:
    assert "was taken as none" in the_recommendation_finding("REP-MASTER", replenishment_facts(stock=None)).message


@spares("REP-MASTER")
def test_what_the_policy_does_not_require_may_be_missing() -> None:
    facts = replenishment_facts(item=planned_item(lead_time_days=None))
    assert found_in(facts, with_replenishment(required_master=("unit_cost",))) == {}
    assert found_in(replenishment_facts(), with_replenishment(required_master=("max_stock",))) == {"REP-MASTER": "hold"}


# ---- rounding


@finds("REP-MOQ")
def test_less_than_the_minimum_is_rounded_up_and_says_so() -> None:
    facts = replenishment_facts(6, item=planned_item(min_order_quantity=Decimal(24)))
    finding = the_recommendation_finding("REP-MOQ", facts)
    assert (finding.outcome, finding.actual, finding.difference) == (Outcome.CLEAR, "6", "18")
    assert rounded(facts).ordered == 24
    assert decide_replenishment(facts, policy()).outcome is Outcome.CLEAR


@finds("REP-PACK")
@pytest.mark.parametrize(("how", "ordered"), [("up", 12), ("down", 6), ("nearest", 6)])
def test_quantities_become_whole_packs_as_the_policy_says(how: str, ordered: int) -> None:
    facts, rules = replenishment_facts(8), with_replenishment(pack_rounding=how)
    assert (int(rounded(facts, rules).ordered), found_in(facts, rules)) == (ordered, {"REP-PACK": "clear"})


@finds("REP-PACK")
def test_less_than_a_pack_rounded_down_to_nothing_is_held() -> None:
    facts, rules = replenishment_facts(5), with_replenishment(pack_rounding="down")
    assert (int(rounded(facts, rules).ordered), found_in(facts, rules)) == (0, {"REP-PACK": "hold"})


@spares("REP-PACK")
def test_a_minimum_that_is_no_multiple_becomes_whole_packs_whichever_way_packs_are_rounded() -> None:
    item = planned_item(min_order_quantity=Decimal(10))
    for how in ("up", "down", "nearest"):
        assert rounded(replenishment_facts(1, item=item), with_replenishment(pack_rounding=how)).ordered == 12


@finds("REP-MAX")
def test_more_than_fits_is_cut_down_to_whole_packs_and_says_so() -> None:
    facts = replenishment_facts(24, item=planned_item(max_stock=Decimal(40)), inbound=(inbound(8),))
    finding = the_recommendation_finding("REP-MAX", facts)
    assert (finding.outcome, finding.expected, finding.difference) == (Outcome.CLEAR, "18 or less", "6")
    assert rounded(facts).ordered == 18


@finds("REP-MAX")
def test_minimum_against_maximum_is_a_contradiction_and_held() -> None:
    item = planned_item(max_stock=Decimal(20), min_order_quantity=Decimal(24))
    facts = replenishment_facts(6, item=item)
    assert found_in(facts) == {"REP-MOQ": "clear", "REP-MAX": "hold"}
    assert rounded(facts).ordered == 0
    assert "24 is the least that is sold" in the_recommendation_finding("REP-MAX", facts).message


@finds("REP-MAX")
def test_a_full_place_takes_nothing() -> None:
    facts = replenishment_facts(6, item=planned_item(max_stock=Decimal(5)))
    assert (int(rounded(facts).ordered), found_in(facts)) == (0, {"REP-MAX": "hold"})


@spares("REP-MAX")
def test_stock_below_nothing_makes_no_room_beyond_the_maximum() -> None:
    facts = replenishment_facts(60, item=planned_item(max_stock=Decimal(30)), stock=stocked(-100))
    assert rounded(facts).ordered == 30


@spares("REP-MAX")
def test_goods_on_order_are_not_counted_twice() -> None:
    item = planned_item(max_stock=Decimal(40))
    facts = replenishment_facts(24, item=item, stock=stocked(10, on_order=Decimal(6)), inbound=(inbound(6),))
    assert (int(rounded(facts).ordered), found_in(facts)) == (24, {})


@finds("REP-SHELF-LIFE")
def test_more_than_sells_in_time_is_cut_down_and_says_so() -> None:
    # 4 a day, 10 days × 0.67 count: 26.8; of 10 there nothing is left after 5 days: whole packs 24.
    facts = replenishment_facts(48, item=planned_item(shelf_life_days=10))
    finding = the_recommendation_finding("REP-SHELF-LIFE", facts)
    assert (finding.outcome, int(rounded(facts).ordered)) == (Outcome.CLEAR, 24)
    assert "of 10 days' shelf life 67 % count" in finding.message


@finds("REP-SHELF-LIFE")
def test_what_is_there_sells_first() -> None:
    # 32 there, 20 sell before the goods come: 12 left over, 14.8 of the new ones sell.
    facts = replenishment_facts(24, item=planned_item(shelf_life_days=10), stock=stocked(32))
    assert rounded(facts).ordered == 12


@finds("REP-SHELF-LIFE")
@pytest.mark.parametrize(
    "known", [{"demand": rate(0, 0)}, {"demand": None}], ids=["nothing sells", "nobody knows what sells"]
)
def test_what_would_spoil_is_held(known: dict[str, Any]) -> None:
    facts = replenishment_facts(6, item=planned_item(shelf_life_days=10), **known)
    assert found_in(facts) == {"REP-SHELF-LIFE": "hold"}


@finds("REP-SHELF-LIFE")
def test_shelf_life_against_the_minimum_is_held() -> None:
    item = planned_item(shelf_life_days=10, min_order_quantity=Decimal(60))
    assert found_in(replenishment_facts(60, item=item)) == {"REP-SHELF-LIFE": "hold"}


@spares("REP-SHELF-LIFE")
def test_an_item_that_keeps_needs_no_demand() -> None:
    assert found_in(replenishment_facts(demand=None)) == {}


# ---- budgets


@finds("REP-BUDGET")
def test_more_than_is_left_of_the_budget_is_held() -> None:
    rules = with_replenishment(budgets=(budget(1000),))
    facts = replenishment_facts(budgets=(BudgetUse(name="all", used_amount=Decimal("952.01")),))
    finding = the_recommendation_finding("REP-BUDGET", facts, rules)
    assert (finding.expected, finding.actual, finding.difference) == ("47.99 EUR or less", "48.00 EUR", "0.01 EUR")
    just = replenishment_facts(budgets=(BudgetUse(name="all", used_amount=Decimal(952)),))
    assert found_in(just, rules) == {}


@finds("REP-BUDGET")
def test_every_budget_that_covers_it_counts() -> None:
    mine, other = budget(10, name="food", category=("Food",)), budget(0, name="toys", category=("toys",))
    rules = with_replenishment(budgets=(budget(None), mine, other))
    used = tuple(BudgetUse(name=name, used_amount=Decimal(0)) for name in ("all", "food"))
    assert the_recommendation_finding("REP-BUDGET", replenishment_facts(budgets=used), rules).subject == "budget food"


@finds("REP-BUDGET")
def test_what_no_budget_covers_is_held() -> None:
    rules = with_replenishment(budgets=(budget(None, location_id=("WH2",)),))
    assert found_in(replenishment_facts(), rules) == {"REP-BUDGET": "hold"}
    assert found_in(replenishment_facts(), with_replenishment(budgets=())) == {"REP-BUDGET": "hold"}


@finds("REP-BUDGET")
@pytest.mark.parametrize(
    "unknown",
    [
        {"budgets": ()},
        {"budgets": (BudgetUse(name="all", used_amount=Decimal(0), unvalued=2),)},
        {"item": planned_item(unit_cost=None), "budgets": (BudgetUse(name="all", used_amount=Decimal(0)),)},
    ],
    ids=["use unknown", "orders without a value", "no standard cost"],
)
def test_a_budget_nobody_can_reckon_with_holds(unknown: dict[str, Any]) -> None:
    found = found_in(replenishment_facts(**unknown), with_replenishment(budgets=(budget(1000),)))
    assert found["REP-BUDGET"] == "hold"


@pytest.mark.parametrize(
    ("period", "expected"), [("week", (11, 23)), ("month", (11, 1)), ("quarter", (10, 1)), ("year", (1, 1))]
)
def test_periods_begin_with_the_calendar(period: str, expected: tuple[int, int]) -> None:
    assert period_start(AS_OF, period) == datetime(2026, *expected, tzinfo=UTC)


def test_a_budgets_use_is_at_standard_cost_and_never_mixes_currencies() -> None:
    orders = (
        order(po_number="1", ordered_at=AS_OF - timedelta(days=2)),
        order(po_number="2", ordered_at=AS_OF - timedelta(days=2), currency="USD"),
        order(po_number="3", ordered_at=AS_OF - timedelta(days=40)),
    )
    lines = tuple(
        order_line(number, 10, "7.50", po_number=po, item_id=item)
        for number, (po, item) in enumerate([("1", "A"), ("1", "?"), ("2", "A"), ("2", "?"), ("3", "A")], start=1)
    )
    (use,) = used_of((budget(),), orders, lines, {"A": planned_item()}, currency="EUR", as_of=AS_OF)
    assert use == BudgetUse(name="all", used_amount=Decimal(10 * 2 + 75 + 10 * 2), unvalued=1)


# ---- feeds


@finds("FEED-STALE")
def test_an_old_feed_holds_the_recommendation() -> None:
    feeds = replenishment_facts().feeds
    old = tuple(replace(feed, loaded_at=AS_OF - timedelta(days=3)) if feed.feed == "demand" else feed for feed in feeds)
    assert the_recommendation_finding("FEED-STALE", replenishment_facts(feeds=old)).subject == "feed demand"


@finds("FEED-MISSING")
def test_a_feed_that_never_came_holds_the_recommendation() -> None:
    assert set(found_in(replenishment_facts(feeds=()))) == {"FEED-MISSING"}
    never = tuple(FeedFreshness(feed=feed.feed, loaded_at=None) for feed in replenishment_facts().feeds)
    assert len(check_recommendation(replenishment_facts(feeds=never))) == 7
