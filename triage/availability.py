"""What can be promised of an order's items, where: stock and goods on order, less what others are promised.

Available to promise, cumulative and with look-ahead: a quantity is free at a place on a day if taking it leaves enough
for every promise made before, whenever that is due (Vollmann, Berry and Whybark, Manufacturing Planning and Control
Systems, on master scheduling; the discrete form there nets each receipt against the promises up to the next one).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.erp import SalesOrderLine, StockLevel
from core.money import ZERO, exact_sum
from triage.inbound import Inbound
from triage.order_facts import Commitment, OrderFacts
from triage.planning_policy import OrderRules, covers

Place = tuple[str, str]
"""An item at a location."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How much of an item the order wants, from the place its lines name or, None, from anywhere."""

    item_id: str
    location_id: str | None
    quantity: Decimal
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A need and the most that can be promised of it."""

    need: Need
    free: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """What the order wants and from where it can be promised.

    Attributes:
        free: what can be promised by the order's promise, by item and place, never negative.
        short: needs that cannot be promised in full from all places together.
        whole: places that can supply the whole order alone.
        named: places the order's lines name.
    """

    needs: tuple[Need, ...]
    free: Mapping[Place, Decimal]
    short: tuple[Shortage, ...]
    whole: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def is_covered(self) -> bool:
        """Whether everything wanted can be promised, from one place or several."""
        return bool(self.needs) and not self.short

    def candidates(self) -> tuple[str, ...]:
        """Places the order may leave from: named ones, else those with everything, else those with anything."""
        if self.named or self.whole:
            return self.named or self.whole
        wanted = {need.item_id for need in self.needs}
        return tuple(sorted({at for (item_id, at), free in self.free.items() if free > 0 and item_id in wanted}))


def availability(facts: OrderFacts, rules: OrderRules) -> Availability:
    """Nets what is there and coming against what is promised, and finds the places that can supply the order."""
    needs = needs_of(facts.lines)
    free = free_by_place(
        {need.item_id for need in needs},
        facts.stock,
        facts.inbound,
        facts.committed,
        barred=_barred(facts, rules),
        by=facts.order.promised_at,
        as_of=facts.as_of,
        rules=rules,
    )
    named = tuple(sorted({need.location_id for need in needs if need.location_id is not None}))
    return Availability(
        needs=needs, free=free, short=_short(needs, free), whole=_whole(needs, free, named), named=named
    )


def needs_of(lines: Iterable[SalesOrderLine]) -> tuple[Need, ...]:
    """The lines' quantities by item and named place; a line of nothing or less wants nothing."""
    wanted: defaultdict[tuple[str, str | None], list[SalesOrderLine]] = defaultdict(list)
    for line in lines:
        if line.quantity > 0:
            wanted[line.item_id, line.fulfil_location_id].append(line)
    return tuple(
        Need(
            item_id=item_id,
            location_id=location_id,
            quantity=exact_sum(line.quantity for line in wanted[item_id, location_id]),
            lines=tuple(sorted(line.line_number for line in wanted[item_id, location_id])),
        )
        for item_id, location_id in sorted(wanted, key=lambda key: (key[0], key[1] or ""))
    )


def free_by_place(
    items: Iterable[str],
    stock: Iterable[StockLevel],
    inbound: Iterable[Inbound],
    committed: Iterable[Commitment],
    *,
    barred: frozenset[str],
    by: datetime,
    as_of: datetime,
    rules: OrderRules,
) -> dict[Place, Decimal]:
    """What can still be promised by an instant, per item and place, never negative.

    Args:
        barred: places nothing may be promised from.
        by: the promise; one that has passed is judged by what is there now.
    """
    wanted = frozenset(items)
    on_hand: dict[Place, Decimal] = {}
    for level in stock:
        if level.item_id in wanted and level.location_id not in barred:
            on_hand[level.item_id, level.location_id] = level.on_hand - (level.allocated or ZERO)
    coming = _timed((one.item_id, one.location_id, arrival(one, rules, as_of), one.quantity) for one in inbound)
    promised = _timed((one.item_id, one.location_id, one.due_at, one.quantity) for one in committed)
    places = {place for place in (*on_hand, *coming) if place[0] in wanted and place[1] not in barred}
    moment = max(by, as_of)
    return {
        place: _least_left(on_hand.get(place, ZERO), coming.get(place, ()), promised.get(place, ()), moment)
        for place in sorted(places)
    }


def arrival(one: Inbound, rules: OrderRules, as_of: datetime) -> datetime | None:
    """When goods on order can be promised on; None when nobody promised a day, or that day is too long past."""
    if one.promised_at is None or one.promised_at < as_of - timedelta(days=rules.overdue_days):
        return None
    return max(one.promised_at, as_of) + timedelta(days=rules.receiving_days)


def _timed(
    moves: Iterable[tuple[str, str | None, datetime | None, Decimal]],
) -> dict[Place, list[tuple[datetime, Decimal]]]:
    found: defaultdict[Place, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for item_id, location_id, at, quantity in moves:
        if location_id is not None and at is not None:
            found[item_id, location_id].append((at, quantity))
    return found


def _least_left(
    on_hand: Decimal,
    coming: Iterable[tuple[datetime, Decimal]],
    promised: Iterable[tuple[datetime, Decimal]],
    moment: datetime,
) -> Decimal:
    """What is left at the tightest moment from the promise on, 0 when nothing is."""
    moves = sorted([(at, 0, quantity) for at, quantity in coming] + [(at, 1, -quantity) for at, quantity in promised])
    left = on_hand + exact_sum(quantity for at, _, quantity in moves if at <= moment)
    least = left
    for at, _, quantity in moves:
        if at > moment:
            left += quantity
            least = min(least, left)
    return max(ZERO, least)


def _barred(facts: OrderFacts, rules: OrderRules) -> frozenset[str]:
    """Places of a kind that customers' orders do not leave from; a place nobody knows is of no kind."""
    kinds = {location.location_id: location.kind for location in facts.locations}
    places = {level.location_id for level in facts.stock} | {one.location_id for one in facts.inbound}
    return frozenset(at for at in places if at is not None and not covers(rules.ships_from, kinds.get(at)))


def _short(needs: tuple[Need, ...], free: Mapping[Place, Decimal]) -> tuple[Shortage, ...]:
    """Needs over what is free: at the place they name, else at all places once named needs are met."""
    left = dict(free)
    short = []
    for need in sorted(needs, key=lambda one: one.location_id is None):
        if need.location_id is not None:
            there = left.get((need.item_id, need.location_id), ZERO)
            left[need.item_id, need.location_id] = max(ZERO, there - need.quantity)
        else:
            there = exact_sum(quantity for (item_id, _), quantity in left.items() if item_id == need.item_id)
        if need.quantity > there:
            short.append(Shortage(need=need, free=there))
    return tuple(sorted(short, key=lambda one: (one.need.item_id, one.need.location_id or "")))


def _whole(needs: tuple[Need, ...], free: Mapping[Place, Decimal], named: tuple[str, ...]) -> tuple[str, ...]:
    if not needs or len(named) > 1:
        return ()
    wanted: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for need in needs:
        wanted[need.item_id] += need.quantity
    places = named or tuple(sorted({location_id for _, location_id in free}))
    return tuple(
        at for at in places if all(quantity <= free.get((item_id, at), ZERO) for item_id, quantity in wanted.items())
    )
