"""Decides a recommendation to replenish: the join of its controls and the draw for blind checks, under one policy."""

from dataclasses import replace
from functools import cache
from typing import get_origin, get_type_hints

from core.canonical import parse_json
from core.decisions import Decision, Finding, Outcome
from core.money import plain
from core.record_codec import Decode, Encode, decoder, encoder
from triage.decide import RULES_VERSION, SAMPLE_DRAWN
from triage.joining import draw_chance, in_order, is_drawn, join
from triage.planning_controls import RECOMMENDATION_CONTROLS
from triage.policy import Policy
from triage.prediction_json import inputs_hash_of
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import replenishment_finding
from triage.rounding import Rounding, round_recommendation


def decide_replenishment(facts: ReplenishmentFacts, policy: Policy, rounding: Rounding | None = None) -> Decision:
    """Makes the decision about a recommendation at `facts.as_of`.

    Args:
        rounding: what can be ordered, where the caller has worked it out already.
    """
    rounding = rounding or round_recommendation(facts, policy.replenishment)
    found = run_recommendation_controls(facts, rounding, policy)
    return join(
        facts.key,
        in_order((*found, *_held_by_the_rule(facts, found, policy))),
        lambda: _drawn(facts, rounding, policy),
        decided_at=facts.as_of,
        inputs_hash=replenishment_inputs_hash(facts),
        policy=policy,
        rules_version=RULES_VERSION,
        models=() if facts.model is None else (facts.model,),
    )


def run_recommendation_controls(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """What every control of recommendations finds, in one order; notes of rounding are among it."""
    return in_order(tuple(at for control in RECOMMENDATION_CONTROLS for at in control.run(facts, rounding, policy)))


def replenishment_inputs_hash(facts: ReplenishmentFacts) -> str:
    """SHA-256 over everything the decision is made from; the order of records changes nothing."""
    return inputs_hash_of(replenishment_facts_to_text(facts), None)


def replenishment_facts_to_text(facts: ReplenishmentFacts) -> str:
    """The facts as they are stored and hashed: canonical JSON, what is a set in meaning in one order."""
    return _encoder()(facts)


def replenishment_facts_from_text(text: str) -> ReplenishmentFacts:
    """Reads back what `replenishment_facts_to_text` wrote."""
    facts = _decoder()(parse_json(text))
    assert isinstance(facts, ReplenishmentFacts)
    return facts


def _held_by_the_rule(facts: ReplenishmentFacts, found: tuple[Finding, ...], policy: Policy) -> tuple[Finding, ...]:
    """What holds today's rule's own recommendation holds the model's too: no model takes a decision down."""
    if facts.ruled is None:
        return ()
    alone = replace(facts, recommendation=facts.ruled, ruled=None, model=None)
    theirs = run_recommendation_controls(alone, round_recommendation(alone, policy.replenishment), policy)
    known = {(at.code, at.outcome) for at in found}
    return tuple(
        replace(at, message=f"Of the {plain(facts.ruled.quantity)} today's rule would order: {at.message}")
        for at in theirs
        if at.outcome is not Outcome.CLEAR and (at.code, at.outcome) not in known
    )


def _drawn(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    cost = None if facts.item is None else facts.item.unit_cost
    most = rounding.ordered
    if facts.ruled is not None:
        alone = replace(facts, recommendation=facts.ruled, ruled=None, model=None)
        most = max(most, round_recommendation(alone, policy.replenishment).ordered)
    value = None if cost is None else cost * most
    if not is_drawn(policy, facts.key, draw_chance(policy, value, policy.replenishment.currency)):
        return ()
    message = "Would clear; drawn for a blind check, as a share of all recommendations is."
    return (replenishment_finding(facts, policy, SAMPLE_DRAWN, message, outcome=Outcome.SAMPLE),)


@cache
def _encoder() -> Encode:
    hints = get_type_hints(ReplenishmentFacts)
    tuples = (name for name, hint in hints.items() if get_origin(hint) is tuple)
    return encoder(ReplenishmentFacts, {(ReplenishmentFacts, name): None for name in tuples})


@cache
def _decoder() -> Decode:
    return decoder(ReplenishmentFacts)
