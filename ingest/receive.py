"""Receives a document: stored once by its hash, remembered each time it comes, refused only when there is nothing.

What cannot be read is received all the same. It ends as a case that says why, so that no paper is lost in silence.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert

from core.audit_log import append
from core.database import WriteSession
from core.documents import Document
from core.errors import InputError, TooLargeError
from core.ids import new_id
from ingest.documents import add, by_sha
from ingest.sniff import sniff
from ingest.store import DocumentStore
from ingest.tables import document_arrivals

ORIGINS = ("upload", "folder", "email")
FILE_NAME_LENGTH = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The document the bytes are, and whether they had never been seen before.

    Attributes:
        file_name: what they were called this time; the document keeps the name it came with first.
    """

    document: Document
    is_new: bool
    file_name: str


def receive(
    session: WriteSession,
    store: DocumentStore,
    data: bytes,
    *,
    file_name: str,
    origin: str,
    received_by: str,
    at: datetime,
    max_bytes: int,
    parent_id: str | None = None,
) -> Receipt:
    """Takes bytes in. The same bytes twice is one document; that they came again is remembered and audited.

    Args:
        file_name: what it was called, for people; nothing is concluded from it.
        received_by: `user:anna`, `key:mailbox`, `system`.
        max_bytes: limit of the settings.
        parent_id: the mail or archive it was taken from.

    Raises:
        InputError: `DOC-EMPTY` when there are no bytes, `DOC-ORIGIN` when the origin is none of `ORIGINS`.
        TooLargeError: `DOC-TOO-LARGE` when there are more than `max_bytes`.
    """
    refuse_at_the_door(len(data), max_bytes)
    if origin not in ORIGINS:
        raise InputError("DOC-ORIGIN", f"{origin!r} is no origin of a document.", f"Use one of {', '.join(ORIGINS)}.")
    document = Document(
        document_id=new_id("doc", at),
        sha256=store.put(data),
        size_bytes=len(data),
        media_type=sniff(data),
        file_name=plain_file_name(file_name),
        origin=origin,
        received_at=at,
        received_by=received_by,
        parent_id=parent_id,
    )
    known = None if add(session, document) else by_sha(session, document.sha256)
    kept = known or document
    _remember_arrival(session, replace(document, document_id=kept.document_id))
    append(
        session,
        at=at,
        actor=received_by,
        action="document.received" if known is None else "document.received_again",
        subject=f"document:{kept.document_id}",
        payload={
            "sha256": document.sha256,
            "size_bytes": document.size_bytes,
            "media_type": document.media_type,
            "file_name": document.file_name,
            "origin": origin,
            "parent_id": parent_id,
        },
    )
    return Receipt(document=kept, is_new=known is None, file_name=document.file_name)


def refuse_at_the_door(size_bytes: int, max_bytes: int) -> None:
    """Refuses what is empty or over the limit, before anything is stored.

    Raises:
        InputError: `DOC-EMPTY`.
        TooLargeError: `DOC-TOO-LARGE`.
    """
    if size_bytes == 0:
        raise InputError("DOC-EMPTY", "The file is empty.", "Ask the sender for it again.")
    if size_bytes > max_bytes:
        raise TooLargeError(
            "DOC-TOO-LARGE",
            f"The file has {size_bytes:,} bytes, more than the {max_bytes:,} allowed.",
            "Split it or scan it with fewer dots per inch, or raise CLEARHOLD_MAX_BYTES.",
        )


def plain_file_name(name: str) -> str:
    """The last part of a path as text any database and page can hold: no control characters, at most 255 long."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join("�" if unicodedata.category(letter) in {"Cc", "Cs", "Cf"} else letter for letter in last).strip()
    if len(shown) > FILE_NAME_LENGTH:
        stem, dot, ending = shown.rpartition(".")
        ending = f"…{dot}{ending}" if stem and len(ending) <= 10 else "…"
        shown = shown[: FILE_NAME_LENGTH - len(ending)] + ending
    return shown or "unnamed"


def _remember_arrival(session: WriteSession, document: Document) -> None:
    session.run(
        insert(document_arrivals).values(
            arrival_id=new_id("arr", document.received_at),
            document_id=document.document_id,
            parent_id=document.parent_id,
            file_name=document.file_name,
            origin=document.origin,
            arrived_at=document.received_at,
            arrived_by=document.received_by,
        )
    )
