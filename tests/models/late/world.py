"""A small invented house whose one slow lane is late: feeds as frames, for tests of the model of late orders."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from models.late.orders import History, history_of

START = datetime(2024, 1, 1, tzinfo=UTC)
_INSTANT = pl.Datetime("us", "UTC")


class HouseFrames:
    """Feeds held in memory."""

    def __init__(self, **feeds: pl.DataFrame) -> None:
        self._feeds = feeds

    def frame(self, feed: str) -> pl.DataFrame:
        """A feed; empty where the house has none."""
        return self._feeds.get(feed, EMPTY.get(feed, pl.DataFrame()))


EMPTY = {
    "sales_orders": pl.DataFrame(
        schema={
            "order_id": pl.String,
            "ordered_at": _INSTANT,
            "promised_at": _INSTANT,
            "channel": pl.String,
            "ship_to_country": pl.String,
            "ship_to_region": pl.String,
            "service": pl.String,
            "order_value": pl.Float64,
            "currency": pl.String,
            "x_incoterm": pl.String,
        }
    ),
    "sales_order_lines": pl.DataFrame(
        schema={
            "order_id": pl.String,
            "line_number": pl.String,
            "item_id": pl.String,
            "quantity": pl.Float64,
            "unit_price": pl.Float64,
            "category": pl.String,
            "supplier_id": pl.String,
            "weight_kg": pl.Float64,
            "fulfil_location_id": pl.String,
        }
    ),
    "shipments": pl.DataFrame(
        schema={
            "shipment_id": pl.String,
            "order_id": pl.String,
            "location_id": pl.String,
            "carrier": pl.String,
            "service": pl.String,
            "shipped_at": _INSTANT,
            "delivered_at": _INSTANT,
            "recorded_at": _INSTANT,
        }
    ),
    "stock_levels": pl.DataFrame(
        schema={
            "item_id": pl.String,
            "location_id": pl.String,
            "as_of": _INSTANT,
            "on_hand": pl.Float64,
            "on_order": pl.Float64,
            "allocated": pl.Float64,
        }
    ),
}


def house(count: int = 1_200, *, seed: int = 1, days: int = 720) -> HouseFrames:
    """Orders of two years: those of supplier S3 to Norway come late three times in four, others one in twenty."""
    draw = np.random.default_rng(seed)
    at = np.sort(draw.uniform(0, days, count)).round()
    orders, lines, shipments = [], [], []
    for number, day in enumerate(at):
        supplier, country = f"S{draw.integers(5)}", str(draw.choice(["Norway", "Spain", "Italy"]))
        promised = day + int(draw.integers(5, 30))
        is_late = draw.random() < (0.75 if (supplier, country) == ("S3", "Norway") else 0.05)
        arrives = promised + (int(draw.integers(1, 9)) if is_late else -int(draw.integers(0, 3)))
        order_id = f"O{number}"
        words = {"service": str(draw.choice(["air", "sea"])), "x_incoterm": str(draw.choice(["DAP", "EXW"]))}
        orders.append(order(order_id, day, promised, ship_to_country=country, **words))
        lines.append(line(order_id, supplier_id=supplier, item_id=f"I{draw.integers(8)}", quantity=float(number % 40)))
        shipments.append(shipment(order_id, arrives, carrier=f"C{draw.integers(3)}"))
    levels = [
        {"item_id": f"I{item}", "location_id": place, "as_of": _at(day), "on_hand": float(draw.integers(0, 50))}
        for item in range(8)
        for place in ("P1", "P2", "P3")
        for day in range(0, days, 90)
    ]
    return frames(orders, lines, shipments, levels)


def frames(
    orders: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    shipments: list[dict[str, Any]],
    levels: list[dict[str, Any]] | None = None,
) -> HouseFrames:
    """Feeds of these rows."""
    rows = {
        "sales_orders": orders,
        "sales_order_lines": lines,
        "shipments": shipments,
        "stock_levels": levels or [],
    }
    return HouseFrames(**{feed: pl.DataFrame(of, schema=EMPTY[feed].schema) for feed, of in rows.items()})


def history(of: HouseFrames) -> History:
    """The history of a house."""
    return history_of(of.frame)


def order(order_id: str, ordered: float, promised: float, **more: object) -> dict[str, Any]:
    """An order placed and promised so many days after the start."""
    given = {"ship_to_country": "Spain", "service": "air", "order_value": 100.0, "x_incoterm": "DAP", **more}
    return {"order_id": order_id, "ordered_at": _at(ordered), "promised_at": _at(promised), **given}


def line(order_id: str, **more: object) -> dict[str, Any]:
    """Its only line."""
    given = {"line_number": "1", "item_id": "I1", "quantity": 5.0, "unit_price": 20.0, "supplier_id": "S1", **more}
    return {"order_id": order_id, **given}


def shipment(order_id: str, delivered: float | None, **more: object) -> dict[str, Any]:
    """A shipment that arrived so many days after the start."""
    at = None if delivered is None else _at(delivered)
    return {"shipment_id": f"T-{order_id}", "order_id": order_id, "delivered_at": at, "carrier": "C1", **more}


def day_of(days: float) -> float:
    """Days after the start as days since 1970."""
    return (_at(days) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)


def date_of(days: int) -> date:
    """The day so many days after the start."""
    return _at(days).date()


def _at(days: float) -> datetime:
    return START + timedelta(days=float(days))
