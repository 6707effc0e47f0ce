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
from core.erp import SalesOrder, SalesOrderLine
from core.errors import NotFoundError
from ingest.erp_planning import PlanningReader
from models.prediction import Prediction
from triage.availability import Availability, availability
from triage.decide_order import decide_order
from triage.order_facts import OrderFacts
from triage.order_records import OrderRecords
from triage.planning_load import by_key
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
    queue = OrderQueue(session, policy, as_of, given)
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
        scored_order(facts, available, policy, said.get(facts.order.order_id), advise) for facts, available in looked_at
    )


def place_in_queue(order: SalesOrder) -> tuple[datetime, str]:
    """First come, first served."""
    return order.ordered_at, order.order_id


def scored_order(
    facts: OrderFacts, available: Availability, policy: Policy, said: Prediction | None, advise: Advise | None
) -> ScoredOrder:
    """Decides an order that was looked at, and works out what to do about it."""
    prediction = storable(said)
    decision = decide_order(facts, policy, available, prediction)
    advice = None if prediction is None or advise is None else advise(facts, available, prediction)
    features = None if said is None else said.features
    return ScoredOrder(facts=facts, decision=decision, prediction=prediction, features=features, advice=advice)


class OrderQueue:
    """Everything a run needs, loaded at once: orders that wait, and what could be promised them.

    Attributes:
        promises: what orders are promised that were looked at so far.
    """

    def __init__(self, session: ReadSession, policy: Policy, as_of: datetime, given: Sequence[GivenOrder]) -> None:
        self._session, self._planning = session, PlanningReader(session)
        self._given = {one.order.order_id: one for one in given}
        self.records = OrderRecords(session, policy, as_of)
        self.promises = Promises()
        since = as_of - timedelta(days=policy.orders.waiting_days)
        self._orders = {order.order_id: order for order in self._planning.sales_orders_promised(since, as_of)}
        self._orders |= {order_id: one.order for order_id, one in self._given.items()}
        self.records.load_shipments(session, self._orders)
        self._waiting = {
            order_id for order_id in self._orders if order_id in self._given or not self.records.is_under_way(order_id)
        }

    def asked(self, order_ids: Iterable[str] | None) -> frozenset[str]:
        """The numbers to judge, those of the feeds loaded if they do not wait."""
        if order_ids is None:
            return frozenset(self._given) or frozenset(self._waiting)
        wanted = frozenset(order_ids)
        found = self._planning.sales_orders(wanted - self._orders.keys())
        self._orders |= {order.order_id: order for order in found}
        self.records.load_shipments(self._session, (order.order_id for order in found))
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
        return tuple(sorted(chosen, key=place_in_queue))

    def waits(self, order: SalesOrder) -> bool:
        """Whether the order takes part in the queue, and is not only looked at."""
        return order.order_id in self._waiting

    def lines(self, order: SalesOrder) -> tuple[SalesOrderLine, ...]:
        """The order's lines."""
        return self._lines.get(order.order_id, ())

    def facts(self, order: SalesOrder) -> OrderFacts:
        """What the order's decision is made from, as the queue stands now."""
        lines = self.lines(order)
        return self.records.facts(order, lines, self.promises.of(line.item_id for line in lines))

    def _load(self, orders: Sequence[SalesOrder]) -> None:
        ids = {order.order_id for order in orders}
        lines = [*self._planning.sales_order_lines(ids - self._given.keys())]
        lines += [line for one in self._given.values() for line in one.lines]
        self._lines: Mapping[str, tuple[SalesOrderLine, ...]] = by_key(lines, lambda line: line.order_id)
        self.records.load_items(self._session, {line.item_id for line in lines})
        self.records.load_blocks(self._session, ids)
