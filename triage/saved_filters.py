"""Filters of the queue that people have named: one's own, and those somebody shares with their team.

A filter keeps words of the queue's address (`code`, `due`, `min`…), not cases: what it shows is what fits now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from core.ids import new_id
from triage.desk_tables import saved_filters as table

NAME_LIMIT, WORD_LIMIT, MOST_OF_ONE = 60, 200, 30
WORDS = ("tab", "outcome", "kind", "code", "alone", "supplier", "min", "max", "due", "age", "assigned", "late", "q")
"""What a filter may say, as the queue's address does."""

_TEAMS: Mapping[str, str] = {"ap_clerk": "ap", "ap_approver": "ap", "planner": "planning"}
EVERYBODY = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A named filter.

    Attributes:
        team: who else sees it: `ap`, `planning`, `all`; None for its owner alone.
        query: words of the queue's address by name.
    """

    filter_id: str
    owner: str
    name: str
    team: str | None
    query: Mapping[str, str]
    saved_at: datetime


def team_of(role: str) -> str:
    """The team a role shares with; whoever is of no team shares with everybody."""
    return _TEAMS.get(role, EVERYBODY)


def save(
    session: WriteSession, *, name: str, query: Mapping[str, str], shared: bool, user: str, role: str, at: datetime
) -> SavedFilter:
    """Names a filter; under a name of one's own that is there already it takes that one's place.

    Raises:
        InputError: `FILTER-NAME`, `FILTER-QUERY`, `FILTER-MANY`.
    """
    name = _checked_name(name)
    words = _checked_query(query)
    audit_log.lock_chain(session)
    before = session.one_or_none(select(table).where(table.c.owner == user, table.c.name == name))
    values: dict[str, Any] = {"team": team_of(role) if shared else None, "query": words, "saved_at": at}
    if before is not None:
        session.run(update(table).where(table.c.filter_id == before["filter_id"]).values(**values))
        return _told(session, before["filter_id"], "filter.changed", user=user, at=at)
    if (session.scalar(select(func.count()).select_from(table).where(table.c.owner == user)) or 0) >= MOST_OF_ONE:
        raise InputError("FILTER-MANY", f"You have {MOST_OF_ONE} filters.", "Remove one you do not use any more.")
    filter_id = new_id("flt", at)
    session.run(insert(table), [{"filter_id": filter_id, "owner": user, "name": name, **values}])
    return _told(session, filter_id, "filter.saved", user=user, at=at)


def rename(
    session: WriteSession, filter_id: str, *, name: str, shared: bool, user: str, role: str, at: datetime
) -> SavedFilter:
    """Gives one's own filter another name, and says who sees it.

    Raises:
        NotFoundError: `FILTER-NOT-FOUND`.
        ForbiddenError: `FILTER-OTHER`.
        InputError: `FILTER-NAME`.
        ConflictError: `FILTER-EXISTS`.
    """
    name = _checked_name(name)
    audit_log.lock_chain(session)
    before = _own(session, filter_id, user, role)
    same = select(table.c.filter_id).where(
        table.c.owner == before.owner, table.c.name == name, table.c.filter_id != filter_id
    )
    if session.one_or_none(same) is not None:
        raise ConflictError("FILTER-EXISTS", f"There is a filter {name!r} already.", "Choose another name.")
    team = (before.team or team_of(role)) if shared else None
    session.run(update(table).where(table.c.filter_id == filter_id).values(name=name, team=team))
    return _told(session, filter_id, "filter.changed", user=user, at=at)


def remove(session: WriteSession, filter_id: str, *, user: str, role: str, at: datetime) -> None:
    """Takes one's own filter away; an administrator may take away anybody's shared one.

    Raises:
        NotFoundError: `FILTER-NOT-FOUND`.
        ForbiddenError: `FILTER-OTHER`.
    """
    audit_log.lock_chain(session)
    _own(session, filter_id, user, role)
    _told(session, filter_id, "filter.removed", user=user, at=at)
    session.run(delete(table).where(table.c.filter_id == filter_id))


def of(session: ReadSession, *, user: str, role: str) -> tuple[SavedFilter, ...]:
    """The filters a person sees: their own first, then those of their team, each by name."""
    team = team_of(role)
    theirs = or_(table.c.owner == user, _seen_by(team))
    found = [_filter(row) for row in session.all(select(table).where(theirs))]
    return tuple(sorted(found, key=lambda one: (one.owner != user, one.name.casefold(), one.filter_id)))


def _seen_by(team: str) -> Any:
    return table.c.team.is_not(None) if team == EVERYBODY else table.c.team.in_((team, EVERYBODY))


def _own(session: ReadSession, filter_id: str, user: str, role: str) -> SavedFilter:
    row = session.one_or_none(select(table).where(table.c.filter_id == filter_id))
    if row is None or (row["owner"] != user and row["team"] is None):
        raise NotFoundError("FILTER-NOT-FOUND", "There is no such filter.", "Choose one of the list.")
    found = _filter(row)
    if found.owner != user and role != "admin":
        raise ForbiddenError(
            "FILTER-OTHER", f"{found.owner} has saved this filter.", "Save one of your own, or ask them."
        )
    return found


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LIMIT:
        raise InputError("FILTER-NAME", "A filter needs a name.", f"Write one of at most {NAME_LIMIT} characters.")
    return name


def _checked_query(query: Mapping[str, str]) -> dict[str, str]:
    said = {name: value.strip() for name, value in query.items() if value.strip()}
    unknown = sorted(said.keys() - set(WORDS))
    if unknown or any(len(value) > WORD_LIMIT for value in said.values()):
        raise InputError(
            "FILTER-QUERY",
            f"The queue cannot be narrowed by {unknown[0] if unknown else 'so long a word'}.",
            f"Use {', '.join(WORDS)}, each of at most {WORD_LIMIT} characters.",
        )
    return said


def _told(session: WriteSession, filter_id: str, action: str, *, user: str, at: datetime) -> SavedFilter:
    """Tells the audit what was done with a filter as it stands, and returns it."""
    row = session.one_or_none(select(table).where(table.c.filter_id == filter_id))
    assert row is not None
    found = _filter(row)
    told = {"owner": found.owner, "name": found.name, "team": found.team, "query": dict(found.query)}
    subject = f"filter:{filter_id}"
    audit_log.append(session, at=at, actor=f"user:{user}", action=action, subject=subject, payload=told)
    return found


def _filter(row: RowMapping) -> SavedFilter:
    return SavedFilter(**dict(row))
