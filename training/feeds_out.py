"""Writes the retailer's books as ERP feeds: CSV files with exactly the interface's columns."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from core.money import plain
from training.ledger import Ledger, Order
from training.names import CARRIERS
from training.retailer import House, Retailer, Ware

COLUMNS: dict[str, str] = {
    "suppliers": "supplier_id name vat_id country iban payment_terms_days status legal_entity",
    "items": "item_id description gtin supplier_item_id category unit case_pack min_order_quantity max_stock unit_cost"
    " unit_price supplier_id lead_time_days shelf_life_days status",
    "locations": "location_id kind country region capacity",
    "purchase_orders": "po_number supplier_id ordered_at currency status buyer ship_to_location_id legal_entity",
    "purchase_order_lines": "po_number line_number item_id quantity unit_price unit description supplier_item_id"
    " tax_rate promised_at",
    "goods_receipts": "receipt_id po_number line_number quantity received_at location_id",
    "posted_invoices": "supplier_id invoice_number invoice_date total_with_vat currency due_date po_number status"
    " disputed settled_at",
    "stock_levels": "item_id location_id as_of on_hand on_order allocated",
    "sales_orders": "order_id ordered_at promised_at channel ship_to_country ship_to_region service order_value"
    " currency",
    "sales_order_lines": "order_id line_number item_id quantity unit_price category supplier_id weight_kg"
    " fulfil_location_id",
    "shipments": "shipment_id order_id location_id carrier service shipped_at delivered_at recorded_at",
    "demand": "item_id location_id date quantity unit_price on_promotion returned stocked_out",
}
_SALES_ORDERS = 80
_DEMAND_DAYS = 28

Cell = str | int | Decimal | None
Row = Sequence[Cell]


def write_feeds(folder: Path, retailer: Retailer, ledger: Ledger, seed: int) -> dict[str, int]:
    """Writes every feed; answers their row counts."""
    rng = Random(f"feeds {seed}")  # noqa: S311  stock and sales, not secrets
    folder.mkdir(parents=True, exist_ok=True)
    sales = _sales(rng, retailer, ledger.as_of)
    rows: dict[str, Iterable[Row]] = {
        "suppliers": (_supplier(house) for house in retailer.houses),
        "items": (_item(rng, house, ware) for house in retailer.houses for ware in house.wares),
        "locations": (
            (place.location_id, place.kind, place.country, place.region, place.capacity) for place in retailer.places
        ),
        "purchase_orders": (_order(retailer, order) for order in ledger.orders),
        "purchase_order_lines": (row for order in ledger.orders for row in _order_lines(order)),
        "goods_receipts": _receipts(retailer, ledger),
        "posted_invoices": _posted(ledger),
        "stock_levels": _stock(rng, retailer, ledger.as_of),
        "sales_orders": sales[0],
        "sales_order_lines": sales[1],
        "shipments": sales[2],
        "demand": _demand(rng, retailer, ledger.as_of.date()),
    }
    return {name: write_rows(folder / f"{name}.csv", COLUMNS[name].split(), rows[name]) for name in COLUMNS}


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Writes one feed as CSV, decimals plainly; answers how many rows it has."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(
                [plain(cell) if isinstance(cell, Decimal) else "" if cell is None else cell for cell in row]
            )
            count += 1
    return count


def instant_cell(moment: datetime) -> str:
    """An instant as a feed writes it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _supplier(house: House) -> Row:
    party = house.party
    assert party.bank is not None
    return (
        house.supplier_id, party.name, party.vat_id, party.country, party.bank.iban, house.terms_days, "active",
        house.entity.name,
    )  # fmt: skip


def _item(rng: Random, house: House, ware: Ware) -> Row:
    price = (ware.unit_cost * Decimal(rng.randint(135, 240)) / 100).quantize(Decimal("0.01"))
    shelf_life = rng.choice((90, 180, 365)) if ware.category == "food" else None
    return (
        ware.item_id, ware.description, ware.gtin, ware.supplier_item_id, ware.category, ware.unit, ware.case_pack,
        ware.case_pack, ware.case_pack * 60, ware.unit_cost, price, house.supplier_id, ware.lead_time_days, shelf_life,
        "active",
    )  # fmt: skip


def _depot(retailer: Retailer, order: Order) -> str:
    country = order.house.entity.country
    return next(place.location_id for place in retailer.places if place.country == country)


def _order(retailer: Retailer, order: Order) -> Row:
    return (
        order.po_number, order.house.supplier_id, instant_cell(order.ordered_at), order.house.currency, order.status,
        "purchasing", _depot(retailer, order), order.house.entity.name,
    )  # fmt: skip


