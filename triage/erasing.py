"""Says whether a paper may be erased, and erases what tells of people, in the caller's transaction; figures stay.

What goes: the row's name and address, what was read, facts and findings of decisions, words, comments, questions,
attachments, drafts, remembered corrections, facts of audit entries and events. What stays: times, amounts, codes,
outcomes, the numbers later papers are held against, and the audit chain.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select, text, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.documents import Document
from ingest import erasures
from ingest.erasures import Hold
from triage import case_rows, decisions
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.deciding_tables import blind_reviews, case_attachments, case_questions
from triage.decisions import StoredDecision
from triage.facts import Facts
from triage.memory_tables import remembered_corrections
from triage.queue_tables import ended_words, waiting_words
from triage.retention_rules import NO_PAPER, Retention, RetentionRule, is_over
from triage.tables import case_comments, case_drafts, cases, extractions, outbox
from triage.tables import decisions as decision_rows

DUE, NOT_YET, OPEN, UNSETTLED, HELD, NO_RULE, PARTS = "due", "not_yet", "open", "unsettled", "held", "no_rule", "parts"
PAYABLE = frozenset({"invoice", "credit_note"})
ERASED = "Erased"
_RECEIVED = frozenset({"document.received", "document.received_again", "document.unpacked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a paper stands with its retention.

    Attributes:
        verdict: `due`, `not_yet`, or what keeps it: `open` (a case), `unsettled`, `held` (a legal hold), `no_rule`,
            `parts` (of a mail or archive that are not erased).
    """

    document: Document
    verdict: str
    rule: RetentionRule | None
    legal_entity: str | None
    document_type: str
    amount: Decimal | None = None
    currency: str | None = None


def stand(
    session: ReadSession, document: Document, retention: Retention, holds: Sequence[Hold], now: datetime
) -> Standing:
    """Looks at a decided document as it is now."""
    about = case_rows.of_document(session, document.document_id)
    stored = decisions.latest_decision(session, document.document_id)
    entities = frozenset() if stored is None else _legal_entities(stored.facts)
    kind = NO_PAPER if stored is None else stored.facts.paper.document_type.value
    rule = _longest([retention.rule_for(entity, kind) for entity in entities or (None,)])
    return Standing(
        document=document,
        verdict=_verdict(session, document, stored, about, rule, holds=holds, entities=entities, now=now),
        rule=rule,
        legal_entity=" + ".join(sorted(entities)) or None,
        document_type=kind,
        amount=None if stored is None else stored.facts.paper.total_with_vat,
        currency=None if stored is None else stored.facts.paper.currency,
    )


def erase(session: WriteSession, standing: Standing, *, at: datetime, by: str) -> None:
    """Erases a paper that is due; its bytes are noted and removed when this stands."""
    audit_log.lock_chain(session)
    if session.dialect == "sqlite":
        session.run(text("PRAGMA secure_delete=ON"))  # freed pages are overwritten, not only given back
    document = standing.document
    case_ids = [case.case_id for case in case_rows.of_document(session, document.document_id)]
    d, m = decision_rows.c, remembered_corrections.c
    decision_ids = [row[0] for row in session.rows(select(d.decision_id).where(d.document_id == document.document_id))]
    memory_ids = [row[0] for row in session.rows(select(m.memory_id).where(m.document_id == document.document_id))]
    attached = case_attachments.c
    stored = [row[0] for row in session.rows(select(attached.sha256).where(attached.case_id.in_(case_ids)))]
    _tell(session, standing, case_ids, memory_ids, decision_ids, at=at, by=by)
    _empty_rows(session, document.document_id, case_ids)
    erasures.erase_row(
        session,
        document,
        at=at,
        by=by,
        rule=str(standing.rule),
        decision_ids=decision_ids,
        stored=sorted({document.sha256, *stored}),
    )


def still_named(session: ReadSession, sha256: str) -> bool:
    """Whether a file put with another case has these bytes too."""
    return session.scalar(select(case_attachments.c.case_id).where(case_attachments.c.sha256 == sha256)) is not None


