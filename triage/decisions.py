"""What was read and decided, as it was: extraction versions and decisions with the facts they were made from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, select

from core.database import ReadSession, WriteSession
from core.decisions import Decision, Finding, Outcome
from core.documents import Extraction
from core.documents_json import evidence_to_json, extraction_from_json, extraction_to_json
from core.nearest import in_parts
from triage.corrections import differences
from triage.decide import scores_to_json
from triage.facts import Facts
from triage.facts_json import facts_from_text
from triage.recorded import RecordedDecision, findings_from_text
from triage.tables import decisions, extractions

_COLUMNS = tuple(field.name for field in fields(RecordedDecision))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExtraction:
    """One version of what a document says: 1 is the reader's, later ones are people's corrections."""

    version: int
    extraction: Extraction
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAndLast:
    """How a document was first decided, and the text of the facts it was last decided from."""

    outcome: str
    decided_at: datetime
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A decision as it was recorded, with its findings and facts as values."""

    record: RecordedDecision
    decision: Decision
    facts: Facts


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
    return _newest_version(session, extractions.c.document_id == document_id)


def read_by_machine(session: ReadSession, document_id: str) -> StoredExtraction | None:
    """The newest version as the reader made it, before anyone corrected it."""
    by_nobody = ~extractions.c.created_by.startswith("user:")
    return _newest_version(session, and_(extractions.c.document_id == document_id, by_nobody))


def extractions_of(session: ReadSession, document_id: str) -> tuple[StoredExtraction, ...]:
    """Every version of what a document says, oldest first."""
    versions = select(extractions).where(extractions.c.document_id == document_id)
    return tuple(_extraction(row) for row in session.all(versions.order_by(extractions.c.version)))


def codes_by_version(session: ReadSession, document_id: str) -> tuple[tuple[int, frozenset[str]], ...]:
    """What each decision about a document found, with the version of the extraction it was made from."""
    runs = select(decisions.c.extraction_version, decisions.c.findings).where(decisions.c.document_id == document_id)
    return tuple(
        (row["extraction_version"], frozenset(finding.code for finding in findings_from_text(row["findings"])))
        for row in session.all(runs.order_by(decisions.c.run))
    )


def save_decisions(session: WriteSession, records: Sequence[RecordedDecision]) -> None:
    """Keeps decisions and all they were made from. The database refuses a second one of the same run."""
    session.run(decisions.insert(), [_row(record) for record in records])


def latest_decision(session: ReadSession, document_id: str) -> StoredDecision | None:
    """The newest decision about a document."""
    runs = select(decisions).where(decisions.c.document_id == document_id)
    row = session.one_or_none(runs.order_by(decisions.c.run.desc()).limit(1))
    return None if row is None else _stored(_recorded(row))


def decision_of_version(session: ReadSession, document_id: str, version: int) -> StoredDecision | None:
    """The first decision made from a version of what a document says."""
    runs = select(decisions).where(decisions.c.document_id == document_id, decisions.c.extraction_version == version)
    row = session.one_or_none(runs.order_by(decisions.c.run).limit(1))
    return None if row is None else _stored(_recorded(row))


def latest_decision_run(session: ReadSession, document_id: str) -> int:
    """How often a document has been decided."""
    newest = select(func.max(decisions.c.run)).where(decisions.c.document_id == document_id)
    return int(session.scalar(newest) or 0)


def parts(session: ReadSession, size: int) -> Iterator[tuple[str, str]]:
    """The history cut into parts of `size` decisions, each as the id it comes after and the id it ends with."""
    after = ""
    while True:
        ids = select(decisions.c.decision_id).where(decisions.c.decision_id > after).order_by(decisions.c.decision_id)
        found = session.all(ids.limit(size))
        if not found:
            return
        yield after, found[-1]["decision_id"]
        after = found[-1]["decision_id"]


def between(session: ReadSession, after: str, last: str) -> tuple[RecordedDecision, ...]:
    """Every decision of a part, in order of id."""
    rows = select(decisions).where(decisions.c.decision_id > after, decisions.c.decision_id <= last)
    return tuple(_recorded(row) for row in session.all(rows.order_by(decisions.c.decision_id)))


