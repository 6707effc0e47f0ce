"""Controls of customers' orders: what each finds, and what it spares."""

from datetime import UTC, datetime, timedelta

import pytest

from core.decisions import Outcome
from core.erp import ErpBlock, Location, Shipment
from tests.triage.builders import AS_OF, policy
from tests.triage.examples import finds, spares
from tests.triage.order_builders import (
    PROMISE,
    SO,
    check_order,
    commitment,
    inbound,
    level,
    order_codes,
    order_facts,
    order_rules,
    sales_line,
    sales_order,
    the_order_finding,
    with_orders,
)
from triage.availability import availability, needs_of
from triage.decide_order import decide_order
from triage.order_facts import OrderFacts
from triage.planning_policy import CutOff, CutOffOverride, Lane
from triage.ship_routes import cut_off_instant

EVERYWHERE = {"from_country": ("any",), "from_region": ("any",), "to_country": ("any",), "to_region": ("any",)}
NIGHT = CutOff(time="23:00", days_before=0, working_days=("mon", "tue", "wed", "thu", "fri"), time_zone="UTC")
WH2 = Location(location_id="WH2", kind="store", country="FR")


@spares("ORD-STOCK", "ORD-SPLIT", "ORD-CUTOFF", "ORD-CARRIER", "FEED-STALE", "FEED-MISSING", "ERP-BLOCK")
def test_order_that_one_place_can_send_in_time_is_clear() -> None:
    assert check_order(order_facts()) == ()
    decision = decide_order(order_facts(), policy())
    assert (decision.outcome, decision.document_id) == (Outcome.CLEAR, f"sales_order:{SO}")


# ---- ORD-STOCK


@finds("ORD-STOCK")
def test_more_wanted_than_anywhere_is_held_with_what_there_is_and_where() -> None:
    facts = order_facts(sales_line(1, 30), stock=(level(on_hand=8, allocated=3), level(at="WH2", on_hand=20)))
    finding = the_order_finding("ORD-STOCK", facts)
    assert (finding.expected, finding.actual, finding.difference) == ("30 by 2026-11-30 09:00 UTC", "25", "5")
    assert "WH2 20, WH1 5" in finding.message
    assert finding.at_risk_amount == "250"
    assert {"stock_level:A/WH1", "stock_level:A/WH2", f"sales_order_line:{SO}/1"} <= set(finding.facts)


@finds("ORD-STOCK")
def test_lines_of_one_item_want_their_sum() -> None:
    facts = order_facts(sales_line(1, 60), sales_line(2, 60))
    assert the_order_finding("ORD-STOCK", facts).difference == "20"


@spares("ORD-STOCK")
def test_goods_on_order_before_the_promise_count() -> None:
    assert order_codes(order_facts(stock=(level(on_hand=0),), inbound=(inbound(10),))) == set()


@finds("ORD-STOCK")
@pytest.mark.parametrize(
    "late",
    [
        inbound(10, promised_at=PROMISE),  # here on the day, but not yet received
        inbound(10, promised_at=None),
        inbound(10, at=None),
        inbound(10, promised_at=AS_OF - timedelta(days=8)),
    ],
    ids=["too late to receive", "no day promised", "no place named", "long overdue"],
)
def test_goods_on_order_that_may_not_be_there_in_time_do_not_count(late: object) -> None:
    assert order_codes(order_facts(stock=(level(on_hand=0),), inbound=(late,))) == {"ORD-STOCK"}


@spares("ORD-STOCK")
def test_goods_a_little_overdue_still_count() -> None:
    late = inbound(10, promised_at=AS_OF - timedelta(days=6))
    assert order_codes(order_facts(stock=(level(on_hand=0),), inbound=(late,))) == set()


@finds("ORD-STOCK")
def test_stock_promised_to_earlier_orders_is_not_promised_twice() -> None:
    facts = order_facts(stock=(level(on_hand=15),), committed=(commitment(6),))
    assert the_order_finding("ORD-STOCK", facts).actual == "9"


@finds("ORD-STOCK")
def test_a_later_promise_of_an_earlier_order_is_kept_too() -> None:
    later = commitment(10, due_at=PROMISE + timedelta(days=30))
    assert order_codes(order_facts(stock=(level(on_hand=15),), committed=(later,))) == {"ORD-STOCK"}


