"""The policy over HTTP: the one in force, a draft's preview, a proposal, and the second person's agreement."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from review_api import policy_desk, schemas
from review_api import policy_schemas as shapes
from review_api.auth import Principal, allow, services_of
from review_api.conditions import etag, required_version
from review_api.idempotency import IdempotentRoute
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Changing = Annotated[Principal, Depends(allow("policy.change"))]
Version = Annotated[int, Depends(required_version)]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1/policy",
    tags=["policy"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 412, 422, 428)
    },
)


@router.get("", dependencies=[Depends(allow("policy.read"))])
def show(house: House, response: Response) -> shapes.PolicyOut:
    """The policy in force, as it was applied, and the proposal that waits."""
    return _told(policy_desk.view(house), response)


@router.post("/preview")
def preview(house: House, principal: Changing, body: shapes.PolicyPreviewIn) -> shapes.PolicyPreviewOut:
    """Judges the papers of the past under a draft. Its `preview_hash` is what `PUT /v1/policy` asks for."""
    found = policy_desk.preview(house, principal, body.text, since=body.since, until=body.until)
    return shapes.PolicyPreviewOut.model_validate(found)


@router.put("", responses={202: {"model": shapes.PolicyOut, "description": "proposed; a second person must agree"}})
def put(
    *, house: House, principal: Changing, version: Version, body: shapes.PolicyIn, response: Response
) -> shapes.PolicyOut:
    """Proposes a policy that was previewed (202); the same from a second person puts it in force (200)."""
    after = policy_desk.apply(house, principal, body.text, body.preview_hash, version=version)
    response.status_code = status.HTTP_200_OK if after.pending is None else status.HTTP_202_ACCEPTED
    return _told(after, response)


@router.post("/withdraw")
def withdraw(house: House, principal: Changing, body: shapes.ReasonIn) -> shapes.PolicyProposalOut:
    """Takes one's own proposal back, with a reason."""
    return shapes.proposal_out(policy_desk.withdraw(house, principal, body.reason))


@router.post("/reject")
def reject(house: House, principal: Changing, body: shapes.ReasonIn) -> shapes.PolicyProposalOut:
    """Refuses another's proposal, with a reason."""
    return shapes.proposal_out(policy_desk.reject(house, principal, body.reason))


def _told(view: policy_desk.PolicyView, response: Response) -> shapes.PolicyOut:
    response.headers["ETag"] = etag(view.active.version)
    return shapes.policy_out(view.active, view.pending)
