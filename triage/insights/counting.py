"""Turns what became of a paper or case into counts by day. Every figure is a sum of these, and of nothing else.

A day is a day in UTC. An item's counts depend on it alone, so that a change of one takes away the counts it had and
adds those it has now, and the sums stay what a fresh count of everything would give.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from core.texts import N_
from triage.insights.items import PAPER_KINDS, Item, ItemCase

MONEY_SCALE = 10_000
MOST_ACTS = 5
BANDS: tuple[tuple[int, str], ...] = (
    (60, N_("1 minute")),
    (600, N_("10 minutes")),
    (3_600, N_("1 hour")),
    (14_400, N_("4 hours")),
    (86_400, N_("1 day")),
    (259_200, N_("3 days")),
    (604_800, N_("1 week")),
    (1_209_600, N_("2 weeks")),
    (2_592_000, N_("30 days")),
)
"""Upper ends of the spans that times are sorted into, in seconds, each with its words; the last one is open."""

STEPS: tuple[tuple[str, str], ...] = (
    ("reading", N_("received → read and decided")),
    ("waiting", N_("opened → taken up")),
    ("working", N_("taken up → decided by a person")),
    ("second", N_("first approval → second approval")),
)


class Key(NamedTuple):
    """What is counted: a measure and its bucket, on a day, of a kind and a queue (empty where it has none)."""

    day: date
    kind: str
    queue: str
    measure: str
    bucket: str


class Count(NamedTuple):
    """How many, and a sum of whole units beside it: seconds, acts, or ten-thousandths of money."""

    n: int
    total: int


Counts = Mapping[Key, Count]


def counts_of(item: Item) -> Counts:
    """Everything one item adds to the figures."""
    return gathered(_of_item(item))


def gathered(parts: Iterable[tuple[Key, Count]]) -> dict[Key, Count]:
    """Counts added up by key; those that cancel out are left out."""
    n: defaultdict[Key, int] = defaultdict(int)
    total: defaultdict[Key, int] = defaultdict(int)
    for key, count in parts:
        n[key] += count.n
        total[key] += count.total
    return {key: Count(n[key], total[key]) for key in n if n[key] or total[key]}


def band_of(seconds: float) -> str:
    """The number of the span a time falls into: its upper end belongs to it."""
    return str(next((place for place, (end, _) in enumerate(BANDS) if seconds <= end), len(BANDS)))


def money(amount: Decimal) -> int:
    """An amount in ten-thousandths."""
    return int((amount * MONEY_SCALE).to_integral_value())


def ended_at(item: Item) -> datetime | None:
    """When a paper was done with: at its first decision where it needed no case, else when its last case ended."""
    own = _own_cases(item)
    if not own:
        return item.decided_at if item.outcome == "clear" else None
    ends = [case.ended_at for case in own if case.ended_at is not None]
    return max(ends) if len(ends) == len(own) else None


def is_touchless(item: Item) -> bool:
    """Whether no person did anything with it: it cleared by itself, at once or once the facts had come."""
    return all(not case.acts and not case.claims and not case.by_person for case in _own_cases(item))


def _of_item(item: Item) -> Iterator[tuple[Key, Count]]:
    if item.kind in PAPER_KINDS and item.decided_at is not None and item.outcome is not None:
        yield from _of_paper(item, item.decided_at, item.outcome)
    for case in item.cases:
        yield from _of_case(case)
        opened = _day(case.opened_at)
        for measure, value in (
            ("by_supplier", item.supplier),
            ("by_site", item.site),
            ("by_entity", item.legal_entity),
        ):
            yield Key(opened, case.kind, case.queue, measure, value), Count(1, 0)
        yield Key(opened, case.kind, case.queue, "by_queue", case.queue), Count(1, 0)


def _of_paper(item: Item, decided_at: datetime, outcome: str) -> Iterator[tuple[Key, Count]]:
    own = _own_cases(item)
    queue = own[0].queue if own else ""
    here = (item.kind, queue)
    yield Key(_day(decided_at), *here, "decided", outcome), Count(1, 0)
    yield Key(_day(decided_at), *here, "decided_supplier", item.supplier), Count(1, 0)
    yield Key(_day(decided_at), *here, "decided_site", item.site), Count(1, 0)
    if item.received_at is not None and item.read_at is not None:
        yield _span(_day(decided_at), here, "reading", item.received_at, item.read_at)
    end = ended_at(item)
    if end is not None:
        yield Key(_day(decided_at), *here, "done", "touchless" if is_touchless(item) else "touched"), Count(1, 0)
    if item.discount_until is None or item.discount_amount is None or item.currency is None:
        return
    worth, received = Count(1, money(item.discount_amount)), item.received_at or decided_at
    if end is None:
        yield Key(item.discount_until, *here, "discount_open", item.currency), worth
    elif _day(received) <= item.discount_until and not any(case.resolution == "reject" for case in own):
        missed = "missed" if _day(end) > item.discount_until else "in time"
        yield Key(_day(end), *here, "discount", f"{missed}:{item.currency}"), worth


def _of_case(case: ItemCase) -> Iterator[tuple[Key, Count]]:
    here, opened = (case.kind, case.queue), _day(case.opened_at)
    yield Key(opened, *here, "opened", case.outcome), Count(1, 0)
    for code in case.codes:
        yield Key(opened, *here, "code", code), Count(1, 0)
    if case.wrong is not None and case.checked_at is not None:
        yield Key(_day(case.checked_at), *here, "checked", "wrong" if case.wrong else "right"), Count(1, 0)
    if case.ended_at is None:
        yield Key(opened, *here, "open", ""), Count(1, case.priority)
        if case.due_at is not None:
            yield Key(_day(case.due_at), *here, "due", ""), Count(1, case.priority)
        return
    yield from _of_end(case, here, _day(case.ended_at), case.ended_at)


def _of_end(case: ItemCase, here: tuple[str, str], day: date, end: datetime) -> Iterator[tuple[Key, Count]]:
    yield Key(day, *here, "closed", case.resolution or ""), Count(1, 0)
    yield _span(day, here, "case", case.opened_at, end)
    yield Key(day, *here, "touches", str(min(case.acts, MOST_ACTS))), Count(1, case.acts)
    if case.started_at is not None:
        yield _span(day, here, "waiting", case.opened_at, case.started_at)
        yield _span(day, here, "working", case.started_at, case.approved_at or end)
    if case.approved_at is not None:
        yield _span(day, here, "second", case.approved_at, end)
    if case.resolution == "reject" and case.currency is not None:
        yield Key(day, *here, "avoided", f"{case.outcome}:{case.currency}"), Count(1, money(case.at_risk))
    if not case.by_person or case.outcome == "sample":
        return
    how = "block" if case.over_block else "hold" if case.overridden else ""
    yield Key(day, *here, "judged", how), Count(1, 0)
    for code in case.codes:
        yield Key(day, *here, "judged_code", code), Count(1, 0)
    for code in case.overridden:
        yield Key(day, *here, "overridden_code", code), Count(1, 0)


def _own_cases(item: Item) -> tuple[ItemCase, ...]:
    """Its cases about the paper itself."""
    return tuple(case for case in item.cases if case.kind != "promise")


def _span(day: date, here: tuple[str, str], step: str, since: datetime, until: datetime) -> tuple[Key, Count]:
    seconds = max(int((until - since).total_seconds()), 0)
    return Key(day, *here, step, band_of(seconds)), Count(1, seconds)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
