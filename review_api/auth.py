"""Decides who is asking and whether they may: session cookie or API key to a principal, rights to roles and scopes."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Annotated, cast

from fastapi import Depends, Form, Header, Request

from core.errors import AuthenticationError, ForbiddenError, RateLimitedError
from review_api import account_sessions, accounts
from review_api.account_sessions import SEEN_SECONDS, OpenSession
from review_api.accounts import FAILURE_WINDOW, ROLES, User
from review_api.services import Services
from triage.policy_rules import PROPOSER_ROLES

SESSION_COOKIE = "clearhold_session"
LOGIN_COOKIE = "clearhold_login"
LANGUAGE_COOKIE = "clearhold_language"
MAX_FAILURES_PAIR = 5
MAX_FAILURES_ADDRESS = 50
MAX_FAILURES_NAME = 100
_KEY_SEEN = timedelta(minutes=5)
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking: a person with a role, or another program with scopes."""

    name: str
    kind: str
    role: str | None = None
    language: str | None = None
    scopes: frozenset[str] = frozenset()
    token: str | None = field(default=None, repr=False)
    session: OpenSession | None = None

    @property
    def actor(self) -> str:
        """As the audit names them: `user:anna`, `key:orchestration`."""
        return f"{self.kind}:{self.name}"

    @property
    def csrf(self) -> str:
        """What a form of this session must carry: another site can make a browser post, but cannot know this."""
        return hashlib.sha256(f"csrf:{self.token}".encode()).hexdigest() if self.token else ""

    def may(self, right: str) -> bool:
        """Whether a role or scope of theirs gives this right."""
        roles, scopes = RIGHTS[right]
        return self.role in roles or bool(self.scopes & scopes)


_ALL = frozenset(ROLES)
_WORKING = frozenset({"ap_clerk", "ap_approver", "planner", "admin"})
RIGHTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "cases.read": (_ALL, frozenset({"cases:read"})),
    "cases.work": (_WORKING, frozenset()),
    "filters": (_ALL, frozenset()),
    "absences.read": (_ALL, frozenset()),
    "absences.change": (_WORKING, frozenset()),
    "documents.read": (_ALL, frozenset({"cases:read", "documents:write"})),
    "documents.write": (_WORKING, frozenset({"documents:write"})),
    "feeds.read": (_ALL, frozenset({"cases:read", "feeds:write"})),
    "feeds.write": (frozenset({"planner", "admin"}), frozenset({"feeds:write"})),
    "memory.read": (_ALL, frozenset({"cases:read"})),
    "memory.withdraw": (_WORKING, frozenset()),
    "policy.change": (PROPOSER_ROLES, frozenset()),
    "score": (frozenset({"planner", "admin"}), frozenset({"score"})),
    "models.read": (_ALL, frozenset({"cases:read", "score"})),
    "policy.read": (_ALL, frozenset({"cases:read"})),
    "insights.read": (_ALL, frozenset({"cases:read"})),
    "audit.read": (frozenset({"ap_approver", "auditor", "admin"}), frozenset()),
    "me": (_ALL, frozenset()),
    "metrics.read": (frozenset({"admin"}), frozenset({"metrics"})),
    "people.manage": (frozenset({"admin"}), frozenset()),
    "webhooks.manage": (frozenset({"admin"}), frozenset()),
    "events.read": (_ALL, frozenset({"cases:read", "score"})),
}


def services_of(request: Request) -> Services:
    """The services of the running application."""
    return cast(Services, request.app.state.services)


def principal_of(request: Request) -> Principal:
    """Who is asking, by API key or session.

    Raises:
        AuthenticationError: `AUTH-KEY`, `AUTH-SESSION`, `AUTH-MISSING`.
    """
    known: Principal | None = getattr(request.state, "principal", None)
    if known is None:
        request.state.principal = known = _principal_of(request)
    return known


