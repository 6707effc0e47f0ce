"""The documents that came in, and who works on which: their rows are the durable state of all reading.

A node leases the oldest document that nobody has. A lease has an end and a token that only ever grows: a node that
was silent too long finds, when it wants to store its decision, that the token is no longer its own.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, update

from core.database import ReadSession, WriteSession
from core.documents import Document, DocumentState
from core.errors import ConflictError, NotFoundError
from core.nearest import in_parts
from ingest.tables import UNDECIDED, document_arrivals, documents, erased_documents

_HEAD = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to decide a document, until it runs out.

    Attributes:
        token: grows with each lease of the document; only the newest one may store anything.
        attempts: how often the document has been leased, with this time.
    """

    document: Document
    node: str
    token: int
    attempts: int
    lease_seconds: float
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One time the same bytes came in: what they were called then, and who sent them."""

    document_id: str
    file_name: str
    origin: str
    arrived_at: datetime
    arrived_by: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The documents that are not decided yet.

    Attributes:
        oldest_at: when the oldest of them came in.
        leased: how many a node works on; `run_out` of these leases have ended without an answer.
        oldest_lease_until: the lease that ends first; a node that lives renews it long before.
        tried_again: how many were begun more than once.
    """

    waiting: int
    oldest_at: datetime | None = None
    leased: int = 0
    run_out: int = 0
    oldest_lease_until: datetime | None = None
    tried_again: int = 0


def add(session: WriteSession, document: Document) -> bool:
    """Adds a document unless its bytes are known; says whether it did. Two that add at once agree on one."""
    statement: Any = _insert(session.dialect).values(
        document_id=document.document_id,
        sha256=document.sha256,
        size_bytes=document.size_bytes,
        media_type=document.media_type,
        file_name=document.file_name,
        origin=document.origin,
        received_at=document.received_at,
        received_by=document.received_by,
        parent_id=document.parent_id,
        state=document.state,
        attempts=document.attempts,
        lease_token=0,
    )
    unless_known = statement.on_conflict_do_nothing(index_elements=["sha256"])
    return session.scalar(unless_known.returning(documents.c.document_id)) is not None


def get(session: ReadSession, document_id: str) -> Document:
    """The document with this id.

    Raises:
        NotFoundError: `DOC-NOT-FOUND`.
    """
    row = session.one_or_none(select(documents).where(documents.c.document_id == document_id))
    if row is None:
        raise NotFoundError("DOC-NOT-FOUND", f"There is no document {document_id}.", "Look it up by name or number.")
    return of_row(row)


def received_at(session: ReadSession, document_ids: Collection[str]) -> Mapping[str, datetime]:
    """When each of these documents first came in."""
    found: dict[str, datetime] = {}
    for part in in_parts(document_ids):
        rows = select(documents.c.document_id, documents.c.received_at).where(documents.c.document_id.in_(part))
        found |= {row["document_id"]: row["received_at"] for row in session.all(rows)}
    return found


def by_sha(session: ReadSession, sha256: str) -> Document | None:
    """The document with these bytes, if they ever came."""
    row = session.one_or_none(select(documents).where(documents.c.sha256 == sha256))
    return None if row is None else of_row(row)


def newest(
    session: ReadSession,
    *,
    state: DocumentState | None = None,
    parent_id: str | None = None,
    before: Document | None = None,
    limit: int = 100,
) -> tuple[Document, ...]:
    """Documents from the newest back; `before` is the last one of the page before."""
    query = select(documents).order_by(documents.c.received_at.desc(), documents.c.document_id.desc()).limit(limit)
    if state is not None:
        query = query.where(documents.c.state == state)
    if parent_id is not None:
        query = query.where(documents.c.parent_id == parent_id)
    if before is not None:
        older = documents.c.received_at < before.received_at
        same_instant = documents.c.received_at == before.received_at
        query = query.where(or_(older, and_(same_instant, documents.c.document_id < before.document_id)))
    return tuple(of_row(row) for row in session.all(query))


def all_documents(session: ReadSession) -> Iterator[Document]:
    """Every document from the newest back, read piece by piece."""
    last: Document | None = None
    while page := newest(session, before=last, limit=1_000):
        yield from page
        last = page[-1]


def stored_hashes(session: ReadSession) -> Iterator[str]:
    """The hash of every document whose bytes the store must have."""
    there = documents.c.document_id.not_in(select(erased_documents.c.document_id))
    for part in session.parts(select(documents.c.sha256).where(there), 1_000):
        yield from (row[0] for row in part)


def stored_size(session: ReadSession) -> tuple[int, int]:
    """How many documents the store must have, and how many bytes they are."""
    sizes = select(func.count().label("count"), func.sum(documents.c.size_bytes).label("size")).select_from(documents)
    there = documents.c.document_id.not_in(select(erased_documents.c.document_id))
    row = session.all(sizes.where(there))[0]
    return int(row["count"]), int(row["size"] or 0)


def parts_of(session: ReadSession, document_id: str) -> tuple[Document, ...]:
    """The documents that ever came inside this mail or archive, also those that had come before by themselves."""
    inside = select(document_arrivals.c.document_id).where(document_arrivals.c.parent_id == document_id)
    query = select(documents).where(documents.c.document_id.in_(inside)).order_by(documents.c.document_id)
    return tuple(of_row(row) for row in session.all(query))


