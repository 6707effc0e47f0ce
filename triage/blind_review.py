"""Checks of checks: a share of the sampled papers is judged by two people, each without knowing what the other found.

The first verdict ends nothing: it is sealed, and the paper waits for somebody else, who sees what the machine read and
neither the verdict nor how sure the machine was. Where both say the same the case ends with it. Where they do not, an
approver who is neither of them decides, and until then the paper counts as wrong in the promise's history.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, or_, select, update

from core import audit_log
from core.canonical import sha256_of
from core.database import ReadSession, WriteSession
from core.decisions import Outcome
from core.errors import ForbiddenError
from core.ids import new_id
from ingest import documents
from triage import case_rows, case_rules, decisions, labels
from triage.blind_rules import SECOND, THIRD, Verdict, is_second_drawn, same
from triage.case_records import RELEASED, CaseState, CaseSummary, Resolution
from triage.corrections import differences
from triage.deciding_tables import blind_reviews
from triage.label_rules import Verdict as LabelVerdict
from triage.policy import Policy
from triage.tables import cases

AGREED, DIFFERED = "agreed", "differed"
_FIRST, _SECOND, _THIRD = 1, 2, 3
_PLACES: Mapping[str | None, int] = {None: _FIRST, SECOND: _SECOND, THIRD: _THIRD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One person's verdict on a sampled paper."""

    review_id: str
    case_id: str
    place: int
    at: datetime
    verdict: Verdict
    salt: str
    agreed: str | None = None

    @property
    def seal(self) -> str:
        """What the audit keeps of it while nobody may know it: nobody finds the verdict from it, or changes it."""
        return sha256_of({"verdict": asdict(self.verdict), "salt": self.salt})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTwice:
    """How many papers two people have judged, and of how many they did not say the same."""

    checked: int
    differed: int


def judged(
    session: WriteSession,
    case: CaseSummary,
    *,
    user: str,
    role: str,
    at: datetime,
    how: Resolution,
    reason_code: str,
    comment: str | None,
    differs: Mapping[str, str],
    policy: Policy,
) -> CaseSummary | None:
    """Keeps the verdict on a sampled paper that two people check; None where the case ends with it.

    Raises:
        ConflictError: `CASE-CHECKED-BY-YOU`.
    """
    refusal = case_rules.check_once_refusal(user, checkers(session, case))
    if refusal is not None:
        raise refusal
    if case.outcome is not Outcome.SAMPLE:
        return None
    paper = documents.get(session, case.document_id)
    if case.review_stage is None and not is_second_drawn(policy, paper.sha256):
        return None
    verdict = Verdict(
        reviewer=user,
        role=role,
        resolution=how.value,
        reason_code=reason_code,
        comment=comment,
        differs=dict(differs) if case.review_stage == SECOND else _corrected(session, case),
    )
    return _kept(session, case, verdict, policy=policy, at=at)


def of_case(session: ReadSession, case_id: str) -> tuple[Check, ...]:
    """Every verdict on a case, the first one first."""
    found = select(blind_reviews).where(blind_reviews.c.case_id == case_id).order_by(blind_reviews.c.place)
    return tuple(_check(row) for row in session.all(found))


def checkers(session: ReadSession, case: CaseSummary) -> frozenset[str]:
    """Who has judged a case that waits for another, and so may not be that other."""
    if case.review_stage is None:
        return frozenset()
    return frozenset(one.verdict.reviewer for one in of_case(session, case.case_id))


def is_blind_for(session: ReadSession, case: CaseSummary, user: str) -> bool:
    """Whether what was found before must stay hidden from this person."""
    return case.review_stage == SECOND and user not in checkers(session, case)


def hidden_from(session: ReadSession, user: str) -> dict[str, str]:
    """Cases that wait for a second person and that this one has not judged, each with its document."""
    waiting = select(cases.c.case_id, cases.c.document_id).where(
        case_rows.IS_WAITING, cases.c.review_stage == SECOND, not_yet_checked_by(user)
    )
    return {row["case_id"]: row["document_id"] for row in session.all(waiting)}


def refuse_correction(case: CaseSummary) -> None:
    """Refuses to correct a paper that is checked blind: the correction would be the verdict (`CASE-BLIND`)."""
    if case.review_stage == SECOND:
        raise ForbiddenError(
            "CASE-BLIND",
            "This paper is checked a second time, blind: what differs is part of your verdict.",
            "Approve or reject it, and give the values that differ with that.",
        )


def not_yet_checked_by(user: str) -> ColumnElement[bool]:
    """Cases this person has not judged before."""
    judged = select(blind_reviews.c.case_id).where(blind_reviews.c.reviewer == user)
    return or_(cases.c.review_stage.is_(None), cases.c.case_id.not_in(judged))


def take_back(session: WriteSession, case: CaseSummary, *, user: str, at: datetime, minutes: float) -> CaseSummary:
    """Takes back one's first verdict while nobody else has begun; the case is one's own again.

    Raises:
        ForbiddenError: `CASE-UNDO-OTHER`.
        ConflictError: `CASE-UNDO-LATE`.
    """
    check_take_back(session, case, user=user, at=at)
    _forget(session, case.case_id, _FIRST)
    values = {
        "state": CaseState.CLAIMED.value,
        "claimed_by": user,
        "claimed_until": at + timedelta(minutes=minutes),
        "claim_token": case.claim_token + 1,
        "review_stage": None,
        "undo_until": None,
    }
    after = case_rows.change(session, case, values)
    _tell(session, case, "case.check_taken_back", {}, user=user, at=at)
    return after


