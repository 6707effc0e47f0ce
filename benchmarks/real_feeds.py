"""Where the real feeds are that predictions are measured on."""

import os
from pathlib import Path


def real_feeds() -> Path:
    """The folder of feeds beside the checkout, or in the folder of data that `CLEARHOLD_BENCH_DATA` names."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("CLEARHOLD_BENCH_DATA", beside)) / "feeds"
