"""What was read and decided, as it was: extraction versions and decisions with the facts they were made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select

from core.database import ReadSession, WriteSession
from core.decisions import Decision, Finding, Outcome
from core.documents import Extraction
from core.documents_json import evidence_from_json, evidence_to_json, extraction_from_json, extraction_to_json
from core.ids import new_id
from triage.decide import scores_to_json
from triage.facts import Facts
from triage.facts_json import facts_from_text, facts_to_text
from triage.tables import decisions, extractions


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExtraction:
    """One version of what a document says: 1 is the reader's, later ones are people's corrections."""

    version: int
    extraction: Extraction
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A decision with everything it was made from, so that it can be made again.

    Attributes:
        run: how many-th decision about the document, from 1.
        facts_text: the facts as they are stored; their hash is over these bytes.
        scores: probability by model.
        seed: what the draw of blind checks hung on.
    """

    decision_id: str
    run: int
    extraction_version: int
    decision: Decision
    facts: Facts
    facts_text: str
    scores: Mapping[str, float]
    seed: str
    decided_by: str


def save_extraction(
    session: WriteSession, document_id: str, extraction: Extraction, *, version: int, at: datetime, by: str
) -> None:
    """Keeps a version; one that is there already is never written over."""
    row = {
        "document_id": document_id,
        "version": version,
        "json": extraction_to_json(extraction),
        "text": _searchable(extraction),
        "created_at": at,
        "created_by": by,
    }
    session.run(extractions.insert(), [row])


def latest_extraction(session: ReadSession, document_id: str) -> StoredExtraction | None:
    """The newest version of what a document says."""
    versions = select(extractions).where(extractions.c.document_id == document_id)
    row = session.one_or_none(versions.order_by(extractions.c.version.desc()).limit(1))
    if row is None:
        return None
    return StoredExtraction(
        version=row["version"],
        extraction=extraction_from_json(row["json"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
    )


def save_decision(
    session: WriteSession,
    decision: Decision,
    facts: Facts,
    *,
    scores: Mapping[str, float],
    seed: str,
    run: int,
    extraction_version: int,
    by: str,
) -> str:
    """Keeps a decision and all it was made from; returns its id. The database refuses a second one of the same run."""
    decision_id = new_id("dec", decision.decided_at)
    row = {
        "decision_id": decision_id,
        "document_id": decision.document_id,
        "run": run,
        "extraction_version": extraction_version,
        "outcome": decision.outcome.value,
        "findings": [finding_to_json(finding) for finding in decision.findings],
        "inputs_hash": decision.inputs_hash,
        "facts": facts_to_text(facts),
        "scores": scores_to_json(scores),
        "seed": seed,
        "policy_hash": decision.policy_hash,
        "rules_version": decision.rules_version,
        "models": list(decision.models),
        "decided_at": decision.decided_at,
        "decided_by": by,
    }
    session.run(decisions.insert(), [row])
    return decision_id


def latest_decision(session: ReadSession, document_id: str) -> StoredDecision | None:
    """The newest decision about a document."""
    runs = select(decisions).where(decisions.c.document_id == document_id)
    row = session.one_or_none(runs.order_by(decisions.c.run.desc()).limit(1))
    return None if row is None else _stored(row)


def latest_decision_run(session: ReadSession, document_id: str) -> int:
    """How often a document has been decided."""
    newest = select(func.max(decisions.c.run)).where(decisions.c.document_id == document_id)
    return int(session.scalar(newest) or 0)


def outcomes(session: ReadSession) -> Mapping[str, Outcome]:
    """The newest outcome of every document that was decided, by document id."""
    newest = select(decisions.c.document_id, func.max(decisions.c.run).label("run")).group_by(decisions.c.document_id)
    last = newest.subquery()
    rows = session.all(
        select(decisions.c.document_id, decisions.c.outcome).join(
            last, (decisions.c.document_id == last.c.document_id) & (decisions.c.run == last.c.run)
        )
    )
    return {row["document_id"]: Outcome(row["outcome"]) for row in rows}


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """A finding as JSON's own types."""
    return {
        "code": finding.code,
        "outcome": finding.outcome.value,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "subject": finding.subject,
        "facts": list(finding.facts),
        "evidence": [evidence_to_json(evidence) for evidence in finding.evidence],
        "at_risk_amount": finding.at_risk_amount,
    }


def finding_from_json(data: Mapping[str, Any]) -> Finding:
    """Reads back what `finding_to_json` wrote."""
    return Finding(
        **{
            **data,
            "outcome": Outcome(data["outcome"]),
            "facts": tuple(data["facts"]),
            "evidence": tuple(evidence_from_json(evidence) for evidence in data["evidence"]),
        }
    )


def _stored(row: RowMapping) -> StoredDecision:
    decision = Decision(
        document_id=row["document_id"],
        outcome=Outcome(row["outcome"]),
        findings=tuple(finding_from_json(finding) for finding in row["findings"]),
        decided_at=row["decided_at"],
        inputs_hash=row["inputs_hash"],
        policy_hash=row["policy_hash"],
        rules_version=row["rules_version"],
        models=tuple(row["models"]),
    )
    return StoredDecision(
        decision_id=row["decision_id"],
        run=row["run"],
        extraction_version=row["extraction_version"],
        decision=decision,
        facts=facts_from_text(row["facts"]),
        facts_text=row["facts"],
        scores={name: float(score) for name, score in row["scores"].items()},
        seed=row["seed"],
        decided_by=row["decided_by"],
    )


def _searchable(extraction: Extraction) -> str:
    """Words a person may search for: the paper's own, or, where there are none, the values that were read."""
    if extraction.text:
        return extraction.text
    rows = (extraction.fields, *extraction.lines)
    return " ".join(field.value for row in rows for field in row.values())
