"""A picture of the house at an instant, against which any number of given orders can be judged at once.

An order that is given is judged exactly as `score_orders` judges it as of the picture's instant: behind all that wait
and were placed before it, by the same controls, the same model and the same policy. What differs is that the feeds are
read once, and not for every question.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from core.database import ReadSession
from core.keys import number_key
from ingest.erp import ErpReader
from ingest.erp_planning import PlanningReader
from ingest.number_index import NumberIndex
from models.prediction import Prediction
from triage.availability import Availability, availability
from triage.late_advice import advised_from
from triage.late_advising import LateWays
from triage.late_predicting import LateView, ask_given
from triage.order_facts import Commitment, OrderFacts
from triage.policy import Policy
from triage.promising import promised
from triage.score_orders import GivenOrder, OrderQueue, ScoredOrder, place_in_queue, scored_order
from triage.waiting import Replay, Standing, Waiting

OpenSession = Callable[[], AbstractContextManager[ReadSession | None]]
"""A view of the feeds the picture was taken of; of None when they have changed since."""


class PictureOutdatedError(Exception):
    """The picture would have to look something up, and the feeds are no longer those it was taken of."""


class OrderPicture:
    """What given orders are judged against, taken at an instant.

    Args:
        view: the model of late orders at the same instant; without it rules decide alone.
        items: those that will probably be asked for, besides what waiting orders want.

    Attributes:
        as_of: the instant.
    """

    def __init__(
        self,
        session: ReadSession,
        policy: Policy,
        *,
        as_of: datetime,
        view: LateView | None,
        items: Iterable[str] = (),
    ) -> None:
        self.as_of, self.policy, self._view = as_of, policy, view
        queue = OrderQueue(session, policy, as_of, ())
        waiting = queue.in_order(frozenset())
        self._records = queue.records
        self._records.load_items(session, items)
        self._subtracts = policy.orders.open_orders == "subtract"
        standing = []
        for order in waiting if self._subtracts else ():
            one = Standing(key=place_in_queue(order), order=order, lines=queue.lines(order))
            took = self._promise(one, queue.promises.of(one.items))
            queue.promises.add(took)
            standing.append(Standing(key=one.key, order=order, lines=one.lines, promised=took))
        self._waiting = Waiting(standing)
        self._shipped = NumberIndex(PlanningReader(session).shipped_numbers())
        self._blocked = NumberIndex(ErpReader(session).blocked_numbers())
        self._ways = None if view is None else LateWays(view, policy)

    @property
    def items(self) -> Collection[str]:
        """Items whose stock and goods on order it holds."""
        return self._records.items

    def has_all(self, given: Sequence[GivenOrder]) -> bool:
        """Whether it can judge these orders without looking anything up."""
        return not any(self._lacks(given))

    def judge(
        self, given: Sequence[GivenOrder], open_session: OpenSession, *, explains: bool = False
    ) -> tuple[ScoredOrder, ...]:
        """Judges orders that are given, in the order they were placed.

        Args:
            open_session: asked only where it has not looked up an item or a number yet.
            explains: whether all get reasons; those that will probably be late always do.

        Raises:
            PictureOutdatedError: it would have to look something up, and the feeds have changed.
        """
        self._look_up(given, open_session)
        looked_at = self._in_turn(given)
        said, rows = self._said([facts for facts, _ in looked_at], explains=explains)

        def advise(facts: OrderFacts, available: Availability, one: Prediction) -> Mapping[str, Any] | None:
            return None if self._ways is None else self._ways.advice(rows[facts.order.order_id], facts, available, one)

        return tuple(
            scored_order(facts, available, self.policy, said.get(facts.order.order_id), advise)
            for facts, available in looked_at
        )

    def _lacks(self, given: Sequence[GivenOrder]) -> tuple[set[str], list[str], list[str]]:
        """Items, numbers with shipments and numbers with blocks that are not looked up yet."""
        numbers = [one.order.order_id for one in given]
        items = {line.item_id for one in given for line in one.lines} - self._records.items
        shipped = [one for one in numbers if one in self._shipped and one not in self._records.shipments_of]
        blocked = [one for one in numbers if number_key(one) in self._blocked and one not in self._records.blocks_of]
        return items, shipped, blocked

    def _look_up(self, given: Sequence[GivenOrder], open_session: OpenSession) -> None:
        items, shipped, blocked = self._lacks(given)
        if not (items or shipped or blocked):
            return
        with open_session() as session:
            if session is None:
                raise PictureOutdatedError
            self._records.load_items(session, items)
            self._records.load_shipments(session, shipped)
            self._records.load_blocks(session, blocked)

    def _in_turn(self, given: Sequence[GivenOrder]) -> list[tuple[OrderFacts, Availability]]:
        """Facts of each order at its place in the queue, and what of it is available there."""
        standing = [Standing(key=place_in_queue(one.order), order=one.order, lines=one.lines) for one in given]
        if not self._subtracts:
            return [self._looked_at(one, ()) for one in sorted(standing, key=lambda one: one.key)]
        found: list[tuple[OrderFacts, Availability]] = []

        def promise(one: Standing, before: tuple[Commitment, ...]) -> tuple[Commitment, ...]:
            # A given order has just been looked at, so that it need not be once more.
            looked_at = found[-1] if found and found[-1][0].order is one.order else self._looked_at(one, before)
            return promised(*looked_at, self.policy.orders)

        for one, before in Replay(self._waiting, standing, promise).before_each():
            found.append(self._looked_at(one, before))
        return found

    def _looked_at(self, one: Standing, before: tuple[Commitment, ...]) -> tuple[OrderFacts, Availability]:
        facts = self._records.facts(one.order, one.lines, before)
        return facts, availability(facts, self.policy.orders)

    def _promise(self, one: Standing, before: tuple[Commitment, ...]) -> tuple[Commitment, ...]:
        return promised(*self._looked_at(one, before), self.policy.orders)

    def _said(
        self, facts: Sequence[OrderFacts], *, explains: bool
    ) -> tuple[dict[str, Prediction], dict[str, dict[str, Any]]]:
        if self._view is None:
            return {}, {}
        explained_from = 0.0 if explains else float(advised_from(self.policy.predictions.late))
        rows, told = ask_given(self._view, facts, explained_from=explained_from)
        return {one.order.order_id: said for one, said in zip(facts, told, strict=True)}, rows
