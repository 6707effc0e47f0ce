"""Documents as the outside asks for them: taken in, shown, rendered page by page, given back as they came."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.database import ReadSession
from core.decisions import Outcome
from core.documents import Document, DocumentState
from core.errors import InputError, NotFoundError
from core.settings import Settings
from ingest import documents, erasures
from review_api import blinding
from review_api.auth import Principal
from review_api.paper_heads import subject_of, total_of
from review_api.services import Services
from triage import case_rows, decisions
from triage.case_records import CaseState, CaseSummary
from triage.decisions import StoredDecision, StoredExtraction

RENDER_DPI = 130
LIST_LIMIT = 50
_SCANNED_AT_ONCE = 200
_WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDetail:
    """A document, what it says, what was decided, its newest case (None where it has not come so far), its parts.

    Attributes:
        is_blind: whoever asks is to check it blind: it is told as the machine read it, and nothing else of it is.
    """

    document: Document
    extraction: StoredExtraction | None
    decision: StoredDecision | None
    case: CaseSummary | None
    parts: tuple[Document, ...] = ()
    is_blind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """One line of the list of documents."""

    href: str
    state: str
    outcome: str | None
    subject: str
    total: Decimal | None
    currency: str | None
    file_name: str
    why: str
    received_at: datetime
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperList:
    """A part of the list, the cursor of the next part, and how many papers there are of each outcome."""

    rows: tuple[PaperRow, ...]
    next_before: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A document that came in, and whether its bytes are new."""

    document_id: str
    sha256: str
    is_new: bool


class Renderer:
    """The limited child that renders pages and reads for `/v1/extract`; the worker's may be busy for long."""

    def __init__(self, settings: Settings, executor: Executor | None = None) -> None:
        self._settings = settings
        self._executor = executor
        self._gate = threading.Lock()

    @property
    def executor(self) -> Executor:
        """Started when it is first asked for."""
        from core.limited import LimitedExecutor, ProcessLimits

        with self._gate:
            if self._executor is None:
                limits = ProcessLimits(
                    seconds=self._settings.read_seconds, memory_bytes=self._settings.read_memory_bytes
                )
                self._executor = LimitedExecutor(1, limits=limits)
            return self._executor

    def close(self) -> None:
        """Ends the child."""
        with self._gate:
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)
                self._executor = None


def take_in(services: Services, principal: Principal, data: bytes, file_name: str) -> tuple[Taken, ...]:
    """Receives a file; a mail or an archive is received with every paper in it."""
    from ingest.intake import take_in as intake

    receipts = intake(
        services.db,
        services.store,
        data,
        file_name=file_name,
        origin="upload",
        received_by=principal.actor,
        at=services.clock.now(),
        settings=services.settings,
        executor=services.reader,
    )
    return tuple(
        Taken(document_id=one.document.document_id, sha256=one.document.sha256, is_new=one.is_new) for one in receipts
    )


def show(services: Services, principal: Principal, document_id: str) -> PaperDetail:
    """Everything about one document that this person may know.

    Raises:
        NotFoundError: `DOC-NOT-FOUND`.
    """
    with services.db.read() as session:
        found = PaperDetail(
            document=documents.get(session, document_id),
            extraction=decisions.latest_extraction(session, document_id),
            decision=decisions.latest_decision(session, document_id),
            case=_newest_case(session, document_id),
            parts=documents.parts_of(session, document_id),
        )
        if not blinding.is_blind(session, principal, found.case):
            return found
        return replace(found, extraction=blinding.as_read(session, document_id), decision=None, is_blind=True)


def original(services: Services, document_id: str) -> tuple[Document, bytes]:
    """The document and its bytes."""
    with services.db.read() as session:
        erasures.check_there(session, document_id)
        document = documents.get(session, document_id)
    return document, services.store.get(document.sha256)


