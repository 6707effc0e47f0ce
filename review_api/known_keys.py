"""Remembers for seconds which API keys were found to be live, so that not every request looks one up again.

A key that is disabled by this process is refused at once, by another process within `REMEMBERED_SECONDS`.
"""

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.database import Database
    from review_api.accounts import ApiKey

REMEMBERED_SECONDS = 2.0
_MOST = 1_000


class KnownKeys:
    """Live keys by the hash of their secret."""

    def __init__(self, db: "Database") -> None:
        self._db, self._lock = db, threading.Lock()
        self._found: dict[str, tuple[ApiKey, int, float]] = {}

    def get(self, secret_hash: str) -> "ApiKey | None":
        """The key, where it was looked up a moment ago and nothing was written here since."""
        found = self._found.get(secret_hash)
        if found is None or found[1] != self._db.commits or time.monotonic() - found[2] > REMEMBERED_SECONDS:
            return None
        return found[0]

    def put(self, secret_hash: str, key: "ApiKey", *, commits: int) -> None:
        """Remembers a key.

        Args:
            commits: the database's, read before the key was looked up.
        """
        with self._lock:
            if len(self._found) >= _MOST:
                self._found.clear()
            self._found[secret_hash] = (key, commits, time.monotonic())
