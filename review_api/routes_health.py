"""Whether the service lives, and whether it may be asked: outside `/v1`, for whoever watches over it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from core.limited import readers_in_a_word
from review_api import house_models, schemas
from review_api.auth import services_of
from review_api.routes_metrics import watch_of
from review_api.services import Services
from review_api.watching import readiness
from review_api.watching.watch import Watch

router = APIRouter(tags=["health"])


@router.get("/livez")
def livez() -> schemas.HealthOut:
    """The process answers."""
    return schemas.HealthOut(status="alive")


@router.get("/readyz", responses={503: {"model": schemas.Problem, "content": {"application/problem+json": {}}}})
def readyz(
    house: Annotated[Services, Depends(services_of)], watch: Annotated[Watch, Depends(watch_of)]
) -> schemas.ReadyOut:
    """Whether answers are right now, and beside it all that is slower or less than it should be, with a remedy each."""
    found = readiness.checks(house, watch.house)
    return schemas.ReadyOut(
        status="ready",
        checks=[
            schemas.CheckOut(name=one.name, status=one.status.value, message=one.message, remedy=one.remedy)
            for one in found
        ],
        models=house_models.in_a_word(house),
        documents=house.store.in_a_word(),
        readers=readers_in_a_word(),
    )
