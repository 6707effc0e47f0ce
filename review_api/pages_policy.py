"""The policy's pages: what is in force, its history, a draft with its preview, and the second person's agreement."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import ClearholdError
from review_api import policy_desk, policy_drafting
from review_api.auth import Principal, allow_form, allow_page, services_of
from review_api.pages import header_feeds
from review_api.policy_drafting import IN_FORCE, PROPOSAL, Comparison
from review_api.policy_view import changed, hunks, sections
from review_api.preview_runs import PreviewRuns, previews_of
from review_api.preview_view import preview_view
from review_api.problems import status_of
from review_api.rendering import page, reader
from review_api.services import Services
from triage import policies
from triage.policies import POLICY_BYTES
from triage.policy_rules import APPROVER_ROLES, PolicyPreview
from triage.policy_runs import DONE

House = Annotated[Services, Depends(services_of)]
Viewing = Annotated[Principal, Depends(allow_page("policy.read"))]
Drafting = Annotated[Principal, Depends(allow_page("policy.change"))]
Changing = Annotated[Principal, Depends(allow_form("policy.change"))]
Previews = Annotated[PreviewRuns, Depends(previews_of)]
Text = Annotated[str, Form(max_length=POLICY_BYTES)]
Reason = Annotated[str, Form(max_length=4_000)]

router = APIRouter(include_in_schema=False)
WAIT_SECONDS = 2.0


@router.get("/policy")
def policy_page(request: Request, house: House, principal: Viewing, told: str = "") -> Response:
    """The policy in force, in the trade's words, with what waits and what was before."""
    return _policy(request, house, principal, told=told)


@router.get("/policy/versions/{version}")
def version_page(request: Request, house: House, principal: Viewing, version: int) -> Response:
    """One version as it was."""
    text = policy_drafting.version_text(house, version)
    # A version of long ago may lack what these rules need: then its file alone says what it was.
    shown = () if policy_drafting.check(house, text).problems else sections(policies.read(text), reader(request))
    context = {"version": version, "sections": shown, "text": text}
    return _page(request, house, principal, "policy_version.html", context)


@router.get("/policy/differences")
def differences_page(
    *,
    request: Request,
    house: House,
    principal: Viewing,
    before: Annotated[str, Query(max_length=20)],
    after: Annotated[str, Query(max_length=20)],
) -> Response:
    """Any two versions laid over one another."""
    compared = policy_drafting.compare(house, principal, before, after)
    versions = policy_drafting.history(house).versions
    context = _compared(request, compared) | {"versions": versions, "sides": (before, after)}
    return _page(request, house, principal, "policy_differences.html", context)


@router.get("/policy/draft")
def draft_page(request: Request, house: House, principal: Drafting) -> Response:
    """The editor of the person's draft."""
    return _draft(request, house, principal)


@router.post("/policy/draft")
def change_draft(
    *, request: Request, house: House, previews: Previews, principal: Changing, text: Text, act: str = Form("save")
) -> Response:
    """Saves the draft as it was typed, then checks, previews or throws it away."""
    if act == "discard":
        policy_drafting.discard_draft(house, principal)
        return RedirectResponse("/policy?told=discarded", status_code=303)
    text = text.replace("\r\n", "\n")
    policy_drafting.save_draft(house, principal, text)
    if act != "preview":
        return RedirectResponse("/policy/draft", status_code=303)
    try:
        run = previews.start(principal, text)
    except ClearholdError as error:
        return _draft(request, house, principal, error=error)
    previews.wait(run.run_id, WAIT_SECONDS)
    return RedirectResponse(f"/policy/previews/{run.run_id}", status_code=303)


@router.get("/policy/previews/{run_id}")
def run_page(request: Request, house: House, principal: Drafting, run_id: str) -> Response:
    """How far a preview is; when it is done, what came of it."""
    run = policy_drafting.run(house, principal, run_id)
    if run.state == DONE:
        return RedirectResponse(f"/policy/preview/{run.preview_hash}", status_code=303)
    return _page(request, house, principal, "policy_run.html", {"run": run})


@router.get("/policy/preview/{preview_hash}")
def preview_page(request: Request, house: House, principal: Viewing, preview_hash: str) -> Response:
    """What a draft would do, and the way to propose it."""
    return _preview(request, house, principal, preview_hash)


