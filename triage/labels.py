"""Labelled history: what people's corrections, resolutions and blind checks say of how papers were read.

Written in the transaction that ends or corrects a case, so that it never differs from the cases. Who wants an error
rate reads `labelled`: each paper carries the chance with which such a paper comes to be judged (1 when it was held,
the draw's when it was drawn for a blind check), so a share among all papers weighs each by one over its chance.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, delete, select

from core.database import ReadSession, WriteSession
from core.decisions import Outcome
from core.nearest import in_parts
from triage import decisions, policies
from triage.decide import SAMPLE_DRAWN, sampling_chance
from triage.decisions import StoredDecision
from triage.label_rules import FieldLabel, Verdict, field_labels, is_wrong
from triage.label_tables import field_labels as field_table
from triage.label_tables import paper_labels as paper_table
from triage.policy import DocumentRules
from triage.sureness import is_complete

CONFIDENCE = "DOC-CONFIDENCE"


class Drawn(StrEnum):
    """How a paper came before a person."""

    HOLD = "hold"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLabel:
    """A paper whose reading a person has judged.

    Attributes:
        kind: the type of document it was read as.
        bundle: version of the model bundle that read it.
        chance: with which such a paper comes to be judged, 0 to 1.
        otherwise_clear: whether nothing but confidence, or the draw, kept it from being cleared as it was read.
        wrong: whether a value a decision relies on was wrong or missing; None when that is not known.
        decided_at: when it was decided as read.
        fields: what is known of its values.
    """

    document_id: str
    case_id: str
    kind: str
    bundle: str | None
    drawn: Drawn
    chance: float
    otherwise_clear: bool
    wrong: bool | None
    decided_at: datetime
    judged_at: datetime
    judged_by: str
    fields: tuple[FieldLabel, ...]


def record(
    session: WriteSession, document_id: str, verdict: Verdict, *, case_id: str, at: datetime, by: str
) -> PaperLabel | None:
    """Keeps what a person has made known of a paper's reading, in place of what was known of it before.

    Returns None where nothing is known of it, or nothing here clears such papers.
    """
    forget(session, document_id)
    read, now = decisions.read_by_machine(session, document_id), decisions.latest_extraction(session, document_id)
    decided = None if read is None else decisions.decision_of_version(session, document_id, read.version)
    if read is None or now is None or decided is None:
        return None
    policy_hash = decided.decision.policy_hash
    policy = policies.readable(session, [policy_hash]).get(policy_hash)
    rules = None if policy is None else policy.documents.get(read.extraction.document_type)
    if policy is None or rules is None:
        return None
    fields = field_labels(read.extraction, now.extraction, rules, verdict)
    wrong = is_wrong(fields, verdict)
    if not fields and wrong is None:
        return None
    was_drawn = decided.decision.outcome is Outcome.SAMPLE
    label = PaperLabel(
        document_id=document_id,
        case_id=case_id,
        kind=read.extraction.document_type.value,
        bundle=read.extraction.bundle,
        drawn=Drawn.SAMPLE if was_drawn else Drawn.HOLD,
        chance=float(sampling_chance(decided.facts, policy)) if was_drawn else 1.0,
        otherwise_clear=_is_otherwise_clear(decided, rules),
        wrong=wrong,
        decided_at=decided.decision.decided_at,
        judged_at=at,
        judged_by=by,
        fields=fields,
    )
    _insert(session, label)
    return label


def forget(session: WriteSession, document_id: str) -> None:
    """Takes back what was known of a paper's reading."""
    for table in (paper_table, field_table):
        session.run(delete(table).where(table.c.document_id == document_id))


def labelled(
    session: ReadSession, *, kind: str | None = None, since: datetime | None = None, bundle: str | None = None
) -> tuple[PaperLabel, ...]:
    """Judged papers in the order they were decided in.

    Args:
        kind, bundle: only those of this type of document, read by this bundle.
        since: only those decided at this instant or later.
    """
    wanted = select(paper_table).order_by(paper_table.c.decided_at, paper_table.c.document_id)
    if kind is not None:
        wanted = wanted.where(paper_table.c.kind == kind)
    if bundle is not None:
        wanted = wanted.where(paper_table.c.bundle == bundle)
    if since is not None:
        wanted = wanted.where(paper_table.c.decided_at >= since)
    rows = session.all(wanted)
    here = wanted.with_only_columns(paper_table.c.document_id).order_by(None)
    fields: dict[str, list[FieldLabel]] = defaultdict(list)
    for row in session.all(
        select(field_table).where(field_table.c.document_id.in_(here)).order_by(field_table.c.field)
    ):
        fields[row["document_id"]].append(_field(row))
    return tuple(_paper(row, tuple(fields[row["document_id"]])) for row in rows)


def blind_checks(session: ReadSession, document_ids: Collection[str]) -> dict[str, tuple[str, bool, datetime]]:
    """Of each of these documents that was drawn and judged: its case, whether a value was wrong, and when."""
    found: dict[str, tuple[str, bool, datetime]] = {}
    c = paper_table.c
    for part in in_parts(document_ids):
        drawn = select(c.document_id, c.case_id, c.wrong, c.judged_at).where(
            c.document_id.in_(part), c.drawn == Drawn.SAMPLE.value, c.wrong.is_not(None)
        )
        found |= {row["document_id"]: (row["case_id"], row["wrong"], row["judged_at"]) for row in session.all(drawn)}
    return found


def _is_otherwise_clear(decided: StoredDecision, rules: DocumentRules) -> bool:
    others = {found.code for found in decided.decision.findings if found.outcome is not Outcome.CLEAR}
    return others <= {CONFIDENCE, SAMPLE_DRAWN} and is_complete(decided.facts.paper, rules)


def _insert(session: WriteSession, label: PaperLabel) -> None:
    row: dict[str, Any] = {column.name: getattr(label, column.name) for column in paper_table.c}
    session.run(paper_table.insert(), [row | {"drawn": label.drawn.value}])
    session.run(
        field_table.insert(),
        [
            {
                "document_id": label.document_id,
                "field": field.field,
                "source": field.source,
                "confidence": field.confidence,
                "was_right": field.was_right,
            }
            for field in label.fields
        ],
    )


def _field(row: RowMapping) -> FieldLabel:
    return FieldLabel(
        field=row["field"], source=row["source"], confidence=row["confidence"], was_right=row["was_right"]
    )


def _paper(row: RowMapping, fields: tuple[FieldLabel, ...]) -> PaperLabel:
    return PaperLabel(**{**dict(row), "drawn": Drawn(row["drawn"])}, fields=fields)
