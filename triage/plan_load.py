"""Loads what a model plans replenishment from: longer demand, and what suppliers delivered."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from core.erp import DemandDay, Item, PurchaseOrderLine
from core.errors import UnavailableError
from ingest.erp import ErpReader
from ingest.erp_planning import PlanningReader
from models.bundle import Bundle
from models.fit import misfit_of
from models.replenishment.history import Day
from models.replenishment.lead_times import LeadTimes
from models.replenishment.learnt import Learnt, learnt_of
from models.replenishment.plan import NoPlan, PlanFacts, plan
from models.replenishment.receipts import OrderedLine, Suppliers
from triage.plan_terms import terms_of
from triage.planned import Planned, planned_of
from triage.policy import Policy
from triage.reorder import Reorder

RECEIPTS_DAYS = 730
Place = tuple[str, str]


class Planner:
    """A model that plans, with everything it needs loaded at once."""

    def __init__(
        self,
        erp: ErpReader,
        planning: PlanningReader,
        policy: Policy,
        bundle: Bundle,
        learnt: Learnt,
        *,
        as_of: datetime,
        until: date | None,
        items: Mapping[str, Item],
    ) -> None:
        self._policy, self._version, self._learnt = policy, bundle.version, learnt
        self._as_of, self._until, self._items, self._terms = as_of, until, items, terms_of(policy)
        self._suppliers = _suppliers(erp, planning, policy, as_of, items)
        self._days: defaultdict[Place, list[Day]] = defaultdict(list)
        if until is not None:
            since = until - timedelta(days=learnt.window_days)
            for day in planning.demand(since, until, items):
                self._days[day.item_id, day.location_id].append(_day(day))

    def plan(self, ruled: Reorder) -> Planned:
        """What the model orders where today's rule looked."""
        place, item = (ruled.item_id, ruled.location_id), self._items.get(ruled.item_id)
        lead = self._lead(ruled, item)
        today = self._as_of.date()
        facts = PlanFacts(
            item_id=ruled.item_id,
            location_id=ruled.location_id,
            category=None if item is None else item.category,
            unit_cost=None if item is None or item.unit_cost is None else float(item.unit_cost),
            today=today,
            until=self._until or today,
            demand=tuple(self._days.get(place, ())),
            lead=lead,
            position=float(ruled.position),
        )
        return planned_of(
            plan(facts, self._learnt, self._terms),
            ruled,
            self._policy,
            version=self._version,
            lead_time_from=_words(lead, is_master=ruled.lead_time_known),
        )

    def _lead(self, ruled: Reorder, item: Item | None) -> LeadTimes:
        """From the supplier's receipts; an item of no supplier has the master record's, or the policy's."""
        return (Suppliers(()) if item is None or item.supplier_id is None else self._suppliers).lead_times(
            ruled.item_id,
            None if item is None else item.supplier_id,
            self._as_of,
            master_days=ruled.lead_time_days if ruled.lead_time_known else None,
            else_days=self._policy.replenishment.rule.lead_time_days_if_missing,
        )


class RuleAlone:
    """Stands where a house's model was made for another version: today's rule orders, and says why."""

    def __init__(self, policy: Policy, bundle: Bundle, misfit: UnavailableError) -> None:
        self._policy, self._version = policy, bundle.version
        self._why = f"{misfit.message.rstrip('.')} [{misfit.code}]"

    def plan(self, ruled: Reorder) -> Planned:
        """The rule's own quantity, with why no model planned it."""
        lead = "the master record's" if ruled.lead_time_known else "the policy's; nobody knows better"
        return planned_of(NoPlan(why=self._why), ruled, self._policy, version=self._version, lead_time_from=lead)


def planner_of(
    erp: ErpReader,
    planning: PlanningReader,
    policy: Policy,
    bundle: Bundle | None,
    *,
    as_of: datetime,
    until: date | None,
    items: Mapping[str, Item],
) -> Planner | RuleAlone | None:
    """The model as a planner, the rule with a word where it is of another version; None where none has a say."""
    if bundle is None or not policy.predictions.replenishment.use:
        return None
    if (misfit := misfit_of(bundle)) is not None:
        return RuleAlone(policy, bundle, misfit)
    learnt = learnt_of(bundle)
    assert learnt is not None
    return Planner(erp, planning, policy, bundle, learnt, as_of=as_of, until=until, items=items)


def _suppliers(
    erp: ErpReader, planning: PlanningReader, policy: Policy, as_of: datetime, items: Mapping[str, Item]
) -> Suppliers:
    """Every order line of the items' suppliers in the last two years, so that few items are planned as all are."""
    of = {item.supplier_id for item in items.values() if item.supplier_id is not None}
    orders = {
        one.po_number: one for one in planning.orders_of_suppliers(of, as_of - timedelta(days=RECEIPTS_DAYS), as_of)
    }
    received: defaultdict[Place, list[tuple[datetime, float]]] = defaultdict(list)
    for receipt in erp.receipts(orders):
        received[receipt.po_number, receipt.line_number].append((receipt.received_at, float(receipt.quantity)))
    closed = policy.statuses.order_closed

    def ordered(line: PurchaseOrderLine) -> OrderedLine:
        order = orders[line.po_number]
        return OrderedLine(
            item_id=line.item_id,
            supplier_id=order.supplier_id,
            ordered_at=order.ordered_at,
            quantity=float(line.quantity),
            ended=(order.status or "").strip().lower() in closed,
            receipts=tuple(received[line.po_number, line.line_number]),
        )

    return Suppliers(ordered(line) for line in erp.order_lines(orders))


def _day(day: DemandDay) -> Day:
    return Day(date=day.date, quantity=float(day.quantity), stocked_out=bool(day.stocked_out))


def _words(lead: LeadTimes, *, is_master: bool) -> str:
    if lead.lines:
        return f"from {lead.lines} order lines received"
    return "the master record's" if is_master else "the policy's; nobody knows better"
