"""Facts survive the way into the database and back, to the last digit."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json, parse_json, to_jsonable
from core.documents import Box, DocumentType, Evidence
from core.erp import ErpBlock, FeedFreshness, GoodsReceipt, PostedInvoice, PurchaseOrder, PurchaseOrderLine, Supplier
from triage.decide import inputs_hash, stored_inputs_hash
from triage.facts import BilledLine, Facts, KnownInvoice, Paper, PaperLine, TaxGroup
from triage.facts_json import facts_from_json, facts_from_text, facts_to_text

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


SETS = ("orders", "order_lines", "receipts", "posted", "known", "billed", "feeds", "erp_blocks")


def mixed(facts: Facts, chance: Random) -> Facts:
    """The same facts in another order, where the order means nothing."""
    lines = chance.sample(facts.paper.lines, len(facts.paper.lines))
    around: dict[str, Any] = {
        name: tuple(chance.sample(getattr(facts, name), len(getattr(facts, name)))) for name in SETS
    }
    return replace(facts, paper=replace(facts.paper, lines=tuple(lines)), **around)


def counted(facts: Facts) -> dict[str, object]:
    """All there is in facts, without the order of what is a set."""
    numbers = tuple(sorted(facts.paper.purchase_order_references))
    nothing: dict[str, Any] = dict.fromkeys(SETS, ())
    rest = replace(facts, paper=replace(facts.paper, lines=(), purchase_order_references=numbers), **nothing)
    around: dict[str, object] = {name: Counter(getattr(facts, name)) for name in SETS}
    return around | {"lines": Counter(facts.paper.lines), "rest": rest}


@pytest.mark.law
@given(facts_of_any_kind, st.randoms(use_true_random=False))
def test_facts_read_back_are_the_facts_written_whatever_their_order(facts: Facts, chance: Random) -> None:
    text = facts_to_text(facts)
    again = facts_from_text(text)
    assert counted(again) == counted(facts)
    assert facts_to_text(again) == text == facts_to_text(mixed(facts, chance))
    assert facts_from_text(facts_to_text(again)) == again
    assert inputs_hash(again) == inputs_hash(facts) == stored_inputs_hash(text, {})


@pytest.mark.law
@given(facts_of_any_kind)
def test_stored_text_is_canonical_json(facts: Facts) -> None:
    text = facts_to_text(facts)
    assert canonical_json(parse_json(text)) == text


@pytest.mark.law
@given(facts_of_any_kind)
def test_facts_that_were_stored_with_every_attribute_are_read_all_the_same(facts: Facts) -> None:
    assert facts_from_json(parse_json(canonical_json(to_jsonable(facts)))) == facts


def test_an_attribute_that_equals_its_default_is_left_out_so_that_a_new_one_changes_no_old_hash() -> None:
    facts = Facts(
        paper=Paper(document_id="d", sha256="s", document_type=DocumentType.INVOICE, total_with_vat=Decimal("1.50")),
        as_of=datetime(2026, 11, 23, tzinfo=UTC),
    )
    text = (
        '{"as_of":"2026-11-23T00:00:00.000000Z","paper":{"document_id":"d","document_type":"invoice","sha256":"s",'
        '"total_with_vat":"1.5"}}'
    )
    assert facts_to_text(facts) == text
    assert facts_from_text(text) == facts
    assert inputs_hash(facts) == sha256(f'{{"facts":{text},"scores":{{}}}}'.encode()).hexdigest()


def test_facts_that_lack_what_they_need_are_refused() -> None:
    with pytest.raises(ValueError, match="lacks as_of"):
        facts_from_text('{"paper":{"document_id":"d","sha256":"s","document_type":"invoice"}}')


def test_a_number_that_is_none_is_refused_rather_than_stored() -> None:
    paper = Paper(document_id="d", sha256="s", document_type=DocumentType.INVOICE, type_confidence=float("nan"))
    with pytest.raises(ValueError, match="no canonical form for nan"):
        facts_to_text(Facts(paper=paper, as_of=datetime(2026, 11, 23, tzinfo=UTC)))
