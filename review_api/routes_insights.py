"""Figures over HTTP: what each error promise stands at, as numbers and as a picture, and how the models do."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from core.canonical import to_jsonable
from review_api import model_insights, promising, schemas
from review_api.auth import allow, services_of
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    prefix="/v1/insights",
    tags=["insights"],
    dependencies=[Depends(allow("policy.read"))],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}} for code in (401, 403, 404)
    },
)


@router.get("/promise")
def promise(house: House) -> dict[str, Any]:
    """Promises by kind of paper: thresholds, what they rest on, blind checks, and what is missing."""
    told: dict[str, Any] = to_jsonable(promising.promises(house))
    return told


@router.get("/promise.svg", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def promise_picture(house: House, kind: str = "invoice") -> Response:
    """Touchless share against risk, with today's point on it."""
    return Response(promising.picture(house, kind), media_type="image/svg+xml")


@router.get("/models")
def models(house: House) -> dict[str, Any]:
    """By month and model: how far it moved from its training, and how it turned out where that is known."""
    return model_insights.as_json(model_insights.months(house))
