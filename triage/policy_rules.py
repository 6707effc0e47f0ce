"""Who may change the policy, and when: a preview first, then one person proposes and another puts it in force. Pure.

`triage.policy_changes` asks here before it writes; no page or route decides any of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.canonical import sha256_of
from core.errors import ConflictError, ForbiddenError, InputError, NotFoundError

PROPOSER_ROLES = frozenset({"ap_approver", "planner", "admin"})
APPROVER_ROLES = frozenset({"ap_approver", "admin"})
REASON_LIMIT = 4_000


class ProposalState(StrEnum):
    """Where a proposal stands. `superseded`: another policy came into force before anybody agreed."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class Step(StrEnum):
    """What a person's `apply` does."""

    PROPOSE = "propose"
    PUT_IN_FORCE = "put_in_force"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPreview:
    """What a draft would do to the history there was.

    Attributes:
        preview_hash: over base, draft text and result: who applies names what they have seen.
        policy_hash: of the draft.
        base_hash: of the policy in force then.
        author: who asked for it.
    """

    preview_hash: str
    policy_hash: str
    base_hash: str
    text: str
    author: str
    at: datetime
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProposal:
    """A policy that waits for a second person, or what became of it."""

    proposal_id: str
    preview: PolicyPreview
    state: ProposalState
    proposed_by: str
    proposed_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None
    reason: str | None = None


def preview_hash_of(*, base_hash: str, text: str, result: Mapping[str, Any]) -> str:
    """What names a preview: the same draft over the same history under the same policy has the same."""
    return sha256_of({"base": base_hash, "text": text, "result": result})


def next_step(
    preview: PolicyPreview | None,
    pending: PolicyProposal | None,
    *,
    text: str,
    base_hash: str,
    user: str,
    role: str,
) -> Step:
    """What follows when this person applies this text, having seen this preview.

    Args:
        pending: the proposal that waits, if any.
        base_hash: of the policy in force now.

    Raises:
        ForbiddenError: `POLICY-ROLE`.
        NotFoundError: `POLICY-PREVIEW-MISSING`.
        ConflictError: `POLICY-PREVIEW-STALE`, `POLICY-SAME`, `POLICY-PROPOSAL-PENDING`, `POLICY-SECOND-PERSON`.
    """
    check_may_propose(role)
    if preview is None:
        raise NotFoundError(
            "POLICY-PREVIEW-MISSING",
            "A policy is applied with the hash of its preview, and there is none with this hash.",
            "Run `clearhold policy preview FILE`, look at what would change, and give the hash it prints.",
        )
    _check_fresh(preview, text=text, base_hash=base_hash)
    if pending is None:
        return Step.PROPOSE
    if pending.preview.text != text:
        raise ConflictError(
            "POLICY-PROPOSAL-PENDING",
            f"{pending.proposed_by} has proposed another policy ({pending.preview.policy_hash[:12]}…); it waits for a "
            "second person.",
            "Agree to it, reject it, or have it withdrawn first.",
        )
    if user in {pending.proposed_by, pending.preview.author}:
        raise ConflictError(
            "POLICY-SECOND-PERSON",
            "You have made or proposed this policy yourself; a second person must agree.",
            f"Ask somebody with the role {' or '.join(sorted(APPROVER_ROLES))} to apply the same file.",
        )
    _check_may_agree(role)
    return Step.PUT_IN_FORCE


def check_may_propose(role: str) -> None:
    """Refuses who may only look (`POLICY-ROLE`)."""
    if role not in PROPOSER_ROLES:
        raise ForbiddenError(
            "POLICY-ROLE",
            f"The role {role} may look at policies, not change them.",
            f"Ask somebody with the role {' or '.join(sorted(PROPOSER_ROLES))}.",
        )


def check_withdrawal(pending: PolicyProposal | None, *, user: str, reason: str) -> PolicyProposal:
    """The proposal, when this person may take it back.

    Raises:
        NotFoundError: `POLICY-PROPOSAL-NONE`.
        ForbiddenError: `POLICY-PROPOSAL-OTHER`.
        InputError: `POLICY-REASON`.
    """
    proposal = _waiting(pending)
    if proposal.proposed_by != user:
        raise ForbiddenError(
            "POLICY-PROPOSAL-OTHER",
            f"{proposal.proposed_by} has proposed this policy.",
            "Reject it, or ask them to withdraw it.",
        )
    _check_reason(reason)
    return proposal


def check_rejection(pending: PolicyProposal | None, *, user: str, role: str, reason: str) -> PolicyProposal:
    """The proposal, when this person may refuse it.

    Raises:
        NotFoundError: `POLICY-PROPOSAL-NONE`.
        ForbiddenError: `POLICY-ROLE`, `POLICY-PROPOSAL-OWN`.
        InputError: `POLICY-REASON`.
    """
    proposal = _waiting(pending)
    _check_may_agree(role)
    if proposal.proposed_by == user:
        raise ForbiddenError("POLICY-PROPOSAL-OWN", "This is your own proposal.", "Withdraw it instead.")
    _check_reason(reason)
    return proposal


def _check_fresh(preview: PolicyPreview, *, text: str, base_hash: str) -> None:
    if preview.text != text:
        raise ConflictError(
            "POLICY-PREVIEW-STALE",
            "The file is not the one that was previewed: its text differs.",
            "Preview the file as it is now, and apply that.",
        )
    if preview.base_hash != base_hash:
        raise ConflictError(
            "POLICY-PREVIEW-STALE",
            "Another policy has come into force since this preview was made.",
            "Preview the file again under the policy of today, and apply that.",
        )
    if preview.policy_hash == base_hash:
        raise ConflictError("POLICY-SAME", "This policy is in force already.", "Nothing is to be done.")


def _check_may_agree(role: str) -> None:
    if role not in APPROVER_ROLES:
        raise ForbiddenError(
            "POLICY-ROLE",
            f"The role {role} may propose a policy, not decide on another's proposal.",
            f"Leave it to somebody with the role {' or '.join(sorted(APPROVER_ROLES))}.",
        )


def _waiting(pending: PolicyProposal | None) -> PolicyProposal:
    if pending is None:
        raise NotFoundError("POLICY-PROPOSAL-NONE", "No policy waits for a second person.", "Nothing is to be done.")
    return pending


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise InputError(
            "POLICY-REASON",
            "Why the proposal is not followed must be said, in at most 4,000 characters.",
            "Write a sentence whoever proposed it can act on.",
        )
