"""The shapes of cases, what is remembered, health and problems over HTTP; amounts are strings, instants are UTC."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from core.canonical import parse_json, to_jsonable
from core.documents_json import extraction_to_json
from review_api.audit_schemas import AuditEntryOut
from review_api.document_schemas import without_sureness
from triage.case_may import May
from triage.case_records import CaseDetail, CaseState, CaseSummary, Resolution
from triage.decisions import finding_to_json
from triage.memory import MemoryState
from triage.planning_detail import PlanningDetail

Text = Annotated[str, Field(max_length=4_000)]
Choice = Annotated[int, Field(ge=1, le=99, description="which of a planner's ways is taken, counted from 1")]


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """An RFC 9457 problem document."""

    type: str = Field(description="`urn:clearhold:problem:` and the code")
    title: str
    status: int
    detail: str = Field(description="what happened")
    instance: str = Field(description="the address that was asked")
    code: str = Field(description="permanent, never reused")
    remedy: str = Field(description="what to do about it")
    request_id: str | None = Field(default=None, description="the answer's `X-Request-Id`, which our log names too")
    rejected: list[dict[str, Any]] | None = Field(default=None, description="the rows of a feed that are wrong")


class CaseOut(_Out):
    """A case as a line of the queue. `version` is its ETag."""

    case_id: str
    document_id: str
    kind: str
    state: CaseState
    outcome: str
    subject: str
    headline: str
    codes: tuple[str, ...]
    amount_at_risk: Decimal
    currency: str | None
    total: Decimal | None
    priority: Decimal
    due_at: datetime | None
    queue: str
    needs_role: str | None
    route: dict[str, Any] | None = Field(description="the route of the policy that chose the queue")
    opened_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None
    claim_token: int = Field(description="grows with every claim; a draft is kept for the newest only")
    version: int
    first_approval_by: str | None
    first_approval_role: str | None
    first_approval_reason: str | None
    assigned_to: str | None = Field(description="whose work it is, where somebody was given it")
    assigned_by: str | None
    escalated_at: datetime | None = Field(description="when one of the policy's timers last handed it on")
    escalations: tuple[str, ...] = Field(description="the timers that have")
    waits_for: str | None = Field(description="whose answer is awaited, while the state is `asked`")
    waits_until: datetime | None
    asked_by: str | None
    review_stage: str | None = Field(description="`second`: waits to be checked blind; `third`: two checks differ")
    undo_until: datetime | None = Field(description="so long who ended it may take that back")
    corrected_by: str | None = Field(description="whose correction waits for another person's approval")
    resolved_at: datetime | None
    resolved_by: str | None
    resolved_role: str | None
    resolution: Resolution | None
    reason_code: str | None
    comment: str | None


class CaseListOut(BaseModel):
    """A part of the list; `next_cursor` is the `cursor` of the next part, absent at the end."""

    cases: list[CaseOut]
    next_cursor: str | None


class CommentOut(_Out):
    """A note on a case."""

    comment_id: str
    at: datetime
    author: str
    text: str


class MayOut(_Out):
    """Whether whoever asks may do something, and if not, why."""

    allowed: bool
    second_person: bool = Field(description="it is the first of two approvals")
    code: str | None
    message: str | None
    remedy: str | None


class CaseDetailOut(CaseOut):
    """A case with everything behind it."""

    document: dict[str, Any]
    extraction: dict[str, Any]
    extraction_version: int
    decision: dict[str, Any]
    comments: list[CommentOut]
    history: list[AuditEntryOut]
    may: dict[str, MayOut] = Field(description="by action, what whoever asks may do now")


class PlanningCaseOut(CaseOut):
    """A case about an order, odd demand or a recommendation, with everything behind it."""

    decision: dict[str, Any]
    prediction: dict[str, Any] | None = Field(description="what a model said, with its reasons; null where none spoke")
    advice: dict[str, Any] | None = Field(description="what is recommended, and what today's rule would do")
    facts: dict[str, Any]
    comments: list[CommentOut]
    history: list[AuditEntryOut]
    may: dict[str, MayOut] = Field(description="by action, what whoever asks may do now")


class ResolveIn(_In):
    """How a case ends, or whose answer it waits for: `request_information`, the comment being the question."""

    resolution: Resolution
    reason_code: Annotated[str, Field(max_length=40)]
    comment: Text | None = None
    choice: Choice | None = None
    whom: Annotated[str | None, Field(max_length=200, description="who is asked; else whom the reason names")] = None
    until: AwareDatetime | None = Field(
        default=None, description="until when the answer is waited for; else as long as the policy says"
    )
    differs: dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=1_000)]] = Field(
        default_factory=dict, description="of a blind second check: values that are not as they were read, by field"
    )


class ApproveIn(_In):
    """An approval."""

    reason_code: Annotated[str, Field(max_length=40)]
    comment: Text | None = None
    choice: Choice | None = None


class EscalateIn(_In):
    """To whom a case is handed."""

    to_role: Annotated[str, Field(max_length=20)] = "ap_approver"
    comment: Text | None = None


class CommentIn(_In):
    """A note."""

    text: Text


class PlaceIn(_In):
    """A place on the paper, in PDF points from the page's upper left corner."""

    page: Annotated[int, Field(ge=1)]
    box: tuple[float, float, float, float]
    text: Annotated[str, Field(max_length=1_000)] = ""


