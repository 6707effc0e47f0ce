"""Says from the facts of a decision who and where it is about: supplier, site, legal entity, orders. Pure.

It reads the stored text, not the records: only a few of its values are wanted, of very many decisions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.documents import BILLING_TYPES, SHIPMENT_TYPES, DocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed on a paper, as far as a discount needs it."""

    payment_terms: str | None = None
    issue_date: date | None = None
    total_with_vat: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Who and where; empty where nobody knows, or where several are meant."""

    supplier: str = ""
    site: str = ""
    legal_entity: str = ""
    orders: tuple[str, ...] = ()


def places_of_paper(facts: Mapping[str, Any]) -> Places:
    """Of a paper: its supplier, and the place and legal entity its orders are for."""
    supplier, orders = facts.get("supplier") or {}, facts.get("orders", ())
    named = facts.get("paper", {}).get("purchase_order_references", ())
    here = [order for order in orders if order["po_number"] in named] or list(orders)
    entity = _only(order.get("legal_entity") for order in here)
    return Places(
        supplier=supplier.get("supplier_id", "") or _only(order.get("supplier_id") for order in here),
        site=_only(order.get("ship_to_location_id") for order in here),
        legal_entity=entity or supplier.get("legal_entity", ""),
        orders=tuple(sorted({order["po_number"] for order in here if order["po_number"] in named})),
    )


def places_of_planning(facts: Mapping[str, Any]) -> Places:
    """Of an order, odd demand, a recommendation or the ERP's bill."""
    made, lines, supplier = facts.get("recommendation") or {}, facts.get("lines", ()), facts.get("supplier") or {}
    own = facts.get("supplier_id") or made.get("supplier_id") or supplier.get("supplier_id")
    place = facts.get("location_id") or made.get("location_id")
    return Places(
        supplier=own or _only(line.get("supplier_id") for line in lines),
        site=place or _only(line.get("fulfil_location_id") for line in lines),
        legal_entity=supplier.get("legal_entity", ""),
    )


def paper_of(facts: Mapping[str, Any]) -> Paper:
    """What is printed on the paper; only an invoice's terms count."""
    said = facts.get("paper", {})
    issued, total = said.get("issue_date"), said.get("total_with_vat")
    is_bill = said.get("document_type") == DocumentType.INVOICE.value
    return Paper(
        payment_terms=said.get("payment_terms") if is_bill else None,
        issue_date=None if issued is None else date.fromisoformat(issued),
        total_with_vat=None if total is None else Decimal(total),
        currency=said.get("currency"),
    )


def kind_of_paper(facts: Mapping[str, Any]) -> str:
    """`invoice`, `shipment` or `other`, as a case of it would be named."""
    said = facts.get("paper", {}).get("document_type", DocumentType.OTHER.value)
    document_type = DocumentType(said)
    if document_type in BILLING_TYPES:
        return "invoice"
    return "shipment" if document_type in SHIPMENT_TYPES else "other"


def _only(values: Iterable[str | None]) -> str:
    known = {value for value in values if value}
    return known.pop() if len(known) == 1 else ""