def _verdict(
    session: ReadSession,
    document: Document,
    stored: StoredDecision | None,
    about: Sequence[CaseSummary],
    rule: RetentionRule | None,
    *,
    holds: Sequence[Hold],
    entities: frozenset[str],
    now: datetime,
) -> str:
    if any(case.state is not CaseState.RESOLVED or (case.undo_until or now) > now for case in about):
        return OPEN
    if any(hold.document_id == document.document_id or hold.legal_entity in entities for hold in holds):
        return HELD
    if rule is None:
        return NO_RULE
    decided = [] if stored is None else [stored.record.decided_at]
    ends = [case.resolved_at for case in about if case.resolved_at is not None]
    if not is_over([document.received_at, *decided, *ends], rule, now):
        return NOT_YET
    if stored is None:
        has_parts, left = erasures.parts_left(session, document.document_id)
        return DUE if has_parts and not left else PARTS
    return DUE if _is_settled(session, stored, about) else UNSETTLED


def _legal_entities(facts: Facts) -> frozenset[str]:
    """Whose paper it is: of the orders it names, else of its supplier."""
    named = [order for order in facts.orders if order.po_number in facts.paper.purchase_order_references]
    of_orders = frozenset(order.legal_entity for order in named if order.legal_entity)
    of_supplier = None if facts.supplier is None else facts.supplier.legal_entity
    return of_orders or frozenset({of_supplier} if of_supplier else ())


def _longest(rules: Sequence[RetentionRule | None]) -> RetentionRule | None:
    """Where a paper is several legal entities', the longest period; None where one of them has none."""
    there = [rule for rule in rules if rule is not None]
    return max(there, key=lambda rule: rule.months) if len(there) == len(rules) else None


def _is_settled(session: ReadSession, stored: StoredDecision, about: Sequence[CaseSummary]) -> bool:
    """A bill is settled when the ERP says so, or when it was sent back; another paper has nothing to settle."""
    paper, supplier = stored.facts.paper, stored.facts.supplier
    if paper.document_type.value not in PAYABLE or (about and about[-1].resolution is Resolution.REJECT):
        return True
    if supplier is None or paper.invoice_number is None:
        return False
    return erasures.is_settled(session, supplier.supplier_id, paper.invoice_number)


def _tell(
    session: WriteSession,
    standing: Standing,
    case_ids: Sequence[str],
    memory_ids: Sequence[str],
    decision_ids: Sequence[str],
    *,
    at: datetime,
    by: str,
) -> None:
    """One entry says who erased what under which rule; it is about the erasure, so that no figure is counted anew."""
    document_id = standing.document.document_id
    subjects = [
        f"document:{document_id}",
        *(f"case:{one}" for one in case_ids),
        *(f"memory:{one}" for one in memory_ids),
    ]
    told = audit_log.entries_of(session, subjects)
    audit_log.erase_facts(
        session,
        [entry for entry in told if entry.payload and (entry.action in _RECEIVED or _is_of(entry.subject))],
        at=at,
        actor=by,
        action="document.erased",
        subject=f"erasure:{document_id}",
        payload={
            "document_id": document_id,
            "rule": str(standing.rule),
            "legal_entity": standing.legal_entity,
            "document_type": standing.document_type,
            "decisions": list(decision_ids),
            "cases": list(case_ids),
        },
    )
    for subject in subjects:
        session.run(update(outbox).where(outbox.c.subject == subject).values(json={"erased": True}))


def _is_of(subject: str) -> bool:
    return subject.startswith(("case:", "memory:"))


def _empty_rows(session: WriteSession, document_id: str, case_ids: Collection[str]) -> None:
    for table in (decision_rows, extractions, remembered_corrections):
        session.run(delete(table).where(table.c.document_id == document_id))
    for about in (case_comments, case_drafts, case_questions, case_attachments, waiting_words, ended_words):
        session.run(delete(about).where(about.c.case_id.in_(case_ids)))
    session.run(update(blind_reviews).where(blind_reviews.c.case_id.in_(case_ids)).values(comment=None))
    said = {"subject": ERASED, "headline": ERASED, "comment": None}
    session.run(update(cases).where(cases.c.case_id.in_(case_ids)).values(said))
