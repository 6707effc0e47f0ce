"""Facts survive the way into the database and back, to the last digit."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json, parse_json
from core.documents import Box, DocumentType, Evidence
from core.erp import ErpBlock, FeedFreshness, GoodsReceipt, PostedInvoice, PurchaseOrder, PurchaseOrderLine, Supplier
from triage.decide import inputs_hash
from triage.facts import BilledLine, Facts, KnownInvoice, Paper, PaperLine, TaxGroup
from triage.facts_json import facts_from_json, facts_to_json

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
instants = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
dates = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
boxes = st.builds(Box, *[st.floats(0, 1000, width=32)] * 4)
evidences = st.builds(Evidence, page=st.integers(1, 9), box=boxes, text=texts)
lines = st.builds(PaperLine, index=st.integers(1, 99), description=st.none() | texts, quantity=st.none() | decimals)
papers = st.builds(
    Paper,
    document_id=texts,
    sha256=texts,
    document_type=st.sampled_from(DocumentType),
    issue_date=st.none() | dates,
    currency=st.none() | texts,
    purchase_order_references=st.lists(texts, max_size=2).map(tuple),
    total_with_vat=st.none() | decimals,
    lines=st.lists(lines, max_size=3).map(tuple),
    tax_breakdown=st.lists(st.builds(TaxGroup, rate=decimals), max_size=2).map(tuple),
    confidences=st.dictionaries(texts, st.floats(0, 1), max_size=3),
    evidence=st.dictionaries(texts, st.lists(evidences, max_size=2).map(tuple), max_size=2),
    unparsed=st.dictionaries(texts, texts, max_size=2),
    remarks=st.lists(st.tuples(texts, texts, texts), max_size=2).map(tuple),
)


def several(records: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(records, max_size=2).map(tuple)


facts_of_any_kind = st.builds(
    Facts,
    paper=papers,
    as_of=instants,
    supplier=st.none()
    | st.builds(Supplier, supplier_id=texts, name=texts, payment_terms_days=st.none() | st.integers()),
    orders=several(st.builds(PurchaseOrder, ordered_at=instants)),
    order_lines=several(st.builds(PurchaseOrderLine, quantity=decimals, unit_price=decimals, promised_at=instants)),
    receipts=several(st.builds(GoodsReceipt, quantity=decimals, received_at=instants)),
    posted=several(st.builds(PostedInvoice, invoice_date=dates, total_with_vat=decimals)),
    known=several(st.builds(KnownInvoice, issue_date=st.none() | dates, total_with_vat=decimals)),
    billed=several(st.builds(BilledLine, quantity=decimals, net_amount=decimals)),
    feeds=several(st.builds(FeedFreshness, loaded_at=st.none() | instants)),
    erp_blocks=several(st.builds(ErpBlock, blocked_at=instants, lifted_at=st.none() | instants)),
)


@pytest.mark.law
@given(facts_of_any_kind)
def test_facts_read_back_are_the_facts_written(facts: Facts) -> None:
    stored = canonical_json(facts_to_json(facts))
    again = facts_from_json(parse_json(stored))
    assert again == facts
    assert inputs_hash(again) == inputs_hash(facts)


def test_an_attribute_that_did_not_exist_then_gets_its_default() -> None:
    facts = Facts(
        paper=Paper(document_id="d", sha256="s", document_type=DocumentType.INVOICE, total_with_vat=Decimal("1.50")),
        as_of=datetime(2026, 11, 23, tzinfo=UTC),
    )
    stored = facts_to_json(facts)
    del stored["erp_blocks"], stored["paper"]["remarks"]
    assert facts_from_json(stored) == facts


def test_facts_that_lack_what_they_need_are_refused() -> None:
    with pytest.raises(ValueError, match="lacks as_of"):
        facts_from_json({"paper": {"document_id": "d", "sha256": "s", "document_type": "invoice"}})
