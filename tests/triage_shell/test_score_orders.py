"""Customers' orders judged as the feeds hold them: first come, first served, nothing promised twice."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.database import Database
from core.decisions import Outcome
from core.errors import NotFoundError
from ingest.feed_load import load_feed
from tests.conftest import DATA
from tests.ingest.feed_making import csv_file
from tests.triage.builders import AS_OF, policy
from tests.triage.order_builders import sales_line, sales_order, with_orders
from triage.policy import Policy
from triage.score_orders import GivenOrder, ScoredOrder, score_orders

SCMS = DATA / "feeds" / "scms"
PROMISE = AS_OF + timedelta(days=7)
Row = Mapping[str, object]


def order_row(number: int, **more: object) -> dict[str, object]:
    """An order; the higher its number, the later it was placed."""
    placed = AS_OF - timedelta(days=5) + timedelta(hours=number)
    row = {"order_id": f"O{number}", "ordered_at": placed.isoformat(), "promised_at": PROMISE.isoformat()}
    return row | {"order_value": 100, "currency": "EUR", **more}


def line_row(order: int, quantity: int, item: str = "A", line: int = 1, at: str = "") -> dict[str, object]:
    return {
        "order_id": f"O{order}",
        "line_number": line,
        "item_id": item,
        "quantity": quantity,
        "fulfil_location_id": at,
    }


def stock_row(item: str, at: str, on_hand: int) -> dict[str, object]:
    return {"item_id": item, "location_id": at, "as_of": (AS_OF - timedelta(hours=2)).isoformat(), "on_hand": on_hand}


def load(database: Database, *, orders: list[Row], lines: list[Row], stock: list[Row], shipments: list[Row]) -> None:
    """Loads these feeds, and one old order to a supplier so that no feed is missing."""
    bought: list[Row] = [
        {"po_number": "P1", "supplier_id": "S1", "ordered_at": "2026-01-01", "currency": "EUR", "status": "closed"}
    ]
    bought_lines: list[Row] = [{"po_number": "P1", "line_number": 1, "item_id": "Z", "quantity": 1, "unit_price": 1}]
    receipts: list[Row] = [
        {"receipt_id": "G1", "po_number": "P1", "line_number": 1, "quantity": 1, "received_at": "2026-02-01"}
    ]
    files = {
        "sales_orders": orders,
        "sales_order_lines": lines,
        "stock_levels": stock,
        "shipments": shipments,
        "purchase_orders": bought,
        "purchase_order_lines": bought_lines,
        "goods_receipts": receipts,
    }
    with database.write() as session:
        for name, rows in files.items():
            load_feed(session, name, csv_file(rows), file_name=f"{name}.csv", actor="system", at=AS_OF)


ELSEWHERE: Row = {"shipment_id": "SX", "order_id": "OX", "shipped_at": ""}


def scored(database: Database, rules: Policy | None = None, **more: object) -> dict[str, ScoredOrder]:
    with database.read() as session:
        found = score_orders(session, rules or policy(), as_of=AS_OF, **more)  # type: ignore[arg-type]
    return {one.facts.order.order_id: one for one in found}


def outcomes(found: Mapping[str, ScoredOrder]) -> dict[str, set[str]]:
    return {name: {finding.code for finding in one.decision.findings} for name, one in found.items()}


def test_what_one_order_is_promised_the_next_is_not(either_database: Database) -> None:
    load(
        either_database,
        orders=[order_row(2), order_row(1), order_row(3)],
        lines=[line_row(1, 6), line_row(2, 6), line_row(3, 4)],
        stock=[stock_row("A", "WH1", 10)],
        shipments=[ELSEWHERE],
    )
    found = outcomes(scored(either_database))
    assert found == {"O1": set(), "O2": {"ORD-STOCK"}, "O3": set()}
    assert outcomes(scored(either_database, with_orders(open_orders="allocated"))) == {
        "O1": set(),
        "O2": set(),
        "O3": set(),
    }


def test_an_order_asked_for_alone_still_stands_in_its_place(either_database: Database) -> None:
    load(
        either_database,
        orders=[order_row(1), order_row(2)],
        lines=[line_row(1, 6), line_row(2, 6)],
        stock=[stock_row("A", "WH1", 10)],
        shipments=[ELSEWHERE],
    )
    together, alone = scored(either_database), scored(either_database, order_ids=["O2"])
    assert alone == {"O2": together["O2"]}
    assert alone["O2"].decision.outcome is Outcome.HOLD


def test_an_order_whose_parts_lie_apart_takes_them_where_they_are(either_database: Database) -> None:
    load(
        either_database,
        orders=[order_row(1), order_row(2), order_row(3)],
        lines=[line_row(1, 12), line_row(2, 4), line_row(3, 5)],
        stock=[stock_row("A", "WH1", 9), stock_row("A", "WH2", 7)],
        shipments=[ELSEWHERE],
    )
    found = scored(either_database)
    assert outcomes(found) == {"O1": {"ORD-SPLIT"}, "O2": set(), "O3": {"ORD-STOCK"}}
    assert [(one.location_id, int(one.quantity)) for one in found["O2"].facts.committed] == [("WH1", 9), ("WH2", 3)]


def test_orders_under_way_wait_no_more_and_old_ones_are_given_up(either_database: Database) -> None:
    long_ago = (AS_OF - timedelta(days=200)).isoformat()
    load(
        either_database,
        orders=[order_row(1), order_row(2, ordered_at=long_ago, promised_at=long_ago), order_row(3)],
        lines=[line_row(1, 10), line_row(2, 10), line_row(3, 10)],
        stock=[stock_row("A", "WH1", 10)],
        shipments=[{"shipment_id": "S1", "order_id": "O1", "shipped_at": (AS_OF - timedelta(days=1)).isoformat()}],
    )
    assert outcomes(scored(either_database)) == {"O3": set()}
    looked_at = outcomes(scored(either_database, order_ids=["O1", "O2", "O3"]))
    assert looked_at == {"O1": set(), "O2": {"ORD-CUTOFF"}, "O3": set()}


def test_an_order_that_is_given_is_judged_behind_those_that_wait(either_database: Database) -> None:
    load(
        either_database,
        orders=[order_row(1)],
        lines=[line_row(1, 6)],
        stock=[stock_row("A", "WH1", 10)],
        shipments=[ELSEWHERE],
    )
    new = sales_order(order_id="N1", ordered_at=AS_OF)
    given = (GivenOrder(order=new, lines=(sales_line(1, 5, order_id="N1"),)),)
    assert outcomes(scored(either_database, given=given)) == {"N1": {"ORD-STOCK"}}
    smaller = (GivenOrder(order=new, lines=(sales_line(1, 4, order_id="N1"),)),)
    assert outcomes(scored(either_database, given=smaller)) == {"N1": set()}


def test_the_erps_block_holds_an_order_however_it_is_spelled(either_database: Database) -> None:
    load(
        either_database,
        orders=[order_row(1), order_row(2)],
        lines=[line_row(1, 6), line_row(2, 4)],
        stock=[stock_row("A", "WH1", 10)],
        shipments=[ELSEWHERE],
    )
    block = {"document_ref": "o-1", "reason": "credit limit", "blocked_at": (AS_OF - timedelta(days=1)).isoformat()}
    with either_database.write() as session:
        load_feed(session, "erp_blocks", csv_file([block]), file_name="b.csv", actor="system", at=AS_OF)
    assert outcomes(scored(either_database)) == {"O1": {"ERP-BLOCK"}, "O2": set()}


def test_an_order_nobody_knows_is_refused_by_name(database: Database) -> None:
    with pytest.raises(NotFoundError, match="no order NOPE"):
        scored(database, order_ids=["NOPE"])


def test_the_order_of_the_files_changes_nothing(database: Database) -> None:
    numbers = range(1, 30)
    load(
        database,
        orders=[order_row(number) for number in reversed(numbers)],
        lines=[
            line_row(number, number % 7 + 1, item, line) for number in numbers for line, item in ((2, "B"), (1, "A"))
        ],
        stock=[stock_row("A", "WH2", 40), stock_row("B", "WH1", 30), stock_row("A", "WH1", 20)],
        shipments=[ELSEWHERE],
    )
    found = scored(database)
    by_item = {"A": 60, "B": 30}
    for item, there in by_item.items():
        cleared = [one for one in found.values() if "ORD-STOCK" not in outcomes({"x": one})["x"]]
        taken = sum(line.quantity for one in cleared for line in one.facts.lines if line.item_id == item)
        assert taken <= there
    assert scored(database) == found


@pytest.mark.data
@pytest.mark.skipif(not SCMS.exists(), reason="needs ../shared/data")
def test_orders_of_a_real_programme_are_judged_on_any_day(database: Database) -> None:
    with database.write() as session:
        for name in ("sales_orders", "sales_order_lines", "shipments"):
            data = (SCMS / f"{name}.csv").read_bytes()
            load_feed(session, name, data, file_name=f"{name}.csv", actor="system", at=AS_OF)
    with database.read() as session:
        found = score_orders(session, policy(), as_of=AS_OF.replace(year=2010, month=1, day=1))
    assert len(found) > 300
    assert all(one.decision.outcome is Outcome.HOLD for one in found)  # it has no stock to promise
    assert all(one.facts.order.ordered_at <= one.facts.as_of for one in found)
