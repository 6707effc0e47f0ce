import csv
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.audit_log import entries
from core.database import Database
from core.errors import InputError
from ingest.feed_load import FeedLoad, freshness, load_feed, store_feed
from ingest.feeds import FEEDS
from ingest.tables import feed_changes, feed_loads, feed_tables
from tests.ingest.feed_making import SUPPLIERS, csv_file, json_lines, read

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def load(database: Database, name: str, data: bytes, at: datetime = NOON, file_name: str = "file.csv") -> FeedLoad:
    with database.write() as session:
        return load_feed(session, name, data, file_name=file_name, actor="user:anna", at=at)


def stored(database: Database, name: str) -> list[dict[str, Any]]:
    """What the table says, as told by the feed's own columns."""
    table = feed_tables[name]
    with database.read() as session:
        rows = session.all(select(table).order_by(table.c.row_key))
    return [{column: row[column] for column in FEEDS[name].names if row[column] is not None} for row in rows]


def counts(done: FeedLoad) -> tuple[int, int, int, int]:
    return done.rows, done.new, done.changed, done.same


def test_a_feed_is_stored_with_its_types(either_database: Database) -> None:
    data = (
        b"supplier_id,invoice_number,invoice_date,total_with_vat,currency,due_date,disputed,settled_at,x_batch\n"
        b"S1,R-17,2026-11-01,1190.00,EUR,2026-12-01,false,2026-11-20T08:00:00+01:00,7\n"
        b"S1,R-17,2025-11-01,0.10,EUR,,,,\n"
    )
    assert counts(load(either_database, "posted_invoices", data)) == (2, 2, 0, 0)
    older, newer = stored(either_database, "posted_invoices")
    assert older == {
        "supplier_id": "S1",
        "invoice_number": "R-17",
        "invoice_date": date(2025, 11, 1),
        "total_with_vat": Decimal("0.1"),
        "currency": "EUR",
    }
    assert (newer["total_with_vat"], newer["disputed"]) == (Decimal(1190), False)
    assert newer["settled_at"] == datetime(2026, 11, 20, 7, tzinfo=UTC)
    table = feed_tables["posted_invoices"]
    with either_database.read() as session:
        row = session.all(select(table).where(table.c.row_key == "S1/R-17/2026-11-01"))[0]
    assert row["extra"] == {"x_batch": "7"}
    assert row["loaded_at"] == row["changed_at"] == NOON


def test_the_same_file_again_changes_nothing_but_makes_the_feed_fresh(either_database: Database) -> None:
    data = csv_file(SUPPLIERS)
    load(either_database, "suppliers", data)
    before = stored(either_database, "suppliers")
    later = NOON + timedelta(hours=4)
    assert counts(load(either_database, "suppliers", data, later)) == (3, 0, 0, 3)
    assert stored(either_database, "suppliers") == before
    with either_database.read() as session:
        assert session.all(select(feed_changes)) == []
        known = {feed.feed: feed for feed in freshness(session)}
    assert (known["suppliers"].loaded_at, known["suppliers"].rows) == (later, 3)
    assert known["items"].loaded_at is None
    assert list(known) == list(FEEDS)


def test_a_newer_row_replaces_the_older_and_both_are_kept_in_the_log(either_database: Database) -> None:
    load(either_database, "suppliers", csv_file(SUPPLIERS))
    moved = {**SUPPLIERS[0], "iban": "DE75512108001245126199"}
    later = NOON + timedelta(days=1)
    done = load(either_database, "suppliers", csv_file([moved, SUPPLIERS[1]]), later)
    assert counts(done) == (2, 0, 1, 1)
    assert stored(either_database, "suppliers")[0]["iban"] == "DE75512108001245126199"
    table = feed_tables["suppliers"]
    with either_database.read() as session:
        (change,) = session.all(select(feed_changes))
        told = entries(session, subject="feed:suppliers")
        times = session.all(select(table.c.loaded_at, table.c.changed_at).order_by(table.c.row_key))
    assert (change["row_key"], change["load_id"], change["changed_at"]) == ("S1", done.load_id, later)
    assert change["old_row"]["iban"] == SUPPLIERS[0]["iban"]
    assert change["new_row"]["iban"] == moved["iban"]
    assert [(entry.action, entry.payload["new"], entry.payload["changed"]) for entry in told] == [
        ("feed.loaded", 3, 0),
        ("feed.loaded", 0, 1),
    ]
    assert [(row["loaded_at"], row["changed_at"]) for row in times] == [(NOON, later), (NOON, NOON), (NOON, NOON)]


