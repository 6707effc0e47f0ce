"""The shapes of papers over HTTP: what came in, where it stands, what it says and what was decided."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.documents_json import extraction_to_json
from review_api.papers import PaperDetail
from triage.decisions import StoredDecision, finding_to_json


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TakenOut(_Out):
    """A document that came in."""

    document_id: str
    sha256: str
    is_new: bool = Field(description="false: the same bytes had come before, and are the same document")


class TakenInOut(TakenOut):
    """The document that came in, and the papers that were inside it when it is a mail or an archive."""

    parts: tuple[TakenOut, ...] = ()


class DocumentOut(BaseModel):
    """A document: where it stands, what it says, what was decided."""

    document_id: str
    sha256: str
    size_bytes: int
    media_type: str
    file_name: str
    origin: str
    received_at: datetime
    received_by: str
    state: str = Field(description="received, working or decided")
    extraction: dict[str, Any] | None = Field(description="as `clearhold extract --json` prints it")
    extraction_version: int | None
    decision: dict[str, Any] | None
    case_id: str | None
    parent_id: str | None = Field(description="the mail, archive or file of several documents it first came in")
    parts: tuple[str, ...] = Field(description="documents that came inside it")


def document_detail(paper: PaperDetail) -> DocumentOut:
    """A document as far as it has come."""
    document, read = paper.document, paper.extraction
    extraction = extraction_to_json(read.extraction, path=document.file_name) if read else None
    return DocumentOut(
        document_id=document.document_id,
        sha256=document.sha256,
        size_bytes=document.size_bytes,
        media_type=document.media_type,
        file_name=document.file_name,
        origin=document.origin,
        received_at=document.received_at,
        received_by=document.received_by,
        state=document.state.value,
        extraction=without_sureness(extraction) if paper.is_blind else extraction,
        extraction_version=read.version if read else None,
        decision=_decision(paper.decision) if paper.decision else None,
        case_id=paper.case.case_id if paper.case else None,
        parent_id=document.parent_id,
        parts=tuple(part.document_id for part in paper.parts),
    )


def without_sureness(told: Any) -> Any:
    """An extraction as JSON without what the machine thought of it: confidences, and what else it might have been."""
    if isinstance(told, dict):
        kept = {name: value for name, value in told.items() if "confidence" not in name and name != "alternatives"}
        return {name: without_sureness(value) for name, value in kept.items()}
    return [without_sureness(one) for one in told] if isinstance(told, list) else told


def _decision(stored: StoredDecision) -> dict[str, Any]:
    decision = stored.decision
    return {
        "decision_id": stored.record.decision_id,
        "run": stored.record.run,
        "outcome": decision.outcome.value,
        "findings": [finding_to_json(finding) for finding in decision.findings],
        "decided_at": decision.decided_at,
        "decided_by": stored.record.decided_by,
        "inputs_hash": decision.inputs_hash,
        "policy_hash": decision.policy_hash,
        "rules_version": decision.rules_version,
        "models": list(decision.models),
    }
