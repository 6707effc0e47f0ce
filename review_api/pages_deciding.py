"""The forms around deciding a case: a question and its answer, files, and the page of a blind second check."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from core.errors import ClearholdError, InputError
from review_api import blinding, decide_desk, desk, paper_desk
from review_api.auth import Principal, allow_form, services_of
from review_api.field_view import current_values
from review_api.pages_cases import go_on, render_case
from review_api.paper_desk import typed_into_fields
from review_api.services import Services
from triage.case_records import Resolution
from triage.question_rules import Asked

House = Annotated[Services, Depends(services_of)]
Working = Annotated[Principal, Depends(allow_form("cases.work"))]
Version = Annotated[int, Form()]
Text = Annotated[str, Form(max_length=10_000)]

router = APIRouter(include_in_schema=False)


@router.post("/cases/{case_id}/ask")
def ask(
    *,
    request: Request,
    house: House,
    principal: Working,
    case_id: str,
    version: Version,
    reason_code: Annotated[str, Form(max_length=40)] = "",
    comment: Text = "",
    whom: Annotated[str, Form(max_length=200)] = "",
    until: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Has the case wait for an answer, and shows what may be sent."""
    try:
        asked = Asked(whom=whom.strip() or None, until=_end_of_day(until))
        desk.resolve(
            house, principal, case_id, resolution=Resolution.REQUEST_INFORMATION, reason_code=reason_code,
            comment=comment.strip(), version=version, asked=asked,
        )  # fmt: skip
    except ClearholdError as error:
        typed = {"reason_code": reason_code, "comment": comment, "whom": whom, "until": until}
        return render_case(request, house, principal, case_id, error=error, opened="request_information", typed=typed)
    return RedirectResponse(f"/cases/{case_id}#asked", status_code=303)


@router.post("/cases/{case_id}/answer")
def answer(
    *, request: Request, house: House, principal: Working, case_id: str, version: Version, text: Text = ""
) -> Response:
    """Records what was answered; the case is in the queue again, and open here."""
    try:
        decide_desk.answer(house, principal, case_id, text=text, version=version)
    except ClearholdError as error:
        return render_case(request, house, principal, case_id, error=error)
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


@router.post("/cases/{case_id}/attach")
def attach(request: Request, house: House, principal: Working, case_id: str, files: list[UploadFile]) -> Response:
    """Puts files with the case."""
    try:
        for file in files:
            decide_desk.attach(house, principal, case_id, file.file.read(), file.filename or "unnamed")
    except ClearholdError as error:
        return render_case(request, house, principal, case_id, error=error)
    return RedirectResponse(f"/cases/{case_id}#files", status_code=303)


@router.post("/cases/{case_id}/check")
async def check(request: Request, case_id: str) -> Response:
    """Gives the verdict of the second person on a sampled paper, with the values that differ, and opens the next."""
    from fastapi.concurrency import run_in_threadpool

    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    return await run_in_threadpool(_check, request, case_id, form)


def _check(request: Request, case_id: str, form: Mapping[str, str]) -> Response:
    from review_api.auth import check_csrf, check_right, principal_of

    house, principal = services_of(request), principal_of(request)
    check_right(principal, "cases.work")
    check_csrf(principal, form.get("csrf", ""))
    how, typed = form.get("resolution", ""), typed_into_fields(dict(form))
    reason = "sample_confirmed" if how == Resolution.APPROVE else form.get("reason_code", "")
    try:
        desk.resolve(
            house, principal, case_id, resolution=how, reason_code=reason, comment=form.get("comment", "").strip(),
            version=int(form.get("version") or 0), differs=_differing(house, principal, case_id, typed),
        )  # fmt: skip
    except ClearholdError as error:
        kept = {"reason_code": reason, "comment": form.get("comment", "")}
        return render_case(request, house, principal, case_id, error=error, typed=kept, fields=typed)
    return go_on(house, principal, case_id)


def _differing(house: Services, principal: Principal, case_id: str, typed: dict[str, str]) -> dict[str, str]:
    """What was typed that is not as the machine read it."""
    detail = blinding.blinded(house, principal, desk.show(house, case_id))
    if detail is None:
        return {}
    was, now = current_values(detail.extraction), paper_desk.as_values(detail.extraction, typed)
    return {name: value.strip() for name, value in now.items() if value.strip() != was.get(name, "")}


def _end_of_day(text: str) -> datetime | None:
    """The end of a day in UTC; None where none is named."""
    if not text.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(23, 59, 59), tzinfo=UTC)
    except ValueError:
        raise InputError("CASE-ANSWER-DATE", f"{text!r} is no day.", "Write it as 2026-12-31.") from None