@router.post("/policy/propose")
def propose(request: Request, house: House, principal: Changing, preview_hash: Annotated[str, Form()]) -> Response:
    """Proposes what was previewed, or agrees to what another has proposed."""
    try:
        found = policy_drafting.find_preview(house, preview_hash)
        after = policy_desk.apply(house, principal, found.text, preview_hash)
    except ClearholdError as error:
        return _preview(request, house, principal, preview_hash, error=error)
    return RedirectResponse(f"/policy?told={'proposed' if after.pending else 'in_force'}", status_code=303)


@router.post("/policy/reject")
def reject(request: Request, house: House, principal: Changing, reason: Reason = "") -> Response:
    """Refuses another's proposal."""
    return _ended(request, house, principal, reason, is_own=False)


@router.post("/policy/withdraw")
def withdraw(request: Request, house: House, principal: Changing, reason: Reason = "") -> Response:
    """Takes one's own proposal back."""
    return _ended(request, house, principal, reason, is_own=True)


def _ended(request: Request, house: Services, principal: Principal, reason: str, *, is_own: bool) -> Response:
    try:
        (policy_desk.withdraw if is_own else policy_desk.reject)(house, principal, reason)
    except ClearholdError as error:
        return _policy(request, house, principal, error=error)
    return RedirectResponse(f"/policy?told={'withdrawn' if is_own else 'rejected'}", status_code=303)


def _policy(
    request: Request, house: Services, principal: Principal, *, told: str = "", error: ClearholdError | None = None
) -> Response:
    standing, past = policy_desk.view(house), policy_drafting.history(house)
    context = {
        "active": standing.active,
        "pending": standing.pending,
        "is_own": standing.pending is not None
        and principal.name in {standing.pending.proposed_by, standing.pending.preview.author},
        "sections": sections(standing.active.policy, reader(request)),
        "history": past,
        "told": told,
        "error": error,
    }
    return _page(request, house, principal, "policy.html", context, error=error)


def _draft(request: Request, house: Services, principal: Principal, *, error: ClearholdError | None = None) -> Response:
    draft = policy_drafting.draft(house, principal)
    found = policy_drafting.check(house, draft.text)
    context = {
        "draft": draft,
        "active_version": policy_desk.view(house).active.version,
        "problems": found.problems,
        "changed": None if found.differences is None else changed(found.differences, reader(request)),
        "error": error,
    }
    return _page(request, house, principal, "policy_draft.html", context, error=error)


def _preview(
    request: Request,
    house: Services,
    principal: Principal,
    preview_hash: str,
    *,
    error: ClearholdError | None = None,
) -> Response:
    found, standing = policy_drafting.find_preview(house, preview_hash), policy_desk.view(house)
    pending = standing.pending
    is_proposed = pending is not None and pending.preview.preview_hash == preview_hash
    context = {
        "preview": found,
        "shown": preview_view(found.result, reader(request)),
        "is_fresh": found.base_hash == standing.active.policy_hash,
        "is_proposed": is_proposed,
        "pending": pending,
        "may_agree": is_proposed and _may_agree(principal, found, pending.proposed_by if pending else ""),
        "is_own": is_proposed and pending is not None and pending.proposed_by == principal.name,
        "error": error,
    }
    context |= _compared(request, _against_its_base(house, found))
    return _page(request, house, principal, "policy_preview.html", context, error=error)


def _may_agree(principal: Principal, found: PolicyPreview, proposed_by: str) -> bool:
    """What the page offers; the domain decides it again."""
    return principal.role in APPROVER_ROLES and principal.name not in {proposed_by, found.author}


def _against_its_base(house: Services, found: PolicyPreview) -> Comparison:
    """A draft beside the policy it was previewed under, which may be in force no more."""
    versions = policy_drafting.history(house).versions
    base = next((one.version for one in versions if one.policy_hash == found.base_hash), None)
    name = IN_FORCE if base is None else str(base)
    text = policy_desk.view(house).active.text if base is None else policy_drafting.version_text(house, base)
    return policy_drafting.compare_texts((name, text), (PROPOSAL, found.text))


def _compared(request: Request, compared: Comparison) -> dict[str, Any]:
    return {
        "compared": compared,
        "changed": None if compared.settings is None else changed(compared.settings, reader(request)),
        "hunks": hunks(compared.lines),
    }


def _page(
    request: Request,
    house: Services,
    principal: Principal,
    template: str,
    context: Mapping[str, Any],
    *,
    error: ClearholdError | None = None,
) -> Response:
    shown = {"feeds": header_feeds(request, house), **context}
    return page(request, template, shown, principal=principal, status=status_of(error) if error else 200)
