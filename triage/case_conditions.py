"""Conditions on cases in the database: a narrowed list, one's own work, what is nobody else's, what waited too long."""

from datetime import datetime, time, timedelta

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    union,
)

from triage.case_records import CaseState
from triage.narrowing import Narrowing
from triage.policy_escalations import Escalation
from triage.standing_in import Presence
from triage.tables import cases

_DUE_DAYS = {"today": 0, "3d": 3, "7d": 7}


def narrowed(wanted: Narrowing, at: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a narrowed list; none for everything."""
    found: list[ColumnElement[bool]] = []
    if wanted.code is not None:
        found.append(held_by_alone(wanted.code) if wanted.alone else held_by(wanted.code))
    if wanted.supplier:
        said = func.lower(cases.c.subject)
        found += [said.contains(word, autoescape=True) for word in wanted.supplier.lower().split()]
    if wanted.min_amount is not None:
        found.append(_at_stake() >= cast(literal(str(wanted.min_amount), Text), Numeric))
    if wanted.max_amount is not None:
        found.append(_at_stake() <= cast(literal(str(wanted.max_amount), Text), Numeric))
    if wanted.due is not None:
        found.append(_due(wanted.due, at))
    if wanted.older_days is not None:
        found.append(cases.c.opened_at <= at - timedelta(days=wanted.older_days))
    if wanted.user is not None:
        found.append(work_of(wanted.user, wanted.shares, at))
    if wanted.assigned_to is not None:
        found.append(cases.c.assigned_to == wanted.assigned_to)
    if wanted.is_escalated:
        found.append(cases.c.escalated_at.is_not(None))
    return found


def held_by(code: str) -> ColumnElement[bool]:
    """Cases one of whose findings has this code."""
    return type_coerce(cases.c.codes, Text).contains(f'"{code}"', autoescape=True)


def held_by_alone(code: str) -> ColumnElement[bool]:
    """Cases that are held by this code and no other."""
    return cases.c.codes == [code]


def work_of(user: str, shares: frozenset[str], at: datetime) -> ColumnElement[bool]:
    """Cases somebody has claimed, and those given to them or to whom they stand in for; ended ones are nobody's."""
    # Each kind has an index of its own; found apart they are few, and the list is not read through for them.
    some = cases.alias("work")
    held = some.c.state == literal_column("'claimed'")
    claimed = select(some.c.case_id).where(held, some.c.claimed_by == user, some.c.claimed_until > at)
    waits = some.c.state != literal_column("'resolved'")
    given = select(some.c.case_id).where(waits, some.c.assigned_to.is_not(None), some.c.assigned_to.in_(sorted(shares)))
    return cases.c.case_id.in_(union(claimed, given))


def given_to(shares: frozenset[str]) -> ColumnElement[bool]:
    """Cases given to any of these people."""
    return cases.c.assigned_to.in_(sorted(shares)) if shares else false()


def nobody_elses(presence: Presence) -> ColumnElement[bool]:
    """Cases anybody may take: given to nobody, or to somebody who is not there, or who may not work on them.

    Standing in gives no rights: what a substitute's role, first approval or correction keeps them from is everybody's.
    """
    held = presence.held
    free: list[ColumnElement[bool]] = [cases.c.assigned_to.is_(None)]
    if presence.roles:
        free.append(cases.c.assigned_to.not_in(sorted(held)))
    else:
        free.append(cases.c.assigned_to.in_(sorted(presence.away.keys() - held.keys())))
    own = or_(cases.c.first_approval_by == cases.c.assigned_to, cases.c.corrected_by == cases.c.assigned_to)
    free.append(and_(cases.c.assigned_to.not_in(sorted(presence.away)), own) if presence.away else own)
    for person, holder in held.items():
        if person != holder:
            hands = or_(cases.c.first_approval_by == holder, cases.c.corrected_by == holder)
            free.append(and_(cases.c.assigned_to == person, hands))
    for role in sorted(set(presence.roles.values()) - {"admin"}):
        theirs = sorted(person for person, holder in held.items() if presence.roles.get(holder) == role)
        free.append(and_(cases.c.assigned_to.in_(theirs), cases.c.needs_role.is_not(None), cases.c.needs_role != role))
    return or_(*free)


def is_free(at: datetime) -> ColumnElement[bool]:
    """Cases nobody works on now: open ones, and those whose claim has run out."""
    expired = and_(cases.c.state == CaseState.CLAIMED.value, cases.c.claimed_until <= at)
    return or_(cases.c.state == CaseState.OPEN.value, expired)


def waited_under(rule: Escalation, at: datetime) -> ColumnElement[bool]:
    """Free cases that have waited as long as a timer allows, and that it has not handed on; its amounts apart."""
    given_back = func.coalesce(cases.c.waiting_since, cases.c.opened_at)
    idle = case((cases.c.state == CaseState.CLAIMED.value, cases.c.claimed_until), else_=given_back)
    since = cases.c.due_at if rule.when == "past_due" else idle
    told = type_coerce(cases.c.escalations, Text)
    found = [is_free(at), since <= at - rule.after]
    found.append(or_(told.is_(None), told.not_like("%" + _escaped(f'"{rule.name}"') + "%", escape="/")))
    wanted = {cases.c.kind: rule.kinds, cases.c.outcome: rule.outcomes, cases.c.queue: rule.queues}
    found += [column.in_(values) for column, values in wanted.items() if values]
    if rule.codes:
        found.append(or_(*(held_by(code) for code in rule.codes)))
    return and_(*found)


def _at_stake() -> ColumnElement[object]:
    # In SQLite a decimal is text: it is compared as a number, never as what it is written with.
    return cast(type_coerce(cases.c.amount_at_risk, Text), Numeric)


def _escaped(words: str) -> str:
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _due(due: str, at: datetime) -> ColumnElement[bool]:
    if due == "over":
        return cases.c.due_at < at
    end = datetime.combine(at.date() + timedelta(days=_DUE_DAYS.get(due, 7)), time(23, 59, 59), tzinfo=at.tzinfo)
    return cases.c.due_at > end if due == "later" else cases.c.due_at <= end
