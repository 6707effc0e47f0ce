"""Decides open cases again when a feed, the policy or the rules have changed, or a paper that counts for theirs has.

Each case has the mark of what it was judged against. One whose mark is old is looked at again, the most money first,
each in a transaction of its own that everything else waits for; where nothing differs only the mark is written. So two
workers never do the same twice, and a worker that is killed leaves nothing half done.
"""

from dataclasses import dataclass
from datetime import datetime

from core import audit_log
from core.clock import Clock
from core.database import Database, ReadSession
from ingest import documents
from triage import case_flow, case_rows, decisions, run
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.facts_marker import facts_marker
from triage.policy import Policy
from triage.second_look import says_more

POLICY_CHANGED, FACTS_CHANGED = "policy_changed", "facts_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What looking at a case again has come to; `changed` where a new decision was stored."""

    case: CaseSummary
    changed: bool


def waiting(session: ReadSession, policy: Policy, *, limit: int) -> tuple[str, ...]:
    """Open cases that were judged against something older, the most money first."""
    return case_rows.judged_against_other(session, facts_marker(session, policy), limit=limit)


def look_again(db: Database, case_id: str, policy: Policy, clock: Clock, *, actor: str) -> SecondLook | None:
    """Decides the paper of a case again if anything it hangs on has changed; None when another did, or it has ended."""
    with db.write() as session:
        audit_log.lock_chain(session)
        case = case_rows.get(session, case_id)
        mark = facts_marker(session, policy)
        if case.state is CaseState.RESOLVED or case.judged_against == mark:
            return None
        read = decisions.latest_extraction(session, case.document_id)
        before = decisions.latest_decision(session, case.document_id)
        if read is None or before is None:
            case_rows.set_judged_against(session, case_id, mark)
            return SecondLook(case=case, changed=False)
        at = clock.now()
        document = documents.get(session, case.document_id)
        look = run.look(session, document, read.extraction, read.version, policy, at=at)
        if not says_more(before.decision, look.decision):
            routed = case_flow.reroute(session, case, look.decision, look.facts, policy, at=at, actor=actor)
            case_rows.set_judged_against(session, case_id, mark)
            return SecondLook(case=routed, changed=False)
        why = POLICY_CHANGED if before.decision.policy_hash != policy.hash else FACTS_CHANGED
        ending = case_flow.Ending(resolution=Resolution.CLEARED_BY_FACTS, reason_code=why)
        run.keep(session, document, look, policy, at=at, actor=actor, ending=ending)
        return SecondLook(case=case_rows.get(session, case_id), changed=True)


def has_news(session: ReadSession, case: CaseSummary, policy: Policy, *, at: datetime) -> bool:
    """Whether a decision made now would say other things than the one the case shows."""
    if case.judged_against == facts_marker(session, policy):
        return False
    read = decisions.latest_extraction(session, case.document_id)
    before = decisions.latest_decision(session, case.document_id)
    if read is None or before is None:
        return False
    document = documents.get(session, case.document_id)
    look = run.look(session, document, read.extraction, read.version, policy, at=at)
    return says_more(before.decision, look.decision)
