"""Orders that wait with what each is promised, and what is left of that when others step in between.

What an order is promised depends only on what those before it took of its items. So where an order is given in the
midst of the queue, only later ones that want what it took, or what it gave back, are promised anew.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.erp import SalesOrder, SalesOrderLine
from triage.order_facts import Commitment
from triage.promising import Promises

Key = tuple[datetime, str]
"""An order's place in the queue: when it was placed, and its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An order in the queue.

    Attributes:
        promised: what it takes; nothing where a part of it cannot be promised.
    """

    key: Key
    order: SalesOrder
    lines: tuple[SalesOrderLine, ...]
    promised: tuple[Commitment, ...] = ()

    @property
    def items(self) -> frozenset[str]:
        """What it wants."""
        return frozenset(line.item_id for line in self.lines)


Promise = Callable[[Standing, tuple[Commitment, ...]], tuple[Commitment, ...]]
"""What an order takes, given what is promised of its items to those before it."""


class Waiting:
    """The queue as it stands.

    Args:
        standing: in the order of their keys.
    """

    def __init__(self, standing: Sequence[Standing]) -> None:
        self._standing, self._keys = standing, [one.key for one in standing]
        self._by_number = {one.order.order_id: one for one in standing}
        self._taken: defaultdict[str, list[tuple[Key, Commitment]]] = defaultdict(list)
        self._all = Promises()
        for one in standing:
            self._all.add(one.promised)
            for part in one.promised:
                self._taken[part.item_id].append((one.key, part))

    def before(self, item_id: str, key: Key) -> tuple[Commitment, ...]:
        """What is promised of an item to orders before a place in the queue."""
        taken = self._taken.get(item_id)
        if taken is None:
            return ()
        if taken[-1][0] < key:
            return self._all.of((item_id,))
        promises = Promises()
        promises.add(part for _, part in taken[: bisect_left(taken, key, key=lambda at: at[0])])
        return promises.of((item_id,))

    def turns(self, given: Sequence[Standing]) -> Iterator[Standing]:
        """Given orders at their places, and among them those that wait and may have to be promised anew."""
        replaced = [self._by_number[one.order.order_id].key for one in given if one.order.order_id in self._by_number]
        first = min([*replaced, *(one.key for one in given)])
        last = max(one.key for one in given)
        between = self._standing[bisect_left(self._keys, first) : bisect_left(self._keys, last)]
        if not between:
            yield from sorted(given, key=lambda one: one.key)
            return
        # At one place the order of the feeds goes before the given one that stands for it.
        yield from sorted((*between, *given), key=lambda one: one.key)


class Replay:
    """Goes through the queue with given orders in it."""

    def __init__(self, waiting: Waiting, given: Sequence[Standing], promise: Promise) -> None:
        self._waiting, self._given, self._promise = waiting, given, promise
        self._numbers = {one.order.order_id for one in given}
        self._promises, self._touched = Promises(), set[str]()

    def before_each(self) -> Iterator[tuple[Standing, tuple[Commitment, ...]]]:
        """Each given order, as they were placed, with what is promised of its items before it."""
        own = {id(one) for one in self._given}
        for one in self._waiting.turns(self._given):
            is_given = id(one) in own
            if is_given:
                before = self._before(one)
                yield one, before
                if len(self._given) > 1:
                    self._put(one, self._promise(one, before))
            elif one.order.order_id in self._numbers:
                self._put(one, ())
            elif not self._touched.isdisjoint(one.items):
                self._put(one, self._promise(one, self._before(one)))

    def _before(self, one: Standing) -> tuple[Commitment, ...]:
        found: list[Commitment] = []
        for item_id in sorted(one.items):
            of = self._promises.of((item_id,)) if item_id in self._touched else self._waiting.before(item_id, one.key)
            found += of
        return tuple(found)

    def _put(self, one: Standing, promised: Iterable[Commitment]) -> None:
        for item_id in one.items - self._touched:
            self._promises.add(self._waiting.before(item_id, one.key))
            self._touched.add(item_id)
        self._promises.add(promised)
