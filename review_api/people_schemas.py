"""The shapes of people, sessions and keys over HTTP. No password, token or secret comes out but the one just made."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.money import plain
from review_api.account_sessions import OpenSession
from review_api.accounts import MAX_PASSWORD, ApiKey
from review_api.people import Invitation, Person
from triage.personal_rules import PersonalRules

Name = Annotated[str, Field(max_length=64)]
Password = Annotated[str, Field(max_length=MAX_PASSWORD)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PersonIn(_In):
    """A person to let in."""

    name: Name
    role: Annotated[str, Field(max_length=20)]


class PersonChangeIn(_In):
    """What is to change of a person; what is left away stays. Limits are amounts as text, by currency or `other`."""

    role: Annotated[str, Field(max_length=20)] | None = None
    active: bool | None = None
    queues: list[Annotated[str, Field(max_length=20)]] | None = None
    approval_limits: dict[Annotated[str, Field(max_length=5)], Annotated[str, Field(max_length=40)]] | None = None


class PersonOut(BaseModel):
    """A person: role, own queues and limits (null for those of the role), and whether they may log in."""

    name: str
    role: str
    active: bool
    created_at: datetime
    last_login_at: datetime | None
    signs_in_with: str = Field(description="`password`, or the provider's issuer")
    queues: list[str] | None
    approval_limits: dict[str, str] | None
    open_sessions: int
    away: bool


class InvitationOut(BaseModel):
    """A link to set a password with, shown once; whoever made it hands it over."""

    name: str
    path: str
    expires_at: datetime


class SessionOut(BaseModel):
    """An open session."""

    session_id: str
    name: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime = Field(description="at the latest, whatever is done")
    address: str | None
    agent: str | None
    method: str | None
    is_this: bool = Field(description="whether it is the one that asks")


class OwnSessionOut(BaseModel):
    """The session that asks: when it ends if nothing more is done, and what its changes must carry."""

    name: str
    ends_at: datetime
    ends_at_latest: datetime
    csrf: str = Field(description="for `X-CSRF-Token`, and for the forms of a page that was open before")


class PasswordIn(_In):
    """One's own password, and the next."""

    current: Password
    new: Password


class NewPasswordIn(_In):
    """A password set with a link."""

    password: Password


class KeyIn(_In):
    """A key to add."""

    name: Name
    scopes: list[Annotated[str, Field(max_length=40)]]
    days: Annotated[int, Field(ge=1, le=3_660)] | None = Field(default=None, description="it ends after so many days")


class KeyOut(BaseModel):
    """A key, without its secret."""

    name: str
    scopes: list[str]
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None
    disabled_at: datetime | None


class NewKeyOut(KeyOut):
    """A key that was just made, with its secret: shown now and never again."""

    secret: str


def person_out(person: Person, at: datetime) -> PersonOut:
    """A person as the API gives them."""
    limits = person.rules.approval_limits
    return PersonOut(
        name=person.user.name,
        role=person.user.role,
        active=person.user.disabled_at is None,
        created_at=person.user.created_at,
        last_login_at=person.user.last_login_at,
        signs_in_with=person.user.external_issuer or "password",
        queues=None if person.rules.queues is None else list(person.rules.queues),
        approval_limits=None if limits is None else {currency: plain(amount) for currency, amount in limits.items()},
        open_sessions=len(person.sessions),
        away=person.is_away(at),
    )


def rules_wanted(body: PersonChangeIn, now: PersonalRules) -> tuple[list[str] | None, dict[str, str] | None]:
    """The queues and limits a change asks for, with those it does not speak of as they are."""
    limits = now.approval_limits
    kept = None if limits is None else {currency: plain(amount) for currency, amount in limits.items()}
    queues = None if now.queues is None else list(now.queues)
    return (
        body.queues if "queues" in body.model_fields_set else queues,
        body.approval_limits if "approval_limits" in body.model_fields_set else kept,
    )


def invitation_out(made: Invitation) -> InvitationOut:
    """A link as the API gives it, this once."""
    return InvitationOut(name=made.name, path=made.path, expires_at=made.expires_at)


def session_out(one: OpenSession, own: OpenSession | None) -> SessionOut:
    """A session as the API gives it."""
    return SessionOut(
        session_id=one.session_id,
        name=one.name,
        created_at=one.created_at,
        last_seen_at=one.seen_at,
        ends_at=one.expires_at,
        address=one.address,
        agent=one.agent,
        method=one.method,
        is_this=own is not None and own.session_id == one.session_id,
    )


def key_out(key: ApiKey) -> KeyOut:
    """A key as the API gives it."""
    return KeyOut(**_key(key))


def new_key_out(key: ApiKey, secret: str) -> NewKeyOut:
    """A key with its secret, this once."""
    return NewKeyOut(**_key(key), secret=secret)


def _key(key: ApiKey) -> dict[str, object]:
    return {name: getattr(key, name) for name in KeyOut.model_fields} | {"scopes": list(key.scopes)}
