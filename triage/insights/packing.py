"""Where an item's counts are added up: by day and by week, for the whole house and by what it may be narrowed to.

All counts of one place (a day or week of a kind, in a queue, at a site…) are one bundle, so that a page reads a few
rows for each of its periods, however many cases there are. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from datetime import date
from typing import Any, NamedTuple

from triage.insights.counting import Count, counts_of
from triage.insights.items import Item
from triage.insights.scope import GRAINS, value_of, week_of

DONE, OPEN = "done", "open"
DAY, WEEK = "d", "w"
OPEN_MEASURES = frozenset({"open", "due", "discount_open"})
"""Counts of what has not ended: they stand whatever the period is, by day only."""

_SEPARATOR = ":"
Bundle = MutableMapping[str, Any]
"""By measure and bucket (`code:SUP-BANK`), how many, with the sum beside it where there is one: `[3, 7200]`."""


class Place(NamedTuple):
    """Where counts are added up. `day` is a week's Monday where `span` is a week."""

    part: str
    grain: str
    value: str
    span: str
    day: date
    kind: str

    @property
    def key(self) -> str:
        """The place as one text."""
        return "\x1e".join((*self[:4], self.day.isoformat(), self.kind))


def bundles(item: Item, *, sign: int = 1) -> Iterator[tuple[Place, Bundle]]:
    """What an item adds (or, with `sign` -1, takes away) at every place it counts in."""
    own = {"supplier": item.supplier, "site": item.site, "legal_entity": item.legal_entity}
    by_where: dict[tuple[str, date, str, str], Bundle] = {}
    for key, count in counts_of(item).items():
        part = OPEN if key.measure in OPEN_MEASURES else DONE
        bundle = by_where.setdefault((part, key.day, key.kind, key.queue), {})
        bundle[f"{key.measure}{_SEPARATOR}{key.bucket}"] = _packed(Count(sign * count.n, sign * count.total))
    for (part, day, kind, queue), bundle in by_where.items():
        known = own | {"queue": queue}
        spans = ((DAY, day),) if part == OPEN else ((DAY, day), (WEEK, week_of(day)))
        for grain in GRAINS:
            value = value_of(tuple(known[name] for name in grain))
            for span, first in spans:
                yield Place(part, ",".join(grain), value, span, first, kind), bundle


def merged(into: Bundle, more: Mapping[str, Any]) -> Bundle:
    """Adds counts to counts, in place; what comes to nothing is left out."""
    for name, packed in more.items():
        had = into.get(name)
        if had is None:
            into[name] = packed
            continue
        one, other = _count(had), _count(packed)
        both = Count(one.n + other.n, one.total + other.total)
        if both.n or both.total:
            into[name] = _packed(both)
        else:
            del into[name]
    return into


def unpacked(bundle: Mapping[str, Any]) -> Iterable[tuple[str, str, Count]]:
    """Counts by measure and bucket."""
    for name, packed in bundle.items():
        measure, _, bucket = name.partition(_SEPARATOR)
        yield measure, bucket, _count(packed)


def _packed(count: Count) -> Any:
    return [count.n, count.total] if count.total else count.n


def _count(packed: Any) -> Count:
    return Count(packed, 0) if isinstance(packed, int) else Count(*packed)
