"""Rows of a query become records, put together fast and yet as their constructor would."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from core.erp import PostedInvoice
from core.rows import records


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A record that refuses some values."""

    name: str
    count: int = 3

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("no name")


def test_a_record_made_from_a_row_equals_the_one_its_constructor_makes() -> None:
    names = ("status", "supplier_id", "invoice_number", "invoice_date", "total_with_vat", "currency", "po_number")
    row = ("paid", "S1", "R-1", None, Decimal("1.5"), "EUR", "4500")
    (made,) = records(PostedInvoice, names, [row])
    assert made == PostedInvoice(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]
    assert hash(made) == hash(PostedInvoice(**dict(zip(names, row, strict=True))))  # type: ignore[arg-type]


def test_a_record_that_checks_itself_still_does_and_keeps_its_defaults() -> None:
    assert list(records(Checked, ("name",), [("a",)])) == [Checked(name="a")]
    with pytest.raises(ValueError, match="no name"):
        list(records(Checked, ("name", "count"), [("", 1)]))


def test_a_row_with_too_few_cells_is_no_record() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(
            records(
                PostedInvoice,
                ("supplier_id", "invoice_number", "invoice_date", "total_with_vat", "currency", "po_number", "status"),
                [("S1",)],
            )
        )
