"""What the API takes and tells of shared work: assignments, absences, saved filters, bulks."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from review_api.schemas import CaseOut, Text
from triage.assignment_rules import Receiver
from triage.bulk import Asked, Becomes, BulkAction, Foreseen, sums
from triage.bulk_rows import Bulk
from triage.case_records import CaseSummary

Name = Annotated[str, Field(min_length=1, max_length=64)]
CaseId = Annotated[str, Field(max_length=40)]
BulkId = Annotated[str, Field(pattern=r"^bulk_[a-z0-9]{1,35}$")]


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AssignIn(_In):
    """To whom a case is given."""

    to: Name
    comment: Text | None = None


class AssignedOut(CaseOut):
    """A case that was given to somebody."""

    named: str | None = Field(description="who was named, where their substitute has it")
    away_until: date | None = Field(description="the last day on which who was named is away")


class AbsenceIn(_In):
    """Days on which a person is away, both ends included."""

    person: Name | None = Field(default=None, description="whoever asks, where nobody is named")
    first_day: date
    last_day: date
    substitute: Name | None = Field(
        default=None, description="who has their work then; everybody, where nobody is named"
    )


class AbsenceOut(_Out):
    """Days on which a person is away."""

    absence_id: str
    person: str
    first_day: date
    last_day: date
    substitute: str | None
    added_by: str
    added_at: datetime


class AbsenceListOut(BaseModel):
    """Absences that are not over, and those of the last month, by their first day."""

    absences: list[AbsenceOut]


class FilterIn(_In):
    """A filter of the queue under a name; one's own of the same name is replaced."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    query: dict[str, Annotated[str, Field(max_length=200)]] = Field(description="words of the queue's address")
    shared: bool = Field(default=False, description="with the team")


class RenameIn(_In):
    """Another name, and who sees it."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    shared: bool


class FilterOut(_Out):
    """A saved filter; `team` sees it, its owner alone where it is null."""

    filter_id: str
    owner: str
    name: str
    team: str | None
    query: dict[str, str]
    saved_at: datetime


class FilterListOut(BaseModel):
    """One's own filters, then those of the team."""

    filters: list[FilterOut]


class FilterCount(BaseModel):
    """How many cases a filter shows; `is_more` where there are at least so many."""

    count: int
    is_more: bool


class FilterCountsOut(BaseModel):
    """By a filter's id, how many cases it shows."""

    counts: dict[str, FilterCount]


class _BulkAsk(_In):
    action: BulkAction
    code: Annotated[str, Field(max_length=60, description="what every case is held by, and by nothing else")]
    reason_code: Annotated[str, Field(max_length=40)] = ""
    comment: Text | None = None
    to: Annotated[str, Field(max_length=64, description="of `assign`")] = ""
    to_role: Annotated[str, Field(max_length=20, description="of `escalate`")] = "ap_approver"

    @property
    def asked(self) -> Asked:
        """As the domain takes it."""
        return Asked(
            action=self.action,
            code=self.code,
            reason_code=self.reason_code,
            comment=self.comment or None,
            to=self.to,
            to_role=self.to_role,
        )


class BulkPreviewIn(_BulkAsk):
    """An action, and the cases it is about."""

    cases: Annotated[list[CaseId], Field(max_length=1_000)]


class SeenCase(_In):
    """A case in the version that was seen."""

    case_id: CaseId
    version: int


class BulkIn(_BulkAsk):
    """An action, and the cases as they were seen. Sent again under its `bulk_id` it does nothing twice."""

    cases: Annotated[list[SeenCase], Field(max_length=1_000)]
    bulk_id: BulkId | None = None


class ForeseenOut(_Out):
    """What the action will make of a case, or why it will be left alone."""

    case_id: str
    version: int
    subject: str
    total: Decimal | None
    currency: str | None
    becomes: Becomes
    code: str | None
    message: str | None
    remedy: str | None


class BulkSumOut(_Out):
    """How many cases will become the same, and how much money they are about, in one currency."""

    becomes: Becomes
    currency: str | None
    count: int
    total: Decimal
    at_stake: Decimal
    without_total: int


class BulkPreviewOut(BaseModel):
    """What will happen; `cases` as `POST /v1/bulk` takes them."""

    sums: list[BulkSumOut]
    cases: list[ForeseenOut]


class BulkResultOut(_Out):
    """What became of a case: as foreseen, or `skipped` where it had changed since."""

    case_id: str
    became: str
    code: str | None
    message: str | None


class BulkOut(_Out):
    """A bulk as far as it has come."""

    bulk_id: str
    asked_by: str
    asked_at: datetime
    asked: dict[str, Any]
    is_done: bool
    results: list[BulkResultOut]


def assigned(case: CaseSummary, receiver: Receiver) -> AssignedOut:
    """A case that was given to somebody, and in whose place."""
    away = receiver.instead_of
    return AssignedOut(
        **CaseOut.model_validate(case).model_dump(),
        named=None if away is None else away.person,
        away_until=None if away is None else away.last_day,
    )


def preview(foreseen: Sequence[Foreseen]) -> BulkPreviewOut:
    """What will happen to each, and the sums."""
    return BulkPreviewOut(
        sums=[BulkSumOut.model_validate(one) for one in sums(foreseen)],
        cases=[
            ForeseenOut(
                case_id=one.case.case_id,
                version=one.case.version,
                subject=one.case.subject,
                total=one.case.total,
                currency=one.case.currency,
                becomes=one.becomes,
                code=one.code,
                message=one.message,
                remedy=one.remedy,
            )
            for one in foreseen
        ],
    )


def done(bulk: Bulk) -> BulkOut:
    """A bulk as it is told."""
    return BulkOut.model_validate(bulk)
