"""Foresees and does one action on many cases: each by the domain's own rules, in a transaction of its own, audited.

A bulk that was cut off goes on where it stopped when it is asked again under its name; a case is never done twice.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from core import audit_log
from core.clock import Clock
from core.database import Database, ReadSession, WriteSession
from core.errors import ClearholdError, ConflictError
from core.ids import new_id
from triage import (
    absences,
    assignment_rules,
    assignments,
    bulk_rows,
    case_queue,
    case_rows,
    case_rules,
    cases,
    redecide,
)
from triage.bulk import (
    ENDING,
    Asked,
    Foreseen,
    check_count,
    check_held_alone,
    checked,
    foreseen_ending,
    refused,
)
from triage.bulk_rows import Bulk, BulkResult
from triage.case_may import May
from triage.case_records import PLANNING_KINDS, CaseState, CaseSummary, Resolution
from triage.facts_marker import facts_marker
from triage.policy import Policy
from triage.standing_in import Presence

CHANGED = "CASE-CHANGED"
LOOKS_AT_ONCE = 25
"""So many papers a preview looks at anew, where a worker has not yet: a look takes as long as judging the paper."""
_BECAME: Mapping[CaseState, str] = {CaseState.RESOLVED: "ends", CaseState.ASKED: "asked"}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who asks, under which policy.

    Attributes:
        roles: the working people of the house by name.
    """

    user: str
    role: str
    roles: Mapping[str, str]
    policy: Policy


def foresee(
    session: ReadSession, asked: Asked, case_ids: Sequence[str], doer: Doer, *, at: datetime
) -> tuple[Foreseen, ...]:
    """What an action will make of each of these cases, in their order; nothing is changed.

    Raises:
        InputError: as `bulk.checked` says.
        NotFoundError: `CASE-NOT-FOUND`.
    """
    check_count(len(set(case_ids)))
    found = [case_rows.get(session, case_id) for case_id in dict.fromkeys(case_ids)]
    checked(asked, found)
    presence = absences.presence(session, at, doer.roles)
    aged = _aged(session, found, doer.policy) if asked.action == Resolution.APPROVE.value else ()
    too_many = frozenset(aged[LOOKS_AT_ONCE:])
    return tuple(
        _not_judged_yet(case) if case.case_id in too_many else _foresee_one(session, asked, case, doer, presence, at=at)
        for case in found
    )


