import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ClearholdError, InputError, TooLargeError
from ingest.feed_cells import (
    Cell,
    CellError,
    boolean_value,
    date_value,
    decimal_value,
    extra_value,
    instant_value,
    integer_value,
    text_value,
)
from ingest.feed_files import FeedRejectedError, read_feed
from ingest.feeds import FEEDS
from tests.ingest.feed_making import SUPPLIERS, csv_file, json_lines, parquet_file, read, told

LINES = b"po_number,line_number,item_id,quantity,unit_price\n4500012,1,I1,3,1.50\n"


def refused(name: str, data: bytes, **more: Any) -> ClearholdError:
    with pytest.raises(InputError) as caught:
        read(name, data, **more)
    assert caught.value.remedy
    return caught.value


def rejected(name: str, data: bytes) -> list[tuple[int, str | None, str]]:
    error = refused(name, data)
    assert isinstance(error, FeedRejectedError)
    assert error.code == "FEED-REJECTED"
    return [(row.line, row.column, row.reason) for row in error.rejected]


def test_the_feeds_are_those_of_the_interface() -> None:
    assert len(FEEDS) == 15
    assert FEEDS["purchase_order_lines"].key == ("po_number", "line_number")
    assert FEEDS["suppliers"].required == ("supplier_id", "name")
    for spec in FEEDS.values():
        assert spec.key
        assert len(set(spec.names)) == len(spec.names)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_is_read_whatever_its_delimiter_and_mark(delimiter: str, encoding: str) -> None:
    file = read("suppliers", csv_file(SUPPLIERS, delimiter, encoding))
    assert [row["name"] for row in told(file)] == ["Nordlicht GmbH", "Atelier Blanc", "Olive & Söhne"]
    assert told(file)[1] == {"supplier_id": "S2", "name": "Atelier Blanc", "vat_id": "FR40303265045"}


def test_the_same_rows_mean_the_same_in_all_three_formats() -> None:
    rows = [
        {"item_id": "I1", "location_id": "L1", "date": "2026-11-23", "quantity": "3.5", "on_promotion": "true"},
        {"item_id": "I2", "location_id": "L1", "date": "2026-11-24", "quantity": "0", "on_promotion": "false"},
    ]
    plain = read("demand", csv_file(rows))
    typed = [{**row, "quantity": float(row["quantity"]), "on_promotion": row["on_promotion"] == "true"} for row in rows]
    lines = read("demand", json_lines(typed))
    columns = {name: [row[name] for row in typed] for name in typed[0]}
    columns["date"] = [date(2026, 11, 23), date(2026, 11, 24)]
    packed = read("demand", parquet_file(columns))
    assert told(plain) == told(lines) == told(packed)
    hashes = [[row.row_hash for row in file.rows] for file in (plain, lines, packed)]
    assert hashes[0] == hashes[1] == hashes[2]


def test_quotes_keep_delimiters_and_line_ends_inside_a_cell() -> None:
    data = b'supplier_id,name\r\nS1,"Bolt, Nut\r\n& Sons"\r\n\r\nS2,"say ""x"""\r\n'
    file = read("suppliers", data)
    assert [row["name"] for row in told(file)] == ["Bolt, Nut\r\n& Sons", 'say "x"']
    assert [row.line for row in file.rows] == [2, 5]


