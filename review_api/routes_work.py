"""Shared work over HTTP: who has a case, who is away, saved filters of the queue, and many cases at once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from review_api import desk_work, schemas, work_schemas
from review_api.auth import Principal, allow, services_of
from review_api.conditions import etag, required_version
from review_api.idempotency import IdempotentRoute
from review_api.services import Services

Working = Annotated[Principal, Depends(allow("cases.work"))]
Filtering = Annotated[Principal, Depends(allow("filters"))]
Away = Annotated[Principal, Depends(allow("absences.change"))]
House = Annotated[Services, Depends(services_of)]
Version = Annotated[int, Depends(required_version)]

COUNTS_SECONDS = 15
"""So long a browser shows the numbers of saved filters without asking again."""

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["work"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (400, 401, 403, 404, 409, 412, 422, 428)
    },
)


@router.post("/cases/{case_id}/assign")
def assign(
    *,
    house: House,
    principal: Working,
    case_id: str,
    version: Version,
    body: work_schemas.AssignIn,
    response: Response,
) -> work_schemas.AssignedOut:
    """Gives a case to a person: anybody to themselves, an approver to anybody; an absent one's substitute gets it."""
    case, receiver = desk_work.assign(house, principal, case_id, to=body.to, comment=body.comment, version=version)
    response.headers["ETag"] = etag(case.version)
    return work_schemas.assigned(case, receiver)


@router.post("/cases/{case_id}/unassign")
def unassign(
    *, house: House, principal: Working, case_id: str, version: Version, response: Response
) -> schemas.CaseOut:
    """Takes a case off the person it was given to: it is everybody's again."""
    case = desk_work.unassign(house, principal, case_id, version)
    response.headers["ETag"] = etag(case.version)
    return schemas.CaseOut.model_validate(case)


@router.get("/absences", dependencies=[Depends(allow("absences.read"))])
def list_absences(house: House, person: str | None = None) -> work_schemas.AbsenceListOut:
    """Who is away when, and who stands in: absences that are not over, and those of the last month."""
    found = desk_work.list_absences(house, person)
    return work_schemas.AbsenceListOut(absences=[work_schemas.AbsenceOut.model_validate(one) for one in found])


@router.post("/absences", status_code=status.HTTP_201_CREATED)
def add_absence(house: House, principal: Away, body: work_schemas.AbsenceIn) -> work_schemas.AbsenceOut:
    """Says that somebody will be away: oneself, or anybody for an approver or administrator."""
    made = desk_work.add_absence(
        house,
        principal,
        person=body.person or principal.name,
        first_day=body.first_day,
        last_day=body.last_day,
        substitute=body.substitute,
    )
    return work_schemas.AbsenceOut.model_validate(made)


@router.delete("/absences/{absence_id}", status_code=status.HTTP_204_NO_CONTENT)
def end_absence(house: House, principal: Away, absence_id: str) -> None:
    """Says that somebody is back, or will not be away after all."""
    desk_work.end_absence(house, principal, absence_id)


@router.get("/filters")
def list_filters(house: House, principal: Filtering) -> work_schemas.FilterListOut:
    """One's own saved filters, and those of the team."""
    found = desk_work.list_filters(house, principal)
    return work_schemas.FilterListOut(filters=[work_schemas.FilterOut.model_validate(one) for one in found])


@router.get("/filters/counts")
def count_filters(
    house: House, principal: Filtering, response: Response, ids: Annotated[list[str] | None, Query(alias="id")] = None
) -> work_schemas.FilterCountsOut:
    """How many cases these saved filters show now, all without a list; a long list is not counted to its end."""
    found = desk_work.count_filters(house, principal, ids or ())
    response.headers["Cache-Control"] = f"private, max-age={COUNTS_SECONDS}"
    return work_schemas.FilterCountsOut(
        counts={
            filter_id: work_schemas.FilterCount(count=count, is_more=count >= desk_work.COUNTED_TO)
            for filter_id, count in found.items()
        }
    )


@router.post("/filters", status_code=status.HTTP_201_CREATED)
def save_filter(house: House, principal: Filtering, body: work_schemas.FilterIn) -> work_schemas.FilterOut:
    """Names a filter; one's own of the same name is replaced."""
    saved = desk_work.save_filter(house, principal, name=body.name, query=body.query, shared=body.shared)
    return work_schemas.FilterOut.model_validate(saved)


@router.put("/filters/{filter_id}")
def rename_filter(
    house: House, principal: Filtering, filter_id: str, body: work_schemas.RenameIn
) -> work_schemas.FilterOut:
    """Gives one's filter another name, and says whether the team sees it."""
    saved = desk_work.rename_filter(house, principal, filter_id, name=body.name, shared=body.shared)
    return work_schemas.FilterOut.model_validate(saved)


@router.delete("/filters/{filter_id}", status_code=status.HTTP_204_NO_CONTENT)
def remove_filter(house: House, principal: Filtering, filter_id: str) -> None:
    """Takes one's filter away."""
    desk_work.remove_filter(house, principal, filter_id)


@router.post("/bulk/preview")
def preview_bulk(house: House, principal: Working, body: work_schemas.BulkPreviewIn) -> work_schemas.BulkPreviewOut:
    """What an action would make of many cases of one code: which end, which need a second person, which not and why."""
    return work_schemas.preview(desk_work.foresee(house, principal, body.asked, body.cases))


@router.post("/bulk")
def do_bulk(house: House, principal: Working, body: work_schemas.BulkIn) -> work_schemas.BulkOut:
    """Does it, case by case in the version that was seen; what has changed since is left alone. Needs no `If-Match`."""
    chosen = [(one.case_id, one.version) for one in body.cases]
    return work_schemas.done(desk_work.do_bulk(house, principal, body.asked, chosen, bulk_id=body.bulk_id))


@router.get("/bulk/{bulk_id}", dependencies=[Depends(allow("cases.read"))])
def show_bulk(house: House, bulk_id: str) -> work_schemas.BulkOut:
    """What became of each case of a bulk; also while it is being done."""
    return work_schemas.done(desk_work.show_bulk(house, bulk_id))