def test_a_file_with_one_bad_row_leaves_nothing_behind(either_database: Database) -> None:
    load(either_database, "suppliers", csv_file(SUPPLIERS[:1]))
    bad = csv_file([*SUPPLIERS, {"supplier_id": "", "name": "Nobody", "vat_id": "", "iban": ""}])
    with pytest.raises(InputError, match="FEED-REJECTED"):
        load(either_database, "suppliers", bad, NOON + timedelta(days=1))
    assert len(stored(either_database, "suppliers")) == 1
    with either_database.read() as session:
        assert len(entries(session)) == 1
        assert len(session.all(select(feed_loads))) == 1
        assert freshness(session)[0].loaded_at == NOON


def test_each_load_is_kept_with_its_file_and_counts(database: Database) -> None:
    load(database, "suppliers", csv_file(SUPPLIERS), file_name="/exports/Lieferanten.csv")
    with database.read() as session:
        (row,) = session.all(select(feed_loads))
    assert (row["feed"], row["file_name"], row["loaded_by"]) == ("suppliers", "Lieferanten.csv", "user:anna")
    assert (row["rows"], row["rows_new"], row["rows_changed"], row["rows_same"]) == (3, 3, 0, 0)


def test_which_rows_changed_can_be_proved_whatever_their_order(database: Database) -> None:
    hashes = []
    for rows in (SUPPLIERS, SUPPLIERS[::-1]):
        with pytest.raises(RuntimeError), database.write() as session:
            load_feed(session, "suppliers", csv_file(rows), file_name="f", actor="system", at=NOON)
            hashes.append(entries(session, subject="feed:suppliers")[0].payload["keys_hash"])
            raise RuntimeError("roll back")
    assert hashes[0] == hashes[1]


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "order_id": st.sampled_from(["O1", "O/1", "O", "é"]),
            "line_number": st.sampled_from(["1", "2", "1/1", "~"]),
            "item_id": st.sampled_from(["I1", "I2"]),
            "quantity": st.decimals(min_value=-1000, max_value=1000, places=3).map(str),
            "unit_price": st.sampled_from(["", "0", "1.5"]),
            "x_note": st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]), max_size=5),
        }
    ),
    max_size=8,
    unique_by=lambda row: (row["order_id"], row["line_number"]),
)


@pytest.mark.law
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.data(), ROWS.filter(bool))
def test_a_shuffled_file_loaded_again_changes_nothing(
    database: Database, data: st.DataObject, rows: list[dict[str, Any]]
) -> None:
    load(database, "sales_order_lines", json_lines(rows))
    before = stored(database, "sales_order_lines")
    shuffled = data.draw(st.permutations(rows))
    again = load(database, "sales_order_lines", csv_file(shuffled))
    assert counts(again) == (len(rows), 0, 0, len(rows))
    assert stored(database, "sales_order_lines") == before


@pytest.mark.law
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(ROWS.filter(bool), min_size=1, max_size=4))
def test_after_any_loads_the_table_holds_the_last_word_on_each_key(
    database: Database, files: list[list[dict[str, Any]]]
) -> None:
    expected = {(row["order_id"], row["line_number"]): row for row in stored(database, "sales_order_lines")}
    for rows in files:
        known = set(expected)
        done = load(database, "sales_order_lines", csv_file(rows))
        for row in rows:
            told = {name: value for name, value in row.items() if value and name != "x_note"}
            told["quantity"] = Decimal(row["quantity"])
            if row["unit_price"]:
                told["unit_price"] = Decimal(row["unit_price"])
            expected[row["order_id"], row["line_number"]] = told
        assert done.new == len(set(expected) - known)
        assert done.new + done.changed + done.same == len(rows)
    now = {(row["order_id"], row["line_number"]): row for row in stored(database, "sales_order_lines")}
    assert now == expected
    with database.read() as session:
        fresh = {feed.feed: feed.rows for feed in freshness(session)}
    assert fresh["sales_order_lines"] == len(expected)


