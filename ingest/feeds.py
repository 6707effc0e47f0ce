"""What each ERP feed is made of: its columns, their types, and the columns that name a row.

The names are those of the interface and fixed. Columns called `x_…` are kept beside the known ones in any feed.
A cell's surrounding blanks are dropped, an empty cell is an absent value, and an instant written without a time
zone is taken as UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from core.keys import gross_key, number_key


class ColumnType(StrEnum):
    """What a cell holds: money and quantities are decimals, instants have a time of day, dates have none."""

    TEXT = "text"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """A column of a feed.

    Attributes:
        is_key: part of what names a row; an optional key column that is empty is kept as empty text.
        is_required: the file must have the column.
        may_be_empty: a row is accepted without a value here.
    """

    name: str
    type: ColumnType
    is_key: bool
    is_required: bool
    may_be_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedColumn:
    """A text kept beside a feed's columns so that its rows are found by it: made of one of them, never in a file."""

    name: str
    source: str
    make: Callable[[Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed: its name, its columns in the order of the interface, its key, and what is derived from them."""

    name: str
    columns: tuple[ColumnSpec, ...]
    derived: tuple[DerivedColumn, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that together name a row."""
        return tuple(column.name for column in self.columns if column.is_key)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns a file must have."""
        return tuple(column.name for column in self.columns if column.is_required)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of every known column."""
        return tuple(column.name for column in self.columns)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DECIMALS = _names(
    "case_pack min_order_quantity max_stock unit_cost unit_price capacity quantity tax_rate total_with_vat order_value "
    "weight_kg on_hand on_order allocated returned"
)
_INTEGERS = _names("payment_terms_days lead_time_days shelf_life_days reassignment_count")
_DATES = _names("invoice_date due_date date")
_BOOLEANS = _names("disputed on_promotion stocked_out sla_met")
_INSTANTS = frozenset({"as_of"})
# Service desks do open cases before anyone has said of what kind they are.
_REQUIRED_BUT_MAY_BE_EMPTY = frozenset({("exceptions", "kind")})


def _type_of(column: str) -> ColumnType:
    if column.endswith("_at") or column in _INSTANTS:
        return ColumnType.INSTANT
    for names, kind in (
        (_DECIMALS, ColumnType.DECIMAL),
        (_INTEGERS, ColumnType.INTEGER),
        (_DATES, ColumnType.DATE),
        (_BOOLEANS, ColumnType.BOOLEAN),
    ):
        if column in names:
            return kind
    return ColumnType.TEXT


def _feed(name: str, *, key: str, required: str, optional: str, derived: tuple[DerivedColumn, ...] = ()) -> FeedSpec:
    keys, must = key.split(), required.split()
    columns = tuple(
        ColumnSpec(
            name=column,
            type=_type_of(column),
            is_key=column in keys,
            is_required=column in must,
            may_be_empty=column not in must or (name, column) in _REQUIRED_BUT_MAY_BE_EMPTY,
        )
        for column in (*must, *optional.split())
    )
    return FeedSpec(name=name, columns=columns, derived=derived)


_SPECS = (
    _feed(
        "suppliers",
        key="supplier_id",
        required="supplier_id name",
        optional="vat_id country iban payment_terms_days status legal_entity",
    ),
    _feed(
        "items",
        key="item_id",
        required="item_id",
        optional="description gtin supplier_item_id category unit case_pack min_order_quantity max_stock unit_cost "
        "unit_price supplier_id lead_time_days shelf_life_days status",
    ),
    _feed("locations", key="location_id", required="location_id", optional="kind country region capacity"),
    _feed(
        "purchase_orders",
        key="po_number",
        required="po_number supplier_id ordered_at currency",
        optional="status buyer ship_to_location_id legal_entity",
    ),
    _feed(
        "purchase_order_lines",
        key="po_number line_number",
        required="po_number line_number item_id quantity unit_price",
        optional="unit description supplier_item_id tax_rate promised_at",
    ),
    _feed(
        "goods_receipts",
        key="receipt_id po_number line_number",
        required="receipt_id po_number line_number quantity received_at",
        optional="location_id",
    ),
    # A supplier may start its numbers anew each year, so the date belongs to the name of an invoice.
    _feed(
        "posted_invoices",
        key="supplier_id invoice_number invoice_date",
        required="supplier_id invoice_number invoice_date total_with_vat currency",
        optional="due_date po_number status disputed settled_at",
        derived=(
            DerivedColumn(name="number_key", source="invoice_number", make=number_key),
            DerivedColumn(name="gross_key", source="total_with_vat", make=gross_key),
        ),
    ),
    _feed(
        "sales_orders",
        key="order_id",
        required="order_id ordered_at promised_at",
        optional="channel ship_to_country ship_to_region service order_value currency",
    ),
    _feed(
        "sales_order_lines",
        key="order_id line_number",
        required="order_id line_number item_id quantity",
        optional="unit_price category supplier_id weight_kg fulfil_location_id",
    ),
    _feed(
        "shipments",
        key="shipment_id order_id",
        required="shipment_id order_id",
        optional="location_id carrier service shipped_at delivered_at recorded_at",
    ),
    _feed(
        "stock_levels",
        key="item_id location_id as_of",
        required="item_id location_id as_of on_hand",
        optional="on_order allocated",
    ),
    _feed(
        "demand",
        key="item_id location_id date",
        required="item_id location_id date quantity",
        optional="unit_price on_promotion returned stocked_out",
    ),
    # An event without a location happens everywhere, and is another one than the same at one place.
    _feed("events", key="date name location_id", required="date name", optional="location_id category"),
    _feed(
        "exceptions",
        key="exception_id",
        required="exception_id opened_at kind",
        optional="priority initial_group resolved_at closed_at resolved_group resolution_code sla_met "
        "reassignment_count",
    ),
    # Lifting a block is a newer row with the same key.
    _feed(
        "erp_blocks",
        key="document_ref reason blocked_at",
        required="document_ref reason blocked_at",
        optional="lifted_at",
        derived=(DerivedColumn(name="ref_key", source="document_ref", make=number_key),),
    ),
)

FEEDS: Mapping[str, FeedSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})
