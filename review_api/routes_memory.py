"""Supplier memory over HTTP: the corrections that count for later papers, and the end of one that should not."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from review_api import desk, schemas
from review_api.auth import Principal, allow, services_of
from review_api.idempotency import IdempotentRoute
from review_api.services import Services
from triage.memory import MemoryState

House = Annotated[Services, Depends(services_of)]
Withdrawing = Annotated[Principal, Depends(allow("memory.withdraw"))]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1/memory",
    tags=["memory"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 422)
    },
)


@router.get("")
def list_memory(
    *,
    house: House,
    principal: Annotated[Principal, Depends(allow("memory.read"))],
    field: Annotated[str | None, Query(max_length=60)] = None,
    state: MemoryState | None = None,
    cursor: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> schemas.MemoryListOut:
    """Remembered corrections from the newest back."""
    found = desk.list_memory(house, principal, field=field, state=state, after=cursor, limit=limit)
    more = found[-1].memory_id if len(found) == limit else None
    return schemas.MemoryListOut(memory=[schemas.MemoryOut.model_validate(one) for one in found], next_cursor=more)


@router.post("/{memory_id}/withdraw")
def withdraw(house: House, principal: Withdrawing, memory_id: str) -> schemas.MemoryOut:
    """Ends what a correction does to later papers: an approver any, others their own. The case it was made on stays."""
    return schemas.MemoryOut.model_validate(desk.withdraw_memory(house, principal, memory_id))
