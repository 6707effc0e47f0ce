"""The audit chain over HTTP, for who may read it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from core.audit_search import AuditFilter
from review_api import audit_desk, audit_schemas, schemas
from review_api.auth import Principal, allow, services_of
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Auditing = Annotated[Principal, Depends(allow("audit.read"))]

router = APIRouter(
    prefix="/v1/audit",
    tags=["audit"],
    dependencies=[Depends(allow("audit.read"))],
    responses={code: {"model": schemas.Problem, "content": {"application/problem+json": {}}} for code in (401, 403)},
)


def wanted_of(
    subject: Annotated[str | None, Query(max_length=300)] = None,
    action: Annotated[str | None, Query(max_length=100)] = None,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> AuditFilter:
    """What is asked for: one subject, one kind of act (`case.resolved`) or a group (`case.*`), one person, a time."""
    return audit_desk.filter_of(subject=subject, action=action, actor=actor, since=since, until=until)


Filter = Annotated[AuditFilter, Depends(wanted_of)]


@router.get("")
def entries(
    *,
    house: House,
    principal: Auditing,
    wanted: Filter,
    related: bool = False,
    cursor: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> audit_schemas.AuditOut:
    """Entries from the newest back; `related` adds those about the paper of a case and the cases of a paper."""
    found = audit_desk.find(house, principal, wanted, before=cursor, limit=limit, related=related)
    more = None if found.next_before is None else str(found.next_before)
    return audit_schemas.AuditOut(
        entries=[audit_schemas.AuditEntryOut.model_validate(one) for one in found.entries], next_cursor=more
    )


@router.get("/export", response_class=StreamingResponse, responses={200: {"content": {"application/zip": {}}}})
def export(*, house: House, principal: Auditing, wanted: Filter, related: bool = False) -> StreamingResponse:
    """The entries as a zip with a program that verifies them, which needs nothing but Python."""
    name, pieces = audit_desk.export(house, principal, wanted, related=related)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


@router.get("/verification")
def verification(house: House) -> audit_schemas.AuditVerifiedOut:
    """How far the chain is verified, when, and what was found."""
    return audit_schemas.AuditVerifiedOut.model_validate(audit_desk.verified(house))


@router.get("/checkpoints")
def checkpoints(house: House) -> list[audit_schemas.CheckpointOut]:
    """Signed heads of the chain, from outside the database; every signature was tested."""
    from core.checkpoints import read_checkpoints

    return [audit_schemas.CheckpointOut.model_validate(one) for one in read_checkpoints(house.settings.checkpoints())]
