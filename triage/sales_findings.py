"""Writes findings about customers' orders, and names what an order rests on in one way."""

from collections.abc import Iterable
from datetime import UTC, datetime

from core.decisions import Finding, Outcome
from triage.availability import Availability, Need
from triage.findings import count, finding_about
from triage.order_facts import OrderFacts


def order_finding(
    facts: OrderFacts,
    code: str,
    message: str,
    *,
    outcome: Outcome = Outcome.HOLD,
    subject: str | None = None,
    expected: str | None = None,
    actual: str | None = None,
    difference: str | None = None,
    used: Iterable[str] = (),
) -> Finding:
    """A finding about the order, all of whose value is at risk: it is the promise that is at stake."""
    return finding_about(
        facts.key,
        facts.order.currency,
        code,
        outcome,
        message,
        subject=subject,
        expected=expected,
        actual=actual,
        difference=difference,
        tolerance="none allowed",
        used=used,
        at_risk=facts.order.order_value,
    )


def needs_used(facts: OrderFacts, needs: Iterable[Need]) -> tuple[str, ...]:
    """Keys of all a statement about these needs rests on: lines, stock, what is coming, what is promised, places."""
    chosen = tuple(needs)
    items = {need.item_id for need in chosen}
    lines = {number for need in chosen for number in need.lines}
    stock = [level for level in facts.stock if level.item_id in items]
    inbound = [one for one in facts.inbound if one.item_id in items]
    return (
        *(f"sales_order_line:{facts.order.order_id}/{number}" for number in lines),
        *(f"stock_level:{level.item_id}/{level.location_id}" for level in stock),
        *(one.key for one in inbound),
        *(one.key for one in facts.committed if one.item_id in items),
        *locations_used(facts, {level.location_id for level in stock} | {one.location_id for one in inbound}),
    )


def locations_used(facts: OrderFacts, ids: Iterable[str | None]) -> tuple[str, ...]:
    """Keys of the known ones among these places."""
    wanted = set(ids)
    return tuple(f"location:{one.location_id}" for one in facts.locations if one.location_id in wanted)


def places_text(available: Availability, item_id: str) -> str:
    """What can be promised of an item, place by place: `WH1 5, WH2 2`, most first; `nowhere any` when there is none."""
    free = sorted(
        ((-quantity, at) for (item, at), quantity in available.free.items() if item == item_id and quantity > 0),
    )
    return ", ".join(f"{at} {count(-quantity)}" for quantity, at in free) or "nowhere any"


def instant(at: datetime) -> str:
    """An instant to the minute in UTC, as a planner reads it; a day where it is one."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%d}" if (utc.hour, utc.minute, utc.second) == (0, 0, 0) else f"{utc:%Y-%m-%d %H:%M} UTC"
