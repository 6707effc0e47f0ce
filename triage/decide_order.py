"""Decides a customer's order: the join of its controls and the draw for blind checks, under one policy."""

from functools import cache
from typing import get_origin, get_type_hints

from core.canonical import parse_json
from core.decisions import Decision, Finding, Outcome
from core.record_codec import Decode, Encode, decoder, encoder
from models.prediction import Prediction
from triage.availability import Availability, availability
from triage.decide import RULES_VERSION, SAMPLE_DRAWN
from triage.joining import draw_chance, in_order, is_drawn, join
from triage.late_findings import late_findings
from triage.order_facts import OrderFacts
from triage.planning_controls import ORDER_CONTROLS
from triage.policy import Policy
from triage.prediction_json import inputs_hash_of, storable
from triage.sales_findings import order_finding


def decide_order(
    facts: OrderFacts,
    policy: Policy,
    available: Availability | None = None,
    prediction: Prediction | None = None,
    *,
    facts_text: str | None = None,
) -> Decision:
    """Makes the decision about a customer's order at `facts.as_of`.

    Args:
        available: what can be promised, where the caller has worked it out already.
        prediction: a model's, that it will be late; it can have a planner look, and lifts nothing.
        facts_text: the facts as they are stored, where they have been written already.
    """
    prediction = storable(prediction)
    controls = run_order_controls(facts, available or availability(facts, policy.orders), policy)
    return join(
        facts.key,
        (*controls, *late_findings(facts, policy, prediction)),
        lambda: _drawn(facts, policy),
        decided_at=facts.as_of,
        inputs_hash=inputs_hash_of(order_facts_to_text(facts) if facts_text is None else facts_text, prediction),
        policy=policy,
        rules_version=RULES_VERSION,
        models=() if prediction is None else (prediction.model,),
    )


def run_order_controls(facts: OrderFacts, available: Availability, policy: Policy) -> tuple[Finding, ...]:
    """What every control of customers' orders finds, in one order."""
    return in_order(tuple(at for control in ORDER_CONTROLS for at in control.run(facts, available, policy)))


def order_inputs_hash(facts: OrderFacts) -> str:
    """SHA-256 over everything the decision is made from; the order of records changes nothing."""
    return inputs_hash_of(order_facts_to_text(facts), None)


def order_facts_to_text(facts: OrderFacts) -> str:
    """The facts as they are stored and hashed: canonical JSON, what is a set in meaning in one order."""
    return _encoder()(facts)


def order_facts_from_text(text: str) -> OrderFacts:
    """Reads back what `order_facts_to_text` wrote."""
    facts = _decoder()(parse_json(text))
    assert isinstance(facts, OrderFacts)
    return facts


def _drawn(facts: OrderFacts, policy: Policy) -> tuple[Finding, ...]:
    chance = draw_chance(policy, facts.order.order_value, facts.order.currency)
    if not is_drawn(policy, facts.key, chance):
        return ()
    message = "Would clear; drawn for a blind check, as a share of all orders is."
    return (order_finding(facts, SAMPLE_DRAWN, message, outcome=Outcome.SAMPLE),)


@cache
def _encoder() -> Encode:
    hints = get_type_hints(OrderFacts)
    return encoder(OrderFacts, {(OrderFacts, name): None for name, hint in hints.items() if get_origin(hint) is tuple})


@cache
def _decoder() -> Decode:
    return decoder(OrderFacts)
