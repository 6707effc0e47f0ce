"""Who may end a case how: reasons, roles, limits and the second person. Pure; `triage.cases` asks before it writes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

from core.decisions import Outcome
from core.errors import ClearholdError, ConflictError, ForbiddenError, InputError
from triage.case_records import PLANNING_KINDS, CaseState, CaseSummary, Resolution
from triage.four_eyes import NO_HANDS, Hands, own_hand_refusal
from triage.reasons import OTHER, reason_of, reasons_for
from triage.releases import Needed
from triage.roles import APPROVER_ROLES, WORKING_ROLES

ERP_BLOCK = "ERP-BLOCK"
COMMENT_LIMIT = 4_000


def check_reason(case: CaseSummary, resolution: str, reason_code: str, comment: str | None) -> Resolution:
    """Accepts a resolution with its reason, of those that suit the case.

    Raises:
        InputError: `CASE-RESOLUTION-UNKNOWN`, `CASE-REASON-UNKNOWN`, `CASE-REASON-UNSUITABLE`,
            `CASE-COMMENT-MISSING`, `CASE-COMMENT-LONG`.
    """
    offered = reasons_for(case)
    if resolution not in set(Resolution) or Resolution(resolution) not in offered:
        known = ", ".join(offered)
        raise InputError("CASE-RESOLUTION-UNKNOWN", f"A case cannot be resolved as {resolution!r}.", f"Use {known}.")
    how = Resolution(resolution)
    codes = [reason.code for reason in offered[how]]
    if reason_code not in codes:
        _refuse_reason(case, how, reason_code, codes)
    check_comment(comment)
    if reason_code == OTHER and not (comment or "").strip():
        raise InputError(
            "CASE-COMMENT-MISSING", "The reason `other` says nothing by itself.", "Write the reason in the comment."
        )
    return how


def _refuse_reason(case: CaseSummary, how: Resolution, reason_code: str, codes: list[str]) -> NoReturn:
    known, remedy = reason_of(how, reason_code), f"Use one of {', '.join(codes)}."
    if known is not None and case.kind in known.kinds:
        raise InputError(
            "CASE-REASON-UNSUITABLE",
            f"{reason_code!r} ({known.sentence}) is no answer to what this case is held by: "
            f"{', '.join(case.codes) or case.outcome.value}.",
            remedy,
        )
    raise InputError("CASE-REASON-UNKNOWN", f"{reason_code!r} is no reason to {how.replace('_', ' ')}.", remedy)


def check_comment(comment: str | None) -> None:
    """Refuses a comment that is too long (`CASE-COMMENT-LONG`)."""
    if comment is not None and len(comment) > COMMENT_LIMIT:
        raise InputError(
            "CASE-COMMENT-LONG",
            f"The comment has {len(comment)} characters; {COMMENT_LIMIT} are kept.",
            "Shorten it, or attach the text as a document.",
        )


def check_role(role: str) -> None:
    """Refuses who may only look (`CASE-ROLE`)."""
    if role not in WORKING_ROLES:
        raise ForbiddenError("CASE-ROLE", f"The role {role} may look at cases, not change them.", "Ask an AP clerk.")


def check_not_resolved(case: CaseSummary) -> None:
    """Refuses a change to a case that has ended (`CASE-RESOLVED`)."""
    if case.state is CaseState.RESOLVED:
        raise ConflictError(
            "CASE-RESOLVED",
            f"{case.resolved_by} has resolved this case ({case.resolution}).",
            "Open the next case, or undo the resolution if it was yours.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """A person who would approve a case, with all that is asked of them there.

    Attributes:
        limit: the highest total they may approve of this paper, by role and as a person; None when there is none.
        needed: what approving this case takes.
        hands: who had a hand in the paper.
        checkers: who has checked it blind before.
    """

    user: str
    role: str
    limit: Decimal | None
    needed: Needed
    hands: Hands = NO_HANDS
    checkers: frozenset[str] = frozenset()


def approval_refusal(case: CaseSummary, who: Approver) -> ClearholdError | None:
    """Why this person may not approve this case, or None."""
    return (
        _release_refusal(case, who)
        or _role_refusal(case, who)
        or _limit_refusal(case, who)
        or own_hand_refusal(who.hands, who.user)
        or _twice_refusal(case, who)
        or check_once_refusal(who.user, who.checkers)
    )


def needs_second_person(case: CaseSummary, who: Approver) -> bool:
    """Whether an approval only counts once another person has given it too."""
    return who.needed.second_person and case.first_approval_by is None


def _release_refusal(case: CaseSummary, who: Approver) -> ClearholdError | None:
    if not who.needed.roles and ERP_BLOCK in case.codes:
        return ForbiddenError(
            "CASE-ERP-BLOCKED",
            f"The ERP has blocked this {_thing(case)}; the block cannot be lifted here.",
            f"Lift it in the ERP and load the erp_blocks feed; the {_thing(case)} is then decided again.",
        )
    if case.outcome is Outcome.BLOCK and who.role not in APPROVER_ROLES:
        return ForbiddenError(
            "CASE-BLOCKED",
            f"This {_thing(case)} is blocked: {case.headline}",
            f"{_amend(case)}, reject the {_thing(case)}, or escalate to an approver.",
        )
    if who.role not in who.needed.roles:
        allowed = ", ".join(sorted(who.needed.roles)) or "nobody here"
        return ForbiddenError(
            "CASE-RELEASE-ROLE",
            f"What this {_thing(case)} is held by ({', '.join(case.codes)}) is released by {allowed}, "
            f"not by {who.role}.",
            f"{_amend(case)}, reject the {_thing(case)}, or escalate it.",
        )
    return None


def _thing(case: CaseSummary) -> str:
    return case.kind if case.kind in PLANNING_KINDS else "paper"


def _amend(case: CaseSummary) -> str:
    return "Load a fresher feed" if case.kind in PLANNING_KINDS else "Correct the field if it was misread"


def check_is_paper(case: CaseSummary) -> None:
    """Refuses to correct what was read where nothing was: a planner's case is about no paper (`CASE-NO-PAPER`)."""
    if case.kind in PLANNING_KINDS:
        raise ConflictError(
            "CASE-NO-PAPER",
            f"This case is about {'an' if case.kind == 'order' else 'a'} {case.kind}, not about a paper.",
            "Accept or reject it; facts are corrected in the ERP, and the feed loaded again.",
        )


