"""Cases in the database: rows to records, the order of the queue, and the one statement that claims the next case."""

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, or_, select, true, update

from core.database import ReadSession, WriteSession
from core.decisions import Outcome
from core.errors import InputError, NotFoundError
from core.nearest import in_parts
from triage.case_conditions import is_free, narrowed
from triage.case_records import (
    PLANNING_KINDS,
    PROMISE_KIND,
    CaseComment,
    CaseCounts,
    CasePage,
    CaseState,
    CaseSummary,
    Resolution,
)
from triage.narrowing import EVERYTHING, Narrowing
from triage.tables import (
    billed_headers,
    billed_lines,
    case_comments,
    cases,
    extractions,
    known_invoices,
    known_shipments,
    shipped_lines,
)

PRIORITY_SCALE = 10_000
_PRIORITY_LIMIT = 2**62
NO_APPROVAL_YET: dict[str, Any] = {
    "first_approval_by": None,
    "first_approval_at": None,
    "first_approval_role": None,
    "first_approval_reason": None,
}
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a list of cases is narrowed to; None leaves a thing open."""

    queue: str | None = None
    state: str | None = None
    kind: str | None = None
    outcome: str | None = None
    query: str | None = None
    claimed_by: str | None = None
    needs_role: str | None = None
    narrowing: Narrowing = EVERYTHING


def priority_to_int(priority: Decimal) -> int:
    """Expected money lost as the integer the index is ordered by, at most 2^62."""
    return max(-_PRIORITY_LIMIT, min(_PRIORITY_LIMIT, int(priority * PRIORITY_SCALE)))


def get(session: ReadSession, case_id: str) -> CaseSummary:
    """One case.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    row = session.one_or_none(select(cases).where(cases.c.case_id == case_id))
    if row is None:
        raise NotFoundError("CASE-NOT-FOUND", f"There is no case {case_id}.", "Look it up in the queue.")
    return summary(row)


def subject_of(session: ReadSession, case_id: str) -> str | None:
    """The paper, or what else a case is about; None where there is no such case."""
    about = session.scalar(select(cases.c.document_id).where(cases.c.case_id == case_id))
    return None if about is None else str(about)


def open_of_document(session: ReadSession, document_id: str) -> CaseSummary | None:
    """The case about a document itself that has not ended, if there is one."""
    waiting = and_(
        cases.c.document_id == document_id, cases.c.state != CaseState.RESOLVED.value, cases.c.kind != PROMISE_KIND
    )
    row = session.one_or_none(select(cases).where(waiting))
    return None if row is None else summary(row)


def open_of_subjects(session: ReadSession, subjects: Collection[str]) -> dict[str, CaseSummary]:
    """The case that has not ended of each of these subjects that has one."""
    found: dict[str, CaseSummary] = {}
    for part in in_parts(subjects):
        waiting = and_(cases.c.document_id.in_(part), cases.c.state != CaseState.RESOLVED.value)
        found |= {row["document_id"]: summary(row) for row in session.all(select(cases).where(waiting))}
    return found


def last_ended(session: ReadSession, subjects: Collection[str]) -> dict[str, CaseSummary]:
    """The case that ended last of each of these subjects that had one."""
    found: dict[str, CaseSummary] = {}
    for part in in_parts(subjects):
        ended = and_(cases.c.document_id.in_(part), cases.c.state == CaseState.RESOLVED.value)
        rows = session.all(select(cases).where(ended).order_by(cases.c.resolved_at, cases.c.case_id))
        found |= {row["document_id"]: summary(row) for row in rows}
    return found


def of_document(session: ReadSession, document_id: str) -> tuple[CaseSummary, ...]:
    """Every case a document ever had, oldest first."""
    rows = session.all(select(cases).where(cases.c.document_id == document_id).order_by(cases.c.case_id))
    return tuple(summary(row) for row in rows)


def of_documents(session: ReadSession, document_ids: Sequence[str]) -> tuple[CaseSummary, ...]:
    """Every case these documents ever had, oldest first."""
    rows = session.all(select(cases).where(cases.c.document_id.in_(document_ids)).order_by(cases.c.case_id))
    return tuple(summary(row) for row in rows)


def waiting_documents(session: ReadSession, document_ids: Collection[str]) -> frozenset[str]:
    """Those of these documents that have a case that has not ended."""
    found: set[str] = set()
    for part in in_parts(document_ids):
        waiting = and_(cases.c.document_id.in_(part), cases.c.state != CaseState.RESOLVED.value)
        found |= {row["document_id"] for row in session.all(select(cases.c.document_id).where(waiting))}
    return frozenset(found)


