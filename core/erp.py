"""ERP records a decision on paper needs, in the ERP's words. The feeds are their only source."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A supplier's master record."""

    supplier_id: str
    name: str
    vat_id: str | None = None
    country: str | None = None
    iban: str | None = None
    payment_terms_days: int | None = None
    status: str | None = None
    legal_entity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item's master record, as far as pairing and controls need it."""

    item_id: str
    description: str | None = None
    gtin: str | None = None
    supplier_item_id: str | None = None
    supplier_id: str | None = None
    unit: str | None = None
    case_pack: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """An order to a supplier."""

    po_number: str
    supplier_id: str
    ordered_at: datetime
    currency: str
    status: str | None = None
    legal_entity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderLine:
    """A line of an order: quantity in `unit`, price per unit without VAT in the order's currency."""

    po_number: str
    line_number: str
    item_id: str
    quantity: Decimal
    unit_price: Decimal
    unit: str | None = None
    description: str | None = None
    supplier_item_id: str | None = None
    tax_rate: Decimal | None = None
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsReceipt:
    """Goods received against an order line; a return is a negative quantity."""

    receipt_id: str
    po_number: str
    line_number: str
    quantity: Decimal
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedInvoice:
    """An invoice the ERP has posted."""

    supplier_id: str
    invoice_number: str
    invoice_date: date
    total_with_vat: Decimal
    currency: str
    po_number: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFreshness:
    """When a feed was last loaded; `loaded_at` is None when it never was."""

    feed: str
    loaded_at: datetime | None
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ErpBlock:
    """The ERP has blocked a paper or an order; only the ERP lifts it."""

    document_ref: str
    reason: str
    blocked_at: datetime
    lifted_at: datetime | None = None
