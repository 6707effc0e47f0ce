"""Lays a case out for the page: who holds it, its place in the queue, what may be done with it, what happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.audit import AuditEntry
from core.texts import N_
from review_api.auth import Principal
from triage.blind_rules import SECOND
from triage.case_may import May
from triage.case_records import CaseComment, CaseDetail, CaseState, CaseSummary, QueuePlace, Resolution
from triage.planning_detail import PlanningDetail
from triage.reasons import OTHER, reason_of, reasons_for

SHOWN_FOR = timedelta(minutes=15)
"""So long what was done is told on the next page."""

_FORMS = (
    N_("Approved %(subject)s"),
    N_("Rejected %(subject)s"),
    N_("Asked about %(subject)s"),
    N_("Corrected and cleared %(subject)s"),
    N_("Cleared by changed facts: %(subject)s"),
    N_("opened"),
    N_("claimed"),
    N_("released"),
    N_("commented"),
    N_("reopened"),
    N_("asked"),
    N_("answered"),
)
"""What `sentence_of` and `history_sentence` put together, as the catalogues know it."""
_VERBS: Mapping[str, str] = {
    Resolution.APPROVE: "Approved",
    Resolution.REJECT: "Rejected",
    Resolution.REQUEST_INFORMATION: "Asked about",
    Resolution.CORRECTED: "Corrected and cleared",
    Resolution.CLEARED_BY_FACTS: "Cleared by changed facts:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """One thing that may be done: its key, its reasons, and a note when it is not as simple as that.

    Attributes:
        refused: why this person may not do it.
    """

    name: str
    key: str
    label: str
    title: str
    path: str
    button: str
    resolution: str | None = None
    note: str | None = None
    refused: May | None = None
    reasons: Sequence[tuple[str, str]] = ()
    comment_label: str = N_("Comment")
    comment_required: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """One thing that happened, as a sentence."""

    at: datetime
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView:
    """What was just done, and until when it may be undone; None where it may not."""

    case_id: str
    version: int
    sentence: str
    undo_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as this person sees it now."""

    summary: CaseSummary
    may_work: bool
    is_mine: bool
    held_by: str | None
    place: int | None
    of: int
    next_id: str | None
    actions: tuple[ActionView, ...]
    ended: str
    may_undo: bool
    comments: tuple[CaseComment, ...]
    history: tuple[HistoryView, ...]


def case_view(
    detail: CaseDetail | PlanningDetail,
    *,
    principal: Principal,
    may: Sequence[May],
    now: datetime,
    place: QueuePlace,
    opened: str | None = None,
) -> CaseView:
    """Lays the case out.

    Args:
        may: what this person may do with it.
        place: where it stands in its queue.
        opened: the action whose dialog stands open, after something went wrong in it.
    """
    case = detail.summary
    holder = case.claimed_by if case.state is CaseState.CLAIMED and _is_live(case, now) else None
    return CaseView(
        summary=case,
        may_work=principal.may("cases.work"),
        is_mine=holder == principal.name,
        held_by=holder if holder != principal.name else None,
        place=place.place,
        of=place.of,
        next_id=place.next_id,
        actions=_actions(may, opened, case),
        ended=sentence_of(case),
        may_undo=may_undo(case, principal, now),
        comments=detail.comments,
        history=tuple(HistoryView(at=entry.at, said=history_sentence(entry)) for entry in detail.history),
    )


def done_view(case: CaseSummary, principal: Principal, now: datetime) -> DoneView | None:
    """What this person has just done with a case; nothing once it is old, or was somebody else's doing."""
    if case.state is CaseState.RESOLVED:
        recent = case.resolved_at is not None and now - case.resolved_at <= SHOWN_FOR
        if case.resolved_by != principal.name or not recent:
            return None
        until = case.undo_until if may_undo(case, principal, now) else None
        return DoneView(case_id=case.case_id, version=case.version, sentence=f"{sentence_of(case)}.", undo_until=until)
    if case.state is CaseState.ASKED and case.asked_by == principal.name:
        said = f"{case.subject} waits for {case.waits_for}."
        return DoneView(case_id=case.case_id, version=case.version, sentence=said, undo_until=case.waits_until)
    if case.review_stage == SECOND and case.undo_until is not None and now <= case.undo_until:
        said = f"Your check of {case.subject} is noted; another person looks at it without knowing what you found."
        return DoneView(case_id=case.case_id, version=case.version, sentence=said, undo_until=case.undo_until)
    if case.first_approval_by == principal.name:
        said = f"First approval of {case.subject} is noted; a second person must agree."
    elif case.needs_role and case.claimed_by is None:
        said = f"Escalated {case.subject} to {case.needs_role.replace('_', ' ')}."
    else:
        return None
    return DoneView(case_id=case.case_id, version=case.version, sentence=said)


def may_undo(case: CaseSummary, principal: Principal, now: datetime) -> bool:
    """Whether this person may take back how the case ended, or what they have asked."""
    if case.state is CaseState.ASKED:
        return case.asked_by == principal.name
    return (
        case.state is CaseState.RESOLVED
        and case.resolved_by == principal.name
        and case.undo_until is not None
        and now <= case.undo_until
    )


def sentence_of(case: CaseSummary) -> str:
    """How a case ended: `Approved Nordlicht GmbH · R-8812 · Price agreed with the buyer`; empty while it is open."""
    if case.resolution is None:
        return ""
    reason = reason_of(case.resolution, case.reason_code or "")
    parts = [f"{_VERBS[case.resolution]} {case.subject}"]
    if reason is not None and reason.code != OTHER:
        parts.append(reason.sentence)
    return " · ".join([*parts, *([f"“{case.comment}”"] if case.comment else [])])