def check_take_back(session: ReadSession, case: CaseSummary, *, user: str, at: datetime) -> None:
    """Refuses to take back what another has judged, or what was judged too long ago."""
    if user not in checkers(session, case):
        raise ForbiddenError("CASE-UNDO-OTHER", "Somebody else has checked this.", "Check it yourself.")
    case_rules.check_undo_window(case, at)


def stage_again(session: WriteSession, case: CaseSummary) -> dict[str, Any]:
    """What a case was waiting for before the verdict that ended it, which is taken back with its end."""
    every = of_case(session, case.case_id)
    if len(every) < _SECOND:
        return {}
    _forget(session, case.case_id, every[-1].place)
    return {"review_stage": SECOND if every[-1].place == _SECOND else THIRD}


def checked_twice(session: ReadSession, *, since: datetime, until: datetime | None = None) -> CheckedTwice:
    """How often two people did not say the same of one paper: how far the checks themselves can be relied on.

    Args:
        since, until: when the second of them judged it, from this instant to before that one.
    """
    c = blind_reviews.c
    found = select(c.agreed, func.count().label("n")).where(c.place == _SECOND, c.at >= since, c.agreed.is_not(None))
    if until is not None:
        found = found.where(c.at < until)
    counted = {row["agreed"]: int(row["n"]) for row in session.all(found.group_by(c.agreed))}
    return CheckedTwice(checked=sum(counted.values()), differed=counted.get(DIFFERED, 0))


def _kept(
    session: WriteSession, case: CaseSummary, verdict: Verdict, *, policy: Policy, at: datetime
) -> CaseSummary | None:
    before = of_case(session, case.case_id)
    mine = _keep(session, case, verdict, at=at)
    if case.review_stage is None:
        return _wait_for_second(session, case, mine, at=at, minutes=policy.deciding.undo_minutes)
    if case.review_stage == THIRD:
        return None
    first = before[0]
    agreed = same(first.verdict, verdict)
    both = blind_reviews.c.case_id == case.case_id
    session.run(update(blind_reviews).where(both).values(agreed=AGREED if agreed else DIFFERED))
    _tell_both(session, case, first, mine, agreed=agreed, at=at)
    return None if agreed else _wait_for_third(session, case, at=at, by=verdict.reviewer)


def _corrected(session: ReadSession, case: CaseSummary) -> dict[str, str]:
    """What people have put right of the reading so far: of the first and the third verdict, what differs."""
    read = decisions.read_by_machine(session, case.document_id)
    now = decisions.latest_extraction(session, case.document_id)
    changed = {} if read is None or now is None else differences(read.extraction, now.extraction)
    return {name: new or "" for name, (_, new) in changed.items()}


def _keep(session: WriteSession, case: CaseSummary, verdict: Verdict, *, at: datetime) -> Check:
    check = Check(
        review_id=new_id("chk", at),
        case_id=case.case_id,
        place=_PLACES[case.review_stage],
        at=at,
        verdict=verdict,
        salt=secrets.token_hex(16),
    )
    row = asdict(verdict) | {
        "review_id": check.review_id,
        "case_id": check.case_id,
        "place": check.place,
        "at": at,
        "salt": check.salt,
        "agreed": None,
    }
    session.run(blind_reviews.insert(), [row])
    return check


def _wait_for_second(
    session: WriteSession, case: CaseSummary, first: Check, *, at: datetime, minutes: int
) -> CaseSummary:
    waits = {
        "review_stage": SECOND,
        "waiting_since": at,
        "undo_until": at + timedelta(minutes=minutes) if minutes else None,
        "assigned_to": None,
        "assigned_by": None,
    }
    after = case_rows.change(session, case, dict(RELEASED) | waits)
    _tell(session, case, "case.checked", {"place": 1, "sealed": first.seal}, user=first.verdict.reviewer, at=at)
    return after


def _wait_for_third(session: WriteSession, case: CaseSummary, *, at: datetime, by: str) -> CaseSummary:
    waits = {"review_stage": THIRD, "needs_role": "ap_approver", "waiting_since": at, "undo_until": None}
    after = case_rows.change(session, case, dict(RELEASED) | waits)
    labels.record(session, case.document_id, LabelVerdict.DISPUTED, case_id=case.case_id, at=at, by=f"user:{by}")
    return after


def _tell_both(
    session: WriteSession, case: CaseSummary, first: Check, second: Check, *, agreed: bool, at: datetime
) -> None:
    """Opens the seal: both verdicts stand in the audit from now on."""
    told = {"first": asdict(first.verdict) | {"salt": first.salt}, "second": asdict(second.verdict)}
    action = "case.checks_agree" if agreed else "case.checks_differ"
    _tell(session, case, action, told, user=second.verdict.reviewer, at=at)


def _tell(
    session: WriteSession, case: CaseSummary, action: str, facts: Mapping[str, Any], *, user: str, at: datetime
) -> None:
    audit_log.append(session, at=at, actor=f"user:{user}", action=action, subject=f"case:{case.case_id}", payload=facts)


def _forget(session: WriteSession, case_id: str, place: int) -> None:
    session.run(delete(blind_reviews).where(blind_reviews.c.case_id == case_id, blind_reviews.c.place == place))


def _check(row: RowMapping) -> Check:
    verdict = Verdict(**{name: row[name] for name in Verdict.__dataclass_fields__})
    return Check(
        review_id=row["review_id"],
        case_id=row["case_id"],
        place=row["place"],
        at=row["at"],
        verdict=verdict,
        salt=row["salt"],
        agreed=row["agreed"],
    )
