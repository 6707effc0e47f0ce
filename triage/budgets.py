"""What is used of the budgets for orders to suppliers, in their present calendar period, at standard cost."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from core.erp import Item, PurchaseOrder, PurchaseOrderLine
from core.money import ZERO
from triage.planning_policy import Budget
from triage.replenishment_facts import BudgetUse


def period_start(as_of: datetime, period: str) -> datetime:
    """The first instant, in UTC, of the calendar week (Monday), month, quarter or year an instant is in."""
    day = as_of.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case _:
            return day.replace(month=1, day=1)


def used_of(
    budgets: Iterable[Budget],
    orders: Iterable[PurchaseOrder],
    lines: Iterable[PurchaseOrderLine],
    items: Mapping[str, Item],
    *,
    currency: str,
    as_of: datetime,
) -> tuple[BudgetUse, ...]:
    """What orders placed in the present period have used of each budget; cancelled ones count, for safety's sake.

    A line is worth its quantity at the item's standard cost; where it has none, its price if that is in the budgets'
    currency. What cannot be valued so is counted, not guessed.
    """
    by_number = {order.po_number: order for order in orders if order.ordered_at <= as_of}
    placed = [(by_number[line.po_number], line) for line in lines if line.po_number in by_number]
    used = []
    for budget in budgets:
        amount, unvalued, since = ZERO, 0, period_start(as_of, budget.period)
        for order, line in placed:
            item = items.get(line.item_id)
            category = None if item is None else item.category
            if order.ordered_at < since or not budget.covers(category, order.ship_to_location_id):
                continue
            value = line_value(order, line, item, currency)
            amount, unvalued = (amount, unvalued + 1) if value is None else (amount + value, unvalued)
        used.append(BudgetUse(name=budget.name, used_amount=amount, unvalued=unvalued))
    return tuple(used)


def line_value(order: PurchaseOrder, line: PurchaseOrderLine, item: Item | None, currency: str) -> Decimal | None:
    """What an order line costs in the budgets' currency, None where that cannot be said."""
    if item is not None and item.unit_cost is not None:
        return line.quantity * item.unit_cost
    return line.quantity * line.unit_price if order.currency == currency else None
