"""A house without orders learns which of its service cases miss their deadline, under the same name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from ingest.feed_frames import FolderFrames
from training.predictions.outcome import Period
from training.predictions.promises import train

_BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def _cases(folder: Path, count: int = 900) -> None:
    """Cases of two teams, one of which is slow on the urgent ones."""
    draw = np.random.default_rng(4)
    opened = [_BEGIN + timedelta(hours=3 * number) for number in range(count)]
    urgent, slow = draw.random(count) < 0.4, draw.random(count) < 0.5
    missed = draw.random(count) < np.where(urgent & slow, 0.8, 0.1)
    pl.DataFrame(
        {
            "exception_id": [f"E{number:04}" for number in range(count)],
            "opened_at": opened,
            "kind": "incident",
            "priority": np.where(urgent, "1 - urgent", "3 - normal"),
            "initial_group": np.where(slow, "Group 7", "Group 8"),
            "resolved_at": [at + timedelta(hours=30 if late else 5) for at, late in zip(opened, missed, strict=True)],
            "closed_at": [at + timedelta(hours=48) for at in opened],
            "resolved_group": np.where(slow, "Group 7", "Group 8"),
            "sla_met": ~missed,
        }
    ).write_csv(folder / "exceptions.csv")


def test_without_orders_service_cases_are_learnt_from_and_kept_under_the_name_asked_for(tmp_path: Path) -> None:
    _cases(tmp_path)
    told: list[str] = []
    outcome = train(FolderFrames(tmp_path), Period(until=date(2026, 4, 1)), seed=1, say=told.append)
    assert (outcome.name, outcome.bundle.name, outcome.trained_until) == ("sla-miss", "sla-miss", date(2026, 4, 1))
    assert told[0] == "no orders are loaded; learning from the service cases instead"
    assert outcome.ways["model"].metrics["auc"] > outcome.ways["priority alone"].metrics["auc"]
    assert outcome.judge(replace(outcome.bundle, features=("other",))) is None
