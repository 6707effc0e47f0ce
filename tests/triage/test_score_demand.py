"""Odd demand of the last weeks becomes alerts with money and reasons, with a model and without one."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.errors import InputError
from ingest.feed_frames import FolderFrames
from tests.models.demand.worlds import FIRST, daily_feed, feed
from triage.score_demand import ScoredDemand, score_demand

LAST = FIRST + timedelta(days=119)


@dataclass(frozen=True)
class Feeds:
    """Demand and items; no other feed."""

    demand: pl.DataFrame
    empty: FolderFrames

    def frame(self, feed: str) -> pl.DataFrame:
        if feed == "demand":
            return self.demand
        if feed == "items":
            items = self.demand["item_id"].unique().sort()
            rows = [
                {"item_id": item, "category": "ODD" if item > "I05" else "EVEN", "unit_price": 3.0} for item in items
            ]
            return pl.DataFrame(rows)
        return self.empty.frame(feed)


def _score(demand: pl.DataFrame, folder: Path, *, as_of: date = LAST, alerts: int = 5) -> ScoredDemand:
    return score_demand(Feeds(demand, FolderFrames(folder)), None, as_of=as_of, alerts=alerts)


def test_a_spike_is_the_dearest_alert_and_says_what_was_expected_and_why(tmp_path: Path) -> None:
    spiked = (pl.col("item_id") == "I10") & (pl.col("date") == LAST - timedelta(days=3))
    rows = daily_feed().with_columns(pl.when(spiked).then(900.0).otherwise(pl.col("quantity")).alias("quantity"))
    scored = _score(rows, tmp_path)
    alert = scored.alerts[0]
    assert (alert.item_id, alert.kind, alert.first) == ("I10", "spike", LAST - timedelta(days=3))
    assert alert.actual == 900 and alert.high < 100 and alert.money > 800 * 12
    assert alert.planner == "ODD" and alert.reasons and alert.model == "statistical"
    assert any("no demand model" in note for note in scored.notes)
    assert (scored.judged_from, scored.judged_to) == (LAST - timedelta(days=27), LAST)


def test_what_came_after_the_day_is_not_looked_at(tmp_path: Path) -> None:
    as_of = LAST - timedelta(days=20)
    later = pl.when(pl.col("date") > as_of).then(5000.0).otherwise(pl.col("quantity"))
    rows = daily_feed()
    invented = rows.with_columns(later.alias("quantity"))
    assert _score(invented, tmp_path, as_of=as_of) == _score(rows, tmp_path, as_of=as_of)


def test_each_planner_gets_no_more_alerts_than_there_is_time_for(tmp_path: Path) -> None:
    late = pl.col("date") == LAST - timedelta(days=3)
    rows = daily_feed().with_columns(pl.when(late).then(900.0).otherwise(pl.col("quantity")).alias("quantity"))
    scored = _score(rows, tmp_path, alerts=2)
    assert sorted(alert.planner for alert in scored.alerts) == ["EVEN", "EVEN", "ODD", "ODD"]
    assert scored.found > 4
    assert [alert.money for alert in scored.alerts] == sorted((alert.money for alert in scored.alerts), reverse=True)


@pytest.mark.parametrize("rows", [feed([]), feed([("A", "S", FIRST, 1.0)])])
def test_a_feed_too_short_to_expect_anything_is_refused_in_words(rows: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        _score(rows, tmp_path)
    assert refused.value.code == "SCORE-DEMAND"
