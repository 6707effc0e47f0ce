"""The facts a decision is made from: the paper as typed values, and what the ERP and this house know beside it.

Everything a control may look at is here, so that a decision can be made again from what was stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.documents import DocumentType, Evidence, Source
from core.erp import (
    ErpBlock,
    FeedFreshness,
    GoodsReceipt,
    Item,
    PostedInvoice,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
)
from models.prediction import Prediction
from triage.promise_facts import PromiseInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A line of a paper. `index` counts from 1 as printed; amounts in the paper's currency, without VAT.

    `unit_price` is the price of one unit, whatever quantity the paper states its price for.
    """

    index: int
    line_id: str | None = None
    description: str | None = None
    seller_item_id: str | None = None
    buyer_item_id: str | None = None
    gtin: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None
    line_net_amount: Decimal | None = None
    purchase_order_reference: str | None = None
    purchase_order_line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxGroup:
    """One row of a tax breakdown: rate in percent, base and tax in the paper's currency."""

    rate: Decimal | None = None
    taxable_amount: Decimal | None = None
    tax_amount: Decimal | None = None

    @property
    def is_whole(self) -> bool:
        """Whether rate, base and tax were all read."""
        return self.rate is not None and self.taxable_amount is not None and self.tax_amount is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two values of one field that ought to be one, as extraction compared them: a remark that names them."""

    code: str
    message: str
    subject: str | None = None
    expected: str | None = None
    actual: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A value of the paper that a person changed since it was last read.

    Attributes:
        before, after: as text; None where there was or is no value.
        by: who changed it last.
        held_by: codes of the findings the paper had before that.
    """

    field: str
    before: str | None
    after: str | None
    by: str
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as typed values: what extraction read, or a person corrected.

    Attributes:
        confidences: per header field name, and `lines.<n>.<name>` for line values.
        evidence: the same keys, where on the paper each was seen.
        unparsed: fields that were read but are not of their type (a date that is none), with their text.
        remarks: codes and sentences extraction added by itself.
        differences: what is known beyond that of remarks that compare two values.
        corrections: what people changed since it was read.
        source: where its values were read; `sources` names those that were read elsewhere, by the same keys.
        bundle: version of the model bundle that read it.
        total_allowances, total_charges: discounts and charges on the paper as a whole, not on a line, both positive.
    """

    document_id: str
    sha256: str
    document_type: DocumentType
    type_confidence: float = 1.0
    invoice_number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    delivery_date: date | None = None
    currency: str | None = None
    purchase_order_references: tuple[str, ...] = ()
    seller_name: str | None = None
    seller_vat_id: str | None = None
    buyer_name: str | None = None
    buyer_vat_id: str | None = None
    payment_terms: str | None = None
    payment_iban: str | None = None
    total_without_vat: Decimal | None = None
    total_vat: Decimal | None = None
    total_with_vat: Decimal | None = None
    prepaid_amount: Decimal | None = None
    amount_due: Decimal | None = None
    total_allowances: Decimal | None = None
    total_charges: Decimal | None = None
    shipment_number: str | None = None
    despatch_date: date | None = None
    lines: tuple[PaperLine, ...] = ()
    tax_breakdown: tuple[TaxGroup, ...] = ()
    confidences: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    unparsed: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[tuple[str, str, str], ...] = ()
    differences: tuple[Difference, ...] = ()
    source: Source | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    bundle: str | None = None
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInvoice:
    """An invoice this house has seen before: pending, held or cleared here, not yet (or never) in the ERP's ledger.

    Attributes:
        supplier_id: empty when its supplier was not known.
        po_numbers: orders whose lines it was paired with; empty when it was paired with none.
    """

    document_id: str
    sha256: str
    supplier_id: str
    invoice_number: str
    issue_date: date | None
    total_with_vat: Decimal
    currency: str
    po_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledLine:
    """A quantity of an order line billed by another paper that is pending or cleared here."""

    document_id: str
    po_number: str
    line_number: str
    quantity: Decimal
    net_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownShipment:
    """A shipment document this house has seen before."""

    document_id: str
    sha256: str
    document_type: DocumentType
    supplier_id: str | None = None
    shipment_number: str | None = None
    shipped_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedLine:
    """A quantity of an order line, in its unit, that another shipment document says was shipped."""

    document_id: str
    po_number: str
    line_number: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentInvoice:
    """An invoice of the supplier dated near the paper's, posted by the ERP or seen here: several may be one.

    Attributes:
        key: the record it is, as facts are named: `posted_invoice:S1/R-17` or `known_invoice:doc_…`.
    """

    key: str
    invoice_number: str
    issue_date: date
    total_with_vat: Decimal
    currency: str
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentOrder:
    """An order of the supplier placed near one the paper names, and what its lines come to without VAT."""

    po_number: str
    supplier_id: str
    ordered_at: datetime
    total_amount: Decimal
    currency: str
    status: str | None = None
    buyer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledHeader:
    """What another paper that is pending or cleared here bills on an order beside its lines.

    A paper on several orders stands here once for each, every time with its whole amounts.

    Attributes:
        net_amount: its net total without charges and deposits.
        ordered_amount, balance_amount: its quantities at the order's prices, and what its goods cost beyond that.
        charge_amount: freight and other charges that are not on the order.
        deposit_amount: deposits billed less those deducted.
    """

    document_id: str
    po_number: str
    net_amount: Decimal
    ordered_amount: Decimal
    balance_amount: Decimal
    charge_amount: Decimal
    deposit_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All a control may look at. Tuples are unordered sets in meaning: no control depends on their order.

    Attributes:
        as_of: the instant of the decision; ages and "in the future" are judged against it.
        supplier: the master record the paper's seller was identified as, None when none fits.
        orders, order_lines, receipts: those of the order numbers the paper names, and of its supplier's open orders
            where the paper names none.
        posted, known: invoices that may be this one billed before, and those on the same orders.
        related: other suppliers' master records that some of these are under; one may be the same company.
        billed: what other papers have billed on the same order lines; `billed_headers`: what beside them.
        feeds: freshness of every feed.
        iban_changed_at: when the supplier's account in the master data last changed, None when not in a year.
        known_shipments, shipped: shipment documents seen before that may be this one or are on the same order lines,
            and what those ship.
        recent_invoices, recent_orders: of the same supplier, dated within days of the paper and of its orders.
        promise: what its values need to be relied on, by labelled history; None when nobody asked.
        prediction: how likely a person will change or dispute it, as a model said when it was first decided; None where
            none spoke.
    """

    paper: Paper
    as_of: datetime
    supplier: Supplier | None = None
    orders: tuple[PurchaseOrder, ...] = ()
    order_lines: tuple[PurchaseOrderLine, ...] = ()
    receipts: tuple[GoodsReceipt, ...] = ()
    items: tuple[Item, ...] = ()
    posted: tuple[PostedInvoice, ...] = ()
    known: tuple[KnownInvoice, ...] = ()
    billed: tuple[BilledLine, ...] = ()
    feeds: tuple[FeedFreshness, ...] = ()
    erp_blocks: tuple[ErpBlock, ...] = ()
    related: tuple[Supplier, ...] = ()
    iban_changed_at: datetime | None = None
    recent_invoices: tuple[RecentInvoice, ...] = ()
    recent_orders: tuple[RecentOrder, ...] = ()
    billed_headers: tuple[BilledHeader, ...] = ()
    known_shipments: tuple[KnownShipment, ...] = ()
    shipped: tuple[ShippedLine, ...] = ()
    promise: PromiseInForce | None = None
    prediction: Prediction | None = None