def judged_against_other(session: ReadSession, mark: str, *, limit: int) -> tuple[str, ...]:
    """Open cases that do not bear this mark, the most urgent first."""
    other = or_(cases.c.judged_against.is_(None), cases.c.judged_against != mark)
    open_states = (CaseState.OPEN.value, CaseState.CLAIMED.value)
    waiting = and_(cases.c.state.in_(open_states), cases.c.kind.not_in({PROMISE_KIND, *PLANNING_KINDS}))
    found = select(cases.c.case_id).where(waiting, other)
    rows = session.all(found.order_by(cases.c.priority.desc(), cases.c.case_id).limit(limit))
    return tuple(row["case_id"] for row in rows)


def set_judged_against(session: WriteSession, case_id: str, mark: str) -> None:
    """Notes what a case was judged against. That changes nothing anybody works on: its version stays."""
    session.run(update(cases).where(cases.c.case_id == case_id).values(judged_against=mark))


def must_be_looked_at_again(session: WriteSession, document_ids: Collection[str]) -> None:
    """Takes the mark off the open cases of these documents."""
    for part in in_parts(document_ids):
        waiting = and_(cases.c.document_id.in_(part), cases.c.state != CaseState.RESOLVED.value)
        session.run(update(cases).where(waiting).values(judged_against=None))


