"""People, their sessions and other programs' keys in the database; secrets go in, only their hashes stay."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError, InputError, NotFoundError
from core.ids import new_id
from review_api.tables import api_keys, login_failures, password_resets, sessions, users
from triage.personal_rules import check_not_own
from triage.roles import WORKING_ROLES

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES = ("ap_clerk", "ap_approver", "planner", "auditor", "admin")
SCOPES = ("documents:write", "score", "feeds:write", "cases:read", "metrics")
KEY_PREFIX = "ck_"
UNKNOWABLE = "!"
"""Kept instead of a hash for whom no password was set: no password has this hash."""
MIN_PASSWORD = 8
MAX_PASSWORD = 1_000
FAILURE_WINDOW = timedelta(minutes=15)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who may log in."""

    user_id: str
    name: str
    role: str
    created_at: datetime
    disabled_at: datetime | None = None
    language: str | None = None
    last_login_at: datetime | None = None
    external_issuer: str | None = None
    external_subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """Another program's key; its secret was shown once and is not known any more."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    created_by: str | None = None

    def is_live(self, at: datetime) -> bool:
        """Whether it is taken at an instant."""
        return self.disabled_at is None and (self.expires_at is None or self.expires_at > at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Failed logins of the last quarter of an hour: for this name from this address, from the address, for the name."""

    pair: int
    address: int
    name: int


def add_user(
    session: WriteSession, *, name: str, password: str | None, role: str, at: datetime, actor: str = "system"
) -> User:
    """Adds a person; the password is kept as an argon2id hash. Without one they come in by a link or a provider.

    Raises:
        InputError: `USER-NAME`, `USER-ROLE`, `USER-PASSWORD`.
        ConflictError: `USER-EXISTS`.
    """
    _check_name(name, "USER-NAME")
    check_role(role)
    if password is not None:
        check_password(password)
    if session.one_or_none(select(users.c.user_id).where(users.c.name == name)) is not None:
        raise ConflictError("USER-EXISTS", f"There is a user {name} already.", "Choose another name.")
    user = User(user_id=new_id("usr", at), name=name, role=role, created_at=at)
    session.run(
        insert(users).values(
            user_id=user.user_id,
            name=name,
            password_hash=UNKNOWABLE if password is None else password_hasher().hash(password),
            role=role,
            created_at=at,
        )
    )
    _tell(session, at=at, actor=actor, action="user.added", subject=f"user:{name}", payload={"role": role})
    return user


def disable_user(session: WriteSession, name: str, *, at: datetime, actor: str = "system") -> None:
    """Shuts a person out at once: no login any more, and every open session ends.

    Raises:
        NotFoundError: `USER-NOT-FOUND`.
        ForbiddenError: `PERSON-OWN`.
        ConflictError: `USER-LAST-ADMIN`.
    """
    audit_log.lock_chain(session)
    user = active_user(session, name)
    check_not_own(name, actor.removeprefix("user:"))
    check_not_last_admin(session, user)
    session.run(update(users).where(users.c.user_id == user.user_id).values(disabled_at=at))
    session.run(delete(sessions).where(sessions.c.user_id == user.user_id))
    session.run(delete(password_resets).where(password_resets.c.user_id == user.user_id))
    _tell(session, at=at, actor=actor, action="user.disabled", subject=f"user:{name}", payload={})


def active_user(session: ReadSession, name: str) -> User:
    """A person who may log in.

    Raises:
        NotFoundError: `USER-NOT-FOUND`.
    """
    row = session.one_or_none(select(users).where(users.c.name == name, users.c.disabled_at.is_(None)))
    if row is None:
        raise NotFoundError("USER-NOT-FOUND", f"There is no active user {name}.", "See `clearhold user list`.")
    return user_of_row(row)


def find_user(session: ReadSession, name: str) -> User:
    """A person, disabled or not.

    Raises:
        NotFoundError: `USER-NOT-FOUND`.
    """
    row = session.one_or_none(select(users).where(users.c.name == name))
    if row is None:
        raise NotFoundError("USER-NOT-FOUND", f"There is no user {name}.", "See the list of people.")
    return user_of_row(row)


