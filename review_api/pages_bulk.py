"""One action on many cases, on the page: what will happen, then what has, each case with its way back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import ClearholdError, InputError
from core.ids import new_id
from review_api import desk_work
from review_api.auth import Principal, allow_form, allow_page, services_of
from review_api.bulk_view import done_view, preview_view
from review_api.pages import header_feeds
from review_api.pages_queue import render_queue, words_of
from review_api.problems import status_of
from review_api.queue_query import query_of
from review_api.rendering import page, reader
from review_api.services import Services
from triage.bulk import BULK_LIMIT, Asked, common_code
from triage.case_records import CaseSummary

House = Annotated[Services, Depends(services_of)]
Viewing = Annotated[Principal, Depends(allow_page("cases.read"))]
Working = Annotated[Principal, Depends(allow_form("cases.work"))]
Words = Annotated[str, Form(max_length=4_000)]
Cases = Annotated[list[Annotated[str, Form(max_length=60)]], Form()]
Short = Annotated[str, Form(max_length=64)]
Comment = Annotated[str, Form(max_length=10_000)]

router = APIRouter(include_in_schema=False)


@router.post("/bulk")
def preview(
    *,
    request: Request,
    house: House,
    principal: Working,
    case: Cases = [],  # noqa: B006  FastAPI makes a new one for every request
    every: Annotated[bool, Form()] = False,
    query: Words = "",
    what: Short = "",
    comment: Comment = "",
    to: Short = "",
) -> Response:
    """Says what an action would make of the chosen cases; nothing is done yet."""
    words = words_of(query)
    try:
        chosen = _chosen(house, principal, case, words if every else None)
        asked = _asked(what, common_code(chosen) or "", comment, to)
        foreseen = desk_work.foresee(house, principal, asked, [one.case_id for one in chosen])
    except ClearholdError as error:
        return render_queue(request, house, principal, words=words, error=error)
    context = {
        "view": preview_view(asked, foreseen, reader(request)),
        "asked": asked,
        "what": what,
        "words": query,
        "back": query_of(words).link(),
        "bulk_id": new_id("bulk", house.clock.now()),
        "feeds": header_feeds(request, house),
    }
    return page(request, "bulk_preview.html", context, principal=principal)


@router.post("/bulk/do")
def do(
    *,
    request: Request,
    house: House,
    principal: Working,
    bulk_id: Annotated[str, Form(pattern=r"^bulk_[a-z0-9]{1,35}$")],
    case: Cases = [],  # noqa: B006  FastAPI makes a new one for every request
    query: Words = "",
    what: Short = "",
    code: Short = "",
    comment: Comment = "",
    to: Short = "",
) -> Response:
    """Does it, case by case; sent twice it is done once."""
    try:
        asked = _asked(what, code, comment, to)
        desk_work.do_bulk(house, principal, asked, [_seen(one) for one in case], bulk_id=bulk_id)
    except ClearholdError as error:
        return render_queue(request, house, principal, words=words_of(query), error=error)
    return RedirectResponse(f"/bulk/{bulk_id}", status_code=303)


@router.get("/bulk/{bulk_id}")
def result_page(request: Request, house: House, principal: Viewing, bulk_id: str) -> Response:
    """What became of each case, and what may be taken back."""
    return _result(request, house, principal, bulk_id)


@router.post("/bulk/{bulk_id}/undo")
def undo(
    *,
    request: Request,
    house: House,
    principal: Working,
    bulk_id: str,
    case: Cases = [],  # noqa: B006  FastAPI makes a new one for every request
) -> Response:
    """Takes back one of the cases, or all that may be."""
    refused: ClearholdError | None = None
    for case_id, version in map(_seen, case):
        try:
            desk_work.take_back(house, principal, case_id, version)
        except ClearholdError as error:
            refused = refused or error
    if refused is not None:
        return _result(request, house, principal, bulk_id, error=refused)
    return RedirectResponse(f"/bulk/{bulk_id}", status_code=303)


def _result(
    request: Request, house: Services, principal: Principal, bulk_id: str, *, error: ClearholdError | None = None
) -> Response:
    bulk = desk_work.show_bulk(house, bulk_id)
    cases = desk_work.summaries(house, [one.case_id for one in bulk.results])
    context = {
        "view": done_view(bulk, cases, principal, reader(request)),
        "bulk": bulk,
        "error": error,
        "feeds": header_feeds(request, house),
    }
    return page(request, "bulk_done.html", context, principal=principal, status=status_of(error) if error else 200)


def _chosen(
    house: Services, principal: Principal, case_ids: list[str], words: dict[str, str] | None
) -> tuple[CaseSummary, ...]:
    """The cases that were ticked; or the first ones of the list that are held by one code, the same for all."""
    if words is None:
        return desk_work.summaries(house, list(dict.fromkeys(case_ids))[: BULK_LIMIT + 1])
    query = query_of(words)
    asked = query.case_query(principal.name, desk_work.presence(house))
    shown = desk_work.first_of(house, asked, BULK_LIMIT)
    code = query.code or common_code(shown)
    return tuple(one for one in shown if one.codes == (code,))


def _asked(what: str, code: str, comment: str, to: str) -> Asked:
    """What was chosen in the panel: `reject:wrong_price`, `assign:`, `escalate:admin`."""
    action, _, more = what.partition(":")
    note = comment.strip() or None
    match action:
        case "approve" | "reject" | "request_information":
            return Asked(action=action, code=code, comment=note, reason_code=more)
        case "assign":
            return Asked(action="assign", code=code, comment=note, to=to.strip().lower())
        case "escalate":
            return Asked(action="escalate", code=code, comment=note, to_role=more)
        case _:
            raise InputError("BULK-ACTION", "Nothing is chosen to be done.", "Choose an action with its reason.")


def _seen(text: str) -> tuple[str, int]:
    """`case_01…:7` as id and version."""
    case_id, _, version = text.partition(":")
    if not version.isdecimal() or len(version) > 9:
        raise InputError("BULK-CASES", f"{text[:60]!r} is no case in a version.", "Preview the cases again.")
    return case_id, int(version)
