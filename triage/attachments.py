"""Files people put with a case: a supplier's answer, a photograph of the goods, kept once by their bytes as papers are.

Nothing is concluded from them and nothing runs them; they are given back as they came.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from ingest.receive import plain_file_name, refuse_at_the_door
from ingest.sniff import sniff
from ingest.store import DocumentStore
from triage import case_rows, case_rules
from triage.deciding_tables import case_attachments

MOST_A_CASE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file put with a case; `media_type` is what its bytes are, whatever it is called."""

    attachment_id: str
    case_id: str
    at: datetime
    author: str
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str


def attach(
    session: WriteSession,
    store: DocumentStore,
    case_id: str,
    data: bytes,
    *,
    file_name: str,
    user: str,
    role: str,
    at: datetime,
    max_bytes: int,
) -> Attachment:
    """Puts a file with a case, whoever holds it and even after its end.

    Raises:
        ForbiddenError: `CASE-ROLE`.
        InputError: `DOC-EMPTY`.
        TooLargeError: `DOC-TOO-LARGE`.
        NotFoundError: `CASE-NOT-FOUND`.
        ConflictError: `CASE-ATTACHMENTS-FULL`.
    """
    case_rules.check_role(role)
    refuse_at_the_door(len(data), max_bytes)
    audit_log.lock_chain(session)
    case_rows.get(session, case_id)
    kept = select(func.count()).where(case_attachments.c.case_id == case_id)
    if int(session.scalar(kept) or 0) >= MOST_A_CASE:
        raise ConflictError(
            "CASE-ATTACHMENTS-FULL",
            f"A case takes {MOST_A_CASE} files; this one has them.",
            "Put the files into one archive, or leave a comment saying where they are.",
        )
    attachment = Attachment(
        attachment_id=new_id("att", at),
        case_id=case_id,
        at=at,
        author=user,
        file_name=plain_file_name(file_name),
        media_type=sniff(data),
        size_bytes=len(data),
        sha256=store.put(data),
    )
    row = {column.name: getattr(attachment, column.name) for column in case_attachments.c}
    session.run(case_attachments.insert(), [row])
    told = {name: row[name] for name in ("attachment_id", "file_name", "media_type", "size_bytes", "sha256")}
    audit_log.append(
        session, at=at, actor=f"user:{user}", action="case.attached", subject=f"case:{case_id}", payload=told
    )
    return attachment


def of_case(session: ReadSession, case_id: str) -> tuple[Attachment, ...]:
    """Every file put with a case, the first one first."""
    found = select(case_attachments).where(case_attachments.c.case_id == case_id)
    return tuple(_attachment(row) for row in session.all(found.order_by(case_attachments.c.attachment_id)))


def stored_hashes(session: ReadSession) -> tuple[str, ...]:
    """The hash of every file that was put with a case."""
    return tuple(row[0] for row in session.rows(select(case_attachments.c.sha256).distinct()))


def get(session: ReadSession, case_id: str, attachment_id: str) -> Attachment:
    """One file of a case.

    Raises:
        NotFoundError: `CASE-ATTACHMENT-NOT-FOUND`.
    """
    c = case_attachments.c
    row = session.one_or_none(select(case_attachments).where(c.case_id == case_id, c.attachment_id == attachment_id))
    if row is None:
        raise NotFoundError(
            "CASE-ATTACHMENT-NOT-FOUND",
            f"The case has no file {attachment_id}.",
            "Look at the list of files on the case's page.",
        )
    return _attachment(row)


def _attachment(row: RowMapping) -> Attachment:
    return Attachment(**dict(row))
