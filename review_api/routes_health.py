"""Whether the service lives, and whether it may be asked: outside `/v1`, for whoever watches over it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from core.errors import UnavailableError
from core.limited import readers_in_a_word
from review_api import house_models, schemas
from review_api.auth import services_of
from review_api.services import Services

router = APIRouter(tags=["health"])


@router.get("/livez")
def livez() -> schemas.HealthOut:
    """The process answers."""
    return schemas.HealthOut(status="alive")


@router.get("/readyz", responses={503: {"model": schemas.Problem, "content": {"application/problem+json": {}}}})
def readyz(house: Annotated[Services, Depends(services_of)]) -> schemas.ReadyOut:
    """The database answers and is at the newest schema; beside it, how it stands with models and reading processes."""
    if not house.db.is_migrated():
        raise UnavailableError(
            "DB-SCHEMA", "The database is not at the newest schema.", "Start `clearhold serve` anew."
        )
    return schemas.ReadyOut(
        status="ready",
        models=house_models.in_a_word(house),
        documents=house.store.in_a_word(),
        readers=readers_in_a_word(),
    )
