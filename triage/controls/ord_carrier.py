"""Whether the order's service goes from where it would leave to the customer."""

from core.decisions import Finding, Outcome
from triage.availability import Availability
from triage.order_facts import OrderFacts, is_under_way
from triage.planning_control import PLANNER, OrderControl
from triage.policy import Policy
from triage.sales_findings import locations_used, needs_used, order_finding
from triage.ship_routes import routes

CODE = "ORD-CARRIER"


def carrier(facts: OrderFacts, available: Availability, policy: Policy) -> tuple[Finding, ...]:
    """The policy names no lane from a place the lines name, or from any place the order could leave from."""
    if is_under_way(facts.shipments, facts.as_of):
        return ()
    ways = routes(facts, available, policy.orders)
    unserved = tuple(way for way in ways if not way.is_served)
    if not unserved or (not available.named and len(unserved) < len(ways)):
        return ()
    order = facts.order
    service = order.service or "a service nobody named"
    to = " ".join(part for part in (order.ship_to_country, order.ship_to_region) if part) or "a place nobody named"
    places = ", ".join(way.location_id for way in unserved if way.location_id) or "a place nobody knows"
    return (
        order_finding(
            facts,
            CODE,
            f"No lane of the policy goes from {places} to {to} by {service}.",
            subject="service",
            expected="a lane that is served",
            actual=f"{places} → {to} by {service}",
            used=(*needs_used(facts, available.needs), *locations_used(facts, available.candidates())),
        ),
    )


CONTROL = OrderControl(
    code=CODE,
    checks="The service goes from there to the customer",
    formula="(service, place, ship-to) ∉ lanes of the policy",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="another service in the feeds, or a lane in the policy",
    run=carrier,
)
