"""Turns the feed `exceptions` into cases as they are known when opened, endings as they became known, and their order.

What a case came to (team, deadline met) is known from the instant it was resolved, and stands apart from the case, so
that nothing that is computed at opening can see it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

ATTRIBUTES: Final = (
    "initial_group",
    "kind",
    "priority",
    "x_subcategory",
    "x_symptom",
    "x_location",
    "x_opened_by",
    "x_channel",
    "x_impact",
    "x_urgency",
)
"""What a case says of itself when it is opened, in this order; empty text where it does not."""

SECONDS_A_DAY = 86_400.0
_DAYS_TO_MONDAY = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case at the instant it is opened.

    Attributes:
        opened: days since 1970, in UTC.
        says: its attributes, in the order of `ATTRIBUTES`.
    """

    case_id: str
    opened: float
    says: tuple[str, ...]

    @property
    def initial_group(self) -> str:
        """The team it arrived at; empty where the feed does not say."""
        return self.says[0]

    @property
    def hour(self) -> float:
        """Hour of the day, 0 to 24, in UTC."""
        return (self.opened % 1.0) * 24.0

    @property
    def weekday(self) -> int:
        """0 for Monday to 6."""
        return (int(self.opened) + _DAYS_TO_MONDAY) % 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What became of a case, and since when that is known.

    Attributes:
        known: days since 1970, in UTC: the instant it was resolved.
        group: the team that resolved it, None where the feed does not say.
        missed: whether its deadline was missed, None where the feed does not say.
    """

    known: float
    group: str | None
    missed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBook:
    """Cases in the order they were opened, and the ending of each, None while it is open."""

    cases: tuple[Case, ...]
    endings: tuple[Ending | None, ...]


def casebook(frame: "pl.DataFrame") -> CaseBook:
    """The cases of the feed `exceptions`, oldest first."""
    import polars as pl

    ordered = frame.sort("opened_at", "exception_id")
    given = set(ordered.columns)
    columns = [
        ordered[name].cast(pl.String).fill_null("").to_list() if name in given else [""] * ordered.height
        for name in ATTRIBUTES
    ]
    opened = _days(ordered["opened_at"])
    cases = tuple(
        Case(case_id=case_id, opened=at, says=says)
        for case_id, at, says in zip(ordered["exception_id"], opened, zip(*columns, strict=True), strict=True)
        if at is not None
    )
    endings = tuple(
        None if known is None else Ending(known=known, group=group or None, missed=None if met is None else not met)
        for known, group, met, at in zip(
            _days(ordered["resolved_at"]), ordered["resolved_group"], ordered["sla_met"], opened, strict=True
        )
        if at is not None
    )
    return CaseBook(cases=cases, endings=endings)


def walk(
    cases: Sequence[Case], endings: Sequence[Ending | None], *, known_to: float | None = None
) -> Iterator[tuple[int, bool]]:
    """The order in which things became known: `(number, False)` when a case is opened, `(number, True)` when it ends.

    An ending at the very instant another case is opened is not known to that one yet.

    Args:
        known_to: endings that became known later are left out.
    """
    steps = [(case.opened, 0, number) for number, case in enumerate(cases)]
    steps += [
        (max(ending.known, cases[number].opened), 1, number)
        for number, ending in enumerate(endings)
        if ending is not None and (known_to is None or ending.known <= known_to)
    ]
    for _, what, number in sorted(steps):
        yield number, what == 1


def last_known(endings: Iterable[Ending | None]) -> float | None:
    """The instant of the newest ending, None where nothing has ended."""
    return max((ending.known for ending in endings if ending is not None), default=None)


def _days(instants: "pl.Series") -> list[float | None]:
    return [None if at is None else at / (SECONDS_A_DAY * 1e6) for at in instants.dt.timestamp("us").to_list()]
