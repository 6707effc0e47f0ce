"""Says exactly what a run learnt from and with: a hash of every feed it read, and of the code that read it."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import polars as pl

from core.canonical import sha256_of
from ingest.feed_frames import Frames

_ROOT = Path(__file__).resolve().parent.parent.parent
_SOURCES = ("core", "ingest", "models", "training/predictions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A feed as a run read it.

    Attributes:
        sha256: of its rows as CSV, ordered by key: the same from a database and from a file.
    """

    rows: int
    sha256: str


class SnapshotFrames:
    """Feeds that are read once each, and remembered with their hash."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._kept: dict[str, pl.DataFrame] = {}
        self._read: dict[str, Read] = {}

    def frame(self, feed: str) -> pl.DataFrame:
        """A feed, the same rows each time it is asked for."""
        if feed not in self._kept:
            found = self._frames.frame(feed)
            self._kept[feed] = found
            text = found.select(sorted(found.columns)).write_csv()
            self._read[feed] = Read(rows=found.height, sha256=sha256(text.encode()).hexdigest())
        return self._kept[feed]

    def read(self) -> Mapping[str, Read]:
        """What was read so far, by feed."""
        return dict(sorted(self._read.items()))

    def sha256(self) -> str:
        """One hash of all that was read."""
        return sha256_of({feed: read.sha256 for feed, read in self.read().items()})


def day_span(frame: pl.DataFrame, column: str) -> tuple[date, date] | None:
    """The first and last day in a column of days or instants; None where it holds nothing."""
    days = frame[column].cast(pl.Date).drop_nulls()
    first, last = days.min(), days.max()
    return (first, last) if isinstance(first, date) and isinstance(last, date) else None


def code_version() -> str:
    """The package's version, a hash of the sources that make models, and the commit where there is one."""
    try:
        named = version("clearhold")
    except PackageNotFoundError:
        named = "unknown"
    files = sorted(path for folder in _SOURCES for path in (_ROOT / folder).rglob("*.py"))
    hashed = sha256_of([[str(path.relative_to(_ROOT)), sha256(path.read_bytes()).hexdigest()] for path in files])
    commit = _commit()
    return f"{named} sources {hashed[:12]}" + (f" commit {commit[:12]}" if commit else "")


def _commit() -> str | None:
    """The commit that is checked out where this code lies; None for an installed package."""
    if not (_ROOT / ".git").exists():
        return None
    try:
        said = subprocess.run(
            ["git", "-C", str(_ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return said.stdout.strip()
