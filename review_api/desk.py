"""What a person does at the desk, each as one transaction: the queue, one case, and every step of working on it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields

from core import audit_log
from core.database import ReadSession, WriteSession
from core.documents import Evidence
from core.errors import ConflictError
from review_api import accounts, blinding, planning_again
from review_api.auth import Principal
from review_api.services import Services
from triage import (
    absences,
    case_claiming,
    case_queue,
    case_rows,
    cases,
    drafts,
    memory,
    personal,
    planning_change,
    taking_back,
)
from triage.blind_rules import NOTHING_DIFFERS
from triage.case_claiming import Asking
from triage.case_list import CaseFilter
from triage.case_may import May
from triage.case_records import (
    PLANNING_KINDS,
    CaseComment,
    CaseCounts,
    CaseDetail,
    CasePage,
    CaseSummary,
    QueuePlace,
    Resolution,
)
from triage.memory import Memory
from triage.narrowing import EVERYTHING, Narrowing
from triage.planning_detail import PlanningDetail
from triage.planning_judged import Judged
from triage.policy import Policy
from triage.question_rules import ANYBODY, Asked

PLANNING, PAYABLES = "planning", "ap"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """What a list of cases is narrowed to."""

    queue: str | None = None
    state: str | None = None
    kind: str | None = None
    outcome: str | None = None
    query: str | None = None
    claimed_by: str | None = None
    needs_role: str | None = None
    second_approval: bool = False
    narrowing: Narrowing = EVERYTHING

    @property
    def filter(self) -> CaseFilter:
        """As the list of cases takes it."""
        return CaseFilter(**{name.name: getattr(self, name.name) for name in fields(self)})


def queues_of(services: Services, principal: Principal) -> tuple[str, ...]:
    """The queues a person's next case comes from: planning for planners, the others for accounts payable.

    A team's queue is a planner's too when its route asks for planners. Who is neither gets all. Of these, the person's
    own where an administrator has named some.
    """
    policy = services.policy
    with services.db.read() as session:
        return personal.rules_of(session, principal.name).narrowed(queues_of_role(policy, principal.role))


def queues_of_role(policy: Policy, role: str | None) -> tuple[str, ...]:
    """The queues of a role, whoever has it."""
    every = every_queue(policy)
    planners = {PLANNING} | {route.queue for route in policy.routes if route.role == "planner"}
    if role == "planner":
        return tuple(queue for queue in every if queue in planners)
    if role in {"ap_clerk", "ap_approver"}:
        return tuple(queue for queue in every if queue not in planners)
    return every


def every_queue(policy: Policy) -> tuple[str, ...]:
    """The queues there are: those of the house, and those its routes name."""
    return tuple(dict.fromkeys((PAYABLES, PLANNING, *(route.queue for route in policy.routes))))


def list_cases(services: Services, query: CaseQuery, *, after: str | None = None, limit: int = 50) -> CasePage:
    """What waits by expected money lost, then by age; then what has ended, the newest first."""
    with services.db.read() as session:
        return case_queue.list_cases(
            session,
            queue=query.queue,
            state=query.state,
            kind=query.kind,
            outcome=query.outcome,
            query=query.query,
            claimed_by=query.claimed_by,
            needs_role=query.needs_role,
            narrowing=query.narrowing,
            second_approval=query.second_approval,
            at=services.clock.now(),
            after=after,
            limit=limit,
        )


def counts(services: Services, principal: Principal) -> CaseCounts:
    """Numbers on the tabs."""
    with services.db.read() as session:
        return case_queue.counts(session, principal.name, services.clock.now())


def show(services: Services, case_id: str) -> CaseDetail:
    """Everything about one case."""
    with services.db.read() as session:
        return case_queue.show(session, case_id)


def is_planning(services: Services, case_id: str) -> bool:
    """Whether a case is about an order, odd demand or a recommendation, and about no paper."""
    return summary(services, case_id).kind in PLANNING_KINDS


def show_planning(services: Services, case_id: str) -> PlanningDetail:
    """Everything about one planner's case."""
    with services.db.read() as session:
        return case_queue.show_planning(session, case_id)


def what_may(services: Services, principal: Principal, case_id: str) -> tuple[May, ...]:
    """What the person may do with a case, and why not."""
    policy = services.policy
    with services.db.read() as session:
        return case_queue.what_may(
            session,
            case_id,
            user=principal.name,
            role=principal.role or "",
            policy=policy,
            at=services.clock.now(),
        )


def summary(services: Services, case_id: str) -> CaseSummary:
    """One case as a line of the queue."""
    with services.db.read() as session:
        return case_rows.get(session, case_id)


def place(services: Services, principal: Principal, case: CaseSummary) -> QueuePlace:
    """Where a case stands in its queue, and the case the person takes up after it: that one may be loaded ahead."""
    queues = queues_of(services, principal)
    with services.db.read() as session:
        return case_queue.place(session, case, _asking(services, session, principal, queues))


def next_id(services: Services, principal: Principal, case: CaseSummary) -> str | None:
    """Id of the case the person takes up after this one; nothing is claimed."""
    queues = queues_of(services, principal)
    with services.db.read() as session:
        return case_claiming.following(session, _asking(services, session, principal, queues), case)


def next_case(services: Services, principal: Principal, after: str | None = None) -> CaseSummary | None:
    """Claims the most urgent case of the person's queues, or the one that comes after a case; None when none waits."""
    queues = queues_of(services, principal)
    with services.db.write() as session:
        asking = _asking(services, session, principal, queues)
        return cases.take_next(session, asking, minutes=services.settings.claim_minutes, after=after)


