"""Replenishment is learnt from what was known, and judged on what came: beside today's rule and hindsight."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from core.errors import InputError
from ingest.feed_frames import FolderFrames
from models.replenishment.learnt import learnt_of, learnt_to_json
from training.predictions.outcome import Outcome, Period
from training.predictions.replenishment import run
from training.predictions.replenishment.backtest import Walk, cheapest_in_hindsight, walk
from training.predictions.replenishment.ways import MODEL

SINCE = date(2026, 1, 5)
UNTIL = SINCE + timedelta(days=109)


class Given:
    """Frames that are given; feeds that are not are empty."""

    def __init__(self, frames: Mapping[str, pl.DataFrame], folder: FolderFrames) -> None:
        self._frames, self._folder = frames, folder

    def frame(self, feed: str) -> pl.DataFrame:
        """A feed."""
        return self._frames[feed] if feed in self._frames else self._folder.frame(feed)


def demand(items: int = 5, days: int = 150) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    rows = [
        {
            "item_id": f"I{item}",
            "location_id": "W",
            "date": SINCE + timedelta(days=at),
            "quantity": float(wanted),
            "stocked_out": None,
        }
        for item in range(items)
        for at, wanted in enumerate(rng.poisson(1 + item, days))
    ]
    return pl.DataFrame(rows, schema_overrides={"stocked_out": pl.Boolean})


@pytest.fixture
def frames(tmp_path: object) -> Given:
    return Given({"demand": demand()}, FolderFrames(tmp_path))  # type: ignore[arg-type]


def trained(frames: Given, until: date | None = UNTIL) -> Outcome:
    return run.train(frames, Period(until=until), seed=1, say=lambda _: None)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TUNED_ON", 3)


def test_a_run_judges_the_model_beside_todays_rule_and_says_what_it_assumed(frames: Given) -> None:
    found = trained(frames)
    assert set(found.ways) == {MODEL, "todays_rule", "normal_and_lot", "past_days"}
    assert (found.trained_until, found.judged_from, found.judged_to) == (
        UNTIL,
        UNTIL + timedelta(days=1),
        SINCE + timedelta(days=149),
    )
    assert found.count == 5
    assert 0.8 < found.ways[MODEL].metrics["cost_ratio"] < 2
    assert all(len(way.costs) == 5 for way in found.ways.values())
    assert any("14 days stand in" in note for note in found.notes)
    again = found.judge(found.bundle)
    assert again is not None
    assert again.metrics == found.ways[MODEL].metrics
    learnt = learnt_of(found.bundle)
    assert learnt is not None
    assert learnt_to_json(learnt) == found.bundle.content
    assert found.judge(replace(found.bundle, content={})) is None


def test_what_came_later_changes_nothing_that_was_learnt(frames: Given) -> None:
    is_later, wanted = pl.col("date") > UNTIL, pl.col("quantity")
    later = demand().with_columns(pl.when(is_later).then(wanted * 50 + 7).otherwise(wanted).alias("quantity"))
    changed, as_it_was = trained(Given({"demand": later}, frames._folder)), trained(frames)
    assert changed.bundle.content == as_it_was.bundle.content
    assert changed.ways[MODEL].metrics != as_it_was.ways[MODEL].metrics


def test_receipts_tell_lead_times_where_there_are_some(frames: Given) -> None:
    at = datetime(2026, 2, 2, 8, tzinfo=UTC)
    orders = {"po_number": ["P1"], "supplier_id": ["S"], "ordered_at": [at], "status": [None]}
    lines = {"po_number": ["P1"], "line_number": ["1"], "item_id": ["I3"], "quantity": [10.0]}
    came = {"po_number": ["P1"], "line_number": ["1"], "quantity": [10.0], "received_at": [at + timedelta(days=5)]}
    more = {"purchase_orders": orders, "purchase_order_lines": lines, "goods_receipts": came}
    feeds = {"demand": demand(), **{name: pl.DataFrame(rows) for name, rows in more.items()}}
    found = trained(Given(feeds, frames._folder))
    assert any("Lead times 5 to 14 days" in note for note in found.notes)


def test_too_little_demand_is_said_in_a_word(frames: Given) -> None:
    with pytest.raises(InputError, match="ends on"):
        trained(frames, date(2027, 1, 1))
    with pytest.raises(InputError, match="is empty"):
        trained(Given({"demand": demand().clear()}, frames._folder))


def test_a_walk_counts_what_is_held_short_and_ordered() -> None:
    days = Walk(
        demand=np.array([[2.0, 2.0, 2.0, 2.0]]),
        lead=np.ones((1, 4), dtype=np.int64),
        start=np.array([3.0]),
        scale=np.array([1.0]),
        short=9.0,
        order=np.array([5.0]),
        skip=np.zeros(1, dtype=np.int64),
    )
    point, top = np.full((1, 4), 1.0), np.full((1, 4), 4.0)
    # Evenings: 1 held; 1 short after ordering 3; 3 come, so 0 held after ordering 0 at position 2; 2 short.
    found = walk(days, point, top)
    assert found.costs[0] == 1 + (1 * 9 + 5) + 0 + (2 * 9 + 5)
    assert found.served[0] == 0.5
    assert cheapest_in_hindsight(days)[0] <= found.costs[0]
