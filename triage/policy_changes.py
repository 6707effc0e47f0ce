"""Changes the policy: previews, proposals and the second person's agreement, each step one audit entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update

from core import audit_log
from core.canonical import sha256_of
from core.database import ReadSession, WriteSession
from core.ids import new_id
from triage import policies
from triage.policies import AppliedPolicy
from triage.policy_rules import (
    PolicyPreview,
    PolicyProposal,
    ProposalState,
    Step,
    check_may_propose,
    check_rejection,
    check_withdrawal,
    next_step,
    preview_hash_of,
)
from triage.tables import policy_previews, policy_proposals


def keep_preview(
    session: WriteSession,
    text: str,
    base_hash: str,
    result: Mapping[str, Any],
    *,
    user: str,
    role: str,
    at: datetime,
) -> PolicyPreview:
    """Keeps what a draft would do, so that it can be proposed; the same preview again stays its first author's.

    Raises:
        ForbiddenError: `POLICY-ROLE`.
    """
    check_may_propose(role)
    audit_log.lock_chain(session)
    name = preview_hash_of(base_hash=base_hash, text=text, result=result)
    before = find_preview(session, name)
    if before is not None:
        return before
    preview = PolicyPreview(
        preview_hash=name,
        policy_hash=policies.read(text).hash,
        base_hash=base_hash,
        text=text,
        author=user,
        at=at,
        result=result,
    )
    row = {column.name: getattr(preview, column.name) for column in policy_previews.c}
    session.run(policy_previews.insert(), [row])
    _tell(session, preview, "policy.previewed", user=user, at=at)
    return preview


def apply(
    session: WriteSession, text: str, preview_hash: str, *, user: str, role: str, at: datetime
) -> PolicyProposal | AppliedPolicy:
    """The first person proposes the text they have previewed; a different one, applying the same, puts it in force.

    Raises:
        InputError: `POLICY-INVALID`.
        ForbiddenError: `POLICY-ROLE`.
        NotFoundError: `POLICY-PREVIEW-MISSING`.
        ConflictError: `POLICY-PREVIEW-STALE`, `POLICY-SAME`, `POLICY-PROPOSAL-PENDING`, `POLICY-SECOND-PERSON`.
    """
    policies.checked(text)
    audit_log.lock_chain(session)
    base = policies.active_hash(session)
    waiting, preview = pending(session), find_preview(session, preview_hash)
    step = next_step(preview, waiting, text=text, base_hash=base, user=user, role=role)
    assert preview is not None
    if step is Step.PROPOSE:
        return _propose(session, preview, user=user, at=at)
    assert waiting is not None
    _end(session, waiting, ProposalState.IN_FORCE, user=user, at=at)
    return policies.put_in_force(
        session, text, at=at, actor=f"user:{user}", proposed_by=waiting.proposed_by, preview_hash=preview_hash
    )


def withdraw(session: WriteSession, *, user: str, reason: str, at: datetime) -> PolicyProposal:
    """Takes one's own proposal back.

    Raises:
        NotFoundError: `POLICY-PROPOSAL-NONE`.
        ForbiddenError: `POLICY-PROPOSAL-OTHER`.
        InputError: `POLICY-REASON`.
    """
    audit_log.lock_chain(session)
    proposal = check_withdrawal(pending(session), user=user, reason=reason)
    _tell(session, proposal.preview, "policy.withdrawn", user=user, at=at, reason=reason)
    return _end(session, proposal, ProposalState.WITHDRAWN, user=user, at=at, reason=reason)


def reject(session: WriteSession, *, user: str, role: str, reason: str, at: datetime) -> PolicyProposal:
    """Refuses another's proposal.

    Raises:
        NotFoundError: `POLICY-PROPOSAL-NONE`.
        ForbiddenError: `POLICY-ROLE`, `POLICY-PROPOSAL-OWN`.
        InputError: `POLICY-REASON`.
    """
    audit_log.lock_chain(session)
    proposal = check_rejection(pending(session), user=user, role=role, reason=reason)
    _tell(session, proposal.preview, "policy.rejected", user=user, at=at, reason=reason)
    return _end(session, proposal, ProposalState.REJECTED, user=user, at=at, reason=reason)


def pending(session: ReadSession) -> PolicyProposal | None:
    """The proposal that waits for a second person; one made under a policy that is gone waits no more."""
    row = session.one_or_none(select(policy_proposals).where(policy_proposals.c.state == ProposalState.PROPOSED.value))
    proposal = None if row is None else _proposal(session, row)
    return proposal if proposal is not None and _still_stands(session, proposal) else None


def proposals(session: ReadSession) -> tuple[PolicyProposal, ...]:
    """Every proposal there was, the newest first."""
    rows = session.all(select(policy_proposals).order_by(policy_proposals.c.proposal_id.desc()))
    return tuple(_proposal(session, row) for row in rows)


def find_preview(session: ReadSession, preview_hash: str) -> PolicyPreview | None:
    """A preview that was kept, by its hash."""
    row = session.one_or_none(select(policy_previews).where(policy_previews.c.preview_hash == preview_hash))
    return None if row is None else PolicyPreview(**row)


def _propose(session: WriteSession, preview: PolicyPreview, *, user: str, at: datetime) -> PolicyProposal:
    is_waiting = policy_proposals.c.state == ProposalState.PROPOSED.value
    superseded = {"state": ProposalState.SUPERSEDED.value, "ended_at": at, "ended_by": "system"}
    session.run(update(policy_proposals).where(is_waiting).values(**superseded))
    proposal = PolicyProposal(
        proposal_id=new_id("pol", at),
        preview=preview,
        state=ProposalState.PROPOSED,
        proposed_by=user,
        proposed_at=at,
    )
    row = {
        "proposal_id": proposal.proposal_id,
        "preview_hash": preview.preview_hash,
        "state": proposal.state.value,
        "proposed_by": user,
        "proposed_at": at,
    }
    session.run(policy_proposals.insert(), [row])
    _tell(session, preview, "policy.proposed", user=user, at=at)
    return proposal


def _end(
    session: WriteSession,
    proposal: PolicyProposal,
    state: ProposalState,
    *,
    user: str,
    at: datetime,
    reason: str | None = None,
) -> PolicyProposal:
    ended = {"state": state.value, "ended_by": user, "ended_at": at, "reason": reason}
    mine = policy_proposals.c.proposal_id == proposal.proposal_id
    session.run(update(policy_proposals).where(mine).values(**ended))
    row = session.one_or_none(select(policy_proposals).where(mine))
    assert row is not None
    return _proposal(session, row)


def _still_stands(session: ReadSession, proposal: PolicyProposal) -> bool:
    return policies.is_set(session) and policies.active_hash(session) == proposal.preview.base_hash


def _proposal(session: ReadSession, row: RowMapping) -> PolicyProposal:
    preview = find_preview(session, row["preview_hash"])
    assert preview is not None
    values = {name: value for name, value in row.items() if name != "preview_hash"}
    return PolicyProposal(**(values | {"state": ProposalState(row["state"]), "preview": preview}))


def _tell(
    session: WriteSession, preview: PolicyPreview, action: str, *, user: str, at: datetime, reason: str | None = None
) -> None:
    told = {
        "preview_hash": preview.preview_hash,
        "policy_hash": preview.policy_hash,
        "text_hash": sha256_of(preview.text),
        "base_hash": preview.base_hash,
    }
    audit_log.append(
        session,
        at=at,
        actor=f"user:{user}",
        action=action,
        subject=f"policy:{preview.policy_hash}",
        payload=told if reason is None else told | {"reason": reason},
    )
