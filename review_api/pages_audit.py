"""The audit page: everything that happened, newest first, narrowed by what, by whom, to what and when."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from review_api import audit_desk
from review_api.audit_view import chain_view, entry_view
from review_api.auth import Principal, allow_page, services_of
from review_api.pages import header_feeds
from review_api.rendering import page, reader
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Auditing = Annotated[Principal, Depends(allow_page("audit.read"))]
SHOWN = 40

router = APIRouter(include_in_schema=False)


@router.get("/audit")
def audit_page(
    *,
    request: Request,
    house: House,
    principal: Auditing,
    subject: Annotated[str, Query(max_length=300)] = "",
    action: Annotated[str, Query(max_length=100)] = "",
    actor: Annotated[str, Query(max_length=200)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    before: int | None = None,
) -> Response:
    """The audit, newest first. Days are days in UTC, the last one included."""
    first, last = _day(since), _day(until)
    wanted = audit_desk.filter_of(
        subject=subject, action=action, actor=actor, since=first, until=last + timedelta(days=1) if last else None
    )
    found = audit_desk.find(house, principal, wanted, before=before, limit=SHOWN, related=True)
    asked = {
        "subject": subject.strip(), "action": action.strip(), "actor": actor.strip(),
        "since": since if first else "", "until": until if last else "",
    }  # fmt: skip
    seen_by, offered = reader(request), audit_desk.choices(house)
    context = {
        "entries": [entry_view(entry, found.verified, seen_by) for entry in found.entries],
        "asked": asked,
        "is_narrowed": not wanted.takes_everything,
        "choices": offered,
        "groups": _groups(offered.actions),
        "chain": chain_view(found.verified, found.newest, seen_by),
        "total": found.newest,
        "left_out": found.left_out > 0,
        "more": _link("/audit", **asked, before=found.next_before) if found.next_before else None,
        "export": _link("/v1/audit/export", **_exported(asked, wanted.since, wanted.until)),
        "feeds": header_feeds(request, house),
    }
    return page(request, "audit.html", context, principal=principal)


def _groups(actions: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Kinds of acts by what they are about, for the list to choose from."""
    groups: dict[str, list[str]] = {}
    for action in actions:
        groups.setdefault(action.partition(".")[0], []).append(action)
    return sorted(groups.items())


def _exported(asked: dict[str, str], since: datetime | None, until: datetime | None) -> dict[str, object]:
    instants = {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    return {**asked, **instants, "related": "true" if asked["subject"] else ""}


def _day(text: str) -> datetime | None:
    """The beginning of a day; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(0), tzinfo=UTC)
    except ValueError:
        return None


def _link(path: str, **query: object) -> str:
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{said}" if said else path
