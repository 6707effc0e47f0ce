"""What a model's word that an order will be late makes of its decision: a look by a planner, never less. Pure."""

from decimal import Decimal

from core.decisions import Finding
from core.money import plain
from models.prediction import Prediction
from triage.model_codes import MODEL_LATE, MODEL_MISSING
from triage.order_facts import OrderFacts
from triage.policy import Policy
from triage.sales_findings import order_finding

SHOWN_REASONS = 3


def late_findings(facts: OrderFacts, policy: Policy, prediction: Prediction | None) -> tuple[Finding, ...]:
    """A finding where the order will probably be late; none where no model spoke or the policy lets none speak.

    What a model says that is no probability is not guessed at: a planner looks.
    """
    rules = policy.predictions.late
    if prediction is None or not rules.use:
        return ()
    said = prediction.probability
    if not 0 <= said <= 1:
        message = f"The model {prediction.model} gave no probability, so nobody has looked whether the order is late."
        return (order_finding(facts, MODEL_MISSING, message, subject=prediction.model),)
    if Decimal(str(said)) < rules.late_probability:
        return ()
    why = "; ".join(reason.words for reason in prediction.reasons[:SHOWN_REASONS] if reason.weight > 0)
    message = f"Will probably miss its promise: {said:.0%}{f' ({why})' if why else ''}."
    return (
        order_finding(
            facts,
            MODEL_LATE,
            message,
            expected=f"below {plain(rules.late_probability * 100)} %",
            actual=f"{said * 100:.1f} %",
            used=(f"model:{prediction.model}",),
        ),
    )