def check_not_last_admin(session: ReadSession, user: User) -> None:
    """Refuses to take the last administrator away (`USER-LAST-ADMIN`): nobody could let anybody in again."""
    others = select(func.count()).select_from(users)
    others = others.where(users.c.role == "admin", users.c.disabled_at.is_(None), users.c.name != user.name)
    if user.role == "admin" and not session.scalar(others):
        raise ConflictError(
            "USER-LAST-ADMIN", f"{user.name} is the last administrator.", "Make somebody else one first."
        )


def choose_language(session: WriteSession, name: str, language: str, *, at: datetime) -> None:
    """Remembers the language a person wants to be told things in."""
    session.run(update(users).where(users.c.name == name).values(language=language))
    told = {"language": language}
    _tell(session, at=at, actor=f"user:{name}", action="user.language_chosen", subject=f"user:{name}", payload=told)


def list_users(session: ReadSession) -> tuple[User, ...]:
    """Everybody, disabled ones too, by name."""
    return tuple(user_of_row(row) for row in session.all(select(users).order_by(users.c.name)))


def working_people(session: ReadSession) -> dict[str, str]:
    """Those who may log in and work on cases, each with their role, by name."""
    found = select(users.c.name, users.c.role).where(users.c.disabled_at.is_(None), users.c.role.in_(WORKING_ROLES))
    return {row["name"]: row["role"] for row in session.all(found.order_by(users.c.name))}


def has_users(session: ReadSession) -> bool:
    """Whether anybody may log in."""
    return bool(session.scalar(select(func.count()).select_from(users).where(users.c.disabled_at.is_(None))))


def user_with_hash(session: ReadSession, name: str) -> tuple[User, str] | None:
    """An active person and the hash of the password."""
    row = session.one_or_none(select(users).where(users.c.name == name, users.c.disabled_at.is_(None)))
    return None if row is None else (user_of_row(row), row["password_hash"])


def add_failure(session: WriteSession, *, name: str, address: str, at: datetime) -> None:
    """Remembers a failed login for as long as it counts."""
    session.run(delete(login_failures).where(login_failures.c.at <= at - FAILURE_WINDOW))
    session.run(
        insert(login_failures).values(failure_id=new_id("lgf", at), name=name[:64], address=address[:64], at=at)
    )


def clear_failures(session: WriteSession, *, name: str, address: str) -> None:
    """Forgets the failed logins of a person who then knew the password."""
    session.run(
        delete(login_failures).where(login_failures.c.name == name[:64], login_failures.c.address == address[:64])
    )


def failures(session: ReadSession, *, name: str, address: str, at: datetime) -> Failures:
    """How often a login failed of late."""
    same_name, same_address = login_failures.c.name == name[:64], login_failures.c.address == address[:64]

    def count(*conditions: Any) -> int:
        recent = select(func.count()).select_from(login_failures).where(login_failures.c.at > at - FAILURE_WINDOW)
        return int(session.scalar(recent.where(*conditions)) or 0)

    return Failures(pair=count(same_name, same_address), address=count(same_address), name=count(same_name))


