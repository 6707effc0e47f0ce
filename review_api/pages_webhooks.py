"""The page about webhooks, for administrators: how each endpoint does, and its dead letters, to be sent again."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import ClearholdError, InputError
from review_api import webhooks
from review_api.auth import Principal, allow_form, allow_page, services_of
from review_api.pages import header_feeds
from review_api.problems import status_of
from review_api.rendering import page
from review_api.services import Services
from review_api.webhook_addresses import MAX_URL
from review_api.webhooks import Made
from triage import events
from triage.deliveries import DEAD

House = Annotated[Services, Depends(services_of)]
Managing = Annotated[Principal, Depends(allow_page("webhooks.manage"))]
Changing = Annotated[Principal, Depends(allow_form("webhooks.manage"))]
Short = Annotated[str, Form(max_length=64)]
Url = Annotated[str, Form(max_length=MAX_URL)]
Texts = Annotated[list[str], Form()]

router = APIRouter(include_in_schema=False)
_SHOWN_DEAD = 20


@router.get("/webhooks")
def webhooks_page(request: Request, house: House, principal: Managing, told: str = "") -> Response:
    """Every endpoint, and what it did not take."""
    return _webhooks(request, house, principal, told=told)


@router.post("/webhooks")
def add_webhook(
    *,
    request: Request,
    house: House,
    principal: Changing,
    url: Url = "",
    types: Texts = [],  # noqa: B006  a form's own default
) -> Response:
    """Adds an endpoint and shows its secret, this once."""
    try:
        made = webhooks.add(house, principal.actor, url=url.strip(), event_types=types)
    except ClearholdError as error:
        return _webhooks(request, house, principal, error=error, typed=(url, types))
    return _webhooks(request, house, principal, made=made)


@router.post("/webhooks/{endpoint_id}")
def change_webhook(
    *, request: Request, house: House, principal: Changing, endpoint_id: str, act: Short = "", delivery: Short = ""
) -> Response:
    """Disables or enables an endpoint; sends one dead letter again, or all of them."""
    try:
        if delivery:
            webhooks.resend(house, principal.actor, endpoint_id, delivery)
        elif act == "resend":
            webhooks.resend_dead(house, principal.actor, endpoint_id)
        elif act in {"disable", "enable"}:
            webhooks.change(house, principal.actor, endpoint_id, is_active=act == "enable")
        else:
            raise InputError("WEBHOOK-ACT", "The form does not say what to do.", "Press one of the page's buttons.")
    except ClearholdError as error:
        return _webhooks(request, house, principal, error=error)
    return RedirectResponse(f"/webhooks?told={'resend' if delivery else act}", status_code=303)


def _webhooks(
    request: Request,
    house: Services,
    principal: Principal,
    *,
    told: str = "",
    made: Made | None = None,
    typed: tuple[str, list[str]] = ("", list(events.TYPES)),
    error: ClearholdError | None = None,
) -> Response:
    found = webhooks.list_all(house)
    dead = [
        (one, webhooks.list_deliveries(house, one.endpoint.endpoint_id, state=DEAD, limit=_SHOWN_DEAD))
        for one in found
        if one.dead
    ]
    context: dict[str, Any] = {
        "webhooks": found,
        "dead": dead,
        "types": events.TYPES,
        "typed": typed,
        "made": made,
        "told": told,
    }
    context |= {"feeds": header_feeds(request, house), "error": error}
    return page(request, "webhooks.html", context, principal=principal, status=status_of(error) if error else 200)
