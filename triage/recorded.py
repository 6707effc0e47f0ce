"""A decision as it is recorded: each column's own value, and what the audit is told of it beside.

Making a decision again gives such a record again, so that the two can be compared column by column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from core.canonical import parse_json
from core.decisions import Decision, Finding
from core.record_codec import Decode, Encode, decoder, encoder
from triage.decide import scores_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a decision was made with beside the facts.

    Attributes:
        scores: probability by model.
        seed: what the draw of blind checks hung on.
        run: how many-th decision about the document, from 1.
        extraction_version: which version of what was read the facts come from.
        by: who made it: `worker:host-1`, `user:anna` after a correction.
    """

    scores: Mapping[str, float]
    seed: str
    run: int
    extraction_version: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDecision:
    """One row of `decisions`, texts as they are stored."""

    decision_id: str
    document_id: str
    run: int
    extraction_version: int
    outcome: str
    findings: str
    inputs_hash: str
    facts: str
    scores: Mapping[str, float]
    seed: str
    policy_hash: str
    rules_version: str
    models: tuple[str, ...]
    decided_at: datetime
    decided_by: str


def recorded(decision_id: str, decision: Decision, facts_text: str, making: Making) -> RecordedDecision:
    """A decision as it is stored."""
    return RecordedDecision(
        decision_id=decision_id,
        document_id=decision.document_id,
        run=making.run,
        extraction_version=making.extraction_version,
        outcome=decision.outcome.value,
        findings=findings_to_text(decision.findings),
        inputs_hash=decision.inputs_hash,
        facts=facts_text,
        scores=making.scores,
        seed=making.seed,
        policy_hash=decision.policy_hash,
        rules_version=decision.rules_version,
        models=decision.models,
        decided_at=decision.decided_at,
        decided_by=making.by,
    )


def audited(record: RecordedDecision) -> dict[str, Any]:
    """What the audit is told of a decision, so that a row that was changed afterwards is found."""
    return {
        "decision_id": record.decision_id,
        "run": record.run,
        "extraction_version": record.extraction_version,
        "outcome": record.outcome,
        "findings_hash": sha256(record.findings.encode()).hexdigest(),
        "inputs_hash": record.inputs_hash,
        "scores": scores_to_json(record.scores),
        "seed": record.seed,
        "policy_hash": record.policy_hash,
        "rules_version": record.rules_version,
        "models": list(record.models),
    }


def findings_to_text(findings: tuple[Finding, ...]) -> str:
    """Findings as canonical JSON; an attribute that equals its default is left out."""
    return _encoder()(findings)


def findings_from_text(text: str) -> tuple[Finding, ...]:
    """Reads back what `findings_to_text` wrote, and what older versions did."""
    findings: tuple[Finding, ...] = _decoder()(parse_json(text))
    return findings


@cache
def _encoder() -> Encode:
    return encoder(tuple[Finding, ...])


@cache
def _decoder() -> Decode:
    return decoder(tuple[Finding, ...])
