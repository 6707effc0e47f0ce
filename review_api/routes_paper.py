"""The page of a paper over HTTP: the words of a page, what a typed text is taken for, what is typed and not sent."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from review_api import paper_desk, schemas
from review_api.auth import Principal, allow, services_of
from review_api.idempotency import IdempotentRoute
from review_api.page_words import page_words
from review_api.presenting import Reader
from review_api.rendering import reader
from review_api.services import Services
from triage.drafts import Draft

Working = Annotated[Principal, Depends(allow("cases.work"))]
House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["cases"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 422)
    },
)


class CheckIn(BaseModel):
    """Texts by the field they are for; `printed` when they were taken from the page, and mean what the paper means."""

    model_config = ConfigDict(extra="forbid")

    values: Annotated[
        dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=1_000)]],
        Field(min_length=1, max_length=500),
    ]
    printed: bool = False


class CheckOut(BaseModel):
    """What the text is taken for, and why not where it is not."""

    field: str
    value: str = Field(description="as a correction would send it")
    shown: str = Field(description="as whoever asks writes it")
    ok: bool
    doubts: tuple[str, ...]
    code: str | None
    message: str | None
    remedy: str | None


class ChecksOut(BaseModel):
    """What each text is taken for."""

    values: list[CheckOut]


class DraftIn(BaseModel):
    """What is typed and not sent, by the name of what it is typed into; empty to forget it."""

    model_config = ConfigDict(extra="forbid")

    typed: dict[str, str]
    claim_token: int | None = None


class DraftOut(BaseModel):
    """What was typed and not sent."""

    model_config = ConfigDict(from_attributes=True)

    typed: dict[str, str]
    saved_at: datetime


@router.get(
    "/documents/{document_id}/pages/{number}/words",
    response_class=Response,
    dependencies=[Depends(allow("documents.read"))],
)
def words(request: Request, house: House, document_id: str, number: int) -> Response:
    """The words of a page, each with its box in PDF points from the upper left corner; pages count from 1."""
    found = page_words(house, request.app.state.word_reader, document_id, number)
    return Response(found, media_type="application/json", headers={"Cache-Control": "private, max-age=86400"})


@router.post("/cases/{case_id}/check", dependencies=[Depends(allow("cases.work"))])
def check(request: Request, house: House, case_id: str, body: CheckIn) -> ChecksOut:
    """Says what typed texts would be as fields' values, by the rules a correction follows; changes nothing."""
    seen_by = reader(request)
    found = paper_desk.check_values(house, seen_by, case_id, body.values, printed=body.printed)
    return ChecksOut(values=[_told(one, seen_by) for one in found])


@router.get("/cases/{case_id}/draft", responses={204: {"description": "nothing is typed and not sent"}})
def draft(house: House, principal: Working, case_id: str, response: Response) -> DraftOut | None:
    """What whoever asks has typed on a case and not sent."""
    return _draft(paper_desk.draft(house, principal, case_id), response)


@router.put("/cases/{case_id}/draft", responses={204: {"description": "nothing is kept"}})
def save_draft(house: House, principal: Working, case_id: str, body: DraftIn, response: Response) -> DraftOut | None:
    """Keeps what is typed and not sent, for whoever holds the case. `If-Match` is not needed: it changes no case."""
    kept = paper_desk.save_draft(house, principal, case_id, typed=body.typed, token=body.claim_token)
    return _draft(kept, response)


def _draft(found: Draft | None, response: Response) -> DraftOut | None:
    if found is None:
        response.status_code = status.HTTP_204_NO_CONTENT
        return None
    return DraftOut.model_validate(found)


def _told(found: paper_desk.CheckedValue, reader: Reader) -> CheckOut:
    problem = found.problem
    return CheckOut(
        field=found.field,
        value=found.value,
        shown=found.shown,
        ok=problem is None,
        doubts=found.doubts,
        code=problem.code if problem else None,
        message=reader.sentence(problem.message) if problem else None,
        remedy=reader.sentence(problem.remedy) if problem else None,
    )
