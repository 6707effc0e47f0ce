"""Keeps decisions about planning and what follows from them: cases, audit, events; each part in one transaction.

What is no news changes nothing, so a run that was killed is simply run again: nothing is decided twice, and a subject
has one open case at most.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from core import audit_log
from core.clock import Clock
from core.database import Database, WriteSession
from core.decisions import Outcome
from core.ids import new_id
from triage import case_flow, case_rows, outbox, planning_decisions, predictions
from triage.case_flow import BY_CORRECTION, Ending
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.planning_judged import Judged
from triage.planning_news import is_older, is_quiet, says_more, weighs_otherwise
from triage.planning_recorded import RecordedPlanning, audited_planning, recorded_planning
from triage.policy import Policy
from triage.policy_people import Route
from triage.predictions import StoredPrediction
from triage.routes import planning_route

DECIDED = "planning.decided"
BY_FACTS = Ending(resolution=Resolution.CLEARED_BY_FACTS, reason_code="facts_changed")
AT_ONCE = 200
"""Subjects in one transaction: others get their turn in between."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What keeping decisions has done: how many are new, and what became of cases."""

    decided: int = 0
    opened: int = 0
    changed: int = 0
    ended: int = 0
    as_before: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        """Both together."""
        return Kept(
            decided=self.decided + other.decided,
            opened=self.opened + other.opened,
            changed=self.changed + other.changed,
            ended=self.ended + other.ended,
            as_before=self.as_before + other.as_before,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What is known of a subject: its newest decision, its open case, and the case that ended last."""

    last: RecordedPlanning | None
    open_case: CaseSummary | None
    ended: CaseSummary | None


def keep_all(
    db: Database,
    judged: Sequence[Judged],
    policy: Policy,
    clock: Clock,
    *,
    actor: str,
    progress: Progress = lambda _done, _all: None,
) -> Kept:
    """Keeps every decision that is news, part by part."""
    kept = Kept()
    for start in range(0, len(judged), AT_ONCE):
        part = judged[start : start + AT_ONCE]
        with db.write() as session:
            kept += keep(session, part, policy, at=clock.now(), actor=actor)
        progress(start + len(part), len(judged))
    return kept


def keep(session: WriteSession, judged: Sequence[Judged], policy: Policy, *, at: datetime, actor: str) -> Kept:
    """Keeps these decisions, and what models said, in the caller's transaction."""
    audit_log.lock_chain(session)
    predictions.save(session, [said for one in judged if (said := _said(one)) is not None])
    by_subject = {one.subject: one for one in judged}
    subjects = by_subject.keys()
    last = planning_decisions.latest_of(session, subjects)
    waiting, ended = case_rows.open_of_subjects(session, subjects), case_rows.last_ended(session, subjects)
    kept = Kept()
    for one in by_subject.values():
        before = _Before(last=last.get(one.subject), open_case=waiting.get(one.subject), ended=ended.get(one.subject))
        kept += _keep_one(session, one, before, policy, at=at, actor=actor)
    return kept


def _keep_one(
    session: WriteSession, judged: Judged, before: _Before, policy: Policy, *, at: datetime, actor: str
) -> Kept:
    route = _route_of(judged, policy)
    if is_older(judged, before.last) or not _is_news(judged, before, route, policy, at):
        return Kept(as_before=1)
    run = 1 if before.last is None else before.last.run + 1
    record = recorded_planning(new_id("dec", at), judged, run=run, by=actor)
    planning_decisions.save(session, [record])
    kept, case = _follow(session, judged, before.open_case, route, BY_FACTS, at=at, actor=actor)
    _tell(session, judged, record, case, at=at, actor=actor)
    return kept + Kept(decided=1)


def keep_change(
    session: WriteSession, judged: Judged, case: CaseSummary, policy: Policy, *, at: datetime, actor: str
) -> None:
    """Keeps the decision about what a person has changed, whatever it is: the case ends where nothing holds it now."""
    last = planning_decisions.latest(session, judged.subject)
    run = 1 if last is None else last.run + 1
    record = recorded_planning(new_id("dec", at), judged, run=run, by=actor)
    planning_decisions.save(session, [record])
    _, after = _follow(session, judged, case, _route_of(judged, policy), BY_CORRECTION, at=at, actor=actor)
    _tell(session, judged, record, after, at=at, actor=actor)


def _said(judged: Judged) -> StoredPrediction | None:
    """What a model said, as it is kept until it is known what came; what is no probability says nothing."""
    said = judged.prediction
    if said is None or not 0 <= said.probability <= 1:
        return None
    return StoredPrediction(
        name=said.model.rpartition("-")[0] or said.model,
        subject=judged.subject,
        model=said.model,
        predicted_at=judged.decision.decided_at,
        score=said.probability,
        features_hash=judged.decision.inputs_hash,
        features=judged.features,
    )


def _is_news(judged: Judged, before: _Before, route: Route, policy: Policy, at: datetime) -> bool:
    more = says_more(judged, before.last)
    if before.open_case is not None:
        return more or weighs_otherwise(before.open_case, judged.priority.expected_loss * route.priority_factor)
    if judged.decision.outcome is Outcome.CLEAR:
        return more
    return not is_quiet(judged, before.last, before.ended, policy, at)


def _follow(
    session: WriteSession,
    judged: Judged,
    case: CaseSummary | None,
    route: Route,
    ending: Ending,
    *,
    at: datetime,
    actor: str,
) -> tuple[Kept, CaseSummary | None]:
    """What a decision does to the queue: clear needs no case and ends an open one, anything else has one."""
    if judged.decision.outcome is Outcome.CLEAR:
        if case is None:
            return Kept(), None
        how, why = ending.resolution, ending.reason_code
        after = case_flow.end(session, case, actor=actor, at=at, resolution=how, reason_code=why)
        return Kept(ended=1), after
    values = _values(judged, route, at)
    if case is None:
        return Kept(opened=1), case_flow.put_in_queue(session, _new(judged, values, at), at=at, actor=actor)
    values |= case_rows.NO_APPROVAL_YET | {"needs_role": case_flow.role_after(case, values["needs_role"])}
    after = case_rows.change(session, case, values)
    told = case_flow.shown_of(after) | {
        "because": ending.reason_code,
        "gone": [code for code in case.codes if code not in after.codes],
        "appeared": [code for code in after.codes if code not in case.codes],
        "voided_approval_by": case.first_approval_by,
    }
    case_flow.tell(session, after, at=at, actor=actor, action="case.changed", facts=told)
    return Kept(changed=1), after


def _new(judged: Judged, values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return dict(values) | {
        "case_id": new_id("case", at),
        "document_id": judged.subject,
        "state": CaseState.OPEN.value,
        "opened_at": at,
        "claim_token": 0,
        "version": 1,
    }


def _values(judged: Judged, route: Route, at: datetime) -> dict[str, Any]:
    findings, priority = judged.decision.findings, judged.priority
    due_on = priority.due_on
    return {
        "kind": judged.kind,
        "queue": route.queue,
        "needs_role": route.role,
        "route": case_flow.told_route(route),
        "outcome": judged.decision.outcome.value,
        "subject": judged.title,
        "headline": findings[0].message if findings else case_flow.SAMPLE_HEADLINE,
        "codes": list(dict.fromkeys(finding.code for finding in findings)),
        "amount_at_risk": priority.at_risk_amount,
        "currency": judged.currency,
        "total": judged.total,
        "priority": case_rows.priority_to_int(priority.expected_loss * route.priority_factor),
        "due_at": at + timedelta(days=case_flow.DEFAULT_DUE_DAYS)
        if due_on is None
        else datetime.combine(due_on, time(23, 59, 59), tzinfo=UTC),
    }


def _route_of(judged: Judged, policy: Policy) -> Route:
    codes = {finding.code for finding in judged.decision.findings}
    return planning_route(judged.kind, codes, judged.total, judged.currency, policy)


def _tell(
    session: WriteSession,
    judged: Judged,
    record: RecordedPlanning,
    case: CaseSummary | None,
    *,
    at: datetime,
    actor: str,
) -> None:
    """Tells the audit, and other programs: what was decided, and what is recommended, if anything is."""
    told = audited_planning(record) | {
        "codes": sorted({finding.code for finding in judged.decision.findings}),
        "case_id": None if case is None else case.case_id,
    }
    audit_log.append(session, at=at, actor=actor, action=DECIDED, subject=record.subject, payload=told)
    event = told | {"subject": record.subject}
    outbox.put(session, "decision.made", record.subject, event, at)
    if _recommends(record):
        advised = {name: event[name] for name in ("subject", "kind", "decision_id", "outcome", "case_id")}
        outbox.put(session, "recommendation.made", record.subject, advised | {"advice": record.advice}, at)


def _recommends(record: RecordedPlanning) -> bool:
    """Whether anything is recommended that another program may act on."""
    advice = record.advice or {}
    if record.kind == "recommendation":
        return advice.get("quantity") not in {None, "0"}
    return bool(advice.get("recommendations"))
