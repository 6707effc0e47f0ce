"""What is done with people, each as one transaction: let in, given another role or limit, shut out, helped in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import ForbiddenError
from review_api import account_changes, account_sessions, accounts, auth
from review_api.account_sessions import OpenSession
from review_api.accounts import ApiKey, User
from review_api.auth import Principal
from review_api.desk import every_queue
from review_api.services import Services
from triage import absences, personal
from triage.personal_rules import PersonalRules, check_may_change, rules_from
from triage.standing_in import Absence


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as an administrator sees them."""

    user: User
    rules: PersonalRules
    sessions: tuple[OpenSession, ...]
    absences: tuple[Absence, ...]

    def is_away(self, at: datetime) -> bool:
        """Whether they are away on an instant's day."""
        return any(one.covers(at.date()) for one in self.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link to set a password with, for whoever made it to hand over; it is not known any more afterwards."""

    name: str
    path: str
    expires_at: datetime


def list_people(services: Services) -> tuple[Person, ...]:
    """Everybody, disabled ones too, by name."""
    at, idle = services.clock.now(), auth.idle_of(services)
    with services.db.read() as session:
        users, rules = accounts.list_users(session), personal.all_rules(session)
        opened = account_sessions.list_sessions(session, at=at, idle=idle)
        away = absences.current(session, at.date())
    return tuple(
        Person(
            user=user,
            rules=rules.get(user.name, PersonalRules()),
            sessions=tuple(one for one in opened if one.name == user.name),
            absences=tuple(one for one in away if one.person == user.name),
        )
        for user in users
    )


def show(services: Services, name: str) -> Person:
    """One person.

    Raises:
        NotFoundError: `USER-NOT-FOUND`.
    """
    at, idle = services.clock.now(), auth.idle_of(services)
    with services.db.read() as session:
        return Person(
            user=accounts.find_user(session, name),
            rules=personal.rules_of(session, name),
            sessions=account_sessions.list_sessions(session, at=at, idle=idle, name=name),
            absences=absences.current(session, at.date(), person=name),
        )


def add(services: Services, principal: Principal, *, name: str, role: str) -> Invitation:
    """Lets a person in: an account without a password, and the link to set one."""
    with services.db.write() as session:
        accounts.add_user(session, name=name, password=None, role=role, at=services.clock.now(), actor=principal.actor)
    return invite(services, principal, name)


def invite(services: Services, principal: Principal, name: str) -> Invitation:
    """A new link for a person to set a password with. Nobody makes one for themselves: they know their password."""
    auth.check_local_login(services)
    if name == principal.name:
        raise ForbiddenError("PERSON-OWN", "A link is for somebody else.", "Change your password on your own page.")
    with services.db.write() as session:
        token, expires_at = account_changes.make_reset(session, name, at=services.clock.now(), actor=principal.actor)
    return Invitation(name=name, path=f"/welcome/{token}", expires_at=expires_at)


def change(
    services: Services,
    principal: Principal,
    name: str,
    *,
    role: str | None = None,
    is_active: bool | None = None,
    rules: tuple[Sequence[str] | None, Mapping[str, str] | None] | None = None,
) -> Person:
    """Changes what an administrator may change of another person; what is None stays.

    Args:
        rules: their queues and their limits by currency; both None for nothing personal.

    Raises:
        ForbiddenError: `PERSON-ROLE`, `PERSON-OWN`.
        ConflictError: `USER-LAST-ADMIN`, `USER-ACTIVE`.
        InputError: `USER-ROLE`, `PERSON-QUEUE`, `PERSON-LIMIT`.
    """
    at, actor = services.clock.now(), principal.actor
    known = every_queue(services.policy)
    with services.db.write() as session:
        check_may_change(name, user=principal.name, role=principal.role or "")
        user = accounts.find_user(session, name)
        if is_active is not None and is_active is not (user.disabled_at is None):
            if is_active:
                account_changes.enable_user(session, name, at=at, actor=actor)
            else:
                accounts.disable_user(session, name, at=at, actor=actor)
        if role is not None and role != user.role:
            account_changes.change_role(session, name, role, at=at, actor=actor)
        if rules is not None:
            queues, limits = rules
            wanted = rules_from(queues, limits, known_queues=known)
            personal.change(session, name, wanted, user=principal.name, role=principal.role or "", at=at)
    return show(services, name)


def change_password(services: Services, principal: Principal, *, current: str, new: str, address: str) -> str:
    """Changes one's own password; every session ends, and the token of a new one is returned.

    Raises:
        AuthenticationError: `AUTH-LOGIN` when the current one is wrong.
        RateLimitedError: `AUTH-RATE`.
        InputError: `USER-PASSWORD`.
    """
    auth.check_local_login(services)
    user = auth.check_credentials(services, name=principal.name, password=current, address=address)
    at = services.clock.now()
    agent = principal.session.agent or "" if principal.session else ""
    with services.db.write() as session:
        accounts.clear_failures(session, name=user.name, address=address)
        account_changes.set_password(session, user, new, at=at, actor=principal.actor)
        hours = services.settings.session_hours
        return account_sessions.open_session(session, user, at=at, hours=hours, address=address, agent=agent)


def set_password(services: Services, token: str, password: str) -> User:
    """Sets a password with a link that was handed over.

    Raises:
        AuthenticationError: `USER-RESET`.
        InputError: `USER-PASSWORD`.
    """
    auth.check_local_login(services)
    with services.db.write() as session:
        return account_changes.use_reset(session, token, password, at=services.clock.now())


def list_sessions(services: Services, name: str | None) -> tuple[OpenSession, ...]:
    """Open sessions of one person, or of everybody."""
    with services.db.read() as session:
        return account_sessions.list_sessions(session, at=services.clock.now(), idle=auth.idle_of(services), name=name)


def end_session(services: Services, principal: Principal, session_id: str) -> None:
    """Ends a session: one's own, or anybody's for an administrator.

    Raises:
        NotFoundError: `SESSION-NOT-FOUND`.
    """
    own_only = None if principal.role == "admin" else principal.name
    with services.db.write() as session:
        account_sessions.end_one(session, session_id, at=services.clock.now(), actor=principal.actor, of=own_only)


def end_sessions(services: Services, principal: Principal, name: str) -> int:
    """Ends every session of a person."""
    with services.db.write() as session:
        return account_sessions.end_all(session, name, at=services.clock.now(), actor=principal.actor)


def session_of(principal: Principal) -> OpenSession:
    """The session the principal came with.

    Raises:
        ForbiddenError: `AUTH-PERSON` for a program.
    """
    if principal.session is None:
        raise ForbiddenError("AUTH-PERSON", "Only people have a session.", "Log in as a person.")
    return principal.session


def list_keys(services: Services) -> tuple[ApiKey, ...]:
    """Every key, ended ones too."""
    with services.db.read() as session:
        return accounts.list_keys(session)


def add_key(
    services: Services, principal: Principal, *, name: str, scopes: Sequence[str], days: int | None
) -> tuple[ApiKey, str]:
    """Adds a program's key and tells its secret, once.

    Args:
        days: after how many it ends by itself; None for never.
    """
    at = services.clock.now()
    ends = None if days is None else at + timedelta(days=days)
    with services.db.write() as session:
        return accounts.add_key(session, name=name, scopes=scopes, at=at, actor=principal.actor, expires_at=ends)


def disable_key(services: Services, principal: Principal, name: str) -> None:
    """Ends a key at once."""
    with services.db.write() as session:
        accounts.disable_key(session, name, at=services.clock.now(), actor=principal.actor)
