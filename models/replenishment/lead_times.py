"""How many days goods take from order to receipt, and how likely each number is: from receipts, and what is still open.

An order line counts once: each receipt with its share of what was ordered, and the rest that has not come as at least
so many days as it is old. Such a rest goes where other lines of that age went (Kaplan and Meier's estimate, as shares
passed to the right), and where none was later, a day beyond its age: what is overdue makes lead times longer and never
shorter. The item's own lines count in full, the supplier's other lines half and for so many at the most, and the master
record's lead time stands in for a few.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FURTHEST_DAYS = 730
MASTER_COUNTS, SUPPLIER_LINE, SUPPLIER_COUNTS = 3.0, 0.5, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An order line as it is known at an instant.

    Attributes:
        own: whether it is of the item itself, else of the same supplier.
        shares: days from order to receipt, and the share of what was ordered that came with it.
        open_days: how old what has not come is; None where nothing more is to come.
    """

    own: bool
    shares: tuple[tuple[int, float], ...]
    open_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTimes:
    """Days from order to receipt with their chances.

    Attributes:
        lines: order lines behind it that something was received of; 0 says that it is the master record's, or the
            policy's.
        is_known: whether there is any lead time other than the policy's.
    """

    days: tuple[int, ...]
    chances: tuple[float, ...]
    lines: int
    is_known: bool

    @property
    def mean(self) -> float:
        """Days on average."""
        return float(sum(day * chance for day, chance in zip(self.days, self.chances, strict=True)))

    def quantile(self, share: float) -> int:
        """Days within which such a share has come."""
        reached = np.cumsum(self.chances)
        return self.days[min(int(np.searchsorted(reached, share - 1e-9)), len(self.days) - 1)]


def lead_times(deliveries: Iterable[Delivery], *, master_days: int | None, else_days: int) -> LeadTimes:
    """What an order placed now may take.

    Args:
        deliveries: lines ordered and received by the instant that is looked from; their order changes nothing.
        master_days: the master record's, None where it has none that can be used.
        else_days: the policy's, where there is no other.
    """
    own, others = np.zeros(FURTHEST_DAYS + 1), np.zeros(FURTHEST_DAYS + 1)
    lines = 0
    open_own: list[tuple[int, float]] = []
    open_others: list[tuple[int, float]] = []
    for one in sorted(deliveries, key=lambda one: (one.own, one.shares, one.open_days or 0)):
        lines += bool(one.shares)
        left = _add_shares(own if one.own else others, one.shares)
        if one.open_days is not None and left > 0:
            (open_own if one.own else open_others).append((one.open_days, left))
    prior = master_days if master_days is not None else else_days
    scale = min(
        SUPPLIER_LINE, SUPPLIER_COUNTS / max(1e-9, float(others.sum()) + sum(share for _, share in open_others))
    )
    found = own + scale * others
    if master_days is not None or lines == 0:
        found[min(prior, FURTHEST_DAYS)] += MASTER_COUNTS
    found = _with_open(found, [*open_own, *((age, scale * share) for age, share in open_others)])
    days = np.flatnonzero(found > 0)
    chances = found[days] / found.sum()
    return LeadTimes(
        days=tuple(int(day) for day in days),
        chances=tuple(float(chance) for chance in chances),
        lines=lines,
        is_known=master_days is not None or lines > 0,
    )


def _add_shares(found: "Floats", shares: Sequence[tuple[int, float]]) -> float:
    """Adds what was received of a line, no more than all of it; what is left to come."""
    left = 1.0
    for days, share in sorted(shares):
        if days < 0 or share <= 0:
            continue
        counted = min(share, left)
        found[min(days, FURTHEST_DAYS)] += counted
        left -= counted
    return left if left > 1e-9 else 0.0


def _with_open(found: "Floats", waiting: list[tuple[int, float]]) -> "Floats":
    """Passes what is still open to what is later, received or itself still open, in proportion to what is there."""
    still = np.zeros(len(found))
    for age, share in waiting:
        still[min(age, FURTHEST_DAYS - 1)] += share
    for at in np.flatnonzero(still):
        age = int(at)
        later, share = slice(age + 1, None), float(still[age])
        there = float(found[later].sum() + still[later].sum())
        if there > 0:
            found[later] *= 1 + share / there
            still[later] *= 1 + share / there
        else:
            found[age + 1] += share
    return found
