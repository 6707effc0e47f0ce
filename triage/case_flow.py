"""Opens, changes and ends a case: what a decision makes of the queue, and the one way a case ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core import audit_log
from core.database import WriteSession
from core.decisions import Decision, Finding, Outcome
from core.documents import BILLING_TYPES, SHIPMENT_TYPES, Document, DocumentType
from core.ids import new_id
from core.money import plain
from triage import case_rows, drafts, outbox, questions
from triage.case_records import PROMISE_KIND, RELEASED, CaseState, CaseSummary, Resolution
from triage.controls import doc_corrected
from triage.facts import Facts
from triage.policy import Policy
from triage.policy_people import Route
from triage.priority import priority_of
from triage.routes import route_of
from triage.team_advice import AskTeam

SAMPLE_HEADLINE = "Every control passed; drawn for a blind check."
PROMISE_BROKEN = "PROMISE-BROKEN"
DEFAULT_DUE_DAYS = 3
EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a case ends that a new decision clears."""

    resolution: Resolution
    reason_code: str


BY_CORRECTION = Ending(resolution=Resolution.CORRECTED, reason_code="corrected")


def follow(
    session: WriteSession,
    document: Document,
    decision: Decision,
    facts: Facts,
    policy: Policy,
    *,
    at: datetime,
    actor: str,
    ending: Ending = BY_CORRECTION,
    ask_team: AskTeam | None = None,
) -> CaseSummary | None:
    """What a decision does to the queue: clear needs no case and ends an open one, anything else has one.

    A case stays with whoever holds it, and in its queue while its route is the same. A first approval was given to what
    it said before, and is void.

    Args:
        ask_team: which queue a new case waits in, of those the policy allows; the route's own without.
    """
    before = case_rows.open_of_document(session, document.document_id)
    if decision.outcome is Outcome.CLEAR:
        if before is None:
            return None
        return end(session, before, actor=actor, at=at, resolution=ending.resolution, reason_code=ending.reason_code)
    values = _values(document, decision, facts, policy, at)
    if before is None:
        if ask_team is not None:
            values["queue"] = ask_team(session, values["codes"], facts, policy).team
        return _open(session, document, values, at=at, actor=actor)
    if before.route == values["route"]:
        values["queue"] = before.queue
    if decision.outcome is not Outcome.SAMPLE:
        values["review_stage"] = None
    values |= case_rows.NO_APPROVAL_YET | {"needs_role": role_after(before, values["needs_role"])}
    after = case_rows.change(session, before, values)
    changed = shown_of(after) | {
        "because": ending.reason_code,
        "gone": [code for code in before.codes if code not in after.codes],
        "appeared": [code for code in after.codes if code not in before.codes],
        "voided_approval_by": before.first_approval_by,
    }
    tell(session, after, at=at, actor=actor, action="case.changed", facts=changed)
    return after


def reroute(
    session: WriteSession,
    before: CaseSummary,
    decision: Decision,
    facts: Facts,
    policy: Policy,
    *,
    at: datetime,
    actor: str,
) -> CaseSummary:
    """Hands a case to the team another policy names, where the decision is as it was; a route that stays is no news."""
    route = route_of(before.codes, facts, policy)
    if before.route == told_route(route):
        return before
    expected_loss = priority_of(decision, facts, policy).expected_loss * route.priority_factor
    values = {
        "queue": route.queue,
        "needs_role": role_after(before, route.role),
        "route": told_route(route),
        "priority": case_rows.priority_to_int(expected_loss),
    }
    after = case_rows.change(session, before, values)
    told = {"from": before.queue, "to": after.queue, "route": after.route, "needs_role": after.needs_role}
    tell(session, after, at=at, actor=actor, action="case.rerouted", facts=told)
    return after


