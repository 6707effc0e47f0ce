"""How a demand feed becomes series and periods, and what is said of what had to be put right."""

from datetime import timedelta

import numpy as np
import polars as pl

from models.demand.panel import panel_of
from tests.models.demand.worlds import FIRST, daily_feed, feed, weekly_feed

DAY = timedelta(days=1)


def test_days_without_a_row_are_without_demand_from_the_first_row_to_the_feeds_last_day() -> None:
    panel = panel_of(
        feed([("A", "S", FIRST, 1.0), ("B", "S", FIRST + DAY, 2.0), ("A", "S", FIRST + 3 * DAY, 5.0)]), ahead=1
    )
    assert panel is not None and panel.step_days == 1
    np.testing.assert_array_equal(panel.quantity[0], [1, 0, 0, 5, np.nan])
    np.testing.assert_array_equal(panel.quantity[1], [np.nan, 2, 0, 0, np.nan])


def test_days_up_to_the_one_asked_for_are_without_demand_where_the_feed_goes_on_after_it() -> None:
    rows = feed([("A", "S", FIRST, 1.0), ("A", "S", FIRST + 9 * DAY, 5.0)])
    panel = panel_of(rows, until=FIRST + 4 * DAY)
    assert panel is not None and panel.periods == 5
    assert panel.quantity[0].tolist() == [1, 0, 0, 0, 0]


def test_a_feed_with_rows_on_one_weekday_is_weekly_and_its_missing_weeks_are_not_known() -> None:
    rows = weekly_feed(weeks=10).filter(pl.col("date") != FIRST + timedelta(weeks=3))
    panel = panel_of(rows)
    assert panel is not None and panel.step_days == 7 and panel.periods == 10
    assert np.isnan(panel.quantity[:, 3]).all() and not np.isnan(panel.quantity[:, 4]).any()


def test_prices_are_a_plan_only_where_rows_stand_whatever_was_sold() -> None:
    weekly, daily = panel_of(weekly_feed()), panel_of(daily_feed())
    assert weekly is not None and weekly.is_planned
    assert daily is not None and not daily.is_planned


def test_returns_repeats_and_what_is_no_number_are_put_right_and_told() -> None:
    rows = feed(
        [
            ("A", "S", FIRST, 1.0),
            ("A", "S", FIRST, 3.0),
            ("A", "S", FIRST + DAY, -4.0),
            ("A", "S", FIRST + 2 * DAY, float("nan")),
            ("A", "S", FIRST + 3 * DAY, 2.0),
        ]
    )
    panel = panel_of(rows)
    assert panel is not None
    assert panel.quantity[0, [0, 1, 3]].tolist() == [3, 0, 2]
    told = " ".join(panel.notes)
    assert "repeat" in told and "negative" in told and "no number" in told


def test_days_out_of_stock_are_not_known() -> None:
    rows = feed([("A", "S", FIRST + n * DAY, 4.0) for n in range(5)])
    rows = rows.with_columns((pl.col("date") == FIRST + 2 * DAY).alias("stocked_out"))
    panel = panel_of(rows)
    assert panel is not None
    assert np.isnan(panel.quantity[0, 2]) and panel.quantity[0, 1] == 4
    assert any("out of stock" in note for note in panel.notes)


def test_a_day_on_which_a_busy_feed_is_silent_is_a_gap_and_not_a_day_without_demand() -> None:
    rows = feed([(f"I{item}", "S", FIRST + n * DAY, 1.0) for item in range(60) for n in range(28) if n != 15])
    panel = panel_of(rows)
    assert panel is not None
    assert np.isnan(panel.quantity[:, 15]).all()
    assert any("not known" in note for note in panel.notes)


def test_a_feed_without_rows_has_no_panel() -> None:
    assert panel_of(feed([])) is None


def test_holidays_are_those_of_the_places_country_and_events_those_of_the_place() -> None:
    rows = feed([("A", "DE1", FIRST + n * DAY, 1.0) for n in range(150)] + [("A", "XX", FIRST, 1.0)])
    places = pl.DataFrame({"location_id": ["DE1", "XX"], "country": ["de", None]})
    events = pl.DataFrame({"date": [FIRST + 7 * DAY], "name": ["fair"], "location_id": ["DE1"], "category": [None]})
    panel = panel_of(rows, locations=places, events=events)
    assert panel is not None
    facts = {place: panel.calendar.facts[panel.countries[at]] for at, place in enumerate(panel.places)}
    first_of_may = (FIRST.replace(month=5, day=1) - FIRST).days
    assert facts["DE1"][first_of_may, 3] == 1 and facts["XX"][first_of_may, 3] == 0
    assert facts["DE1"][7, 6] == 1 and facts["XX"][7, 6] == 0
