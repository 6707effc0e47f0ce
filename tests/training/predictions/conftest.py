"""Orders with a known chance to be late, as feed files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 600 orders over 300 days."""
    folder = tmp_path_factory.mktemp("feeds")
    draw = np.random.default_rng(11)
    chance = draw.random(600)
    late = draw.random(600) < chance
    pl.DataFrame(
        {
            "order_id": [f"O{number}" for number in range(600)],
            "ordered_at": [(_BEGIN + timedelta(hours=12 * number)).isoformat() for number in range(600)],
            "promised_at": [(_BEGIN + timedelta(hours=12 * number, days=5)).isoformat() for number in range(600)],
            "x_chance": chance,
            "x_late": late.astype(int),
        }
    ).write_csv(folder / "sales_orders.csv")
    return folder
