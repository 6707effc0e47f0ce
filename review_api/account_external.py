"""People who come in by a provider: known by issuer and subject, never by name; and sign-ins that were begun."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import AuthenticationError, ConflictError, ForbiddenError
from review_api.accounts import User, add_user, hash_of, user_of_row
from review_api.tables import oidc_logins, sessions, users

BEGUN_FOR = timedelta(minutes=10)


def begin(session: WriteSession, state: str, *, browser: str, leads_to: str, redirect_uri: str, at: datetime) -> None:
    """Remembers a sign-in that was begun, for a few minutes."""
    session.run(delete(oidc_logins).where(oidc_logins.c.expires_at <= at))
    session.run(
        insert(oidc_logins).values(
            state_hash=hash_of(state),
            browser_hash=hash_of(browser),
            leads_to=leads_to,
            redirect_uri=redirect_uri,
            expires_at=at + BEGUN_FOR,
        )
    )


def take(session: WriteSession, state: str, *, browser: str, at: datetime) -> tuple[str, str]:
    """Where a sign-in leads, and the address it was begun with; it is forgotten, so that its state works once.

    Raises:
        AuthenticationError: `OIDC-STATE` when it was not begun here, by this browser, lately.
    """
    mine = oidc_logins.c.state_hash == hash_of(state)
    row = session.one_or_none(select(oidc_logins).where(mine))
    # One of two answers with the same state finds it still there: the other deletes nothing.
    is_first = session.run(delete(oidc_logins).where(mine)) == 1
    if row is None or not is_first or row["expires_at"] <= at or row["browser_hash"] != hash_of(browser):
        raise AuthenticationError(
            "OIDC-STATE", "This sign-in was not begun here, or is over.", "Begin again on the login page."
        )
    return row["leads_to"], row["redirect_uri"]


def find(session: ReadSession, issuer: str, subject: str) -> User | None:
    """The person a provider means by a subject."""
    found = select(users).where(users.c.external_issuer == issuer, users.c.external_subject == subject)
    row = session.one_or_none(found)
    return None if row is None else user_of_row(row)


def sign_in(session: WriteSession, *, issuer: str, subject: str, name: str, role: str, at: datetime) -> User:
    """The person who has signed in with a provider: made at the first time, with the provider's role every time.

    Raises:
        ForbiddenError: `OIDC-DISABLED`.
        ConflictError: `OIDC-NAME-TAKEN`: nobody becomes somebody else by what a provider calls them.
    """
    audit_log.lock_chain(session)
    known = find(session, issuer, subject)
    if known is None:
        return _add(session, issuer=issuer, subject=subject, name=name, role=role, at=at)
    if known.disabled_at is not None:
        raise ForbiddenError("OIDC-DISABLED", f"{known.name} is shut out here.", "Ask an administrator.")
    if known.role != role:
        session.run(update(users).where(users.c.user_id == known.user_id).values(role=role))
        session.run(delete(sessions).where(sessions.c.user_id == known.user_id))
        _tell(session, "user.role_changed", known.name, at=at, facts={"before": known.role, "after": role})
    return replace(known, role=role)


def end_sessions_of(session: WriteSession, issuer: str, subject: str, *, at: datetime) -> None:
    """Ends the sessions of a person to whom the provider gives no role any more."""
    known = find(session, issuer, subject)
    if known is not None and session.run(delete(sessions).where(sessions.c.user_id == known.user_id)):
        _tell(session, "user.sessions_ended", known.name, at=at, facts={"why": "the provider gives no role"})


def _add(session: WriteSession, *, issuer: str, subject: str, name: str, role: str, at: datetime) -> User:
    if session.one_or_none(select(users.c.user_id).where(users.c.name == name)) is not None:
        raise ConflictError(
            "OIDC-NAME-TAKEN",
            f"There is another account called {name} already.",
            "Ask an administrator: one of the two needs another name.",
        )
    user = add_user(session, name=name, password=None, role=role, at=at, actor=f"oidc:{issuer}"[:200])
    told = {"external_issuer": issuer, "external_subject": subject}
    session.run(update(users).where(users.c.user_id == user.user_id).values(**told))
    _tell(session, "user.linked", name, at=at, facts=told)
    return replace(user, external_issuer=issuer, external_subject=subject)


def _tell(session: WriteSession, action: str, name: str, *, at: datetime, facts: Mapping[str, object]) -> None:
    audit_log.append(session, at=at, actor="system", action=action, subject=f"user:{name}", payload=facts)
