"""Takes a file in: a paper as one document, a mail or archive as a document and every paper in it as its own.

What comes together is received together, in one transaction. A mail or archive whose papers were received is done
with; one that cannot be opened waits to be read like any paper, and its reading says in a case why it cannot be.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.audit_log import append, lock_chain
from core.database import Database, WriteSession
from core.errors import InputError
from core.settings import Settings
from ingest import documents
from ingest.containers import Part, UnpackLimits, unpack
from ingest.documents import Lease
from ingest.receive import Receipt, receive, refuse_at_the_door
from ingest.sniff import CONTAINER_TYPES, sniff
from ingest.store import DocumentStore

# A forwarded mail with an archive in it is daily work; deeper is a matryoshka.
MAX_MAILS_DEEP = 2
TREE_BYTES_FACTOR = 4


def take_in(
    db: Database,
    store: DocumentStore,
    data: bytes,
    *,
    file_name: str,
    origin: str,
    received_by: str,
    at: datetime,
    settings: Settings,
    executor: Executor | None = None,
) -> tuple[Receipt, ...]:
    """Receives a file and, where it is a mail or archive, every paper in it; the file itself comes first.

    Args:
        executor: where mails and archives are opened; a limited child process of its own when None.

    Raises:
        InputError: `DOC-EMPTY`: nothing was received.
        TooLargeError: `DOC-TOO-LARGE`: nothing was received.
        UnavailableError: the child process cannot run: nothing was received.
    """
    refuse_at_the_door(len(data), settings.max_bytes)
    opened = _open(Part(file_name, data), settings, executor)
    for file in opened.all():
        store.put(file.data)
    with db.write() as session:
        intake = _Intake(session, store, received_by, at, settings.max_bytes)
        intake.take(opened, origin, parent_id=None)
    return tuple(intake.receipts)


def receive_parts(
    db: Database, store: DocumentStore, lease: Lease, parts: tuple[Part, ...], *, at: datetime, max_bytes: int
) -> tuple[Receipt, ...]:
    """Receives the documents that a reader found in one file; the file itself is then done with.

    All in one transaction that the lease guards: killed before it, nothing was received and the file is read again.

    Raises:
        ConflictError: `DOC-LEASE-LOST` when another node has the file; nothing was received.
    """
    whole = lease.document
    for part in parts:
        store.put(part.data)
    with db.write() as session:
        lock_chain(session)
        documents.complete(session, lease, at)
        intake = _Intake(session, store, whole.received_by, at, max_bytes)
        for part in parts:
            paper = _Opened(file_name=part.file_name, data=part.data, media_type=whole.media_type)
            intake.take(paper, whole.origin, whole.document_id)
        intake.tell_unpacked(whole.document_id, intake.receipts, by=f"worker:{lease.node}")
    return tuple(intake.receipts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A file and what was in it; no parts when it is one paper or could not be opened."""

    file_name: str
    data: bytes
    media_type: str
    parts: tuple["_Opened", ...] = ()

    def all(self) -> list["_Opened"]:
        return [self, *(inner for part in self.parts for inner in part.all())]


@dataclass(slots=True)
class _Budget:
    """What all mails and archives of one file may unpack into together."""

    files: int
    bytes: int

    def limits(self, settings: Settings) -> UnpackLimits:
        return UnpackLimits(
            max_bytes=min(self.bytes, settings.max_bytes),
            max_files=self.files,
            max_ratio=settings.max_archive_ratio,
        )

    def spend(self, parts: tuple[Part, ...]) -> None:
        self.files -= len(parts)
        self.bytes -= sum(len(part.data) for part in parts)


def _open(file: Part, settings: Settings, executor: Executor | None) -> _Opened:
    if sniff(file.data) not in CONTAINER_TYPES:
        return _Opened(file_name=file.file_name, data=file.data, media_type=sniff(file.data))
    budget = _Budget(files=settings.max_archive_files, bytes=settings.max_bytes * TREE_BYTES_FACTOR)
    with _child(settings, executor) as child:
        return _open_container(file, (), budget, settings, child)


def _open_container(
    file: Part, within: tuple[str, ...], budget: _Budget, settings: Settings, child: Executor
) -> _Opened:
    media_type = sniff(file.data)
    closed = _Opened(file_name=file.file_name, data=file.data, media_type=media_type)
    if media_type not in CONTAINER_TYPES or within.count(media_type) >= _deepest(media_type):
        return closed
    try:
        parts = child.submit(unpack, file.data, media_type, budget.limits(settings)).result()
    except InputError:
        return closed
    budget.spend(parts)
    inner = (_open_container(part, (*within, media_type), budget, settings, child) for part in parts)
    return _Opened(file_name=file.file_name, data=file.data, media_type=media_type, parts=tuple(inner))


def _deepest(media_type: str) -> int:
    return MAX_MAILS_DEEP if media_type == "message/rfc822" else 1


def _child(settings: Settings, executor: Executor | None) -> AbstractContextManager[Executor]:
    if executor is not None:
        return nullcontext(executor)
    from core.limited import LimitedExecutor, ProcessLimits

    return LimitedExecutor(
        1, limits=ProcessLimits(seconds=settings.read_seconds, memory_bytes=settings.read_memory_bytes)
    )


@dataclass(slots=True)
class _Intake:
    """One transaction that receives a file and what was in it."""

    session: WriteSession
    store: DocumentStore
    received_by: str
    at: datetime
    max_bytes: int
    receipts: list[Receipt] = field(default_factory=list)

    def take(self, file: _Opened, origin: str, parent_id: str | None) -> Receipt:
        receipt = receive(
            self.session,
            self.store,
            file.data,
            file_name=file.file_name,
            origin=origin,
            received_by=self.received_by,
            at=self.at,
            max_bytes=self.max_bytes,
            parent_id=parent_id,
        )
        place = len(self.receipts)
        self.receipts.append(receipt)
        if file.parts:
            self.receipts[place] = self._with_parts(receipt, file, origin)
        return self.receipts[place]

    def _with_parts(self, receipt: Receipt, file: _Opened, origin: str) -> Receipt:
        """Receives what was in a mail or archive, which then needs no reading of its own."""
        container_id = receipt.document.document_id
        inside = "email" if file.media_type == "message/rfc822" else origin
        parts = [self.take(part, inside, container_id) for part in file.parts]
        was_waiting = documents.mark_unpacked(self.session, container_id, self.at)
        if was_waiting or any(part.is_new for part in parts):
            self.tell_unpacked(container_id, parts, by=self.received_by)
        return replace(receipt, document=documents.get(self.session, container_id))

    def tell_unpacked(self, container_id: str, parts: Sequence[Receipt], *, by: str) -> None:
        """Writes into the audit log what was in a file."""
        append(
            self.session,
            at=self.at,
            actor=by,
            action="document.unpacked",
            subject=f"document:{container_id}",
            payload={"parts": [part.document.document_id for part in parts]},
        )
