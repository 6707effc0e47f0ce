"""The records of a shipment paper before anyone decides how it looks: who sends what to whom, in how many packages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.documents import SHIPMENT_TYPES, DocumentType
from core.money import plain
from training.papers import Party
from training.pen import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipLine:
    """A line of a shipment paper or an order; what is None is not known to the paper."""

    line_id: str
    description: str
    quantity: Decimal | None = None
    unit: str | None = None
    ordered: Decimal | None = None
    seller_item_id: str | None = None
    buyer_item_id: str | None = None
    gtin: str | None = None
    package_count: int | None = None
    gross_weight: Decimal | None = None
    net_weight: Decimal | None = None
    lot_number: str | None = None
    sscc: str | None = None
    purchase_order: str | None = None
    price: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipPaper:
    """A shipment paper, an order, or a paper of no kind that is asked for.

    Attributes:
        kind: its wording: a key of the titles in `training.ship_words`.
        number: shipment number; of an order, its own number.
        pallets: how many pallets the packages stand on, when the paper counts both; these are then its packages.
        asides: what is printed and asked for by nobody: ports, vessels, contacts, by name.
        text: the paragraphs of a letter, contract or statement.
    """

    document_type: DocumentType
    kind: str
    language: str
    number: str
    shipper: Party
    consignee: Party
    lines: tuple[ShipLine, ...] = ()
    despatch_date: date | None = None
    delivery_date: date | None = None
    bill_of_lading_number: str | None = None
    purchase_order: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    container_number: str | None = None
    seal_number: str | None = None
    packages: int | None = None
    pallets: int | None = None
    gross_weight: Decimal | None = None
    net_weight: Decimal | None = None
    weight_unit: str = "kg"
    notify: Party | None = None
    bill_to: Party | None = None
    asides: Mapping[str, str] = field(default_factory=dict)
    text: tuple[str, ...] = ()

    @property
    def seller(self) -> Party:
        """Who made the paper."""
        return self.shipper

    @property
    def totals(self) -> None:
        """Papers of these kinds have no sums of an invoice."""


def ship_label(paper: ShipPaper, family: str, seen: Mapping[str, tuple[Seen, ...]], *, file: str) -> dict[str, Any]:
    """The label of a printed shipment paper, in the form of `training.labels.label_of`."""
    lines = [
        {name: value for name, value in line_values(line).items() if f"lines.{index}.{name}" in seen}
        for index, line in enumerate(paper.lines, start=1)
    ]
    fields = {name: value for name, value in header_values(paper).items() if name in seen}
    return {
        "file": file,
        "document_type": paper.document_type.value,
        "language": paper.language,
        "layout": family,
        "seller": paper.shipper.name,
        "fields": fields,
        "lines": [line for line in lines if line],
        "tax_breakdown": [],
        "evidence": {
            key: [{"page": s.page, "box": [round(edge, 2) for edge in s.box], "text": s.text} for s in places]
            for key, places in sorted(seen.items())
        },
    }


def header_values(paper: ShipPaper) -> dict[str, str]:
    """Every header field of the interface this paper has, in the interface's form."""
    if paper.document_type is DocumentType.OTHER:
        return {}
    values: dict[str, str | None] = {"delivery_date": _day(paper.delivery_date)}
    if paper.document_type is DocumentType.PURCHASE_ORDER:
        values |= {"purchase_order_reference": paper.number}
    if paper.document_type in SHIPMENT_TYPES:
        packages = paper.pallets or paper.packages
        values |= {
            "shipment_number": paper.number,
            "bill_of_lading_number": paper.bill_of_lading_number,
            "purchase_order_reference": paper.purchase_order,
            "despatch_date": _day(paper.despatch_date),
            "carrier_name": paper.carrier,
            "tracking_number": paper.tracking_number,
            "container_number": paper.container_number,
            "seal_number": paper.seal_number,
            "shipper_name": paper.shipper.name,
            "shipper_address": address_of(paper.shipper),
            "consignee_name": paper.consignee.name,
            "consignee_address": address_of(paper.consignee),
            "package_count": str(packages) if packages else None,
            "gross_weight": plain(paper.gross_weight) if paper.gross_weight is not None else None,
            "gross_weight_unit": paper.weight_unit,
            "net_weight": plain(paper.net_weight) if paper.net_weight is not None else None,
        }
    return {name: value for name, value in values.items() if value is not None}


def line_values(line: ShipLine) -> dict[str, str]:
    """Every line field of the interface this line has, in the interface's form."""
    values = {
        "line_id": line.line_id,
        "description": line.description,
        "seller_item_id": line.seller_item_id,
        "buyer_item_id": line.buyer_item_id,
        "gtin": line.gtin,
        "quantity": plain(line.quantity) if line.quantity is not None else None,
        "unit": line.unit,
        "package_count": str(line.package_count) if line.package_count is not None else None,
        "gross_weight": plain(line.gross_weight) if line.gross_weight is not None else None,
        "lot_number": line.lot_number,
        "sscc": line.sscc,
        "purchase_order_reference": line.purchase_order,
        "unit_price": plain(line.price) if line.price is not None else None,
        "line_net_amount": plain(line.amount) if line.amount is not None else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def city_line(party: Party) -> str:
    """Postcode and city in the country's order."""
    if party.country in {"GB", "IE"}:
        return f"{party.city} {party.postcode}"
    if party.country == "US":
        return f"{party.city}, {party.postcode}"
    return f"{party.postcode} {party.city}"


def address_of(party: Party) -> str:
    """Street and city, as the label says them."""
    return f"{party.street}, {city_line(party)}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