def do(
    db: Database,
    asked: Asked,
    chosen: Sequence[tuple[str, int]],
    doer: Doer,
    clock: Clock,
    *,
    bulk_id: str | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Bulk:
    """Does it case by case; one that has changed since its version was seen is left alone, and said.

    Args:
        chosen: id and seen version of each case.
        bulk_id: name of the bulk; asked again, what it has done stands and the rest is done.

    Raises:
        InputError: as `bulk.checked` says.
        NotFoundError: `CASE-NOT-FOUND`.
        ConflictError: `BULK-OTHER`: the name is another bulk's.
    """
    doing = _Doing(db=db, asked=asked, doer=doer, bulk_id=bulk_id or new_id("bulk", clock.now()))
    begun = doing.begin(list(dict(chosen).items()), at=clock.now())
    if begun.is_done:
        return begun
    left_alone: list[BulkResult] = []
    every: list[tuple[str, int]] = [(case_id, version) for case_id, version in begun.asked["cases"]]
    for position, (case_id, version) in enumerate(every):
        left_alone += doing.one(position, case_id, version, at=clock.now())
        progress(position + 1, len(every))
    return doing.end(left_alone, at=clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doing:
    """A bulk on its way."""

    db: Database
    asked: Asked
    doer: Doer
    bulk_id: str

    def begin(self, chosen: Sequence[tuple[str, int]], *, at: datetime) -> Bulk:
        """The bulk of this name, begun now where it was not."""
        told = asdict(self.asked) | {"cases": [[case_id, version] for case_id, version in chosen]}
        with self.db.write() as session:
            audit_log.lock_chain(session)
            before = bulk_rows.find(session, self.bulk_id)
            if before is not None:
                if before.asked_by != self.doer.user or dict(before.asked) != told:
                    raise ConflictError(
                        "BULK-OTHER",
                        "Something else was asked under this name.",
                        "Preview the cases again, and do that.",
                    )
                return before
            check_count(len(chosen))
            checked(self.asked, [case_rows.get(session, case_id) for case_id, _ in chosen])
            made = Bulk(bulk_id=self.bulk_id, asked_by=self.doer.user, asked_at=at, asked=told, is_done=False)
            bulk_rows.begin(session, made)
            return made

    def one(self, position: int, case_id: str, version: int, *, at: datetime) -> tuple[BulkResult, ...]:
        """Does one case and keeps the result with it; returns the result of one that was left alone."""
        try:
            with self.db.write() as session:
                audit_log.lock_chain(session)
                if not bulk_rows.is_reached(session, self.bulk_id, position):
                    case = case_rows.get(session, case_id)
                    became, said = _change(session, self.asked, case, version, doer=self.doer, at=at)
                    done = BulkResult(position=position, case_id=case_id, became=became, message=said)
                    bulk_rows.add(session, self.bulk_id, [done])
        except ClearholdError as error:
            became = "skipped" if error.code == CHANGED else "refused"
            said = error.message
            return (BulkResult(position=position, case_id=case_id, became=became, code=error.code, message=said),)
        return ()

    def end(self, left_alone: Sequence[BulkResult], *, at: datetime) -> Bulk:
        """Keeps what was left alone, and tells the audit of the whole."""
        with self.db.write() as session:
            audit_log.lock_chain(session)
            before = bulk_rows.get(session, self.bulk_id)
            if before.is_done:
                return before
            reached = {result.position for result in before.results}
            bulk_rows.add(session, self.bulk_id, [one for one in left_alone if one.position not in reached])
            bulk_rows.end(session, self.bulk_id)
            bulk = bulk_rows.get(session, self.bulk_id)
            told = {name: value for name, value in bulk.asked.items() if name != "cases"}
            told |= {
                "counts": dict(sorted(Counter(one.became for one in bulk.results).items())),
                "cases": {one.case_id: one.became for one in bulk.results},
            }
            subject, actor = f"bulk:{self.bulk_id}", f"user:{self.doer.user}"
            audit_log.append(session, at=at, actor=actor, action="bulk.done", subject=subject, payload=told)
        return bulk


def _foresee_one(
    session: ReadSession, asked: Asked, case: CaseSummary, doer: Doer, presence: Presence, *, at: datetime
) -> Foreseen:
    try:
        check_held_alone(case, asked.code)
        if asked.action == "assign":
            receiver = assignment_rules.receiver_of(
                case, asked.to, user=doer.user, role=doer.role, presence=presence, at=at
            )
            away = receiver.instead_of
            said = None if away is None else f"{away.person} is away until {away.last_day}; {receiver.person} gets it."
            return Foreseen(case=case, becomes="assigned", message=said)
        _check_change(case, doer, presence, at)
        if asked.action == "escalate":
            return Foreseen(case=case, becomes="escalated")
        if asked.action != Resolution.APPROVE.value:
            return foreseen_ending(case, May(action=asked.action, allowed=True))
        return _foresee_approval(session, case, doer, at=at)
    except ClearholdError as error:
        return refused(case, error)


def _aged(session: ReadSession, found: Sequence[CaseSummary], policy: Policy) -> tuple[str, ...]:
    """Papers that were judged against something older: each takes a look to say whether anything is otherwise now."""
    mark = facts_marker(session, policy)
    return tuple(case.case_id for case in found if case.kind not in PLANNING_KINDS and case.judged_against != mark)


def _not_judged_yet(case: CaseSummary) -> Foreseen:
    return Foreseen(
        case=case,
        becomes="refused",
        code="CASE-NOT-JUDGED",
        message="A feed, the policy or a paper like it has changed, and this paper was not judged again yet.",
        remedy="Preview again in a moment; a worker judges it.",
    )


def _check_change(case: CaseSummary, doer: Doer, presence: Presence, at: datetime) -> None:
    case_rules.check_role(doer.role)
    case_rules.check_not_resolved(case)
    case_rules.check_not_held_by_other(case, doer.user, at)
    assignment_rules.check_not_anothers(case, doer.user, presence)


def _foresee_approval(session: ReadSession, case: CaseSummary, doer: Doer, *, at: datetime) -> Foreseen:
    every = case_queue.what_may(session, case.case_id, user=doer.user, role=doer.role, policy=doer.policy, at=at)
    may = next(one for one in every if one.action == "approve")
    is_paper = case.kind not in PLANNING_KINDS
    if may.allowed and is_paper and redecide.has_news(session, case, doer.policy, at=at):
        return Foreseen(
            case=case,
            becomes="refused",
            code="CASE-FACTS-CHANGED",
            message="A feed or the policy has changed, and this paper would be judged otherwise now.",
            remedy="Wait until a worker has judged it again.",
        )
    return foreseen_ending(case, may)


def _change(
    session: WriteSession, asked: Asked, case: CaseSummary, version: int, *, doer: Doer, at: datetime
) -> tuple[str, str | None]:
    case_rules.check_version(case, version)
    check_held_alone(case, asked.code)
    if asked.action == "assign":
        _, receiver = assignments.assign(
            session,
            case.case_id,
            to=asked.to,
            user=doer.user,
            role=doer.role,
            roles=doer.roles,
            at=at,
            comment=asked.comment,
            version=version,
        )
        away = receiver.instead_of
        said = None if away is None else f"{away.person} is away until {away.last_day}; {receiver.person} has it."
        return "assigned", said
    _check_change(case, doer, absences.presence(session, at, doer.roles), at)
    if asked.action == "escalate":
        cases.escalate(
            session,
            case.case_id,
            user=doer.user,
            role=doer.role,
            at=at,
            to_role=asked.to_role,
            comment=asked.comment,
            version=version,
        )
        return "escalated", None
    assert asked.action in ENDING
    after = cases.resolve(
        session,
        case.case_id,
        user=doer.user,
        role=doer.role,
        at=at,
        resolution=asked.action,
        reason_code=asked.reason_code,
        comment=asked.comment,
        policy=doer.policy,
        version=version,
    )
    return _BECAME.get(after.state, "first_approval"), None
