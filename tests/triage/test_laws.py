"""The laws of the controls, over generated situations."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.decisions import Finding, Outcome
from core.documents import DocumentType
from core.erp import FeedFreshness
from tests.triage.builders import (
    PO,
    check,
    facts,
    order,
    order_line,
    paper,
    paper_line,
    policy,
    receipt,
    with_tolerance,
)
from tests.triage.generated import TOLERANCES, policies, quantities, situations, tolerance_pairs
from triage.controls.catalogue import CONTROLS
from triage.decide import decide
from triage.facts import Facts
from triage.joining import in_order
from triage.match import billed_lines, pair_lines
from triage.policy import Policy, Tolerance, ToleranceName
from triage.shipped import shipped_key

_Record = TypeVar("_Record")

pytestmark = pytest.mark.law

EXAMPLES = 300
laws = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
THREE_WAY = frozenset({"MATCH-PRICE", "MATCH-QUANTITY", "MATCH-NOT-RECEIVED", "MATCH-OVERBILLED"})
scores = st.dictionaries(st.sampled_from(["review", "fraud", "other"]), st.floats(0, 1))


@laws
@given(situations(), policies(), scores, st.sampled_from(["review", "fraud", "other"]), st.floats(0, 1))
def test_law_1_raising_a_score_never_lowers_the_outcome(
    here: Facts, rules: Policy, given_scores: dict[str, float], model: str, more: float
) -> None:
    low = decide(here, rules, scores=given_scores)
    raised = {**given_scores, model: max(given_scores.get(model, 0.0), more)} if model in given_scores else given_scores
    assert decide(here, rules, scores=raised).outcome.rank >= low.outcome.rank


@laws
@given(situations(), policies(), scores, st.sampled_from(["review", "fraud", "other"]))
def test_law_1_removing_a_model_never_lowers_the_outcome(
    here: Facts, rules: Policy, given_scores: dict[str, float], model: str
) -> None:
    fewer = {name: score for name, score in given_scores.items() if name != model}
    assert decide(here, rules, scores=fewer).outcome.rank >= decide(here, rules, scores=given_scores).outcome.rank


@laws
@given(situations(), policies(), scores)
def test_law_1_no_score_takes_away_what_a_control_found(
    here: Facts, rules: Policy, given_scores: dict[str, float]
) -> None:
    found = check(here, rules)
    decision = decide(here, rules, scores=given_scores)
    assert set(found) <= set(decision.findings)
    assert all(decision.outcome.rank >= finding.outcome.rank for finding in found)


@pytest.mark.parametrize("name", TOLERANCES)
@laws
@given(st.data(), tolerance_pairs())
def test_law_2_widening_a_tolerance_never_adds_a_finding(
    name: ToleranceName, data: st.DataObject, pair: tuple[Tolerance, Tolerance]
) -> None:
    kind = DocumentType.DELIVERY_NOTE if name.startswith("ship_") else DocumentType.INVOICE
    here = data.draw(situations(kind=kind))
    narrow, wide = (_by_subject(check(here, with_tolerance(name, limits))) for limits in pair)
    assert wide.keys() <= narrow.keys()
    assert all(narrow[key].rank >= outcome.rank for key, outcome in wide.items())


@laws
@given(situations(), policies(), st.randoms(use_true_random=False))
def test_law_3_the_order_of_receipts_lines_and_records_changes_nothing(
    here: Facts, rules: Policy, chance: Random
) -> None:
    assert decide(_shuffled(here, chance), rules) == decide(here, rules)


@laws
@given(situations(), policies(), st.randoms(use_true_random=False))
def test_law_3_lines_printed_in_another_order_are_judged_the_same(here: Facts, rules: Policy, chance: Random) -> None:
    moved = _shuffle(here.paper.lines, chance)
    renumbered = tuple(replace(line, index=index) for index, line in enumerate(moved, start=1))
    again = replace(here, paper=replace(here.paper, lines=renumbered))
    assert _amounts(check(again, rules)) == _amounts(check(here, rules))


@laws
@given(situations(), policies(), st.randoms(use_true_random=False))
def test_law_3_the_order_of_controls_changes_nothing(here: Facts, rules: Policy, chance: Random) -> None:
    match = pair_lines(here)
    kind = here.paper.document_type
    controls = [control for control in _shuffle(CONTROLS, chance) if kind in control.types]
    assert in_order(tuple(at for control in controls for at in control.run(here, match, rules))) == check(here, rules)


@laws
@given(
    ordered=st.integers(1, 60),
    received=st.lists(st.integers(0, 60), max_size=3),
    halves=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    extra=st.tuples(st.integers(-2_000, 2_000), st.integers(-2_000, 2_000)),
    rules=policies(),
)
def test_law_4_splitting_an_invoice_never_clears_more_than_the_whole(
    ordered: int, received: list[int], halves: tuple[int, int], extra: tuple[int, int], rules: Policy
) -> None:
    receipts = tuple(receipt(1, quantity, receipt_id=f"GR-{at}") for at, quantity in enumerate(received))
    base = facts(order_lines=(order_line(1, ordered, 4),), receipts=receipts)
    whole = _bill(base, sum(halves), sum(extra), "doc_w")
    first = _bill(base, halves[0], extra[0], "doc_f")
    remembered = billed_lines(first.paper, pair_lines(first))
    second = replace(_bill(base, halves[1], extra[1], "doc_s"), billed=remembered)
    in_parts = _held(first, rules) | _held(second, rules)
    assert in_parts or not _held(whole, rules)


@laws
@given(situations(), st.sampled_from(["CHF", "USD", "JPY"]))
def test_law_5_currencies_never_mix(here: Facts, other: str) -> None:
    foreign = replace(here, paper=replace(here.paper, currency="EUR"), orders=(order(currency=other),))
    found = check(foreign)
    assert not {"MATCH-PRICE", "MATCH-TOTAL"} & {finding.code for finding in found}
    assert all(at.at_risk_amount is None for at in found if at.code in THREE_WAY)


@laws
@given(st.lists(st.decimals(-1000, 1000, places=4), min_size=1, max_size=8), st.lists(quantities, max_size=8))
def test_law_5_sums_are_exact(received: list[Decimal], billed: list[Decimal]) -> None:
    receipts = tuple(receipt(1, str(at), receipt_id=f"GR-{number}") for number, at in enumerate(received))
    lines = tuple(replace(paper_line(1, str(at)), index=number) for number, at in enumerate(billed, start=1))
    match = pair_lines(facts(paper(lines), receipts=receipts))
    for figures in match.figures:
        assert Fraction(figures.received) == sum(Fraction(at) for at in received)
        assert figures.invoiced is not None and Fraction(figures.invoiced) == sum(Fraction(at) for at in billed)


@laws
@given(situations(), policies())
def test_law_6_a_finding_is_found_again_from_the_facts_it_names(here: Facts, rules: Policy) -> None:
    for finding in check(here, rules):
        assert finding in check(_only(here, set(finding.facts)), rules), finding


def _by_subject(found: Sequence[Finding]) -> dict[tuple[str, str | None], Outcome]:
    return {(finding.code, finding.subject): finding.outcome for finding in found}


def _amounts(found: Sequence[Finding]) -> list[tuple[str, ...]]:
    """Findings without the numbers of lines, for comparing papers whose lines stand in another order."""
    parts = ((at.code, at.outcome, at.difference, at.at_risk_amount) for at in found if at.code != "DOC-CONFIDENCE")
    return sorted(tuple(str(part) for part in row) for row in parts)


def _shuffle(records: Sequence[_Record], chance: Random) -> tuple[_Record, ...]:
    mixed = list(records)
    chance.shuffle(mixed)
    return tuple(mixed)


def _shuffled(here: Facts, chance: Random) -> Facts:
    names = (
        "orders",
        "order_lines",
        "receipts",
        "items",
        "posted",
        "known",
        "billed",
        "feeds",
        "erp_blocks",
        "related",
        "recent_invoices",
        "recent_orders",
        "known_shipments",
        "shipped",
    )
    lines = _shuffle(here.paper.lines, chance)
    references = _shuffle(here.paper.purchase_order_references, chance)
    mixed: dict[str, Any] = {name: _shuffle(getattr(here, name), chance) for name in names}
    return replace(here, paper=replace(here.paper, lines=lines, purchase_order_references=references), **mixed)


def _bill(base: Facts, quantity: int, extra_cents: int, document_id: str) -> Facts:
    net = Decimal(quantity * 4) + Decimal(extra_cents) / 100
    line = replace(paper_line(1, quantity, 4), line_net_amount=net, unit_price=net / quantity)
    return replace(base, paper=paper((line,), document_id=document_id))


def _held(here: Facts, rules: Policy) -> set[str]:
    return {finding.code for finding in check(here, rules)} & THREE_WAY


def _only(here: Facts, keys: set[str]) -> Facts:
    """The situation with nothing in it but the records named."""
    named = here.supplier is not None and f"supplier:{here.supplier.supplier_id}" in keys
    return replace(
        here,
        supplier=here.supplier if named else None,
        orders=tuple(at for at in here.orders if f"purchase_order:{at.po_number}" in keys),
        order_lines=tuple(
            at for at in here.order_lines if f"purchase_order_line:{at.po_number}/{at.line_number}" in keys
        ),
        receipts=tuple(at for at in here.receipts if f"goods_receipt:{at.receipt_id}" in keys),
        items=tuple(at for at in here.items if f"item:{at.item_id}" in keys),
        posted=tuple(at for at in here.posted if f"posted_invoice:{at.supplier_id}/{at.invoice_number}" in keys),
        known=tuple(at for at in here.known if f"known_invoice:{at.document_id}" in keys),
        billed=tuple(
            at for at in here.billed if f"billed_line:{at.document_id}/{at.po_number}/{at.line_number}" in keys
        ),
        billed_headers=tuple(
            at for at in here.billed_headers if f"billed_header:{at.document_id}/{at.po_number}" in keys
        ),
        feeds=tuple(at for at in here.feeds if f"feed:{at.feed}" in keys) or (FeedFreshness(feed="-", loaded_at=None),),
        erp_blocks=tuple(at for at in here.erp_blocks if f"erp_block:{at.document_ref}" in keys),
        related=tuple(at for at in here.related if f"supplier:{at.supplier_id}" in keys),
        iban_changed_at=here.iban_changed_at if "feed_change:suppliers/iban" in keys else None,
        recent_invoices=tuple(at for at in here.recent_invoices if at.key in keys),
        recent_orders=tuple(at for at in here.recent_orders if f"recent_order:{at.po_number}" in keys),
        known_shipments=tuple(at for at in here.known_shipments if f"known_shipment:{at.document_id}" in keys),
        shipped=tuple(at for at in here.shipped if shipped_key(at) in keys),
    )


def test_generated_situations_reach_every_outcome() -> None:
    """The laws would be hollow if nothing cleared, or nothing was held."""
    seen: set[Outcome] = set()

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(situations(kind=DocumentType.INVOICE))
    def look(here: Facts) -> None:
        assume(here.supplier is not None)
        seen.add(decide(here, policy()).outcome)

    look()
    seen.add(decide(facts(), policy()).outcome)
    assert seen >= {Outcome.CLEAR, Outcome.HOLD, Outcome.BLOCK}, PO
