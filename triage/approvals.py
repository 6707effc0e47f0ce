"""An approval in the making: who gives it, what is asked of them on this paper, and what they approve in spite of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit_log
from core.database import ReadSession, WriteSession
from core.decisions import Finding
from core.errors import ConflictError
from triage import (
    blind_review,
    case_flow,
    case_may,
    case_rows,
    case_rules,
    decisions,
    memory,
    personal,
    redecide,
    taking_back,
)
from triage.approval_limits import limit_of
from triage.case_may import May
from triage.case_records import RELEASED, CaseSummary, Resolution
from triage.case_rules import Approver
from triage.decisions import StoredDecision
from triage.involvement import hands_in
from triage.policy import Policy
from triage.releases import needed_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval that may be given.

    Attributes:
        overridden: the findings in spite of which the paper is approved.
        is_first: whether a second person must agree before it counts.
    """

    who: Approver
    overridden: tuple[Finding, ...]
    is_first: bool


def what_may(
    session: ReadSession, case_id: str, *, user: str, role: str, policy: Policy, at: datetime
) -> tuple[May, ...]:
    """What a person may do with a case now, and why not, before they try.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    case = case_rows.get(session, case_id)
    who = _approver(session, case, decided(session, case), user=user, role=role, policy=policy, at=at)
    return case_may.what_may(case, who, at, to_undo=taking_back.refusal(session, case, user=user, role=role, at=at))


def approval_of(
    session: ReadSession, case: CaseSummary, *, user: str, role: str, policy: Policy, at: datetime
) -> Approval:
    """The approval of a case by a person.

    Raises:
        ForbiddenError, ConflictError: why this person may not give it, as `case_rules.approval_refusal` says.
        ConflictError: `CASE-FACTS-CHANGED`: nobody approves what is not so any more.
    """
    stored = decided(session, case)
    who = _approver(session, case, stored, user=user, role=role, policy=policy, at=at)
    refusal = case_rules.approval_refusal(case, who)
    if refusal is not None:
        raise refusal
    if redecide.has_news(session, case, policy, at=at):
        raise ConflictError(
            "CASE-FACTS-CHANGED",
            "Since this paper was judged a feed or the policy has changed, and it would be judged otherwise now.",
            "Load the case again in a moment; a worker (`clearhold work`) judges it again.",
        )
    is_first = case_rules.needs_second_person(case, who)
    return Approval(who=who, overridden=stored.decision.findings, is_first=is_first)


def keep_first(
    session: WriteSession, before: CaseSummary, given: Approval, *, reason_code: str, comment: str | None, at: datetime
) -> CaseSummary:
    """Keeps the first of two approvals; the second one's giver needs a role and a limit of their own."""
    who = given.who
    values: dict[str, Any] = {
        "first_approval_by": who.user,
        "first_approval_at": at,
        "first_approval_role": who.role,
        "first_approval_reason": reason_code,
        "assigned_to": None,
        "assigned_by": None,
        "waiting_since": at,
        "needs_role": "ap_approver" if "ap_approver" in who.needed.roles else "admin",
    }
    after = case_rows.change(session, before, dict(RELEASED) | values)
    told = {
        "resolution": Resolution.APPROVE,
        "reason_code": reason_code,
        "comment": comment,
        "outcome": before.outcome,
        "role": who.role,
        "overridden": case_flow.told_findings(given.overridden),
    }
    subject = f"case:{before.case_id}"
    audit_log.append(
        session, at=at, actor=f"user:{who.user}", action="case.first_approval", subject=subject, payload=told
    )
    return after


def count_approved(session: WriteSession, case: CaseSummary, *, at: datetime) -> None:
    """What an approval says of the remembered corrections that were used to read the paper."""
    read = decisions.latest_extraction(session, case.document_id)
    if read is not None:
        memory.count_approved(session, read.extraction, at=at, undone=False)


def decided(session: ReadSession, case: CaseSummary) -> StoredDecision:
    """The newest decision behind a case."""
    stored = decisions.latest_decision(session, case.document_id)
    if stored is None:
        raise RuntimeError(f"{case.case_id} has no decision behind it")
    return stored


def _approver(
    session: ReadSession,
    case: CaseSummary,
    stored: StoredDecision,
    *,
    user: str,
    role: str,
    policy: Policy,
    at: datetime,
) -> Approver:
    facts = stored.facts
    supplier_id = None if facts.supplier is None else facts.supplier.supplier_id
    return Approver(
        user=user,
        role=role,
        limit=personal.rules_of(session, user).lower_of(limit_of(policy, role, facts), facts.paper.currency),
        needed=needed_for(case.kind, case.codes, case.outcome, policy),
        hands=hands_in(session, case.document_id, supplier_id=supplier_id, policy=policy, at=at),
        checkers=blind_review.checkers(session, case),
    )
