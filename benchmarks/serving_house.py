"""An invented shop for the serving benchmark: a year of orders and deliveries, stock, papers on order, and a model."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from core.settings import Settings
from ingest.feed_load import load_feed
from models.bundle import Bundle, write_bundle
from review_api import accounts
from review_api.services import Services, build_services

ITEMS, PLACES, SUPPLIERS = 300, ("WH1", "WH2", "WH3", "WH4"), 8
COUNTRIES, SERVICES = ("DE", "AT", "FR", "NL", "PL", "NO"), ("standard", "express", "next_day")
_DAYS, _WAITING_DAYS = 365, 3
_TRAINED_DAYS_AGO = 60

Row = dict[str, Any]


class Frames:
    """Feeds held in memory, as training reads them."""

    def __init__(self, feeds: dict[str, list[Row]]) -> None:
        from ingest.feed_frames import typed_rows

        self._feeds = {name: typed_rows(name, rows) for name, rows in feeds.items()}

    def frame(self, feed: str) -> pl.DataFrame:
        """A feed; empty where the shop has none."""
        from ingest.feed_frames import typed_rows

        return self._feeds.get(feed, typed_rows(feed, []))


def shop_feeds(now: datetime, orders: int, seed: int = 1) -> dict[str, list[Row]]:
    """The shop's feeds: all orders but those of the last days have come, one lane of one supplier mostly late."""
    draw = random.Random(seed)
    feeds: dict[str, list[Row]] = {name: [] for name in ("sales_orders", "sales_order_lines", "shipments")}
    for number in range(orders):
        age = draw.uniform(0, _DAYS)
        placed = (now - timedelta(days=age)).replace(microsecond=0)
        order = _order(draw, f"O{number}", placed)
        lines = order.pop("lines")
        feeds["sales_orders"].append(order)
        feeds["sales_order_lines"] += [line | {"order_id": order["order_id"]} for line in lines]
        if age > _WAITING_DAYS:
            feeds["shipments"].append(_shipment(draw, order, lines[0]))
    feeds["stock_levels"] = [
        {"item_id": f"I{item}", "location_id": place, "as_of": now - timedelta(hours=2),
         "on_hand": draw.choice((0, 400, 4_000, 90_000)), "allocated": 5}
        for item in range(ITEMS) for place in PLACES
    ]  # fmt: skip
    feeds["locations"] = [{"location_id": at, "kind": "warehouse", "country": "DE", "region": "HH"} for at in PLACES]
    feeds["suppliers"] = [{"supplier_id": f"S{number}", "name": f"Supplier {number}"} for number in range(SUPPLIERS)]
    feeds["purchase_orders"] = [
        {"po_number": f"P{item}", "supplier_id": f"S{item % SUPPLIERS}", "ordered_at": now - timedelta(days=5),
         "currency": "EUR", "status": "open", "ship_to_location_id": draw.choice(PLACES)}
        for item in range(ITEMS)
    ]  # fmt: skip
    feeds["purchase_order_lines"] = [
        {"po_number": f"P{item}", "line_number": "1", "item_id": f"I{item}", "quantity": 500, "unit_price": 2,
         "promised_at": now + timedelta(days=item % 20)}
        for item in range(ITEMS)
    ]  # fmt: skip
    feeds["goods_receipts"] = [
        {"receipt_id": "G1", "po_number": "P1", "line_number": "1", "quantity": 1, "received_at": now}
    ]
    return feeds


def shop_model(feeds: dict[str, list[Row]], now: datetime) -> Bundle:
    """The model of late orders, learnt on all but the last days of the shop's year."""
    from training.predictions.late.run import train
    from training.predictions.outcome import Period

    until: date = (now - timedelta(days=_TRAINED_DAYS_AGO)).date()
    return train(Frames(feeds), Period(until=until), seed=1, say=lambda _: None).bundle


def open_shop(home: Path, now: datetime, *, orders: int = 20_000) -> tuple[Services, str]:
    """A home with the shop's feeds and model, and the secret of a key that may score."""
    feeds = shop_feeds(now, orders)
    services = build_services(Settings(home=home))
    for name, rows in feeds.items():
        data = pl.DataFrame(rows, infer_schema_length=None).write_csv().encode()
        with services.db.write() as session:
            load_feed(session, name, data, file_name=f"{name}.csv", actor="system", at=datetime.now(UTC))
    write_bundle(shop_model(feeds, now), home / "bundles" / "sla-miss.json")
    with services.db.write() as session:
        _, secret = accounts.add_key(session, name="orchestration", scopes=("score",), at=datetime.now(UTC))
    return services, secret


def new_orders(count: int, now: datetime, seed: int = 2) -> Sequence[dict[str, Any]]:
    """Orders as orchestration gives them, with their facts, placed now."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        order = _order(draw, f"N{seed}-{number}", now - timedelta(seconds=draw.randrange(600)))
        shown = ("line_number", "item_id", "quantity", "fulfil_location_id")
        lines = [{name: line[name] for name in shown} for line in order.pop("lines")]
        order_id = order.pop("order_id")
        facts = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in order.items()}
        found.append({"order_id": order_id, "facts": facts | {"lines": lines}})
    return found


def _order(draw: random.Random, order_id: str, placed: datetime) -> Row:
    lines: list[Row] = []
    for number in range(1, 1 + draw.choices((1, 2, 3), (70, 20, 10))[0]):
        item = draw.randrange(ITEMS)
        place = draw.choice(PLACES) if number == 1 and draw.random() < 0.3 else None
        lines.append(
            {"line_number": str(number), "item_id": f"I{item}", "quantity": draw.randint(1, 9), "unit_price": item + 5,
             "supplier_id": f"S{item % SUPPLIERS}", "category": f"C{item % 12}", "weight_kg": 1 + item % 7,
             "fulfil_location_id": place}
        )  # fmt: skip
    return {
        "order_id": order_id,
        "ordered_at": placed,
        "promised_at": placed + timedelta(days=draw.randint(3, 14)),
        "channel": draw.choice(("shop", "market")),
        "ship_to_country": draw.choice(COUNTRIES),
        "service": draw.choice(SERVICES),
        "order_value": sum(line["quantity"] * line["unit_price"] for line in lines),
        "currency": "EUR",
        "lines": lines,
    }


def _shipment(draw: random.Random, order: Row, line: Row) -> Row:
    is_slow = (line["supplier_id"], order["ship_to_country"]) == ("S3", "NO")
    late = draw.random() < (0.75 if is_slow else 0.06)
    came = order["promised_at"] + timedelta(days=draw.randint(1, 6) if late else -draw.randint(0, 2))
    return {
        "shipment_id": f"T-{order['order_id']}",
        "order_id": order["order_id"],
        "location_id": draw.choice(PLACES),
        "carrier": f"K{draw.randrange(4)}",
        "service": order["service"],
        "shipped_at": order["ordered_at"] + timedelta(days=1),
        "delivered_at": came,
        "recorded_at": came + timedelta(hours=3),
    }
