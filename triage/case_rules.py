"""Who may end a case how: reasons, roles, limits and the second person. Pure; `triage.cases` asks before it writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.decisions import Outcome
from core.errors import ClearholdError, ConflictError, ForbiddenError, InputError
from triage.case_records import BILL_KIND, PLANNING_KINDS, CaseState, CaseSummary, Resolution
from triage.four_eyes import NO_HANDS, Hands, own_hand_refusal
from triage.releases import Needed
from triage.roles import APPROVER_ROLES, WORKING_ROLES

ERP_BLOCK = "ERP-BLOCK"
COMMENT_LIMIT = 4_000
UNDO_MINUTES = 15

REASONS: Mapping[Resolution, Mapping[str, str]] = {
    Resolution.APPROVE: {
        "price_agreed": "Price agreed with the buyer",
        "quantity_confirmed": "Quantity confirmed by the warehouse",
        "receipt_follows": "Goods are here, receipt will be posted",
        "charge_agreed": "Charge agreed with the buyer",
        "account_verified": "Account verified with the supplier by a known contact",
        "not_a_duplicate": "Not a duplicate",
        "reading_confirmed": "Read correctly, checked on the paper",
        "sample_confirmed": "Sampled, and rightly cleared",
        "other": "Another reason (say which in the comment)",
    },
    Resolution.REJECT: {
        "duplicate": "Duplicate of another invoice",
        "wrong_price": "Price is wrong",
        "wrong_quantity": "Quantity is wrong",
        "not_received": "Goods were not received",
        "not_ordered": "Nobody ordered this",
        "wrong_account": "Account is not the supplier's",
        "wrong_recipient": "Not addressed to us",
        "fraud_suspected": "Fraud suspected",
        "not_an_invoice": "Not a paper to be paid",
        "unreadable": "Cannot be read",
        "other": "Another reason (say which in the comment)",
    },
    Resolution.REQUEST_INFORMATION: {
        "ask_supplier": "Supplier is asked",
        "ask_buyer": "Buyer is asked",
        "ask_warehouse": "Warehouse is asked",
        "other": "Somebody else is asked (say who in the comment)",
    },
}

PLANNING_REASONS: Mapping[Resolution, Mapping[str, str]] = {
    Resolution.APPROVE: {
        "recommendation_followed": "The recommendation is followed",
        "rule_followed": "Today's rule is followed instead",
        "expected": "Expected: a promotion, an event, a season",
        "customer_agreed": "Agreed with the customer",
        "supplier_confirmed": "Confirmed by the supplier",
        "stock_confirmed": "Confirmed by the warehouse",
        "no_action_needed": "Seen; nothing needs to be done",
        "sample_confirmed": "Sampled, and rightly cleared",
        "other": "Another reason (say which in the comment)",
    },
    Resolution.REJECT: {
        "not_needed": "Not needed",
        "too_much": "Too much",
        "too_little": "Too little",
        "too_late": "Too late to help",
        "too_costly": "Costs more than it saves",
        "wrong_data": "The feeds are wrong",
        "cancelled": "Cancelled by the customer or the supplier",
        "other": "Another reason (say which in the comment)",
    },
    Resolution.REQUEST_INFORMATION: {
        "ask_customer": "Customer is asked",
        "ask_supplier": "Supplier is asked",
        "ask_warehouse": "Warehouse is asked",
        "ask_carrier": "Carrier is asked",
        "other": "Somebody else is asked (say who in the comment)",
    },
}


def reasons_of(kind: str) -> Mapping[Resolution, Mapping[str, str]]:
    """Reasons by resolution, each with its sentence, for a kind of case."""
    return PLANNING_REASONS if kind in PLANNING_KINDS - {BILL_KIND} else REASONS


def check_reason(resolution: str, reason_code: str, comment: str | None, *, kind: str = "invoice") -> Resolution:
    """Accepts a resolution with its reason, of those a kind of case has.

    Raises:
        InputError: `CASE-RESOLUTION-UNKNOWN`, `CASE-REASON-UNKNOWN`, `CASE-COMMENT-MISSING`, `CASE-COMMENT-LONG`.
    """
    reasons = reasons_of(kind).get(Resolution(resolution)) if resolution in set(Resolution) else None
    if reasons is None:
        known = ", ".join(REASONS)
        raise InputError("CASE-RESOLUTION-UNKNOWN", f"A case cannot be resolved as {resolution!r}.", f"Use {known}.")
    if reason_code not in reasons:
        raise InputError(
            "CASE-REASON-UNKNOWN",
            f"{reason_code!r} is no reason to {resolution.replace('_', ' ')}.",
            f"Use one of {', '.join(reasons)}.",
        )
    check_comment(comment)
    if reason_code == "other" and not (comment or "").strip():
        raise InputError(
            "CASE-COMMENT-MISSING", "The reason `other` says nothing by itself.", "Write the reason in the comment."
        )
    return Resolution(resolution)


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
    """

    user: str
    role: str
    limit: Decimal | None
    needed: Needed
    hands: Hands = NO_HANDS


def approval_refusal(case: CaseSummary, who: Approver) -> ClearholdError | None:
    """Why this person may not approve this case, or None."""
    return (
        _release_refusal(case, who)
        or _role_refusal(case, who)
        or _limit_refusal(case, who)
        or own_hand_refusal(who.hands, who.user)
        or _twice_refusal(case, who)
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


def check_undo(case: CaseSummary, user: str, at: datetime, newer: CaseSummary | None) -> None:
    """Refuses to take back what is another's, too long ago, or overtaken by a `newer` case of the same paper."""
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
    if at - case.resolved_at > timedelta(minutes=UNDO_MINUTES):
        raise ConflictError(
            "CASE-UNDO-LATE",
            f"A resolution can be undone for {UNDO_MINUTES} minutes.",
            "Leave a comment for whoever acts on it.",
        )
