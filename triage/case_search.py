"""Finds cases by words: number, supplier, item, what the paper says. Two indexes, of what waits and of what has ended.

What waits is a small part and is ordered by money; what has ended is read from the newest end back, and reading stops
when the page is full, however common a word is. Both are written with the case itself.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    RowMapping,
    Select,
    Table,
    any_,
    cast,
    delete,
    desc,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from core.database import ReadSession, WriteSession
from triage.case_records import PLANNING_KINDS, CaseState, CaseSummary
from triage.prediction_tables import planning_decisions
from triage.queue_tables import ended_words, ended_words_fts, waiting_words, waiting_words_fts
from triage.search_words import Term, words_of
from triage.tables import cases, extractions

# PostgreSQL's index of words has no order: what most cases say is read in order instead, what few say is sorted.
NEWEST_READ, MORE_READ, FEW = 3_000, 40_000, 3_000
URGENT_READ = 500
_ID_ENDINGS = ("_id", "_number")


def opened(session: WriteSession, case: CaseSummary) -> None:
    """Takes a new case in."""
    reread(session, case)


def changed(session: WriteSession, before: CaseSummary, after: CaseSummary) -> None:
    """Follows a change of a case: other words, its end, or its being open again."""
    if _table(before) is not _table(after):
        session.run(delete(_table(before)).where(_table(before).c.case_id == after.case_id))
        reread(session, after)
    elif _said(before) != _said(after):
        reread(session, after)


def reread(session: WriteSession, case: CaseSummary) -> None:
    """Takes in what a case and its paper say now."""
    table, words = _table(case), words_of(_texts(session, case))
    if not session.run(update(table).where(table.c.case_id == case.case_id).values(words=words)):
        session.run(insert(table).values(case_id=case.case_id, words=words))


def waiting_ids(terms: Sequence[Term], dialect: str) -> Select[Any]:
    """Ids of the cases that wait and say every term, or a word that begins with one."""
    asked = _syntax(dialect).all_of(terms, beginnings=True)
    statement = select(waiting_words.c.case_id)
    if dialect == "postgresql":
        return statement.where(_matches(waiting_words.c.words, asked))
    fts = waiting_words_fts
    return statement.join(fts, fts.c.rowid == waiting_words.c.number).where(fts.c[fts.name] == asked)


def among_urgent(urgent: Select[Any], terms: Sequence[Term]) -> Select[Any]:
    """Those among the first `URGENT_READ` of an ordered statement of ids and places that say every term, in order."""
    first = urgent.limit(literal_column(str(URGENT_READ))).cte("urgent").prefix_with("MATERIALIZED")
    asked = _TSQUERY.all_of(terms, beginnings=True)
    statement = select(first.c.case_id, first.c.place).join(waiting_words, waiting_words.c.case_id == first.c.case_id)
    said = _matches(waiting_words.c.words, asked)
    return statement.where(said).order_by(first.c.place.desc(), first.c.case_id)


def ended(
    session: ReadSession,
    statement: Select[Any],
    terms: Sequence[Term],
    *,
    beginnings: bool,
    before: int | None,
    limit: int,
) -> Sequence[RowMapping]:
    """Those of a statement about ended cases that say every term, the newest first, each with its `place`.

    Args:
        beginnings: those that do not say the very words, but words that begin with them.
        before: only those whose place is a lower one.
    """
    syntax = _syntax(session.dialect)
    exact = syntax.all_of(terms, beginnings=False)
    asked = syntax.but_not(syntax.all_of(terms, beginnings=True), exact) if beginnings else exact
    if session.dialect == "postgresql":
        alone = _rarest(terms) if beginnings and len(terms) > 1 else None
        return _Stepwise(session=session, statement=statement, asked=asked, before=before, limit=limit).read(alone)
    fts = ended_words_fts
    joined = statement.join(ended_words, ended_words.c.case_id == cases.c.case_id)
    joined = joined.join(fts, fts.c.rowid == ended_words.c.number).where(fts.c[fts.name] == asked)
    return session.all(_from(joined, fts.c.rowid, before).order_by(desc("place")).limit(limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stepwise:
    """A search of PostgreSQL, in steps until one fills a page; the last one finds all there are."""

    session: ReadSession
    statement: Select[Any]
    asked: str
    before: int | None
    limit: int

    def read(self, alone: Term | None) -> Sequence[RowMapping]:
        """The rows.

        Args:
            alone: a term that is asked for by itself first: what begins with a common word is long to list.
        """
        rows = self._newest(NEWEST_READ)
        enough = _enough(len(rows), self.limit)
        if len(rows) < self.limit and enough is not None:
            rows = self._newest(enough)
        if len(rows) >= self.limit:
            return rows
        for said in ([] if alone is None else [_TSQUERY.all_of([alone], beginnings=True)]) + [self.asked]:
            numbers = select(ended_words.c.number).where(_matches(ended_words.c.words, said)).limit(FEW + 1)
            some = self.session.all(numbers)
            if len(some) <= FEW:
                return self._rows(_of(self.statement, self.asked, [row["number"] for row in some], self.before))
        rows = self._newest(MORE_READ)
        return rows if len(rows) >= self.limit else self._rows(_indexed(self.statement, self.asked, self.before))

    def _newest(self, count: int) -> Sequence[RowMapping]:
        return self._rows(_newest(self.statement, self.asked, self.before, count))

    def _rows(self, statement: Select[Any]) -> Sequence[RowMapping]:
        return self.session.all(statement.order_by(desc("place")).limit(self.limit))


def _enough(found: int, limit: int) -> int | None:
    """How many of the newest to read for a full page, where the first ones say; None where too few of them do."""
    wanted = NEWEST_READ * limit * 3 // (2 * found) if found else MORE_READ
    return wanted if wanted < MORE_READ else None


def _rarest(terms: Sequence[Term]) -> Term:
    """The term that fewest cases say, as far as it shows: a long number, else the longest word."""
    return max(terms, key=lambda term: (term.joined[-4:].isdigit() and len(term.joined) > 4, len(term.joined)))


def _newest(statement: Select[Any], asked: str, before: int | None, count: int) -> Select[Any]:
    """Reads the newest words themselves: what is common is among them, and the index would list all there ever was."""
    newest = select(ended_words).order_by(ended_words.c.number.desc()).limit(literal_column(str(count)))
    found = (newest if before is None else newest.where(ended_words.c.number < before)).subquery()
    joined = statement.join(found, found.c.case_id == cases.c.case_id).where(_matches(found.c.words, asked))
    return joined.add_columns(found.c.number.label("place"))


def _of(statement: Select[Any], asked: str, numbers: Sequence[int], before: int | None) -> Select[Any]:
    """Those among the few that the index has found."""
    words = ended_words.c
    joined = statement.join(ended_words, words.case_id == cases.c.case_id)
    few = joined.where(words.number == any_(literal(numbers, ARRAY(BigInteger))), _matches(words.words, asked))
    return _from(few, words.number, before)


def _indexed(statement: Select[Any], asked: str, before: int | None) -> Select[Any]:
    """Asks the index, then orders what it finds: left to choose, PostgreSQL reads back through all for a rare word."""
    numbers = select(ended_words.c.number, ended_words.c.case_id).where(_matches(ended_words.c.words, asked))
    found = numbers.cte("found").prefix_with("MATERIALIZED")
    return _from(statement.join(found, found.c.case_id == cases.c.case_id), found.c.number, before)


def _from(statement: Select[Any], number: ColumnElement[Any], before: int | None) -> Select[Any]:
    placed = statement.add_columns(number.label("place"))
    return placed if before is None else placed.where(number < before)


def _matches(words: ColumnElement[Any], asked: str) -> ColumnElement[bool]:
    return words.op("@@")(cast(literal(asked), TSQUERY))


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


def _table(case: CaseSummary) -> Table:
    return ended_words if case.state is CaseState.RESOLVED else waiting_words


def _said(case: CaseSummary) -> tuple[object, ...]:
    return case.subject, case.headline, case.codes


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
