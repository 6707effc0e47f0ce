"""The pages around the queue: documents and upload."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from core.errors import ClearholdError
from core.texts import N_
from review_api import audit_desk, feeding, papers
from review_api.auth import Principal, allow_form, allow_page, services_of
from review_api.paper_heads import subject_of, total_of
from review_api.paper_view import paper_view
from review_api.problems import status_of
from review_api.rendering import page, reader
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Viewing = Annotated[Principal, Depends(allow_page("documents.read"))]
Uploading = Annotated[Principal, Depends(allow_page("documents.write"))]

router = APIRouter(include_in_schema=False)


@router.get("/documents")
def documents_page(
    *,
    request: Request,
    house: House,
    principal: Viewing,
    outcome: str | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    before: str | None = None,
    taken: int | None = None,
) -> Response:
    """Every paper that came in, cleared ones too."""
    found = papers.list_papers(house, principal, outcome=outcome, query=q, before=before)
    context = {
        "rows": found.rows,
        "tabs": [_tab(found.counts, name, outcome) for name in (None, "clear", "sample", "hold", "block", "waiting")],
        "more": _link("/documents", outcome=outcome, q=q, before=found.next_before) if found.next_before else None,
        "q": q,
        "notice": None
        if taken is None
        else reader(request).say_count(
            "%(count)s paper received; reading takes a moment.",
            "%(count)s papers received; reading takes a moment.",
            taken,
        ),
        "feeds": header_feeds(request, house),
    }
    return page(request, "documents.html", context, principal=principal)


@router.get("/documents/{document_id}")
def document_page(request: Request, house: House, principal: Viewing, document_id: str) -> Response:
    """One paper that has no case, or not yet."""
    detail = papers.show(house, principal, document_id)
    if detail.is_blind and detail.case is not None:
        return RedirectResponse(f"/cases/{detail.case.case_id}", status_code=303)
    seen_by, context = reader(request), {"detail": detail, "feeds": header_feeds(request, house)}
    read, decided = detail.extraction, detail.decision
    extraction = read.extraction if read else None
    shown = (
        paper_view(detail.document, extraction, decided.decision, decided.facts, policy=house.policy, reader=seen_by)
        if extraction and decided
        else None
    )
    total, currency = total_of(extraction)
    return page(
        request,
        "document.html",
        context
        | {
            "paper": shown,
            "subject": subject_of(detail.document, extraction),
            "total": total,
            "currency": currency,
            "history": document_history(house, principal, document_id),
        },
        principal=principal,
    )


@router.get("/upload")
def upload_page(request: Request, house: House, principal: Uploading) -> Response:
    """The form to upload papers."""
    return _upload_form(request, house, principal, None)


@router.post("/upload")
def upload(
    *,
    request: Request,
    house: House,
    principal: Annotated[Principal, Depends(allow_form("documents.write"))],
    files: list[UploadFile],
) -> Response:
    """Takes papers in and shows the list."""
    taken = 0
    try:
        for file in files:
            taken += len(papers.take_in(house, principal, file.file.read(), file.filename or "unnamed"))
    except ClearholdError as error:
        return _upload_form(request, house, principal, error)
    return RedirectResponse(f"/documents?taken={taken}", status_code=303)


def header_feeds(request: Request, house: Services) -> feeding.FeedsView:
    """The light in the header."""
    return feeding.feeds_view(feeding.freshness(house), house.policy, reader(request))


def document_history(house: Services, principal: Principal, document_id: str) -> list[dict[str, object]]:
    """What happened to a document, oldest first, as sentences."""
    from review_api.case_view import history_sentence

    found = audit_desk.find(house, principal, audit_desk.filter_of(subject=f"document:{document_id}"), limit=200)
    return [{"at": entry.at, "said": history_sentence(entry)} for entry in reversed(found.entries)]


def _upload_form(request: Request, house: Services, principal: Principal, error: ClearholdError | None) -> Response:
    limit = f"{house.settings.max_bytes // 1_000_000} MB"
    context = {"error": error, "limit": limit, "feeds": header_feeds(request, house)}
    return page(request, "upload.html", context, principal=principal, status=status_of(error) if error else 200)


def _tab(counts: object, name: str | None, current: str | None) -> dict[str, object]:
    known = dict(counts) if isinstance(counts, dict) else {}
    labels = {
        "clear": N_("Cleared"),
        "sample": N_("Sampled"),
        "hold": N_("Held"),
        "block": N_("Blocked"),
        "waiting": N_("Waiting"),
    }
    return {
        "label": labels[name] if name else N_("All"),
        "outcome": name if name != "waiting" else None,
        "count": known.get(name, 0) if name else sum(known.values()),
        "href": _link("/documents", outcome=name),
        "here": name == current,
    }


def _link(path: str, **query: object) -> str:
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{said}" if said else path
