"""When somebody may be asked about a case, and an answer recorded. Pure; `triage.questions` asks before it writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import ForbiddenError, InputError
from triage import case_rules
from triage.case_records import CaseSummary
from triage.policy_deciding import LONGEST_ANSWER_DAYS

WHOM_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of a question, who is asked and until when the answer is waited for; what is left away the house decides."""

    whom: str | None = None
    until: datetime | None = None


ANYBODY = Asked()


def check_question(whom: str, until: datetime, at: datetime) -> None:
    """Refuses a question to nobody, or one whose answer is awaited in the past or for ever."""
    if not whom.strip() or len(whom) > WHOM_LIMIT:
        raise InputError(
            "CASE-ASKED-WHOM",
            f"Say who is asked, in at most {WHOM_LIMIT} characters.",
            "Name the supplier, or the colleague, whose answer is waited for.",
        )
    if not at < until <= at + timedelta(days=LONGEST_ANSWER_DAYS):
        raise InputError(
            "CASE-ANSWER-DATE",
            f"An answer cannot be waited for until {until:%Y-%m-%d %H:%M} UTC.",
            f"Name an instant within the next {LONGEST_ANSWER_DAYS} days.",
        )


def check_answer(case: CaseSummary, role: str, text: str, version: int | None) -> None:
    """Refuses an answer that says nothing, to a case that waits for none, or by who may only look."""
    case_rules.check_role(role)
    case_rules.check_comment(text)
    if not text.strip():
        raise InputError("CASE-ANSWER-MISSING", "The answer is empty.", "Write what was answered.")
    case_rules.check_waiting(case)
    case_rules.check_version(case, version)


def check_take_back(case: CaseSummary, user: str) -> None:
    """Refuses to take back what another has asked (`CASE-UNDO-OTHER`)."""
    if case.asked_by != user:
        raise ForbiddenError(
            "CASE-UNDO-OTHER", f"{case.asked_by} has asked this.", "Record the answer, or decide the case as it is."
        )
