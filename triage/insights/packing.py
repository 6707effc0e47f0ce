"""Where an item's counts are added up: by day and by week, for the whole house and by what it may be narrowed to.

All counts of one place (a day or week of a kind, in a queue, at a site…) are one bundle, so that a page reads a few
rows for each of its periods, however many cases there are. Pure.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from triage.insights.counting import Count, Counts
from triage.insights.items import Item
from triage.insights.scope import GRAINS, value_of, week_of

DONE, OPEN = "done", "open"
DAY, WEEK = "d", "w"
OPEN_MEASURES = frozenset({"open", "due", "discount_open"})
"""Counts of what has not ended: they stand whatever the period is, by day only."""

_SEPARATOR = ":"
_PLACES = 40
_UNIT, _HALF = 1 << _PLACES, 1 << (_PLACES - 1)
Bundle = dict[str, int]
"""By measure and bucket (`code:SUP-BANK`) a number and a sum as one whole number, so that adding adds both."""


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


def bundles(item: Item, counts: Counts, *, sign: int = 1) -> Iterator[tuple[Place, Bundle]]:
    """What an item's counts add (or, with `sign` -1, take away) at every place it counts in."""
    own = {"supplier": item.supplier, "site": item.site, "legal_entity": item.legal_entity}
    for part, day, kind, queue, bundle in by_day(counts, sign=sign):
        known = own | {"queue": queue}
        spans = ((DAY, day),) if part == OPEN else ((DAY, day), (WEEK, week_of(day)))
        for grain, names in _GRAINS:
            value = value_of(tuple(known[name] for name in names))
            for span, first in spans:
                yield Place(part, grain, value, span, first, kind), bundle


def by_day(counts: Counts, *, sign: int = 1) -> Iterator[tuple[str, date, str, str, Bundle]]:
    """Counts as bundles, by part, day, kind and queue."""
    found: dict[tuple[str, date, str, str], Bundle] = {}
    for key, count in counts.items():
        part = OPEN if key.measure in OPEN_MEASURES else DONE
        bundle = found.setdefault((part, key.day, key.kind, key.queue), {})
        bundle[f"{key.measure}{_SEPARATOR}{key.bucket}"] = sign * (count.total * _UNIT + count.n)
    for where, bundle in found.items():
        yield *where, bundle


def add(into: Bundle, more: Bundle) -> None:
    """Adds counts to counts, in place."""
    for name, packed in more.items():
        into[name] = into.get(name, 0) + packed


def bundle_to_text(bundle: Bundle) -> str:
    """A bundle as JSON: how many, with the sum beside it where there is one: `{"code:SUP-BANK":3,"wait:4":[2,99]}`."""
    counts = {name: _count(packed) for name, packed in sorted(bundle.items()) if packed}
    told = {name: list(count) if count.total else count.n for name, count in counts.items()}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def bundle_from_text(text: str) -> Bundle:
    """Reads back what `bundle_to_text` wrote."""
    return {
        name: told if isinstance(told, int) else told[1] * _UNIT + told[0] for name, told in json.loads(text).items()
    }


def unpacked(bundle: Bundle) -> Iterator[tuple[str, str, Count]]:
    """Counts by measure and bucket."""
    for name, packed in bundle.items():
        measure, _, bucket = name.partition(_SEPARATOR)
        yield measure, bucket, _count(packed)


_GRAINS = tuple((",".join(names), names) for names in GRAINS)


def _count(packed: int) -> Count:
    n = (packed + _HALF) % _UNIT - _HALF
    return Count(n, (packed - n) >> _PLACES)
