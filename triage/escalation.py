"""Hands on cases nobody does, by the policy's timers: each in a transaction of its own, once by each timer, audited."""

from collections.abc import Iterator
from datetime import datetime

from core import audit_log
from core.clock import Clock
from core.database import Database
from triage import case_flow, case_rows, policies
from triage.assignments import NOBODYS
from triage.case_conditions import waited_under
from triage.case_records import RELEASED, CaseSummary
from triage.escalation_rules import is_due, role_for
from triage.policy_escalations import Escalation

AT_ONCE = 200


def escalate_all(db: Database, clock: Clock) -> int:
    """Hands on whatever has waited too long under the policy in force; returns how many cases.

    Run again, or by two workers at once, it does nothing twice: a case keeps which timers have handed it on.
    """
    with db.read() as session:
        applied = policies.active(session)
    at, done = clock.now(), 0
    for rule in applied.policy.escalations:
        for case_id in _waiting(db, rule, at):
            done += _escalate(db, rule, case_id, version=applied.version, policy_hash=applied.policy_hash, at=at)
    return done


def _waiting(db: Database, rule: Escalation, at: datetime) -> Iterator[str]:
    """The cases a timer may be about, part by part: whether it is, is seen under the lock."""
    after = ""
    while True:
        with db.read() as session:
            part = case_rows.those_where(session, waited_under(rule, at), after=after, limit=AT_ONCE)
        yield from (case.case_id for case in part if is_due(rule, case, at))
        if len(part) < AT_ONCE:
            return
        after = part[-1].case_id


def _escalate(db: Database, rule: Escalation, case_id: str, *, version: int, policy_hash: str, at: datetime) -> bool:
    with db.write() as session:
        audit_log.lock_chain(session)
        before = case_rows.get(session, case_id)
        if not is_due(rule, before, at):
            return False
        values = (
            dict(RELEASED)
            | dict(NOBODYS)
            | {
                "needs_role": role_for(rule, before),
                "queue": rule.to_queue or before.queue,
                "escalated_at": at,
                "escalations": [*before.escalations, rule.name],
            }
        )
        after = case_rows.change(session, before, values)
        case_flow.tell(
            session,
            after,
            at=at,
            actor="system",
            action="case.escalated",
            facts=_told(rule, before, after, version=version, policy_hash=policy_hash),
        )
    return True


def _told(
    rule: Escalation, before: CaseSummary, after: CaseSummary, *, version: int, policy_hash: str
) -> dict[str, object]:
    return {
        "to_role": after.needs_role,
        "to_queue": after.queue if after.queue != before.queue else None,
        "from_queue": before.queue,
        "assigned_to": before.assigned_to,
        "rule": rule.name,
        "when": rule.when,
        "after_hours": rule.after_hours,
        "policy_version": version,
        "policy_hash": policy_hash,
        "comment": None,
    }
