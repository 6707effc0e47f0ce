"""Charts of planners' cases: the figures beside them are those of the feeds, counted by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.database import Database
from core.erp import DemandDay, Item, StockLevel
from ingest.erp_planning import PlanningReader
from ingest.feed_load import load_feed
from review_api.planning_charts import demand_chart, lane_chart, stock_chart
from review_api.presenting import reader_of
from tests.ingest.feed_making import csv_file
from triage.demand_facts import DemandFacts
from triage.inbound import Inbound
from triage.replenishment_facts import Recommendation, ReplenishmentFacts

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
READER = reader_of("en-GB", NOW)


def odd(first: date, last: date) -> DemandFacts:
    return DemandFacts(
        item_id="A", location_id="W", as_of=NOW, first=first, last=last, kind="spike", actual=Decimal(40),
        expected=Decimal(10), low=Decimal(4), high=Decimal(16), money=Decimal(1), currency="EUR", words="odd",
        reasons=(), model="m", planner="p", starts=first,
    )  # fmt: skip


def day(back: int, quantity: int) -> DemandDay:
    at = NOW.date() - timedelta(days=back)
    return DemandDay(item_id="A", location_id="W", date=at, quantity=Decimal(quantity))


def test_demand_is_drawn_with_the_interval_shared_out_over_the_odd_days() -> None:
    first = NOW.date() - timedelta(days=2)
    chart = demand_chart(odd(first, NOW.date() - timedelta(days=1)), [day(3, 5), day(2, 20), day(1, 20)], READER)
    assert chart is not None
    assert [row[1:] for row in chart.rows] == [("5", ""), ("20", "2 – 8"), ("20", "2 – 8"), ("", "")]
    assert 'class="band"' in chart.drawing


def test_a_day_without_a_row_is_drawn_as_nothing_and_a_weekly_feed_by_the_week() -> None:
    first = NOW.date() - timedelta(days=1)
    chart = demand_chart(odd(first, first), [day(4, 5), day(1, 9)], READER)
    assert chart is not None
    assert [row[1] for row in chart.rows] == ["5", "0", "0", "9", ""]
    weekly = demand_chart(odd(first, first), [day(15, 5), day(8, 6), day(1, 9)], READER)
    assert weekly is not None
    assert (weekly.title, [row[1] for row in weekly.rows]) == ("Demand by week", ["5", "6", "9", ""])


def test_stock_goes_down_by_a_days_demand_and_up_by_what_comes() -> None:
    facts = ReplenishmentFacts(
        recommendation=Recommendation(
            recommendation_id="r", item_id="A", location_id="W", supplier_id=None, quantity=Decimal(30)
        ),
        as_of=NOW,
        item=Item(item_id="A"),
        stock=StockLevel(item_id="A", location_id="W", as_of=NOW, on_hand=Decimal(12), allocated=Decimal(2)),
        inbound=(
            Inbound(
                po_number="P", line_number="1", item_id="A", quantity=Decimal(8), promised_at=NOW + timedelta(days=2)
            ),
        ),
    )
    chart = stock_chart(facts, {"rule": {"mean_daily": "4", "lead_time_days": 5}}, Decimal(30), READER)
    assert chart is not None
    # 10 free; −4 a day, +8 on day 2, +30 on day 5 where ordered; never under nothing.
    assert [row[1] for row in chart.rows[:8]] == ["10", "6", "10", "6", "2", "28", "24", "20"]
    assert [row[2] for row in chart.rows[:8]] == ["10", "6", "10", "6", "2", "0", "0", "0"]


def test_a_lanes_record_counts_what_came_late_by_the_week_it_was_promised_for(either_database: Database) -> None:
    def order(number: int, back: int, service: str = "standard") -> dict[str, object]:
        promised = NOW - timedelta(days=back)
        return {"order_id": f"O{number}", "ordered_at": (promised - timedelta(days=5)).isoformat(),
                "promised_at": promised.isoformat(), "ship_to_country": "AT", "service": service}  # fmt: skip

    def shipment(number: int, back: float) -> dict[str, object]:
        return {"shipment_id": f"S{number}", "order_id": f"O{number}",
                "delivered_at": (NOW - timedelta(days=back)).isoformat()}  # fmt: skip

    orders = [order(1, 8), order(2, 9), order(3, 10), order(4, 16), order(5, 9, "express"), order(6, 1)]
    shipments = [shipment(1, 9), shipment(2, 8), shipment(4, 17), shipment(5, 1)]
    with either_database.write() as session:
        for name, rows in (("sales_orders", orders), ("shipments", shipments)):
            load_feed(session, name, csv_file(rows), file_name="f.csv", actor="system", at=NOW)
    with either_database.read() as reading:
        record = PlanningReader(reading).lane_record("AT", "standard", NOW - timedelta(weeks=12), NOW, most=400)
    chart = lane_chart(record, NOW, READER)
    assert chart is not None
    # Three were promised last week: one came before, one after, one not at all. Yesterday's may still come.
    assert [row[1:] for row in chart.rows] == [("0%", "1"), ("67%", "3")]


@pytest.mark.parametrize("history", [[], [day(1, 3)]])
def test_too_little_history_draws_nothing(history: list[DemandDay]) -> None:
    assert demand_chart(odd(NOW.date(), NOW.date()), history, READER) is None
