"""A made-up ledger in which the chance that an invoice is disputed is known: the oracle of the review model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.feed_frames import FolderFrames

START = date(2024, 1, 1)
DAYS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Feeds, and by `supplier/number` the true chance that each invoice is disputed."""

    feeds: Mapping[str, pl.DataFrame]
    chances: Mapping[str, float]

    def frame(self, feed: str) -> pl.DataFrame:
        """A feed, with every column it has."""
        return self.feeds[feed] if feed in self.feeds else _EMPTY.frame(feed)


def ledger(count: int = 4000, *, seed: int = 5) -> Ledger:
    """Each supplier has a rate of its own; an amount far over the usual one, or no order, adds to the odds."""
    draw = np.random.default_rng(seed)
    suppliers = 40
    odds = draw.normal(-2.2, 1.1, suppliers)
    usual = draw.normal(6.5, 0.8, suppliers)
    day = np.sort(draw.integers(0, DAYS, count))
    who = draw.integers(0, suppliers, count)
    over = draw.normal(0, 0.4, count)
    has_order = draw.random(count) < 0.8
    chance = _sigmoid(odds[who] + 2.5 * np.maximum(over, 0) + 1.2 * ~has_order)
    disputed = draw.random(count) < chance
    settled = day + draw.integers(5, 40, count)
    dates = [START + timedelta(days=int(at)) for at in day]
    posted = pl.DataFrame(
        {
            "supplier_id": [f"S{at}" for at in who],
            "invoice_number": [f"R{number}" for number in range(count)],
            "invoice_date": dates,
            "total_with_vat": np.round(np.exp(usual[who] + over), 2),
            "currency": ["EUR"] * count,
            "due_date": [at + timedelta(days=30) for at in dates],
            "po_number": [f"P{number}" if named else None for number, named in enumerate(has_order)],
            "status": ["posted"] * count,
            "disputed": disputed,
            "settled_at": [
                datetime(START.year, START.month, START.day, 9, tzinfo=UTC) + timedelta(days=int(at)) for at in settled
            ],
        }
    )
    chances = {f"S{at}/R{number}": float(chance[number]) for number, at in enumerate(who)}
    return Ledger(feeds={"posted_invoices": posted}, chances=chances)


def _sigmoid(odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


_EMPTY = FolderFrames(Path("there are no files here"))
