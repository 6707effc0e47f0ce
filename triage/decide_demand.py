"""Decides whether odd demand is looked at: a model that has a say holds it, within its planner's budget. Pure.

Where the policy switches the model off, nothing is held; no other control is about demand.
"""

from functools import cache

from core.canonical import parse_json
from core.decisions import Decision, Finding, Outcome
from core.money import plain
from core.record_codec import Decode, Encode, decoder, encoder
from triage.decide import RULES_VERSION
from triage.demand_facts import DemandFacts
from triage.findings import finding_about
from triage.joining import join
from triage.policy import Policy
from triage.prediction_json import inputs_hash_of

DEMAND_ANOMALY = "DEMAND-ANOMALY"


def decide_demand(facts: DemandFacts, policy: Policy, *, facts_text: str | None = None) -> Decision:
    """Makes the decision about odd demand at `facts.as_of`; who gets how many alerts was seen to before."""
    return join(
        facts.key,
        _found(facts, policy),
        lambda: (),
        decided_at=facts.as_of,
        inputs_hash=inputs_hash_of(demand_facts_to_text(facts) if facts_text is None else facts_text, None),
        policy=policy,
        rules_version=RULES_VERSION,
        models=(facts.model,),
    )


def demand_facts_to_text(facts: DemandFacts) -> str:
    """The facts as they are stored and hashed."""
    return _encoder()(facts)


def demand_facts_from_text(text: str) -> DemandFacts:
    """Reads back what `demand_facts_to_text` wrote."""
    facts = _decoder()(parse_json(text))
    assert isinstance(facts, DemandFacts)
    return facts


def _found(facts: DemandFacts, policy: Policy) -> tuple[Finding, ...]:
    if not policy.predictions.demand.use:
        return ()
    return (
        finding_about(
            facts.key,
            facts.currency,
            DEMAND_ANOMALY,
            Outcome.HOLD,
            facts.words,
            subject=facts.kind,
            expected=f"{plain(facts.expected)} ({plain(facts.low)} to {plain(facts.high)})",
            actual=plain(facts.actual),
            difference=plain(facts.actual - facts.expected),
            used=(f"model:{facts.model}",),
            at_risk=facts.money,
        ),
    )


@cache
def _encoder() -> Encode:
    return encoder(DemandFacts)


@cache
def _decoder() -> Decode:
    return decoder(DemandFacts)