def check_may_be_changed(case: CaseSummary) -> None:
    """Refuses a change where there is nothing a person could write: of a paper its fields, of a recommendation."""
    if case.kind != "recommendation":
        check_is_paper(case)


def _role_refusal(case: CaseSummary, who: Approver) -> ClearholdError | None:
    if case.needs_role is None or who.role in {case.needs_role, "admin"}:
        return None
    return ForbiddenError(
        "CASE-NEEDS-ROLE",
        f"This case waits for the role {case.needs_role}.",
        f"Leave it to somebody with the role {case.needs_role}.",
    )


def _limit_refusal(case: CaseSummary, who: Approver) -> ClearholdError | None:
    """An amount over the limit, or one that cannot be compared: unknown, or of no known currency."""
    if case.kind == "shipment" or who.limit is None:
        return None
    known = case.total is not None and case.currency is not None
    if known and case.total is not None and abs(case.total) <= who.limit:
        return None
    total = f"{case.total} {case.currency or 'of an unknown currency'}" if case.total is not None else "unknown"
    return ForbiddenError(
        "CASE-LIMIT",
        f"The amount is {total}; you may approve up to {who.limit}.",
        "Escalate the case to somebody with a higher limit, or correct what could not be read.",
    )


def _twice_refusal(case: CaseSummary, who: Approver) -> ClearholdError | None:
    if case.first_approval_by != who.user:
        return None
    return ConflictError(
        "CASE-SECOND-PERSON",
        "You have approved this case already; a second person must agree.",
        "Leave it in the queue for another approver.",
    )


def check_once_refusal(user: str, checkers: frozenset[str]) -> ConflictError | None:
    """Why this person may not judge a sampled paper again: two people must look, each for themselves."""
    if user not in checkers:
        return None
    return ConflictError(
        "CASE-CHECKED-BY-YOU",
        "You have checked this paper already; another person looks at it without knowing what you found.",
        "Take the next case.",
    )


def is_held(case: CaseSummary, at: datetime) -> bool:
    """Whether somebody's claim still runs."""
    return case.state is CaseState.CLAIMED and case.claimed_until is not None and case.claimed_until > at


