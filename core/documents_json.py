"""Extractions as the JSON of the interface, and back."""

from collections.abc import Mapping
from typing import Any

from core.documents import Alternative, Box, DocumentType, Evidence, Extraction, Field, Recall, Remark, Row, Source


def extraction_to_json(extraction: Extraction, *, path: str | None = None) -> dict[str, Any]:
    """One object per document, as `clearhold extract --json` prints it; `path` is the path as given."""
    head: dict[str, Any] = {} if path is None else {"path": path}
    data = head | {
        "sha256": extraction.sha256,
        "document_type": extraction.document_type.value,
        "type_confidence": extraction.type_confidence,
        "source": extraction.source.value,
        "language": extraction.language,
        "pages": len(extraction.page_sizes),
        "page_sizes": [list(size) for size in extraction.page_sizes],
        "fields": _row_to_json(extraction.fields),
        "lines": [_row_to_json(row) for row in extraction.lines],
        "tax_breakdown": [_row_to_json(row) for row in extraction.tax_breakdown],
        "findings": [_remark_to_json(remark) for remark in extraction.findings],
        "bundle": extraction.bundle,
        "knowledge": extraction.knowledge,
        "recalls": [
            {"field": one.field, "memory_id": one.memory_id, "followed": one.followed} for one in extraction.recalls
        ],
    }
    others = {name: [_alternative_to_json(one) for one in some] for name, some in extraction.alternatives.items()}
    return data | ({"alternatives": others} if others else {})


def extraction_from_json(data: Mapping[str, Any]) -> Extraction:
    """Reads back what `extraction_to_json` wrote."""
    return Extraction(
        sha256=data["sha256"],
        document_type=DocumentType(data["document_type"]),
        type_confidence=data["type_confidence"],
        source=Source(data["source"]),
        language=data["language"],
        page_sizes=tuple((width, height) for width, height in data["page_sizes"]),
        fields=_row_from_json(data["fields"]),
        lines=tuple(_row_from_json(row) for row in data["lines"]),
        tax_breakdown=tuple(_row_from_json(row) for row in data["tax_breakdown"]),
        findings=tuple(_remark_from_json(remark) for remark in data["findings"]),
        bundle=data["bundle"],
        knowledge=data.get("knowledge"),
        recalls=tuple(Recall(**one) for one in data.get("recalls", ())),
        alternatives={
            name: tuple(_alternative_from_json(one) for one in some)
            for name, some in data.get("alternatives", {}).items()
        },
    )


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """Page, box and text of one place on the paper."""
    return {"page": evidence.page, "box": [round(edge, 2) for edge in evidence.box], "text": evidence.text}


def evidence_from_json(data: Mapping[str, Any]) -> Evidence:
    """Reads back what `evidence_to_json` wrote."""
    return Evidence(page=data["page"], box=Box(*data["box"]), text=data["text"])


def _alternative_to_json(one: Alternative) -> dict[str, Any]:
    return {"value": one.value, "confidence": round(one.confidence, 4), "evidence": evidence_to_json(one.evidence)}


def _alternative_from_json(data: Mapping[str, Any]) -> Alternative:
    return Alternative(
        value=data["value"], confidence=data["confidence"], evidence=evidence_from_json(data["evidence"])
    )


def _remark_to_json(remark: Remark) -> dict[str, Any]:
    """Code, outcome and message; the rest only where a remark has it."""
    data: dict[str, Any] = {"code": remark.code, "outcome": remark.outcome, "message": remark.message}
    about = {"subject": remark.subject, "expected": remark.expected, "actual": remark.actual}
    data |= {name: value for name, value in about.items() if value is not None}
    return data | ({"evidence": [evidence_to_json(place) for place in remark.evidence]} if remark.evidence else {})


def _remark_from_json(data: Mapping[str, Any]) -> Remark:
    evidence = tuple(evidence_from_json(place) for place in data.get("evidence", ()))
    return Remark(**{**data, "evidence": evidence})


def _row_to_json(row: Row) -> dict[str, Any]:
    return {
        name: {
            "value": field.value,
            "confidence": round(field.confidence, 4),
            "source": field.source.value,
            "evidence": [evidence_to_json(evidence) for evidence in field.evidence],
            "reasons": list(field.reasons),
        }
        for name, field in row.items()
    }


def _row_from_json(row: Mapping[str, Any]) -> Row:
    return {
        name: Field(
            value=field["value"],
            confidence=field["confidence"],
            source=Source(field["source"]),
            evidence=tuple(evidence_from_json(evidence) for evidence in field["evidence"]),
            reasons=tuple(field.get("reasons", ())),
        )
        for name, field in row.items()
    }
