"""What is left out of the facts could not have changed the decision."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decisions import Finding
from core.erp import PostedInvoice
from tests.triage.builders import PO, check, facts, paper, supplier
from triage.facts import BilledLine, Facts, KnownInvoice
from triage.relevance import narrow

OURS = paper()
TOTAL = OURS.total_with_vat or Decimal(0)
numbers = st.sampled_from(
    [OURS.invoice_number or "", "R-8812", "R-8821", "R8812", "R-BB12", "2026R8812", "R-99", "88120", "A-1", ""]
)
others = (
    supplier(supplier_id="S2"),
    supplier(supplier_id="S3", vat_id=None, iban=None),
    supplier(supplier_id="S4", name="Nordwind AG", vat_id=None, iban=None),
)
totals = st.sampled_from([TOTAL, -TOTAL, TOTAL + 1, -TOTAL - 1, TOTAL * 2, Decimal("7.00"), Decimal("-7.00")])
dates = st.sampled_from([date(2026, 11, 1), date(2026, 11, 16), date(2026, 11, 20), date(2025, 1, 1)])
currencies = st.sampled_from(["EUR", "EUR", "USD"])
supplier_ids = st.sampled_from(["S1", "S1", "S2", "S3", "S4", "S9"])
posted_invoices = st.builds(
    PostedInvoice,
    supplier_id=supplier_ids,
    invoice_number=numbers,
    invoice_date=dates,
    total_with_vat=totals,
    currency=currencies,
    po_number=st.sampled_from([None, PO, "other"]),
    status=st.sampled_from([None, "posted", "reversed"]),
)
known_invoices = st.builds(
    KnownInvoice,
    document_id=st.sampled_from(["doc_1", "doc_2", "doc_3"]),
    sha256=st.sampled_from([OURS.sha256, "1" * 64]),
    supplier_id=supplier_ids | st.just(""),
    invoice_number=numbers,
    issue_date=st.none() | dates,
    total_with_vat=totals,
    currency=currencies,
)
billed = st.builds(
    BilledLine,
    document_id=st.sampled_from(["doc_1", "doc_2"]),
    po_number=st.just(PO),
    line_number=st.just("1"),
    quantity=st.integers(0, 3).map(Decimal),
    net_amount=st.integers(0, 9).map(Decimal),
)
histories = st.builds(
    lambda posted, known, lines, ours: replace(
        facts(supplier=ours), posted=tuple(posted), known=tuple(known), billed=tuple(lines), related=others
    ),
    st.lists(posted_invoices, max_size=6),
    st.lists(known_invoices, max_size=4),
    st.lists(billed, max_size=2),
    st.sampled_from([supplier(), supplier(), None]),
)


def judged(found: tuple[Finding, ...]) -> list[Finding]:
    return [replace(finding, facts=()) for finding in found]


@pytest.mark.law
@given(histories)
def test_narrowing_changes_no_finding(history: Facts) -> None:
    assert judged(check(narrow(history))) == judged(check(history))


def test_years_of_postings_that_share_nothing_are_left_out() -> None:
    years = tuple(
        PostedInvoice(
            supplier_id="S1",
            invoice_number=f"OLD-{number}",
            invoice_date=date(2024, 1, 1),
            total_with_vat=Decimal(1_000_000 + number),
            currency="EUR",
        )
        for number in range(5_000)
    )
    same_amount = replace(years[0], invoice_number="NEW-1", total_with_vat=TOTAL)
    alike = replace(years[0], invoice_number="R-8812-A", total_with_vat=TOTAL)
    assert narrow(replace(facts(), posted=(*years, same_amount, alike))).posted == (alike,)
