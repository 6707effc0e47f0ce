"""Lays the lines of a paper out as a grid in which every value may be put right, lines added and taken away."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.documents import SHIPMENT_TYPES, Extraction, Field, Row
from review_api.percents import percent
from review_api.presenting import AMOUNT_FIELDS, Reader
from review_api.words import field_label
from triage.policy import Policy

SHOWN_LINES = 200
_BILLING = (
    "description", "buyer_item_id", "seller_item_id", "gtin", "quantity", "unit", "unit_price", "tax_rate",
    "line_net_amount", "purchase_order_reference", "purchase_order_line",
)  # fmt: skip
_SHIPMENT = (
    "description", "buyer_item_id", "seller_item_id", "gtin", "quantity", "unit", "package_count", "gross_weight",
    "lot_number", "sscc", "purchase_order_reference", "purchase_order_line",
)  # fmt: skip
_ALWAYS = frozenset({"description", "buyer_item_id", "quantity", "unit", "purchase_order_line"})
_ALWAYS_BILLED = frozenset({"unit_price", "line_net_amount"})
_NUMBERS = AMOUNT_FIELDS | {"quantity", "tax_rate", "package_count", "gross_weight"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column: the field's name and its heading."""

    name: str
    label: str
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """One value of a line.

    Attributes:
        value: what stands in the box now; `was` as read.
        percent: its confidence, None when it was not found.
        why: why it is trusted or not, in words.
    """

    name: str
    label: str
    value: str
    was: str
    numeric: bool
    percent: int | None
    unsure: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A line. `gone`: it was taken away, or is about to be; typing into it brings it back."""

    index: int
    cells: tuple[CellView, ...]
    gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GridView:
    """The lines, and an empty row that becomes the next one. `unsure`: how many values somebody must look at."""

    columns: tuple[ColumnView, ...] = ()
    rows: tuple[GridRow, ...] = ()
    new: GridRow | None = None
    unsure: int = 0
    left_out: int = 0
    is_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """What every row is made with."""

    columns: tuple[ColumnView, ...]
    required: frozenset[str]
    policy: Policy
    reader: Reader
    typed: Mapping[str, str]


def grid_view(extraction: Extraction, *, policy: Policy, reader: Reader, typed: Mapping[str, str]) -> GridView:
    """The grid; `typed` is what a person has typed into it and not sent."""
    rules = policy.documents.get(extraction.document_type)
    grid = _Grid(
        columns=tuple(
            ColumnView(name=name, label=reader.say(field_label(name)), numeric=name in _NUMBERS)
            for name in _columns(extraction, typed)
        ),
        required=frozenset(rules.required_lines if rules else ()),
        policy=policy,
        reader=reader,
        typed=typed,
    )
    lines: list[Row] = [*extraction.lines, *({} for _ in range(_typed_lines(typed) - len(extraction.lines)))]
    shown = lines[:SHOWN_LINES]
    rows = tuple(_row(grid, index, row) for index, row in enumerate(shown, 1))
    return GridView(
        columns=grid.columns,
        rows=rows,
        new=_row(grid, len(lines) + 1, {}) if len(shown) == len(lines) else None,
        unsure=sum(cell.unsure for row in rows for cell in row.cells),
        left_out=len(lines) - len(shown),
        is_changed=any(name.startswith("lines.") for name in typed),
    )


def _columns(extraction: Extraction, typed: Mapping[str, str]) -> tuple[str, ...]:
    is_shipment = extraction.document_type in SHIPMENT_TYPES
    used = {name for row in extraction.lines for name in row} | {name.rpartition(".")[2] for name in typed}
    wanted = used | _ALWAYS | (frozenset() if is_shipment else _ALWAYS_BILLED)
    return tuple(name for name in (_SHIPMENT if is_shipment else _BILLING) if name in wanted)


def _typed_lines(typed: Mapping[str, str]) -> int:
    """The last line that something was typed into."""
    numbers = [name.split(".")[1] for name, text in typed.items() if name.startswith("lines.") and text]
    return min(max((int(number) for number in numbers if number.isdecimal()), default=0), SHOWN_LINES)


def _row(grid: _Grid, index: int, row: Row) -> GridRow:
    is_typed = any(name.startswith(f"lines.{index}.") for name in grid.typed)
    gone = grid.typed.get(f"lines.{index}") == "" or not (row or is_typed)
    return GridRow(
        index=index,
        gone=gone,
        cells=tuple(_cell(grid, index, column, row.get(column.name), is_read=bool(row)) for column in grid.columns),
    )


def _cell(grid: _Grid, index: int, column: ColumnView, field: Field | None, *, is_read: bool) -> CellView:
    reader, name = grid.reader, f"lines.{index}.{column.name}"
    was = field.value if field else ""
    threshold = float(grid.policy.confidence.of_line_field(column.name))
    missing = reader.say("not on the paper, or not found")
    return CellView(
        name=name,
        label=reader.say("Line %(index)s: %(field)s", index=index, field=column.label.lower()),
        value=grid.typed.get(name, was),
        was=was,
        numeric=column.numeric,
        percent=None if field is None else percent(field.confidence),
        unsure=is_read and (column.name in grid.required if field is None else field.confidence < threshold),
        why=", ".join(reader.sentence(reason) for reason in field.reasons) if field else missing,
    )
