"""Reads the list of cases page by page: what waits by expected money lost, then what has ended, the newest first.

Each part of a list is read along an index in its own order, from the place where the page before ended; so a page costs
the same wherever it is in the list, and however many cases there are.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from core.canonical import instant_from_text, instant_text
from core.database import ReadSession
from core.errors import InputError
from ingest.erp import ErpReader
from triage import case_counting, case_search
from triage.case_conditions import is_free, narrowed
from triage.case_records import CaseCounts, CasePage, CaseState
from triage.case_rows import HAS_ENDED, IS_ASKED, IS_CLAIMED, IS_WAITING, summary
from triage.narrowing import EVERYTHING, Narrowing
from triage.search_words import Term, terms_of
from triage.tables import cases

_WAITS_FOR_ANOTHER: ColumnElement[bool] = or_(cases.c.needs_role.is_not(None), cases.c.first_approval_by.is_not(None))
_Row = Mapping[Any, Any]
_SEPARATOR = "|"
_ID_BEGINNINGS = ("case_", "doc_")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a list of cases is narrowed to; None leaves a thing open.

    Attributes:
        state: `open` (nobody holds it), `claimed`, `waiting` (both), `asked` (an answer is awaited), `resolved`.
        second_approval: only those that wait for a second person or a higher role.
    """

    queue: str | None = None
    state: str | None = None
    kind: str | None = None
    outcome: str | None = None
    query: str | None = None
    claimed_by: str | None = None
    needs_role: str | None = None
    second_approval: bool = False
    narrowing: Narrowing = EVERYTHING


def page(session: ReadSession, wanted: CaseFilter, *, at: datetime | None, after: str | None, limit: int) -> CasePage:
    """A page of the list; the cursor is the place of the last one shown, so nothing is shown twice.

    Raises:
        InputError: `CASE-CURSOR` for a place that is none.
    """
    parts = _parts(_by_name(session, wanted), at, session.dialect)
    name, place = (parts[0].name, ()) if after is None else _place(after)
    begun = [part for start, part in enumerate(parts) if name in {one.name for one in parts[: start + 1]}]
    if not begun:
        raise _no_place()
    rows: list[tuple[_Part | _Searched, _Row]] = []
    for part in begun:
        rows += [(part, row) for row in part.read(session, place, limit + 1 - len(rows))]
        place = ()
        if len(rows) > limit:
            break
    shown = rows[:limit]
    more = _cursor(*shown[-1]) if len(rows) > limit and shown else None
    return CasePage(cases=tuple(summary(_without_place(row)) for _, row in shown), next_after=more)


def count_up_to(session: ReadSession, wanted: CaseFilter, *, at: datetime, most: int) -> int:
    """How many cases a list has; `most` stands for so many or more, so that a long one is not counted to its end."""
    found = 0
    for part in _parts(_by_name(session, wanted), at, session.dialect):
        if isinstance(part, _Searched):
            found += len(part.read(session, (), most - found))
        else:
            some = part.statement.with_only_columns(cases.c.case_id).limit(most - found).subquery()
            found += int(session.scalar(select(func.count()).select_from(some)) or 0)
        if found >= most:
            break
    return found


