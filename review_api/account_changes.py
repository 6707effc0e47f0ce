"""Changes of an account after it was made: role, password, the link to set one with, in again after being shut out."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from core import audit_log
from core.database import WriteSession
from core.errors import AuthenticationError, ConflictError
from review_api import accounts
from review_api.accounts import (
    User,
    active_user,
    check_not_last_admin,
    check_password,
    check_role,
    find_user,
    hash_of,
    user_of_row,
)
from review_api.tables import password_resets, sessions, users
from triage.personal_rules import check_not_own

RESET_HOURS = 24
_SECRET_BYTES = 32


def change_role(session: WriteSession, name: str, role: str, *, at: datetime, actor: str) -> None:
    """Gives a person another role; every open session of theirs ends.

    Raises:
        InputError: `USER-ROLE`.
        NotFoundError: `USER-NOT-FOUND`.
        ForbiddenError: `PERSON-OWN`.
        ConflictError: `USER-LAST-ADMIN`.
    """
    check_role(role)
    audit_log.lock_chain(session)
    user = active_user(session, name)
    check_not_own(name, actor.removeprefix("user:"))
    if user.role == role:
        return
    check_not_last_admin(session, user)
    session.run(update(users).where(users.c.user_id == user.user_id).values(role=role))
    _end_sessions(session, user)
    _tell(session, "user.role_changed", name, at=at, actor=actor, facts={"before": user.role, "after": role})


def enable_user(session: WriteSession, name: str, *, at: datetime, actor: str) -> None:
    """Lets a person in again who was shut out.

    Raises:
        NotFoundError: `USER-NOT-FOUND`.
        ConflictError: `USER-ACTIVE`.
    """
    user = find_user(session, name)
    if user.disabled_at is None:
        raise ConflictError("USER-ACTIVE", f"{name} may log in already.", "Nothing is to be done.")
    session.run(update(users).where(users.c.user_id == user.user_id).values(disabled_at=None))
    _tell(session, "user.enabled", name, at=at, actor=actor, facts={})


def set_password(session: WriteSession, user: User, password: str, *, at: datetime, actor: str) -> None:
    """Sets a person's password; every open session of theirs ends, and every link to set one.

    Raises:
        InputError: `USER-PASSWORD`.
    """
    check_password(password)
    kept = accounts.password_hasher().hash(password)
    session.run(update(users).where(users.c.user_id == user.user_id).values(password_hash=kept))
    _end_sessions(session, user)
    session.run(delete(password_resets).where(password_resets.c.user_id == user.user_id))
    _tell(session, "user.password_changed", user.name, at=at, actor=actor, facts={})


def make_reset(session: WriteSession, name: str, *, at: datetime, actor: str) -> tuple[str, datetime]:
    """A link's secret with which a person sets a password, once, within a day; an earlier one is worth nothing.

    Raises:
        NotFoundError: `USER-NOT-FOUND`.
        ConflictError: `USER-EXTERNAL`: a password would let them in past their provider.
    """
    user, expires_at = active_user(session, name), at + timedelta(hours=RESET_HOURS)
    if user.external_issuer is not None:
        raise ConflictError(
            "USER-EXTERNAL", f"{name} signs in with a provider and has no password here.", "Help them there."
        )
    token = secrets.token_urlsafe(_SECRET_BYTES)
    session.run(delete(password_resets).where(password_resets.c.user_id == user.user_id))
    session.run(
        insert(password_resets).values(
            token_hash=hash_of(token), user_id=user.user_id, created_at=at, expires_at=expires_at, created_by=actor
        )
    )
    _tell(session, "user.reset_made", name, at=at, actor=actor, facts={"expires_at": expires_at})
    return token, expires_at


def use_reset(session: WriteSession, token: str, password: str, *, at: datetime) -> User:
    """Sets a password with a link's secret, which is worth nothing afterwards.

    Raises:
        AuthenticationError: `USER-RESET` when it is not known, was used, or has aged.
        InputError: `USER-PASSWORD`.
    """
    found = select(users).join(password_resets, password_resets.c.user_id == users.c.user_id)
    row = session.one_or_none(
        found.where(
            password_resets.c.token_hash == hash_of(token),
            password_resets.c.expires_at > at,
            users.c.disabled_at.is_(None),
        )
    )
    if row is None:
        raise AuthenticationError(
            "USER-RESET",
            "This link is not known: it was used, has aged, or another was made.",
            "Ask an administrator for a new one.",
        )
    user = user_of_row(row)
    set_password(session, user, password, at=at, actor=f"user:{user.name}")
    return user


def _end_sessions(session: WriteSession, user: User) -> None:
    session.run(delete(sessions).where(sessions.c.user_id == user.user_id))


def _tell(session: WriteSession, action: str, name: str, *, at: datetime, actor: str, facts: dict[str, object]) -> None:
    audit_log.append(session, at=at, actor=actor, action=action, subject=f"user:{name}", payload=facts)
