"""The records of a paper that is to be printed: who, what, how much, before anyone decides how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.documents import DocumentType
from core.money import exact_sum, round_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """An account. `iban` is written without spaces."""

    name: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company as it appears on paper. `register` and `manager` are footer text."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    vat_id: str | None = None
    tax_number: str | None = None
    phone: str | None = None
    fax: str | None = None
    email: str | None = None
    web: str | None = None
    register: str | None = None
    manager: str | None = None
    bank: Bank | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a paper. `net` is given, not computed, so that a paper may lie."""

    line_id: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    tax_rate: Decimal
    net: Decimal
    seller_item_id: str | None = None
    buyer_item_id: str | None = None
    gtin: str | None = None
    lot_number: str | None = None
    package_count: int | None = None
    list_price: Decimal | None = None
    discount_pct: Decimal | None = None
    purchase_order_line: str | None = None
    purchase_order_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """One row of a tax breakdown."""

    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of an invoice."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    rows: tuple[TaxRow, ...]
    prepaid: Decimal | None = None
    rounding: Decimal | None = None

    @property
    def due(self) -> Decimal:
        """What is left to pay."""
        return self.gross - (self.prepaid or Decimal(0)) + (self.rounding or Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """What a delivery note says beyond its lines."""

    carrier: str
    tracking_number: str
    packages: int
    gross_weight: Decimal
    net_weight: Decimal
    weight_unit: str = "kg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distraction:
    """What stands on a paper and is asked for by nobody, but looks like what is."""

    customer_number: str
    order_date: date
    quote_number: str
    contact: str
    project: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A discount (below nought) or charge between lines and totals; `kind` is a meaning of the bills' words."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What an unruly bill has beyond an ordinary one; all of it may be printed, none of it is asked for.

    Attributes:
        contact: whom the buyer's address names, with the form of address.
        department: a line of the buyer's address.
        box: the buyer's post box, a number.
        payee: who is paid when it is not the seller.
        account: an account number where no IBAN is in use.
        service: whether the lines are services, without item ids.
        printed_name: the seller's name as its logo has it.
    """

    contact: str | None = None
    department: str | None = None
    box: str | None = None
    payee: Party | None = None
    account: str | None = None
    service: bool = False
    printed_name: str = ""
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper to be printed or written as an e-invoice.

    Attributes:
        number: invoice, credit note or shipment number.
        language: ISO 639-1, one of `training.wordings.LANGUAGES`.
        terms_days: payment term; `due_date` is `issue_date` plus these.
        original_number: for a credit note, the invoice it corrects.
    """

    document_type: DocumentType
    language: str
    number: str
    issue_date: date
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    totals: Totals | None = None
    ship_to: Party | None = None
    due_date: date | None = None
    delivery_date: date | None = None
    terms_days: int | None = None
    purchase_order: str | None = None
    despatch_number: str | None = None
    original_number: str | None = None
    payment_reference: str | None = None
    freight: Freight | None = None
    distraction: Distraction | None = None
    extras: Extras = field(default_factory=Extras)


def totals_of(
    lines: Sequence[Line],
    currency: str,
    *,
    prepaid: Decimal | None = None,
    rounding: Decimal | None = None,
    adjustments: Sequence[Adjustment] = (),
) -> Totals:
    """Adds lines up: tax is rounded once for each rate (EN 16931, BR-CO-17), every sum is exact.

    Discounts and charges are taxed at the highest rate.
    """
    rows: list[TaxRow] = []
    for rate in sorted({line.tax_rate for line in lines}, reverse=True):
        base = exact_sum(line.net for line in lines if line.tax_rate == rate)
        if not rows:
            base = exact_sum((base, *(adjustment.amount for adjustment in adjustments)))
        rows.append(TaxRow(rate=rate, base=base, tax=round_amount(base * rate / 100, currency)))
    net = exact_sum(row.base for row in rows)
    tax = exact_sum(row.tax for row in rows)
    return Totals(net=net, tax=tax, gross=net + tax, rows=tuple(rows), prepaid=prepaid, rounding=rounding)
