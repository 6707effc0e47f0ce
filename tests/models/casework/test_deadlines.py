"""What is known of deadlines when a case is opened."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from models.casework.cases import casebook
from models.casework.features import FEATURES
from models.casework.load import OpenCases
from tests.models.casework.builders import desk
from training.predictions.review.deadlines import rows_of


def test_what_became_known_later_changes_no_feature() -> None:
    frame, at = desk(400), 250
    instant = frame["opened_at"][at]
    later = pl.col("resolved_at") >= instant
    changed = frame.with_columns(
        sla_met=pl.when(later).then(~pl.col("sla_met")).otherwise("sla_met"),
        resolved_at=pl.when(later).then(pl.col("resolved_at") + timedelta(days=30)).otherwise("resolved_at"),
        resolved_group=pl.lit("nobody"),
    )
    rows = [rows_of(casebook(one), float("inf"))[: at + 1] for one in (frame, changed)]
    np.testing.assert_array_equal(rows[0], rows[1])
    assert rows[0].shape[1] == len(FEATURES)


def test_open_cases_are_counted_by_what_they_share() -> None:
    load = OpenCases()
    for at in (1.0, 2.0, 2.0, 9.5):
        load.add("team", at)
    load.remove("team", 2.0)
    load.remove("team", 7.0)
    assert load.count("team") == 3
    assert load.share_before("team", 5.0) == pytest.approx(2 / 3)
    assert load.opened_since("team", 9.0) == 1
    assert (load.count("other"), load.share_before("other", 1.0), load.opened_since("other", 0.0)) == (0, 0.0, 0)


def test_a_case_that_is_still_open_counts_as_slow_once_it_is_that_old() -> None:
    frame = desk(60).with_columns(resolved_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    rows = rows_of(casebook(frame), float("inf"))
    slow = rows[:, FEATURES.index("slow4_lately")]
    assert slow[0] == 0.5
    assert slow[-1] > 0.8
