"""The queue's page and the forms on it: tabs, saved filters, the panel that narrows the list, and who is away."""

from dataclasses import replace
from datetime import date
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import ClearholdError, InputError
from review_api import blinding, desk, desk_work, papers
from review_api.auth import Principal, allow_form, allow_page, services_of
from review_api.desk import CaseQuery
from review_api.pages import header_feeds
from review_api.pages_cases import what_was_done
from review_api.problems import status_of
from review_api.queue_query import OWN, QueueQuery, query_of
from review_api.queue_view import person_words, queue_view, tabs_of
from review_api.rendering import page, reader
from review_api.services import Services
from triage.case_records import CasePage
from triage.roles import APPROVER_ROLES
from triage.standing_in import Presence

House = Annotated[Services, Depends(services_of)]
Viewing = Annotated[Principal, Depends(allow_page("cases.read"))]
Filtering = Annotated[Principal, Depends(allow_form("filters"))]
Looking = Annotated[Principal, Depends(allow_page("absences.read"))]
Away = Annotated[Principal, Depends(allow_form("absences.change"))]
Name = Annotated[str, Form(max_length=200)]

router = APIRouter(include_in_schema=False)
SHOWN = 100


@router.get("/")
def queue_page(
    *,
    request: Request,
    house: House,
    principal: Viewing,
    after: str | None = None,
    done: str | None = None,
) -> Response:
    """The queue: what waits, the most urgent first."""
    return render_queue(request, house, principal, after=after, done=done)


@router.post("/filters")
def save_filter(
    *,
    request: Request,
    house: House,
    principal: Filtering,
    name: Name = "",
    query: Annotated[str, Form(max_length=4_000)] = "",
    shared: bool = Form(False),
) -> Response:
    """Names what the queue is narrowed to now; it is a tab from then on."""
    words = words_of(query)
    try:
        saved = desk_work.save_filter(house, principal, name=name, query=words, shared=shared)
    except ClearholdError as error:
        return render_queue(request, house, principal, words=words, error=error)
    return RedirectResponse(query_of(saved.query).link(), status_code=303)


@router.post("/filters/{filter_id}")
def change_filter(
    *,
    request: Request,
    house: House,
    principal: Filtering,
    filter_id: str,
    name: Name = "",
    query: Annotated[str, Form(max_length=4_000)] = "",
    shared: bool = Form(False),
    act: Annotated[str, Form(max_length=10)] = "rename",
) -> Response:
    """Renames a filter, says who sees it, or takes it away."""
    words = words_of(query)
    try:
        if act == "remove":
            desk_work.remove_filter(house, principal, filter_id)
        else:
            desk_work.rename_filter(house, principal, filter_id, name=name, shared=shared)
    except ClearholdError as error:
        return render_queue(request, house, principal, words=words, error=error)
    return RedirectResponse(query_of(words).link(), status_code=303)


@router.get("/away")
def away_page(request: Request, house: House, principal: Looking) -> Response:
    """Who is away when, and who stands in; the person's own days to enter."""
    return _away(request, house, principal)


@router.post("/away")
def add_absence(
    *,
    request: Request,
    house: House,
    principal: Away,
    person: Name = "",
    first_day: Annotated[str, Form(max_length=10)] = "",
    last_day: Annotated[str, Form(max_length=10)] = "",
    substitute: Name = "",
) -> Response:
    """Says that somebody will be away."""
    typed = {"person": person, "first_day": first_day, "last_day": last_day, "substitute": substitute}
    try:
        desk_work.add_absence(
            house,
            principal,
            person=person or principal.name,
            first_day=_day(first_day),
            last_day=_day(last_day or first_day),
            substitute=substitute or None,
        )
    except ClearholdError as error:
        return _away(request, house, principal, typed=typed, error=error)
    return RedirectResponse("/away", status_code=303)


@router.post("/away/{absence_id}/end")
def end_absence(request: Request, house: House, principal: Away, absence_id: str) -> Response:
    """Says that somebody is back, or will not be away."""
    try:
        desk_work.end_absence(house, principal, absence_id)
    except ClearholdError as error:
        return _away(request, house, principal, error=error)
    return RedirectResponse("/away", status_code=303)


def render_queue(
    request: Request,
    house: Services,
    principal: Principal,
    *,
    words: dict[str, str] | None = None,
    after: str | None = None,
    done: str | None = None,
    error: ClearholdError | None = None,
) -> Response:
    """The queue's page; after an error with the list as it was asked for."""
    counts, presence = desk.counts(house, principal), desk_work.presence(house)
    asked = query_of(request.query_params if words is None else words)
    query = _with_tab(asked, tabs_of(counts), desk.queues_of(house, principal)[0])
    mine = QueueQuery(tab=OWN).case_query(principal.name, presence)
    found, refused = _list(house, query, principal, presence, after)
    seen_by, problem = reader(request), error or refused
    view = queue_view(
        query,
        principal=principal,
        reader=seen_by,
        counts=counts,
        mine=desk_work.count(house, [mine])[0],
        filters=desk_work.list_filters(house, principal),
        presence=presence,
        rows=found.cases,
    )
    context = {
        "view": view,
        "query": query,
        "words": query.link().removeprefix("/").removeprefix("?"),
        "rows": found.cases,
        "presence": presence,
        "more": _next_page(query, found.next_after),
        "q": query.q,
        "pending": 0 if found.cases else papers.pending_count(house),
        "done": what_was_done(request, house, principal, done),
        "error": problem,
        "feeds": header_feeds(request, house),
    }
    return page(request, "queue.html", context, principal=principal, status=status_of(problem) if problem else 200)


def _list(
    house: Services, query: QueueQuery, principal: Principal, presence: Presence, after: str | None
) -> tuple[CasePage, ClearholdError | None]:
    """The page of the list; what it cannot be narrowed to is said, and nothing is shown as if it fitted."""
    try:
        asked: CaseQuery = query.case_query(principal.name, presence)
        found = desk.list_cases(house, asked, after=after, limit=SHOWN)
        return replace(found, cases=blinding.summaries(house, principal, found.cases)), None
    except InputError as error:
        return CasePage(cases=()), error


def _with_tab(query: QueueQuery, tabs: tuple[str, ...], usual: str) -> QueueQuery:
    return query if query.tab in tabs else replace(query, tab=usual)


def _next_page(query: QueueQuery, after: str | None) -> str | None:
    return None if after is None else f"/?{urlencode(query.words | {'after': after})}"


def words_of(query: str) -> dict[str, str]:
    """The words of the queue's address that a form carries along."""
    return query_of(dict(parse_qsl(query))).words


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "ABSENCE-DAYS", f"{text[:40]!r} is no day.", "Choose the first and the last day of the absence."
        ) from error


def _away(
    request: Request,
    house: Services,
    principal: Principal,
    *,
    typed: dict[str, str] | None = None,
    error: ClearholdError | None = None,
) -> Response:
    presence, seen_by = desk_work.presence(house), reader(request)
    may_all = (principal.role or "") in APPROVER_ROLES
    context = {
        "absences": desk_work.list_absences(house),
        "today": house.clock.now().date(),
        "people": tuple((name, person_words(name, presence, seen_by)) for name in presence.roles),
        "may_all": may_all,
        "typed": typed or {"person": principal.name, "first_day": "", "last_day": "", "substitute": ""},
        "error": error,
        "feeds": header_feeds(request, house),
    }
    return page(request, "away.html", context, principal=principal, status=status_of(error) if error else 200)
