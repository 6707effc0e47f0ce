"""The shapes of the HTTP API: what may come in, checked, and what goes out; amounts are strings, instants are UTC."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from core.canonical import parse_json, to_jsonable
from core.documents_json import extraction_to_json
from review_api.house_models import HouseModel
from review_api.papers import PaperDetail
from triage.case_may import May
from triage.case_records import CaseDetail, CaseState, CaseSummary, Resolution
from triage.decisions import StoredDecision, finding_to_json
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


class TakenOut(_Out):
    """A document that came in."""

    document_id: str
    sha256: str
    is_new: bool = Field(description="false: the same bytes had come before, and are the same document")


class TakenInOut(TakenOut):
    """The document that came in, and the papers that were inside it when it is a mail or an archive."""

    parts: tuple[TakenOut, ...] = ()


class DocumentOut(BaseModel):
    """A document: where it stands, what it says, what was decided."""

    document_id: str
    sha256: str
    size_bytes: int
    media_type: str
    file_name: str
    origin: str
    received_at: datetime
    received_by: str
    state: str = Field(description="received, working or decided")
    extraction: dict[str, Any] | None = Field(description="as `clearhold extract --json` prints it")
    extraction_version: int | None
    decision: dict[str, Any] | None
    case_id: str | None
    parent_id: str | None = Field(description="the mail, archive or file of several documents it first came in")
    parts: tuple[str, ...] = Field(description="documents that came inside it")


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


class AuditEntryOut(_Out):
    """One entry of the audit chain."""

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload: dict[str, Any]
    previous_hash: str
    hash: str


class AuditRoundOut(_Out):
    """One walk along the chain: how far it has come, what it has met, and what it found damaged."""

    round: int
    started_at: datetime
    verified_at: datetime
    verified_to: int
    hash: str
    checkpoints: int
    finished_at: datetime | None
    damaged_at_sequence: int | None
    damage: str | None


class AuditVerifiedOut(_Out):
    """How far the chain is verified: the walk under way, and the one before."""

    now: AuditRoundOut | None
    before: AuditRoundOut | None


class AuditOut(BaseModel):
    """Audit entries from the newest back; `next_cursor` is the `cursor` of the older ones."""

    entries: list[AuditEntryOut]
    next_cursor: str | None


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


class CheckpointOut(_Out):
    """A signed head of the chain, kept outside the database."""

    at: datetime
    sequence: int
    hash: str


class FeedOut(_Out):
    """A feed and when it was last loaded."""

    feed: str
    loaded_at: datetime | None
    rows: int


class FeedLoadOut(_Out):
    """What a file changed: every row was new, changed, or the same as before."""

    feed: str
    rows: int
    new: int
    changed: int
    same: int


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


class ModelOut(BaseModel):
    """A model of the house: `loaded`, `misfit` (trained on other columns, it says nothing), `refused`, or `missing`.

    A misfit or refused one comes with the word why; of a refused one an older may still serve.
    """

    name: str
    state: str
    version: str | None = None
    trained_until: str | None = None
    code: str | None = None
    message: str | None = None
    remedy: str | None = None


def model_out(model: HouseModel) -> ModelOut:
    """A model as it is told."""
    problem = model.problem
    return ModelOut(
        name=model.name,
        state=model.state,
        version=model.version,
        trained_until=model.trained_until,
        code=None if problem is None else problem.code,
        message=None if problem is None else problem.message,
        remedy=None if problem is None else problem.remedy,
    )


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


def without_sureness(told: Any) -> Any:
    """An extraction as JSON without what the machine thought of it: confidences, and what else it might have been."""
    if isinstance(told, dict):
        kept = {name: value for name, value in told.items() if "confidence" not in name and name != "alternatives"}
        return {name: without_sureness(value) for name, value in kept.items()}
    return [without_sureness(one) for one in told] if isinstance(told, list) else told


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


def document_detail(paper: PaperDetail) -> DocumentOut:
    """A document as far as it has come."""
    document, read = paper.document, paper.extraction
    extraction = extraction_to_json(read.extraction, path=document.file_name) if read else None
    return DocumentOut(
        document_id=document.document_id,
        sha256=document.sha256,
        size_bytes=document.size_bytes,
        media_type=document.media_type,
        file_name=document.file_name,
        origin=document.origin,
        received_at=document.received_at,
        received_by=document.received_by,
        state=document.state.value,
        extraction=without_sureness(extraction) if paper.is_blind else extraction,
        extraction_version=read.version if read else None,
        decision=_decision(paper.decision) if paper.decision else None,
        case_id=paper.case.case_id if paper.case else None,
        parent_id=document.parent_id,
        parts=tuple(part.document_id for part in paper.parts),
    )


def _decision(stored: StoredDecision) -> dict[str, Any]:
    decision = stored.decision
    return {
        "decision_id": stored.record.decision_id,
        "run": stored.record.run,
        "outcome": decision.outcome.value,
        "findings": [finding_to_json(finding) for finding in decision.findings],
        "decided_at": decision.decided_at,
        "decided_by": stored.record.decided_by,
        "inputs_hash": decision.inputs_hash,
        "policy_hash": decision.policy_hash,
        "rules_version": decision.rules_version,
        "models": list(decision.models),
    }
