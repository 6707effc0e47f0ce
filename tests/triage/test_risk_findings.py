"""What a model says of an invoice can have a person look at it, and lifts nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decisions import Outcome
from models.prediction import Prediction, Reason
from tests.triage.builders import OTHER_IBAN, facts, paper, policy
from triage.decide import decide, inputs_hash
from triage.facts import Facts
from triage.facts_json import facts_from_text, facts_to_text
from triage.policy import Policy
from triage.priority import priority_of
from triage.review_bill import bill_of

REASONS = (
    Reason(feature="disputed_long", words="31 % of this supplier's settled invoices were disputed", weight=1.2),
    Reason(feature="has_order", words="it names an order", weight=-0.2),
)


def _said(probability: float, the_facts: Facts | None = None) -> Facts:
    prediction = Prediction(
        subject="document:doc_1", probability=probability, model="review-abc", reasons=REASONS if probability else ()
    )
    return replace(the_facts or facts(), prediction=prediction)


def _with_threshold(share: str = "0.5", *, use: bool = True) -> Policy:
    rules = policy().predictions
    review = rules.review.model_copy(update={"use": use, "review_probability": Decimal(share)})
    return policy().model_copy(update={"predictions": rules.model_copy(update={"review": review})})


def test_an_invoice_that_will_probably_be_disputed_is_held_with_the_reasons() -> None:
    decision = decide(_said(0.83), _with_threshold())
    (found,) = decision.findings
    assert (decision.outcome, found.code, found.outcome) == (Outcome.HOLD, "MODEL-RISK", Outcome.HOLD)
    assert found.message == (
        "Will probably be changed or disputed: 83% (31 % of this supplier's settled invoices were disputed)."
    )
    assert (found.expected, found.actual) == ("below 50 %", "83.0 %")
    assert decision.models == ("review-abc",)


def test_below_the_threshold_or_switched_off_a_model_has_no_say() -> None:
    assert decide(_said(0.49), _with_threshold()).outcome is Outcome.CLEAR
    assert decide(_said(0.99), _with_threshold(use=False)).outcome is Outcome.CLEAR


def test_what_is_no_probability_is_looked_at() -> None:
    assert [at.code for at in decide(_said(-1.0), _with_threshold()).findings] == ["MODEL-MISSING"]


def test_without_a_model_facts_decision_and_hash_are_as_they_always_were() -> None:
    assert "prediction" not in facts_to_text(facts())
    assert decide(facts(), _with_threshold()).models == ()
    assert inputs_hash(facts()) != inputs_hash(_said(0.1))


def test_facts_with_a_prediction_are_read_back_to_the_last_digit() -> None:
    here = _said(0.123456)
    assert facts_from_text(facts_to_text(here)) == facts_from_text(facts_to_text(facts_from_text(facts_to_text(here))))
    assert facts_from_text(facts_to_text(here)).prediction == here.prediction


@pytest.mark.law
@given(st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted), st.booleans(), st.decimals("0.01", "0.99"))
def test_a_higher_score_never_lowers_an_outcome_and_a_model_lifts_nothing(
    chances: list[float], is_blocked: bool, threshold: Decimal
) -> None:
    here = facts(paper(payment_iban=OTHER_IBAN)) if is_blocked else facts()
    rules = _with_threshold(str(threshold))
    without, low, high = (decide(one, rules) for one in (here, _said(chances[0], here), _said(chances[1], here)))
    assert without.outcome.rank <= low.outcome.rank <= high.outcome.rank
    assert {at.code for at in without.findings if at.outcome is not Outcome.SAMPLE} <= {at.code for at in high.findings}


def test_the_queue_is_ordered_by_what_the_model_says() -> None:
    low, high = (
        priority_of(decide(one, _with_threshold()), one, _with_threshold()) for one in (_said(0.6), _said(0.9))
    )
    assert (low.weight, high.weight, high.weight_from) == (Decimal("0.6"), Decimal("0.9"), "model")


def test_a_paper_is_the_bill_that_feeds_would_tell_of() -> None:
    here = facts()
    bill = bill_of(here, ())
    assert bill is not None
    assert bill.supplier_id == "S1"
    assert bill.amount == float(here.paper.total_with_vat or 0)
    assert bill.ordered_amount > 0
    assert bill.terms_days == 30
    assert bill.received <= bill.came
    assert bill.held == 0


def test_of_a_paper_without_supplier_or_total_the_model_knows_nothing() -> None:
    assert bill_of(facts(supplier=None), ()) is None
    assert bill_of(facts(paper(total_with_vat=None)), ()) is None
