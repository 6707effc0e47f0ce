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
    """An item's master record, as far as pairing, controls and planning need it.

    Attributes:
        case_pack: units in a case, the least that is ordered and shipped together.
        min_order_quantity, max_stock: in units.
        unit_cost: standard cost of one unit, in the currency the policy plans in.
    """

    item_id: str
    description: str | None = None
    gtin: str | None = None
    supplier_item_id: str | None = None
    supplier_id: str | None = None
    unit: str | None = None
    case_pack: Decimal | None = None
    category: str | None = None
    min_order_quantity: Decimal | None = None
    max_stock: Decimal | None = None
    unit_cost: Decimal | None = None
    lead_time_days: int | None = None
    shelf_life_days: int | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """An order to a supplier."""

    po_number: str
    supplier_id: str
    ordered_at: datetime
    currency: str
    status: str | None = None
    buyer: str | None = None
    legal_entity: str | None = None
    ship_to_location_id: str | None = None


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
class Location:
    """A place where stock is kept: a warehouse, a store."""

    location_id: str
    kind: str | None = None
    country: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """An item's stock at a place: on hand, of that allocated to orders, and on order, as counted at an instant."""

    item_id: str
    location_id: str
    as_of: datetime
    on_hand: Decimal
    on_order: Decimal | None = None
    allocated: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesOrder:
    """A customer's order, promised to arrive at an instant; its value without VAT in its currency."""

    order_id: str
    ordered_at: datetime
    promised_at: datetime
    channel: str | None = None
    ship_to_country: str | None = None
    ship_to_region: str | None = None
    service: str | None = None
    order_value: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesOrderLine:
    """A line of a customer's order; the place it is to be taken from where the ERP has chosen one."""

    order_id: str
    line_number: str
    item_id: str
    quantity: Decimal
    unit_price: Decimal | None = None
    category: str | None = None
    supplier_id: str | None = None
    weight_kg: Decimal | None = None
    fulfil_location_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Goods of a customer's order under way. The feed says of which order, not how much of it."""

    shipment_id: str
    order_id: str
    location_id: str | None = None
    carrier: str | None = None
    service: str | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandDay:
    """What was wanted of an item at a place on a day; returns and what could not be had are told beside it."""

    item_id: str
    location_id: str
    date: date
    quantity: Decimal
    stocked_out: bool | None = None


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
