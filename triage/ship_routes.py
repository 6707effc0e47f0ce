"""From where an order may leave, whether a service goes there, and until when goods must be handed over."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.erp import Location, SalesOrder
from triage.availability import Availability
from triage.order_facts import OrderFacts
from triage.planning_policy import WEEKDAYS, CutOff, OrderRules, covers

_MIDNIGHT = time(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way the order may go.

    Attributes:
        location_id: the place it leaves from; None where no place is known to have it.
        is_served: whether the order's service goes from there to the customer.
        cut_off_at: the last instant to hand the goods over.
    """

    location_id: str | None
    is_served: bool
    cut_off_at: datetime
    cut_off: CutOff


def routes(facts: OrderFacts, available: Availability, rules: OrderRules) -> tuple[Route, ...]:
    """One route for every place the order may leave from; one from nowhere when there is no such place."""
    by_id = {location.location_id: location for location in facts.locations}
    places: tuple[str | None, ...] = available.candidates() or (None,)
    return tuple(_route(facts.order, at, by_id.get(at or ""), rules) for at in places)


def is_served(order: SalesOrder, place: Location | None, rules: OrderRules) -> bool:
    """Whether the policy names a lane for this service from this place to this customer."""
    return any(
        covers(lane.service, order.service)
        and covers(lane.from_country, place.country if place else None)
        and covers(lane.from_region, place.region if place else None)
        and covers(lane.to_country, order.ship_to_country)
        and covers(lane.to_region, order.ship_to_region)
        for lane in rules.lanes
    )


def cut_off_instant(promised_at: datetime, cut_off: CutOff) -> datetime:
    """The last instant to hand goods over for a promise, in UTC.

    A promise at midnight UTC is a day without a time of day, whatever the time zone of the cut-off.
    """
    zone = ZoneInfo(cut_off.time_zone)
    utc = promised_at.astimezone(UTC)
    promised = utc.date() if utc.time() == _MIDNIGHT else promised_at.astimezone(zone).date()
    hours, minutes = cut_off.time.split(":")
    leaves = _working_day_before(promised, cut_off)
    return datetime.combine(leaves, time(int(hours), int(minutes)), tzinfo=zone).astimezone(UTC)


def _route(order: SalesOrder, at: str | None, place: Location | None, rules: OrderRules) -> Route:
    cut_off = rules.cut_off_for(order.service, at)
    return Route(
        location_id=at,
        is_served=is_served(order, place, rules),
        cut_off_at=cut_off_instant(order.promised_at, cut_off),
        cut_off=cut_off,
    )


def _working_day_before(day: date, cut_off: CutOff) -> date:
    """The working day `days_before` ahead of a day; 0 is the day itself, or the last working day before it."""
    left = cut_off.days_before
    while left or WEEKDAYS[day.weekday()] not in cut_off.working_days:
        day -= timedelta(days=1)
        if left and WEEKDAYS[day.weekday()] in cut_off.working_days:
            left -= 1
    return day