def arrivals(session: ReadSession, document_id: str) -> tuple[Arrival, ...]:
    """Each time this document's bytes came in, oldest first."""
    query = (
        select(document_arrivals)
        .where(document_arrivals.c.document_id == document_id)
        .order_by(document_arrivals.c.arrived_at, document_arrivals.c.arrival_id)
    )
    return tuple(
        Arrival(
            document_id=row["document_id"],
            file_name=row["file_name"],
            origin=row["origin"],
            arrived_at=row["arrived_at"],
            arrived_by=row["arrived_by"],
            parent_id=row["parent_id"],
        )
        for row in session.all(query)
    )


def pending_count(session: ReadSession) -> int:
    """How many documents are not decided yet, being worked on or not."""
    return int(session.scalar(select(func.count()).select_from(documents).where(UNDECIDED)))


def backlog(session: ReadSession, at: datetime) -> Backlog:
    """What waits. Nodes take the oldest first, so who works on what is found among the oldest ones."""
    c = documents.c
    columns = select(c.received_at, c.lease_until, c.attempts, c.state)
    head = session.all(columns.where(UNDECIDED).order_by(c.received_at, c.document_id).limit(_HEAD))
    held = [
        row["lease_until"] for row in head if row["state"] == DocumentState.WORKING and row["lease_until"] is not None
    ]
    return Backlog(
        waiting=pending_count(session) if len(head) == _HEAD else len(head),
        oldest_at=head[0]["received_at"] if head else None,
        leased=len(held),
        run_out=sum(until <= at for until in held),
        oldest_lease_until=min(held, default=None),
        tried_again=sum(row["attempts"] > 1 for row in head),
    )


def lease(session: WriteSession, *, node: str, at: datetime, lease_seconds: float) -> Lease | None:
    """Takes the oldest document that is undecided and that no living lease holds; None when there is none.

    In PostgreSQL nodes that ask at once pass over one another's rows; SQLite lets one writer in at a time.
    """
    query = (
        select(documents)
        .where(UNDECIDED, or_(documents.c.lease_until.is_(None), documents.c.lease_until <= at))
        .order_by(documents.c.received_at, documents.c.document_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.one_or_none(query)
    if row is None:
        return None
    until = at + timedelta(seconds=lease_seconds)
    taken = {
        "state": DocumentState.WORKING,
        "attempts": row["attempts"] + 1,
        "lease_node": node,
        "lease_until": until,
        "lease_token": row["lease_token"] + 1,
    }
    session.run(update(documents).where(documents.c.document_id == row["document_id"]).values(taken))
    return Lease(
        document=of_row({**row, **taken}),
        node=node,
        token=taken["lease_token"],
        attempts=taken["attempts"],
        lease_seconds=lease_seconds,
        until=until,
    )


def renew(session: WriteSession, lease: Lease, at: datetime) -> bool:
    """Says that the node still lives. False when another has the document or it is decided: stop working on it."""
    until = at + timedelta(seconds=lease.lease_seconds)
    return session.run(update(documents).where(_is_held(lease)).values(lease_until=until)) == 1


def complete(session: WriteSession, lease: Lease, at: datetime) -> None:
    """Marks the document decided. Call it in the transaction that stores the decision.

    Raises:
        ConflictError: `DOC-LEASE-LOST` when another node has taken the document over, or it is decided: the
            caller's transaction must not stand.
    """
    decided = {"state": DocumentState.DECIDED, "decided_at": at, "lease_node": None, "lease_until": None}
    if session.run(update(documents).where(_is_held(lease)).values(decided)) != 1:
        raise ConflictError(
            "DOC-LEASE-LOST",
            f"Another node has taken over document {lease.document.document_id}.",
            "Nothing is to be done: that node decides it. Where it happens often, raise CLEARHOLD_LEASE_SECONDS.",
        )


def release(session: WriteSession, lease: Lease) -> bool:
    """Gives the document back unread, as if it had not been taken: for a clean stop. False when it was lost before."""
    free = {
        "state": DocumentState.RECEIVED,
        "attempts": lease.attempts - 1,
        "lease_node": None,
        "lease_until": None,
    }
    return session.run(update(documents).where(_is_held(lease)).values(free)) == 1


def mark_unpacked(session: WriteSession, document_id: str, at: datetime) -> bool:
    """Marks a mail or archive decided whose papers were received in its stead. False when a node already has it."""
    waiting = and_(documents.c.document_id == document_id, documents.c.state == DocumentState.RECEIVED)
    decided = {"state": DocumentState.DECIDED, "decided_at": at}
    return session.run(update(documents).where(waiting).values(decided)) == 1


def reopen(session: WriteSession, document_id: str) -> bool:
    """Lets a decided document be read again, with all its attempts. False when it was not decided."""
    decided = and_(documents.c.document_id == document_id, documents.c.state == DocumentState.DECIDED)
    waiting = {"state": DocumentState.RECEIVED, "attempts": 0, "decided_at": None}
    return session.run(update(documents).where(decided).values(waiting)) == 1


def _is_held(lease: Lease) -> ColumnElement[bool]:
    return and_(
        documents.c.document_id == lease.document.document_id,
        documents.c.lease_token == lease.token,
        documents.c.state == DocumentState.WORKING,
    )


def _insert(dialect: str) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite

    return (postgresql if dialect == "postgresql" else sqlite).insert(documents)


def of_row(row: RowMapping | Mapping[str, Any]) -> Document:
    """A row as a record."""
    return Document(
        document_id=row["document_id"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        media_type=row["media_type"],
        file_name=row["file_name"],
        origin=row["origin"],
        received_at=row["received_at"],
        received_by=row["received_by"],
        state=DocumentState(row["state"]),
        attempts=row["attempts"],
        parent_id=row["parent_id"],
    )
