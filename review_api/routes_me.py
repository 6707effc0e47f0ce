"""Whoever is asking: who they are here, and the language they are told things in; by API and by the page's menu."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from core.errors import ForbiddenError, InputError
from review_api import accounts, me_schemas, schemas
from review_api.addresses import address_here
from review_api.auth import LANGUAGE_COOKIE, Principal, allow, allow_form, services_of
from review_api.services import Services
from review_api.texts import languages

_YEAR_SECONDS = 365 * 86_400

House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    tags=["me"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}} for code in (401, 403, 422)
    },
)


@router.get("/v1/me")
def me(principal: Annotated[Principal, Depends(allow("me"))]) -> me_schemas.MeOut:
    """Who is asking."""
    return me_schemas.MeOut(name=principal.name, role=principal.role, language=principal.language)


@router.put("/v1/me/language")
def choose_language(
    house: House, principal: Annotated[Principal, Depends(allow("me"))], wanted: me_schemas.LanguageIn
) -> me_schemas.MeOut:
    """Chooses the language of the pages, for this person in every browser."""
    choose(house, principal, wanted.language)
    return me_schemas.MeOut(name=principal.name, role=principal.role, language=wanted.language)


@router.post("/language", include_in_schema=False)
def choose_on_page(
    house: House,
    principal: Annotated[Principal, Depends(allow_form("me"))],
    language: Annotated[str, Form(max_length=16)],
    next: Annotated[str, Form(max_length=2_000)] = "/",  # noqa: A002  the form's own word
) -> Response:
    """Chooses the language in the menu and shows the page in it; this browser keeps it past the end of the session."""
    choose(house, principal, language)
    answer = RedirectResponse(address_here(next), status_code=303)
    keep_in_browser(answer, language, is_https=house.settings.secure_cookies)
    return answer


@router.get("/language/{language}", include_in_schema=False)
def choose_before_login(house: House, language: str, next: str = "/") -> Response:  # noqa: A002  as in the form
    """Chooses the language of this browser where nobody is logged in yet."""
    check_language(language)
    answer = RedirectResponse(address_here(next), status_code=303)
    keep_in_browser(answer, language, is_https=house.settings.secure_cookies)
    return answer


def choose(house: Services, principal: Principal, language: str) -> None:
    """Remembers a person's language.

    Raises:
        InputError: `LANGUAGE-UNKNOWN`.
        ForbiddenError: `AUTH-PERSON` for a program's key.
    """
    check_language(language)
    if principal.kind != "user":
        raise ForbiddenError("AUTH-PERSON", "Only people have a language.", "Log in as a person.")
    with house.db.write() as session:
        accounts.choose_language(session, principal.name, language, at=house.clock.now())


def check_language(language: str) -> None:
    """Refuses a language there is no catalogue of (`LANGUAGE-UNKNOWN`)."""
    if language not in languages():
        raise InputError(
            "LANGUAGE-UNKNOWN", f"{language!r} is no language of these pages.", f"Use one of {', '.join(languages())}."
        )


def keep_in_browser(answer: Response, language: str, *, is_https: bool) -> None:
    """Sets the language's cookie. It says nothing about who somebody is."""
    answer.set_cookie(
        LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, path="/", httponly=True, samesite="lax", secure=is_https
    )
