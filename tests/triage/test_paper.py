"""From what was read to typed values, and from the seller printed to the supplier."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Box, DocumentType, Evidence, Extraction, Field, Remark, Source
from tests.triage.builders import IBAN, VAT_ID, check, facts, paper, policy, supplier
from triage.decide import decide
from triage.identify import SupplierIndex
from triage.paper import paper_from_extraction, split_references

SEEN = (Evidence(page=1, box=Box(1, 2, 3, 4), text="x"),)


def field(value: str, confidence: float = 0.9) -> Field:
    return Field(value=value, confidence=confidence, source=Source.TEXT_LAYER, evidence=SEEN)


def extraction(kind: DocumentType = DocumentType.INVOICE, **values: Any) -> Extraction:
    return Extraction(
        sha256="ab" * 32,
        document_type=kind,
        type_confidence=0.9,
        source=Source.TEXT_LAYER,
        language="de",
        page_sizes=((595, 842),),
        fields={name: field(value) for name, value in values.items()},
        lines=({"quantity": field("3", 0.7), "unit_price": field("three"), "description": field("Mug")},),
        tax_breakdown=({"rate": field("19"), "taxable_amount": field("1"), "tax_amount": field("0.19")},),
        findings=(Remark(code="DOC-SCHEMA", outcome="hold", message="BR-1 fails."),),
    )


def test_values_get_their_types_with_confidence_and_evidence() -> None:
    read = paper_from_extraction(
        extraction(issue_date="2026-11-18", total_with_vat="470.05", currency="eur", invoice_number=" R-1 "), "doc_1"
    )
    assert (read.issue_date, read.total_with_vat) == (date(2026, 11, 18), Decimal("470.05"))
    assert (read.currency, read.invoice_number) == ("EUR", "R-1")
    assert (read.lines[0].index, read.lines[0].quantity) == (1, Decimal(3))
    assert (read.confidences["lines.1.quantity"], read.evidence["issue_date"]) == (0.7, SEEN)
    assert read.tax_breakdown[0].tax_amount == Decimal("0.19")
    assert read.remarks == (("DOC-SCHEMA", "hold", "BR-1 fails."),)


def test_price_for_a_hundred_becomes_the_price_of_one() -> None:
    line = {"unit_price": field("395.00"), "price_base_quantity": field("100")}
    read = paper_from_extraction(replace(extraction(), lines=(line,)), "doc_1")
    assert read.lines[0].unit_price == Decimal("3.95")


def test_what_is_not_of_its_type_is_kept_as_text_and_not_guessed() -> None:
    wrong: dict[str, Any] = {
        "issue_date": "18.11.2026",
        "total_with_vat": "1e999999",
        "currency": "EURO",
        "total_vat": "NaN",
    }
    read = paper_from_extraction(extraction(**wrong), "doc_1")
    assert read.unparsed == wrong | {"lines.1.unit_price": "three"}
    assert (read.issue_date, read.total_with_vat, read.currency, read.lines[0].unit_price) == (None,) * 4


def test_shipper_of_a_delivery_note_stands_for_the_seller() -> None:
    assert paper_from_extraction(extraction(DocumentType.DELIVERY_NOTE, shipper_name="N"), "d").seller_name == "N"
    assert paper_from_extraction(extraction(shipper_name="N"), "d").seller_name is None


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("4500012, 4500013", ("4500012", "4500013")),
        ("PO-2026-0012 / PO-2026-0013", ("PO-2026-0012", "PO-2026-0013")),
        ("4500012/4500013", ("4500012", "4500013")),
        ("4500012 4500013", ("4500012", "4500013")),
        ("PO 1234 und PO 1235", ("PO 1234", "PO 1235")),
        ("4500012; 4500012", ("4500012",)),
        ("4500012/2", ("4500012/2",)),
        ("2018-471331", ("2018-471331",)),
        ("see above", ()),
        (None, ()),
    ],
)
def test_several_order_numbers_in_one_field_are_split(text: str | None, references: tuple[str, ...]) -> None:
    assert split_references(text) == references


OTHERS = (
    supplier(),
    supplier(supplier_id="S2", name="Nordwind AG", vat_id="DE129273398", iban="DE75512108001245126199"),
    supplier(supplier_id="S3", name="Atelier Blanc S.A.R.L.", vat_id=None, iban=None, country="FR"),
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ({"seller_vat_id": VAT_ID, "payment_iban": "DE75512108001245126199"}, ("S1", "VAT id")),
        ({"seller_vat_id": "136 695 976", "payment_iban": None}, ("S1", "VAT id")),
        ({"seller_vat_id": None, "payment_iban": "de02 1203 0000 0000 2020 51"}, ("S1", "IBAN")),
        ({"seller_vat_id": None, "payment_iban": None, "seller_name": "ATELIER BLANC"}, ("S3", "name")),
        ({"seller_vat_id": None, "payment_iban": None, "seller_name": "Atelier Blanc SARL"}, ("S3", "name")),
        ({"seller_vat_id": None, "payment_iban": None, "seller_name": "Nord GmbH"}, None),
        ({"seller_vat_id": None, "payment_iban": None, "seller_name": None}, None),
        ({"seller_vat_id": None, "payment_iban": None, "seller_name": "GmbH"}, None),
    ],
)
def test_supplier_is_found_by_vat_id_then_account_then_name(
    printed: dict[str, str | None], expected: tuple[str, str] | None
) -> None:
    found = SupplierIndex(OTHERS).identify(paper(**printed))  # type: ignore[arg-type]
    assert (None if found is None else (found.supplier.supplier_id, found.basis)) == expected


def test_two_suppliers_of_one_name_are_none() -> None:
    twins = (supplier(vat_id=None, iban=None), supplier(supplier_id="S9", vat_id=None, iban=None))
    assert SupplierIndex(twins).identify(paper()) is None


def test_branches_of_one_vat_id_are_told_apart_by_name() -> None:
    branches = (supplier(name="Nordlicht GmbH Hamburg"), supplier(supplier_id="S9", name="Nordlicht GmbH München"))
    found = SupplierIndex(branches).identify(paper(seller_name="Nordlicht GmbH München"))
    assert found is not None and (found.supplier.supplier_id, found.basis) == ("S9", "VAT id")
    assert IBAN


texts = st.text(max_size=12) | st.sampled_from(
    ["1e99", "-0", "9999-12-31", "0001-01-01", "Infinity", "1E-30", "EUR", "0"]
)
NAMES = [
    "invoice_number", "issue_date", "due_date", "currency", "purchase_order_reference", "seller_name", "seller_vat_id",
    "payment_iban", "total_without_vat", "total_vat", "total_with_vat", "prepaid_amount", "amount_due", "despatch_date",
]  # fmt: skip
LINE_NAMES = ["quantity", "unit_price", "line_net_amount", "tax_rate", "description", "gtin", "seller_item_id"]


@pytest.mark.law
@settings(max_examples=300, deadline=None, database=None)
@given(
    st.sampled_from(list(DocumentType)),
    st.dictionaries(st.sampled_from(NAMES), texts),
    st.lists(st.dictionaries(st.sampled_from(LINE_NAMES), texts), max_size=3),
)
def test_whatever_was_read_is_decided_and_rubbish_never_clears(
    kind: DocumentType, values: dict[str, str], rows: list[dict[str, str]]
) -> None:
    lines = tuple({name: field(value) for name, value in row.items()} for row in rows)
    read = extraction(kind, **values)
    read = Extraction(
        sha256=read.sha256, document_type=kind, type_confidence=1.0, source=read.source, language=None, page_sizes=(),
        fields=read.fields, lines=lines,
    )  # fmt: skip
    here = facts(paper_from_extraction(read, "doc_1"))
    assert decide(here, policy()).outcome.rank >= 2
    check(here)