@spares("ORD-STOCK")
def test_a_later_promise_that_later_goods_cover_takes_nothing_now() -> None:
    later = commitment(10, due_at=PROMISE + timedelta(days=30))
    coming = inbound(10, promised_at=PROMISE + timedelta(days=20))
    assert order_codes(order_facts(stock=(level(on_hand=10),), committed=(later,), inbound=(coming,))) == set()


@finds("ORD-STOCK")
def test_a_place_with_less_than_nothing_takes_nothing_from_another() -> None:
    facts = order_facts(stock=(level(on_hand=-50), level(at="WH2", on_hand=9)))
    assert the_order_finding("ORD-STOCK", facts).actual == "9"


@finds("ORD-STOCK")
def test_an_item_nobody_has_a_stock_level_of_cannot_be_promised() -> None:
    finding = the_order_finding("ORD-STOCK", order_facts(stock=()))
    assert finding.actual == "0"
    assert "nowhere any" in finding.message


@finds("ORD-STOCK")
def test_a_place_the_order_names_is_the_only_one_that_counts() -> None:
    line = sales_line(1, 10, fulfil_location_id="WH2")
    finding = the_order_finding("ORD-STOCK", order_facts(line, stock=(level(), level(at="WH2", on_hand=4))))
    assert (finding.subject, finding.actual) == ("item A at WH2", "4")
    assert "WH1 100" in finding.message


@finds("ORD-STOCK")
def test_a_place_nobody_knows_has_no_stock() -> None:
    assert "ORD-STOCK" in order_codes(order_facts(sales_line(1, 10, fulfil_location_id="NOWHERE")))


@finds("ORD-STOCK")
def test_stock_of_a_kind_of_place_that_does_not_ship_does_not_count() -> None:
    facts = order_facts(stock=(level(at="WH2"),), locations=(WH2,))
    assert order_codes(facts) == set()
    assert "ORD-STOCK" in order_codes(facts, with_orders(ships_from=("warehouse",)))


@finds("ORD-STOCK")
@pytest.mark.parametrize("lines", [(), (sales_line(1, 0), sales_line(2, -4))], ids=["no lines", "nothing wanted"])
def test_an_order_that_wants_nothing_is_held(lines: tuple[object, ...]) -> None:
    facts = OrderFacts(order=sales_order(), as_of=AS_OF, lines=lines, feeds=order_facts().feeds)  # type: ignore[arg-type]
    assert order_codes(facts) == {"ORD-STOCK"}


@spares("ORD-STOCK", "ORD-CUTOFF")
def test_an_order_under_way_needs_no_promise() -> None:
    left = Shipment(shipment_id="SH1", order_id=SO, shipped_at=AS_OF - timedelta(hours=5))
    late = sales_order(promised_at=AS_OF - timedelta(days=2))
    assert order_codes(order_facts(order=late, stock=(), shipments=(left,))) == set()


@finds("ORD-STOCK")
@pytest.mark.parametrize(
    "shipment",
    [
        Shipment(shipment_id="SH1", order_id=SO),
        Shipment(
            shipment_id="SH1", order_id=SO, shipped_at=AS_OF - timedelta(days=1), recorded_at=AS_OF + timedelta(1)
        ),
    ],
    ids=["planned", "not yet known"],
)
def test_a_shipment_that_is_not_known_to_have_left_changes_nothing(shipment: Shipment) -> None:
    assert order_codes(order_facts(stock=(), shipments=(shipment,))) == {"ORD-STOCK"}


# ---- ORD-SPLIT


@finds("ORD-SPLIT")
def test_order_that_only_several_places_can_send_is_held() -> None:
    facts = order_facts(sales_line(1, 10), stock=(level(on_hand=6), level(at="WH2", on_hand=6)))
    finding = the_order_finding("ORD-SPLIT", facts)
    assert order_codes(facts) == {"ORD-SPLIT"}
    assert "10 wanted, free at WH1 6, WH2 6" in finding.message


@finds("ORD-SPLIT")
def test_items_that_lie_at_different_places_are_a_split() -> None:
    facts = order_facts(sales_line(1, 1, "A"), sales_line(2, 1, "B"), stock=(level("A"), level("B", "WH2")))
    assert order_codes(facts) == {"ORD-SPLIT"}