def check_may_change(case: CaseSummary, user: str, at: datetime, *, token: int | None, version: int | None) -> None:
    """Refuses a change by who does not hold the case or has not seen its newest version."""
    if token is not None:
        check_claim(case, user, token)
    check_not_held_by_other(case, user, at)
    check_version(case, version)


def check_version(case: CaseSummary, version: int | None) -> None:
    """Refuses a change of an older version than the newest (`CASE-CHANGED`)."""
    if version is not None and version != case.version:
        raise ConflictError(
            "CASE-CHANGED",
            f"The case has changed since you opened it (version {case.version}, yours is {version}).",
            "Load it again and look at what changed.",
        )


def check_not_held_by_other(case: CaseSummary, user: str, at: datetime) -> None:
    """Refuses a change while somebody else's claim runs (`CASE-CLAIMED-BY-OTHER`)."""
    if is_held(case, at) and case.claimed_by != user:
        raise ConflictError(
            "CASE-CLAIMED-BY-OTHER",
            f"{case.claimed_by} is working on this case until {case.claimed_until:%H:%M} UTC.",
            "Take the next case, or ask them to release it.",
        )


def check_claim(case: CaseSummary, user: str, token: int | None) -> None:
    """Refuses who does not hold the case (`CASE-CLAIM-LOST`); a claim that ran out counts until another is made."""
    mine = case.state is CaseState.CLAIMED and case.claimed_by == user
    if not mine or (token is not None and token != case.claim_token):
        raise ConflictError(
            "CASE-CLAIM-LOST",
            "You do not hold this case (any more).",
            "Claim it again, and look at what changed meanwhile.",
        )


def check_not_waiting(case: CaseSummary) -> None:
    """Refuses to claim what waits for somebody's answer (`CASE-WAITING`)."""
    if case.state is CaseState.ASKED:
        raise ConflictError(
            "CASE-WAITING",
            f"This case waits for {case.waits_for} until {case.waits_until:%Y-%m-%d %H:%M} UTC.",
            "Record the answer, or decide the case without it.",
        )


def check_waiting(case: CaseSummary) -> None:
    """Refuses an answer to a case that waits for none (`CASE-NOT-WAITING`)."""
    if case.state is not CaseState.ASKED:
        raise ConflictError(
            "CASE-NOT-WAITING", "This case waits for no answer.", "Leave what was said as a comment instead."
        )


def check_undo(case: CaseSummary, user: str, at: datetime, newer: CaseSummary | None, *, is_told: bool) -> None:
    """Refuses to take back what is another's, too long ago, told, or overtaken by a `newer` case of the same paper."""
    if case.state is not CaseState.RESOLVED or case.resolved_at is None:
        raise ConflictError("CASE-NOT-RESOLVED", "The case is open; there is nothing to undo.", "Work on it as it is.")
    if newer is not None:
        raise ConflictError(
            "CASE-NEWER", "The paper was decided again and has a new case.", f"Work on {newer.case_id} instead."
        )
    if case.resolution is Resolution.CORRECTED:
        raise ConflictError("CASE-RESOLVED", "A correction cleared this case.", "Correct the paper again instead.")
    if case.resolution is Resolution.CLEARED_BY_FACTS:
        raise ConflictError(
            "CASE-RESOLVED", "Changed facts cleared this case, not a person.", "Nothing is to be undone; comment on it."
        )
    if case.resolved_by != user:
        raise ForbiddenError(
            "CASE-UNDO-OTHER", f"{case.resolved_by} has resolved this case.", "Ask them to undo it, or comment on it."
        )
    if is_told:
        raise ConflictError(
            "CASE-UNDO-TOLD",
            "Other programs have been told how this case ended, and act on it.",
            "Stop it where it is acted on, and leave a comment here.",
        )
    check_undo_window(case, at)


def check_undo_window(case: CaseSummary, at: datetime) -> None:
    """Refuses what was done too long ago to be taken back (`CASE-UNDO-LATE`)."""
    if case.undo_until is None or at > case.undo_until:
        until = "" if case.undo_until is None else f" until {case.undo_until:%H:%M} UTC"
        raise ConflictError(
            "CASE-UNDO-LATE",
            f"This could be undone{until}; other programs are told of it now." if until else "This cannot be undone.",
            "Leave a comment for whoever acts on it.",
        )