def history_sentence(entry: AuditEntry) -> str:
    """An audit entry as a sentence."""
    who = entry.actor.partition(":")[2] if entry.actor.startswith("user:") else entry.actor.partition(":")[0]
    told = entry.payload
    match entry.action:
        case "document.received":
            said = f"received as {told.get('file_name')} by {told.get('origin')}"
        case "document.received_again":
            said = f"received again as {told.get('file_name')}"
        case "document.read":
            said = (
                f"could not be read ({told['error']})" if told.get("error") else f"read as {told.get('document_type')}"
            )
        case "document.decided" | "planning.decided":
            codes = f" ({', '.join(told['codes'])})" if told.get("codes") else ""
            said = f"decided: {told.get('outcome')}{codes}, policy {str(told.get('policy_hash'))[:8]}"
        case "case.resolved":
            reason = str(told.get("reason_code") or "").replace("_", " ")
            said = f"{str(told.get('resolution')).replace('_', ' ')}: {reason}"
        case "case.changed":
            changes = [f"{code} gone" for code in told.get("gone") or ()]
            changes += [f"{code} new" for code in told.get("appeared") or ()]
            why = str(told.get("because") or "").replace("_", " ")
            said = f"changed ({why}): {', '.join(changes) or 'other figures'}"
            said += f"; approval of {told['voided_approval_by']} void" if told.get("voided_approval_by") else ""
        case "case.rerouted":
            said = f"handed from {told.get('from')} to {told.get('to')}"
        case "case.escalated" | "case.assigned" | "case.unassigned":
            said = _handed_on(entry.action, told)
        case "document.corrected" | "case.corrected":
            said = f"corrected {', '.join(told.get('changes') or ())}"
        case action:
            said = action.partition(".")[2].replace("_", " ")
    return f"{said} · {who}"


def _handed_on(action: str, told: Mapping[str, Any]) -> str:
    """To whom a case went, and by which of the policy's timers where no person did it."""
    if action == "case.unassigned":
        return f"taken off {told.get('from')}"
    if action == "case.assigned":
        away = f" ({told.get('named')} is away)" if told.get("because_away_until") else ""
        return f"given to {told.get('to')}{away}"
    where = [str(told[name]).replace("_", " ") for name in ("to_role", "to_queue") if told.get(name)]
    said = f"escalated to {', queue '.join(where)}"
    return f"{said} by the timer “{told['rule']}” of policy {told['policy_version']}" if told.get("rule") else said


def _is_live(case: CaseSummary, now: datetime) -> bool:
    return case.claimed_until is not None and case.claimed_until > now


def _actions(may: Sequence[May], opened: str | None, case: CaseSummary) -> tuple[ActionView, ...]:
    approving = next(one for one in may if one.action == "approve")
    reasons = {how: tuple((one.code, one.sentence) for one in some) for how, some in reasons_for(case).items()}
    return (
        ActionView(
            name="approve", key="a", label=N_("approve"), title=N_("Approve because"),
            path="resolve", button=N_("Approve"), resolution=Resolution.APPROVE, note=_approve_note(approving),
            refused=approving if approving.code in _REFUSALS else None,
            reasons=reasons[Resolution.APPROVE], is_open=opened == "approve",
        ),
        ActionView(
            name="reject", key="x", label=N_("reject"), title=N_("Reject because"), path="resolve", button=N_("Reject"),
            resolution=Resolution.REJECT, reasons=reasons[Resolution.REJECT], is_open=opened == "reject",
        ),
        ActionView(
            name="request_information", key="i", label=N_("ask"), title=N_("Wait for an answer"),
            path="ask", button=N_("Ask"), resolution=Resolution.REQUEST_INFORMATION,
            reasons=reasons[Resolution.REQUEST_INFORMATION],
            comment_label=N_("The question"), is_open=opened == "request_information",
        ),
        ActionView(
            name="escalate", key="e", label=N_("escalate"), title=N_("Hand to an approver"), path="escalate",
            button=N_("Escalate"), comment_label=N_("What they should know"), is_open=opened == "escalate",
        ),
        ActionView(
            name="comment", key=".", label=N_("comment"), title=N_("Leave a note"), path="comment", button=N_("Keep"),
            comment_required=True, is_open=opened == "comment",
        ),
    )  # fmt: skip


def _approve_note(may: May) -> str | None:
    """Why approving is not as simple as that, before anyone tries."""
    if may.allowed:
        return N_("needs a second person") if may.second_person else None
    return _REFUSALS.get(may.code or "")


# Refusals that stand in the rules; that somebody else works on the case just now is said elsewhere on the page.
_REFUSALS: Mapping[str, str] = {
    "CASE-ROLE": N_("not for you"),
    "CASE-ERP-BLOCKED": N_("blocked by the ERP"),
    "CASE-BLOCKED": N_("blocked: needs an approver"),
    "CASE-RELEASE-ROLE": N_("needs another role"),
    "CASE-NEEDS-ROLE": N_("waits for another role"),
    "CASE-LIMIT": N_("above your limit"),
    "CASE-OWN-CORRECTION": N_("you corrected it"),
    "CASE-OWN-UPLOAD": N_("you sent it in"),
    "CASE-OWN-BANK-CHANGE": N_("you changed the account"),
    "CASE-SECOND-PERSON": N_("a second person must agree"),
    "CASE-CHECKED-BY-YOU": N_("you have checked it"),
}
