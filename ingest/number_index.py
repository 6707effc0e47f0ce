"""Which numbers a feed speaks of, in eight bytes each: to know at once that it says nothing of a new order."""

from collections.abc import Iterable

import numpy as np


class NumberIndex:
    """Numbers by their hashes, sorted. It may take a number for another's in one of 10¹³ cases; it misses none."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._hashes = np.unique(np.fromiter(map(hash, numbers), dtype=np.int64))

    def __contains__(self, number: str) -> bool:
        """Whether the feed may speak of the number; never no where it does."""
        at = int(self._hashes.searchsorted(hash(number)))
        return at < len(self._hashes) and bool(self._hashes[at] == hash(number))
