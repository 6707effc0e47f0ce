"""The shapes of the policy over HTTP: a draft in, the policy in force, a preview or a proposal out."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from review_api.policy_drafting import Checked, Comparison, PolicyHistory
from review_api.policy_words import label_of, said
from review_api.presenting import Reader
from triage.policies import POLICY_BYTES, AppliedPolicy
from triage.policy_difference import Difference
from triage.policy_rules import PolicyPreview, PolicyProposal
from triage.policy_runs import PreviewRun

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


class PolicyVersionOut(_Out):
    """A line of the history: who put what in force when, and who had proposed it."""

    version: int
    policy_hash: str
    applied_at: datetime
    applied_by: str
    proposed_by: str | None
    preview_hash: str | None


class PolicyHistoryOut(BaseModel):
    """Every version there was and every proposal, the newest first."""

    versions: list[PolicyVersionOut]
    proposals: list[PolicyProposalOut]


class PolicyTextOut(BaseModel):
    """One version as it was written."""

    version: int
    text: str


class PolicyDifferenceOut(_Out):
    """A setting that differs; null where one of the two policies has no such setting."""

    key: str
    label: str = Field(description="the setting in words")
    before: str | None = Field(description="as the file has it")
    after: str | None
    before_said: str = Field(description="in words, as this reader writes numbers")
    after_said: str


class PolicyLineOut(_Out):
    """A line of the two texts: in both (a blank sign), only in the earlier (-) or only in the later (+)."""

    sign: str
    text: str
    before: int | None
    after: int | None


class PolicyComparisonOut(BaseModel):
    """Two policies laid over one another."""

    before: str
    after: str
    settings: list[PolicyDifferenceOut] | None = Field(description="null when a text is no policy these rules read")
    lines: list[PolicyLineOut]


class PolicyProblemOut(_Out):
    """One thing that keeps a text from being applied."""

    line: int | None
    key: str
    sentence: str
    remedy: str


class PolicyCheckIn(_In):
    """A text to be checked."""

    text: PolicyText


class PolicyCheckOut(BaseModel):
    """What is wrong with a text; without problems, what it would change of the policy in force."""

    problems: list[PolicyProblemOut]
    differences: list[PolicyDifferenceOut] | None


class PolicyDraftIn(_In):
    """What a person has typed, right or wrong."""

    text: PolicyText
    base_version: int | None = None


class PolicyDraftOut(_Out):
    """A person's draft. `revision` is its ETag; 0 says nothing was saved yet."""

    revision: int
    base_version: int
    text: str
    saved_at: datetime | None


class PreviewRunOut(BaseModel):
    """A preview in the making; `preview` when it is done, code, message and remedy when it failed."""

    run_id: str
    state: str = Field(description="running, done or failed")
    done: int = Field(description="papers judged so far")
    total: int = Field(description="papers there are; 0 while they are being counted")
    started_at: datetime
    code: str | None
    message: str | None
    remedy: str | None
    preview: PolicyPreviewOut | None


def history_out(found: PolicyHistory) -> PolicyHistoryOut:
    """The history as the API gives it."""
    return PolicyHistoryOut(
        versions=[PolicyVersionOut.model_validate(one) for one in found.versions],
        proposals=[proposal_out(one) for one in found.proposals],
    )


def comparison_out(found: Comparison, reader: Reader) -> PolicyComparisonOut:
    """Two policies laid over one another, as the API gives them."""
    return PolicyComparisonOut(
        before=found.before,
        after=found.after,
        settings=None if found.settings is None else [_difference_out(one, reader) for one in found.settings],
        lines=[PolicyLineOut.model_validate(one) for one in found.lines],
    )


def check_out(found: Checked, reader: Reader) -> PolicyCheckOut:
    """What is wrong with a text, as the API gives it."""
    told = found.differences
    return PolicyCheckOut(
        problems=[PolicyProblemOut.model_validate(one) for one in found.problems],
        differences=None if told is None else [_difference_out(one, reader) for one in told],
    )


def run_out(run: PreviewRun, preview: PolicyPreview | None) -> PreviewRunOut:
    """A preview in the making as the API gives it."""
    said = {name: getattr(run, name) for name in PreviewRunOut.model_fields if name != "preview"}
    return PreviewRunOut(**said, preview=None if preview is None else PolicyPreviewOut.model_validate(preview))


def _difference_out(one: Difference, reader: Reader) -> PolicyDifferenceOut:
    return PolicyDifferenceOut(
        key=one.key,
        label=label_of(one.key, reader),
        before=one.before,
        after=one.after,
        before_said=said(one.key, one.before, reader),
        after_said=said(one.key, one.after, reader),
    )