def end(
    session: WriteSession,
    before: CaseSummary,
    *,
    actor: str,
    at: datetime,
    resolution: Resolution,
    reason_code: str,
    comment: str | None = None,
    role: str | None = None,
    overridden: Sequence[Finding] = (),
    taken: Mapping[str, Any] | None = None,
    undo_minutes: int = 0,
) -> CaseSummary:
    """Writes the end of a case, forgets its drafts, tells audit and outbox. Whoever calls it checked that it may end.

    Args:
        undo_minutes: so long who ends it may take that back, and nobody else is told.
        role: of who ends it; None where no person did.
        overridden: the findings in spite of which it is approved.
        taken: which of several ways is taken, on a planner's case.
    """
    undo_until = at + timedelta(minutes=undo_minutes) if undo_minutes else None
    questions.end_open(session, before, questions.Ended.OVERTAKEN, at=at, by=actor)
    drafts.drop_all(session, before.case_id)
    values = dict(RELEASED) | {
        "state": CaseState.RESOLVED.value,
        "undo_until": undo_until,
        "resolved_at": at,
        "resolved_by": actor.removeprefix("user:"),
        "resolved_role": role,
        "resolution": resolution.value,
        "reason_code": reason_code,
        "comment": comment,
        "review_stage": None,
    }
    after = case_rows.change(session, before, values)
    facts = {
        "resolution": resolution,
        "reason_code": reason_code,
        "comment": comment,
        "document_id": before.document_id,
        "outcome": before.outcome,
        "role": role,
        "first_approval_by": before.first_approval_by,
        "first_approval_role": before.first_approval_role,
        "first_approval_reason": before.first_approval_reason,
        "overridden": told_findings(overridden),
    } | ({} if taken is None else {"taken": dict(taken)})
    tell(session, after, at=at, actor=actor, action="case.resolved", facts=facts)
    told = facts | {"case_id": after.case_id}
    outbox.put(session, "case.resolved", f"case:{after.case_id}", told, at, held_until=undo_until)
    return after