class CorrectIn(_In):
    """What was misread: by field name, or `lines.<n>.<name>` from line 1; the same value again confirms it.

    An empty value takes a field away, an empty `lines.<n>` a whole line; the numbers after the last line add lines.
    """

    changes: Annotated[
        dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=1_000)]], Field(min_length=1)
    ]
    places: dict[Annotated[str, Field(max_length=60)], PlaceIn] = Field(
        default_factory=dict, description="by the same names, where on the paper a value was taken from"
    )


class MemoryOut(_Out):
    """A correction that is remembered for the next papers of its supplier."""

    memory_id: str
    document_id: str
    case_id: str
    field: str
    value: str
    state: MemoryState = Field(description="only `learnt` ones count; `new` ones are about to be learnt")
    keys: tuple[str, ...] = Field(description="what the supplier's papers are known by")
    near: str = Field(description="the words beside or over the value's place")
    confirmed: int
    contradicted: int
    remembered_at: datetime
    remembered_by: str
    withdrawn_by: str | None


class MemoryListOut(BaseModel):
    """Remembered corrections from the newest back; `next_cursor` is the `cursor` of the older ones."""

    memory: list[MemoryOut]
    next_cursor: str | None


class HealthOut(BaseModel):
    """Whether the service lives."""

    status: str


class CheckOut(BaseModel):
    """One thing that was looked at: `ok`, `degraded` (works with less) or `failed` (does not work), and a remedy."""

    name: str
    status: str
    message: str
    remedy: str = ""


class ReadyOut(HealthOut):
    """Whether the service may be asked.

    Attributes:
        checks: what was looked at; none of it makes answers wrong, for then this is no answer but a problem.
        models: by name the version of each model that is loaded, `refused` for a file that is not as it was written
            (scoring goes on without it, or with what was loaded before), and `misfit` for one of other columns.
        documents: `plain`, `sealed`, or `key missing` where some were sealed with a key this program does not have.
        readers: `shut in` when the kernel keeps reading processes from network, files, processes and signals; else
            what it does not keep them from; `not started` before the first one.
    """

    checks: list[CheckOut] = Field(default_factory=list)
    models: dict[str, str] = Field(default_factory=dict)
    documents: str = "plain"
    readers: str = "not started"


def case_list(cases: tuple[CaseSummary, ...], next_cursor: str | None) -> CaseListOut:
    """A part of the list."""
    return CaseListOut(cases=[CaseOut.model_validate(case) for case in cases], next_cursor=next_cursor)


def case_detail(detail: CaseDetail, may: tuple[May, ...], *, is_blind: bool = False) -> CaseDetailOut:
    """A case with everything behind it; the facts a decision was made from are named by the findings.

    Args:
        is_blind: whoever asks is to check the paper again, and is not told how sure the machine was.
    """
    extraction = extraction_to_json(detail.extraction)
    return CaseDetailOut(
        **CaseOut.model_validate(detail.summary).model_dump(),
        document=to_jsonable(detail.document),
        extraction=without_sureness(extraction) if is_blind else extraction,
        extraction_version=detail.extraction_version,
        decision=to_jsonable(detail.decision) | {"run": detail.run},
        comments=[CommentOut.model_validate(one) for one in detail.comments],
        history=[AuditEntryOut.model_validate(entry) for entry in detail.history],
        may={one.action: MayOut.model_validate(one) for one in may},
    )


def planning_case(detail: PlanningDetail, may: tuple[May, ...]) -> PlanningCaseOut:
    """A planner's case with everything behind it."""
    record = detail.decision
    told = ("decision_id", "subject", "kind", "run", "outcome", "inputs_hash", "policy_hash", "rules_version")
    decision = {name: getattr(record, name) for name in told}
    decision |= {"models": list(record.models), "decided_at": record.decided_at, "decided_by": record.decided_by}
    return PlanningCaseOut(
        **CaseOut.model_validate(detail.summary).model_dump(),
        decision=to_jsonable(decision) | {"findings": [finding_to_json(one) for one in record.found]},
        prediction=None if record.prediction is None else parse_json(record.prediction),
        advice=None if record.advice is None else dict(record.advice),
        facts=parse_json(record.facts),
        comments=[CommentOut.model_validate(one) for one in detail.comments],
        history=[AuditEntryOut.model_validate(entry) for entry in detail.history],
        may={one.action: MayOut.model_validate(one) for one in may},
    )
