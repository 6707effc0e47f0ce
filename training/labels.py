"""Says what a printed paper truly contains, field by field, as far as it can be seen on it."""

from collections.abc import Mapping
from typing import Any

from core.documents import SHIPMENT_TYPES
from core.money import plain
from training.layouts import Printed
from training.papers import Line, Paper, Party
from training.pen import Seen
from training.sheet import city_line
from training.ship_papers import ShipPaper, ship_label
from training.ship_sheet import ShipStyle
from training.styles import Style

LINE_FIELDS = (
    "line_id", "description", "seller_item_id", "buyer_item_id", "gtin", "quantity", "unit", "unit_price", "tax_rate",
    "line_net_amount",
)  # fmt: skip


def label_of(paper: Paper | ShipPaper, style: Style | ShipStyle, printed: Printed, *, file: str) -> dict[str, Any]:
    """The label of a printed paper: only values that were printed, each with the places where it stands.

    `evidence` has a list of `{"page", "box", "text"}` under every field's name, `lines.2.quantity` for the second
    line's; boxes are PDF points from the top left.
    """
    seen = printed.seen
    if isinstance(paper, ShipPaper):
        return ship_label(paper, style.family, seen, file=file)
    fields = {name: value for name, value in header_values(paper).items() if name in seen}
    if paper.totals is not None:
        fields["currency"] = paper.currency
    if "payment_terms" in seen:
        fields["payment_terms"] = style.words["terms_text"].format(days=paper.terms_days)
    lines = [
        {name: value for name, value in line_values(line).items() if f"lines.{index}.{name}" in seen}
        for index, line in enumerate(paper.lines, start=1)
    ]
    return {
        "file": file,
        "document_type": paper.document_type.value,
        "language": paper.language,
        "layout": style.family,
        "seller": paper.seller.name,
        "fields": fields,
        "lines": lines,
        "tax_breakdown": tax_values(paper),
        "evidence": {key: [_place(place) for place in places] for key, places in sorted(seen.items())},
    }


def label_of_einvoice(paper: Paper, *, file: str, layout: str) -> dict[str, Any]:
    """The label of an e-invoice: everything the writer puts into the XML."""
    lines = [
        {name: value for name, value in line_values(line).items() if name not in {"unit", "buyer_item_id"}}
        for line in paper.lines
    ]
    return {
        "file": file,
        "document_type": paper.document_type.value,
        "language": paper.language,
        "layout": layout,
        "seller": paper.seller.name,
        "fields": header_values(paper),
        "lines": lines,
        "tax_breakdown": tax_values(paper),
        "evidence": {},
    }


def header_values(paper: Paper) -> dict[str, str]:
    """Every header field of the interface this paper has, in the interface's form."""
    shipment = paper.document_type in SHIPMENT_TYPES
    values: dict[str, str | None] = {
        "purchase_order_reference": paper.purchase_order,
        "delivery_date": paper.delivery_date.isoformat() if paper.delivery_date else None,
    }
    values |= _shipment_values(paper) if shipment else _billing_values(paper)
    return {name: value for name, value in values.items() if value is not None}


def line_values(line: Line) -> dict[str, str]:
    """Every line field of the interface this line has, in the interface's form."""
    values = {
        "line_id": line.line_id,
        "description": line.description,
        "seller_item_id": line.seller_item_id,
        "buyer_item_id": line.buyer_item_id,
        "gtin": line.gtin,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": plain(line.unit_price),
        "tax_rate": plain(line.tax_rate),
        "line_net_amount": plain(line.net),
        "lot_number": line.lot_number,
        "purchase_order_line": line.purchase_order_line,
        "purchase_order_reference": line.purchase_order_reference,
    }
    return {name: value for name, value in values.items() if value is not None}


def tax_values(paper: Paper) -> list[dict[str, str]]:
    """The tax breakdown."""
    if paper.totals is None:
        return []
    return [
        {"rate": plain(row.rate), "taxable_amount": plain(row.base), "tax_amount": plain(row.tax)}
        for row in paper.totals.rows
    ]


def _billing_values(paper: Paper) -> Mapping[str, str | None]:
    totals, bank = paper.totals, paper.seller.bank
    assert totals is not None
    return {
        "invoice_number": paper.number,
        "issue_date": paper.issue_date.isoformat(),
        "due_date": paper.due_date.isoformat() if paper.due_date else None,
        "currency": paper.currency,
        "despatch_advice_reference": paper.despatch_number,
        "seller_name": paper.seller.name,
        "seller_address": _address(paper.seller),
        "seller_vat_id": paper.seller.vat_id,
        "buyer_name": paper.buyer.name,
        "buyer_address": _address(paper.buyer),
        "buyer_vat_id": paper.buyer.vat_id,
        "payment_iban": bank.iban if bank else None,
        "payment_reference": paper.payment_reference,
        "total_without_vat": plain(totals.net),
        "total_vat": plain(totals.tax),
        "total_with_vat": plain(totals.gross),
        "prepaid_amount": plain(totals.prepaid) if totals.prepaid is not None else None,
        "amount_due": plain(totals.due),
    }


def _shipment_values(paper: Paper) -> Mapping[str, str | None]:
    freight = paper.freight
    values: dict[str, str | None] = {
        "shipment_number": paper.number,
        "despatch_date": paper.issue_date.isoformat(),
        "shipper_name": paper.seller.name,
        "shipper_address": _address(paper.seller),
        "consignee_name": paper.buyer.name,
        "consignee_address": _address(paper.buyer),
    }
    if freight is not None:
        values |= {
            "carrier_name": freight.carrier,
            "tracking_number": freight.tracking_number,
            "package_count": str(freight.packages),
            "gross_weight": plain(freight.gross_weight),
            "gross_weight_unit": freight.weight_unit,
            "net_weight": plain(freight.net_weight),
        }
    return values


def _address(party: Party) -> str:
    return f"{party.street}, {city_line(party)}"


def _place(place: Seen) -> dict[str, Any]:
    return {"page": place.page, "box": [round(edge, 2) for edge in place.box], "text": place.text}
