"""What is known of papers whose retention period is over, and the legal holds that keep others from being erased."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.documents import Document, DocumentState
from core.errors import ConflictError, InputError, NotFoundError
from core.ids import new_id
from core.keys import number_key
from core.nearest import in_parts
from ingest.documents import of_row
from ingest.tables import document_arrivals, documents, erased_documents, feed_tables, legal_holds

ERASED_NAME = "(erased)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Keeps one document, or every one of a legal entity, from being erased, until somebody lifts it."""

    hold_id: str
    document_id: str | None
    legal_entity: str | None
    reason: str
    set_by: str
    set_at: datetime


def check_there(session: ReadSession, document_id: str) -> None:
    """Refuses to look at what was erased.

    Raises:
        NotFoundError: `DOC-ERASED`.
    """
    c = erased_documents.c
    row = session.one_or_none(select(c.erased_at, c.rule).where(c.document_id == document_id))
    if row is not None:
        raise NotFoundError(
            "DOC-ERASED",
            f"This paper was erased on {row['erased_at']:%Y-%m-%d}: its retention period was over ({row['rule']}).",
            "Its figures remain; the audit log says who erased it.",
        )


def decided_before(session: ReadSession, before: datetime, *, after: str = "", limit: int = 500) -> Sequence[Document]:
    """Documents in order of id that were received and decided before an instant and are not erased."""
    query = select(documents).where(
        documents.c.document_id > after,
        documents.c.state == DocumentState.DECIDED,
        documents.c.received_at < before,
        documents.c.decided_at < before,
        documents.c.document_id.not_in(select(erased_documents.c.document_id)),
    )
    return [of_row(row) for row in session.all(query.order_by(documents.c.document_id).limit(limit))]


def parts_left(session: ReadSession, document_id: str) -> tuple[bool, bool]:
    """Of a mail or archive: whether anything ever came in it, and whether any of that is not erased."""
    a = document_arrivals.c
    inside = session.rows(select(a.document_id).where(a.parent_id == document_id))
    ids = {row[0] for row in inside}
    return bool(ids), bool(ids - erased_of(session, ids))


def erased_of(session: ReadSession, document_ids: Collection[str]) -> frozenset[str]:
    """Those of these documents that were erased."""
    c, found = erased_documents.c, set()
    for part in in_parts(document_ids):
        found |= {row[0] for row in session.rows(select(c.document_id).where(c.document_id.in_(part)))}
    return frozenset(found)


def erased_decisions(session: ReadSession, document_ids: Collection[str]) -> frozenset[str]:
    """Ids of the decisions that were erased with these documents."""
    c, found = erased_documents.c, set()
    for part in in_parts(document_ids):
        for row in session.all(select(c.decisions).where(c.document_id.in_(part))):
            found |= set(row["decisions"])
    return frozenset(found)


def is_settled(session: ReadSession, supplier_id: str, invoice_number: str) -> bool:
    """Whether the ERP has posted this invoice and settled it."""
    posted = feed_tables["posted_invoices"].c
    same = (posted.supplier_id == supplier_id) & (posted.number_key == number_key(invoice_number))
    ends = [row[0] for row in session.rows(select(posted.settled_at).where(same))]
    return bool(ends) and all(end is not None for end in ends)


def erase_row(
    session: WriteSession,
    document: Document,
    *,
    at: datetime,
    by: str,
    rule: str,
    decision_ids: Sequence[str],
    stored: Sequence[str],
) -> None:
    """Takes name and address from a document's row and notes what was erased, and which bytes must still go.

    The same bytes are then a new document, should they come again.
    """
    document_id = document.document_id
    gone = sha256(f"erased {document_id}".encode()).hexdigest()
    values = {"file_name": ERASED_NAME, "sha256": gone}
    session.run(update(documents).where(documents.c.document_id == document_id).values(values))
    named = update(document_arrivals).where(document_arrivals.c.document_id == document_id)
    session.run(named.values(file_name=ERASED_NAME))
    row = {"document_id": document_id, "erased_at": at, "erased_by": by, "rule": rule}
    session.run(erased_documents.insert(), [row | {"decisions": list(decision_ids), "stored": list(stored)}])


def to_remove(session: ReadSession) -> Mapping[str, Sequence[str]]:
    """Hashes of bytes that must still be removed, by the document they belonged to."""
    c = erased_documents.c
    return {
        row["document_id"]: row["stored"] for row in session.all(select(erased_documents).where(c.stored.is_not(None)))
    }


def removed(session: WriteSession, document_id: str) -> None:
    """Notes that the bytes are gone."""
    session.run(update(erased_documents).where(erased_documents.c.document_id == document_id).values(stored=None))


def set_hold(
    session: WriteSession, *, document_id: str | None, legal_entity: str | None, reason: str, by: str, at: datetime
) -> Hold:
    """Stops erasure of a document or of a legal entity's papers.

    Raises:
        InputError: `HOLD-WHAT` when it names neither or both, or gives no reason.
        NotFoundError: `DOC-NOT-FOUND`, `DOC-ERASED`.
    """
    if (document_id is None) == (legal_entity is None) or not reason.strip():
        raise InputError("HOLD-WHAT", "A hold is for one document or one legal entity, and has a reason.", "Give both.")
    if document_id is not None:
        check_there(session, document_id)
        if session.one_or_none(select(documents.c.document_id).where(documents.c.document_id == document_id)) is None:
            raise NotFoundError(
                "DOC-NOT-FOUND", f"There is no document {document_id}.", "Look it up by name or number."
            )
    hold = Hold(
        hold_id=new_id("hold", at),
        document_id=document_id,
        legal_entity=legal_entity,
        reason=reason.strip(),
        set_by=by,
        set_at=at,
    )
    told = {"document_id": document_id, "legal_entity": legal_entity, "reason": hold.reason}
    session.run(legal_holds.insert(), [told | {"hold_id": hold.hold_id, "set_by": by, "set_at": at}])
    audit_log.append(session, at=at, actor=by, action="hold.set", subject=f"hold:{hold.hold_id}", payload=told)
    return hold


def lift_hold(session: WriteSession, hold_id: str, *, by: str, at: datetime) -> None:
    """Ends a hold; it stays on record.

    Raises:
        ConflictError: `HOLD-NOT-THERE` when there is none of that id, or it was lifted before.
    """
    c = legal_holds.c
    here = update(legal_holds).where(c.hold_id == hold_id, c.lifted_at.is_(None))
    if not session.run(here.values(lifted_by=by, lifted_at=at)):
        raise ConflictError("HOLD-NOT-THERE", f"There is no hold {hold_id} to lift.", "See `retention show`.")
    audit_log.append(session, at=at, actor=by, action="hold.lifted", subject=f"hold:{hold_id}", payload={})


def holds(session: ReadSession) -> tuple[Hold, ...]:
    """Every hold that stands, the oldest first."""
    c = legal_holds.c
    rows = session.all(
        select(c.hold_id, c.document_id, c.legal_entity, c.reason, c.set_by, c.set_at)
        .where(c.lifted_at.is_(None))
        .order_by(c.hold_id)
    )
    return tuple(Hold(**dict(row)) for row in rows)
