"""Turns the demand rows of an item at a place into a grid of equal days, each with how much of a day it is and counts.

A day without a row is a day without demand, from the first row on; a day out of stock counts for nothing, for it says
nothing of what was wanted. An item whose rows are whole weeks apart is told of by the week: its grid is of weeks.
Weekdays weigh as those of the house do, and as the item's own do, the more the more it has of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WEEK = 7
_LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was wanted on a day, as the feed tells it."""

    date: date
    quantity: float
    stocked_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An item's past as equal steps.

    Attributes:
        step_days: 1, or 7 where it is told of by the week.
        last: the last day of the last step.
        quantities: wanted in each step; 0 at the least.
        counts: 1 for a step that counts, 0 for one out of stock.
        notes: what was strange about the rows, in words.
    """

    step_days: int
    last: date
    quantities: "Floats"
    counts: "Floats"
    notes: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Days that count."""
        return int(self.counts.sum()) * self.step_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekdays:
    """How much of an average day each weekday is in a house, Monday first, and how alike its items are in that.

    Attributes:
        likeness: items' own weekdays count as so many average days' worth of proof against it; None says that
            weekdays are not looked at.
    """

    shares: tuple[float, ...] = (1.0,) * WEEK
    likeness: float | None = None


def history_of(days: Iterable[Day], *, since: date, until: date) -> History | None:
    """The grid of the days from `since` to before `until`, None where no row falls among them.

    Two rows of one day are the larger of the two; less than nothing is nothing. Both are told. Their order changes
    nothing.
    """
    known: dict[date, Day] = {}
    doubled = negative = 0
    for day in sorted((one for one in days if since <= one.date < until), key=lambda one: (one.date, one.quantity)):
        doubled += day.date in known
        negative += day.quantity < 0
        empty = day.stocked_out or (day.date in known and known[day.date].stocked_out)
        known[day.date] = Day(date=day.date, quantity=max(0.0, day.quantity), stocked_out=empty)
    if not known:
        return None
    first = min(known)
    step = _step_days([(at - first).days for at in known])
    last = max(known) if step == WEEK else date.fromordinal(until.toordinal() - 1)
    count = (last - first).days // step + 1
    quantities, counts = np.zeros(count), np.ones(count)
    for at, day in known.items():
        quantities[(at - first).days // step] = day.quantity
        counts[(at - first).days // step] = 0.0 if day.stocked_out else 1.0
    return History(
        step_days=step, last=last, quantities=quantities, counts=counts, notes=_notes(doubled, negative, counts)
    )


def weekday_totals(history: History) -> "tuple[Floats, Floats]":
    """Wanted, and days that count, by weekday, Monday first."""
    at = _weekdays(history)
    wanted = np.bincount(at, weights=history.quantities * history.counts, minlength=WEEK)
    days = np.bincount(at, weights=history.counts, minlength=WEEK)
    return np.asarray(wanted, dtype=np.float64), np.asarray(days, dtype=np.float64)


def learn_weekdays(histories: Iterable[History]) -> Weekdays:
    """The weekdays of a house, each item's as a share of its own average day; none where nothing speaks for them."""
    rows = [(*weekday_totals(one), _spread(one)) for one in histories if one.step_days == 1 and one.days >= 2 * WEEK]
    rows = [row for row in rows if row[0].sum() > 0]
    if not rows:
        return Weekdays()
    expected = np.stack([days * wanted.sum() / days.sum() for wanted, days, _ in rows])
    proof = np.stack([of / spread for of, (_, _, spread) in zip(expected, rows, strict=True)])
    seen = np.stack([wanted / np.maximum(of, 1e-9) for of, (wanted, _, _) in zip(expected, rows, strict=True)])
    shares = (proof * np.minimum(seen, WEEK)).sum(axis=0) / proof.sum(axis=0)
    shares = np.maximum(shares * WEEK / shares.sum(), _LEAST_SHARE)
    beyond = (proof * (seen / shares - 1) ** 2).sum() - (1 / shares).sum() * len(rows)
    own = beyond / max(1e-9, float(proof.sum()))
    return Weekdays(shares=tuple(float(share) for share in shares), likeness=float(np.clip(1 / max(own, 1e-4), 2, 1e4)))


def exposures(history: History, weekdays: Weekdays) -> "Floats":
    """How much of an average day each weekday is for the item, Monday first; all alike for one told of by the week."""
    if history.step_days != 1 or weekdays.likeness is None:
        return np.ones(WEEK)
    wanted, days = weekday_totals(history)
    shares = np.asarray(weekdays.shares)
    expected = days * wanted.sum() / max(1e-9, float(days @ shares))
    proof = expected / _spread(history)
    own = (proof / np.maximum(expected, 1e-9) * wanted + weekdays.likeness * shares) / (proof + weekdays.likeness)
    return np.asarray(np.maximum(own * WEEK / own.sum(), _LEAST_SHARE))


def past_exposures(history: History, by_weekday: "Floats") -> "Floats":
    """The exposure of each step of the history."""
    return np.asarray(by_weekday[_weekdays(history)] if history.step_days == 1 else np.ones(len(history.counts)))


def coming_exposures(history: History, by_weekday: "Floats", first: date, count: int) -> "Floats":
    """The exposure of so many days from `first` on: for an item told of by the week, 1 where a week is told of."""
    if history.step_days == 1:
        return np.asarray(by_weekday[(first.weekday() + np.arange(count)) % WEEK])
    since = (first - history.last).days + np.arange(count)
    return np.asarray((since % history.step_days == 0).astype(np.float64))


def recency(history: History, half_life_days: float | None) -> "Floats":
    """How much each step counts: less by half after so many days, all alike where that is None."""
    if half_life_days is None:
        return history.counts
    ages = np.arange(len(history.counts))[::-1] * history.step_days
    return np.asarray(history.counts * 0.5 ** (ages / half_life_days))


def _weekdays(history: History) -> "NDArray[np.int64]":
    back = np.arange(len(history.counts))[::-1] * history.step_days
    return np.asarray((history.last.weekday() - back) % WEEK)


def _spread(history: History) -> float:
    """Variance of a day over its mean, 1 at the least."""
    quantities = history.quantities[history.counts > 0]
    return max(1.0, float(quantities.var()) / max(float(quantities.mean()), 1e-9)) if len(quantities) else 1.0


def _step_days(offsets: list[int]) -> int:
    """Whole weeks where every row stands a whole number of weeks from the first; two rows say nothing yet."""
    return WEEK if len(offsets) > 2 and all(at % WEEK == 0 for at in offsets) else 1


def _notes(doubled: int, negative: int, counts: "Floats") -> tuple[str, ...]:
    empty = int(len(counts) - counts.sum())
    told = (
        (doubled, f"{doubled} days are told of twice; the larger quantity counts"),
        (negative, f"{negative} days tell of less than nothing and count as days without demand"),
        (empty, f"{empty} days out of stock do not count"),
    )
    return tuple(words for number, words in told if number)
