"""Finds other ways an order may go: places, services and splits that the rules of availability and lanes allow. Pure.

Nothing is offered that a control would hold: a place must have what is wanted after all promises before, a lane must be
served, and its cut-off must not have passed. How likely each is late is for a model to say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from core.erp import Location, SalesOrder
from core.money import exact_sum
from triage.availability import Availability, availability
from triage.order_facts import OrderFacts
from triage.planning_policy import OrderRules
from triage.promising import promised
from triage.ship_routes import cut_off_instant, is_served

Kind = Literal["reroute", "split", "upgrade_service"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another way the order may go.

    Attributes:
        places: where it leaves from; several for a split.
        service: by what it goes; None where orders name no service.
        cut_off_at: the last instant to hand all of it over.
        shares: the part of the wanted quantity that leaves from each place.
        is_new_service: whether the service differs from the one ordered.
    """

    kind: Kind
    places: tuple[str, ...]
    service: str | None
    cut_off_at: datetime
    shares: tuple[float, ...] = (1.0,)
    is_new_service: bool = False

    @property
    def steps(self) -> int:
        """What it costs beside the way planned, in steps: shipments more, and a service that is paid for."""
        return len(self.places) - 1 + self.is_new_service

    @property
    def words(self) -> str:
        """What to do, in a planner's words."""
        by = f" by {self.service}" if self.service else ""
        match self.kind:
            case "reroute":
                return f"send all of it from {self.places[0]}{by}"
            case "upgrade_service":
                return f"send it by {self.service} from {self.places[0]}"
        parts = ", ".join(f"{share:.0%} from {at}" for share, at in zip(self.shares, self.places, strict=True))
        return f"split it: {parts}{by}"


def alternatives(
    facts: OrderFacts, rules: OrderRules, *, services: Iterable[str] = ()
) -> tuple[str | None, tuple[Alternative, ...]]:
    """Where the order leaves from as planned (None: nowhere or several places), and other ways it may go.

    Args:
        services: services known beside those the lanes of the policy name.
    """
    anywhere = replace(facts, lines=tuple(replace(line, fulfil_location_id=None) for line in facts.lines))
    available = availability(anywhere, rules)
    planned = _planned(facts, rules)
    ways = _Ways(facts, rules)
    found = [ways.way("reroute", at, facts.order) for at in available.whole if at != planned]
    here = [at for at in (planned,) if at in available.whole] or list(available.whole)
    for service in _other_services(facts.order, rules, services):
        faster = replace(facts.order, service=service)
        found += [ways.way("upgrade_service", at, faster) for at in here]
    found.append(_split(anywhere, available, rules, ways))
    return planned, tuple(one for one in found if one is not None)


class _Ways:
    def __init__(self, facts: OrderFacts, rules: OrderRules) -> None:
        self._facts, self._rules = facts, rules
        self._places: Mapping[str, Location] = {place.location_id: place for place in facts.locations}

    def way(self, kind: Kind, at: str, order: SalesOrder) -> Alternative | None:
        """The way from one place; None where its lane is not served or its cut-off has passed."""
        cut_off_at = self.open_until(at, order)
        if cut_off_at is None:
            return None
        is_new = order.service != self._facts.order.service
        return Alternative(kind=kind, places=(at,), service=order.service, cut_off_at=cut_off_at, is_new_service=is_new)

    def open_until(self, at: str, order: SalesOrder) -> datetime | None:
        """Until when goods can be handed over for the order there; None where it is too late or not served."""
        if not is_served(order, self._places.get(at), self._rules):
            return None
        cut_off_at = cut_off_instant(order.promised_at, self._rules.cut_off_for(order.service, at))
        return None if cut_off_at < self._facts.as_of else cut_off_at


def _planned(facts: OrderFacts, rules: OrderRules) -> str | None:
    """The one place the order is promised from, or its lines name."""
    available = availability(facts, rules)
    places = {one.location_id for one in promised(facts, available, rules)} or set(available.named)
    return next(iter(places)) if len(places) == 1 else None


def _other_services(order: SalesOrder, rules: OrderRules, services: Iterable[str]) -> tuple[str, ...]:
    named = {service for lane in rules.lanes for service in lane.service}
    return tuple(sorted({*named, *services} - {"any", order.service or ""}))


def _split(anywhere: OrderFacts, available: Availability, rules: OrderRules, ways: _Ways) -> Alternative | None:
    """All of it from several places, where no place has it all."""
    if available.whole:
        return None
    taken = promised(anywhere, available, rules)
    places = tuple(sorted({one.location_id for one in taken}))
    until = [ways.open_until(at, anywhere.order) for at in places]
    known = [at for at in until if at is not None]
    if len(places) < 2 or len(known) < len(places):
        return None
    total = exact_sum(one.quantity for one in taken)
    parts = (exact_sum(one.quantity for one in taken if one.location_id == at) for at in places)
    return Alternative(
        kind="split",
        places=places,
        service=anywhere.order.service,
        cut_off_at=min(known),
        shares=tuple(float(part / total) for part in parts),
    )
