"""A decision about planning as it is recorded, what the audit is told of it, and how it is made again. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from core.canonical import sha256_of
from core.decisions import Decision, Finding
from models.prediction import Prediction
from triage.decide_bill import bill_facts_from_text, decide_bill
from triage.decide_demand import decide_demand, demand_facts_from_text
from triage.decide_order import decide_order, order_facts_from_text
from triage.decide_replenishment import decide_replenishment, replenishment_facts_from_text
from triage.planning_judged import Judged
from triage.policy import Policy
from triage.prediction_json import inputs_hash_of, prediction_from_text, prediction_to_text
from triage.recorded import findings_from_text, findings_to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPlanning:
    """One row of `planning_decisions`, texts as they are stored.

    Attributes:
        run: how many-th decision about the subject, from 1.
        decided_at: the instant whose facts it was made from; the audit says when it was made.
    """

    decision_id: str
    subject: str
    kind: str
    run: int
    outcome: str
    findings: str
    inputs_hash: str
    facts: str
    prediction: str | None
    advice: Mapping[str, Any] | None
    policy_hash: str
    rules_version: str
    models: tuple[str, ...]
    decided_at: datetime
    decided_by: str

    @property
    def found(self) -> tuple[Finding, ...]:
        """The findings as values, the strictest first."""
        return findings_from_text(self.findings)

    @property
    def said(self) -> Prediction | None:
        """What a model said, None where none spoke."""
        return None if self.prediction is None else prediction_from_text(self.prediction)


def recorded_planning(decision_id: str, judged: Judged, *, run: int, by: str) -> RecordedPlanning:
    """A decision as it is stored."""
    decision = judged.decision
    return RecordedPlanning(
        decision_id=decision_id,
        subject=judged.subject,
        kind=judged.kind,
        run=run,
        outcome=decision.outcome.value,
        findings=findings_to_text(decision.findings),
        inputs_hash=decision.inputs_hash,
        facts=judged.facts_text,
        prediction=None if judged.prediction is None else prediction_to_text(judged.prediction),
        advice=judged.advice,
        policy_hash=decision.policy_hash,
        rules_version=decision.rules_version,
        models=decision.models,
        decided_at=decision.decided_at,
        decided_by=by,
    )


def audited_planning(record: RecordedPlanning) -> dict[str, Any]:
    """What the audit is told, so that a row that was changed afterwards is found."""
    return {
        "decision_id": record.decision_id,
        "kind": record.kind,
        "run": record.run,
        "outcome": record.outcome,
        "findings_hash": sha256(record.findings.encode()).hexdigest(),
        "inputs_hash": record.inputs_hash,
        "advice_hash": None if record.advice is None else sha256_of(record.advice),
        "policy_hash": record.policy_hash,
        "rules_version": record.rules_version,
        "models": list(record.models),
        "as_of": record.decided_at,
    }


def made_again(record: RecordedPlanning, policy: Policy) -> Decision:
    """The decision made again from its own facts and prediction.

    Raises:
        ValueError, TypeError, KeyError, ArithmeticError, AttributeError: when its facts cannot be read.
    """
    return _DECIDERS[record.kind](record.facts, record.said, policy)


def hash_again(record: RecordedPlanning) -> str:
    """The hash of what is stored; it differs from `inputs_hash` where facts or prediction were changed."""
    return inputs_hash_of(record.facts, record.said)


def _order(facts_text: str, prediction: Prediction | None, policy: Policy) -> Decision:
    facts = order_facts_from_text(facts_text)
    return decide_order(facts, policy, None, prediction, facts_text=facts_text)


def _recommendation(facts_text: str, _prediction: Prediction | None, policy: Policy) -> Decision:
    return decide_replenishment(replenishment_facts_from_text(facts_text), policy)


def _demand(facts_text: str, _prediction: Prediction | None, policy: Policy) -> Decision:
    return decide_demand(demand_facts_from_text(facts_text), policy, facts_text=facts_text)


def _bill(facts_text: str, prediction: Prediction | None, policy: Policy) -> Decision:
    return decide_bill(bill_facts_from_text(facts_text), policy, prediction, facts_text=facts_text)


_DECIDERS: Mapping[str, Callable[[str, Prediction | None, Policy], Decision]] = MappingProxyType(
    {"order": _order, "recommendation": _recommendation, "demand": _demand, "bill": _bill}
)