def test_a_feed_without_rows_is_a_feed() -> None:
    assert read("erp_blocks", b"document_ref,reason,blocked_at\n").rows == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FEED-EMPTY"),
        (b"\xef\xbb\xbf \n\n", "FEED-EMPTY"),
        (b",,,\n\x0b\n", "FEED-EMPTY"),
        (b"supplier_id\nS1\n", "FEED-COLUMNS"),
        (b"Supplier ID,Name\nS1,x\n", "FEED-COLUMNS"),
        (b"supplier_id,name,name\nS1,x,y\n", "FEED-COLUMN-TWICE"),
        (b"supplier_id,name,vat-id\nS1,x,y\n", "FEED-COLUMN-UNKNOWN"),
        (b"supplier_id,name,contry\nS1,x,y\n", "FEED-COLUMN-UNKNOWN"),
        (b"supplier_id,name,Name\nS1,x,y\n", "FEED-COLUMN-UNKNOWN"),
        (b",supplier_id,name\n0,S1,x\n", "FEED-COLUMN-UNKNOWN"),
        (b"supplier_id,name,score,x_score\nS1,x,1,2\n", "FEED-COLUMN-UNKNOWN"),
        (b"supplier_id,name," + b",".join(b"x_%d" % n for n in range(300_000)), "FEED-COLUMN-UNKNOWN"),
        (b'\xef\xbb\xbf[{"supplier_id": "S1"}]', "FEED-FORMAT"),
        ("supplier_id,name\nS1,Söhne\n".encode("cp1252"), "FEED-ENCODING"),
        ("supplier_id,name\nS1,x\n".encode("utf-16"), "FEED-ENCODING"),
        ("supplier_id,name\nS1,x\n".encode("utf-16-le"), "FEED-ENCODING"),
        (b'supplier_id,name\nS1,"never closed\n', "FEED-BROKEN"),
        (b'supplier_id,name\nS1,"a"b\n', "FEED-BROKEN"),
        (b"supplier_id,name\nS1," + b"x" * 200_000 + b"\n", "FEED-BROKEN"),
        (b"PK\x03\x04rest of an Excel file", "FEED-FORMAT"),
        (b"\x1f\x8b\x08", "FEED-FORMAT"),
        (b'[{"supplier_id": "S1"}]', "FEED-FORMAT"),
        (b"%PDF-1.7", "FEED-FORMAT"),
        (b"<html></html>", "FEED-FORMAT"),
        (b"PAR1 and nothing else", "FEED-BROKEN"),
        (b"PAR1", "FEED-BROKEN"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_feed_is_refused_with_its_code(data: bytes, code: str) -> None:
    assert refused("suppliers", data).code == code


def test_a_missing_column_is_named_and_so_is_the_one_that_may_be_meant() -> None:
    message = refused("suppliers", b"Supplier ID,name\nS1,x\n").message
    assert "supplier_id (is it 'Supplier ID'?)" in message


def test_an_unknown_feed_is_refused_with_the_known_ones() -> None:
    error = refused("supliers", b"x")
    assert error.code == "FEED-UNKNOWN"
    assert "purchase_orders" in error.remedy


def test_unknown_columns_of_ones_own_are_kept_as_x_columns() -> None:
    file = read("demand", b"item_id,location_id,date,quantity,week,x_feature\nI1,L1,2026-11-23,1,48, 0.5 \n")
    assert file.renamed == ("week",)
    assert file.rows[0].extra == {"x_week": "48", "x_feature": "0.5"}


def test_each_row_that_is_not_sound_is_listed_with_line_column_and_reason() -> None:
    data = (
        b"po_number,line_number,item_id,quantity,unit_price,promised_at\n"
        b"1,1,I1,3,1.50,\n"
        b"1,2,I1,three,1.50,\n"
        b'1,3,I1,"3,5",1.50,\n'
        b"1,,I1,3,1.50,\n"
        b"1,4,I1,3,1.50,23.11.2026\n"
        b"1,5,I1,3\n"
        b"1,6,I1,nan,1,\n"
    )
    found = rejected("purchase_order_lines", data)
    assert [(line, column) for line, column, _ in found] == [
        (3, "quantity"),
        (4, "quantity"),
        (5, "line_number"),
        (6, "promised_at"),
        (7, None),
        (8, "quantity"),
    ]
    reasons = [reason for _, _, reason in found]
    assert reasons[0] == "is 'three', and should be a decimal with a point, such as 1234.50"
    assert reasons[2] == "is required and is empty"
    assert "2026-11-23" in reasons[3]
    assert reasons[4] == "has 4 cells, and the header has 6"


def test_very_many_bad_rows_are_counted_and_the_first_listed() -> None:
    error = refused("items", b"item_id,unit_price\n" + b"".join(b"I%d,x\n" % n for n in range(1500)))
    assert isinstance(error, FeedRejectedError)
    assert (error.total, len(error.rejected)) == (1500, 1000)
    assert error.message.startswith("1,500 of 1,500 rows")


def test_the_same_key_with_other_content_is_rejected_and_an_exact_repeat_is_not() -> None:
    again = LINES + LINES.splitlines(keepends=True)[1]
    file = read("purchase_order_lines", again)
    assert (len(file.rows), file.repeated) == (1, 1)
    assert rejected("purchase_order_lines", again.replace(b"1.50", b"1.60", 1)) == [
        (3, "po_number, line_number", "names the same row as line 2 and differs")
    ]


def test_numbers_written_differently_are_the_same_content() -> None:
    file = read("purchase_order_lines", LINES + b"4500012,1,I1,3.00,1.5\n")
    assert file.repeated == 1


def test_keys_with_slashes_stay_apart() -> None:
    rows = [
        {"po_number": po, "line_number": line, "item_id": "I", "quantity": "1", "unit_price": "1"}
        for po, line in (("A/B", "C"), ("A", "B/C"), ("A~1B", "C"))
    ]
    file = read("purchase_order_lines", csv_file(rows))
    assert len({row.row_key for row in file.rows}) == 3


def test_an_event_without_a_place_is_another_than_the_same_at_one_place() -> None:
    file = read("events", b"date,name,location_id\n2026-12-24,Christmas,\n2026-12-24,Christmas,L1\n")
    assert [row.row_key for row in file.rows] == ["2026-12-24/Christmas/", "2026-12-24/Christmas/L1"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "is not JSON"),
        (b'{"supplier_id": "S1", "name": NaN}', "is not JSON"),
        (b'{"supplier_id": "S1", "supplier_id": "S2", "name": "x"}', "is not JSON: a column is named twice"),
        (b"[1, 2]", "is not an object"),
        (b'{"supplier_id": "S1", "name": {"a": 1}}', "holds a list or an object"),
        (b'{"supplier_id": "S1", "name": "\\ud800"}', "half a character"),
        (b'{"supplier_id": "S1", "name": "a\\u0000b"}', "zero character"),
        (b'{"supplier_id": "S1", "name": 1.5}', "should be text"),
        (b'{"supplier_id": "S1", "name": true}', "should be text"),
        (b'{"supplier_id": "S1"}', "is required and is empty"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"supplier_id": ' + b"9" * 5000 + b', "name": "x"}', "is not JSON"),
    ],
)  # fmt: skip
def test_a_json_line_that_is_not_sound_is_rejected(line: bytes, reason: str) -> None:
    found = rejected("suppliers", b'{"supplier_id": 4711, "name": "Good"}\n' + line + b"\n")
    assert [row[0] for row in found] == [2]
    assert reason in found[0][2]


