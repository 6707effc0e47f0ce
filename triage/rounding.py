"""Rounds a recommended quantity to what can be ordered: least order, packs, room and shelf life, in this order.

1. Nothing or less is nothing.
2. Up to the minimum order quantity.
3. To a multiple of the case pack, as the policy says: up, down or to the nearest; never under the minimum, which is
   then itself taken up to a whole pack.
4. Down to whole packs that fit the room left under the maximum stock, and that sell within the shelf life.
5. What is then less than the least that can be ordered is nothing: the demands on it contradict one another.

Rounding what was rounded changes nothing. The result is nothing, or a multiple of the pack, at least the minimum, and
at most the room.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from core.erp import Item
from core.money import ZERO
from triage.planning_policy import ReplenishmentRules
from triage.replenishment_facts import ReplenishmentFacts, on_hand, on_order

PackRounding = Literal["up", "down", "nearest"]
_MODES = {"up": ROUND_CEILING, "down": ROUND_FLOOR, "nearest": ROUND_HALF_UP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Each step of the rounding, all in units.

    Attributes:
        recommended: as it came.
        least: the least that can be ordered at all: the minimum order quantity in whole packs.
        raised: after the minimum order quantity.
        packed: after the case pack.
        room: whole packs that fit under the maximum stock, None where there is no maximum.
        sellable: whole packs that sell within the shelf life, None where it has none, or its demand is not known.
        ordered: what can be ordered; 0 where nothing can.
    """

    recommended: Decimal
    least: Decimal
    raised: Decimal
    packed: Decimal
    room: Decimal | None
    sellable: Decimal | None
    ordered: Decimal

    def fits(self, limit: Decimal) -> bool:
        """Whether something that can be ordered stays within a limit."""
        return limit > 0 and limit >= self.least


def round_recommendation(facts: ReplenishmentFacts, rules: ReplenishmentRules) -> Rounding:
    """Rounds the recommendation by its item's master data, stock, and demand."""
    item = facts.item or Item(item_id=facts.recommendation.item_id)
    there = on_hand(facts.stock) + on_order(facts.stock, facts.inbound)
    return round_quantity(
        facts.recommendation.quantity,
        minimum=item.min_order_quantity,
        pack=item.case_pack,
        room=None if item.max_stock is None else item.max_stock - there,
        sellable=sellable(facts, rules),
        how=rules.pack_rounding,
    )


def round_quantity(
    quantity: Decimal,
    *,
    minimum: Decimal | None,
    pack: Decimal | None,
    room: Decimal | None,
    sellable: Decimal | None,
    how: PackRounding,
) -> Rounding:
    """The steps of the module's head. A pack of nothing or less is no pack; nor is such a minimum one."""
    pack = pack if pack is not None and pack > 0 else None
    minimum = max(ZERO, minimum or ZERO)
    least = to_packs(minimum, pack, "up")
    raised = max(quantity, minimum) if quantity > 0 else ZERO
    packed = max(to_packs(raised, pack, how), least) if raised > 0 else ZERO
    room = None if room is None else to_packs(max(ZERO, room), pack, "down")
    sellable = None if sellable is None else to_packs(max(ZERO, sellable), pack, "down")
    ordered = min([packed, *(limit for limit in (room, sellable) if limit is not None)])
    return Rounding(
        recommended=quantity,
        least=least,
        raised=raised,
        packed=packed,
        room=room,
        sellable=sellable,
        ordered=ordered if ordered >= least else ZERO,
    )


def to_packs(quantity: Decimal, pack: Decimal | None, how: PackRounding) -> Decimal:
    """A quantity as whole packs; as it is where there is no pack."""
    if pack is None:
        return quantity
    return (quantity / pack).quantize(Decimal(1), rounding=_MODES[how]) * pack


def sellable(facts: ReplenishmentFacts, rules: ReplenishmentRules) -> Decimal | None:
    """How much more sells within the usable part of the shelf life, oldest goods first.

    Mean daily demand × usable days, less what of today's stock and orders is still there when the new goods come. None
    where the item keeps, or nothing is known of its demand.
    """
    item, demand = facts.item, facts.demand
    if item is None or item.shelf_life_days is None or demand is None:
        return None
    usable_days = Decimal(item.shelf_life_days) * rules.usable_share
    there = on_hand(facts.stock) + on_order(facts.stock, facts.inbound)
    left_over = max(ZERO, there - demand.mean_daily * max(0, item.lead_time_days or 0))
    return demand.mean_daily * usable_days - left_over
