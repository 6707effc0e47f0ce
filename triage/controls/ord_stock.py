"""Whether everything a customer ordered can be promised from stock and goods on order, at one place or several."""

from core.decisions import Finding, Outcome
from triage.availability import Availability, Shortage
from triage.findings import count
from triage.order_facts import OrderFacts, is_under_way
from triage.planning_control import PLANNER, OrderControl
from triage.policy import Policy
from triage.sales_findings import instant, needs_used, order_finding, places_text

CODE = "ORD-STOCK"


def stock(facts: OrderFacts, available: Availability, _policy: Policy) -> tuple[Finding, ...]:
    """An item of which less can be promised than is wanted; an order that says of nothing how much it wants."""
    if is_under_way(facts.shipments, facts.as_of):
        return ()
    if not available.needs:
        return (_nothing_wanted(facts),)
    return tuple(_short(facts, available, one) for one in available.short)


def _short(facts: OrderFacts, available: Availability, one: Shortage) -> Finding:
    need, by = one.need, instant(facts.order.promised_at)
    where = "anywhere" if need.location_id is None else f"from {need.location_id}, where the order takes it from"
    places = places_text(available, need.item_id)
    message = (
        f"Item {need.item_id}: {count(need.quantity)} wanted by {by}, {count(one.free)} can be promised {where}. "
        f"Free after stock, goods on order and earlier promises: {places}."
    )
    return order_finding(
        facts,
        CODE,
        message,
        subject=f"item {need.item_id}" if need.location_id is None else f"item {need.item_id} at {need.location_id}",
        expected=f"{count(need.quantity)} by {by}",
        actual=count(one.free),
        difference=count(need.quantity - one.free),
        used=needs_used(facts, (at for at in available.needs if at.item_id == need.item_id)),
    )


def _nothing_wanted(facts: OrderFacts) -> Finding:
    lines = [f"sales_order_line:{facts.order.order_id}/{line.line_number}" for line in facts.lines]
    message = (
        "No line of the order wants more than nothing, so there is nothing to promise."
        if lines
        else "The order has no lines, so what it wants is not known."
    )
    return order_finding(facts, CODE, message, expected="a line with a quantity", actual="none", used=lines)


CONTROL = OrderControl(
    code=CODE,
    checks="Everything ordered can be promised from available stock",
    formula="wanted > Σ places (on hand − allocated + on order by the promise − promised to earlier orders)",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="stock, an order to a supplier, or a later promise in the feeds",
    run=stock,
)
