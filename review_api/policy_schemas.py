"""The shapes of the policy over HTTP: a draft in, the policy in force, a preview or a proposal out."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from triage.policies import POLICY_BYTES, AppliedPolicy
from triage.policy_rules import PolicyProposal

PolicyText = Annotated[str, Field(max_length=POLICY_BYTES)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PolicyProposalOut(BaseModel):
    """A policy that waits for a second person, or what became of it."""

    proposal_id: str
    state: str = Field(description="proposed, in_force, withdrawn, rejected or superseded")
    policy_hash: str
    preview_hash: str
    proposed_by: str
    proposed_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    reason: str | None
    text: str


class PolicyOut(BaseModel):
    """The policy in force, and what waits to follow it. `version` is its ETag."""

    version: int
    policy_hash: str
    applied_at: datetime
    applied_by: str
    proposed_by: str | None
    preview_hash: str | None
    text: str
    pending: PolicyProposalOut | None = Field(description="what waits for a second person")


class PolicyPreviewIn(_In):
    """A draft to judge the papers of the past with, all or those decided in a window."""

    text: PolicyText
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class PolicyPreviewOut(_Out):
    """What a draft would do; `preview_hash` names it."""

    preview_hash: str
    policy_hash: str
    base_hash: str
    author: str
    at: datetime
    result: dict[str, Any]


class PolicyIn(_In):
    """A draft that was previewed."""

    text: PolicyText
    preview_hash: Annotated[str, Field(max_length=64)]


class ReasonIn(_In):
    """Why a proposal is not followed."""

    reason: Annotated[str, Field(max_length=4_000)]


def policy_out(active: AppliedPolicy, pending: PolicyProposal | None) -> PolicyOut:
    """The policy in force and what waits, as the API gives them."""
    return PolicyOut(
        version=active.version,
        policy_hash=active.policy_hash,
        applied_at=active.applied_at,
        applied_by=active.applied_by,
        proposed_by=active.proposed_by,
        preview_hash=active.preview_hash,
        text=active.text,
        pending=None if pending is None else proposal_out(pending),
    )


def proposal_out(proposal: PolicyProposal) -> PolicyProposalOut:
    """A proposal as the API gives it."""
    return PolicyProposalOut(
        proposal_id=proposal.proposal_id,
        state=proposal.state.value,
        policy_hash=proposal.preview.policy_hash,
        preview_hash=proposal.preview.preview_hash,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        ended_by=proposal.ended_by,
        ended_at=proposal.ended_at,
        reason=proposal.reason,
        text=proposal.preview.text,
    )