def latest_between(
    session: ReadSession,
    after: str,
    last: str,
    *,
    newest: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[RecordedDecision, ...]:
    """Of a part, the decisions that are the newest about their document.

    Args:
        newest: the last id that counts; what was decided after it began is not seen.
        since, until: only those made at or after, and before, these instants.
    """
    later = decisions.alias("later")
    has_later = exists().where(
        later.c.document_id == decisions.c.document_id,
        later.c.run > decisions.c.run,
        later.c.decision_id <= newest,
    )
    rows = select(decisions).where(decisions.c.decision_id > after, decisions.c.decision_id <= last, ~has_later)
    if since is not None:
        rows = rows.where(decisions.c.decided_at >= since)
    if until is not None:
        rows = rows.where(decisions.c.decided_at < until)
    return tuple(_recorded(row) for row in session.all(rows.order_by(decisions.c.decision_id)))


def changed_by_people(session: ReadSession, document_ids: Sequence[str]) -> frozenset[str]:
    """Those of these documents of which a person changed a value that was read."""
    by_person = extractions.c.created_by.startswith("user:")
    here = extractions.c.document_id.in_(document_ids)
    corrected = [row["document_id"] for row in session.all(select(extractions.c.document_id).where(here, by_person))]
    if not corrected:
        return frozenset()
    versions = select(extractions).where(extractions.c.document_id.in_(corrected)).order_by(extractions.c.version)
    read: dict[str, Extraction] = {}
    newest: dict[str, Extraction] = {}
    for row in session.all(versions):
        kept = newest if row["created_by"].startswith("user:") else read
        kept[row["document_id"]] = extraction_from_json(row["json"])
    return frozenset(
        name
        for name in newest
        if name in read and any(old != new for old, new in differences(read[name], newest[name]).values())
    )


def of_document(session: ReadSession, document_id: str) -> tuple[RecordedDecision, ...]:
    """Every decision about a document, the first one first."""
    rows = select(decisions).where(decisions.c.document_id == document_id).order_by(decisions.c.run)
    return tuple(_recorded(row) for row in session.all(rows))


def first_and_last(session: ReadSession, document_ids: Collection[str]) -> Mapping[str, FirstAndLast]:
    """Of each of these documents that was decided: how at first, and from what at last."""
    c, found = decisions.c, {}
    for part in in_parts(document_ids):
        here = c.document_id.in_(part)
        last = select(c.document_id, func.max(c.run).label("run")).where(here).group_by(c.document_id).subquery()
        is_last = and_(c.document_id == last.c.document_id, c.run == last.c.run)
        facts = select(c.document_id, c.facts).join(last, is_last)
        newest = {row["document_id"]: row["facts"] for row in session.all(facts)}
        first = select(c.document_id, c.outcome, c.decided_at).where(here, c.run == 1)
        for row in session.all(first):
            name = row["document_id"]
            found[name] = FirstAndLast(outcome=row["outcome"], decided_at=row["decided_at"], facts=newest[name])
    return found


def first_read_at(session: ReadSession, document_ids: Collection[str]) -> Mapping[str, datetime]:
    """When each of these documents was first read."""
    found: dict[str, datetime] = {}
    for part in in_parts(document_ids):
        here = and_(extractions.c.document_id.in_(part), extractions.c.version == 1)
        rows = session.all(select(extractions.c.document_id, extractions.c.created_at).where(here))
        found |= {row["document_id"]: row["created_at"] for row in rows}
    return found


def known(session: ReadSession, decision_ids: Sequence[str]) -> frozenset[str]:
    """Those of these ids that there is a decision of."""
    rows = session.all(select(decisions.c.decision_id).where(decisions.c.decision_id.in_(decision_ids)))
    return frozenset(row["decision_id"] for row in rows)


def count(session: ReadSession) -> int:
    """How many decisions there are."""
    return int(session.scalar(select(func.count()).select_from(decisions)) or 0)


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


def _row(record: RecordedDecision) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in _COLUMNS}
    return values | {"scores": scores_to_json(record.scores), "models": list(record.models)}


def _extraction(row: RowMapping) -> StoredExtraction:
    return StoredExtraction(
        version=row["version"],
        extraction=extraction_from_json(row["json"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
    )


def _recorded(row: RowMapping) -> RecordedDecision:
    values = {name: row[name] for name in _COLUMNS}
    scores = {name: float(score) for name, score in row["scores"].items()}
    return RecordedDecision(**(values | {"scores": scores, "models": tuple(row["models"])}))


def _stored(record: RecordedDecision) -> StoredDecision:
    decision = Decision(
        document_id=record.document_id,
        outcome=Outcome(record.outcome),
        findings=findings_from_text(record.findings),
        decided_at=record.decided_at,
        inputs_hash=record.inputs_hash,
        policy_hash=record.policy_hash,
        rules_version=record.rules_version,
        models=record.models,
    )
    return StoredDecision(record=record, decision=decision, facts=facts_from_text(record.facts))


def _newest_version(session: ReadSession, which: ColumnElement[bool]) -> StoredExtraction | None:
    row = session.one_or_none(select(extractions).where(which).order_by(extractions.c.version.desc()).limit(1))
    return None if row is None else _extraction(row)


def _searchable(extraction: Extraction) -> str:
    """Words a person may search for: the paper's own, and the values that were read or put right."""
    rows = (extraction.fields, *extraction.lines)
    return " ".join([extraction.text, *(field.value for row in rows for field in row.values())]).strip()
