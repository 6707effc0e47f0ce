"""Whether a case has waited too long under one of the policy's timers, and to whom it then goes. Pure."""

from datetime import datetime

from triage import case_rules
from triage.case_records import BILL_KIND, PLANNING_KINDS, CaseState, CaseSummary
from triage.policy import amount_in
from triage.policy_escalations import Escalation


def is_due(rule: Escalation, case: CaseSummary, at: datetime) -> bool:
    """Whether a timer hands this case on now: it fits, has waited too long, and is not there already."""
    if (
        case.state in {CaseState.RESOLVED, CaseState.ASKED}
        or case_rules.is_held(case, at)
        or rule.name in case.escalations
    ):
        return False
    since = case.due_at if rule.when == "past_due" else waits_since(case)
    return since is not None and since + rule.after <= at and _fits(rule, case) and _changes(rule, case)


def waits_since(case: CaseSummary) -> datetime:
    """Since when nobody works on a free case: its opening, when it was given back, or when a claim ran out."""
    if case.state is CaseState.CLAIMED and case.claimed_until is not None:
        return case.claimed_until
    return case.waiting_since or case.opened_at


def role_for(rule: Escalation, case: CaseSummary) -> str | None:
    """The role the case waits for then; of a planner's case the administrator's where the rule says approvers."""
    if rule.to_role is None:
        return case.needs_role
    is_planners = case.kind in PLANNING_KINDS - {BILL_KIND}
    return "admin" if is_planners and rule.to_role == "ap_approver" else rule.to_role


def _fits(rule: Escalation, case: CaseSummary) -> bool:
    return (
        (not rule.codes or not set(rule.codes).isdisjoint(case.codes))
        and (not rule.kinds or case.kind in rule.kinds)
        and (not rule.outcomes or case.outcome.value in rule.outcomes)
        and (not rule.queues or case.queue in rule.queues)
        and _is_large_enough(rule, case)
    )


def _is_large_enough(rule: Escalation, case: CaseSummary) -> bool:
    if rule.min_amount is None:
        return True
    least = amount_in(rule.min_amount, case.currency)
    return case.total is not None and case.currency is not None and least is not None and abs(case.total) >= least


def _changes(rule: Escalation, case: CaseSummary) -> bool:
    """Whether it goes anywhere it is not: what waits for an administrator is as high as it gets."""
    higher = rule.to_role is not None and case.needs_role not in {rule.to_role, "admin"}
    return higher or (rule.to_queue is not None and case.queue != rule.to_queue)
