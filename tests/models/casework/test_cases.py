"""Cases in the order things became known, and counts that forget."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.casework.cases import SECONDS_A_DAY, casebook, last_known, walk
from models.casework.rates import LONG_DAYS, SHORT_DAYS, Memory, Table
from tests.models.casework.builders import desk


def test_a_case_says_when_it_was_opened_in_utc() -> None:
    case = casebook(desk(5)).cases[0]
    at = datetime.fromtimestamp(case.opened * SECONDS_A_DAY, UTC)
    assert case.weekday == at.weekday()
    assert case.hour == pytest.approx(at.hour + at.minute / 60)


def test_what_ends_at_the_instant_another_is_opened_is_not_known_to_it() -> None:
    frame = desk(2).with_columns(
        opened_at=pl.Series([datetime(2025, 1, 6, tzinfo=UTC), datetime(2025, 1, 7, tzinfo=UTC)]),
        resolved_at=pl.Series([datetime(2025, 1, 7, tzinfo=UTC), datetime(2025, 1, 8, tzinfo=UTC)]),
    )
    book = casebook(frame)
    assert list(walk(book.cases, book.endings)) == [(0, False), (1, False), (0, True), (1, True)]


def test_a_case_that_ended_before_it_was_opened_does_not_know_its_own_end() -> None:
    frame = desk(1).with_columns(resolved_at=pl.col("opened_at") - timedelta(days=3))
    book = casebook(frame)
    assert list(walk(book.cases, book.endings)) == [(0, False), (0, True)]


def test_an_open_case_has_no_ending_whatever_its_other_columns_say() -> None:
    frame = desk(1).with_columns(resolved_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    assert casebook(frame).endings == (None,)
    assert last_known(casebook(frame).endings) is None


def test_a_feed_without_its_optional_columns_is_cases_that_say_nothing() -> None:
    book = casebook(desk(3).drop("x_symptom", "priority"))
    assert {len(case.says) for case in book.cases} == {len(book.cases[0].says)}


def test_after_a_half_life_a_case_counts_half() -> None:
    memory, table = Memory(), Table()
    table.add("key", "team", memory.weights(0.0))
    short, long = table.total("key")
    assert short * memory.scales(SHORT_DAYS)[0] == pytest.approx(0.5)
    assert long * memory.scales(LONG_DAYS)[1] == pytest.approx(0.5)


@pytest.mark.law
@given(st.lists(st.floats(0, 5_000), min_size=1, max_size=8).map(sorted))
def test_bringing_counts_back_changes_no_share(days: list[float]) -> None:
    memory, table, plain = Memory(), Table(), [0.0, 0.0]
    for day in days:
        if memory.is_full(day):
            table.shrink(memory.scales(day))
            memory.since = day
        table.add("key", "team", memory.weights(day))
    last = days[-1]
    for day in days:
        plain[0] += 0.5 ** ((last - day) / SHORT_DAYS)
        plain[1] += 0.5 ** ((last - day) / LONG_DAYS)
    scales = memory.scales(last)
    assert [value * scale for value, scale in zip(table.outcomes("key")["team"], scales, strict=True)] == pytest.approx(
        plain
    )
