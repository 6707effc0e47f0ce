"""What belongs to deciding a case beside its end: questions and answers, files, and the blind second check."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.errors import NotFoundError
from review_api import blinding
from review_api.auth import Principal
from review_api.papers import RENDER_DPI, Renderer
from review_api.services import Services
from triage import attachments, case_queue, case_rows, letters, questions
from triage.attachments import Attachment
from triage.case_records import PLANNING_KINDS, CaseDetail, CaseState, CaseSummary
from triage.letters import About, Letter
from triage.questions import Question

SHOWN_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "image/tiff"})
"""What a page of can be shown, as an image made in a limited child; anything else is only given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What the page of a case shows of it.

    Attributes:
        letter: what may be sent while an answer is awaited.
    """

    questions: tuple[Question, ...]
    attachments: tuple[Attachment, ...]
    letter: Letter | None


def deciding(services: Services, principal: Principal, case: CaseSummary, language: str | None = None) -> Deciding:
    """Questions, files, and the letter of the open question."""
    with services.db.read() as session:
        asked = questions.of_case(session, case.case_id)
        files = attachments.of_case(session, case.case_id)
    open_one = next((one for one in asked if one.ended is None), None)
    written = None
    if case.state is CaseState.ASKED and open_one is not None:
        written = letter(
            services, principal, case.case_id, reason_code=open_one.reason_code, question=open_one.text,
            until=open_one.until, language=language,
        )  # fmt: skip
    return Deciding(questions=asked, attachments=files, letter=written)


def letter(
    services: Services,
    principal: Principal,
    case_id: str,
    *,
    reason_code: str,
    question: str,
    until: datetime | None,
    language: str | None,
) -> Letter:
    """What whoever asks may send, in the paper's language where none is named and there is a letter in it."""
    days = services.policy.deciding.answer_days
    with services.db.read() as session:
        case = case_rows.get(session, case_id)
        about, spoken = _about(case), letters.ENGLISH
        if case.kind not in PLANNING_KINDS:
            detail = blinding.blinded_in(session, principal, case_queue.show(session, case_id))
            about, spoken = _about_paper(detail), detail.extraction.language or letters.ENGLISH
    return letters.letter(
        about,
        reason_code=reason_code,
        question=question,
        until=until or services.clock.now() + timedelta(days=days),
        sender=principal.name,
        language=language or spoken,
    )


def answer(
    services: Services, principal: Principal, case_id: str, *, text: str, version: int | None = None
) -> CaseSummary:
    """Records an answer; the case is in the queue again."""
    with services.db.write() as session:
        return questions.answer(
            session,
            case_id,
            user=principal.name,
            role=principal.role or "",
            at=services.clock.now(),
            text=text,
            version=version,
        )


def attach(services: Services, principal: Principal, case_id: str, data: bytes, file_name: str) -> Attachment:
    """Puts a file with a case."""
    with services.db.write() as session:
        return attachments.attach(
            session,
            services.store,
            case_id,
            data,
            file_name=file_name,
            user=principal.name,
            role=principal.role or "",
            at=services.clock.now(),
            max_bytes=services.settings.max_bytes,
        )


def attachments_of(services: Services, principal: Principal, case_id: str) -> tuple[Attachment, ...]:
    """The files of a case; none to who is to check it blind.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    with services.db.read() as session:
        is_blind = blinding.is_blind(session, principal, case_rows.get(session, case_id))
        return () if is_blind else attachments.of_case(session, case_id)


def questions_of(services: Services, principal: Principal, case_id: str) -> tuple[Question, ...]:
    """The questions of a case; none to who is to check it blind.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    with services.db.read() as session:
        is_blind = blinding.is_blind(session, principal, case_rows.get(session, case_id))
        return () if is_blind else questions.of_case(session, case_id)


def attachment(services: Services, case_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
    """A file of a case and its bytes."""
    with services.db.read() as session:
        kept = attachments.get(session, case_id, attachment_id)
    return kept, services.store.get(kept.sha256)


def attachment_page(services: Services, renderer: Renderer, case_id: str, attachment_id: str, number: int) -> bytes:
    """The PNG of one page of a file, made in a limited child, then kept beside those of papers.

    Raises:
        NotFoundError: `CASE-ATTACHMENT-NOT-FOUND`, `DOC-PAGE` where there is no such page to show.
    """
    from extraction.render import render_page

    file, data = attachment(services, case_id, attachment_id)
    image = services.pages.get(file.sha256, f"{number}.png")
    if image is not None:
        return image
    if file.media_type not in SHOWN_TYPES or not 1 <= number <= services.settings.max_pages:
        raise NotFoundError("DOC-PAGE", f"The file has no page {number} to show.", "Download it instead.")
    png: bytes = renderer.executor.submit(render_page, data, file.media_type, number, RENDER_DPI).result()
    return services.pages.put(file.sha256, f"{number}.png", png)


def _about(case: CaseSummary) -> About:
    return About(
        reference=case.case_id,
        what=case.subject,
        total=case.total,
        currency=case.currency,
        findings=[(code, "") for code in case.codes],
    )


def _about_paper(detail: CaseDetail) -> About:
    """The paper by its own number, so that whoever wrote it knows which it is."""
    case, fields = detail.summary, detail.extraction.fields
    number = next((fields[name].value for name in ("invoice_number", "shipment_number") if name in fields), None)
    found = [(one.code, one.message) for one in detail.decision.findings]
    return replace(_about(case), what=number or case.subject, findings=found)