@finds("ORD-SPLIT")
def test_lines_that_name_several_places_are_a_split() -> None:
    lines = (sales_line(1, fulfil_location_id="WH1"), sales_line(2, fulfil_location_id="WH2"))
    facts = order_facts(*lines, stock=(level(), level(at="WH2")))
    assert the_order_finding("ORD-SPLIT", facts).actual == "WH1, WH2"


@spares("ORD-SPLIT")
def test_one_place_that_has_everything_is_enough() -> None:
    facts = order_facts(sales_line(1, 10), stock=(level(on_hand=6), level(at="WH2", on_hand=16)))
    assert order_codes(facts) == set()


# ---- ORD-CUTOFF


@finds("ORD-CUTOFF")
def test_a_promise_whose_cut_off_has_passed_is_held() -> None:
    # Promised on Tuesday, one working day ahead: Monday 14:00 in Berlin, 13:00 UTC.
    promised = sales_order(promised_at=datetime(2026, 11, 24, tzinfo=UTC))
    before, after = datetime(2026, 11, 23, 13, tzinfo=UTC), datetime(2026, 11, 23, 13, 1, tzinfo=UTC)
    assert "ORD-CUTOFF" not in order_codes(order_facts(order=promised, as_of=before))
    finding = the_order_finding("ORD-CUTOFF", order_facts(order=promised, as_of=after))
    assert (finding.expected, finding.actual) == ("by 2026-11-23 13:00 UTC", "2026-11-23 13:01 UTC")
    assert "14:00 Europe/Berlin" in finding.message


@finds("ORD-CUTOFF")
def test_a_promise_in_the_past_is_held() -> None:
    assert "ORD-CUTOFF" in order_codes(order_facts(order=sales_order(promised_at=AS_OF - timedelta(days=400))))


@spares("ORD-CUTOFF")
def test_the_cut_off_of_a_service_from_a_place_comes_first() -> None:
    tight = order_rules().cut_off.model_copy(update={"days_before": 20})
    night = CutOffOverride(**NIGHT.model_dump(), service="Standard", location_id="WH1")
    facts = order_facts()
    assert order_codes(facts, with_orders(cut_off=tight)) == {"ORD-CUTOFF"}
    assert order_codes(facts, with_orders(cut_off=tight, cut_off_overrides=(night,))) == set()
    elsewhere = night.model_copy(update={"location_id": "WH2"})
    assert order_codes(facts, with_orders(cut_off=tight, cut_off_overrides=(elsewhere,))) == {"ORD-CUTOFF"}


@spares("ORD-CUTOFF")
def test_another_place_that_still_has_time_is_enough_unless_the_order_names_one() -> None:
    early = CutOffOverride(**NIGHT.model_dump() | {"days_before": 300}, location_id="WH1")
    rules = with_orders(cut_off_overrides=(early,))
    both = (level(), level(at="WH2"))
    assert order_codes(order_facts(stock=both), rules) == set()
    named = sales_line(fulfil_location_id="WH1")
    assert order_codes(order_facts(named, stock=both), rules) == {"ORD-CUTOFF"}


@finds("ORD-CUTOFF")
def test_a_place_with_time_that_the_service_does_not_serve_is_no_way_out() -> None:
    early = CutOffOverride(**NIGHT.model_dump() | {"days_before": 300}, location_id="WH1")
    german = Lane(**{**EVERYWHERE, "from_country": ("DE",)}, service=("any",))
    facts = order_facts(stock=(level(), level(at="WH2")), locations=(*order_facts().locations, WH2))
    assert order_codes(facts, with_orders(cut_off_overrides=(early,), lanes=(german,))) == {"ORD-CUTOFF"}


@pytest.mark.parametrize(
    ("promised", "days", "expected"),
    [
        (datetime(2026, 11, 24, tzinfo=UTC), 1, datetime(2026, 11, 23, 13, tzinfo=UTC)),
        (datetime(2026, 11, 23, tzinfo=UTC), 1, datetime(2026, 11, 20, 13, tzinfo=UTC)),  # Monday: Friday before
        (datetime(2026, 11, 29, tzinfo=UTC), 0, datetime(2026, 11, 27, 13, tzinfo=UTC)),  # Sunday: Friday before
        (datetime(2026, 7, 1, tzinfo=UTC), 0, datetime(2026, 7, 1, 12, tzinfo=UTC)),  # summer time
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), 0, datetime(2026, 11, 24, 13, tzinfo=UTC)),  # the 24th in Berlin
    ],
)
def test_cut_off_counts_working_days_in_the_places_own_time(promised: datetime, days: int, expected: datetime) -> None:
    rules = order_rules().cut_off.model_copy(update={"days_before": days})
    assert cut_off_instant(promised, rules) == expected


