"""The case queue: what a person does with a held paper, each step one change, one audit entry, one transaction.

Every function takes the chain's lock first, so that two people deciding at once are put in order, never crossed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core import audit_log
from core.database import WriteSession
from core.decisions import Finding
from core.documents import Evidence
from core.errors import InputError
from core.ids import new_id
from ingest import documents
from triage import (
    absences,
    approvals,
    assignment_rules,
    blind_review,
    case_claiming,
    case_flow,
    case_rows,
    case_rules,
    case_search,
    decisions,
    memory,
    pending,
    planning_change,
    planning_closing,
    promise_keeping,
    questions,
    run,
)
from triage.assignments import NOBODYS
from triage.blind_rules import NOTHING_DIFFERS
from triage.case_claiming import Asking
from triage.case_records import (
    BILL_KIND,
    PLANNING_KINDS,
    PROMISE_KIND,
    RELEASED,
    CaseComment,
    CaseState,
    CaseSummary,
    Resolution,
)
from triage.corrections import check_readable, corrected, differences
from triage.planning_judged import Judged
from triage.policy import Policy
from triage.question_rules import ANYBODY, Asked
from triage.roles import APPROVER_ROLES

NOBODY_KNOWN: Mapping[str, str] = {}


def next_case(
    session: WriteSession,
    *,
    user: str,
    queues: Sequence[str] | None = None,
    role: str | None = None,
    roles: Mapping[str, str] = NOBODY_KNOWN,
    at: datetime,
    claim_minutes: float = 15.0,
) -> CaseSummary | None:
    """Claims the most urgent case nobody holds: first of those given to the person, then of the queues named.

    Args:
        queues: any where none is named.
        roles: the working people of the house by name.
    """
    asking = Asking(user=user, queues=queues, role=role, at=at, there=absences.presence(session, at, roles))
    return take_next(session, asking, minutes=claim_minutes)


def take_next(
    session: WriteSession, asking: Asking, *, minutes: float = 15.0, after: str | None = None
) -> CaseSummary | None:
    """Claims a person's next case. Two people never get the same, and nobody what was given to another who is there.

    Args:
        after: the case they have just worked on; they get the one that comes after it then, at the end the first.
    """
    audit_log.lock_chain(session)
    until = asking.at + timedelta(minutes=minutes)
    worked_on = None if after is None else case_rows.get(session, after)
    claimed = case_claiming.claim(session, asking, until=until, after=worked_on)
    if claimed is not None:
        _tell(session, claimed, at=asking.at, user=asking.user, action="case.claimed", facts={"until": until})
    return claimed


def claim(session: WriteSession, case_id: str, *, user: str, at: datetime, minutes: float = 15.0) -> CaseSummary:
    """Claims one case; the holder claiming again only moves the end of the claim.

    Raises:
        ConflictError: `CASE-CLAIMED-BY-OTHER`, `CASE-RESOLVED`, `CASE-ASSIGNED`.
    """
    before = _open_case(session, case_id)
    case_rules.check_not_held_by_other(before, user, at)
    case_rules.check_not_waiting(before)
    _check_not_anothers(session, before, user, at)
    until = at + timedelta(minutes=minutes)
    if case_rules.is_held(before, at):
        return case_rows.change(session, before, {"claimed_until": until})
    values = {
        "state": CaseState.CLAIMED.value,
        "claimed_by": user,
        "claimed_until": until,
        "claim_token": before.claim_token + 1,
    }
    after = case_rows.change(session, before, values)
    _tell(session, after, at=at, user=user, action="case.claimed", facts={"until": until})
    return after


def heartbeat(
    session: WriteSession, case_id: str, *, user: str, at: datetime, minutes: float = 15.0, token: int | None = None
) -> CaseSummary:
    """Keeps a claim alive while its holder works. Not audited: it changes nothing but the end of the claim.

    Raises:
        ConflictError: `CASE-CLAIM-LOST` when somebody else holds it now, `CASE-RESOLVED`.
    """
    before = _open_case(session, case_id)
    case_rules.check_claim(before, user, token)
    return case_rows.change(session, before, {"claimed_until": at + timedelta(minutes=minutes)})


def release(session: WriteSession, case_id: str, *, user: str, at: datetime, token: int | None = None) -> CaseSummary:
    """Gives a claimed case back to the queue.

    Raises:
        ConflictError: `CASE-CLAIM-LOST`, `CASE-RESOLVED`.
    """
    before = _open_case(session, case_id)
    case_rules.check_claim(before, user, token)
    after = case_rows.change(session, before, dict(RELEASED) | {"waiting_since": at})
    _tell(session, after, at=at, user=user, action="case.released", facts={})
    return after


def resolve(
    session: WriteSession,
    case_id: str,
    *,
    user: str,
    role: str,
    at: datetime,
    resolution: str,
    reason_code: str,
    policy: Policy,
    comment: str | None = None,
    asked: Asked = ANYBODY,
    differs: Mapping[str, str] = NOTHING_DIFFERS,
    token: int | None = None,
    version: int | None = None,
    choice: int | None = None,
    again: Judged | None = None,
) -> CaseSummary:
    """Ends a case with a reason: approve or reject; or has it wait for an answer: request_information.

    The override of a block, and what is above the touchless limit, need two people: the first approval is kept, the
    case goes back to the queue (state `open`, `first_approval_by` set), the second person's approval ends it. So it
    is where a second person checks a sampled paper blind.

    Args:
        asked: of a question, who is asked and until when the answer is waited for; the comment is the question.
        differs: of a blind check, values that are not as they were read, by field.
        token: the claim the user believes to hold; refused when it is no longer the newest.
        version: the version the user has seen (`If-Match`); refused when the case has changed since.
        choice, again: of a planner's case: the way that is taken, and the same judged from the feeds as they are now.

    Raises:
        InputError: `CASE-RESOLUTION-UNKNOWN`, `CASE-REASON-UNKNOWN`, `CASE-COMMENT-MISSING`, `CASE-COMMENT-LONG`,
            `CASE-CHOICE-UNKNOWN`.
        ForbiddenError: `CASE-ROLE`, `CASE-BLOCKED`, `CASE-ERP-BLOCKED`, `CASE-RELEASE-ROLE`, `CASE-NEEDS-ROLE`,
            `CASE-LIMIT`, `CASE-OWN-CORRECTION`, `CASE-OWN-UPLOAD`, `CASE-OWN-BANK-CHANGE`.
        ConflictError: `CASE-RESOLVED`, `CASE-CLAIMED-BY-OTHER`, `CASE-CLAIM-LOST`, `CASE-CHANGED`,
            `CASE-SECOND-PERSON`, `CASE-CHECKED-BY-YOU`, `CASE-FACTS-CHANGED`, `CASE-CHOICE-HELD`.
    """
    case_rules.check_role(role)
    before = _open_case(session, case_id)
    how = case_rules.check_reason(before, resolution, reason_code, comment)
    case_rules.check_may_change(before, user, at, token=token, version=version)
    _check_not_anothers(session, before, user, at)
    if how is Resolution.REQUEST_INFORMATION:
        return questions.ask(
            session, before, user=user, at=at, reason_code=reason_code, text=comment, asked=asked, policy=policy
        )
    if before.kind in PLANNING_KINDS:
        return planning_closing.close(
            session, before, user=user, role=role, policy=policy, at=at, resolution=how, reason_code=reason_code,
            comment=comment, choice=choice, again=again,
        )  # fmt: skip
    if before.kind == PROMISE_KIND:
        return promise_keeping.close(
            session, before, role=role, user=user, at=at, resolution=how, reason_code=reason_code, comment=comment
        )
    overridden: tuple[Finding, ...] = ()
    if how is Resolution.APPROVE:
        given = approvals.approval_of(session, before, user=user, role=role, policy=policy, at=at)
        overridden = given.overridden
        if given.is_first:
            return approvals.keep_first(session, before, given, reason_code=reason_code, comment=comment, at=at)
    waits = blind_review.judged(
        session, before, user=user, role=role, at=at, how=how, reason_code=reason_code, comment=comment,
        differs=differs, policy=policy,
    )  # fmt: skip
    if waits is not None:
        return waits
    approved = how is Resolution.APPROVE
    if approved:
        approvals.count_approved(session, before, at=at)
    case_rows.set_counted(session, before.document_id, known=approved, billed=approved)
    case_rows.must_be_looked_at_again(session, pending.near(session, before.document_id))
    after = case_flow.end(
        session,
        before,
        actor=f"user:{user}",
        at=at,
        resolution=how,
        reason_code=reason_code,
        comment=comment,
        role=role,
        overridden=overridden,
        undo_minutes=policy.deciding.undo_minutes,
    )
    promise_keeping.judged(session, after, policy=policy, at=at, user=user)
    return after


def escalate(
    session: WriteSession,
    case_id: str,
    *,
    user: str,
    role: str,
    at: datetime,
    to_role: str = "ap_approver",
    comment: str | None = None,
    token: int | None = None,
    version: int | None = None,
) -> CaseSummary:
    """Hands a case to a higher role: it goes back to the queue and only that role gets it.

    A planner's case goes to an administrator: nobody else above a planner may release what holds it.

    Raises:
        InputError: `CASE-ROLE-UNKNOWN`; and those of `resolve` about claim, version and role.
    """
    case_rules.check_role(role)
    case_rules.check_comment(comment)
    if to_role not in APPROVER_ROLES:
        raise InputError(
            "CASE-ROLE-UNKNOWN",
            f"A case cannot be escalated to {to_role!r}.",
            f"Use one of {', '.join(sorted(APPROVER_ROLES))}.",
        )
    before = _open_case(session, case_id)
    case_rules.check_may_change(before, user, at, token=token, version=version)
    _check_not_anothers(session, before, user, at)
    to_role = "admin" if before.kind in PLANNING_KINDS - {BILL_KIND} else to_role
    handed_on = dict(RELEASED) | dict(NOBODYS) | {"needs_role": to_role, "waiting_since": at}
    after = case_rows.change(session, before, handed_on)
    _keep_comment(session, after, user=user, at=at, text=comment)
    _tell(session, after, at=at, user=user, action="case.escalated", facts={"to_role": to_role, "comment": comment})
    return after


def comment(session: WriteSession, case_id: str, *, user: str, at: datetime, text: str) -> CaseComment:
    """Leaves a note on a case; anybody who may see it may, whoever holds it and even after its end.

    Raises:
        InputError: `CASE-COMMENT-MISSING`, `CASE-COMMENT-LONG`.
    """
    case_rules.check_comment(text)
    if not text.strip():
        raise InputError("CASE-COMMENT-MISSING", "The comment is empty.", "Write something, or leave it.")
    audit_log.lock_chain(session)
    case = case_rows.get(session, case_id)
    kept = _keep_comment(session, case, user=user, at=at, text=text)
    assert kept is not None
    _tell(session, case, at=at, user=user, action="case.commented", facts={"text": text})
    return kept


def correct(
    session: WriteSession,
    case_id: str,
    *,
    user: str,
    role: str,
    at: datetime,
    changes: Mapping[str, str],
    policy: Policy,
    places: Mapping[str, Evidence] | None = None,
    token: int | None = None,
    version: int | None = None,
) -> CaseSummary:
    """Puts right what was misread, or what is recommended, and decides it again, in the same transaction.

    When it is clear now the case ends as `corrected`; else it stays with whoever holds it, saying what is found now.
    A changed value of what a control had held is found too (`DOC-CORRECTED`): another person approves that.

    Args:
        changes: new values by field name or `lines.<n>.<name>`; the same value again confirms it, an empty one
            takes it away. An empty `lines.<n>` takes the line away, the next numbers add lines.
        places: where on the paper values were taken from.

    Raises:
        InputError: `CASE-FIELD-UNKNOWN`, `CASE-VALUE-LONG`, `CASE-VALUE-UNREADABLE`, `CASE-LINE-GAP`, `CASE-PLACE`,
            `CASE-NOTHING-CHANGED`; and those of `resolve` about claim, version and role.
    """
    case_rules.check_role(role)
    before = _open_case(session, case_id)
    promise_keeping.refuse_reading(before)
    case_rules.check_may_be_changed(before)
    blind_review.refuse_correction(before)
    case_rules.check_may_change(before, user, at, token=token, version=version)
    _check_not_anothers(session, before, user, at)
    if before.kind in PLANNING_KINDS:
        return planning_change.change(session, before, user=user, at=at, changes=changes, policy=policy)
    read = decisions.latest_extraction(session, before.document_id)
    assert read is not None
    extraction = corrected(read.extraction, changes, user=user, places=places or {})
    check_readable(extraction, before.document_id, changes)
    new_version = read.version + 1
    actor = f"user:{user}"
    decisions.save_extraction(session, before.document_id, extraction, version=new_version, at=at, by=actor)
    facts = {
        "document_id": before.document_id,
        "version": new_version,
        "changes": {
            name: {"before": old, "after": new} for name, (old, new) in differences(read.extraction, extraction).items()
        },
    }
    _tell(session, before, at=at, user=user, action="case.corrected", facts=facts)
    memory.count_corrected(session, read.extraction, extraction, at=at)
    memory.remember(
        session,
        document_id=before.document_id,
        case_id=case_id,
        before=read.extraction,
        after=extraction,
        at=at,
        user=user,
    )
    document = documents.get(session, before.document_id)
    run.judge(session, document, extraction, new_version, policy, at=at, actor=actor)
    after = case_rows.get(session, case_id)
    case_search.reread(session, after)
    promise_keeping.judged(session, after, policy=policy, at=at, user=user)
    return after


def _open_case(session: WriteSession, case_id: str) -> CaseSummary:
    audit_log.lock_chain(session)
    case = case_rows.get(session, case_id)
    case_rules.check_not_resolved(case)
    return case


def _check_not_anothers(session: WriteSession, case: CaseSummary, user: str, at: datetime) -> None:
    """Refuses what was given to somebody else, unless this person holds it already (`CASE-ASSIGNED`)."""
    if case.assigned_to is not None and case.claimed_by != user:
        assignment_rules.check_not_anothers(case, user, absences.presence(session, at, NOBODY_KNOWN))


def _keep_comment(
    session: WriteSession, case: CaseSummary, *, user: str, at: datetime, text: str | None
) -> CaseComment | None:
    if text is None or not text.strip():
        return None
    kept = CaseComment(comment_id=new_id("com", at), at=at, author=user, text=text)
    case_rows.add_comment(session, case.case_id, kept)
    return kept


def _tell(
    session: WriteSession, case: CaseSummary, *, at: datetime, user: str, action: str, facts: Mapping[str, Any]
) -> None:
    audit_log.append(session, at=at, actor=f"user:{user}", action=action, subject=f"case:{case.case_id}", payload=facts)
