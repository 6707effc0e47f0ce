"""The audit chain over HTTP, for who may read it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from review_api import desk, schemas
from review_api.auth import allow, services_of
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    prefix="/v1/audit",
    tags=["audit"],
    dependencies=[Depends(allow("audit.read"))],
    responses={code: {"model": schemas.Problem, "content": {"application/problem+json": {}}} for code in (401, 403)},
)


@router.get("")
def entries(
    house: House,
    subject: Annotated[str | None, Query(max_length=300)] = None,
    cursor: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> schemas.AuditOut:
    """Entries from the newest back, of one subject (`case:case_…`) or of all."""
    found, _ = desk.audit(house, subject=subject, before=cursor, limit=limit)
    more = str(found[-1].sequence) if len(found) == limit else None
    return schemas.AuditOut(entries=[schemas.AuditEntryOut.model_validate(one) for one in found], next_cursor=more)


@router.get("/checkpoints")
def checkpoints(house: House) -> list[schemas.CheckpointOut]:
    """Signed heads of the chain, from outside the database; every signature was tested."""
    from core.checkpoints import read_checkpoints

    return [schemas.CheckpointOut.model_validate(one) for one in read_checkpoints(house.settings.checkpoints())]
