"""Finds cases by words: number, supplier, item, what the paper says. Two indexes, of what waits and of every case.

What waits is a small part and is ordered by money, so it has an index of its own; a search in all is read from the
newest case back and stops when the page is full, however common a word is. Both are written with the case itself.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, cast, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import TSQUERY

from core.database import ReadSession, WriteSession
from triage.case_records import PLANNING_KINDS, CaseState, CaseSummary
from triage.prediction_tables import planning_decisions
from triage.queue_tables import case_words, case_words_fts, waiting_words, waiting_words_fts
from triage.search_words import Term, words_of
from triage.tables import cases, extractions

_ID_ENDINGS = ("_id", "_number")


def opened(session: WriteSession, case: CaseSummary) -> None:
    """Takes a new case in."""
    _write(session, case)


def changed(session: WriteSession, before: CaseSummary, after: CaseSummary) -> None:
    """Follows a change of a case: other words, its end, or its being open again."""
    if _waits(before) and not _waits(after):
        session.run(delete(waiting_words).where(waiting_words.c.case_id == after.case_id))
    if _said(before) != _said(after) or (_waits(after) and not _waits(before)):
        _write(session, after)


def reread(session: WriteSession, case: CaseSummary) -> None:
    """Takes in that the paper of a case says something else now."""
    _write(session, case)


def waiting_ids(terms: Sequence[Term], dialect: str) -> Select[Any]:
    """Ids of the cases that wait and say every term, or a word that begins with one."""
    asked = _syntax(dialect).all_of(terms, beginnings=True)
    statement = select(waiting_words.c.case_id)
    if dialect == "postgresql":
        return statement.where(_matches(waiting_words, asked))
    fts = waiting_words_fts
    return statement.join(fts, fts.c.rowid == waiting_words.c.number).where(fts.c[fts.name] == asked)


def among(statement: Select[Any], terms: Sequence[Term], dialect: str, *, beginnings: bool) -> Select[Any]:
    """Those of a statement about cases that say every term.

    Args:
        beginnings: those that do not say the very words, but words that begin with them.
    """
    syntax = _syntax(dialect)
    exact = syntax.all_of(terms, beginnings=False)
    asked = syntax.but_not(syntax.all_of(terms, beginnings=True), exact) if beginnings else exact
    statement = statement.join(case_words, case_words.c.case_id == cases.c.case_id)
    if dialect == "postgresql":
        return statement.where(_matches(case_words, asked))
    fts = case_words_fts
    return statement.join(fts, fts.c.rowid == case_words.c.number).where(fts.c[fts.name] == asked)


def number(dialect: str) -> ColumnElement[Any]:
    """The column the cases of `among` are ordered by: it grows as they are opened."""
    return case_words.c.number if dialect == "postgresql" else case_words_fts.c.rowid


def _matches(words: Table, asked: str) -> ColumnElement[bool]:
    return words.c.words.op("@@")(cast(literal(asked), TSQUERY))


class _Syntax:
    """How a database's index of words is asked."""

    def __init__(self, *, quote: str, beginning: str, both: str, either: str, without: str) -> None:
        self._quote, self._beginning = quote, beginning
        self._both, self._either, self._without = both, either, without

    def all_of(self, terms: Sequence[Term], *, beginnings: bool) -> str:
        """Every term; with `beginnings` the last word of one may go on where it is long enough."""
        return self._both.join(f"({self._one(term, beginnings and term.may_go_on)})" for term in terms)

    def but_not(self, wanted: str, unwanted: str) -> str:
        """One, but not the other."""
        return f"({wanted}){self._without}({unwanted})"

    def _one(self, term: Term, may_go_on: bool) -> str:
        end = self._beginning if may_go_on else ""
        last = f"{self._word(term.words[-1])}{end}"
        if len(term.words) == 1:
            return last
        apart = self._both.join([*map(self._word, term.words[:-1]), last])
        return f"{self._word(term.joined)}{end}{self._either}({apart})"

    def _word(self, word: str) -> str:
        return f"{self._quote}{word}{self._quote}"


_TSQUERY = _Syntax(quote="'", beginning=":*", both=" & ", either=" | ", without=" & !")
_FTS5 = _Syntax(quote='"', beginning=" *", both=" AND ", either=" OR ", without=" NOT ")


def _syntax(dialect: str) -> _Syntax:
    return _TSQUERY if dialect == "postgresql" else _FTS5


def _waits(case: CaseSummary) -> bool:
    return case.state is not CaseState.RESOLVED


def _said(case: CaseSummary) -> tuple[object, ...]:
    return case.subject, case.headline, case.codes


def _write(session: WriteSession, case: CaseSummary) -> None:
    words = words_of(_texts(session, case))
    for table in (case_words, waiting_words) if _waits(case) else (case_words,):
        _put(session, table, case.case_id, words)


def _put(session: WriteSession, table: Table, case_id: str, words: frozenset[str]) -> None:
    if not session.run(update(table).where(table.c.case_id == case_id).values(words=words)):
        session.run(insert(table).values(case_id=case_id, words=words))


def _texts(session: ReadSession, case: CaseSummary) -> Iterator[str]:
    """What a case is found by: what the queue shows of it, then all its paper says, or what was scored is made of."""
    yield from (case.subject, case.headline, *case.codes)
    if case.kind in PLANNING_KINDS:
        yield case.document_id
        decided = select(planning_decisions.c.facts).where(planning_decisions.c.subject == case.document_id)
        facts = session.scalar(decided.order_by(planning_decisions.c.run.desc()).limit(1))
        yield from () if facts is None else _ids_in(json.loads(facts))
        return
    read = select(extractions.c.text).where(extractions.c.document_id == case.document_id)
    yield session.scalar(read.order_by(extractions.c.version.desc()).limit(1)) or ""


def _ids_in(facts: Any) -> Iterator[str]:
    """The keys of the ERP in what a decision was made from: items, orders, suppliers, places."""
    if isinstance(facts, list):
        for part in facts:
            yield from _ids_in(part)
    elif isinstance(facts, dict):
        for name, value in facts.items():
            if isinstance(value, str) and name.endswith(_ID_ENDINGS):
                yield value
            else:
                yield from _ids_in(value)
