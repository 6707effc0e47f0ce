"""Builds a customer's order and the stock it is taken from: nothing to find unless a test says otherwise."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.decisions import Finding
from core.erp import FeedFreshness, Location, SalesOrder, SalesOrderLine, StockLevel
from tests.triage.builders import AS_OF, policy
from triage.availability import availability
from triage.decide_order import run_order_controls
from triage.inbound import Inbound
from triage.order_facts import Commitment, OrderFacts
from triage.planning_policy import OrderRules
from triage.policy import Policy

SO = "SO-1"
PROMISE = AS_OF + timedelta(days=7)


def order_rules(**changes: Any) -> OrderRules:
    """The rules Clearhold starts with, changed."""
    return policy().orders.model_copy(update=changes)


def with_orders(**changes: Any) -> Policy:
    """A policy whose rules for orders are changed."""
    return policy().model_copy(update={"orders": order_rules(**changes)})


def sales_order(**changes: Any) -> SalesOrder:
    """An order from Vienna, promised in a week."""
    record = SalesOrder(
        order_id=SO,
        ordered_at=AS_OF - timedelta(days=1),
        promised_at=PROMISE,
        ship_to_country="AT",
        ship_to_region="Wien",
        service="standard",
        order_value=Decimal("250.00"),
        currency="EUR",
    )
    return replace(record, **changes)


def sales_line(number: int = 1, quantity: str | int = 10, item: str = "A", **changes: Any) -> SalesOrderLine:
    """A line of the order."""
    record = SalesOrderLine(order_id=SO, line_number=str(number), item_id=item, quantity=Decimal(quantity))
    return replace(record, **changes)


def level(item: str = "A", at: str = "WH1", on_hand: str | int = 100, **changes: Any) -> StockLevel:
    """Stock, counted an hour ago."""
    record = StockLevel(item_id=item, location_id=at, as_of=AS_OF - timedelta(hours=1), on_hand=Decimal(on_hand))
    return replace(record, **changes)


def inbound(quantity: str | int = 10, item: str = "A", at: str | None = "WH1", **changes: Any) -> Inbound:
    """Goods on order, promised in three days."""
    record = Inbound(
        po_number="4500012",
        line_number="1",
        item_id=item,
        location_id=at,
        quantity=Decimal(quantity),
        promised_at=AS_OF + timedelta(days=3),
    )
    return replace(record, **changes)


def commitment(quantity: str | int = 10, item: str = "A", at: str = "WH1", **changes: Any) -> Commitment:
    """What earlier orders are promised, due the day before this order."""
    record = Commitment(item_id=item, location_id=at, due_at=PROMISE - timedelta(days=1), quantity=Decimal(quantity))
    return replace(record, **changes)


def order_facts(*lines: SalesOrderLine, **changes: Any) -> OrderFacts:
    """Plenty of everything at one place, fresh feeds."""
    record = OrderFacts(
        order=sales_order(),
        as_of=AS_OF,
        lines=lines or (sales_line(),),
        stock=(level(),),
        locations=(Location(location_id="WH1", kind="warehouse", country="DE", region="HH"),),
        feeds=tuple(
            FeedFreshness(feed=name, loaded_at=AS_OF - timedelta(hours=1), rows=10) for name in order_rules().feeds
        ),
    )
    return replace(record, **changes)


def check_order(facts: OrderFacts, the_policy: Policy | None = None) -> tuple[Finding, ...]:
    """What all controls of orders find."""
    rules = the_policy or policy()
    return run_order_controls(facts, availability(facts, rules.orders), rules)


def order_codes(facts: OrderFacts, the_policy: Policy | None = None) -> set[str]:
    """The codes of what all controls of orders find."""
    return {finding.code for finding in check_order(facts, the_policy)}


def the_order_finding(code: str, facts: OrderFacts, the_policy: Policy | None = None) -> Finding:
    """The one finding with a code."""
    (found,) = (finding for finding in check_order(facts, the_policy) if finding.code == code)
    return found
