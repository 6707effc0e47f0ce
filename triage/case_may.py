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


def what_may(case: CaseSummary, who: Approver, at: datetime, *, newer: CaseSummary | None) -> tuple[May, ...]:
    """Every action on a case.

    Args:
        newer: the open case of the same paper, if there is one.
    """
    to_change = _refusal(lambda: _check_change(case, who, at))
    to_approve = to_change or case_rules.approval_refusal(case, who)
    found: dict[str, ClearholdError | None] = {
        "claim": to_change,
        "release": to_change or _refusal(lambda: case_rules.check_claim(case, who.user, None)),
        "correct": to_change or _refusal(lambda: case_rules.check_may_be_changed(case)),
        "approve": to_approve,
        "reject": to_change,
        "request_information": to_change,
        "escalate": to_change,
        "comment": _refusal(lambda: case_rules.check_role(who.role)),
        "undo": _refusal(lambda: _check_undo(case, who, at, newer)),
    }
    second = to_approve is None and case_rules.needs_second_person(case, who)
    return tuple(_may(action, error, second=second and action == "approve") for action, error in found.items())


def _check_change(case: CaseSummary, who: Approver, at: datetime) -> None:
    case_rules.check_role(who.role)
    case_rules.check_not_resolved(case)
    case_rules.check_not_held_by_other(case, who.user, at)


def _check_undo(case: CaseSummary, who: Approver, at: datetime, newer: CaseSummary | None) -> None:
    case_rules.check_role(who.role)
    case_rules.check_undo(case, who.user, at, newer)


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
