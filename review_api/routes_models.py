"""The models of the house over HTTP: which are loaded, which fit no more, and which files are refused and why."""

from typing import Annotated

from fastapi import APIRouter, Depends

from review_api import house_models, house_schemas, schemas
from review_api.auth import allow, services_of
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    prefix="/v1",
    tags=["models"],
    dependencies=[Depends(allow("models.read"))],
    responses={code: {"model": schemas.Problem, "content": {"application/problem+json": {}}} for code in (401, 403)},
)


@router.get("/models")
def models(house: House) -> list[house_schemas.ModelOut]:
    """Every model there can be: its version, or why it is refused or a misfit. A missing one changes nothing else."""
    return [house_schemas.model_out(one) for one in house_models.of_house(house)]
