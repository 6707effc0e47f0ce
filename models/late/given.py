"""Turns an order that is given with its lines into the row a model of late orders looks at, without a table.

The same columns as `orders.order_rows` makes of the feeds; the house's own `x_…` columns are empty.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from core.erp import SalesOrder, SalesOrderLine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY_MICROSECONDS = 86_400 * 1e6


def given_row(order: SalesOrder, lines: Sequence[SalesOrderLine]) -> dict[str, Any]:
    """The row of one order; of several lines the one worth most says what it is and whose."""
    row: dict[str, Any] = {
        "order_id": order.order_id,
        "ordered": _days(order.ordered_at),
        "promised": _days(order.promised_at),
        "country": order.ship_to_country,
        "region": order.ship_to_region,
        "service": order.service,
        "channel": order.channel,
        "carrier": None,
    }
    return row | (
        _of_lines(order, lines) if lines else dict.fromkeys(_OF_LINES) | {"value": _number(order.order_value)}
    )


_OF_LINES = (
    *("place", "supplier", "item", "category", "unit_price"),
    *("lines", "suppliers", "places", "quantity", "weight", "value"),
)


def _of_lines(order: SalesOrder, lines: Sequence[SalesOrderLine]) -> dict[str, Any]:
    quantities = [float(line.quantity) for line in lines]
    prices = [_number(line.unit_price) for line in lines]
    worth = [None if price is None else quantity * price for quantity, price in zip(quantities, prices, strict=True)]
    weights = [float(line.weight_kg) for line in lines if line.weight_kg is not None]
    at = min(range(len(lines)), key=lambda place: (-(worth[place] or 0.0), lines[place].line_number))
    best, value = lines[at], _number(order.order_value)
    told = [one for one in worth if one is not None]
    return {
        "place": best.fulfil_location_id,
        "supplier": best.supplier_id,
        "item": best.item_id,
        "category": best.category,
        "unit_price": prices[at],
        "lines": float(len(lines)),
        "suppliers": float(len({line.supplier_id for line in lines})),
        "places": float(len({line.fulfil_location_id for line in lines})),
        "quantity": sum(quantities),
        "weight": sum(weights) if weights else None,
        "value": value if value is not None else sum(told) if told else None,
    }


def _days(at: datetime) -> float:
    """Days since 1970 in UTC, with fractions."""
    return ((at - _EPOCH) // _MICROSECOND) / _DAY_MICROSECONDS


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