def told_findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as the audit keeps them where a person decides in spite of them."""
    return [
        {"code": one.code, "outcome": one.outcome, "subject": one.subject, "at_risk_amount": one.at_risk_amount}
        for one in findings
    ]


def open_promise_case(
    session: WriteSession, broken_by: CaseSummary, *, headline: str, owner: str, promise_version: int, at: datetime
) -> CaseSummary:
    """Opens the case of a broken promise for its owner, beside the case of the paper whose check broke it."""
    case_id = new_id("case", at)
    row = {
        "case_id": case_id,
        "document_id": broken_by.document_id,
        "kind": PROMISE_KIND,
        "queue": broken_by.queue,
        "outcome": Outcome.HOLD.value,
        "subject": f"Promise {promise_version}",
        "headline": headline,
        "codes": [PROMISE_BROKEN],
        "amount_at_risk": broken_by.amount_at_risk,
        "currency": broken_by.currency,
        "priority": case_rows.priority_to_int(broken_by.priority),
        "due_at": at + timedelta(days=DEFAULT_DUE_DAYS),
        "needs_role": owner,
        "state": CaseState.OPEN.value,
        "opened_at": at,
        "claim_token": 0,
        "version": 1,
    }
    return put_in_queue(session, row, at=at, actor="system")


def _open(
    session: WriteSession, document: Document, values: Mapping[str, Any], *, at: datetime, actor: str
) -> CaseSummary:
    case_id = new_id("case", at)
    row = dict(values) | {
        "case_id": case_id,
        "document_id": document.document_id,
        "state": CaseState.OPEN.value,
        "opened_at": at,
        "claim_token": 0,
        "version": 1,
    }
    return put_in_queue(session, row, at=at, actor=actor)


def put_in_queue(session: WriteSession, row: Mapping[str, Any], *, at: datetime, actor: str) -> CaseSummary:
    """Writes a new case and tells the audit and the outbox; the database refuses a second open one of a subject."""
    case_id = row["case_id"]
    audit_log.lock_chain(session)  # before the counts are touched, so that writers never wait for one another crosswise
    case = case_rows.insert(session, row)
    shown = shown_of(case)
    tell(session, case, at=at, actor=actor, action="case.opened", facts=shown)
    outbox.put(session, "case.opened", f"case:{case_id}", shown | {"case_id": case_id}, at)
    return case


def _values(document: Document, decision: Decision, facts: Facts, policy: Policy, at: datetime) -> dict[str, Any]:
    paper = facts.paper
    findings = decision.findings  # the strictest first, then the most money
    codes = list(dict.fromkeys(finding.code for finding in findings))
    priority, route = priority_of(decision, facts, policy), route_of(codes, facts, policy)
    return {
        "kind": _kind(paper.document_type),
        "queue": route.queue,
        "needs_role": route.role,
        "route": told_route(route),
        "outcome": decision.outcome.value,
        "subject": _subject(document, facts),
        "headline": findings[0].message if findings else SAMPLE_HEADLINE,
        "codes": codes,
        "amount_at_risk": priority.at_risk_amount,
        "currency": paper.currency,
        "total": paper.total_with_vat,
        "priority": case_rows.priority_to_int(priority.expected_loss * route.priority_factor),
        "due_at": _due_at(priority.due_on, at),
        "corrected_by": _only_corrector(decision, facts),
    }


def told_route(route: Route) -> dict[str, Any]:
    """A route as a case keeps it."""
    return {
        "name": route.name,
        "queue": route.queue,
        "needs_role": route.role,
        "priority_factor": plain(route.priority_factor),
    }


def role_after(before: CaseSummary, by_route: str | None) -> str | None:
    """The role a case waits for now: what people have asked for stays, what a route asked for goes with the route."""
    earlier = None if before.route is None else before.route["needs_role"]
    return by_route if before.needs_role in {None, earlier} else before.needs_role


def _only_corrector(decision: Decision, facts: Facts) -> str | None:
    """Whose correction alone still holds the paper; None where something else does, or several people corrected it."""
    people = {correction.by for correction in facts.paper.corrections}
    if len(people) != 1 or {finding.code for finding in decision.findings} != {doc_corrected.CODE}:
        return None
    return people.pop()


def _kind(document_type: DocumentType) -> str:
    if document_type in BILLING_TYPES:
        return "invoice"
    return "shipment" if document_type in SHIPMENT_TYPES else "other"


def _subject(document: Document, facts: Facts) -> str:
    """Who and what, in words; the file's name where the paper says neither."""
    paper = facts.paper
    who = facts.supplier.name if facts.supplier is not None else paper.seller_name
    what = paper.invoice_number or paper.shipment_number
    return " · ".join(part for part in (who, what) if part) or document.file_name


def _due_at(due_on: date | None, at: datetime) -> datetime:
    """The end of the day the money is due; where nobody knows, or it is no day of this age, in a few days."""
    if due_on is None or due_on.year < EARLIEST_YEAR:
        return at + timedelta(days=DEFAULT_DUE_DAYS)
    return datetime.combine(due_on, time(23, 59, 59), tzinfo=UTC)


def shown_of(case: CaseSummary) -> dict[str, Any]:
    """What the audit and other programs are told of a case."""
    return {
        "document_id": case.document_id,
        "kind": case.kind,
        "queue": case.queue,
        "route": case.route,
        "needs_role": case.needs_role,
        "outcome": case.outcome,
        "codes": case.codes,
        "amount_at_risk": case.amount_at_risk,
        "currency": case.currency,
        "priority": case.priority,
        "due_at": case.due_at,
    }


def tell(
    session: WriteSession, case: CaseSummary, *, at: datetime, actor: str, action: str, facts: Mapping[str, Any]
) -> None:
    """Tells the audit what was done with a case."""
    audit_log.append(session, at=at, actor=actor, action=action, subject=f"case:{case.case_id}", payload=facts)
