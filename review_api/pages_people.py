"""The pages about people: everybody for administrators, API keys, and one's own page for everybody."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import ClearholdError, InputError
from core.money import plain
from review_api import accounts, desk_work, people
from review_api.auth import SESSION_COOKIE, Principal, allow_form, allow_page, services_of
from review_api.browsers import client_address, public_address, set_cookie
from review_api.desk import every_queue, queues_of_role
from review_api.pages import header_feeds
from review_api.people import Invitation
from review_api.problems import status_of
from review_api.rendering import page
from review_api.services import Services
from triage.personal_rules import PersonalRules
from triage.policy_parts import ANY_CURRENCY

House = Annotated[Services, Depends(services_of)]
Managing = Annotated[Principal, Depends(allow_page("people.manage"))]
Changing = Annotated[Principal, Depends(allow_form("people.manage"))]
Own = Annotated[Principal, Depends(allow_page("me"))]
OwnForm = Annotated[Principal, Depends(allow_form("me"))]
Short = Annotated[str, Form(max_length=64)]
Password = Annotated[str, Form(max_length=4_000)]
Texts = Annotated[list[str], Form()]

router = APIRouter(include_in_schema=False)
_EMPTY_ROWS = 2
_AWAY = "away"


@router.get("/people")
def people_page(request: Request, house: House, principal: Managing) -> Response:
    """Everybody who may or might log in."""
    return _people(request, house, principal)


@router.post("/people")
def add_person(request: Request, house: House, principal: Changing, name: Short = "", role: Short = "") -> Response:
    """Lets a person in, and shows the link to hand over, this once."""
    try:
        made = people.add(house, principal, name=name.strip().lower(), role=role)
    except ClearholdError as error:
        return _people(request, house, principal, error=error, typed=(name, role))
    return _people(request, house, principal, made=made)


@router.get("/people/{name}")
def person_page(request: Request, house: House, principal: Managing, name: str, told: str = "") -> Response:
    """One person."""
    return _person(request, house, principal, name, told=told)


@router.post("/people/{name}")
def change_person(
    *,
    request: Request,
    house: House,
    principal: Changing,
    name: str,
    act: Short,
    role: Short = "",
    queues: Texts = [],  # noqa: B006  a form's own default
    currency: Texts = [],  # noqa: B006
    amount: Texts = [],  # noqa: B006
) -> Response:
    """Changes a person: role, queues and limits, in or out, a new link, every session ended."""
    try:
        if act == "reset":
            return _person(request, house, principal, name, made=people.invite(house, principal, name))
        if act == "sessions":
            people.end_sessions(house, principal, name)
        elif act == "rules":
            people.change(house, principal, name, rules=(queues, _limits(currency, amount)))
        elif act in {"disable", "enable"}:
            people.change(house, principal, name, is_active=act == "enable")
        else:
            people.change(house, principal, name, role=role)
    except ClearholdError as error:
        return _person(request, house, principal, name, error=error)
    return RedirectResponse(f"/people/{name}?told={act}", status_code=303)


@router.get("/keys")
def keys_page(request: Request, house: House, principal: Managing) -> Response:
    """API keys of other programs."""
    return _keys(request, house, principal)


@router.post("/keys")
def change_keys(
    *,
    request: Request,
    house: House,
    principal: Changing,
    name: Short = "",
    scopes: Texts = [],  # noqa: B006  a form's own default
    days: Short = "",
    disable: Short = "",
) -> Response:
    """Adds a key and shows its secret, this once; or ends one."""
    try:
        if disable:
            people.disable_key(house, principal, disable)
            return RedirectResponse("/keys", status_code=303)
        made = people.add_key(house, principal, name=name.strip().lower(), scopes=scopes, days=_days(days))
    except ClearholdError as error:
        return _keys(request, house, principal, error=error)
    return _keys(request, house, principal, made=made)


@router.get("/me")
def own_page(request: Request, house: House, principal: Own, told: str = "") -> Response:
    """One's own page: what one may do, password, sessions, absences."""
    return _me(request, house, principal, told=told)


@router.post("/me/password")
def change_password(
    *,
    request: Request,
    house: House,
    principal: OwnForm,
    current: Password = "",
    new: Password = "",
    again: Password = "",
) -> Response:
    """Changes one's own password; the other sessions end, this one goes on with a new token."""
    try:
        if new != again:
            raise InputError("USER-PASSWORD", "The two passwords differ.", "Type the same twice.")
        token = people.change_password(house, principal, current=current, new=new, address=client_address(request))
    except ClearholdError as error:
        return _me(request, house, principal, error=error)
    answer = RedirectResponse("/me?told=password", status_code=303)
    set_cookie(answer, house.settings, SESSION_COOKIE, token, seconds=house.settings.session_hours * 3_600)
    return answer


@router.post("/me/sessions")
def end_session(request: Request, house: House, principal: OwnForm, session_id: Short, next: Short = "/me") -> Response:  # noqa: A002
    """Ends one of one's own sessions; an administrator ends anybody's from their page."""
    try:
        people.end_session(house, principal, session_id)
    except ClearholdError as error:
        return _me(request, house, principal, error=error)
    return RedirectResponse(next if next.startswith("/people/") else "/me", status_code=303)


