"""A made-up help desk: cases whose team follows from what they are about, and change teams at a known rate."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

START = datetime(2025, 1, 6, tzinfo=UTC)
TEAMS = ("network", "payroll", "printing", "access")
TRUE_SHARE = 0.9
"""How often the team that fits a subcategory resolves a case of it; the rest stays where it arrived."""


def desk(count: int = 1500, *, seed: int = 3) -> pl.DataFrame:
    """Cases of the feed `exceptions`: the subcategory says which team resolves them, wherever they arrive."""
    draw = np.random.default_rng(seed)
    opened = [START + timedelta(minutes=int(at)) for at in np.sort(draw.integers(0, 60 * 24 * 60, count))]
    topic = draw.integers(0, 4, count)
    arrived = np.where(draw.random(count) < 0.5, topic, draw.integers(0, 4, count))
    final = np.where(draw.random(count) < TRUE_SHARE, topic, arrived)
    hours = draw.exponential(20, count) + 1
    return pl.DataFrame(
        {
            "exception_id": [f"{number:06d}" for number in range(count)],
            "opened_at": opened,
            "kind": ["incident"] * count,
            "priority": [str(at) for at in draw.integers(1, 4, count)],
            "initial_group": [TEAMS[at] for at in arrived],
            "x_subcategory": [f"topic {at}" for at in topic],
            "x_symptom": [f"sign {at}" for at in draw.integers(0, 5, count)],
            "resolved_at": [at + timedelta(hours=float(h)) for at, h in zip(opened, hours, strict=True)],
            "resolved_group": [TEAMS[at] for at in final],
            "sla_met": [bool(h < 24) for h in hours],
        }
    )


class OneFeed:
    """Frames that hold the feed `exceptions`, typed as a feed is."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def frame(self, feed: str) -> pl.DataFrame:
        """The feed, or an empty one."""
        return self._frame if feed == "exceptions" else self._frame.clear()
