"""The laws over generated orders, and what can be promised counted a second time in pandas, day by day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.erp import Location, StockLevel
from tests.triage.builders import AS_OF, policy
from tests.triage.draws import Draws
from tests.triage.generated import draws
from tests.triage.order_builders import (
    check_order,
    commitment,
    inbound,
    level,
    order_facts,
    order_rules,
    sales_line,
    sales_order,
    with_orders,
)
from tests.triage.test_laws import laws
from triage.availability import availability
from triage.decide_order import decide_order
from triage.order_facts import OrderFacts
from triage.planning_policy import Lane
from triage.policy import Policy

PLACES = ("WH1", "WH2", "WH3")
ITEMS = ("A", "B")
days = st.integers(-12, 20).map(lambda number: timedelta(days=number))
_BYTES = 80
LOCATIONS = (
    Location(location_id="WH1", kind="warehouse", country="DE"),
    Location(location_id="WH2", kind="store", country="FR"),
)


def order_situations() -> st.SearchStrategy[OrderFacts]:
    """Orders of two items from three places, with stock, goods on order and earlier promises of every kind."""
    return draws(_BYTES).map(_a_situation)


def _a_situation(chosen: Draws) -> OrderFacts:
    return replace(
        order_facts(),
        order=sales_order(promised_at=AS_OF + _some_days(chosen), service=chosen.of("standard", "express", None)),
        lines=tuple(
            sales_line(
                number, chosen.number(-1, 25), chosen.one(ITEMS), fulfil_location_id=chosen.of(None, None, *PLACES, "?")
            )
            for number in range(1, chosen.of(1, 2, 3, 4, 0) + 1)
        ),
        stock=tuple(
            level(item, at, chosen.number(-5, 30), allocated=chosen.decimal(0, 9))
            for item, at in dict.fromkeys(_where(chosen) for _ in range(chosen.number(0, 6)))
        ),
        inbound=tuple(
            inbound(chosen.number(1, 20), *_where(chosen), line_number=str(number), promised_at=_some_day(chosen))
            for number in range(chosen.number(0, 4))
        ),
        committed=tuple(
            commitment(chosen.number(1, 20), item, at, due_at=due_at)
            for item, at, due_at in dict.fromkeys(
                (*_where(chosen), _some_day(chosen)) for _ in range(chosen.number(0, 4))
            )
        ),
        locations=chosen.of((), LOCATIONS),
    )


def _where(chosen: Draws) -> tuple[str, str]:
    return chosen.one(ITEMS), chosen.one(PLACES)


def _some_days(chosen: Draws) -> timedelta:
    return timedelta(days=chosen.number(-12, 20))


def _some_day(chosen: Draws) -> datetime:
    return AS_OF + _some_days(chosen)


def free_by_days(facts: OrderFacts, item: str, at: str, overdue_days: int, receiving_days: int) -> Decimal:
    """What is free at a place, by a calendar of every day from the promise on: the definition, written out."""
    rows = [
        ("stock", AS_OF - timedelta(days=99), one.on_hand - (one.allocated or 0))
        for one in facts.stock
        if (one.item_id, one.location_id) == (item, at)
    ]
    for one in facts.inbound:
        assert one.promised_at is not None
        if (one.item_id, one.location_id) == (item, at) and one.promised_at >= AS_OF - timedelta(days=overdue_days):
            here = max(one.promised_at, AS_OF) + timedelta(days=receiving_days)
            rows.append(("inbound", here, one.quantity))
    rows += [
        ("promised", one.due_at, -one.quantity)
        for one in facts.committed
        if (one.item_id, one.location_id) == (item, at)
    ]
    frame = pd.DataFrame(rows, columns=["kind", "at", "quantity"])
    start = max(facts.order.promised_at, AS_OF)
    calendar = pd.date_range(start, start + timedelta(days=60), freq="D")
    levels = [frame.loc[frame["at"] <= day, "quantity"].sum() for day in calendar]
    return max(Decimal(0), Decimal(min(levels)))


@pytest.mark.law
@settings(max_examples=300, deadline=None, database=None)
@given(order_situations())
def test_what_is_free_is_what_a_calendar_in_pandas_says(facts: OrderFacts) -> None:
    rules = order_rules()
    available = availability(facts, rules)
    for (item, at), free in available.free.items():
        assert free == free_by_days(facts, item, at, rules.overdue_days, rules.receiving_days)
    for item in ITEMS:
        wanted = sum((need.quantity for need in available.needs if need.item_id == item), start=Decimal(0))
        everywhere = sum((free for (one, _), free in available.free.items() if one == item), start=Decimal(0))
        short = any(one.need.item_id == item for one in available.short)
        assert short or wanted <= everywhere
        if wanted and all(need.location_id is None for need in available.needs if need.item_id == item):
            assert short == (wanted > everywhere)


@pytest.mark.law
@laws
@given(order_situations(), draws(_BYTES))
def test_law_3_the_order_of_records_changes_nothing(facts: OrderFacts, chosen: Draws) -> None:
    moved: dict[str, Any] = {
        name: chosen.shuffled(getattr(facts, name)) for name in ("lines", "stock", "inbound", "committed", "locations")
    }
    assert decide_order(replace(facts, **moved), policy()) == decide_order(facts, policy())


@pytest.mark.law
@laws
@given(order_situations(), st.sampled_from(ITEMS), st.sampled_from(PLACES), st.integers(1, 40))
def test_law_2_more_stock_never_raises_the_outcome(facts: OrderFacts, item: str, at: str, more: int) -> None:
    richer = replace(facts, stock=_with_more(facts.stock, item, at, more))
    assert decide_order(richer, policy()).outcome.rank <= decide_order(facts, policy()).outcome.rank


@pytest.mark.law
@laws
@given(order_situations(), st.sampled_from([1, 2, 5, 12, 30]), st.sampled_from([0, 1, 4, 20]), st.booleans())
def test_law_2_wider_rules_never_raise_the_outcome(facts: OrderFacts, sooner: int, longer: int, more: bool) -> None:
    narrow = _order_policy(days_before=sooner, overdue_days=0, receiving_days=3, more=False)
    sooner_still = max(0, sooner - longer)
    wide = _order_policy(days_before=sooner_still, overdue_days=longer, receiving_days=1, more=more)
    assert decide_order(facts, wide).outcome.rank <= decide_order(facts, narrow).outcome.rank


@pytest.mark.law
@laws
@given(order_situations(), st.sampled_from(ITEMS), st.sampled_from(PLACES), st.integers(1, 20), days)
def test_law_2_another_promise_ahead_never_lowers_the_outcome(
    facts: OrderFacts, item: str, at: str, quantity: int, ahead: timedelta
) -> None:
    ahead_of = commitment(quantity, item, at, due_at=AS_OF + ahead + timedelta(seconds=1))
    pressed = replace(facts, committed=(*facts.committed, ahead_of))
    assert decide_order(pressed, policy()).outcome.rank >= decide_order(facts, policy()).outcome.rank


@pytest.mark.law
@laws
@given(order_situations())
def test_law_6_a_finding_is_found_again_from_only_the_facts_it_names(facts: OrderFacts) -> None:
    narrow = with_orders(lanes=(), ships_from=("warehouse",))
    for rules in (policy(), narrow):
        for finding in check_order(facts, rules):
            assert finding in check_order(_only(facts, finding.facts), rules)


@cache
def _order_policy(*, days_before: int, overdue_days: int, receiving_days: int, more: bool) -> Policy:
    """Rules as wide as this: kept, as the hash of a policy costs more than a decision under it."""
    german = Lane(service=("any",), from_country=("DE",), from_region=("any",), to_country=("any",), to_region=("any",))
    rules = order_rules()
    return with_orders(
        cut_off=rules.cut_off.model_copy(update={"days_before": days_before}),
        lanes=rules.lanes if more else (german,),
        overdue_days=overdue_days,
        receiving_days=receiving_days,
        ships_from=("warehouse", "store") if more else ("warehouse",),
    )


def _only(facts: OrderFacts, keys: Sequence[str]) -> OrderFacts:
    """The facts with nothing but the records a finding names."""
    assert facts.key in keys
    return replace(
        facts,
        lines=tuple(one for one in facts.lines if f"sales_order_line:{one.order_id}/{one.line_number}" in keys),
        stock=tuple(one for one in facts.stock if f"stock_level:{one.item_id}/{one.location_id}" in keys),
        inbound=tuple(one for one in facts.inbound if one.key in keys),
        committed=tuple(one for one in facts.committed if one.key in keys),
        locations=tuple(one for one in facts.locations if f"location:{one.location_id}" in keys),
        feeds=tuple(one for one in facts.feeds if f"feed:{one.feed}" in keys),
    )


def _with_more(stock: tuple[StockLevel, ...], item: str, at: str, more: int) -> tuple[StockLevel, ...]:
    there = [one for one in stock if (one.item_id, one.location_id) == (item, at)]
    if not there:
        return (*stock, level(item, at, more))
    return tuple(replace(one, on_hand=one.on_hand + more) if one in there else one for one in stock)
