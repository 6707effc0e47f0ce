"""Counts open cases by key: how many there are, how many are new, and what share of them is old."""

from collections import deque


class OpenCases:
    """Cases that are open now; shown in the order they were opened."""

    def __init__(self) -> None:
        self._open: dict[str, dict[float, int]] = {}
        self._counts: dict[str, int] = {}
        self._new: dict[str, deque[float]] = {}

    def add(self, key: str, at: float) -> None:
        """A case was opened."""
        by_instant = self._open.setdefault(key, {})
        by_instant[at] = by_instant.get(at, 0) + 1
        self._counts[key] = self._counts.get(key, 0) + 1
        self._new.setdefault(key, deque()).append(at)

    def remove(self, key: str, at: float) -> None:
        """A case that was opened at this instant has ended."""
        by_instant = self._open.get(key, {})
        if at not in by_instant:
            return
        by_instant[at] -= 1
        self._counts[key] -= 1
        if not by_instant[at]:
            del by_instant[at]

    def count(self, key: str) -> int:
        """How many are open."""
        return self._counts.get(key, 0)

    def opened_since(self, key: str, since: float) -> int:
        """How many were opened since an instant, whether or not they have ended; earlier ones are forgotten."""
        new = self._new.get(key)
        if new is None:
            return 0
        while new and new[0] < since:
            new.popleft()
        return len(new)

    def share_before(self, key: str, before: float) -> float:
        """The share of open cases that were opened before an instant."""
        total, found = self.count(key), 0
        for at, number in self._open.get(key, {}).items():
            if at >= before:
                break
            found += number
        return found / total if total else 0.0
