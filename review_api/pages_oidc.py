"""Signing in with a provider: the way there, and the way back."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import AuthenticationError, ClearholdError
from review_api.addresses import address_here
from review_api.auth import SESSION_COOKIE, services_of
from review_api.browsers import client_address, public_address, set_cookie, user_agent
from review_api.oidc_sign_in import CALLBACK, SignIn, no_state
from review_api.pages_login import let_in, login_form
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Said = Annotated[str, Query(max_length=4_096)]

router = APIRouter(include_in_schema=False)
OIDC_COOKIE = "clearhold_oidc"
_SECONDS = 600


def sign_in_here(request: Request) -> SignIn:
    """Signing in as this house wants it; these pages are there only where it names a provider."""
    return cast(SignIn, request.app.state.sign_in)


Signing = Annotated[SignIn, Depends(sign_in_here)]


@router.get("/login/oidc")
def begin(request: Request, house: House, signing: Signing, next: Said = "/") -> Response:  # noqa: A002
    """Sends the browser to the provider."""
    redirect_uri = public_address(request, house.settings) + CALLBACK
    try:
        begun = signing.begin(leads_to=address_here(next), redirect_uri=redirect_uri)
    except ClearholdError as error:
        return login_form(request, house, leads_to=next, error=error)
    answer = RedirectResponse(begun.address, status_code=303)
    set_cookie(answer, house.settings, OIDC_COOKIE, begun.browser, seconds=_SECONDS, path="/login")
    return answer


@router.get(CALLBACK)
def finish(
    *,
    request: Request,
    house: House,
    signing: Signing,
    code: Said = "",
    state: Said = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Lets in whom the provider has sent back, or says why not."""
    try:
        browser = request.cookies.get(OIDC_COOKIE, "")
        if error and state:
            raise AuthenticationError("OIDC-REFUSED", f"The provider refused: {error}.", "Try again there.")
        if not (code and state and browser):
            raise no_state()
        token, leads_to = signing.finish(
            code=code,
            state=state,
            browser=browser,
            address=client_address(request),
            agent=user_agent(request),
            previous=request.cookies.get(SESSION_COOKIE),
        )
    except ClearholdError as refusal:
        answer = login_form(request, house, leads_to="/", error=refusal)
    else:
        answer = let_in(house, token, leads_to=leads_to)
    answer.delete_cookie(OIDC_COOKIE, path="/login")
    return answer
