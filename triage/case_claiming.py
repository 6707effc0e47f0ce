"""Which case a person gets next: the most urgent one that is free for them, claimed in one statement.

A claim is a lease: it ends by itself, and its token grows with every claim, so that whoever lost it is told when they
write. What a person may be given is said here once, for taking the next case and for showing which one it will be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true, union_all, update

from core.database import ReadSession, WriteSession
from triage.blind_review import not_yet_checked_by
from triage.case_conditions import given_to, is_free, nobody_elses
from triage.case_records import CaseState, CaseSummary
from triage.case_rows import IS_ASKED, IS_WAITING, priority_to_int, summary
from triage.standing_in import EVERYBODY, Presence
from triage.tables import cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks for a case.

    Attributes:
        queues: those their cases come from; None for every queue.
        role: what they are; None and `admin` may be given whatever waits for any role.
        at: the present.
        there: who is there, and who has the work of those who are not.
    """

    user: str
    queues: Sequence[str] | None
    role: str | None
    at: datetime
    there: Presence = EVERYBODY


def claim(
    session: WriteSession, asking: Asking, *, until: datetime, after: CaseSummary | None = None
) -> CaseSummary | None:
    """Claims the most urgent case that is free for a person; None when none is.

    Args:
        after: the case they have just worked on: the one they take up after it then.
    """
    if after is None:
        return _claim(session, asking, _given(asking), until) or _claim(session, asking, _anybodys(asking), until)
    found = following(session, asking, after)
    return None if found is None else _claim(session, asking, select(cases.c.case_id).where(_is(found)), until)


def following(session: ReadSession, asking: Asking, case: CaseSummary) -> str | None:
    """Id of the case a person takes up after this one.

    The next less urgent one of the same queue, after the last one again the first; where none is left there, what they
    were given in another, then the most urgent of their queues.
    """
    found = (session.scalar(statement) for statement in _in_turn(asking, case))
    return next((str(case_id) for case_id in found if case_id is not None), None)


def count_before(session: ReadSession, case: CaseSummary) -> int:
    """How many cases of the same queue wait that are more urgent, or as urgent and older."""
    priority = priority_to_int(case.priority)
    earlier = or_(cases.c.priority > priority, cases.c.case_id < case.case_id)
    statement = select(func.count()).select_from(cases)
    found = statement.where(
        IS_WAITING, not_(IS_ASKED), cases.c.queue == case.queue, cases.c.priority >= priority, earlier
    )
    return int(session.scalar(found) or 0)


def _claim(session: WriteSession, asking: Asking, found: Select[Any], until: datetime) -> CaseSummary | None:
    claimed = (
        update(cases)
        .where(cases.c.case_id == found.scalar_subquery(), is_free(asking.at))
        .values(
            state=CaseState.CLAIMED.value,
            claimed_by=asking.user,
            claimed_until=until,
            claim_token=cases.c.claim_token + 1,
            version=cases.c.version + 1,
        )
        .returning(cases)
    )
    row = session.one_or_none(claimed)
    return None if row is None else summary(row)


def _in_turn(asking: Asking, case: CaseSummary) -> Iterator[Select[Any]]:
    """Where to look for the case after this one; the first is nearly always enough, each is made when asked."""
    other = cases.c.case_id != case.case_id
    theirs = or_(given_to(asking.there.shares_of(asking.user)), nobody_elses(asking.there))
    yield _first(asking, (case.queue,), theirs, _comes_after(case))
    yield _first(asking, (case.queue,), theirs, other)
    yield _given(asking, other)
    yield _anybodys(asking, other)


def _given(asking: Asking, *where: ColumnElement[bool]) -> Select[Any]:
    """The most urgent free one of those given to a person, in whatever queue."""
    return _first(asking, None, given_to(asking.there.shares_of(asking.user)), *where)


def _anybodys(asking: Asking, *where: ColumnElement[bool]) -> Select[Any]:
    """The most urgent free one of a person's queues that is nobody else's work."""
    return _first(asking, asking.queues, nobody_elses(asking.there), *where)


def _first(asking: Asking, queues: Sequence[str] | None, *where: ColumnElement[bool]) -> Select[Any]:
    """The most urgent case free for a person: the first of each queue, read along an index, and the best of them."""
    wanted = (IS_WAITING, *_is_free_for(asking), *where)
    if queues is None:
        return _in_order(select(cases.c.case_id).where(*wanted))
    of_each = [select(_in_order(_PLACE.where(cases.c.queue == queue, *wanted)).subquery()) for queue in queues]
    every = union_all(*of_each).subquery()
    return select(every.c.case_id).order_by(every.c.priority.desc(), every.c.case_id).limit(1)


_PLACE = select(cases.c.case_id, cases.c.priority)


def _in_order(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(cases.c.priority.desc(), cases.c.case_id).limit(1)


def _is_free_for(asking: Asking) -> tuple[ColumnElement[bool], ...]:
    """Whether nobody holds a case, and this person is not kept from it by what they did or by a role it waits for."""
    whose = (
        or_(cases.c.first_approval_by.is_(None), cases.c.first_approval_by != asking.user),
        or_(cases.c.corrected_by.is_(None), cases.c.corrected_by != asking.user),
    )
    any_role = asking.role is None or asking.role == "admin"
    role = true() if any_role else or_(cases.c.needs_role.is_(None), cases.c.needs_role == asking.role)
    return is_free(asking.at), *whose, role, not_yet_checked_by(asking.user)


def _comes_after(case: CaseSummary) -> ColumnElement[bool]:
    priority = priority_to_int(case.priority)
    return and_(cases.c.priority <= priority, or_(cases.c.priority < priority, cases.c.case_id > case.case_id))


def _is(case_id: str) -> ColumnElement[bool]:
    return cases.c.case_id == case_id
