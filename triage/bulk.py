"""One action on many cases held by the same single code: what is asked, what it will do to each, and the sums. Pure.

A bulk decides nothing by itself: each case is foreseen by the rules it will be decided by, and decided by its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from core.errors import ClearholdError, ConflictError, InputError
from core.money import ZERO, exact_sum
from triage import case_rules
from triage.case_may import May
from triage.case_records import PROMISE_KIND, CaseSummary, Resolution
from triage.roles import APPROVER_ROLES

BULK_LIMIT = 200
BulkAction = Literal["approve", "reject", "request_information", "assign", "escalate"]
Becomes = Literal["ends", "asked", "first_approval", "assigned", "escalated", "refused"]
ACTIONS: tuple[str, ...] = get_args(BulkAction)
ENDING = frozenset({Resolution.APPROVE.value, Resolution.REJECT.value, Resolution.REQUEST_INFORMATION.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for many cases at once.

    Attributes:
        code: each of them is held by this code and no other.
        reason_code: of an action that ends a case.
        to: the person they are given to; `to_role` the role they are escalated to.
    """

    action: BulkAction
    code: str
    reason_code: str = ""
    comment: str | None = None
    to: str = ""
    to_role: str = "ap_approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What an action will make of one case.

    Attributes:
        code, message, remedy: why it is refused; `message` also says who gets it in an absent person's place.
    """

    case: CaseSummary
    becomes: Becomes
    code: str | None = None
    message: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSum:
    """How many cases will become the same, and how much money they are about, in one currency.

    Attributes:
        total: of the papers; what has no known total counts as nothing, and is counted in `without_total`.
    """

    becomes: Becomes
    currency: str | None
    count: int
    total: Decimal
    at_stake: Decimal
    without_total: int


def checked(asked: Asked, cases: Sequence[CaseSummary]) -> None:
    """Refuses what is asked wrongly for all of them.

    Raises:
        InputError: `BULK-ACTION`, `BULK-CASES`, `CASE-REASON-UNKNOWN`, `CASE-REASON-UNSUITABLE`,
            `CASE-COMMENT-MISSING`, `CASE-COMMENT-LONG`, `CASE-ROLE-UNKNOWN`, `CASE-ASSIGNEE-UNKNOWN`.
    """
    if asked.action not in ACTIONS:
        raise InputError("BULK-ACTION", f"{asked.action!r} cannot be done at once.", f"Use {', '.join(ACTIONS)}.")
    check_count(len(cases))
    case_rules.check_comment(asked.comment)
    if asked.action in ENDING:
        for case in (one for one in cases if one.codes == (asked.code,)):
            case_rules.check_reason(case, asked.action, asked.reason_code, asked.comment)
    if asked.action == "escalate" and asked.to_role not in APPROVER_ROLES:
        raise InputError(
            "CASE-ROLE-UNKNOWN",
            f"A case cannot be escalated to {asked.to_role!r}.",
            f"Use one of {', '.join(sorted(APPROVER_ROLES))}.",
        )
    if asked.action == "assign" and not asked.to:
        raise InputError("CASE-ASSIGNEE-UNKNOWN", "Nobody is named.", "Say whom the cases are given to.")


def check_count(count: int) -> None:
    """Refuses none, and more than is done at once (`BULK-CASES`)."""
    if not 0 < count <= BULK_LIMIT:
        raise InputError(
            "BULK-CASES",
            "No case is chosen." if count == 0 else f"{count} cases are chosen; at once at most {BULK_LIMIT} are done.",
            "Choose cases in the queue." if count == 0 else "Narrow the queue down, and do them in parts.",
        )


def common_code(cases: Iterable[CaseSummary]) -> str | None:
    """The code that most of these cases are held by alone; None where none is held by a single one."""
    counts: dict[str, int] = defaultdict(int)
    for case in cases:
        if len(case.codes) == 1:
            counts[case.codes[0]] += 1
    return max(sorted(counts), key=lambda code: counts[code], default=None)


def check_held_alone(case: CaseSummary, code: str) -> None:
    """Refuses a case that is held by something else too (`CASE-BULK-CODE`)."""
    if case.codes != (code,) or case.kind == PROMISE_KIND:
        held = ", ".join(case.codes) or "nothing: it is a blind check"
        raise ConflictError(
            "CASE-BULK-CODE",
            f"This case is held by {held}, not by {code} alone.",
            "Look at it by itself.",
        )


def foreseen_ending(case: CaseSummary, may: May) -> Foreseen:
    """What ending a case will come to, from what the person may do with it."""
    if not may.allowed:
        return Foreseen(case=case, becomes="refused", code=may.code, message=may.message, remedy=may.remedy)
    if may.action == Resolution.REQUEST_INFORMATION.value:
        return Foreseen(case=case, becomes="asked")
    return Foreseen(case=case, becomes="first_approval" if may.second_person else "ends")


def refused(case: CaseSummary, error: ClearholdError) -> Foreseen:
    """A case the action will leave as it is, and why."""
    return Foreseen(case=case, becomes="refused", code=error.code, message=error.message, remedy=error.remedy)


def sums(foreseen: Iterable[Foreseen]) -> tuple[BulkSum, ...]:
    """Count and money by what becomes of the cases and by currency; currencies never mix."""
    groups: dict[tuple[Becomes, str | None], list[CaseSummary]] = defaultdict(list)
    for one in foreseen:
        groups[one.becomes, one.case.currency].append(one.case)
    order = get_args(Becomes)
    return tuple(
        BulkSum(
            becomes=becomes,
            currency=currency,
            count=len(cases),
            total=exact_sum(case.total or ZERO for case in cases),
            at_stake=exact_sum(case.amount_at_risk for case in cases),
            without_total=sum(case.total is None for case in cases),
        )
        for (becomes, currency), cases in sorted(
            groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1] or "")
        )
    )