def add_key(
    session: WriteSession,
    *,
    name: str,
    scopes: Sequence[str],
    at: datetime,
    actor: str = "system",
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Adds a program's key; returns it with its secret, which is not kept and cannot be shown again.

    Raises:
        InputError: `KEY-NAME`, `KEY-SCOPE`, `KEY-EXPIRY`.
        ConflictError: `KEY-EXISTS`.
    """
    _check_name(name, "KEY-NAME")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        said = f"{', '.join(unknown)} is no scope." if unknown else "A key without a scope can do nothing."
        raise InputError("KEY-SCOPE", said, f"Use some of {', '.join(SCOPES)}.")
    if session.one_or_none(select(api_keys.c.key_id).where(api_keys.c.name == name)) is not None:
        raise ConflictError("KEY-EXISTS", f"There is a key {name} already.", "Choose another name.")
    if expires_at is not None and expires_at <= at:
        raise InputError("KEY-EXPIRY", "The key would have ended already.", "Choose a later day, or none.")
    secret = KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(
        key_id=new_id("key", at),
        name=name,
        scopes=tuple(sorted(set(scopes))),
        created_at=at,
        expires_at=expires_at,
        created_by=actor,
    )
    row = {column.name: getattr(key, column.name) for column in api_keys.c if column.name != "secret_hash"}
    session.run(insert(api_keys).values(row | {"secret_hash": hash_of(secret), "scopes": list(key.scopes)}))
    told = {"scopes": list(key.scopes), "expires_at": expires_at}
    _tell(session, at=at, actor=actor, action="key.added", subject=f"key:{name}", payload=told)
    return key, secret


def disable_key(session: WriteSession, name: str, *, at: datetime, actor: str = "system") -> None:
    """Ends a key at once.

    Raises:
        NotFoundError: `KEY-NOT-FOUND`.
    """
    found = update(api_keys).where(api_keys.c.name == name, api_keys.c.disabled_at.is_(None))
    if not session.run(found.values(disabled_at=at)):
        raise NotFoundError("KEY-NOT-FOUND", f"There is no active key {name}.", "See `clearhold key list`.")
    _tell(session, at=at, actor=actor, action="key.disabled", subject=f"key:{name}", payload={})


def list_keys(session: ReadSession) -> tuple[ApiKey, ...]:
    """Every key, disabled ones too, by name."""
    return tuple(_key(row) for row in session.all(select(api_keys).order_by(api_keys.c.name)))


def key_of_secret(session: ReadSession, secret: str, *, at: datetime) -> ApiKey | None:
    """The live key a secret belongs to."""
    row = session.one_or_none(select(api_keys).where(api_keys.c.secret_hash == hash_of(secret)))
    key = None if row is None else _key(row)
    return key if key is not None and key.is_live(at) else None


def use_key(session: WriteSession, key: ApiKey, *, at: datetime) -> None:
    """Remembers that a key was used."""
    session.run(update(api_keys).where(api_keys.c.key_id == key.key_id).values(last_used_at=at))


@cache
def password_hasher() -> "PasswordHasher":
    """Argon2id with the library's parameters, which follow RFC 9106."""
    from argon2 import PasswordHasher

    return PasswordHasher()


def check_password(password: str) -> None:
    """Refuses a password that is too short to be one (`USER-PASSWORD`)."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InputError(
            "USER-PASSWORD",
            f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters; this one has {len(password)}.",
            "Use a longer one: four words that do not belong together will do.",
        )


def _check_name(name: str, code: str) -> None:
    if not NAME.fullmatch(name):
        raise InputError(
            code,
            f"{name!r} cannot be a name here.",
            "Use up to 64 lower-case letters, digits, dots, dashes and underscores, a letter or digit first.",
        )


def check_role(role: str) -> None:
    """Refuses a role there is none of (`USER-ROLE`)."""
    if role not in ROLES:
        raise InputError("USER-ROLE", f"{role!r} is no role.", f"Use one of {', '.join(ROLES)}.")


def hash_of(secret: str) -> str:
    """What is kept of a secret that was made by chance."""
    # Tokens carry 256 random bits: one round of SHA-256 cannot be guessed backwards, argon2 would only cost time.
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(
    session: WriteSession, *, at: datetime, actor: str, action: str, subject: str, payload: dict[str, Any]
) -> None:
    audit_log.append(session, at=at, actor=actor, action=action, subject=subject, payload=payload)


def user_of_row(row: RowMapping) -> User:
    """A person, as the table has them."""
    return User(**{field.name: row[field.name] for field in fields(User)})


def _key(row: RowMapping) -> ApiKey:
    values = {field.name: row[field.name] for field in fields(ApiKey)}
    return ApiKey(**(values | {"scopes": tuple(row["scopes"])}))
