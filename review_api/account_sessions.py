"""Sessions of people who are logged in: opened with a new token, kept while somebody is there, ended for good.

A session ends at its latest instant, after too long without a person's doing, and whenever password, role or account
change.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import NotFoundError
from core.ids import new_id
from review_api.accounts import User, active_user, hash_of, user_of_row
from review_api.tables import sessions, users

SEEN_SECONDS = 60
_SECRET_BYTES = 32
LOCAL, PROVIDER = "local", "oidc"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session, as its person and administrators see it: never its token.

    Attributes:
        seen_at: when the person last did something.
        method: `local` with a password, `oidc` for a sign-in with a provider.
    """

    session_id: str
    name: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime
    address: str | None
    agent: str | None
    method: str | None

    def ends_at(self, idle: timedelta) -> datetime:
        """When it ends if nothing more is done."""
        return min(self.expires_at, self.seen_at + idle)


def open_session(
    session: WriteSession,
    user: User,
    *,
    at: datetime,
    hours: int,
    address: str = "",
    agent: str = "",
    method: str = LOCAL,
) -> str:
    """Opens a session and returns its token, which nobody had before; sessions that ran out are cleared away."""
    token = secrets.token_urlsafe(_SECRET_BYTES)
    session.run(delete(sessions).where(sessions.c.expires_at <= at))
    session.run(
        insert(sessions).values(
            token_hash=hash_of(token),
            session_id=new_id("ses", at),
            user_id=user.user_id,
            created_at=at,
            expires_at=at + timedelta(hours=hours),
            seen_at=at,
            address=address[:64],
            agent=agent[:200],
            method=method,
        )
    )
    session.run(update(users).where(users.c.user_id == user.user_id).values(last_login_at=at))
    _tell(session, "user.logged_in", user.name, at=at, actor=f"user:{user.name}", facts={"method": method})
    return token


def session_of(session: ReadSession, token: str, *, at: datetime, idle: timedelta) -> tuple[User, OpenSession] | None:
    """The person a session's token belongs to, or None when it ran out, was ended, or the person is disabled."""
    row = session.one_or_none(
        select(users, *_SHOWN)
        .join(sessions, sessions.c.user_id == users.c.user_id)
        .where(sessions.c.token_hash == hash_of(token), users.c.disabled_at.is_(None), *_is_alive(at, idle))
    )
    return None if row is None else (user_of_row(row), _open(row))


def touch(session: WriteSession, token: str, *, at: datetime) -> None:
    """Remembers that the person did something."""
    session.run(update(sessions).where(sessions.c.token_hash == hash_of(token)).values(seen_at=at))


def list_sessions(
    session: ReadSession, *, at: datetime, idle: timedelta, name: str | None = None
) -> tuple[OpenSession, ...]:
    """Sessions that are open, the newest doing first: of one person or of all."""
    found = select(users.c.name, *_SHOWN).join(sessions, sessions.c.user_id == users.c.user_id)
    found = found.where(*_is_alive(at, idle), users.c.disabled_at.is_(None)).order_by(_SEEN.desc())
    if name is not None:
        found = found.where(users.c.name == name)
    return tuple(_open(row) for row in session.all(found))


def end_session(session: WriteSession, token: str, *, at: datetime, name: str) -> None:
    """Ends the session a person came with."""
    session.run(delete(sessions).where(sessions.c.token_hash == hash_of(token)))
    _tell(session, "user.logged_out", name, at=at, actor=f"user:{name}", facts={})


def forget(session: WriteSession, token: str) -> None:
    """Ends whatever session a browser came with before it logs in anew: its token is worth nothing afterwards."""
    session.run(delete(sessions).where(sessions.c.token_hash == hash_of(token)))


def end_one(session: WriteSession, session_id: str, *, at: datetime, actor: str, of: str | None = None) -> None:
    """Ends a session somebody sees in a list.

    Args:
        of: only if it is this person's.

    Raises:
        NotFoundError: `SESSION-NOT-FOUND`.
    """
    found = select(users.c.name, sessions.c.user_id).join(users, sessions.c.user_id == users.c.user_id)
    row = session.one_or_none(found.where(sessions.c.session_id == session_id))
    if row is None or (of is not None and row["name"] != of):
        raise NotFoundError("SESSION-NOT-FOUND", "There is no such open session.", "Load the list again.")
    session.run(delete(sessions).where(sessions.c.session_id == session_id))
    _tell(session, "user.session_ended", row["name"], at=at, actor=actor, facts={"session_id": session_id})


def end_all(session: WriteSession, name: str, *, at: datetime, actor: str) -> int:
    """Ends every session of a person; says how many there were.

    Raises:
        NotFoundError: `USER-NOT-FOUND`.
    """
    user = active_user(session, name)
    count = session.run(delete(sessions).where(sessions.c.user_id == user.user_id))
    _tell(session, "user.sessions_ended", name, at=at, actor=actor, facts={"count": count})
    return count


def _is_alive(at: datetime, idle: timedelta) -> tuple[ColumnElement[bool], ...]:
    seen = or_(sessions.c.seen_at > at - idle, sessions.c.seen_at.is_(None))
    return sessions.c.expires_at > at, seen


def _open(row: RowMapping) -> OpenSession:
    return OpenSession(
        session_id=row["session_id"] or "",
        name=row["name"],
        created_at=row["session_created_at"],
        expires_at=row["expires_at"],
        seen_at=row["session_seen_at"],
        address=row["address"],
        agent=row["agent"],
        method=row["method"],
    )


def _tell(session: WriteSession, action: str, name: str, *, at: datetime, actor: str, facts: dict[str, object]) -> None:
    audit_log.append(session, at=at, actor=actor, action=action, subject=f"user:{name}", payload=facts)


# A session of before instants of doing were kept counts from its start.
_SEEN = func.coalesce(sessions.c.seen_at, sessions.c.created_at, type_=sessions.c.created_at.type)
_SHOWN = (
    sessions.c.session_id,
    sessions.c.created_at.label("session_created_at"),
    sessions.c.expires_at,
    _SEEN.label("session_seen_at"),
    sessions.c.address,
    sessions.c.agent,
    sessions.c.method,
)
