"""The queue's page, the page of one case, and the forms on them; each works without scripts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.documents import DocumentType
from core.errors import ClearholdError
from review_api import blinding, decide_desk, desk, desk_work, paper_desk
from review_api.auth import Principal, allow_form, allow_page, services_of
from review_api.case_view import case_view, done_view
from review_api.decide_view import blind_fields
from review_api.field_view import current_values
from review_api.pages import header_feeds
from review_api.paper_desk import is_taken_away, typed_into_fields
from review_api.paper_view import paper_view
from review_api.planning_page import planning_page
from review_api.presenting import Reader
from review_api.problems import status_of
from review_api.queue_view import give_view
from review_api.rendering import page, reader
from review_api.services import Services
from triage.case_records import CaseDetail, CaseState
from triage.policy import Policy

House = Annotated[Services, Depends(services_of)]
Viewing = Annotated[Principal, Depends(allow_page("cases.read"))]
Working = Annotated[Principal, Depends(allow_form("cases.work"))]
Version = Annotated[int, Form()]
Comment = Annotated[str, Form(max_length=10_000)]

router = APIRouter(include_in_schema=False)


@router.post("/cases/next")
def next_case(house: House, principal: Working) -> Response:
    """Claims the most urgent case and opens it."""
    case = desk.next_case(house, principal)
    return RedirectResponse(f"/cases/{case.case_id}" if case else "/", status_code=303)


@router.get("/cases/{case_id}")
def case_page(request: Request, house: House, principal: Viewing, case_id: str, done: str | None = None) -> Response:
    """One case: the paper, what was found, the fields, and what may be done."""
    return render_case(request, house, principal, case_id, done=done)


@router.post("/cases/{case_id}/claim")
def claim(request: Request, house: House, principal: Working, case_id: str, version: Version) -> Response:
    """Claims the case (the page's script does it by itself)."""
    try:
        desk.claim(house, principal, case_id, version)
    except ClearholdError as error:
        return render_case(request, house, principal, case_id, error=error)
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


@router.post("/cases/{case_id}/resolve")
def resolve(
    *,
    request: Request,
    house: House,
    principal: Working,
    case_id: str,
    version: Version,
    resolution: Annotated[str, Form(max_length=40)],
    reason_code: Annotated[str, Form(max_length=40)] = "",
    comment: Comment = "",
    choice: Annotated[int | None, Form(ge=1, le=99)] = None,
) -> Response:
    """Ends the case and opens the next one, which says what was done and offers to undo it."""
    try:
        desk.resolve(
            house,
            principal,
            case_id,
            resolution=resolution,
            reason_code=reason_code,
            comment=comment.strip(),
            version=version,
            choice=choice,
        )
    except ClearholdError as error:
        return render_case(
            request, house, principal, case_id, error=error, opened=resolution,
            typed={"reason_code": reason_code, "comment": comment},
        )  # fmt: skip
    return go_on(house, principal, case_id)


@router.post("/cases/{case_id}/escalate")
def escalate(
    *, request: Request, house: House, principal: Working, case_id: str, version: Version, comment: Comment = ""
) -> Response:
    """Hands the case to an approver and opens the next one."""
    try:
        desk.escalate(house, principal, case_id, to_role="ap_approver", comment=comment.strip(), version=version)
    except ClearholdError as error:
        typed = {"reason_code": "", "comment": comment}
        return render_case(request, house, principal, case_id, error=error, opened="escalate", typed=typed)
    return go_on(house, principal, case_id)


@router.post("/cases/{case_id}/comment")
def comment_on(request: Request, house: House, principal: Working, case_id: str, comment: Comment = "") -> Response:
    """Leaves a note; the case stays open."""
    try:
        desk.comment(house, principal, case_id, comment)
    except ClearholdError as error:
        typed = {"reason_code": "", "comment": comment}
        return render_case(request, house, principal, case_id, error=error, opened="comment", typed=typed)
    return RedirectResponse(f"/cases/{case_id}#comments", status_code=303)


@router.post("/cases/{case_id}/undo")
def undo(request: Request, house: House, principal: Working, case_id: str, version: Version) -> Response:
    """Takes back what was just done; the case is open and claimed again."""
    try:
        desk.undo(house, principal, case_id, version)
    except ClearholdError as error:
        return render_case(request, house, principal, case_id, error=error)
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


@router.post("/cases/{case_id}/assign")
def assign(
    *,
    request: Request,
    house: House,
    principal: Working,
    case_id: str,
    version: Version,
    to: Annotated[str, Form(max_length=64)] = "",
    comment: Comment = "",
) -> Response:
    """Gives the case to a person, or makes it everybody's again."""
    try:
        desk_work.give(house, principal, case_id, to=to or None, comment=comment.strip() or None, version=version)
    except ClearholdError as error:
        return render_case(request, house, principal, case_id, error=error, opened="assign")
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


@router.post("/cases/{case_id}/correct")
async def correct(request: Request, case_id: str) -> Response:
    """Keeps what was typed into the fields and has the paper decided again."""
    from fastapi.concurrency import run_in_threadpool

    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    return await run_in_threadpool(_correct, request, case_id, form)


def render_case(
    request: Request,
    house: Services,
    principal: Principal,
    case_id: str,
    *,
    error: ClearholdError | None = None,
    done: str | None = None,
    opened: str | None = None,
    typed: dict[str, str] | None = None,
    fields: dict[str, str] | None = None,
) -> Response:
    """The page of one case; after an error with what had been typed, so that nothing is lost."""
    planned = desk.show_planning(house, case_id) if desk.is_planning(house, case_id) else None
    detail = desk.show(house, case_id) if planned is None else planned
    seen_by, case = reader(request), detail.summary
    blinded = blinding.blinded(house, principal, detail) if isinstance(detail, CaseDetail) else None
    detail = blinded or detail
    view = case_view(
        detail, principal=principal, may=desk.what_may(house, principal, case_id), now=seen_by.now,
        place=desk.place(house, principal, case), opened=opened,
    )  # fmt: skip
    may_edit = view.may_work and case.state is not CaseState.RESOLVED
    draft = paper_desk.draft(house, principal, case_id) if may_edit else None
    kept = {} if draft is None else dict(draft.typed)
    fields = fields if fields is not None else typed_into_fields(kept)
    shown = (
        _paper(detail, house.policy, seen_by, fields, case_id=case_id, may_edit=may_edit)
        if isinstance(detail, CaseDetail)
        else {
            "planning": planning_page(house, detail, seen_by),
            "may_edit": may_edit and case.kind == "recommendation",
            "wished": (fields or {}).get("quantity", ""),
        }
    )
    context = shown | {
        "view": view,
        "comments": view.comments,
        "history": view.history,
        "audit_subject": f"case:{case_id}",
        "typed": {"reason_code": "", "comment": "", "whom": "", "until": "", **(typed or {})},
        "kept": kept,
        "give": give_view(
            case,
            desk_work.presence(house),
            user=principal.name,
            role=principal.role or "",
            reader=seen_by,
            is_open=opened == "assign",
        ),
        "error": error,
        "done": what_was_done(request, house, principal, done),
        "feeds": header_feeds(request, house),
    }
    context |= {"deciding": decide_desk.deciding(house, principal, case), "until": answer_day(house)}
    template = "case.html" if planned is None else "planning_case.html"
    if isinstance(blinded, CaseDetail):
        template = "blind_case.html"
        context |= {"fields": blind_fields(blinded, fields), "pages": blinded.extraction.page_sizes}
    return page(request, template, context, principal=principal, status=status_of(error) if error else 200)


def answer_day(house: Services) -> str:
    """The day up to which an answer is waited for where nobody names one."""
    return f"{house.clock.now() + timedelta(days=house.policy.deciding.answer_days):%Y-%m-%d}"


def _paper(
    detail: CaseDetail, policy: Policy, seen_by: Reader, typed: dict[str, str] | None, *, case_id: str, may_edit: bool
) -> dict[str, object]:
    """What the page shows of the paper of a case, and where its fields may be put right."""
    paper = paper_view(
        detail.document, detail.extraction, detail.decision, detail.facts, policy=policy, reader=seen_by, typed=typed
    )
    has_fields = may_edit and bool(paper.pages or len(paper.fields) > 1)
    correct = {"href": f"/cases/{case_id}/correct", "version": detail.summary.version} if has_fields else None
    return {"paper": paper, "correct": correct, "kinds": tuple(DocumentType)}


def _correct(request: Request, case_id: str, form: dict[str, str]) -> Response:
    from review_api.auth import check_csrf, check_right, principal_of

    house, principal = services_of(request), principal_of(request)
    check_right(principal, "cases.work")
    check_csrf(principal, form.get("csrf", ""))
    typed = typed_into_fields(form)
    try:
        changes = _typed_changes(house, case_id, typed, form.get("confirm", ""))
        after = desk.correct(
            house,
            principal,
            case_id,
            changes=changes,
            places=paper_desk.places_in(form),
            version=int(form.get("version") or 0),
        )
    except ClearholdError as error:
        return render_case(request, house, principal, case_id, error=error, fields=typed)
    if after.state is CaseState.RESOLVED:
        return go_on(house, principal, case_id)
    return RedirectResponse(f"/cases/{case_id}#fields", status_code=303)


def _typed_changes(house: Services, case_id: str, typed: dict[str, str], confirmed: str) -> dict[str, str]:
    if desk.is_planning(house, case_id):
        return {name: value for name, value in typed.items() if value.strip()}
    extraction = desk.show(house, case_id).extraction
    return _changes(current_values(extraction), paper_desk.as_values(extraction, typed), confirmed)


def _changes(was: Mapping[str, str], typed: dict[str, str], confirmed: str) -> dict[str, str]:
    """What differs from what was read, and the one value that was confirmed as it is."""
    changes = {
        name: value for name, value in typed.items() if value.strip() != was.get(name, "") or is_taken_away(name, value)
    }
    return changes | ({confirmed: typed[confirmed]} if typed.get(confirmed, "").strip() else {})


def go_on(house: Services, principal: Principal, case_id: str) -> Response:
    """Opens the case that comes after this one, claimed already: nobody else opens the same."""
    following = desk.next_case(house, principal, after=case_id)
    place = f"/cases/{following.case_id}?done={case_id}" if following else f"/?done={case_id}"
    return RedirectResponse(place, status_code=303)


def what_was_done(request: Request, house: Services, principal: Principal, case_id: str | None) -> object:
    """What the person has just done with a case, to be said on the next page; None where it is old or unknown."""
    if not case_id:
        return None
    try:
        return done_view(desk.summary(house, case_id), principal, reader(request).now)
    except ClearholdError:
        return None