def counts(session: ReadSession, user: str, at: datetime | None) -> CaseCounts:
    """The numbers on the tabs; with `at` a claim that has run out is nobody's."""
    mine = [IS_CLAIMED, cases.c.claimed_by == user, *([] if at is None else [cases.c.claimed_until > at])]
    held = session.scalar(select(func.count()).select_from(cases).where(*mine))
    return case_counting.counts_of(case_counting.waiting(session), mine=int(held or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A part of the list that is read in one order.

    Attributes:
        falls: the column it is ordered by, from the highest down; the older of what is equal comes first.
        read_key: what a cursor says of that column, as a value.
    """

    name: str
    statement: Select[Any]
    falls: ColumnElement[Any]
    read_key: Callable[[str], Any] = int

    def read(self, session: ReadSession, place: Sequence[str], limit: int) -> Sequence[_Row]:
        """The next rows after a place of it, or its first ones; `place` names where each stands."""
        return session.all(self.placed(place).limit(limit))

    def placed(self, place: Sequence[str]) -> Select[Any]:
        """All of it that comes after a place, in order."""
        statement = self.statement.add_columns(self.falls.label("place"))
        if place:
            key = _key(self.read_key, place[0])
            statement = statement.where(self.falls <= key, or_(self.falls < key, cases.c.case_id > place[1]))
        return statement.order_by(self.falls.desc(), cases.c.case_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _WaitingSearched(_Part):
    """What waits and says some words: the most urgent ones are looked at first, then the index of words is asked.

    The index alone would have to fetch everything that says a common word before it could be put in order.
    """

    unsearched: Select[Any]
    terms: Sequence[Term]

    def read(self, session: ReadSession, place: Sequence[str], limit: int) -> Sequence[_Row]:
        """The next rows after a place of it, or its first ones."""
        names = (cases.c.case_id, self.falls.label("place"))
        if session.dialect == "postgresql":  # SQLite's index gives what it finds as it is read
            urgent = replace(self, statement=self.unsearched).placed(place).with_only_columns(*names)
            found = session.all(case_search.among_urgent(urgent, self.terms).limit(limit))
            if len(found) >= limit:
                return _rows(session, found)
        return _rows(session, session.all(self.placed(place).with_only_columns(*names).limit(limit)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Searched:
    """A part of the list that is looked up by its words, from the newest case back."""

    name: str
    statement: Select[Any]
    terms: Sequence[Term]
    beginnings: bool

    def read(self, session: ReadSession, place: Sequence[str], limit: int) -> Sequence[_Row]:
        """The next rows after a place of it, or its first ones."""
        before = _key(int, place[0]) if place else None
        return case_search.ended(
            session, self.statement, self.terms, beginnings=self.beginnings, before=before, limit=limit
        )


def _rows(session: ReadSession, places: Sequence[_Row]) -> Sequence[_Row]:
    """The whole rows of cases that were found, in the order they were found in."""
    found = {place["case_id"]: place["place"] for place in places}
    rows = session.all(select(cases).where(cases.c.case_id.in_(found)))
    whole = {row["case_id"]: row for row in rows}
    return [{**whole[case_id], "place": place} for case_id, place in found.items()]


def _cursor(part: _Part | _Searched, row: _Row) -> str:
    """The place of a row, as whoever reads on sends it back."""
    key = row["place"]
    said = (part.name, instant_text(key) if isinstance(key, datetime) else str(key), row["case_id"])
    return base64.urlsafe_b64encode(_SEPARATOR.join(said).encode()).decode().rstrip("=")


def _key(read: Callable[[str], Any], said: str) -> Any:
    try:
        return read(said)
    except ValueError as error:
        raise _no_place() from error


def _parts(wanted: CaseFilter, at: datetime | None, dialect: str) -> tuple[_Part | _Searched, ...]:
    """The parts a list has, in their order."""
    query = (wanted.query or "").strip()
    is_id = query.startswith(_ID_BEGINNINGS)
    terms = () if is_id else terms_of(query)
    where = _exact(wanted)
    if wanted.narrowing != EVERYTHING:
        where += narrowed(wanted.narrowing, _instant(at))
    if is_id:
        where.append(or_(cases.c.case_id == query, cases.c.document_id == query))
    elif query and not terms:
        where.append(false())
    parts: list[_Part | _Searched] = []
    if wanted.state != CaseState.RESOLVED:
        parts.append(_waiting(wanted, terms, where, at, dialect))
    if wanted.state in {None, CaseState.RESOLVED} and wanted.narrowing.user is None:  # ended ones are nobody's work
        parts += _ended((*terms, *_narrowing_terms(wanted.narrowing)), where)
    return tuple(parts)


def _waiting(
    wanted: CaseFilter, terms: Sequence[Term], where: Sequence[ColumnElement[bool]], at: datetime | None, dialect: str
) -> _Part:
    statement = select(cases).where(IS_WAITING, *where)
    if wanted.state == CaseState.ASKED:
        statement = statement.where(IS_ASKED)
    elif not (wanted.query or "").strip():  # who looks for a case finds it, whatever it waits for
        statement = statement.where(not_(IS_ASKED))
    if wanted.state in {CaseState.OPEN, CaseState.CLAIMED}:
        statement = statement.where(_in_state(wanted.state, at))
    if wanted.claimed_by is not None:
        statement = statement.where(IS_CLAIMED)
    if wanted.second_approval or wanted.needs_role is not None:
        statement = statement.where(_WAITS_FOR_ANOTHER)
    if not terms:
        return _Part(name="w", statement=statement, falls=cases.c.priority)
    searched = statement.where(cases.c.case_id.in_(case_search.waiting_ids(terms, dialect)))
    return _WaitingSearched(name="w", statement=searched, unsearched=statement, terms=terms, falls=cases.c.priority)


def _ended(terms: Sequence[Term], where: Sequence[ColumnElement[bool]]) -> tuple[_Part | _Searched, ...]:
    """What has ended; of a search what says the very words first, then what says words that begin so."""
    statement = select(cases).where(HAS_ENDED, *where)
    if not terms:
        return (_Part(name="e", statement=statement, falls=cases.c.resolved_at, read_key=instant_from_text),)
    return tuple(
        _Searched(name=name, statement=statement, terms=terms, beginnings=beginnings)
        for name, beginnings in (("x", False), ("p", True))
    )


def _narrowing_terms(narrowing: Narrowing) -> tuple[Term, ...]:
    """Words that what a list is narrowed to must say: of all that ever ended, only those are looked through."""
    code = terms_of(narrowing.code or "")
    return (*(replace(term, may_go_on=False) for term in code), *terms_of(narrowing.supplier or ""))


def _by_name(session: ReadSession, wanted: CaseFilter) -> CaseFilter:
    """A list narrowed to a supplier's number is narrowed to its name: that is what a case says."""
    said = (wanted.narrowing.supplier or "").strip()
    known = ErpReader(session).suppliers([said]) if said else ()
    return replace(wanted, narrowing=replace(wanted.narrowing, supplier=known[0].name)) if known else wanted


def _exact(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    exact = {
        cases.c.queue: wanted.queue,
        cases.c.kind: wanted.kind,
        cases.c.outcome: wanted.outcome,
        cases.c.claimed_by: wanted.claimed_by,
        cases.c.needs_role: wanted.needs_role,
    }
    return [column == value for column, value in exact.items() if value is not None]


def _instant(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("a narrowed list needs the present instant")
    return at


def _in_state(state: str, at: datetime | None) -> ColumnElement[bool]:
    if at is None:
        return cases.c.state == state
    if state == CaseState.OPEN:
        return is_free(at)
    return and_(IS_CLAIMED, cases.c.claimed_until > at)


def _without_place(row: _Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "place"}


def _place(cursor: str) -> tuple[str, tuple[str, str]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, key, case_id = base64.urlsafe_b64decode(padded.encode()).decode().split(_SEPARATOR)
    except (ValueError, binascii.Error) as error:
        raise _no_place() from error
    return name, (key, case_id)


def _no_place() -> InputError:
    return InputError("CASE-CURSOR", "That is no place in the list.", "Start from the beginning, without a cursor.")