def _order_lines(order: Order) -> Iterable[Row]:
    for line in order.lines:
        ware = line.ware
        # Nobody is late unless a paper says so.
        came = max((day for day, _ in line.received), default=order.ordered_on)
        promised = order.ordered_at + max(timedelta(days=ware.lead_time_days), came - order.ordered_on)
        yield (
            order.po_number, line.line_number, ware.item_id, line.ordered, line.price, ware.unit, ware.description,
            ware.supplier_item_id, ware.tax_rate, instant_cell(promised),
        )  # fmt: skip


def _receipts(retailer: Retailer, ledger: Ledger) -> Iterable[Row]:
    serial = 0
    for order in ledger.orders:
        for line in order.lines:
            for day, quantity in line.received:
                serial += 1
                at = datetime.combine(day, time(10, 30), tzinfo=UTC)
                yield (
                    f"GR{serial:06d}", order.po_number, line.line_number, quantity, instant_cell(at),
                    _depot(retailer, order),
                )  # fmt: skip


def _posted(ledger: Ledger) -> Iterable[Row]:
    for posted in ledger.posted:
        due = posted.issued + timedelta(days=posted.house.terms_days)
        settled = instant_cell(datetime.combine(due, time(6, 0), tzinfo=UTC)) if due < ledger.as_of.date() else None
        yield (
            posted.house.supplier_id, posted.number, posted.issued.isoformat(), posted.gross, posted.house.currency,
            due.isoformat(), posted.po_number, "paid" if settled else "posted", "false", settled,
        )  # fmt: skip


def _stock(rng: Random, retailer: Retailer, as_of: datetime) -> Iterable[Row]:
    for house in retailer.houses:
        for ware in house.wares:
            for place in retailer.places[:3]:
                on_hand = rng.randint(0, ware.case_pack * 30)
                yield (
                    ware.item_id, place.location_id, instant_cell(as_of), on_hand, rng.choice((0, ware.case_pack * 4)),
                    rng.randint(0, on_hand),
                )  # fmt: skip


def _sales(rng: Random, retailer: Retailer, as_of: datetime) -> tuple[list[Row], list[Row], list[Row]]:
    wares = [(house, ware) for house in retailer.houses for ware in house.wares]
    orders: list[Row] = []
    lines: list[Row] = []
    shipments: list[Row] = []
    for number in range(_SALES_ORDERS):
        order_id = f"SO{70001 + number}"
        ordered = as_of - timedelta(days=rng.randint(1, 60), hours=rng.randint(0, 20))
        promised = ordered + timedelta(days=rng.randint(2, 7))
        service, value = rng.choice(("standard", "express")), Decimal(0)
        chosen = rng.sample(wares, rng.randint(1, 4))
        for place, (house, ware) in enumerate(chosen, start=1):
            quantity = rng.randint(1, 6)
            price = (ware.unit_cost * Decimal("1.6")).quantize(Decimal("0.01"))
            value += price * quantity
            lines.append(
                (order_id, place, ware.item_id, quantity, price, ware.category, house.supplier_id,
                 Decimal(rng.randint(2, 90)) / 10, "DC01")
            )  # fmt: skip
        orders.append(
            (order_id, instant_cell(ordered), instant_cell(promised), rng.choice(("web", "store", "phone")),
             rng.choice(("DE", "AT", "FR")), rng.choice(("north", "south", "east", "west")), service, value, "EUR")
        )  # fmt: skip
        shipped = ordered + timedelta(days=rng.randint(0, 3), hours=3)
        if shipped < as_of:
            delivered = shipped + timedelta(days=rng.randint(1, 5))
            done = instant_cell(delivered) if delivered < as_of else None
            recorded = done or instant_cell(shipped)
            shipments.append(
                (
                    f"SH{90001 + number}",
                    order_id,
                    "DC01",
                    rng.choice(CARRIERS),
                    service,
                    instant_cell(shipped),
                    done,
                    recorded,
                )
            )
    return orders, lines, shipments


def _demand(rng: Random, retailer: Retailer, today: date) -> Iterable[Row]:
    for house in retailer.houses:
        for ware in house.wares:
            level = rng.randint(1, 14)
            price = (ware.unit_cost * Decimal("1.6")).quantize(Decimal("0.01"))
            for back in range(_DEMAND_DAYS, 0, -1):
                promoted = rng.random() < 0.08
                quantity = max(0, round(rng.gauss(level * (1.8 if promoted else 1), level * 0.4)))
                day = today - timedelta(days=back)
                yield (
                    ware.item_id, "ST03", day.isoformat(), quantity, price, str(promoted).lower(),
                    rng.choice((0, 0, 0, 1)), "false",
                )  # fmt: skip