@router.post("/me/absences")
def change_absences(
    *,
    request: Request,
    house: House,
    principal: Annotated[Principal, Depends(allow_form("absences.change"))],
    person: Short = "",
    first_day: Short = "",
    last_day: Short = "",
    substitute: Short = "",
    ends: Short = "",
) -> Response:
    """Says that one will be away, or is back; for another person from their page."""
    whose = person or principal.name
    try:
        if ends:
            desk_work.end_absence(house, principal, ends)
        else:
            first, last = _day(first_day), _day(last_day or first_day)
            desk_work.add_absence(
                house, principal, person=whose, first_day=first, last_day=last, substitute=substitute or None
            )
    except ClearholdError as error:
        shown = _person if whose != principal.name and principal.may("people.manage") else None
        return (
            shown(request, house, principal, whose, error=error)
            if shown
            else _me(request, house, principal, error=error)
        )
    return RedirectResponse("/me" if whose == principal.name else f"/people/{whose}", status_code=303)


def _people(
    request: Request,
    house: Services,
    principal: Principal,
    *,
    made: Invitation | None = None,
    typed: tuple[str, str] = ("", ""),
    error: ClearholdError | None = None,
) -> Response:
    found = people.list_people(house)
    context = {"people": found, "roles": accounts.ROLES, "typed": typed} | _link(request, house, made)
    return _page(request, house, principal, "people.html", context, error=error)


def _person(
    request: Request,
    house: Services,
    principal: Principal,
    name: str,
    *,
    told: str = "",
    made: Invitation | None = None,
    error: ClearholdError | None = None,
) -> Response:
    person = people.show(house, name)
    context = {
        "person": person,
        "roles": accounts.ROLES,
        "queues": every_queue(house.policy),
        "limits": [*_typed_limits(person.rules), *[("", "")] * _EMPTY_ROWS],
        "is_own": name == principal.name,
        "told": told,
    }
    context |= _rights(house, person.user.role, person.rules) | _link(request, house, made) | _stand_ins(house, name)
    return _page(request, house, principal, "person.html", context, error=error)


def _me(
    request: Request, house: Services, principal: Principal, *, told: str = "", error: ClearholdError | None = None
) -> Response:
    person = people.show(house, principal.name)
    context = {"person": person, "told": told, "is_own": True}
    context |= _rights(house, person.user.role, person.rules) | _stand_ins(house, principal.name)
    return _page(request, house, principal, "me.html", context, error=error)


def _keys(
    request: Request,
    house: Services,
    principal: Principal,
    *,
    made: tuple[accounts.ApiKey, str] | None = None,
    error: ClearholdError | None = None,
) -> Response:
    context = {"keys": people.list_keys(house), "scopes": accounts.SCOPES, "made": made}
    return _page(request, house, principal, "keys.html", context, error=error)


def _rights(house: Services, role: str, rules: PersonalRules) -> dict[str, Any]:
    """What a person may approve and works on, role and own rules together."""
    policy = house.policy
    named = {*policy.approval_limits.get(role, {}), *(rules.approval_limits or {})} - {ANY_CURRENCY}
    limits = [(currency, policy.approval_limit(role, currency)) for currency in [*sorted(named), ANY_CURRENCY]]
    return {
        "counting_limits": [(currency, rules.lower_of(limit, currency), limit) for currency, limit in limits]
        if role in policy.approval_limits
        else [],
        "has_own_limits": rules.approval_limits is not None,
        "works_queues": rules.narrowed(queues_of_role(policy, role)),
    }


def _typed_limits(rules: PersonalRules) -> list[tuple[str, str]]:
    return [(currency, plain(amount)) for currency, amount in (rules.approval_limits or {}).items()]


def _limits(currencies: list[str], amounts: list[str]) -> dict[str, str]:
    """The rows of the form that say something; the same currency twice is refused."""
    rows = [
        (one.strip(), two.strip()) for one, two in zip(currencies, amounts, strict=False) if one.strip() or two.strip()
    ]
    if len({one for one, _ in rows}) < len(rows):
        raise InputError("PERSON-LIMIT", "A currency stands there twice.", "Give each currency one limit.")
    return {(one.upper() if one.lower() != ANY_CURRENCY else ANY_CURRENCY): two for one, two in rows}


def _link(request: Request, house: Services, made: Invitation | None) -> dict[str, Any]:
    """The link that was just made, with the address this site is seen under; None when none was."""
    address = None if made is None else public_address(request, house.settings) + made.path
    return {"made": made, "address": address}


def _stand_ins(house: Services, name: str) -> dict[str, Any]:
    with house.db.read() as session:
        working = accounts.working_people(session)
    return {"stand_ins": [one for one in working if one != name], "works": name in working}


def _days(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 0 < int(text) <= 3_660:
        raise InputError("KEY-EXPIRY", f"{text!r} is no number of days.", "Write 1 to 3660, or nothing for no end.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("ABSENCE-DAYS", f"{text!r} is no day.", "Write it as 2026-12-24.") from error


def _page(
    request: Request,
    house: Services,
    principal: Principal,
    template: str,
    context: Mapping[str, Any],
    *,
    error: ClearholdError | None,
) -> Response:
    shown = {"feeds": header_feeds(request, house), "error": error, **context}
    return page(request, template, shown, principal=principal, status=status_of(error) if error else 200)
