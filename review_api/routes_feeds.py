"""ERP feeds over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, UploadFile

from review_api import feeding, house_schemas, schemas
from review_api.auth import Principal, allow, services_of
from review_api.idempotency import IdempotentRoute
from review_api.services import Services

Loading = Annotated[Principal, Depends(allow("feeds.write"))]
House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["feeds"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 413, 422)
    },
)


@router.get("/feeds", dependencies=[Depends(allow("feeds.read"))])
def freshness(house: House) -> list[house_schemas.FeedOut]:
    """Every feed, and when it was last loaded."""
    return [house_schemas.FeedOut.model_validate(feed) for feed in feeding.freshness(house)]


@router.post("/feeds/{name}")
def load(house: House, principal: Loading, name: str, file: UploadFile) -> house_schemas.FeedLoadOut:
    """Loads a file (CSV, Parquet, JSON Lines), all or nothing: rejected rows are listed with line and reason."""
    done = feeding.load(house, principal, name, file.file.read(), file.filename or name)
    return house_schemas.FeedLoadOut.model_validate(done)