def _principal_of(request: Request) -> Principal:
    services = services_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.lower() == "bearer" and not secret.strip().startswith(accounts.KEY_PREFIX) and "." in secret:
            return _principal_of_token(request, secret.strip())
        return _principal_of_key(services, scheme, secret.strip())
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        raise AuthenticationError("AUTH-MISSING", "Nobody is logged in.", "Log in, or send an API key.")
    user, opened = _session(services, token, is_doing=not _goes_by_itself(request))
    request.state.language = user.language
    request.state.session_ends_at = opened.ends_at(idle_of(services))
    return Principal(name=user.name, kind="user", role=user.role, language=user.language, token=token, session=opened)


def allow(right: str) -> Callable[[Request, Principal, str], Principal]:
    """The dependency of an API endpoint: the principal, if they have the right.

    A change made with a session cookie must carry the session's `X-CSRF-Token`: browsers send cookies by themselves.

    Raises:
        ForbiddenError: `AUTH-ROLE`, `AUTH-CSRF`.
    """

    def allowed(
        request: Request,
        principal: Annotated[Principal, Depends(principal_of)],
        x_csrf_token: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Principal:
        check_right(principal, right)
        if principal.token and request.method not in _SAFE_METHODS:
            check_csrf(principal, x_csrf_token)
        return principal

    return allowed


def allow_page(right: str) -> Callable[[Principal], Principal]:
    """The dependency of a page: the person, if they have the right."""

    def allowed(principal: Annotated[Principal, Depends(principal_of)]) -> Principal:
        check_right(principal, right)
        return principal

    return allowed


def allow_form(right: str) -> Callable[[Principal, str], Principal]:
    """The dependency of a page's form: the person, if they have the right and the form is of their session."""

    def allowed(principal: Annotated[Principal, Depends(principal_of)], csrf: Annotated[str, Form()] = "") -> Principal:
        check_right(principal, right)
        check_csrf(principal, csrf)
        return principal

    return allowed


def check_right(principal: Principal, right: str) -> None:
    """Refuses who has no role or scope for it (`AUTH-ROLE`)."""
    if not principal.may(right):
        roles, scopes = RIGHTS[right]
        raise ForbiddenError(
            "AUTH-ROLE",
            f"{principal.actor} may not do this ({right}).",
            f"It needs one of {', '.join(sorted(roles | scopes))}.",
        )


def check_csrf(principal: Principal, given: str) -> None:
    """Refuses a form that is not of this session (`AUTH-CSRF`)."""
    if not principal.csrf or not hmac.compare_digest(principal.csrf.encode(), given.encode()):
        raise ForbiddenError("AUTH-CSRF", "The form is not of this session.", "Load the page again and repeat it.")


def log_in(
    services: Services, *, name: str, password: str, address: str, agent: str = "", previous: str | None = None
) -> str:
    """Opens a session and returns its token; after too many failures nobody is let in for a quarter of an hour.

    Args:
        previous: the token the browser came with, which is worth nothing afterwards.

    Raises:
        AuthenticationError: `AUTH-LOGIN`; it does not say whether the name exists.
        RateLimitedError: `AUTH-RATE`.
    """
    check_local_login(services)
    user = check_credentials(services, name=name, password=password, address=address)
    with services.db.write() as session:
        accounts.clear_failures(session, name=user.name, address=address)
        if previous:
            account_sessions.forget(session, previous)
        return account_sessions.open_session(
            session,
            user,
            at=services.clock.now(),
            hours=services.settings.session_hours,
            address=address,
            agent=agent,
        )


def check_local_login(services: Services) -> None:
    """Refuses passwords where the house wants everybody to sign in with its provider (`AUTH-LOCAL-OFF`)."""
    if not services.settings.local_login:
        raise ForbiddenError(
            "AUTH-LOCAL-OFF", "Nobody logs in with a password here.", "Sign in with your house's provider."
        )


def check_credentials(services: Services, *, name: str, password: str, address: str) -> User:
    """The person who knows this password; whoever does not is counted.

    Raises:
        AuthenticationError: `AUTH-LOGIN`.
        RateLimitedError: `AUTH-RATE`.
    """
    name, at = name.strip().lower(), services.clock.now()
    with services.db.read() as session:
        failed = accounts.failures(session, name=name, address=address, at=at)
        found = accounts.user_with_hash(session, name)
    if failed.pair >= MAX_FAILURES_PAIR or failed.address >= MAX_FAILURES_ADDRESS or failed.name >= MAX_FAILURES_NAME:
        minutes = int(FAILURE_WINDOW.total_seconds() // 60)
        raise RateLimitedError("AUTH-RATE", "Too many logins have failed.", f"Wait {minutes} minutes, then try again.")
    # The hash is verified outside any transaction, and also for a name nobody has: both take the same time.
    known = found[1] if found and found[1] != accounts.UNKNOWABLE else _nobodys_hash()
    if not _is_password(password, known) or found is None or found[1] == accounts.UNKNOWABLE:
        with services.db.write() as session:
            accounts.add_failure(session, name=name, address=address, at=at)
        raise AuthenticationError("AUTH-LOGIN", "Name or password is wrong.", "Try again, or ask an administrator.")
    return found[0]


def log_out(services: Services, principal: Principal) -> None:
    """Ends the session the principal came with."""
    if principal.token:
        with services.db.write() as session:
            account_sessions.end_session(session, principal.token, at=services.clock.now(), name=principal.name)


def _principal_of_key(services: Services, scheme: str, secret: str) -> Principal:
    known = known_principal(services, scheme, secret)
    if known is not None:
        return known
    key, at, commits = None, services.clock.now(), services.db.commits
    if scheme.lower() == "bearer" and secret.startswith(accounts.KEY_PREFIX):
        with services.db.read() as session:
            key = accounts.key_of_secret(session, secret, at=at)
    if key is None:
        raise _no_key()
    services.known_keys.put(accounts.hash_of(secret), key, commits=commits)
    if key.last_used_at is None or at - key.last_used_at > _KEY_SEEN:
        with services.db.write() as session:
            accounts.use_key(session, key, at=at)
    return Principal(name=key.name, kind="key", scopes=frozenset(key.scopes))


def known_principal(services: Services, scheme: str, secret: str) -> Principal | None:
    """Whose key it is, where it was looked up a moment ago; None says nothing about it."""
    key = services.known_keys.get(accounts.hash_of(secret)) if scheme.lower() == "bearer" else None
    if key is None or not key.is_live(services.clock.now()):
        return None
    return Principal(name=key.name, kind="key", scopes=frozenset(key.scopes))


def _principal_of_token(request: Request, token: str) -> Principal:
    """The program a provider's access token stands for, where this house takes such tokens."""
    takes: Callable[[str], Principal] | None = getattr(request.app.state, "program_of_token", None)
    if takes is None:
        raise _no_key()
    return takes(token)


def idle_of(services: Services) -> timedelta:
    """How long a session lasts without anybody's doing."""
    return timedelta(minutes=services.settings.session_idle_minutes)


def _session(services: Services, token: str, *, is_doing: bool) -> tuple[User, OpenSession]:
    at = services.clock.now()
    with services.db.read() as session:
        found = account_sessions.session_of(session, token, at=at, idle=idle_of(services))
    if found is None:
        raise AuthenticationError("AUTH-SESSION", "The session has ended.", "Log in again.")
    user, opened = found
    if is_doing and at - opened.seen_at >= timedelta(seconds=SEEN_SECONDS):
        with services.db.write() as session:
            account_sessions.touch(session, token, at=at)
        opened = replace(opened, seen_at=at)
    return user, opened


def _no_key() -> AuthenticationError:
    return AuthenticationError(
        "AUTH-KEY",
        "The API key is not known, has run out, or was disabled.",
        "Send `Authorization: Bearer ck_…` with a live key.",
    )


def _goes_by_itself(request: Request) -> bool:
    """Whether a page asks this without anybody's doing: such a call keeps nobody logged in."""
    return request.url.path.endswith("/heartbeat") or request.headers.get("x-by-itself") == "1"


def _is_password(password: str, password_hash: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return accounts.password_hasher().verify(password_hash, password[: accounts.MAX_PASSWORD])
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return accounts.password_hasher().hash("nobody has this password")
