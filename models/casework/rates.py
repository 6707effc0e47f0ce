"""Counts of what happened under a key, where what happened long ago counts for less: two memories, short and long.

Weights grow with time instead of all counts shrinking at each step, so that only what is touched is computed. They
are brought back to 1 before they could leave what a float holds.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

SHORT_DAYS: Final = 4.0
LONG_DAYS: Final = 20.0
"""After these many days a case counts half, in the short and in the long memory."""

_DECAYS = (math.log(2) / SHORT_DAYS, math.log(2) / LONG_DAYS)
_LARGEST_EXPONENT = 500.0
_NOTHING = (0.0, 0.0)

Pair = list[float]
Counts = dict[str, Pair]


@dataclass(slots=True)
class Memory:
    """The clock of decaying counts, shared by all that are kept together.

    Attributes:
        since: the day at which a weight was 1.
        epoch: grows each time the counts must be brought back.
    """

    since: float | None = None

    def weights(self, day: float) -> tuple[float, float]:
        """What something that happens on this day adds to the short and the long counts."""
        gone = self._gone(day)
        return math.exp(_DECAYS[0] * gone), math.exp(_DECAYS[1] * gone)

    def scales(self, day: float) -> tuple[float, float]:
        """What turns counts into how many cases of this very day they are worth."""
        gone = self._gone(day)
        return math.exp(-_DECAYS[0] * gone), math.exp(-_DECAYS[1] * gone)

    def is_full(self, day: float) -> bool:
        """Whether counts must be brought back before anything of this day is added."""
        return _DECAYS[0] * self._gone(day) > _LARGEST_EXPONENT

    def _gone(self, day: float) -> float:
        if self.since is None:
            self.since = day
        return day - self.since


@dataclass(slots=True)
class Table:
    """Counts of outcomes by key, and of all under a key."""

    by_key: dict[Hashable, Counts] = field(default_factory=dict)
    totals: dict[Hashable, Pair] = field(default_factory=dict)

    def add(self, key: Hashable, outcome: str, weights: tuple[float, float]) -> None:
        """Counts one outcome under a key."""
        _grow(self.by_key.setdefault(key, {}), outcome, weights)
        _grow(self.totals, key, weights)

    def outcomes(self, key: Hashable) -> Counts:
        """What happened under a key, with its counts."""
        return self.by_key.get(key, {})

    def total(self, key: Hashable) -> tuple[float, float] | Pair:
        """How much is known under a key."""
        return self.totals.get(key, _NOTHING)

    def shrink(self, factors: tuple[float, float]) -> None:
        """Brings every count back by these factors."""
        for pair in chain(self.totals.values(), *(counts.values() for counts in self.by_key.values())):
            pair[0] *= factors[0]
            pair[1] *= factors[1]


def _grow(counts: dict[Any, Pair], what: Hashable, weights: tuple[float, float]) -> None:
    pair = counts.get(what)
    if pair is None:
        counts[what] = [weights[0], weights[1]]
    else:
        pair[0] += weights[0]
        pair[1] += weights[1]