def claim(services: Services, principal: Principal, case_id: str, version: int | None = None) -> CaseSummary:
    """Claims one case."""
    with _change(services, case_id, version) as session:
        minutes = services.settings.claim_minutes
        return cases.claim(session, case_id, user=principal.name, at=services.clock.now(), minutes=minutes)


def heartbeat(services: Services, principal: Principal, case_id: str, version: int | None = None) -> CaseSummary:
    """Keeps a claim alive."""
    with _change(services, case_id, version) as session:
        minutes = services.settings.claim_minutes
        return cases.heartbeat(session, case_id, user=principal.name, at=services.clock.now(), minutes=minutes)


def release(services: Services, principal: Principal, case_id: str, version: int | None = None) -> CaseSummary:
    """Gives a claimed case back."""
    with _change(services, case_id, version) as session:
        return cases.release(session, case_id, user=principal.name, at=services.clock.now())


def resolve(
    services: Services,
    principal: Principal,
    case_id: str,
    *,
    resolution: str,
    reason_code: str,
    comment: str | None,
    version: int | None,
    choice: int | None = None,
    asked: Asked = ANYBODY,
    differs: Mapping[str, str] = NOTHING_DIFFERS,
) -> CaseSummary:
    """Ends a case, gives its first approval, has it wait for an answer, or checks a sampled paper blind.

    A planner's case is judged again first where feeds are newer; when it is not so any more, that is kept and refused.
    """
    policy = services.policy
    again = planning_again.judged_again(services, case_id) if resolution == Resolution.APPROVE else None
    try:
        with services.db.write() as session:
            drafts.drop(session, case_id, user=principal.name)
            return cases.resolve(
                session,
                case_id,
                user=principal.name,
                role=principal.role or "",
                at=services.clock.now(),
                resolution=resolution,
                reason_code=reason_code,
                comment=comment or None,
                policy=policy,
                asked=asked,
                differs=differs,
                version=version,
                choice=choice,
                again=again,
            )
    except ConflictError as error:
        if again is not None and error.code == "CASE-FACTS-CHANGED":
            planning_again.keep(services, again)
        raise


def escalate(
    services: Services, principal: Principal, case_id: str, *, to_role: str, comment: str | None, version: int | None
) -> CaseSummary:
    """Hands a case to a higher role."""
    with services.db.write() as session:
        drafts.drop(session, case_id, user=principal.name)
        return cases.escalate(
            session,
            case_id,
            user=principal.name,
            role=principal.role or "",
            at=services.clock.now(),
            to_role=to_role,
            comment=comment or None,
            version=version,
        )


def comment(services: Services, principal: Principal, case_id: str, text: str) -> CaseComment:
    """Leaves a note on a case."""
    with services.db.write() as session:
        return cases.comment(session, case_id, user=principal.name, at=services.clock.now(), text=text)


def correct(
    services: Services,
    principal: Principal,
    case_id: str,
    *,
    changes: Mapping[str, str],
    version: int | None,
    places: Mapping[str, Evidence] | None = None,
) -> CaseSummary:
    """Puts right what was misread, and has the paper decided again."""
    policy = services.policy
    with services.db.write() as session:
        drafts.drop(session, case_id, user=principal.name)
        return cases.correct(
            session,
            case_id,
            user=principal.name,
            role=principal.role or "",
            at=services.clock.now(),
            changes=changes,
            policy=policy,
            places=places,
            version=version,
        )


def try_change(services: Services, case_id: str, changes: Mapping[str, str]) -> Judged:
    """What the controls would say of a change of a recommendation; nothing is stored."""
    with services.db.read() as session:
        case = case_rows.get(session, case_id)
        return planning_change.tried(session, case, changes=changes, policy=services.policy)


def undo(services: Services, principal: Principal, case_id: str, version: int | None = None) -> CaseSummary:
    """Takes back the person's own resolution."""
    with _change(services, case_id, version) as session:
        minutes = services.settings.claim_minutes
        return taking_back.undo(session, case_id, user=principal.name, at=services.clock.now(), minutes=minutes)


def list_memory(
    services: Services, principal: Principal, *, field: str | None, state: str | None, after: str | None, limit: int
) -> tuple[Memory, ...]:
    """Remembered corrections from the newest back; none of a paper this person is to check blind."""
    without = blinding.hidden(services, principal).cases
    with services.db.read() as session:
        return memory.list_memory(session, field=field, state=state, after=after, without=without, limit=limit)


def withdraw_memory(services: Services, principal: Principal, memory_id: str) -> Memory:
    """Ends what a remembered correction does to later papers."""
    with services.db.write() as session:
        return memory.withdraw(
            session, memory_id, user=principal.name, role=principal.role or "", at=services.clock.now()
        )


def _asking(services: Services, session: ReadSession, principal: Principal, queues: Sequence[str]) -> Asking:
    """Who asks for a case. The queues come from outside: no transaction waits for another one of its own."""
    at = services.clock.now()
    there = absences.presence(session, at, accounts.working_people(session))
    return Asking(user=principal.name, queues=queues, role=principal.role, at=at, there=there)


@contextmanager
def _change(services: Services, case_id: str, version: int | None) -> Iterator[WriteSession]:
    """A transaction that stands only if the case is still the one the person saw."""
    with services.db.write() as session:
        if version is not None:
            audit_log.lock_chain(session)
            current = case_rows.get(session, case_id).version
            if current != version:
                raise ConflictError(
                    "CASE-CHANGED",
                    f"The case has changed since you opened it (version {current}, yours is {version}).",
                    "Load it again and look at what changed.",
                )
        yield session
