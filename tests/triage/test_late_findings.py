"""What a model's word that an order will be late does to its decision: it can add a look, and lifts nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.decisions import Outcome
from models.prediction import Prediction, Reason
from tests.triage.builders import policy
from tests.triage.order_builders import order_facts
from tests.triage.test_order_laws import order_situations
from triage.decide_order import decide_order, order_facts_from_text, order_facts_to_text
from triage.late_findings import late_findings
from triage.order_facts import OrderFacts
from triage.policy import Policy
from triage.prediction_json import prediction_from_text, prediction_to_text

laws = settings(max_examples=200, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


def said(probability: float, *reasons: str) -> Prediction:
    return Prediction(
        subject="sales_order:O1",
        probability=probability,
        model="sla-miss-0123456789ab",
        reasons=tuple(Reason(feature="f", words=words, weight=0.4) for words in reasons),
    )


def with_threshold(threshold: str, *, use: bool = True) -> Policy:
    base = policy()
    late = base.predictions.late.model_copy(update={"late_probability": Decimal(threshold), "use": use})
    return base.model_copy(update={"predictions": base.predictions.model_copy(update={"late": late})})


def test_an_order_that_will_probably_be_late_is_held_with_the_reasons_in_words() -> None:
    decision = decide_order(order_facts(), policy(), None, said(0.82, "carrier DHL was late in 31 % of its last 40"))
    (finding,) = decision.findings
    assert (decision.outcome, finding.code) == (Outcome.HOLD, "MODEL-LATE")
    assert finding.message == "Will probably miss its promise: 82% (carrier DHL was late in 31 % of its last 40)."
    assert (finding.expected, finding.actual) == ("below 50 %", "82.0 %")
    assert decision.models == ("sla-miss-0123456789ab",)
    assert "model:sla-miss-0123456789ab" in finding.facts


def test_below_the_threshold_or_switched_off_the_order_is_decided_as_without_a_model() -> None:
    without = decide_order(order_facts(), policy())
    assert decide_order(order_facts(), policy(), None, said(0.49)).findings == without.findings
    assert decide_order(order_facts(), with_threshold("0", use=False), None, said(0.9)).findings == without.findings


@pytest.mark.parametrize("nonsense", [float("nan"), -0.1, 1.1])
def test_what_is_no_probability_is_not_guessed_at(nonsense: float) -> None:
    assert {at.code for at in late_findings(order_facts(), policy(), said(nonsense))} == {"MODEL-MISSING"}


@pytest.mark.law
@laws
@given(
    facts=order_situations(), low=st.floats(0, 1), high=st.floats(0, 1), threshold=st.sampled_from(("0", "0.4", "1"))
)
def test_a_higher_probability_never_lowers_an_outcome_and_none_lifts_a_control(
    facts: OrderFacts, low: float, high: float, threshold: str
) -> None:
    rules = with_threshold(threshold)
    low, high = min(low, high), max(low, high)
    without = decide_order(facts, rules)
    less, more = decide_order(facts, rules, None, said(low)), decide_order(facts, rules, None, said(high))
    assert without.outcome.rank <= less.outcome.rank <= more.outcome.rank
    drawn = {"SAMPLE-DRAWN"}
    assert {at.code for at in without.findings} - drawn <= {at.code for at in less.findings}
    assert {at.code for at in less.findings} - drawn <= {at.code for at in more.findings}


@pytest.mark.law
@laws
@given(facts=order_situations(), probability=st.floats(0, 1))
def test_facts_and_prediction_come_back_as_they_were_and_decide_the_same(facts: OrderFacts, probability: float) -> None:
    prediction = said(probability, "the site is busy")
    assert prediction_from_text(prediction_to_text(prediction)) == prediction
    text = order_facts_to_text(facts)
    again = order_facts_from_text(text)
    assert order_facts_to_text(again) == text
    first = decide_order(facts, policy(), None, prediction)
    assert decide_order(again, policy(), None, prediction, facts_text=text) == first
    assert first.inputs_hash != decide_order(facts, policy(), None, replace(prediction, probability=2)).inputs_hash