def test_many_rows_in_many_handfuls_are_sorted_into_new_changed_and_same(either_database: Database) -> None:
    def rows(count: int, quantity: str) -> list[dict[str, str]]:
        return [
            {"item_id": f"I{number % 50}", "location_id": f"L{number}", "date": "2026-11-01", "quantity": quantity}
            for number in range(count)
        ]

    assert counts(load(either_database, "demand", csv_file(rows(2500, "1")))) == (2500, 2500, 0, 0)
    mixed = csv_file([*rows(1200, "2"), *rows(3000, "1")[1200:]])
    assert counts(load(either_database, "demand", mixed)) == (3000, 500, 1200, 1300)
    with either_database.read() as session:
        assert len(session.all(select(feed_changes.c.row_key))) == 1200


def test_two_loads_of_a_feed_at_once_agree(either_database: Database) -> None:
    file = read("suppliers", csv_file(SUPPLIERS))
    done: list[FeedLoad] = []

    def work() -> None:
        with either_database.write() as session:
            done.append(store_feed(session, file, actor="system", at=NOON))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.new for one in done) == [0, 0, 0, 3]
    assert len(stored(either_database, "suppliers")) == 3


@pytest.mark.data
@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("scms/sales_orders.csv", 7608),
        ("scms/sales_order_lines.csv", 7608),
        ("scms/shipments.csv", 7608),
        ("incidents/exceptions.csv", 17216),
        ("online_retail/items.csv", 3914),
    ],
)
def test_real_csv_feeds_load_to_the_last_cell(database: Database, data_folder: Path, path: str, rows: int) -> None:
    file = data_folder / "feeds" / path
    name = file.stem
    assert counts(load(database, name, file.read_bytes())) == (rows, rows, 0, 0)
    with file.open(encoding="utf-8", newline="") as text:
        expected = {
            "/".join(row[column] for column in FEEDS[name].key): {
                column: cell.strip() for column, cell in row.items() if cell.strip() and not column.startswith("x_")
            }
            for row in csv.DictReader(text)
        }
    table = feed_tables[name]
    with database.read() as session:
        found = {row["row_key"]: row for row in session.all(select(table))}
    assert set(found) == set(expected)
    for key, cells in expected.items():
        told = {column: found[key][column] for column in FEEDS[name].names if found[key][column] is not None}
        assert told.keys() == cells.keys()
        assert all(says_the_same(told[column], cell) for column, cell in cells.items()), (key, told, cells)


@pytest.mark.data
@pytest.mark.parametrize("path", ["online_retail/demand.parquet", "orange_juice/demand.parquet"])
def test_real_parquet_feeds_load_as_pandas_reads_them(database: Database, data_folder: Path, path: str) -> None:
    import pandas as pd

    file = data_folder / "feeds" / path
    expected = pd.read_parquet(file)
    done = load(database, "demand", file.read_bytes())
    assert counts(done) == (len(expected), len(expected), 0, 0)
    assert set(done.renamed) == {"orders", "week"} & set(expected.columns)
    table = feed_tables["demand"]
    some = expected.iloc[::97]
    keys = [f"{row.item_id}/{row.location_id}/{row.date}" for row in some.itertuples()]
    with database.read() as session:
        query = select(table.c.row_key, table.c.quantity).where(table.c.row_key.in_(keys))
        found = {row["row_key"]: row["quantity"] for row in session.all(query)}
    assert [found[key] for key in keys] == [Decimal(str(quantity)) for quantity in some["quantity"]]


def says_the_same(value: object, cell: str) -> bool:
    """Whether a stored value is what a cell says, by other means than the loader's."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) == datetime.fromisoformat(cell)
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, int | Decimal):
        return float(value) == pytest.approx(float(cell), abs=1e-12)
    return str(value) == cell
