"""Coming in and going out: the login, the log out, and the page behind a link to set a password with."""

import secrets
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import AuthenticationError, ClearholdError, ForbiddenError, InputError, RateLimitedError
from review_api import accounts, auth, people
from review_api.addresses import address_here
from review_api.auth import LOGIN_COOKIE, SESSION_COOKIE, Principal, allow_form, services_of
from review_api.browsers import client_address, set_cookie, user_agent
from review_api.problems import status_of
from review_api.rendering import page
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]

router = APIRouter(include_in_schema=False)
_FORM_SECONDS = 3_600


@router.get("/login")
def login_page(request: Request, house: House, next: str = "/", told: str = "") -> Response:  # noqa: A002  the form's own word
    """The form to log in."""
    return login_form(request, house, leads_to=next, told=told)


@router.post("/login")
def log_in(
    *,
    request: Request,
    house: House,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=4_000)] = "",
    csrf: Annotated[str, Form()] = "",
    next: Annotated[str, Form(max_length=2_000)] = "/",  # noqa: A002  the form's own word
) -> Response:
    """Opens a session, or says why not."""
    try:
        _check_form(request, csrf)
        token = auth.log_in(
            house,
            name=name,
            password=password,
            address=client_address(request),
            agent=user_agent(request),
            previous=request.cookies.get(SESSION_COOKIE),
        )
    except (AuthenticationError, ForbiddenError, RateLimitedError) as error:
        return login_form(request, house, leads_to=next, name=name, error=error)
    return let_in(house, token, leads_to=next)


@router.post("/logout")
def log_out(house: House, principal: Annotated[Principal, Depends(allow_form("documents.read"))]) -> Response:
    """Ends the session."""
    auth.log_out(house, principal)
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


@router.get("/welcome/{token}")
def welcome_page(request: Request, house: House, token: str) -> Response:
    """The form to set a password with a link that was handed over."""
    return _welcome(request, house, token, None)


@router.post("/welcome/{token}")
def set_password(
    *,
    request: Request,
    house: House,
    token: str,
    password: Annotated[str, Form(max_length=4_000)] = "",
    again: Annotated[str, Form(max_length=4_000)] = "",
    csrf: Annotated[str, Form()] = "",
) -> Response:
    """Sets the password; then one logs in with it."""
    try:
        _check_form(request, csrf)
        if password != again:
            raise InputError("USER-PASSWORD", "The two passwords differ.", "Type the same twice.")
        people.set_password(house, token, password)
    except ClearholdError as error:
        return _welcome(request, house, token, error)
    return RedirectResponse("/login?told=password", status_code=303)


def login_form(
    request: Request,
    house: Services,
    *,
    leads_to: str,
    name: str = "",
    told: str = "",
    error: ClearholdError | None = None,
) -> Response:
    """The page to log in on."""
    with house.db.read() as session:
        nobody = not accounts.has_users(session)
    context = {"next": address_here(leads_to), "name": name, "error": error, "nobody": nobody, "told": told}
    context |= {
        "has_password": house.settings.local_login,
        "provider": house.settings.oidc_label if house.settings.oidc_issuer else None,
    }
    return _form(request, house, "login.html", context, error)


def let_in(house: Services, token: str, *, leads_to: str) -> Response:
    """Gives the browser its session, and leads it on."""
    answer = RedirectResponse(address_here(leads_to), status_code=303)
    set_cookie(answer, house.settings, SESSION_COOKIE, token, seconds=house.settings.session_hours * 3_600)
    answer.delete_cookie(LOGIN_COOKIE, path="/")
    return answer


def _check_form(request: Request, csrf: str) -> None:
    cookie = request.cookies.get(LOGIN_COOKIE, "")
    if not cookie or not secrets.compare_digest(cookie.encode(), csrf.encode()):
        raise ForbiddenError("AUTH-CSRF", "The form has aged.", "Log in again.")


def _welcome(request: Request, house: Services, token: str, error: ClearholdError | None) -> Response:
    answer = _form(request, house, "welcome.html", {"token": token, "error": error}, error)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _form(
    request: Request, house: Services, template: str, context: Mapping[str, object], error: ClearholdError | None
) -> Response:
    csrf = request.cookies.get(LOGIN_COOKIE) or secrets.token_urlsafe(24)
    status = status_of(error) if error else 200
    answer = page(request, template, {**context, "csrf": csrf}, principal=None, status=status)
    set_cookie(answer, house.settings, LOGIN_COOKIE, csrf, seconds=_FORM_SECONDS)
    return answer
