"""What other programs take away whole: the event log for process mining."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from core.audit_search import AuditFilter
from review_api import blinding, event_export, schemas
from review_api.auth import Principal, allow, services_of
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Auditing = Annotated[Principal, Depends(allow("audit.read"))]

router = APIRouter(
    prefix="/v1/export",
    tags=["export"],
    responses={code: {"model": schemas.Problem, "content": {"application/problem+json": {}}} for code in (401, 403)},
)


@router.get("/event-log", response_class=StreamingResponse, responses={200: {"content": {"application/json": {}}}})
def event_log(
    *, house: House, principal: Auditing, since: AwareDatetime | None = None, until: AwareDatetime | None = None
) -> StreamingResponse:
    """What happened, as an OCEL 2.0 log: all of it, or what lies between two instants. People are pseudonyms."""
    wanted = AuditFilter(since=since, until=until)
    pieces = event_export.event_log(house, principal, blinding.narrowed(house, principal, wanted))
    headers = {"Content-Disposition": 'attachment; filename="event-log.json"'}
    return StreamingResponse(pieces, media_type="application/json", headers=headers)
