"""Documents over HTTP: taken in, shown, rendered page by page, given back as they came."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, UploadFile, status

from review_api import document_schemas, papers, schemas
from review_api.auth import Principal, allow, services_of
from review_api.downloads import download
from review_api.idempotency import IdempotentRoute
from review_api.services import Services

READING = [Depends(allow("documents.read"))]
Reading = Annotated[Principal, Depends(allow("documents.read"))]
Writing = Annotated[Principal, Depends(allow("documents.write"))]
House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["documents"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 413, 422)
    },
)


@router.post("/documents", status_code=status.HTTP_202_ACCEPTED)
def take_in(house: House, principal: Writing, file: UploadFile) -> document_schemas.TakenInOut:
    """Takes a document in; it is read and decided later.

    Sending it again is safe, with and without an `Idempotency-Key`: the same bytes are the same document.
    """
    taken = papers.take_in(house, principal, file.file.read(), file.filename or "unnamed")
    parts = tuple(document_schemas.TakenOut.model_validate(one) for one in taken[1:])
    return document_schemas.TakenInOut(**document_schemas.TakenOut.model_validate(taken[0]).model_dump(), parts=parts)


@router.get("/documents/{document_id}")
def show(house: House, principal: Reading, document_id: str) -> document_schemas.DocumentOut:
    """Where a document stands, what it says, what was decided; to who is to check it blind, only what was read."""
    return document_schemas.document_detail(papers.show(house, principal, document_id))


@router.get("/documents/{document_id}/pages/{number}.png", response_class=Response, dependencies=READING)
def page_image(request: Request, house: House, document_id: str, number: int) -> Response:
    """A page as an image; pages count from 1."""
    image = papers.page_image(house, request.app.state.renderer, document_id, number)
    # The bytes of a document never change, so its image may be kept; by this browser only.
    return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


@router.get("/documents/{document_id}/original", response_class=Response, dependencies=READING)
def original(house: House, document_id: str) -> Response:
    """The document as it came. Always a download: what a stranger sent is never shown as a page of this site."""
    document, data = papers.original(house, document_id)
    return download(data, document.file_name)


@router.post("/extract", dependencies=[Depends(allow("documents.write"))])
def extract(request: Request, house: House, file: UploadFile) -> dict[str, Any] | list[dict[str, Any]]:
    """Reads a file now and stores nothing: one object, or a list where it holds several documents."""
    return papers.extract_now(house, request.app.state.renderer, file.file.read(), file.filename or "unnamed")