def test_whole_numbers_may_name_things_in_json() -> None:
    assert told(read("suppliers", b'{"supplier_id": 4711, "name": "x"}'))[0]["supplier_id"] == "4711"


def test_parquet_types_are_understood() -> None:
    data = parquet_file(
        {
            "order_id": pl.Series(["O1", "O2"], dtype=pl.Categorical),
            "ordered_at": pl.Series(["2026-01-01T12:00", "2026-01-02T00:00"]).str.to_datetime(time_unit="ns"),
            "promised_at": pl.Series([datetime(2026, 7, 1, tzinfo=UTC)] * 2).dt.convert_time_zone("Europe/Berlin"),
            "order_value": pl.Series([Decimal("1.10"), None], dtype=pl.Decimal(12, 2)),
            "x_weight": pl.Series([0.1, 0.2], dtype=pl.Float32),
            "currency": pl.Series([None, None], dtype=pl.Null),
        }
    )
    first, second = told(read("sales_orders", data))
    assert first["ordered_at"] == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert first["promised_at"].tzinfo is UTC
    assert first["order_value"] == Decimal("1.10")
    assert (first["x_weight"], second["x_weight"]) == ("0.1", "0.2")
    assert "order_value" not in second and "currency" not in second


def test_a_parquet_column_of_lists_is_refused() -> None:
    assert refused("items", parquet_file({"item_id": ["a"], "status": [["x"]]})).code == "FEED-COLUMN-TYPE"


def test_a_file_over_the_limit_of_rows_is_refused_in_every_format() -> None:
    rows = [{"item_id": f"I{number}"} for number in range(11)]
    for data in (csv_file(rows), json_lines(rows), parquet_file({"item_id": [row["item_id"] for row in rows]})):
        assert refused("items", data, max_rows=10).code == "FEED-TOO-LARGE"
        assert len(read("items", data, max_rows=11).rows) == 11


