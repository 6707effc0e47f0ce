"""What planning reads from the feeds, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

from core.database import Database
from core.erp import Item, Location, SalesOrder, SalesOrderLine, Shipment, StockLevel
from ingest.erp import ErpReader
from ingest.erp_planning import PlanningReader
from ingest.feed_load import load_feed

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FILES = {
    "items": b"item_id,category,unit_cost,min_order_quantity,max_stock,lead_time_days,shelf_life_days,status,"
    b"case_pack\nA,food,1.25,12,480,5,30,active,6\n",
    "locations": b"location_id,kind,country,region\nWH2,store,FR,\nWH1,warehouse,DE,HH\n",
    "purchase_orders": b"po_number,supplier_id,ordered_at,currency,ship_to_location_id\n"
    b"P1,S1,2026-11-01,EUR,WH1\nP2,S1,2026-10-31T23:59:59Z,EUR,\n",
    "purchase_order_lines": b"po_number,line_number,item_id,quantity,unit_price,promised_at\n"
    b"P1,10,A,5,2.50,2026-11-25\nP1,9,A,1,3,\nP2,1,B,1,1,\n",
    "sales_orders": b"order_id,ordered_at,promised_at,ship_to_country,service,order_value,currency\n"
    b"O2,2026-11-20,2026-11-30,AT,standard,99.90,EUR\nO1,2026-11-19,2026-11-22,,,,\nO3,2026-11-24,2026-11-30,,,,\n",
    "sales_order_lines": b"order_id,line_number,item_id,quantity,fulfil_location_id\n"
    b"O2,10,A,3,\nO2,9,B,4,WH1\nO1,1,A,1,\n",
    "shipments": b"shipment_id,order_id,shipped_at,recorded_at\nS9,O1,2026-11-21,2026-11-22\nS1,O1,,\n",
    "stock_levels": b"item_id,location_id,as_of,on_hand,on_order,allocated\n"
    b"A,WH1,2026-11-22,7,,\nA,WH1,2026-11-23T08:00:00Z,9,4,2\nA,WH1,2026-11-24,1,,\nB,WH2,2026-11-01,-3,,\n",
    "demand": b"item_id,location_id,date,quantity,stocked_out\n"
    b"A,WH1,2026-11-20,5,\nA,WH1,2026-11-22,1.5,true\nA,WH1,2026-11-23,8,\nB,WH2,2026-10-01,2,false\n",
}


@contextmanager
def reading(database: Database) -> Iterator[tuple[PlanningReader, ErpReader]]:
    with database.write() as session:
        for name, data in FILES.items():
            load_feed(session, name, data, file_name=f"{name}.csv", actor="system", at=AT)
    with database.read() as session:
        yield PlanningReader(session), ErpReader(session)


def test_planning_records_come_back_in_the_erps_words(either_database: Database) -> None:
    with reading(either_database) as (erp, others):
        assert others.items(["A"]) == (
            Item(
                item_id="A",
                case_pack=Decimal(6),
                category="food",
                min_order_quantity=Decimal(12),
                max_stock=Decimal(480),
                unit_cost=Decimal("1.25"),
                lead_time_days=5,
                shelf_life_days=30,
                status="active",
            ),
        )
        assert erp.locations()[0] == Location(location_id="WH1", kind="warehouse", country="DE", region="HH")
        assert others.orders(["P1"])[0].ship_to_location_id == "WH1"
        assert erp.sales_orders(["O2", "nope"]) == (
            SalesOrder(
                order_id="O2",
                ordered_at=datetime(2026, 11, 20, tzinfo=UTC),
                promised_at=datetime(2026, 11, 30, tzinfo=UTC),
                ship_to_country="AT",
                service="standard",
                order_value=Decimal("99.9"),
                currency="EUR",
            ),
        )
        assert erp.shipments(["O1"]) == (
            Shipment(shipment_id="S1", order_id="O1"),
            Shipment(
                shipment_id="S9",
                order_id="O1",
                shipped_at=datetime(2026, 11, 21, tzinfo=UTC),
                recorded_at=datetime(2026, 11, 22, tzinfo=UTC),
            ),
        )


def test_lines_of_orders_are_in_the_order_of_their_numbers(either_database: Database) -> None:
    with reading(either_database) as (erp, _):
        assert erp.sales_order_lines(["O2"]) == (
            SalesOrderLine(order_id="O2", line_number="9", item_id="B", quantity=Decimal(4), fulfil_location_id="WH1"),
            SalesOrderLine(order_id="O2", line_number="10", item_id="A", quantity=Decimal(3)),
        )
        assert [line.line_number for line in erp.order_lines_of_items(["A", "C"])] == ["9", "10"]


def test_only_orders_placed_by_then_and_promised_since_then_are_waiting(either_database: Database) -> None:
    with reading(either_database) as (erp, _):
        since = datetime(2026, 11, 22, tzinfo=UTC)
        assert [order.order_id for order in erp.sales_orders_promised(since, AT)] == ["O1", "O2"]
        assert [order.order_id for order in erp.sales_orders_promised(AT, AT)] == ["O2"]


def test_stock_is_the_newest_level_counted_by_then(either_database: Database) -> None:
    with reading(either_database) as (erp, _):
        (a,) = erp.stock_levels(AT, ["A", "nope"])
        assert a == StockLevel(
            item_id="A",
            location_id="WH1",
            as_of=datetime(2026, 11, 23, 8, tzinfo=UTC),
            on_hand=Decimal(9),
            on_order=Decimal(4),
            allocated=Decimal(2),
        )
        assert [level.on_hand for level in erp.stock_levels(AT)] == [Decimal(9), Decimal(-3)]
        assert erp.stock_levels(AT, []) == ()
        assert [level.on_hand for level in erp.stock_levels(datetime(2026, 11, 22, 12, tzinfo=UTC))] == [7, -3]


def test_demand_of_a_day_belongs_to_the_next(either_database: Database) -> None:
    with reading(either_database) as (erp, _):
        until = date(2026, 11, 23)
        days = sorted(erp.demand(date(2026, 11, 20), until), key=lambda day: day.date)
        assert [(day.date.day, day.quantity, day.stocked_out) for day in days] == [
            (20, Decimal(5), None),
            (22, Decimal("1.5"), True),
        ]
        assert list(erp.demand(date(2026, 1, 1), until, ["nope"])) == []
        assert erp.demand_first_days(until) == {("A", "WH1"): date(2026, 11, 20), ("B", "WH2"): date(2026, 10, 1)}
        assert erp.demand_first_days(until, ["B"]) == {("B", "WH2"): date(2026, 10, 1)}
        assert erp.demand_last_day(until) == date(2026, 11, 22)
        assert erp.demand_last_day(date(2020, 1, 1)) is None


def test_orders_to_suppliers_are_found_by_when_they_were_placed(either_database: Database) -> None:
    with reading(either_database) as (erp, _):
        november = datetime(2026, 11, 1, tzinfo=UTC)
        assert [order.po_number for order in erp.orders_placed(november, AT)] == ["P1"]
