"""The policy before it is proposed, over HTTP: history, differences, drafts, checks, previews."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from review_api import policy_drafting, schemas
from review_api import policy_schemas as shapes
from review_api.auth import Principal, allow, services_of
from review_api.conditions import etag, optional_version
from review_api.idempotency import IdempotentRoute
from review_api.presenting import Reader
from review_api.preview_runs import PreviewRuns, previews_of
from review_api.rendering import reader
from review_api.services import Services
from triage.policy_drafts import PolicyDraft

House = Annotated[Services, Depends(services_of)]
Looking = Annotated[Principal, Depends(allow("policy.read"))]
Changing = Annotated[Principal, Depends(allow("policy.change"))]
Previews = Annotated[PreviewRuns, Depends(previews_of)]
Revision = Annotated[int | None, Depends(optional_version)]
Reading = Annotated[Reader, Depends(reader)]
Side = Annotated[str, Query(max_length=20, description="a version's number, `in_force`, `draft` or `proposal`")]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1/policy",
    tags=["policy"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 422)
    },
)


@router.get("/versions", dependencies=[Depends(allow("policy.read"))])
def versions(house: House) -> shapes.PolicyHistoryOut:
    """Every version that was in force and every proposal, with who proposed and who agreed."""
    return shapes.history_out(policy_drafting.history(house))


@router.get("/versions/{version}", dependencies=[Depends(allow("policy.read"))])
def version(house: House, version: int) -> shapes.PolicyTextOut:
    """One version as it was written."""
    return shapes.PolicyTextOut(version=version, text=policy_drafting.version_text(house, version))


@router.get("/differences")
def differences(
    *, house: House, principal: Looking, before: Side, after: Side, reading: Reading
) -> shapes.PolicyComparisonOut:
    """Two policies laid over one another: setting by setting, and line by line."""
    return shapes.comparison_out(policy_drafting.compare(house, principal, before, after), reading)


@router.post("/check", dependencies=[Depends(allow("policy.change"))])
def check(house: House, body: shapes.PolicyCheckIn, reading: Reading) -> shapes.PolicyCheckOut:
    """Everything that is wrong with a text, with line and remedy; without problems, what it would change."""
    return shapes.check_out(policy_drafting.check(house, body.text), reading)


@router.get("/draft")
def draft(house: House, principal: Changing, response: Response) -> shapes.PolicyDraftOut:
    """The person's own draft, or the policy in force to begin one from."""
    return _told(policy_drafting.draft(house, principal), response)


@router.put("/draft")
def save_draft(
    *, house: House, principal: Changing, revision: Revision, body: shapes.PolicyDraftIn, response: Response
) -> shapes.PolicyDraftOut:
    """Saves what the person has typed; with `If-Match` only over the revision they have before them."""
    return _told(
        policy_drafting.save_draft(house, principal, body.text, revision=revision, base=body.base_version), response
    )


@router.delete("/draft", status_code=status.HTTP_204_NO_CONTENT)
def discard_draft(house: House, principal: Changing) -> None:
    """Throws the person's draft away."""
    policy_drafting.discard_draft(house, principal)


@router.post("/previews", status_code=status.HTTP_202_ACCEPTED)
def start_preview(
    *, previews: Previews, principal: Changing, body: shapes.PolicyPreviewIn, response: Response
) -> shapes.PreviewRunOut:
    """Begins a preview and answers at once; `Location` tells how far it is."""
    run = previews.start(principal, body.text, since=body.since, until=body.until)
    response.headers["Location"] = f"/v1/policy/previews/{run.run_id}"
    return shapes.run_out(run, None)


@router.get("/previews/{run_id}")
def preview_run(house: House, principal: Changing, run_id: str) -> shapes.PreviewRunOut:
    """How far a preview is, and what came of it."""
    run = policy_drafting.run(house, principal, run_id)
    made = None if run.preview_hash is None else policy_drafting.find_preview(house, run.preview_hash)
    return shapes.run_out(run, made)


@router.get("/preview/{preview_hash}", dependencies=[Depends(allow("policy.read"))])
def preview(house: House, preview_hash: str) -> shapes.PolicyPreviewOut:
    """A preview that was made, such as that of the proposal which waits."""
    return shapes.PolicyPreviewOut.model_validate(policy_drafting.find_preview(house, preview_hash))


def _told(found: PolicyDraft, response: Response) -> shapes.PolicyDraftOut:
    response.headers["ETag"] = etag(found.revision)
    return shapes.PolicyDraftOut.model_validate(found)
