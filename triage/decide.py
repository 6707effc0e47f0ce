"""Decides a paper: the join of controls, confidence floor, model floor, sampling and ERP block, under one policy.

Nothing takes a maximum down, so no score and no sample can lift what a control holds.
"""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType

from core.canonical import canonical_json
from core.decisions import Decision, Finding, Outcome
from core.documents import BILLING_TYPES
from core.money import plain
from triage.amounts import signed_total
from triage.facts import Facts
from triage.facts_json import facts_to_text
from triage.findings import finding
from triage.joining import draw_chance, in_order, is_drawn, join
from triage.match import Match, pair_lines
from triage.model_codes import MODEL_MISSING, MODEL_REVIEW
from triage.policy import Policy
from triage.risk_findings import risk_findings

RULES_VERSION = "2"
"""Grows with every change of a rule that could change a decision; a replay compares it."""

SAMPLE_DRAWN = "SAMPLE-DRAWN"

_NO_SCORES: Mapping[str, float] = MappingProxyType({})


def decide(
    facts: Facts,
    policy: Policy,
    *,
    scores: Mapping[str, float] = _NO_SCORES,
    seed: str | None = None,
    facts_text: str | None = None,
) -> Decision:
    """Makes the decision about a paper at `facts.as_of`.

    Args:
        scores: probability by model, `name` or `name@version`; a model the policy does not name has no say.
        seed: what the draw of blind checks hangs on beside the policy's seed; the paper's hash when not given.
        facts_text: the facts as they are stored, where they have been written already.
    """
    match = pair_lines(facts)
    return join(
        facts.paper.document_id,
        (*run_controls(facts, match, policy), *risk_findings(facts, policy), *model_findings(facts, policy, scores)),
        lambda: sampling_findings(facts, policy, seed=facts.paper.sha256 if seed is None else seed),
        decided_at=facts.as_of,
        inputs_hash=stored_inputs_hash(facts_to_text(facts) if facts_text is None else facts_text, scores),
        policy=policy,
        rules_version=RULES_VERSION,
        models=tuple(sorted({*scores, *([facts.prediction.model] if facts.prediction else [])})),
    )


def run_controls(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """What every control that is about this type of document finds, in one order."""
    from triage.controls.catalogue import CONTROLS

    kind = facts.paper.document_type
    found = (at for control in CONTROLS if kind in control.types for at in control.run(facts, match, policy))
    return in_order(tuple(found))


def model_findings(facts: Facts, policy: Policy, scores: Mapping[str, float]) -> tuple[Finding, ...]:
    """What the models ask a person to look at: a score at or over its threshold, or a model that is missing."""
    by_name = {name.partition("@")[0]: score for name, score in scores.items()}
    found = []
    for name, rules in sorted(policy.models.items()):
        score = by_name.get(name)
        if score is None or not 0 <= score <= 1:
            message = f"The model {name} gave no score, so nobody has looked for what it looks for."
            found.append(finding(facts, MODEL_MISSING, Outcome.HOLD, message, subject=name))
        elif Decimal(str(score)) >= rules.hold_at:
            message = f"The model {name} asks for a look: probability {score:.2f}, threshold {plain(rules.hold_at)}."
            found.append(
                finding(
                    facts,
                    MODEL_REVIEW,
                    Outcome.HOLD,
                    message,
                    subject=name,
                    expected=f"below {plain(rules.hold_at)}",
                    actual=f"{score:.4f}",
                    at_risk=signed_total(facts.paper),
                )
            )
    return tuple(found)


def sampling_findings(facts: Facts, policy: Policy, *, seed: str) -> tuple[Finding, ...]:
    """Draws a paper that would clear for a blind check; the chance grows with the amount (SAP's stochastic block)."""
    if not is_drawn(policy, seed, sampling_chance(facts, policy)):
        return ()
    message = "Would clear; drawn for a blind check, as a share of all papers is."
    return (finding(facts, SAMPLE_DRAWN, Outcome.SAMPLE, message, at_risk=signed_total(facts.paper)),)


def sampling_chance(facts: Facts, policy: Policy) -> Decimal:
    """The chance of a blind check; only of a bill does it grow with the amount. A promise asks for a least share."""
    kind = facts.paper.document_type
    amount = signed_total(facts.paper) if kind in BILLING_TYPES else None
    chance = draw_chance(policy, amount, facts.paper.currency)
    if policy.confidence.basis == "promise" and kind in policy.promises:
        return max(chance, policy.promises[kind].sample_pct / 100)
    return chance


def inputs_hash(facts: Facts, scores: Mapping[str, float] = _NO_SCORES) -> str:
    """SHA-256 over everything the decision is made from; the order of records changes nothing."""
    return stored_inputs_hash(facts_to_text(facts), scores)


def stored_inputs_hash(facts_text: str, scores: Mapping[str, float]) -> str:
    """`inputs_hash` of facts as they are stored: over the very bytes."""
    scores_text = canonical_json(scores_to_json(scores)) if scores else "{}"
    return sha256(f'{{"facts":{facts_text},"scores":{scores_text}}}'.encode()).hexdigest()


def scores_to_json(scores: Mapping[str, float]) -> dict[str, str]:
    """Scores as they are hashed and stored: the shortest digits that give the same number again."""
    return {name: repr(float(score)) for name, score in scores.items()}
