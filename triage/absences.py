"""When people are away and who stands in for them: kept, told to the audit, and asked by whoever hands out work."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import RowMapping, delete, insert, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from core.ids import new_id
from triage.desk_tables import absences as table
from triage.roles import APPROVER_ROLES, WORKING_ROLES
from triage.standing_in import Absence, Presence, presence_of

LONGEST_DAYS = 366
SHOWN_DAYS_BACK = 31


def add(
    session: WriteSession,
    *,
    person: str,
    first_day: date,
    last_day: date,
    substitute: str | None,
    user: str,
    role: str,
    roles: Mapping[str, str],
    at: datetime,
) -> Absence:
    """Says that a person will be away: one's own absence, or anybody's for an approver or administrator.

    Args:
        substitute: who has their work then, with their own rights; None leaves it to everybody.
        roles: the working people of the house by name.

    Raises:
        ForbiddenError: `ABSENCE-OTHER`.
        NotFoundError: `ABSENCE-PERSON`.
        InputError: `ABSENCE-DAYS`, `ABSENCE-SUBSTITUTE`.
        ConflictError: `ABSENCE-OVERLAP`.
    """
    _check_may(person, user, role)
    _check_people(person, substitute, roles)
    _check_days(first_day, last_day, at)
    audit_log.lock_chain(session)
    other = next((one for one in of_person(session, person) if _overlap(one, first_day, last_day)), None)
    if other is not None:
        raise ConflictError(
            "ABSENCE-OVERLAP",
            f"{person} is away from {other.first_day} to {other.last_day} already.",
            "End that absence first, or choose other days.",
        )
    made = Absence(
        absence_id=new_id("abs", at),
        person=person,
        first_day=first_day,
        last_day=last_day,
        substitute=substitute,
        added_by=user,
        added_at=at,
    )
    session.run(insert(table), [{column.name: getattr(made, column.name) for column in table.c}])
    _tell(session, made, "absence.added", user=user, at=at)
    return made


def end(session: WriteSession, absence_id: str, *, user: str, role: str, at: datetime) -> None:
    """Says that a person is back: an absence that has begun ended yesterday, one that has not is taken away.

    Raises:
        NotFoundError: `ABSENCE-NOT-FOUND`, also where it is over.
        ForbiddenError: `ABSENCE-OTHER`.
    """
    audit_log.lock_chain(session)
    row = session.one_or_none(select(table).where(table.c.absence_id == absence_id, table.c.last_day >= at.date()))
    if row is None:
        raise NotFoundError("ABSENCE-NOT-FOUND", "There is no such absence now.", "Look at the list again.")
    absence = _absence(row)
    _check_may(absence.person, user, role)
    one = table.c.absence_id == absence_id
    if absence.first_day < at.date():
        session.run(update(table).where(one).values(last_day=date.fromordinal(at.date().toordinal() - 1)))
    else:
        session.run(delete(table).where(one))
    _tell(session, absence, "absence.ended", user=user, at=at)


def current(session: ReadSession, day: date, *, person: str | None = None) -> tuple[Absence, ...]:
    """Absences that are not over, and those that ended of late, by their first day."""
    since = date.fromordinal(day.toordinal() - SHOWN_DAYS_BACK)
    found = select(table).where(table.c.last_day >= since).order_by(table.c.first_day, table.c.person)
    if person is not None:
        found = found.where(table.c.person == person)
    return tuple(_absence(row) for row in session.all(found))


def of_person(session: ReadSession, person: str) -> tuple[Absence, ...]:
    """Every absence of a person, oldest first."""
    found = select(table).where(table.c.person == person).order_by(table.c.first_day)
    return tuple(_absence(row) for row in session.all(found))


def presence(session: ReadSession, at: datetime, roles: Mapping[str, str]) -> Presence:
    """Who is there at an instant, by its day in UTC.

    Args:
        roles: the working people of the house by name; empty where nobody knows them.
    """
    day = at.date()
    found = select(table).where(table.c.first_day <= day, table.c.last_day >= day)
    return presence_of((_absence(row) for row in session.all(found)), day, roles)


def _check_may(person: str, user: str, role: str) -> None:
    if person != user and role not in APPROVER_ROLES:
        raise ForbiddenError(
            "ABSENCE-OTHER",
            f"The role {role} may enter its own absence only.",
            f"Ask {person}, or somebody with the role {' or '.join(sorted(APPROVER_ROLES))}.",
        )


def _check_people(person: str, substitute: str | None, roles: Mapping[str, str]) -> None:
    if person not in roles:
        raise NotFoundError(
            "ABSENCE-PERSON", f"{person!r} works on no cases here.", "Choose one of the house's people."
        )
    if substitute is not None and (substitute == person or roles.get(substitute) not in WORKING_ROLES):
        raise InputError(
            "ABSENCE-SUBSTITUTE",
            f"{substitute!r} cannot stand in for {person}.",
            "Name another person who works on cases, or nobody: the work is everybody's then.",
        )


def _check_days(first_day: date, last_day: date, at: datetime) -> None:
    days = (last_day - first_day).days
    if days < 0 or days >= LONGEST_DAYS or last_day < at.date():
        raise InputError(
            "ABSENCE-DAYS",
            f"From {first_day} to {last_day} is no absence.",
            f"The last day is today or later, not before the first, and at most {LONGEST_DAYS} days on.",
        )


def _overlap(one: Absence, first_day: date, last_day: date) -> bool:
    return one.first_day <= last_day and first_day <= one.last_day


def _tell(session: WriteSession, absence: Absence, action: str, *, user: str, at: datetime) -> None:
    told = {
        "absence_id": absence.absence_id,
        "first_day": absence.first_day,
        "last_day": absence.last_day,
        "substitute": absence.substitute,
    }
    audit_log.append(
        session, at=at, actor=f"user:{user}", action=action, subject=f"user:{absence.person}", payload=told
    )


def _absence(row: RowMapping) -> Absence:
    return Absence(**dict(row))