def page_image(services: Services, renderer: Renderer, document_id: str, number: int) -> bytes:
    """The PNG of one page: rendered once, in a limited child, then kept beside the database.

    Raises:
        NotFoundError: `DOC-NOT-FOUND`, `DOC-PAGE` when there is no such page.
    """
    from extraction.render import render_page

    with services.db.read() as session:
        erasures.check_there(session, document_id)
        document = documents.get(session, document_id)
    kept = services.pages.get(document.sha256, f"{number}.png")
    if kept is not None:
        return kept
    if not 1 <= number <= services.settings.max_pages:
        raise NotFoundError("DOC-PAGE", f"The document has no page {number}.", "Pages count from 1.")
    data = services.store.get(document.sha256)
    png: bytes = renderer.executor.submit(render_page, data, document.media_type, number, RENDER_DPI).result()
    return services.pages.put(document.sha256, f"{number}.png", png)


def extract_now(
    services: Services, renderer: Renderer, data: bytes, file_name: str
) -> dict[str, Any] | list[dict[str, Any]]:
    """Reads a file and tells what it says, of several documents in it each; nothing is stored."""
    from core.documents_json import extraction_to_json
    from extraction.parts import Several
    from extraction.pipeline import ReadOptions, read_and_extract, read_documents

    if not data:
        raise InputError("DOC-EMPTY", "The file is empty.", "Ask the sender for it again.")
    options = ReadOptions.from_settings(services.settings, knowledge=services.knowledge)
    result = renderer.executor.submit(read_documents, data, options).result()
    if not isinstance(result, Several):
        return extraction_to_json(result, path=file_name)
    objects = []
    for part in result.parts:
        extraction = renderer.executor.submit(read_and_extract, part.data, options).result()
        about = {"path": file_name, "part": part.to_json(len(result.parts))}
        objects.append(about | extraction_to_json(extraction))
    return objects


def pending_count(services: Services) -> int:
    """How many documents wait to be read."""
    with services.db.read() as session:
        return documents.pending_count(session)


def list_papers(
    services: Services, principal: Principal, *, outcome: str | None, query: str, before: str | None
) -> PaperList:
    """Documents from the newest back, cleared ones too, narrowed to an outcome (`waiting`: none yet) and to words."""
    with services.db.read() as session:
        outcomes = decisions.outcomes(session)
        rows: list[PaperRow] = []
        last: Document | None = documents.get(session, before) if before else None
        for document in _from_newest(session, last):
            decided = outcomes.get(document.document_id)
            if outcome is None or outcome == (decided.value if decided else _WAITING):
                row = _row(session, principal, document, decided)
                if query.lower() in f"{row.subject} {row.file_name} {row.why}".lower():
                    rows.append(row)
            last = document
            if len(rows) == LIST_LIMIT:
                break
        more = last.document_id if last is not None and len(rows) == LIST_LIMIT else None
        counted = Counter(decided.value for decided in outcomes.values())
        waiting = documents.pending_count(session)
    return PaperList(
        rows=tuple(rows),
        next_before=more,
        counts={**{one.value: counted[one.value] for one in Outcome}, _WAITING: waiting},
    )


def _from_newest(session: ReadSession, last: Document | None) -> Iterator[Document]:
    while page := documents.newest(session, before=last, limit=_SCANNED_AT_ONCE):
        yield from page
        last = page[-1]


def _row(session: ReadSession, principal: Principal, document: Document, outcome: Outcome | None) -> PaperRow:
    case = _newest_case(session, document.document_id)
    is_blind = blinding.is_blind(session, principal, case)
    said = blinding.as_read if is_blind else decisions.latest_extraction
    read = said(session, document.document_id)
    extraction = read.extraction if read else None
    total, currency = total_of(extraction)
    href = f"/cases/{case.case_id}" if case else f"/documents/{document.document_id}"
    return PaperRow(
        href=href,
        state="unpacked" if document.state is DocumentState.DECIDED else "waits to be read",
        outcome=outcome.value if outcome else None,
        subject=subject_of(document, extraction),
        total=total,
        currency=currency,
        file_name=document.file_name,
        why=_why(case, outcome),
        received_at=document.received_at,
        origin=document.origin,
    )


def _newest_case(session: ReadSession, document_id: str) -> CaseSummary | None:
    every = case_rows.of_document(session, document_id)
    return every[-1] if every else None


def _why(case: CaseSummary | None, outcome: Outcome | None) -> str:
    if case is None:
        return "every control passed" if outcome is Outcome.CLEAR else ""
    if case.state is CaseState.RESOLVED and case.resolution:
        return f"{case.resolution.replace('_', ' ')} by {case.resolved_by}: {case.headline}"
    return case.headline
