"""The laws of the controls, over generated situations."""

import os
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.decisions import Finding, Outcome
from core.documents import DocumentType
from core.erp import FeedFreshness, PurchaseOrderLine
from core.money import round_amount
from tests.triage.builders import (
    PO,
    check,
    facts,
    item,
    order_line,
    paper,
    paper_line,
    policy,
    receipt,
    with_tolerance,
)
from tests.triage.draws import Draws
from tests.triage.generated import TOLERANCES, World, a_policy, draws, tolerance_pair, worlds
from triage.controls.catalogue import CONTROLS
from triage.decide import decide
from triage.facts import Facts, Paper, PaperLine, RecentInvoice
from triage.header import billed_headers
from triage.joining import in_order
from triage.match import billed_lines, pair_lines
from triage.policy import Policy, ToleranceName
from triage.shipped import shipped_key

pytestmark = pytest.mark.law

EXAMPLES = int(os.environ.get("CLEARHOLD_LAW_EXAMPLES", "2000"))
laws = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
laws_by_tolerance = settings(laws, max_examples=max(1, 2 * EXAMPLES // len(TOLERANCES)))
THREE_WAY = frozenset({"MATCH-PRICE", "MATCH-QUANTITY", "MATCH-NOT-RECEIVED", "MATCH-OVERBILLED"})
OF_THE_WHOLE = THREE_WAY | {"MATCH-CHARGE", "MATCH-TOTAL"}
LIMITS = frozenset({"LIMIT-APPROVAL", "LIMIT-SPLIT"})
MODELS = ("review", "fraud", "other")


def a_score(chosen: Draws) -> float:
    return chosen.number(0, 65_535) / 65_535


def some_scores(chosen: Draws) -> dict[str, float]:
    return {name: a_score(chosen) for name in MODELS if chosen.often()}


@laws
@given(worlds())
def test_law_1_raising_a_score_never_lowers_the_outcome(world: World) -> None:
    here, rules, chosen = world.here, world.rules, world.draws
    given_scores, model = some_scores(chosen), chosen.one(MODELS)
    low = decide(here, rules, scores=given_scores)
    raised = (
        {**given_scores, model: max(given_scores[model], a_score(chosen))} if model in given_scores else given_scores
    )
    assert decide(here, rules, scores=raised).outcome.rank >= low.outcome.rank


@laws
@given(worlds())
def test_law_1_removing_a_model_never_lowers_the_outcome(world: World) -> None:
    here, rules, given_scores = world.here, world.rules, some_scores(world.draws)
    model = world.draws.one(MODELS)
    fewer = {name: score for name, score in given_scores.items() if name != model}
    assert decide(here, rules, scores=fewer).outcome.rank >= decide(here, rules, scores=given_scores).outcome.rank


@laws
@given(worlds())
def test_law_1_no_score_takes_away_what_a_control_found(world: World) -> None:
    found = check(world.here, world.rules)
    decision = decide(world.here, world.rules, scores=some_scores(world.draws))
    assert set(found) <= set(decision.findings)
    assert all(decision.outcome.rank >= finding.outcome.rank for finding in found)


@pytest.mark.parametrize("name", TOLERANCES)
@laws_by_tolerance
@given(st.data())
def test_law_2_widening_a_tolerance_never_adds_a_finding(name: ToleranceName, data: st.DataObject) -> None:
    kind = DocumentType.DELIVERY_NOTE if name.startswith("ship_") else DocumentType.INVOICE
    world = data.draw(worlds(kind=kind))
    narrow, wide = (
        _by_subject(check(world.here, with_tolerance(name, limits, world.rules)))
        for limits in tolerance_pair(world.draws)
    )
    assert wide.keys() <= narrow.keys()
    assert all(narrow[key].rank >= outcome.rank for key, outcome in wide.items())


@laws
@given(worlds())
def test_law_3_the_order_of_receipts_lines_and_records_changes_nothing(world: World) -> None:
    assert decide(_shuffled(world.here, world.draws), world.rules) == decide(world.here, world.rules)


@laws
@given(worlds())
def test_law_3_lines_printed_in_another_order_are_judged_the_same(world: World) -> None:
    here = world.here
    moved = world.draws.shuffled(here.paper.lines)
    renumbered = tuple(replace(line, index=index) for index, line in enumerate(moved, start=1))
    again = replace(here, paper=replace(here.paper, lines=renumbered))
    assert _amounts(check(again, world.rules)) == _amounts(check(here, world.rules))


@laws
@given(worlds())
def test_law_3_the_order_of_controls_changes_nothing(world: World) -> None:
    here, rules = world.here, world.rules
    match, kind = pair_lines(here), here.paper.document_type
    controls = [control for control in world.draws.shuffled(CONTROLS) if kind in control.types]
    assert in_order(tuple(at for control in controls for at in control.run(here, match, rules))) == check(here, rules)


@laws
@given(draws(96))
def test_law_4_splitting_an_invoice_never_clears_more_than_the_whole(chosen: Draws) -> None:
    """Price, quantity, receipts, order, freight, deposits and balance: what holds the whole holds a part."""
    rules, base = _for_parts(a_policy(chosen)), _before_splitting(chosen)
    if chosen.often():
        earlier, _ = _halves(chosen, base)
        base = _after(base, replace(base, paper=_bill(earlier, "doc_e")), rules)
    first, second = _halves(chosen, base)
    whole = replace(base, paper=_bill([*first, *second], "doc_w"))
    one = replace(base, paper=_bill(first, "doc_f"))
    two = replace(_after(base, one, rules), paper=_bill(second, "doc_s"))
    in_parts = _held(one, rules) | _held(two, rules)
    assert in_parts or not _held(whole, rules)


@laws
@given(draws(32))
def test_law_4_splitting_around_the_approval_limit_never_clears_more_than_the_whole(chosen: Draws) -> None:
    """Where no share is too small to be looked at."""
    rules = policy().model_copy(
        update={
            "split": policy().split.model_copy(update={"smallest_pct": Decimal(0)}),
            "approval_limits": {**policy().approval_limits, "touchless": {"other": chosen.decimal(1, 400)}},
        }
    )
    rules = rules.model_copy(update={"split": rules.split.model_copy(update={"limit_of": "touchless"})})
    amounts = (chosen.decimal(1, 300), chosen.decimal(1, 300))

    def bill(total: Decimal, number: str, *recent: RecentInvoice) -> set[str]:
        one = facts(paper(total_with_vat=total, invoice_number=number), recent_invoices=recent)
        return {at.code for at in check(one, rules)} & LIMITS

    issued = paper().issue_date
    assert issued is not None
    seen = RecentInvoice(
        key="known_invoice:doc_f", invoice_number="F-1", issue_date=issued, total_with_vat=amounts[0], currency="EUR"
    )
    in_parts = bill(amounts[0], "F-1") | bill(amounts[1], "S-2", seen)
    assert in_parts or not bill(sum(amounts, Decimal(0)), "W-3")


@laws
@given(worlds())
def test_law_5_currencies_never_mix(world: World) -> None:
    here, other = world.here, world.draws.of("CHF", "USD", "JPY")
    foreign = replace(
        here, paper=replace(here.paper, currency="EUR"), orders=tuple(replace(at, currency=other) for at in here.orders)
    )
    found = check(foreign)
    assert not {"MATCH-PRICE", "MATCH-TOTAL"} & {finding.code for finding in found}
    assert all(at.at_risk_amount is None for at in found if at.code in THREE_WAY)


@laws
@given(draws(64))
def test_law_5_sums_are_exact(chosen: Draws) -> None:
    """Up to a trillion, with four decimals; through a case pack, whole cartons stay whole."""
    big = chosen.of(1, 1, 10**8)
    received = [chosen.decimal(-30_000, 30_000) * big / 10_000 for _ in range(chosen.number(1, 8))]
    billed = [chosen.decimal(0, 30_000) * big / 10_000 for _ in range(chosen.number(0, 8))]
    unit, times = chosen.of(("pcs", 1), ("CT", 12))
    receipts = tuple(receipt(1, str(at), receipt_id=f"GR-{number}") for number, at in enumerate(received))
    lines = tuple(replace(paper_line(1, str(at)), index=number, unit=unit) for number, at in enumerate(billed, start=1))
    match = pair_lines(facts(paper(lines), receipts=receipts, items=(item(1, case_pack=Decimal(12)),)))
    for figures in match.figures:
        assert Fraction(figures.received) == sum(Fraction(at) for at in received)
        assert figures.invoiced is not None
        assert Fraction(figures.invoiced) == times * sum(Fraction(at) for at in billed)


@laws
@given(worlds())
def test_law_6_a_finding_is_found_again_from_the_facts_it_names(world: World) -> None:
    for finding in check(world.here, world.rules):
        assert finding in check(_only(world.here, set(finding.facts)), world.rules), finding


def _by_subject(found: Sequence[Finding]) -> dict[tuple[str, str | None], Outcome]:
    return {(finding.code, finding.subject): finding.outcome for finding in found}


def _amounts(found: Sequence[Finding]) -> list[tuple[str, ...]]:
    """Findings without the numbers of lines, for comparing papers whose lines stand in another order."""
    parts = ((at.code, at.outcome, at.difference, at.at_risk_amount) for at in found if at.code != "DOC-CONFIDENCE")
    return sorted(tuple(str(part) for part in row) for row in parts)


def _shuffled(here: Facts, chosen: Draws) -> Facts:
    names = (
        "orders",
        "order_lines",
        "receipts",
        "items",
        "posted",
        "known",
        "billed",
        "billed_headers",
        "feeds",
        "erp_blocks",
        "related",
        "recent_invoices",
        "recent_orders",
        "known_shipments",
        "shipped",
    )
    lines = chosen.shuffled(here.paper.lines)
    references = chosen.shuffled(here.paper.purchase_order_references)
    mixed: dict[str, Any] = {name: chosen.shuffled(getattr(here, name)) for name in names}
    return replace(here, paper=replace(here.paper, lines=lines, purchase_order_references=references), **mixed)


def _before_splitting(chosen: Draws) -> Facts:
    """Orders of up to three lines in pieces or cartons of twelve, and what came of them."""
    prices = ("4", "1", "3.95", "3.333", "12", "1250", "0")
    lines = tuple(
        order_line(number, chosen.of(20, 20, 8, 200), chosen.one(prices), unit=chosen.of("pcs", "pcs", "CT"))
        for number in range(1, chosen.number(1, 3) + 1)
    )
    receipts = tuple(
        receipt(int(line.line_number), str(quantity), receipt_id=f"GR-{line.line_number}-{at}")
        for line in lines
        for at, quantity in enumerate([line.quantity, *([chosen.decimal(-10, 40)] if chosen.rarely() else [])])
        if not chosen.rarely()
    )
    items = tuple(item(int(line.line_number), case_pack=Decimal(12)) for line in lines)
    return facts(order_lines=lines, receipts=receipts, items=items)


def _halves(chosen: Draws, base: Facts) -> tuple[list[PaperLine], list[PaperLine]]:
    """Lines of two invoices: goods at nearly the order's price, freight, a deposit billed."""
    halves: tuple[list[PaperLine], list[PaperLine]] = ([], [])
    for half in halves:
        for line in base.order_lines:
            if half and chosen.rarely():
                continue
            half.append(_goods(chosen, line))
        if chosen.rarely() or chosen.rarely():
            half.append(_extra("Fracht", chosen.of("0.5", "8", "15", "40")))
        if chosen.rarely():
            half.append(_extra("Anzahlung", chosen.of("20", "100", "400")))
    return halves


def _goods(chosen: Draws, line: PurchaseOrderLine) -> PaperLine:
    quantity, unit = chosen.decimal(1, 10), chosen.of(line.unit, "pcs")
    pieces = {"CT": 12}
    value = quantity * pieces.get(unit or "", 1) * line.unit_price / pieces.get(line.unit or "", 1)
    off = Decimal(chosen.of(0, 0, 0, 0, 0, 10, -10, 100, -100, 500, 2_000)) / 100
    net = round_amount(value, "EUR") + off
    return replace(
        paper_line(int(line.line_number)),
        quantity=quantity,
        unit=unit,
        unit_price=None,
        line_net_amount=net,
        purchase_order_line=line.line_number,
    )


def _extra(what: str, amount: str) -> PaperLine:
    return paper_line(9, 1, amount, description=what, seller_item_id=None, unit=None)


def _bill(lines: Sequence[PaperLine], document_id: str) -> Paper:
    """An invoice; lines for the same goods in the same unit are one, as they were before it was split."""
    together: dict[tuple[str | None, str | None], PaperLine] = {}
    for line in lines:
        other = together.get((line.description, line.unit))
        together[line.description, line.unit] = line if other is None else _joined(line, other)
    numbered = [replace(line, index=index) for index, line in enumerate(together.values(), start=1)]
    return paper(numbered, document_id=document_id)


def _joined(line: PaperLine, other: PaperLine) -> PaperLine:
    quantity, net = Decimal(0), Decimal(0)
    for at in (line, other):
        quantity, net = quantity + (at.quantity or 0), net + (at.line_net_amount or 0)
    return replace(line, quantity=quantity, line_net_amount=net, unit_price=None)


def _after(base: Facts, billed: Facts, rules: Policy) -> Facts:
    """The situation once a paper has been remembered."""
    match = pair_lines(billed)
    return replace(
        base,
        billed=(*base.billed, *billed_lines(billed.paper, match)),
        billed_headers=(*base.billed_headers, *billed_headers(billed, match, rules)),
    )


_PARTS: tuple[ToleranceName, ...] = ("quantity", "not_received", "overbilled")


def _for_parts(rules: Policy) -> Policy:
    """A part is always less than what was ordered."""
    parts = {
        name: rules.tolerances[name].model_copy(update={"lower_pct": None, "lower_amount": {"other": None}})
        for name in _PARTS
    }
    return rules.model_copy(update={"tolerances": {**rules.tolerances, **parts}})


def _held(here: Facts, rules: Policy) -> set[str]:
    return {at.code for at in check(here, rules) if at.outcome is not Outcome.CLEAR} & OF_THE_WHOLE


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

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(worlds(kind=DocumentType.INVOICE))
    def look(world: World) -> None:
        assume(world.here.supplier is not None)
        seen.add(decide(world.here, policy()).outcome)

    look()
    seen.add(decide(facts(), policy()).outcome)
    assert seen >= {Outcome.CLEAR, Outcome.HOLD, Outcome.BLOCK}, PO
