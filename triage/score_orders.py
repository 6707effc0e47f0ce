"""Judges customers' orders as the feeds hold them, in the order they were placed: load, decide, promise, go on.

Orders that wait are judged first come, first served: what an earlier one is promised, a later one is not. Nothing is
stored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.database import ReadSession
from core.decisions import Decision
from core.erp import ErpBlock, FeedFreshness, Location, SalesOrder, SalesOrderLine, StockLevel
from core.errors import NotFoundError
from core.keys import number_key
from ingest.erp import ErpReader
from ingest.erp_planning import PlanningReader
from models.prediction import Prediction
from triage.availability import Availability, availability
from triage.decide_order import decide_order
from triage.inbound import Inbound
from triage.order_facts import OrderFacts, is_under_way
from triage.planning_load import by_key, load_inbound
from triage.policy import Policy
from triage.prediction_json import storable
from triage.promising import Promises, promised

Progress = Callable[[int, int], None]
Predict = Callable[[Sequence[OrderFacts]], Mapping[str, Prediction]]
"""What a model says of orders, by order number; it says nothing of those it leaves out."""
Advise = Callable[[OrderFacts, Availability, Prediction], Mapping[str, Any] | None]
"""What to do about an order a model spoke of: recommendations of named kinds, in JSON's own types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOrder:
    """An order that is given with its lines: one the feeds do not hold, or not as it is now."""

    order: SalesOrder
    lines: tuple[SalesOrderLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredOrder:
    """An order, what was decided about it, and what that was decided from.

    Attributes:
        prediction: what a model said of it; None where none spoke.
        features: what it looked at, where that is kept.
        advice: alternatives and recommendations of named kinds; None where there is nothing to do.
    """

    facts: OrderFacts
    decision: Decision
    prediction: Prediction | None = None
    features: tuple[float | None, ...] | None = None
    advice: Mapping[str, Any] | None = None


def score_orders(
    session: ReadSession,
    policy: Policy,
    *,
    as_of: datetime,
    order_ids: Iterable[str] | None = None,
    given: Sequence[GivenOrder] = (),
    progress: Progress | None = None,
    predict: Predict | None = None,
    advise: Advise | None = None,
) -> tuple[ScoredOrder, ...]:
    """Judges the orders asked for, each behind all that wait and were placed before it.

    Args:
        order_ids: orders of the feeds; all that wait when None and nothing is given.
        given: orders with their facts, in place of those of the same number in the feeds.
        predict: a model's word that an order will be late, asked once about all of them; without it rules decide alone.
        advise: what to do about an order it spoke of.

    Raises:
        NotFoundError: `SCORE-ORDER-UNKNOWN` naming orders the feeds do not have.
    """
    queue = _Queue(session, policy, as_of, given)
    asked = queue.asked(order_ids)
    looked_at: list[tuple[OrderFacts, Availability]] = []
    waiting = queue.in_order(asked)
    for number, order in enumerate(waiting, start=1):
        facts = queue.facts(order)
        available = availability(facts, policy.orders)
        if order.order_id in asked:
            looked_at.append((facts, available))
        if policy.orders.open_orders == "subtract" and queue.waits(order):
            queue.promises.add(promised(facts, available, policy.orders))
        if progress is not None:
            progress(number, len(waiting))
    said = {} if predict is None else predict([facts for facts, _ in looked_at])
    return tuple(
        _scored(facts, available, policy, said.get(facts.order.order_id), advise) for facts, available in looked_at
    )


def _scored(
    facts: OrderFacts, available: Availability, policy: Policy, said: Prediction | None, advise: Advise | None
) -> ScoredOrder:
    prediction = storable(said)
    decision = decide_order(facts, policy, available, prediction)
    advice = None if prediction is None or advise is None else advise(facts, available, prediction)
    features = None if said is None else said.features
    return ScoredOrder(facts=facts, decision=decision, prediction=prediction, features=features, advice=advice)


class _Queue:
    """Everything a run needs, loaded at once: orders that wait, and what could be promised them."""

    def __init__(self, session: ReadSession, policy: Policy, as_of: datetime, given: Sequence[GivenOrder]) -> None:
        self._erp, self._policy, self._as_of = ErpReader(session), policy, as_of
        self._planning = planning = PlanningReader(session)
        self._given = {one.order.order_id: one for one in given}
        self.promises = Promises()
        since = as_of - timedelta(days=policy.orders.waiting_days)
        self._orders = {order.order_id: order for order in planning.sales_orders_promised(since, as_of)}
        self._orders |= {order_id: one.order for order_id, one in self._given.items()}
        self._shipments = by_key(planning.shipments(self._orders), lambda one: one.order_id)
        self._waiting = {
            order_id
            for order_id in self._orders
            if order_id in self._given or not is_under_way(self._shipments.get(order_id, ()), as_of)
        }

    def asked(self, order_ids: Iterable[str] | None) -> frozenset[str]:
        """The numbers to judge, those of the feeds loaded if they do not wait."""
        if order_ids is None:
            return frozenset(self._given) or frozenset(self._waiting)
        wanted = frozenset(order_ids)
        found = self._planning.sales_orders(wanted - self._orders.keys())
        self._orders |= {order.order_id: order for order in found}
        self._shipments |= by_key(self._planning.shipments(order.order_id for order in found), lambda one: one.order_id)
        unknown = sorted(wanted - self._orders.keys())
        if unknown:
            raise NotFoundError(
                "SCORE-ORDER-UNKNOWN",
                f"The feeds have no order {', '.join(unknown[:10])}{' …' if len(unknown) > 10 else ''}.",
                "Load the feed sales_orders, or give the order with its lines.",
            )
        return wanted | self._given.keys()

    def in_order(self, asked: frozenset[str]) -> tuple[SalesOrder, ...]:
        """Orders that wait and those asked for, as they were placed; loads what could be promised them."""
        chosen = [order for order_id, order in self._orders.items() if order_id in self._waiting or order_id in asked]
        self._load(chosen)
        return tuple(sorted(chosen, key=lambda order: (order.ordered_at, order.order_id)))

    def waits(self, order: SalesOrder) -> bool:
        """Whether the order takes part in the queue, and is not only looked at."""
        return order.order_id in self._waiting

    def facts(self, order: SalesOrder) -> OrderFacts:
        """What the order's decision is made from, as the queue stands now."""
        lines = self._lines.get(order.order_id, ())
        items = sorted({line.item_id for line in lines})
        stock = tuple(level for item_id in items for level in self._stock.get(item_id, ()))
        inbound = tuple(one for item_id in items for one in self._inbound.get(item_id, ()))
        places = {level.location_id for level in stock} | {one.location_id for one in inbound}
        places |= {line.fulfil_location_id for line in lines}
        return OrderFacts(
            order=order,
            as_of=self._as_of,
            lines=lines,
            stock=stock,
            inbound=inbound,
            committed=self.promises.of(items),
            locations=tuple(self._locations[at] for at in sorted(filter(None, places)) if at in self._locations),
            shipments=self._shipments.get(order.order_id, ()),
            feeds=self._feeds,
            erp_blocks=self._blocks.get(number_key(order.order_id), ()),
        )

    def _load(self, orders: Sequence[SalesOrder]) -> None:
        erp, planning = self._erp, self._planning
        ids = {order.order_id for order in orders}
        lines = [*planning.sales_order_lines(ids - self._given.keys())]
        lines += [line for one in self._given.values() for line in one.lines]
        items = {line.item_id for line in lines}
        self._lines: Mapping[str, tuple[SalesOrderLine, ...]] = by_key(lines, lambda line: line.order_id)
        self._stock: Mapping[str, tuple[StockLevel, ...]] = by_key(
            planning.stock_levels(self._as_of, items), lambda level: level.item_id
        )
        self._inbound: Mapping[str, tuple[Inbound, ...]] = by_key(
            load_inbound(erp, planning, items, self._policy, self._as_of), lambda one: one.item_id
        )
        self._locations: Mapping[str, Location] = {one.location_id: one for one in planning.locations()}
        self._blocks: Mapping[str, tuple[ErpBlock, ...]] = by_key(
            erp.erp_blocks(ids), lambda one: number_key(one.document_ref)
        )
        needed = frozenset(self._policy.orders.feeds)
        self._feeds: tuple[FeedFreshness, ...] = tuple(feed for feed in erp.freshness() if feed.feed in needed)