def test_a_parquet_bomb_is_refused_in_its_child() -> None:
    file = io.BytesIO()
    pl.select(item_id=pl.lit("x" * 20_000), number=pl.int_range(100_000)).lazy().collect().write_parquet(file)
    assert len(file.getvalue()) < 10_000_000
    with pytest.raises(TooLargeError, match="FEED-TOO-LARGE"):
        read_feed("items", file.getvalue(), file_name="bomb.parquet")


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (text_value, "  x ", "x"),
        (text_value, "   ", None),
        (text_value, None, None),
        (text_value, 17, "17"),
        (decimal_value, " 1234.50 ", Decimal("1234.5")),
        (decimal_value, "-.5", Decimal("-0.5")),
        (decimal_value, "1e3", Decimal(1000)),
        (decimal_value, 0.1, Decimal("0.1")),
        (decimal_value, 3, Decimal(3)),
        (decimal_value, "", None),
        (integer_value, "30.0", 30),
        (integer_value, 30, 30),
        (integer_value, "", None),
        (date_value, "2026-11-23", date(2026, 11, 23)),
        (date_value, "2026-11-23T00:00:00", date(2026, 11, 23)),
        (date_value, datetime(2026, 11, 23, tzinfo=UTC), date(2026, 11, 23)),
        (date_value, "", None),
        (instant_value, "2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        (instant_value, date(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)),
        (instant_value, "2026-11-23 10:12", datetime(2026, 11, 23, 10, 12, tzinfo=UTC)),
        (instant_value, "2026-11-23T10:12:00+02:00", datetime(2026, 11, 23, 8, 12, tzinfo=UTC)),
        (instant_value, "2026-11-23T10:12:00Z", datetime(2026, 11, 23, 10, 12, tzinfo=UTC)),
        (boolean_value, "Yes", True),
        (boolean_value, 0, False),
        (boolean_value, "", None),
        (extra_value, True, "true"),
        (extra_value, 0.50, "0.5"),
        (extra_value, float("nan"), None),
        (extra_value, Decimal("1.50"), "1.5"),
        (extra_value, date(2026, 1, 1), "2026-01-01"),
        (extra_value, datetime.fromisoformat("2026-01-01"), "2026-01-01T00:00:00.000000Z"),
    ],
)  # fmt: skip
def test_a_cell_becomes_its_value(parse: Callable[[Cell], object], cell: Cell, value: object) -> None:
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        *((decimal_value, text) for text in ("1,5", "1_000", "٣", "inf", "1.234.5", "12 EUR", "1e99", "0." + "1" * 40)),
        (decimal_value, float("inf")),
        (decimal_value, True),
        (integer_value, "1.5"),
        (integer_value, str(2**63)),
        *((date_value, text) for text in ("23.11.2026", "11/23/2026", "2026-02-30", "2026-11-23T10:00", "0001-01-01")),
        *((instant_value, text) for text in ("yesterday", "2026-13-01", "9999-12-31T23:59:59-10:00", 5)),
        (boolean_value, "maybe"),
        (boolean_value, 2),
        (text_value, "x" * 10_001),
        (extra_value, "a\x00"),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_of_its_type_is_never_guessed(parse: Callable[[Cell], object], cell: Cell) -> None:
    with pytest.raises(CellError):
        parse(cell)


@pytest.mark.law
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_every_decimal_survives_its_text(value: Decimal) -> None:
    assert decimal_value(str(value)) == value


@pytest.mark.law
@given(st.integers(-(10**9), 10**10), st.integers(-840, 840))
def test_every_instant_is_the_same_instant_in_utc(milliseconds: int, minutes: int) -> None:
    instant = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    local = instant.astimezone(timezone(timedelta(minutes=minutes)))
    assert instant_value(local.isoformat()) == local


@pytest.mark.law
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"supplier_id,name\n", b'{"supplier_id": "1", "name": ', b"PAR1"])
)
def test_any_bytes_are_rows_or_an_error_with_a_code(data: bytes, start: bytes) -> None:
    code = "FEED-"
    try:
        read("suppliers", start + data)
    except InputError as error:
        code = error.code
    assert code.startswith("FEED-")
