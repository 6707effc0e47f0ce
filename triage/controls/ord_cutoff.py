"""Whether there is still time to hand the order over for the day it is promised."""

from core.decisions import Finding, Outcome
from triage.availability import Availability
from triage.order_facts import OrderFacts, is_under_way
from triage.planning_control import PLANNER, OrderControl
from triage.policy import Policy
from triage.sales_findings import instant, locations_used, needs_used, order_finding
from triage.ship_routes import Route, routes

CODE = "ORD-CUTOFF"


def cut_off(facts: OrderFacts, available: Availability, policy: Policy) -> tuple[Finding, ...]:
    """The cut-off has passed at a place the lines name, or at every place the order could leave from."""
    if is_under_way(facts.shipments, facts.as_of):
        return ()
    ways = routes(facts, available, policy.orders)
    # A place the service does not go from is no way out, however late its cut-off.
    open_ways = ways if available.named else tuple(way for way in ways if way.is_served) or ways
    passed = tuple(way for way in open_ways if way.cut_off_at < facts.as_of)
    if not passed or (not available.named and len(passed) < len(open_ways)):
        return ()
    latest = max(passed, key=lambda way: (way.cut_off_at, way.location_id or ""))
    return (_finding(facts, available, latest),)


def _finding(facts: OrderFacts, available: Availability, way: Route) -> Finding:
    by, at = instant(way.cut_off_at), "" if way.location_id is None else f" at {way.location_id}"
    service = f" by {facts.order.service}" if facts.order.service else ""
    message = (
        f"To arrive by {instant(facts.order.promised_at)}{service} it had to be handed over{at} by {by} "
        f"({way.cut_off.time} {way.cut_off.time_zone}, {_ahead(way.cut_off.days_before)}); that has passed."
    )
    return order_finding(
        facts,
        CODE,
        message,
        subject="promised_at",
        expected=f"by {by}",
        actual=instant(facts.as_of),
        used=(*needs_used(facts, available.needs), *locations_used(facts, available.candidates())),
    )


def _ahead(days: int) -> str:
    """How long before the promised day the cut-off is."""
    return "on the day" if days == 0 else f"{days} working day{'' if days == 1 else 's'} ahead"


CONTROL = OrderControl(
    code=CODE,
    checks="There is time to hand it over for the promised day",
    formula="instant of the decision > cut-off of service and place for the promised day",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="a later promise, or another service, in the feeds",
    run=cut_off,
)