def insert(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Opens a case; the database refuses a second open one for a document."""
    session.run(cases.insert(), [dict(values)])


def change(session: WriteSession, before: CaseSummary, values: Mapping[str, Any]) -> CaseSummary:
    """Writes a change and raises the version by one."""
    changed = (
        update(cases)
        .where(cases.c.case_id == before.case_id, cases.c.version == before.version)
        .values(**values, version=before.version + 1)
        .returning(cases)
    )
    row = session.one_or_none(changed)
    if row is None:  # the chain lock is held by every writer, so only a programming error comes here
        raise RuntimeError(f"{before.case_id} changed under its own lock")
    return summary(row)


def claim_next(
    session: WriteSession,
    *,
    user: str,
    queues: Sequence[str] | None,
    role: str | None,
    at: datetime,
    until: datetime,
    among: ColumnElement[bool] | None = None,
) -> CaseSummary | None:
    """Claims the most urgent case nobody holds, in one statement; locked rows are skipped, never waited for.

    Args:
        among: a condition it must meet besides: whose work it is.
    """
    free = (
        select(cases.c.case_id)
        .where(
            true() if queues is None else cases.c.queue.in_(list(queues)),
            true() if among is None else among,
            is_free(at),
            or_(cases.c.first_approval_by.is_(None), cases.c.first_approval_by != user),
            or_(cases.c.corrected_by.is_(None), cases.c.corrected_by != user),
        )
        .order_by(cases.c.priority.desc(), cases.c.case_id)
        .limit(1)
    )
    if role is not None and role != "admin":
        free = free.where(or_(cases.c.needs_role.is_(None), cases.c.needs_role == role))
    free = free.with_for_update(skip_locked=True)
    row = session.one_or_none(
        update(cases)
        .where(cases.c.case_id == free.scalar_subquery())
        .values(
            state=CaseState.CLAIMED.value,
            claimed_by=user,
            claimed_until=until,
            claim_token=cases.c.claim_token + 1,
            version=cases.c.version + 1,
        )
        .returning(cases)
    )
    return None if row is None else summary(row)


def count_up_to(session: ReadSession, wanted: CaseFilter, *, at: datetime, most: int) -> int:
    """How many cases a list has; `most` stands for so many or more, so that a long one is not counted to its end."""
    some = select(cases.c.case_id).where(*_conditions(wanted, at)).limit(most).subquery()
    return int(session.scalar(select(func.count()).select_from(some)) or 0)


def those_where(
    session: ReadSession, condition: ColumnElement[bool], *, after: str, limit: int
) -> tuple[CaseSummary, ...]:
    """Cases that meet a condition, by id, from the one after `after`."""
    found = select(cases).where(condition, cases.c.case_id > after).order_by(cases.c.case_id).limit(limit)
    return tuple(summary(row) for row in session.all(found))


def page(session: ReadSession, wanted: CaseFilter, *, at: datetime | None, after: str | None, limit: int) -> CasePage:
    """Cases by priority, then by age; the cursor is the place of the last one shown, so nothing is shown twice."""
    statement = select(cases).where(*_conditions(wanted, at))
    if after is not None:
        priority, case_id = _place(after)
        statement = statement.where(
            or_(cases.c.priority < priority, and_(cases.c.priority == priority, cases.c.case_id > case_id))
        )
    ordered = statement.order_by(cases.c.priority.desc(), cases.c.case_id).limit(limit + 1)
    rows = session.all(ordered)
    shown = rows[:limit]
    more = _cursor(shown[-1]) if len(rows) > limit and shown else None
    return CasePage(cases=tuple(summary(row) for row in shown), next_after=more)


def counts(session: ReadSession, user: str) -> CaseCounts:
    """How many cases wait, by tab."""
    waiting = cases.c.state != CaseState.RESOLVED.value

    def by(column: ColumnElement[Any]) -> dict[str, int]:
        rows = session.all(select(column.label("of"), func.count().label("n")).where(waiting).group_by(column))
        return {row["of"]: row["n"] for row in rows}

    second = or_(cases.c.needs_role.is_not(None), cases.c.first_approval_by.is_not(None))
    sums = select(
        func.coalesce(func.sum(case((cases.c.claimed_by == user, 1), else_=0)), 0).label("mine"),
        func.coalesce(func.sum(case((second, 1), else_=0)), 0).label("second"),
    ).where(waiting)
    row = session.all(sums)[0]
    return CaseCounts(
        mine=row["mine"],
        second_approval=row["second"],
        by_queue=by(cases.c.queue),
        by_outcome=by(cases.c.outcome),
    )


def add_comment(session: WriteSession, case_id: str, comment: CaseComment) -> None:
    """Keeps a note."""
    session.run(
        case_comments.insert(),
        [
            {
                "comment_id": comment.comment_id,
                "case_id": case_id,
                "at": comment.at,
                "author": comment.author,
                "text": comment.text,
            }
        ],
    )


def comments(session: ReadSession, case_id: str) -> tuple[CaseComment, ...]:
    """Notes of a case, oldest first."""
    found = select(case_comments).where(case_comments.c.case_id == case_id).order_by(case_comments.c.comment_id)
    return tuple(
        CaseComment(comment_id=row["comment_id"], at=row["at"], author=row["author"], text=row["text"])
        for row in session.all(found)
    )


def set_counted(session: WriteSession, document_id: str, *, known: bool, billed: bool) -> None:
    """Says whether a paper counts as known, and whether its quantities count as billed, or as shipped."""
    for table in (known_invoices, known_shipments):
        session.run(update(table).where(table.c.document_id == document_id).values(active=known))
    for table in (billed_lines, billed_headers, shipped_lines):
        session.run(update(table).where(table.c.document_id == document_id).values(active=billed))


def summary(row: RowMapping) -> CaseSummary:
    """A row as a record."""
    values = dict(row)
    values["priority"] = Decimal(values["priority"]) / PRIORITY_SCALE
    values["codes"] = tuple(values["codes"])
    values["escalations"] = tuple(values["escalations"] or ())
    values["state"] = CaseState(values["state"])
    values["outcome"] = Outcome(values["outcome"])
    values["resolution"] = None if values["resolution"] is None else Resolution(values["resolution"])
    values.pop("first_approval_at")
    return CaseSummary(**values)


def _conditions(wanted: CaseFilter, at: datetime | None) -> list[ColumnElement[bool]]:
    exact = {
        cases.c.queue: wanted.queue,
        cases.c.kind: wanted.kind,
        cases.c.outcome: wanted.outcome,
        cases.c.claimed_by: wanted.claimed_by,
        cases.c.needs_role: wanted.needs_role,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value is not None]
    if wanted.state is not None:
        found.append(_in_state(wanted.state, at))
    if wanted.query:
        found.append(_says(wanted.query))
    if wanted.narrowing != EVERYTHING:
        found += narrowed(wanted.narrowing, _instant(at))
    return found


def _instant(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("a narrowed list needs the present instant")
    return at


def _in_state(state: str, at: datetime | None) -> ColumnElement[bool]:
    if at is None or state not in {CaseState.OPEN, CaseState.CLAIMED}:
        return cases.c.state == state
    if state == CaseState.OPEN:
        return is_free(at)
    return and_(cases.c.state == CaseState.CLAIMED.value, cases.c.claimed_until > at)


def _says(query: str) -> ColumnElement[bool]:
    words = query.lower()
    columns = (cases.c.subject, cases.c.headline, cases.c.case_id, cases.c.document_id)
    on_paper = select(extractions.c.document_id).where(func.lower(extractions.c.text).contains(words, autoescape=True))
    here = [func.lower(column).contains(words, autoescape=True) for column in columns]
    return or_(*here, cases.c.document_id.in_(on_paper))


def _cursor(row: RowMapping) -> str:
    return base64.urlsafe_b64encode(f"{row['priority']}{_SEPARATOR}{row['case_id']}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[int, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        priority, case_id = base64.urlsafe_b64decode(padded.encode()).decode().split(_SEPARATOR)
        return int(priority), case_id
    except (ValueError, binascii.Error) as error:
        raise InputError(
            "CASE-CURSOR", "That is no place in the list.", "Start from the beginning, without a cursor."
        ) from error