# ---- ORD-CARRIER


@finds("ORD-CARRIER")
def test_a_lane_nobody_serves_is_held() -> None:
    lanes = (Lane(**{**EVERYWHERE, "to_country": ("de", "ch")}, service=("Standard",)),)
    finding = the_order_finding("ORD-CARRIER", order_facts(), with_orders(lanes=lanes))
    assert finding.actual == "WH1 → AT Wien by standard"
    assert order_codes(order_facts(order=sales_order(ship_to_country="CH")), with_orders(lanes=lanes)) == set()


@finds("ORD-CARRIER")
def test_no_lanes_at_all_serve_nobody() -> None:
    assert order_codes(order_facts(), with_orders(lanes=())) == {"ORD-CARRIER"}


@finds("ORD-CARRIER")
@pytest.mark.parametrize("missing", ["ship_to_country", "ship_to_region", "service"])
def test_what_the_order_does_not_say_only_any_can_mean(missing: str) -> None:
    lane = Lane(
        service=("standard",), from_country=("any",), from_region=("any",), to_country=("AT",), to_region=("Wien",)
    )
    facts = order_facts(order=sales_order(**{missing: None}))
    assert order_codes(facts, with_orders(lanes=(lane,))) == {"ORD-CARRIER"}
    assert order_codes(facts) == set()


@spares("ORD-CARRIER")
def test_one_of_several_places_that_is_served_is_enough() -> None:
    french = Lane(**{**EVERYWHERE, "from_country": ("FR",)}, service=("any",))
    facts = order_facts(stock=(level(), level(at="WH2")), locations=(*order_facts().locations, WH2))
    assert order_codes(facts, with_orders(lanes=(french,))) == set()
    assert order_codes(order_facts(), with_orders(lanes=(french,))) == {"ORD-CARRIER"}


# ---- feeds and the ERP


@finds("FEED-STALE")
def test_an_old_feed_holds_the_order() -> None:
    old = tuple(
        feed if feed.feed != "stock_levels" else type(feed)(feed=feed.feed, loaded_at=AS_OF - timedelta(hours=25))
        for feed in order_facts().feeds
    )
    assert the_order_finding("FEED-STALE", order_facts(feeds=old)).subject == "feed stock_levels"


@finds("FEED-MISSING")
def test_a_feed_that_never_came_holds_the_order() -> None:
    there = tuple(feed for feed in order_facts().feeds if feed.feed != "shipments")
    assert the_order_finding("FEED-MISSING", order_facts(feeds=there)).subject == "feed shipments"


@finds("ERP-BLOCK")
def test_a_block_of_the_erp_blocks_the_order_until_it_is_lifted() -> None:
    block = ErpBlock(document_ref=SO, reason="credit limit", blocked_at=AS_OF - timedelta(days=1))
    assert decide_order(order_facts(erp_blocks=(block,)), policy()).outcome is Outcome.BLOCK
    lifted = ErpBlock(
        document_ref=SO, reason="credit limit", blocked_at=block.blocked_at, lifted_at=AS_OF - timedelta(hours=1)
    )
    assert order_codes(order_facts(erp_blocks=(lifted,))) == set()


def test_a_share_of_clear_orders_is_drawn_for_a_blind_check() -> None:
    from tests.triage.builders import DEFAULT_POLICY
    from triage.policy import load_policy

    rules = load_policy(DEFAULT_POLICY.read_text())
    drawn = [
        decide_order(order_facts(order=sales_order(order_id=f"SO-{number}")), rules).outcome for number in range(1000)
    ]
    assert set(drawn) == {Outcome.CLEAR, Outcome.SAMPLE}
    assert 8 <= drawn.count(Outcome.SAMPLE) <= 40  # 2 % and a little for the amount


def test_places_that_can_send_everything_are_known() -> None:
    facts = order_facts(sales_line(1, 10), stock=(level(), level(at="WH2", on_hand=10), level(at="WH3", on_hand=9)))
    assert availability(facts, order_rules()).whole == ("WH1", "WH2")
    assert needs_of(facts.lines)[0].lines == ("1",)
