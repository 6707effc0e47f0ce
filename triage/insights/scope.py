"""What figures are asked of: a period, and papers of which kind, queue, legal entity, supplier and site."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.errors import InputError
from triage.case_records import PLANNING_KINDS, PROMISE_KIND
from triage.insights.items import PAPER_KINDS

KIND_GROUPS = {"paper": PAPER_KINDS, "planning": tuple(sorted(PLANNING_KINDS)), "all": ()}
"""Words for several kinds at once; `all` is whatever there is."""

KINDS = (*KIND_GROUPS, *PAPER_KINDS, *sorted(PLANNING_KINDS), PROMISE_KIND)
WEEKS = 13
_WEEK_DAYS = 7
LONGEST_DAYS = 3_660
_SEPARATOR = "\x1f"
DIMENSIONS = ("legal_entity", "queue", "site", "supplier")

GRAINS: tuple[tuple[str, ...], ...] = (
    (),
    ("queue",),
    ("supplier",),
    ("site",),
    ("legal_entity",),
    ("queue", "site"),
    ("legal_entity", "queue"),
    ("legal_entity", "site"),
)
"""What counts are kept by. What is asked of a supplier and something else is counted from the supplier's items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from one to another, both within, as the whole weeks in it and the days that are left.

    Attributes:
        weeks: the Mondays of its first and last whole week; None where it has none.
    """

    since: date
    until: date
    weeks: tuple[date, date] | None
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is asked for; None leaves a thing open, empty text means that it is not known. Both days are within."""

    since: date
    until: date
    kind: str = "paper"
    queue: str | None = None
    legal_entity: str | None = None
    supplier: str | None = None
    site: str | None = None

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.until - self.since).days + 1

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds meant; none where all are."""
        return KIND_GROUPS.get(self.kind, (self.kind,))

    @property
    def grain(self) -> tuple[str, ...] | None:
        """The grain that has these counts ready; None where they are counted from the supplier's items."""
        return self.asked if self.asked in GRAINS else None

    @property
    def asked(self) -> tuple[str, ...]:
        """What it is narrowed to beside the kind."""
        return tuple(name for name in DIMENSIONS if getattr(self, name) is not None)

    def before(self) -> "Scope":
        """The same of as many days just before."""
        return replace(self, since=self.since - timedelta(days=self.days), until=self.since - timedelta(days=1))

    def value(self) -> str:
        """What its grain is kept under."""
        return value_of(tuple(getattr(self, name) for name in self.grain or ()))


def value_of(parts: tuple[str, ...]) -> str:
    """The name of a combination of values."""
    return _SEPARATOR.join(parts)


def scope_of(
    today: date,
    *,
    since: date | None = None,
    until: date | None = None,
    kind: str = "paper",
    queue: str | None = None,
    legal_entity: str | None = None,
    supplier: str | None = None,
    site: str | None = None,
) -> Scope:
    """What is asked for, the last thirteen weeks to today where nobody says when; weeks begin on Mondays.

    Raises:
        InputError: `INSIGHTS-PERIOD`, `INSIGHTS-KIND`.
    """
    until = until or today
    since = since or week_of(until) - timedelta(weeks=WEEKS - 1)
    if since > until or (until - since).days >= LONGEST_DAYS or since.year < 1990:
        raise InputError(
            "INSIGHTS-PERIOD",
            f"From {since} to {until} is no period that can be shown.",
            "Give a first day that is not after the last one, and ten years at most.",
        )
    if kind not in KINDS:
        raise InputError("INSIGHTS-KIND", f"There is no kind {kind!r}.", f"Use one of {', '.join(KINDS)}.")
    return Scope(
        since=since, until=until, kind=kind, queue=queue, legal_entity=legal_entity, supplier=supplier, site=site
    )


def period(since: date, until: date) -> Period:
    """The days from one to another; none where it ends before it begins."""
    first = since + timedelta(days=-since.weekday() % _WEEK_DAYS)
    whole = ((until - first).days + 1) // _WEEK_DAYS
    if whole <= 0:
        return Period(since=since, until=until, weeks=None, days=_days(since, until))
    after = first + timedelta(weeks=whole)
    left = (*_days(since, first - timedelta(days=1)), *_days(after, until))
    return Period(since=since, until=until, weeks=(first, after - timedelta(weeks=1)), days=left)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _days(since: date, until: date) -> tuple[date, ...]:
    return tuple(since + timedelta(days=number) for number in range((until - since).days + 1))
