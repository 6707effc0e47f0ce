"""Which stock an order is promised, so that no order after it is promised the same."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from core.money import ZERO
from triage.availability import Availability, Place
from triage.order_facts import Commitment, OrderFacts
from triage.planning_policy import OrderRules
from triage.ship_routes import routes


def promised(facts: OrderFacts, available: Availability, rules: OrderRules) -> tuple[Commitment, ...]:
    """What the order takes, and from where, once it is promised; nothing where a part of it cannot be promised.

    From the place its lines name; else from one place that has it all, a served one with time left first; else from
    where most is, place by place.
    """
    if not available.is_covered:
        return ()
    left, taken = dict(available.free), defaultdict[Place, Decimal](lambda: ZERO)
    whole = _best_whole(facts, available, rules)
    for need in sorted(available.needs, key=lambda one: one.location_id is None):
        at = need.location_id or whole
        places = [(need.item_id, at)] if at is not None else _most_first(left, need.item_id)
        wanted = need.quantity
        for place in places:
            part = min(wanted, left[place])
            left[place] -= part
            taken[place] += part
            wanted -= part
    return tuple(
        Commitment(item_id=item_id, location_id=at, due_at=facts.order.promised_at, quantity=quantity)
        for (item_id, at), quantity in sorted(taken.items())
        if quantity > 0
    )


class Promises:
    """What orders so far have been promised, added up by item, place and day due, as facts of the next order."""

    def __init__(self) -> None:
        self._by_item: defaultdict[str, dict[tuple[str, datetime], Decimal]] = defaultdict(dict)
        self._told: dict[str, tuple[Commitment, ...]] = {}

    def add(self, commitments: Iterable[Commitment]) -> None:
        """Takes one order's into account."""
        for one in commitments:
            of_item, key = self._by_item[one.item_id], (one.location_id, one.due_at)
            of_item[key] = of_item.get(key, ZERO) + one.quantity
            self._told.pop(one.item_id, None)

    def of(self, items: Iterable[str]) -> tuple[Commitment, ...]:
        """All that is promised of these items, sorted."""
        return tuple(one for item_id in sorted(set(items)) for one in self._of_item(item_id))

    def _of_item(self, item_id: str) -> tuple[Commitment, ...]:
        if item_id not in self._told:
            self._told[item_id] = tuple(
                Commitment(item_id=item_id, location_id=at, due_at=due_at, quantity=quantity)
                for (at, due_at), quantity in sorted(self._by_item.get(item_id, {}).items())
            )
        return self._told[item_id]


def _best_whole(facts: OrderFacts, available: Availability, rules: OrderRules) -> str | None:
    if available.named or not available.whole:
        return None
    ways = routes(facts, available, rules)
    best = min(ways, key=lambda way: (not way.is_served, way.cut_off_at < facts.as_of, way.location_id or ""))
    return best.location_id


def _most_first(left: dict[Place, Decimal], item_id: str) -> list[Place]:
    return sorted((place for place in left if place[0] == item_id), key=lambda place: (-left[place], place))
