"""Decides whether a bill in the ERP is looked at before it is settled: a model's word can hold it. Pure.

The controls have judged its paper when that came in; here a model alone may add a look.
"""

from decimal import Decimal
from functools import cache

from core.canonical import parse_json
from core.decisions import Decision, Finding, Outcome
from core.money import plain
from core.record_codec import Decode, Encode, decoder, encoder
from models.prediction import Prediction
from triage.bill_facts import BillFacts
from triage.decide import RULES_VERSION
from triage.findings import finding_about
from triage.joining import join
from triage.model_codes import MODEL_MISSING, MODEL_RISK
from triage.policy import Policy
from triage.prediction_json import inputs_hash_of, no_probability, storable

_SHOWN_REASONS = 3


def decide_bill(
    facts: BillFacts, policy: Policy, prediction: Prediction | None = None, *, facts_text: str | None = None
) -> Decision:
    """Makes the decision about a bill at `facts.as_of`.

    Args:
        prediction: a model's, that a person will change or dispute it.
        facts_text: the facts as they are stored, where they have been written already.
    """
    prediction = storable(prediction)
    return join(
        facts.key,
        _found(facts, policy, prediction),
        lambda: (),
        decided_at=facts.as_of,
        inputs_hash=inputs_hash_of(bill_facts_to_text(facts) if facts_text is None else facts_text, prediction),
        policy=policy,
        rules_version=RULES_VERSION,
        models=() if prediction is None else (prediction.model,),
    )


def bill_facts_to_text(facts: BillFacts) -> str:
    """The facts as they are stored and hashed."""
    return _encoder()(facts)


def bill_facts_from_text(text: str) -> BillFacts:
    """Reads back what `bill_facts_to_text` wrote."""
    facts = _decoder()(parse_json(text))
    assert isinstance(facts, BillFacts)
    return facts


def _found(facts: BillFacts, policy: Policy, said: Prediction | None) -> tuple[Finding, ...]:
    rules = policy.predictions.review
    if said is None or not rules.use:
        return ()
    if not 0 <= said.probability <= 1:
        message = no_probability(said)
        return (finding_about(facts.key, facts.currency, MODEL_MISSING, Outcome.HOLD, message, subject=said.model),)
    if Decimal(str(said.probability)) < rules.review_probability:
        return ()
    why = "; ".join(reason.words for reason in said.reasons[:_SHOWN_REASONS] if reason.weight > 0)
    return (
        finding_about(
            facts.key,
            facts.currency,
            MODEL_RISK,
            Outcome.HOLD,
            f"Will probably be changed or disputed: {said.probability:.0%}{f' ({why})' if why else ''}.",
            expected=f"below {plain(rules.review_probability * 100)} %",
            actual=f"{said.probability * 100:.1f} %",
            used=(f"model:{said.model}",),
            at_risk=facts.total_with_vat,
        ),
    )


@cache
def _encoder() -> Encode:
    return encoder(BillFacts)


@cache
def _decoder() -> Decode:
    return decoder(BillFacts)
