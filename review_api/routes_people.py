"""People, sessions and API keys over HTTP: who may come in, with which role, queues and limits."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from review_api import people, schemas
from review_api import people_schemas as shapes
from review_api.auth import SESSION_COOKIE, Principal, allow, idle_of, services_of
from review_api.browsers import client_address, set_cookie
from review_api.idempotency import IdempotentRoute
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Managing = Annotated[Principal, Depends(allow("people.manage"))]
Own = Annotated[Principal, Depends(allow("me"))]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["people"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 422)
    },
)


@router.get("/people", dependencies=[Depends(allow("people.manage"))])
def list_people(house: House) -> list[shapes.PersonOut]:
    """Everybody who may or might log in."""
    return [shapes.person_out(one, house.clock.now()) for one in people.list_people(house)]


@router.post("/people", status_code=status.HTTP_201_CREATED)
def add_person(house: House, principal: Managing, body: shapes.PersonIn) -> shapes.InvitationOut:
    """Lets a person in; the answer has the link to set a password with, this once."""
    return shapes.invitation_out(people.add(house, principal, name=body.name, role=body.role))


@router.get("/people/{name}", dependencies=[Depends(allow("people.manage"))])
def show_person(house: House, name: str) -> shapes.PersonOut:
    """One person."""
    return shapes.person_out(people.show(house, name), house.clock.now())


@router.patch("/people/{name}")
def change_person(house: House, principal: Managing, name: str, body: shapes.PersonChangeIn) -> shapes.PersonOut:
    """Changes role, queues, limits, or whether somebody may log in. Nobody changes their own."""
    wants_rules = body.model_fields_set & {"queues", "approval_limits"}
    now = people.show(house, name).rules if wants_rules else None
    rules = None if now is None else shapes.rules_wanted(body, now)
    after = people.change(house, principal, name, role=body.role, is_active=body.active, rules=rules)
    return shapes.person_out(after, house.clock.now())


@router.post("/people/{name}/reset", status_code=status.HTTP_201_CREATED)
def reset_password(house: House, principal: Managing, name: str) -> shapes.InvitationOut:
    """A new link for a person to set a password with; it works once, for a day."""
    return shapes.invitation_out(people.invite(house, principal, name))


@router.delete("/people/{name}/sessions", status_code=status.HTTP_204_NO_CONTENT)
def end_sessions(house: House, principal: Managing, name: str) -> None:
    """Ends every session of a person."""
    people.end_sessions(house, principal, name)


@router.get("/sessions")
def list_sessions(
    house: House, principal: Own, person: Annotated[str | None, Query(max_length=64)] = None
) -> list[shapes.SessionOut]:
    """One's own open sessions; an administrator may ask for another's."""
    name = person if person and principal.may("people.manage") else principal.name
    return [shapes.session_out(one, principal.session) for one in people.list_sessions(house, name)]


@router.delete("/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT)
def end_session(house: House, principal: Own, session_id: str) -> None:
    """Ends one of one's own sessions; an administrator ends anybody's."""
    people.end_session(house, principal, session_id)


@router.get("/me/session")
def own_session(house: House, principal: Own) -> shapes.OwnSessionOut:
    """When the session that asks will end. Asked with `X-By-Itself: 1` it does not count as anybody's doing."""
    return _own(house, principal)


@router.post("/me/session")
def keep_session(house: House, principal: Own) -> shapes.OwnSessionOut:
    """Keeps the session that asks: somebody is there."""
    return _own(house, principal)


@router.put("/me/password")
def change_password(
    *, request: Request, house: House, principal: Own, body: shapes.PasswordIn, response: Response
) -> dict[str, str]:
    """Changes one's own password; every session ends but the new one this answer opens."""
    people.session_of(principal)
    address = client_address(request)
    token = people.change_password(house, principal, current=body.current, new=body.new, address=address)
    set_cookie(response, house.settings, SESSION_COOKIE, token, seconds=house.settings.session_hours * 3_600)
    return {"name": principal.name}


@router.get("/keys", dependencies=[Depends(allow("people.manage"))])
def list_keys(house: House) -> list[shapes.KeyOut]:
    """Every API key, without secrets."""
    return [shapes.key_out(one) for one in people.list_keys(house)]


@router.post("/keys", status_code=status.HTTP_201_CREATED)
def add_key(house: House, principal: Managing, body: shapes.KeyIn) -> shapes.NewKeyOut:
    """Adds a key; the answer has its secret, this once."""
    return shapes.new_key_out(*people.add_key(house, principal, name=body.name, scopes=body.scopes, days=body.days))


@router.delete("/keys/{name}", status_code=status.HTTP_204_NO_CONTENT)
def disable_key(house: House, principal: Managing, name: str) -> None:
    """Ends a key at once; it stays in the list."""
    people.disable_key(house, principal, name)


def _own(house: Services, principal: Principal) -> shapes.OwnSessionOut:
    opened = people.session_of(principal)
    return shapes.OwnSessionOut(
        name=principal.name,
        ends_at=opened.ends_at(idle_of(house)),
        ends_at_latest=opened.expires_at,
        csrf=principal.csrf,
    )
