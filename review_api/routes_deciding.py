"""Deciding a case over HTTP: reasons, questions and answers, files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile, status
from pydantic import AwareDatetime

from review_api import decide_desk, decide_schemas, desk, schemas
from review_api.auth import Principal, allow, services_of
from review_api.conditions import etag, required_version
from review_api.downloads import download
from review_api.idempotency import IdempotentRoute
from review_api.services import Services
from triage.reasons import reasons_for

READING = [Depends(allow("cases.read"))]
Reading = Annotated[Principal, Depends(allow("cases.read"))]
Working = Annotated[Principal, Depends(allow("cases.work"))]
House = Annotated[Services, Depends(services_of)]
Version = Annotated[int, Depends(required_version)]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1/cases/{case_id}",
    tags=["cases"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 413, 422)
    },
)


@router.get("/reasons", dependencies=READING)
def reasons(house: House, case_id: str) -> dict[str, list[decide_schemas.ReasonOut]]:
    """The reasons that may be given for a case, by resolution, those for its own findings first."""
    offered = reasons_for(desk.summary(house, case_id))
    return {how: [decide_schemas.ReasonOut.model_validate(one) for one in some] for how, some in offered.items()}


@router.get("/questions")
def questions(house: House, principal: Reading, case_id: str) -> list[decide_schemas.QuestionOut]:
    """Every question that was asked about a case, the first one first. `resolve` as `request_information` asks one."""
    asked = decide_desk.questions_of(house, principal, case_id)
    return [decide_schemas.QuestionOut.model_validate(one) for one in asked]


@router.get("/letter")
def letter(
    *,
    house: House,
    principal: Reading,
    case_id: str,
    reason_code: Annotated[str, Query(max_length=40)] = "ask_supplier",
    question: Annotated[str, Query(max_length=4_000)] = "",
    until: AwareDatetime | None = None,
    language: Annotated[str | None, Query(max_length=8)] = None,
) -> decide_schemas.LetterOut:
    """What whoever asks may send, to copy: in the language of the paper, or the one that is named."""
    written = decide_desk.letter(
        house, principal, case_id, reason_code=reason_code, question=question, until=until, language=language
    )
    return decide_schemas.LetterOut.model_validate(written)


@router.post("/answer")
def answer(
    *,
    house: House,
    principal: Working,
    case_id: str,
    version: Version,
    body: decide_schemas.AnswerIn,
    response: Response,
) -> schemas.CaseOut:
    """Records the answer; the case is in the queue again."""
    case = decide_desk.answer(house, principal, case_id, text=body.text, version=version)
    response.headers["ETag"] = etag(case.version)
    return schemas.CaseOut.model_validate(case)


@router.post("/attachments", status_code=status.HTTP_201_CREATED)
def attach(*, house: House, principal: Working, case_id: str, file: UploadFile) -> decide_schemas.AttachmentOut:
    """Puts a file with a case, under the limits of papers. `If-Match` is not needed: it takes nothing away."""
    kept = decide_desk.attach(house, principal, case_id, file.file.read(), file.filename or "unnamed")
    return decide_schemas.AttachmentOut.model_validate(kept)


@router.get("/attachments")
def attachments(house: House, principal: Reading, case_id: str) -> list[decide_schemas.AttachmentOut]:
    """The files of a case, the first one first."""
    kept = decide_desk.attachments_of(house, principal, case_id)
    return [decide_schemas.AttachmentOut.model_validate(one) for one in kept]


@router.get("/attachments/{attachment_id}", response_class=Response, dependencies=READING)
def attachment(house: House, case_id: str, attachment_id: str) -> Response:
    """A file as it came. Always a download: what somebody sent is never shown as a page of this site."""
    kept, data = decide_desk.attachment(house, case_id, attachment_id)
    return download(data, kept.file_name)


@router.get("/attachments/{attachment_id}/pages/{number}.png", response_class=Response, dependencies=READING)
def attachment_page(request: Request, house: House, case_id: str, attachment_id: str, number: int) -> Response:
    """A page of a PDF or an image as an image made by a limited child; pages count from 1."""
    image = decide_desk.attachment_page(house, request.app.state.renderer, case_id, attachment_id, number)
    return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})
