"""The queue over HTTP: list, take, work on and end cases. Changes carry the case's version as `If-Match`."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response, status

from review_api import blinding, desk, desk_work, paper_desk, planning_schemas, schemas
from review_api.auth import Principal, allow, services_of
from review_api.conditions import etag, optional_version, required_version
from review_api.idempotency import IdempotentRoute
from review_api.queue_query import narrowing_of
from review_api.services import Services
from triage.case_records import CaseSummary, Resolution
from triage.narrowing import Narrowing
from triage.question_rules import Asked

Reading = Annotated[Principal, Depends(allow("cases.read"))]
Working = Annotated[Principal, Depends(allow("cases.work"))]
House = Annotated[Services, Depends(services_of)]
Version = Annotated[int, Depends(required_version)]
MaybeVersion = Annotated[int | None, Depends(optional_version)]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1/cases",
    tags=["cases"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 412, 422, 428)
    },
)


@router.get("")
def list_cases(
    *,
    house: House,
    principal: Reading,
    queue: str | None = None,
    state: Literal["open", "claimed", "waiting", "asked", "resolved"] | None = None,
    kind: str | None = None,
    outcome: Literal["sample", "hold", "block"] | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    claimed_by: str | None = None,
    needs_role: str | None = None,
    mine: Annotated[bool, Query(description="claimed by whoever asks, or given to whom they stand in for")] = False,
    narrowing: Annotated[Narrowing, Depends(narrowing_of)],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> schemas.CaseListOut:
    """What waits by expected money lost, then by age; then what has ended, the newest first."""
    if mine:
        shares = desk_work.presence(house).shares_of(principal.name)
        narrowing = replace(narrowing, user=principal.name, shares=shares)
    query = desk.CaseQuery(
        queue=queue,
        state=state,
        kind=kind,
        outcome=outcome,
        query=q,
        claimed_by=claimed_by,
        needs_role=needs_role,
        narrowing=narrowing,
    )
    page = desk.list_cases(house, query, after=cursor, limit=limit)
    return schemas.case_list(blinding.summaries(house, principal, page.cases), page.next_after)


@router.post("/next", responses={204: {"description": "no case waits"}})
def next_case(
    *, house: House, principal: Working, after: str | None = None, response: Response
) -> schemas.CaseOut | None:
    """Claims the most urgent case that nobody holds, or the one that comes `after` a case. Two never get the same.

    `Link: …; rel="next"` names the case that comes after it, which may be loaded ahead; nobody holds that one yet.
    """
    case = desk.next_case(house, principal, after)
    if case is None:
        response.status_code = status.HTTP_204_NO_CONTENT
        return None
    _link_next(response, desk.next_id(house, principal, case))
    return _told(case, house, principal, response)


@router.get("/{case_id}")
def show(
    *, house: House, principal: Reading, case_id: str, response: Response
) -> schemas.CaseDetailOut | schemas.PlanningCaseOut:
    """A case with everything behind it, and what whoever asks may do with it; `Link: …; rel="next"` as in `next`."""
    _link_next(response, desk.next_id(house, principal, desk.summary(house, case_id)))
    if desk.is_planning(house, case_id):
        planned = desk.show_planning(house, case_id)
        response.headers["ETag"] = etag(planned.summary.version)
        return schemas.planning_case(planned, desk.what_may(house, principal, case_id))
    detail = desk.show(house, case_id)
    response.headers["ETag"] = etag(detail.summary.version)
    blinded, may = blinding.blinded(house, principal, detail), desk.what_may(house, principal, case_id)
    return schemas.case_detail(blinded or detail, may, is_blind=blinded is not None)


@router.post("/{case_id}/claim")
def claim(*, house: House, principal: Working, case_id: str, version: Version, response: Response) -> schemas.CaseOut:
    """Claims a case for some minutes; again, to keep it."""
    return _told(desk.claim(house, principal, case_id, version), house, principal, response)


@router.post("/{case_id}/heartbeat")
def heartbeat(
    *, house: House, principal: Working, case_id: str, version: MaybeVersion, response: Response
) -> schemas.CaseOut:
    """Says that its holder still works on it. `If-Match` is not needed: it changes only the end of the claim."""
    return _told(desk.heartbeat(house, principal, case_id, version), house, principal, response)


@router.post("/{case_id}/release")
def release(*, house: House, principal: Working, case_id: str, version: Version, response: Response) -> schemas.CaseOut:
    """Gives a claimed case back to the queue."""
    return _told(desk.release(house, principal, case_id, version), house, principal, response)


@router.post("/{case_id}/resolve")
def resolve(
    *, house: House, principal: Working, case_id: str, version: Version, body: schemas.ResolveIn, response: Response
) -> schemas.CaseOut:
    """Ends a case with a reason, or has it wait for an answer; the override of a block needs two people."""
    case = desk.resolve(
        house,
        principal,
        case_id,
        resolution=body.resolution,
        reason_code=body.reason_code,
        comment=body.comment,
        version=version,
        choice=body.choice,
        asked=Asked(whom=body.whom, until=body.until),
        differs=body.differs,
    )
    return _told(case, house, principal, response)


@router.post("/{case_id}/approve")
def approve(
    *, house: House, principal: Working, case_id: str, version: Version, body: schemas.ApproveIn, response: Response
) -> schemas.CaseOut:
    """Approves a case with a reason."""
    case = desk.resolve(
        house,
        principal,
        case_id,
        resolution=Resolution.APPROVE,
        reason_code=body.reason_code,
        comment=body.comment,
        version=version,
        choice=body.choice,
    )
    return _told(case, house, principal, response)


@router.post("/{case_id}/escalate")
def escalate(
    *, house: House, principal: Working, case_id: str, version: Version, body: schemas.EscalateIn, response: Response
) -> schemas.CaseOut:
    """Hands a case to a higher role."""
    case = desk.escalate(house, principal, case_id, to_role=body.to_role, comment=body.comment, version=version)
    return _told(case, house, principal, response)


@router.post("/{case_id}/comment", status_code=status.HTTP_201_CREATED)
def comment(*, house: House, principal: Working, case_id: str, body: schemas.CommentIn) -> schemas.CommentOut:
    """Leaves a note. `If-Match` is not needed: it takes nothing away."""
    return schemas.CommentOut.model_validate(desk.comment(house, principal, case_id, body.text))


@router.post("/{case_id}/correct")
def correct(
    *, house: House, principal: Working, case_id: str, version: Version, body: schemas.CorrectIn, response: Response
) -> schemas.CaseOut:
    """Puts right what was misread; the paper is decided again at once."""
    places = paper_desk.places_of({name: (at.page, at.box, at.text) for name, at in body.places.items()})
    case = desk.correct(house, principal, case_id, changes=body.changes, places=places, version=version)
    return _told(case, house, principal, response)


@router.post("/{case_id}/try", dependencies=[Depends(allow("cases.work"))])
def try_change(*, house: House, case_id: str, body: schemas.CorrectIn) -> planning_schemas.TriedOut:
    """What the controls would say of another quantity or day of a recommendation; nothing is stored."""
    return planning_schemas.tried(desk.try_change(house, case_id, body.changes))


@router.post("/{case_id}/undo")
def undo(*, house: House, principal: Working, case_id: str, version: Version, response: Response) -> schemas.CaseOut:
    """Takes back one's own resolution, question or first check, until `undo_until`; then others know of it."""
    return _told(desk.undo(house, principal, case_id, version), house, principal, response)


def _link_next(response: Response, case_id: str | None) -> None:
    if case_id is not None:
        response.headers["Link"] = f'</v1/cases/{case_id}>; rel="next"'


def _told(case: CaseSummary, house: Services, principal: Principal, response: Response) -> schemas.CaseOut:
    response.headers["ETag"] = etag(case.version)
    return schemas.CaseOut.model_validate(blinding.summary(house, principal, case))
