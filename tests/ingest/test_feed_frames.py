"""Feeds as columns: the same from a folder of files and from the database they were loaded into."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.database import Database
from core.errors import InputError
from ingest.feed_files import read_feed
from ingest.feed_frames import DatabaseFrames, FolderFrames
from ingest.feed_load import store_feed

DEMAND = (
    b"item_id,location_id,date,quantity,unit_price,on_promotion,x_color\n"
    b"A,L1,2026-01-02,3.5,1.20,true,red\nA,L1,2026-01-01,2,,no,\nB,L1,2026-01-01,-1,9,,blue\n"
)
ORDERS = (
    b"order_id,ordered_at,promised_at\nO1,2026-01-02T03:04:05+02:00,2026-02-01\n"
    b"O2,2026-01-02 03:04,2026-02-01T00:00:00.5Z\n"
)


def _folder(path: Path) -> FolderFrames:
    (path / "demand.csv").write_bytes(DEMAND)
    (path / "sales_orders.csv").write_bytes(ORDERS)
    return FolderFrames(path)


def test_files_are_read_as_the_columns_of_the_feed(tmp_path: Path) -> None:
    demand = _folder(tmp_path).frame("demand")
    assert demand["date"].to_list() == [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1)]
    assert demand["quantity"].to_list() == [2.0, 3.5, -1.0]
    assert demand["on_promotion"].to_list() == [False, True, None]
    assert demand["stocked_out"].to_list() == [None, None, None]
    assert demand["x_color"].to_list() == [None, "red", "blue"]


def test_instants_come_in_utc_with_and_without_a_zone(tmp_path: Path) -> None:
    orders = _folder(tmp_path).frame("sales_orders")
    assert orders["ordered_at"].to_list() == [
        datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC),
        datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    ]
    assert orders["promised_at"].to_list()[1] == datetime(2026, 2, 1, 0, 0, 0, 500_000, tzinfo=UTC)


def test_the_database_gives_the_same_columns_as_the_files_loaded_into_it(
    tmp_path: Path, either_database: Database
) -> None:
    folder = _folder(tmp_path)
    for feed, data in (("demand", DEMAND), ("sales_orders", ORDERS)):
        with either_database.write() as session:
            file = read_feed(feed, data, file_name=f"{feed}.csv")
            store_feed(session, file, actor="test", at=datetime(2026, 3, 1, tzinfo=UTC))
        with either_database.read() as session:
            found = DatabaseFrames(session).frame(feed)
        assert_frame_equal(found, folder.frame(feed))


def test_a_feed_that_was_never_loaded_has_its_columns_and_no_rows(tmp_path: Path, either_database: Database) -> None:
    with either_database.read() as session:
        found = DatabaseFrames(session).frame("shipments")
    assert_frame_equal(found, FolderFrames(tmp_path).frame("shipments"))
    assert found.schema["shipped_at"] == pl.Datetime("us", "UTC")


def test_a_cell_that_is_no_number_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "demand.csv").write_bytes(DEMAND.replace(b"3.5", b"many"))
    with pytest.raises(InputError) as refused:
        FolderFrames(tmp_path).frame("demand")
    assert refused.value.code == "FEED-REJECTED"
