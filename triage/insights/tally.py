"""A figure as a table with its sums, and counts summed as figures need them: by period, by week, by what is open."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.texts import N_
from triage.insights.bounds import interval
from triage.insights.counting import MONEY_SCALE, Count
from triage.insights.packing import Bundle, add, unpacked
from triage.insights.scope import Scope, week_of

OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its name for programs, its heading, and what its values are.

    Attributes:
        kind: `text`, `words` (to be translated), `day`, `count`, `share` (0 to 1), `seconds`, `number`, `money` (in the
            currency the row names, else that of the house).
    """

    name: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: its table, its sums, and the sums of as many days just before.

    Attributes:
        counts: what counts, in a sentence.
    """

    name: str
    title: str
    counts: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    totals: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None


Sums = Mapping[date, Sequence[Bundle]]
"""Counts by day; those of a whole week stand on its Monday."""


class Tally:
    """Counts of one period, summed as a figure needs them."""

    def __init__(self, sums: Sums, since: date, until: date) -> None:
        self.since, self.until = since, until
        whole: Bundle = {}
        for day, bundles in sums.items():
            if since <= day <= until:
                for bundle in bundles:
                    add(whole, bundle)
        self._buckets: dict[str, dict[str, Count]] = defaultdict(dict)
        for measure, bucket, count in unpacked(whole):
            self._buckets[measure][bucket] = count

    def buckets(self, measure: str) -> Mapping[str, Count]:
        """Counts of a measure by bucket."""
        return self._buckets.get(measure, {})

    def n(self, measure: str, *buckets: str) -> int:
        """How many, of these buckets or of all."""
        return sum(count.n for bucket, count in self.buckets(measure).items() if not buckets or bucket in buckets)

    def total(self, measure: str) -> int:
        """The sum beside the number."""
        return sum(count.total for count in self.buckets(measure).values())


class Counted:
    """All counts a page needs: of the period, of the days before it, and of what is open, whatever its day.

    Args:
        sums: counts of both periods, and of the days since.
        waiting: counts of what is open.
        today: the day it is, against which ages are told.
    """

    def __init__(self, scope: Scope, sums: Sums, waiting: Sums, today: date) -> None:
        self.scope, self.today = scope, today
        self._sums = sums
        before, after = scope.before(), scope.until + timedelta(days=1)
        self.now = Tally(sums, scope.since, scope.until)
        self.earlier = Tally(sums, before.since, before.until)
        self.after = Tally(sums, after, max(after, today))
        self.weeks = tuple(self._weeks())
        self._waiting = {day: Tally(waiting, day, day) for day in sorted(waiting)}

    def open_by_day(self, measure: str) -> Iterator[tuple[date, str, Count]]:
        """What is open, by the day it is kept under."""
        for day, tally in self._waiting.items():
            for bucket, count in tally.buckets(measure).items():
                yield day, bucket, count

    def _weeks(self) -> Iterator[Tally]:
        """The period week by week, from Mondays; the first and the last may be cut."""
        monday = week_of(self.scope.since)
        while monday <= self.scope.until:
            since, until = max(monday, self.scope.since), min(monday + timedelta(days=6), self.scope.until)
            yield Tally(self._sums, since, until)
            monday += timedelta(weeks=1)


WEEK = Column(name="week", title=N_("week of"), kind="day")
INTERVAL = (
    Column(name="share", title=N_("share"), kind="share"),
    Column(name="low", title=N_("at least"), kind="share"),
    Column(name="high", title=N_("at most"), kind="share"),
)


def rate(hits: int, count: int, hit_name: str, count_name: str) -> dict[str, Any]:
    """A share with its interval, and what it is a share of, under the names a figure gives them."""
    low, high = interval(hits, count) or (None, None)
    return {count_name: count, hit_name: hits, "share": share(hits, count), "low": low, "high": high}


def share(part: float, whole: float | None) -> float | None:
    """A part of a whole; None where there is no whole."""
    return part / whole if whole else None


def amount(total: int) -> Decimal:
    """Ten-thousandths as an amount."""
    return Decimal(total) / MONEY_SCALE
