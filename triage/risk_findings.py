"""What a model's word that a person will change or dispute a paper makes of its decision: a look, never less. Pure."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import plain
from triage.amounts import signed_total
from triage.facts import Facts
from triage.findings import finding
from triage.model_codes import MODEL_MISSING, MODEL_RISK
from triage.policy import Policy
from triage.prediction_json import no_probability

SHOWN_REASONS = 3


def risk_findings(facts: Facts, policy: Policy) -> tuple[Finding, ...]:
    """A finding where a person will probably change it; none where no model spoke or the policy lets none speak.

    What a model says that is no probability is not guessed at: a person looks.
    """
    said, rules = facts.prediction, policy.predictions.review
    if said is None or not rules.use:
        return ()
    if not 0 <= said.probability <= 1:
        return (finding(facts, MODEL_MISSING, Outcome.HOLD, no_probability(said), subject=said.model),)
    if Decimal(str(said.probability)) < rules.review_probability:
        return ()
    why = "; ".join(reason.words for reason in said.reasons[:SHOWN_REASONS] if reason.weight > 0)
    message = f"Will probably be changed or disputed: {said.probability:.0%}{f' ({why})' if why else ''}."
    return (
        finding(
            facts,
            MODEL_RISK,
            Outcome.HOLD,
            message,
            expected=f"below {plain(rules.review_probability * 100)} %",
            actual=f"{said.probability * 100:.1f} %",
            used=(f"model:{said.model}",),
            at_risk=signed_total(facts.paper),
        ),
    )
