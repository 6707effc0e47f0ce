"""The laws of rounding and of the controls of recommendations, and rounding counted a second time in pandas."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.erp import Supplier
from tests.triage.builders import AS_OF, policy
from tests.triage.draws import Draws
from tests.triage.generated import draws
from tests.triage.order_builders import inbound
from tests.triage.replenishment_builders import (
    budget,
    check_recommendation,
    planned_item,
    rate,
    replenishment_facts,
    rounded,
    stocked,
    with_replenishment,
)
from tests.triage.test_laws import laws
from triage.decide_replenishment import decide_replenishment
from triage.policy import Policy
from triage.replenishment_facts import BudgetUse, ReplenishmentFacts
from triage.rounding import PackRounding, round_quantity

quantities = st.integers(-5, 120).map(Decimal)
maybe = st.none() | st.integers(-3, 150).map(Decimal)
PACKS = (None, Decimal(0), Decimal(1), Decimal(6), Decimal(12), Decimal("2.5"))
packs = st.sampled_from(PACKS)
ways = st.sampled_from(get_args(PackRounding))
_BYTES = 40


def recommendations() -> st.SearchStrategy[ReplenishmentFacts]:
    """Recommendations with items, stock, orders and demand of every kind."""
    return draws(_BYTES).map(_a_recommendation)


def _a_recommendation(chosen: Draws) -> ReplenishmentFacts:
    item = planned_item(
        case_pack=chosen.one(PACKS),
        min_order_quantity=_maybe(chosen, -3, 150),
        max_stock=_maybe(chosen, -3, 150),
        shelf_life_days=chosen.of(None, chosen.number(0, 40)),
        lead_time_days=chosen.of(None, 0, 5, 12),
        unit_cost=chosen.of(None, Decimal(2), Decimal("0.35")),
        status=chosen.of("active", "active", "blocked", "?"),
        supplier_id=chosen.of("S1", "S1", "S2", None),
    )
    coming = [chosen.number(1, 30) for _ in range(chosen.number(0, 3))]
    supplier = Supplier(supplier_id="S1", name="Nordlicht", status=chosen.of("active", "blocked"))
    return replenishment_facts(
        str(chosen.number(-5, 120)),
        item=chosen.of(item, item, item, None),
        supplier=chosen.of(supplier, supplier, None),
        stock=chosen.of(None, stocked(chosen.number(-20, 90), on_order=Decimal(7))),
        inbound=tuple(
            inbound(quantity, line_number=str(number), promised_at=AS_OF + timedelta(days=quantity))
            for number, quantity in enumerate(coming)
        ),
        demand=chosen.of(None, rate(chosen.number(0, 12), 1)),
        budgets=(BudgetUse(name="all", used_amount=chosen.decimal(0, 90)),),
        feeds=chosen.of(replenishment_facts().feeds, replenishment_facts().feeds[1:]),
    )


def _maybe(chosen: Draws, low: int, high: int) -> Decimal | None:
    return chosen.of(None, chosen.decimal(low, high))


@pytest.mark.law
@settings(max_examples=2_000, deadline=None, database=None)
@given(quantities, packs, st.tuples(maybe, maybe, maybe), ways)
def test_rounding_gives_nothing_or_what_can_be_ordered_and_again_the_same(
    quantity: Decimal, pack: Decimal | None, bounds: tuple[Decimal | None, ...], how: PackRounding
) -> None:
    minimum, room, sells = bounds
    limits: dict[str, Any] = {"minimum": minimum, "pack": pack, "room": room, "sellable": sells, "how": how}
    ordered = round_quantity(quantity, **limits).ordered
    assert round_quantity(ordered, **limits).ordered == ordered
    assert ordered >= 0
    if ordered:
        assert quantity > 0
        assert ordered >= (minimum or 0)
        assert pack is None or pack <= 0 or ordered % pack == 0
        assert room is None or ordered <= room
        assert sells is None or ordered <= sells


@pytest.mark.law
@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.tuples(quantities, maybe, packs, maybe, maybe), min_size=1, max_size=30), ways)
def test_rounding_is_what_pandas_says(rows: list[tuple[Decimal | None, ...]], how: PackRounding) -> None:
    frame = pd.DataFrame(rows, columns=["quantity", "minimum", "pack", "room", "sells"]).astype(float)
    pack = frame["pack"].where(frame["pack"] > 0)
    least = frame["minimum"].fillna(0).clip(lower=0)
    steps: dict[str, Callable[[Any], Any]] = {
        "up": np.ceil,
        "down": np.floor,
        "nearest": lambda packs: np.floor(packs + 0.5),
    }
    step = steps[how]
    whole_least = (np.ceil(least / pack) * pack).fillna(least)
    raised = frame["quantity"].where(frame["quantity"] >= least, least)
    packed = (step(raised / pack) * pack).fillna(raised)
    packed = packed.where(packed >= whole_least, whole_least)
    limits = pd.DataFrame(
        {
            name: (np.floor(frame[name].clip(lower=0) / pack) * pack).fillna(frame[name].clip(lower=0))
            for name in ("room", "sells")
        }
    )
    ordered = pd.concat([packed, limits], axis=1).min(axis=1)
    expected = ordered.where((ordered >= whole_least) & (frame["quantity"] > 0), 0.0)
    for (quantity, minimum, one_pack, room, sells), said in zip(rows, expected, strict=True):
        assert quantity is not None
        ours = round_quantity(quantity, minimum=minimum, pack=one_pack, room=room, sellable=sells, how=how)
        assert float(ours.ordered) == said


@pytest.mark.law
@laws
@given(recommendations(), draws(_BYTES))
def test_law_3_the_order_of_records_changes_nothing(facts: ReplenishmentFacts, chosen: Draws) -> None:
    moved = replace(facts, inbound=chosen.shuffled(facts.inbound), feeds=chosen.shuffled(facts.feeds))
    assert decide_replenishment(moved, policy()) == decide_replenishment(facts, policy())


@pytest.mark.law
@laws
@given(recommendations(), st.integers(0, 200), st.sampled_from([0, 1, 20, 200]))
def test_law_2_widening_a_budget_never_adds_a_finding(facts: ReplenishmentFacts, tight: int, more: int) -> None:
    narrow = _with_budget(tight)
    for wide in (_with_budget(tight + more), _with_budget(None)):
        found = {(at.code, at.subject) for at in check_recommendation(facts, wide)}
        assert found <= {(at.code, at.subject) for at in check_recommendation(facts, narrow)}


@pytest.mark.law
@laws
@given(recommendations())
def test_what_is_rounded_always_says_so_and_what_cannot_be_is_always_held(facts: ReplenishmentFacts) -> None:
    rounding, found = rounded(facts), check_recommendation(facts)
    about_quantity = [at for at in found if at.code in {"REP-MOQ", "REP-PACK", "REP-MAX", "REP-SHELF-LIFE"}]
    if rounding.recommended > 0 and rounding.ordered != rounding.recommended:
        assert about_quantity
    if rounding.recommended > 0 and rounding.ordered == 0:
        assert any(at.outcome.value == "hold" for at in about_quantity)


@pytest.mark.law
@laws
@given(recommendations())
def test_law_6_a_finding_is_found_again_from_only_the_facts_it_names(facts: ReplenishmentFacts) -> None:
    for rules in (policy(), _with_budget(20)):
        for finding in check_recommendation(facts, rules):
            assert finding in check_recommendation(_only(facts, finding.facts), rules)


@cache
def _with_budget(amount: int | None) -> Policy:
    return with_replenishment(budgets=(budget(amount),))


def _only(facts: ReplenishmentFacts, keys: Sequence[str]) -> ReplenishmentFacts:
    """The facts with nothing but the records a finding names."""
    assert facts.key in keys
    return replace(
        facts,
        item=facts.item if "item:A" in keys else None,
        supplier=facts.supplier if "supplier:S1" in keys else None,
        stock=facts.stock if "stock_level:A/WH1" in keys else None,
        inbound=tuple(one for one in facts.inbound if one.key in keys),
        demand=facts.demand if "demand_rate:A/WH1" in keys else None,
        budgets=tuple(one for one in facts.budgets if f"budget:{one.name}" in keys),
        feeds=tuple(one for one in facts.feeds if f"feed:{one.feed}" in keys),
    )


@laws
@given(facts=recommendations(), wanted=quantities)
def test_a_model_never_lowers_what_today_s_rule_comes_to(facts: ReplenishmentFacts, wanted: Decimal) -> None:
    ruled = facts.recommendation
    planned = replace(facts, recommendation=replace(ruled, quantity=wanted), ruled=ruled, model="replenishment-1")
    alone, both = decide_replenishment(facts, policy()), decide_replenishment(planned, policy())
    assert both.outcome.rank >= alone.outcome.rank
    assert both.outcome.rank >= decide_replenishment(replace(planned, ruled=None), policy()).outcome.rank
