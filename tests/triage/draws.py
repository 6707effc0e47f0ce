"""Turns one string of random bytes into choices, so that a whole situation costs Hypothesis one draw.

Byte 0 chooses the first, plainest option: what fails shrinks towards a clean paper.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

_Option = TypeVar("_Option")


class Draws:
    """Choices, one byte each; when the bytes are used up, every further choice is the plainest."""

    def __init__(self, data: bytes) -> None:
        self._data = iter(data)

    def __repr__(self) -> str:
        return "Draws()"

    def of(self, *options: _Option) -> _Option:
        """One of these; the first is the plainest."""
        return options[self._byte() % len(options)]

    def one(self, options: Sequence[_Option]) -> _Option:
        """One of a sequence."""
        return options[self._byte() % len(options)]

    def number(self, low: int, high: int) -> int:
        """A whole number of a range; `low` is the plainest."""
        span = high - low + 1
        return low + (self._byte() if span <= 256 else self._byte() << 8 | self._byte()) % span

    def decimal(self, low: int, high: int) -> Decimal:
        """The same as a decimal."""
        return Decimal(self.number(low, high))

    def rarely(self) -> bool:
        """True once in ten times."""
        return self._byte() > 230

    def often(self) -> bool:
        """True every other time."""
        return self._byte() > 127

    def shuffled(self, records: Sequence[_Option]) -> tuple[_Option, ...]:
        """The records in some order."""
        keyed = [(self._byte(), at) for at in range(len(records))]
        return tuple(records[at] for _, at in sorted(keyed))

    def _byte(self) -> int:
        return next(self._data, 0)
