"""Cases in the database: one looked up, opened or changed, with all that is kept in step with it; rows to records."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, or_, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.decisions import Outcome
from core.errors import NotFoundError
from core.nearest import in_parts
from triage import case_counting, case_money, case_search
from triage.case_records import (
    PLANNING_KINDS,
    PROMISE_KIND,
    CaseComment,
    CaseState,
    CaseSummary,
    Resolution,
)
from triage.tables import (
    billed_headers,
    billed_lines,
    case_comments,
    cases,
    known_invoices,
    known_shipments,
    shipped_lines,
)

# Written out, not bound: an index of a part of the table serves only a statement that says which part.
IS_WAITING: ColumnElement[bool] = cases.c.state != literal_column("'resolved'")
IS_ASKED: ColumnElement[bool] = cases.c.state == literal_column("'asked'")
IS_CLAIMED: ColumnElement[bool] = cases.c.state == literal_column("'claimed'")
HAS_ENDED: ColumnElement[bool] = cases.c.state == literal_column("'resolved'")
PRIORITY_SCALE = 10_000
_PRIORITY_LIMIT = 2**62
NO_APPROVAL_YET: dict[str, Any] = {
    "first_approval_by": None,
    "first_approval_at": None,
    "first_approval_role": None,
    "first_approval_reason": None,
}


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


def of_subjects(session: ReadSession, subjects: Collection[str]) -> tuple[CaseSummary, ...]:
    """Every case these papers, orders and items ever had, oldest first."""
    found: list[Any] = []
    for part in in_parts(subjects):
        found += session.all(select(cases).where(cases.c.document_id.in_(part)))
    return tuple(summary(row) for row in sorted(found, key=lambda row: str(row["case_id"])))


def subjects_of(session: ReadSession, case_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Of each of these cases: its kind, and what it is about."""
    found: dict[str, tuple[str, str]] = {}
    for part in in_parts(case_ids):
        rows = select(cases.c.case_id, cases.c.kind, cases.c.document_id).where(cases.c.case_id.in_(part))
        found |= {row["case_id"]: (row["kind"], row["document_id"]) for row in session.all(rows)}
    return found


def waiting_documents(session: ReadSession, document_ids: Collection[str]) -> frozenset[str]:
    """Those of these documents that have a case that has not ended."""
    found: set[str] = set()
    for part in in_parts(document_ids):
        waiting = and_(cases.c.document_id.in_(part), cases.c.state != CaseState.RESOLVED.value)
        found |= {row["document_id"] for row in session.all(select(cases.c.document_id).where(waiting))}
    return frozenset(found)


def judged_against_other(session: ReadSession, mark: str, *, limit: int) -> tuple[str, ...]:
    """Open cases that do not bear this mark, the most urgent first."""
    mine = cases.c.judged_against
    other = or_(mine.is_(None), mine < mark, mine > mark)  # ranges of an index, where `<>` would read all of it
    about_papers = cases.c.kind.not_in({PROMISE_KIND, *PLANNING_KINDS})
    found = select(cases.c.case_id).where(IS_WAITING, about_papers, other)
    rows = session.all(found.order_by(cases.c.priority.desc(), cases.c.case_id).limit(limit))
    return tuple(row["case_id"] for row in rows)


def waiting_until(session: ReadSession, at: datetime, *, limit: int) -> tuple[str, ...]:
    """Cases that wait for an answer no longer than to this instant, the first one first."""
    over = and_(cases.c.waits_until <= at, cases.c.state == CaseState.ASKED.value)
    rows = session.all(select(cases.c.case_id).where(over).order_by(cases.c.waits_until, cases.c.case_id).limit(limit))
    return tuple(row["case_id"] for row in rows)


def set_judged_against(session: WriteSession, case_id: str, mark: str) -> None:
    """Notes what a case was judged against. That changes nothing anybody works on: its version stays."""
    session.run(update(cases).where(cases.c.case_id == case_id).values(judged_against=mark))


def must_be_looked_at_again(session: WriteSession, document_ids: Collection[str]) -> None:
    """Takes the mark off the open cases of these documents."""
    for part in in_parts(document_ids):
        waiting = and_(cases.c.document_id.in_(part), cases.c.state != CaseState.RESOLVED.value)
        session.run(update(cases).where(waiting).values(judged_against=None))


def insert(session: WriteSession, values: Mapping[str, Any]) -> CaseSummary:
    """Opens a case; the database refuses a second open one for a document."""
    session.run(cases.insert(), [dict(values)])
    opened = get(session, values["case_id"])
    case_counting.moved(session, None, opened)
    case_search.opened(session, opened)
    return opened


def change(session: WriteSession, before: CaseSummary, values: Mapping[str, Any]) -> CaseSummary:
    """Writes a change, raises the version by one, and keeps the counts and the words it is found by in step."""
    changed = (
        update(cases)
        .where(cases.c.case_id == before.case_id, cases.c.version == before.version)
        .values(**values, version=before.version + 1)
        .returning(cases)
    )
    row = session.one_or_none(changed)
    if row is None:  # the chain lock is held by every writer, so only a programming error comes here
        raise RuntimeError(f"{before.case_id} changed under its own lock")
    after = summary(row)
    case_counting.moved(session, before, after)
    case_search.changed(session, before, after)
    return after


def those_where(
    session: ReadSession, condition: ColumnElement[bool], *, after: str, limit: int
) -> tuple[CaseSummary, ...]:
    """Cases that wait and meet a condition, by id, from the one after `after`."""
    found = select(cases).where(IS_WAITING, condition, cases.c.case_id > after)
    return tuple(summary(row) for row in session.all(found.order_by(cases.c.case_id).limit(limit)))


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


def is_money_behind(session: ReadSession) -> bool:
    """Whether the money that waits was kept for other cases than are counted: a node of an older release keeps none."""
    return sum(one.cases for one in case_money.waiting(session)) != sum(case_counting.waiting(session).values())


def recount_money(session: WriteSession) -> None:
    """Counts the money that waits anew, from the cases themselves."""
    audit_log.lock_chain(session)
    c = cases.c
    waiting = select(c.queue, c.currency, c.total, c.amount_at_risk).where(IS_WAITING, c.state != CaseState.ASKED.value)
    case_money.replace(session, case_money.sums_of(tuple(row) for row in session.rows(waiting)))


def set_counted(session: WriteSession, document_id: str, *, known: bool, billed: bool) -> None:
    """Says whether a paper counts as known, and whether its quantities count as billed, or as shipped."""
    for table in (known_invoices, known_shipments):
        session.run(update(table).where(table.c.document_id == document_id).values(active=known))
    for table in (billed_lines, billed_headers, shipped_lines):
        session.run(update(table).where(table.c.document_id == document_id).values(active=billed))


def summary(row: Mapping[Any, Any]) -> CaseSummary:
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
