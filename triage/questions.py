"""Questions about a case: asked of a supplier or a colleague, answered, taken back, or left without an answer.

While one is open the case waits outside the queue. It comes back by itself: with the answer, or when the time is over.
Nothing is sent from here; `triage.letters` writes what whoever asks may send.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.ids import new_id
from triage import case_rows, question_rules
from triage.case_records import NOBODY_ASKED, RELEASED, CaseComment, CaseState, CaseSummary, Resolution
from triage.deciding_tables import case_questions
from triage.policy import Policy
from triage.question_rules import Asked
from triage.reasons import reason_of


class Ended(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    OVERDUE = "overdue"
    OVERTAKEN = "overtaken"
    """The case went on without the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and what became of it; `ended` is None while it is open."""

    question_id: str
    case_id: str
    reason_code: str
    whom: str
    text: str
    asked_by: str
    asked_at: datetime
    until: datetime
    ended: Ended | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    answer: str | None = None


def ask(
    session: WriteSession,
    before: CaseSummary,
    *,
    user: str,
    at: datetime,
    reason_code: str,
    text: str | None,
    asked: Asked,
    policy: Policy,
) -> CaseSummary:
    """Has the case wait for an answer. Whoever calls has checked that this person may.

    Args:
        asked: who is asked, where it is not whoever the reason names; and until when, where the policy is not to say.

    Raises:
        InputError: `CASE-ANSWER-DATE`, `CASE-ASKED-WHOM`.
    """
    known = reason_of(Resolution.REQUEST_INFORMATION, reason_code)
    whom = asked.whom or ("" if known is None else known.whom)
    until = asked.until or at + timedelta(days=policy.deciding.answer_days)
    question_rules.check_question(whom, until, at)
    end_open(session, before, Ended.OVERTAKEN, at=at, by=user)
    question = Question(
        question_id=new_id("qst", at),
        case_id=before.case_id,
        reason_code=reason_code,
        whom=whom.strip(),
        text=(text or "").strip(),
        asked_by=user,
        asked_at=at,
        until=until,
    )
    session.run(case_questions.insert(), [_row(question)])
    waits = {"waits_for": question.whom, "waits_until": until, "asked_by": user}
    after = case_rows.change(session, before, dict(RELEASED) | waits | {"state": CaseState.ASKED.value})
    told = {"reason_code": reason_code, "whom": question.whom, "text": question.text, "until": until}
    _tell(session, after, at=at, actor=f"user:{user}", action="case.asked", facts=told)
    return after


def answer(
    session: WriteSession, case_id: str, *, user: str, role: str, at: datetime, text: str, version: int | None = None
) -> CaseSummary:
    """Records the answer; the case is in the queue again, and says it.

    Raises:
        InputError: `CASE-ANSWER-MISSING`, `CASE-COMMENT-LONG`.
        ForbiddenError: `CASE-ROLE`.
        ConflictError: `CASE-NOT-WAITING`, `CASE-CHANGED`.
    """
    audit_log.lock_chain(session)
    before = case_rows.get(session, case_id)
    question_rules.check_answer(before, role, text, version)
    asked = end_open(session, before, Ended.ANSWERED, at=at, by=user, answer=text.strip())
    after = _back_in_queue(session, before, at)
    said = CaseComment(comment_id=new_id("com", at), at=at, author=user, text=text.strip())
    case_rows.add_comment(session, case_id, said)
    told = {"whom": before.waits_for, "answer": text.strip(), "question_id": asked}
    _tell(session, after, at=at, actor=f"user:{user}", action="case.answered", facts=told)
    return after


def take_back(session: WriteSession, before: CaseSummary, *, user: str, at: datetime, minutes: float) -> CaseSummary:
    """Takes one's own question back; the case is one's own again. Whoever calls has checked that it may be."""
    end_open(session, before, Ended.TAKEN_BACK, at=at, by=user)
    values = dict(NOBODY_ASKED) | {
        "state": CaseState.CLAIMED.value,
        "claimed_by": user,
        "claimed_until": at + timedelta(minutes=minutes),
        "claim_token": before.claim_token + 1,
    }
    after = case_rows.change(session, before, values)
    _tell(session, after, at=at, actor=f"user:{user}", action="case.question_taken_back", facts={})
    return after


def overdue(session: ReadSession, *, at: datetime, limit: int = 100) -> tuple[str, ...]:
    """Cases that have waited for an answer until now."""
    return case_rows.waiting_until(session, at, limit=limit)


def come_back(session: WriteSession, case_id: str, *, at: datetime, actor: str) -> CaseSummary | None:
    """Puts a case back into the queue whose answer did not come in time; None where another did."""
    audit_log.lock_chain(session)
    before = case_rows.get(session, case_id)
    if before.state is not CaseState.ASKED or before.waits_until is None or before.waits_until > at:
        return None
    end_open(session, before, Ended.OVERDUE, at=at, by=actor)
    after = _back_in_queue(session, before, at)
    told = {"whom": before.waits_for, "until": before.waits_until}
    _tell(session, after, at=at, actor=actor, action="case.answer_overdue", facts=told)
    return after


def of_case(session: ReadSession, case_id: str) -> tuple[Question, ...]:
    """Every question about a case, the first one first."""
    found = select(case_questions).where(case_questions.c.case_id == case_id)
    return tuple(_question(row) for row in session.all(found.order_by(case_questions.c.question_id)))


def end_open(
    session: WriteSession, case: CaseSummary, how: Ended, *, at: datetime, by: str, answer: str | None = None
) -> str | None:
    """Ends the open question of a case and returns its id; None where there is none."""
    c = case_questions.c
    open_one = (c.case_id == case.case_id) & c.ended.is_(None)
    found = session.scalar(select(c.question_id).where(open_one))
    question_id = None if found is None else str(found)
    if question_id is not None:
        told = {"ended": how.value, "ended_at": at, "ended_by": by, "answer": answer}
        session.run(update(case_questions).where(c.question_id == question_id).values(**told))
    return question_id


def _back_in_queue(session: WriteSession, before: CaseSummary, at: datetime) -> CaseSummary:
    return case_rows.change(session, before, dict(RELEASED) | {"waiting_since": at})


def _row(question: Question) -> dict[str, Any]:
    return {column.name: getattr(question, column.name) for column in case_questions.c}


def _question(row: RowMapping) -> Question:
    values = dict(row)
    return Question(**(values | {"ended": None if row["ended"] is None else Ended(row["ended"])}))


def _tell(
    session: WriteSession, case: CaseSummary, *, at: datetime, actor: str, action: str, facts: Mapping[str, Any]
) -> None:
    audit_log.append(session, at=at, actor=actor, action=action, subject=f"case:{case.case_id}", payload=facts)
