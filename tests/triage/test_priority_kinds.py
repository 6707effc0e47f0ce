"""One unit for every kind of case: orders, odd demand and recommendations are ordered with the papers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decisions import Finding, Outcome
from tests.triage.builders import AS_OF, OTHER_IBAN, facts, paper, policy
from tests.triage.order_builders import order_facts, sales_line, sales_order
from tests.triage.replenishment_builders import recommended, replenishment_facts
from triage.decide import decide
from triage.decide_order import decide_order
from triage.decide_replenishment import decide_replenishment
from triage.priority import (
    Stake,
    priority_of,
    priority_of_anomaly,
    priority_of_order,
    priority_of_recommendation,
    priority_of_stake,
)

TODAY = AS_OF.date()
HANDLING = Decimal(4)


def _finding(code: str, outcome: Outcome) -> Finding:
    return Finding(code=code, outcome=outcome, message="")


def test_an_order_is_worth_its_value_times_the_chance_that_it_is_late() -> None:
    here = order_facts(order=sales_order(order_value=Decimal(1000), currency="USD"))
    found = priority_of_order(decide_order(here, policy()), here, policy(), probability=0.5)
    assert (found.rate, found.weight, found.weight_from) == (Decimal("0.92"), Decimal("0.5"), "model")
    assert found.expected_loss == 1000 * Decimal("0.92") * Decimal("0.5") * found.urgency + HANDLING
    assert found.due_on == here.order.promised_at.date()


def test_an_order_without_a_value_is_worth_its_lines() -> None:
    here = order_facts(sales_line(1, 10, unit_price=Decimal(7)), sales_line(2, 3), order=sales_order(order_value=None))
    found = priority_of_order(decide_order(here, policy()), here, policy(), probability=0.5)
    assert found.at_risk_amount == 70


def test_a_recommendation_risks_what_being_out_of_stock_costs_else_what_was_recommended() -> None:
    here = replenishment_facts(recommendation=recommended(needed_by=TODAY))
    decision = decide_replenishment(here, policy())
    by_value = priority_of_recommendation(decision, here, policy(), probability=0.25)
    assert here.item is not None and here.item.unit_cost is not None
    assert by_value.at_risk_amount == here.item.unit_cost * here.recommendation.quantity
    by_stock_out = priority_of_recommendation(
        decision, here, policy(), probability=0.25, stock_out_amount=Decimal(10_000)
    )
    assert by_stock_out.at_risk_amount == 10_000
    assert by_stock_out.urgency == policy().priority.due_factor


def test_odd_demand_is_worth_the_money_outside_the_interval() -> None:
    found = priority_of_anomaly(
        at_risk_amount=Decimal(-300), currency="EUR", probability=0.9, policy=policy(), today=TODAY
    )
    assert found.expected_loss == 300 * Decimal("0.9") + HANDLING


def test_the_parts_are_shown_as_a_sum_a_person_can_check() -> None:
    found = priority_of_anomaly(
        at_risk_amount=Decimal(300), currency="GBP", probability=0.9, policy=policy(), today=TODAY, act_by=TODAY
    )
    assert found.words == "345.00 EUR at risk × 90 % (model) × urgency 2 + 4.00 EUR of time"


def test_a_hold_that_only_a_model_asked_for_weighs_what_the_model_says() -> None:
    stake = Stake(
        at_risk_amount=Decimal(100),
        currency=None,
        due_on=None,
        findings=(_finding("MODEL-LATE", Outcome.HOLD),),
        outcome=Outcome.HOLD,
        probability=0.2,
    )
    assert priority_of_stake(stake, TODAY, policy().priority).weight == Decimal("0.2")


def test_without_a_models_word_the_outcome_weighs() -> None:
    here = facts(paper(payment_iban=OTHER_IBAN))
    assert priority_of(decide(here, policy()), here, policy()).weight_from == "outcome"


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="no probability"):
        priority_of_anomaly(at_risk_amount=Decimal(1), currency=None, probability=1.2, policy=policy(), today=TODAY)


_OUTCOMES = st.sampled_from(list(Outcome))
_DAYS = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))


@pytest.mark.law
@given(
    st.decimals(0, 10**9, places=2),
    _OUTCOMES,
    st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted),
    _DAYS | st.none(),
)
def test_more_money_more_chance_or_less_time_never_lowers_a_priority(
    amount: Decimal, outcome: Outcome, chances: list[float], due_on: date | None
) -> None:
    rules, (low, high) = policy().priority, chances

    def loss(probability: float | None, at_risk: Decimal = amount, due: date | None = due_on) -> Decimal:
        found = (_finding("MATCH-PRICE", outcome),)
        stake = Stake(
            at_risk_amount=at_risk,
            currency="EUR",
            due_on=due,
            findings=found,
            outcome=outcome,
            probability=probability,
        )
        return priority_of_stake(stake, TODAY, rules).expected_loss

    assert loss(low) <= loss(high)
    assert loss(None) <= loss(low), "a model's word never takes a case down below what the controls make of it"
    assert loss(low) <= loss(low, amount + 1)
    if due_on is not None:
        assert loss(low) <= loss(low, due=due_on - timedelta(days=1))
