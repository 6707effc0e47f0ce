"""What a person may do with a case now and why not, before they try: the same rules that are enforced. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.errors import ClearholdError
from triage import case_rules
from triage.case_records import CaseSummary
from triage.case_rules import Approver


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """One thing that may be done, or the reason why not.

    Attributes:
        second_person: it is the first of two approvals.
        code, message, remedy: why not; None where it may be done.
    """

    action: str
    allowed: bool
    second_person: bool = False
    code: str | None = None
    message: str | None = None
    remedy: str | None = None


def what_may(case: CaseSummary, who: Approver, at: datetime, *, to_undo: ClearholdError | None) -> tuple[May, ...]:
    """Every action on a case.

    Args:
        to_undo: why what was done last may not be taken back; None where it may.
    """
    to_change = _refusal(lambda: _check_change(case, who, at))
    to_approve = to_change or case_rules.approval_refusal(case, who)
    to_note = _refusal(lambda: case_rules.check_role(who.role))
    to_judge = to_change or case_rules.check_once_refusal(who.user, who.checkers)
    found: dict[str, ClearholdError | None] = {
        "claim": to_change or _refusal(lambda: case_rules.check_not_waiting(case)),
        "release": to_change or _refusal(lambda: case_rules.check_claim(case, who.user, None)),
        "correct": to_change or _refusal(lambda: case_rules.check_may_be_changed(case)),
        "approve": to_approve,
        "reject": to_judge,
        "request_information": to_change,
        "escalate": to_change,
        "comment": to_note,
        "attach": to_note,
        "answer": to_note or _refusal(lambda: case_rules.check_waiting(case)),
        "undo": to_undo,
    }
    second = to_approve is None and case_rules.needs_second_person(case, who)
    return tuple(_may(action, error, second=second and action == "approve") for action, error in found.items())


def _check_change(case: CaseSummary, who: Approver, at: datetime) -> None:
    case_rules.check_role(who.role)
    case_rules.check_not_resolved(case)
    case_rules.check_not_held_by_other(case, who.user, at)


def _refusal(check: Callable[[], None]) -> ClearholdError | None:
    try:
        check()
    except ClearholdError as error:
        return error
    return None


def _may(action: str, error: ClearholdError | None, *, second: bool) -> May:
    if error is None:
        return May(action=action, allowed=True, second_person=second)
    return May(action=action, allowed=False, code=error.code, message=error.message, remedy=error.remedy)
