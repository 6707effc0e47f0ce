"""A case as people see it: the summary of the queue, the detail of one case, comments, counts and pages of a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.audit import AuditEntry
from core.decisions import Decision, Outcome
from core.documents import Document, Extraction
from triage.facts import Facts

PROMISE_KIND = "promise"
"""The kind of a case about a broken error promise, bound to the paper whose blind check broke it."""

PLANNING_KINDS = frozenset({"order", "demand", "recommendation", "bill"})
"""Kinds of cases about no paper: an order, odd demand, a recommendation, the ERP's bill; `document_id` names it."""

BILL_KIND = "bill"
"""A posted invoice that is looked at before it is settled: for accounts payable, as papers are."""


class CaseState(StrEnum):
    """Where a case stands. A claim that has run out counts as open.

    `asked`: somebody has been asked; it is in no queue until they answer or the time for that is over.
    """

    OPEN = "open"
    CLAIMED = "claimed"
    ASKED = "asked"
    RESOLVED = "resolved"


NOBODY_ASKED: Mapping[str, Any] = {"waits_for": None, "waits_until": None, "asked_by": None}
"""What a case says that waits for no answer."""

RELEASED: Mapping[str, Any] = {
    "state": CaseState.OPEN.value,
    "claimed_by": None,
    "claimed_until": None,
    **NOBODY_ASKED,
}
"""What makes a case anybody's who works in its queue."""


class Resolution(StrEnum):
    """How a case ended.

    `request_information` ended cases before there was a state to wait in; now a case waits.
    `corrected`: a correction cleared it; `cleared_by_facts`: a feed or another policy did. Nobody had to approve.
    """

    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_INFORMATION = "request_information"
    CORRECTED = "corrected"
    CLEARED_BY_FACTS = "cleared_by_facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """One line of the queue.

    Attributes:
        document_id: the paper; of a planner's case what it is about (`sales_order:O17`).
        kind: `invoice`, `shipment`, `other`, `promise`; `order`, `demand`, `recommendation`, `bill`.
        subject: who and what, in words (`Nordlicht GmbH · R-8812`).
        headline: the first finding's sentence.
        codes: codes of all findings, the strictest first, each once.
        amount_at_risk: in `currency`; 0 when nothing can be lost.
        total: the paper's total with VAT, in `currency`.
        priority: expected money lost, the order of the queue.
        needs_role: the role an escalation or a second approval waits for.
        claim_token: grows with every claim; the holder's token is refused once someone else has claimed.
        version: grows with every change; `If-Match` compares it.
        first_approval_by, first_approval_role, first_approval_reason: who has approved, where a second person must
            agree.
        corrected_by: whose correction waits for another person, where nothing else holds the paper.
        judged_against: mark of the feeds, policy and rules it was judged against; None where it must be looked at
            again.
        route: the route of the policy that chose its queue: `name`, `queue`, `needs_role`, `priority_factor`.
        assigned_to, assigned_by: whose work it is, where somebody was given it, and who said so.
        waiting_since: when it was last given back or handed on; None since it was opened.
        escalated_at, escalations: when the policy last handed it on by itself, and by which of its rules so far.
        waits_for, waits_until, asked_by: whose answer it waits for and until when, and who asked.
        review_stage: `second` where a second person is to check it blind, `third` where the two did not agree.
        undo_until: so long who ended it may take that back; None where it cannot be.
        resolved_role: the role of who ended it; None where a correction did.
    """

    case_id: str
    document_id: str
    kind: str
    state: CaseState
    outcome: Outcome
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
    opened_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None
    claim_token: int
    version: int
    route: Mapping[str, Any] | None = None
    first_approval_by: str | None = None
    first_approval_role: str | None = None
    first_approval_reason: str | None = None
    corrected_by: str | None = None
    judged_against: str | None = None
    assigned_to: str | None = None
    assigned_by: str | None = None
    waiting_since: datetime | None = None
    escalated_at: datetime | None = None
    escalations: tuple[str, ...] = ()
    waits_for: str | None = None
    waits_until: datetime | None = None
    asked_by: str | None = None
    review_stage: str | None = None
    undo_until: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    resolved_role: str | None = None
    resolution: Resolution | None = None
    reason_code: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseComment:
    """A note somebody left on a case."""

    comment_id: str
    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail:
    """Everything the page of one case shows.

    Attributes:
        decision: the newest; `facts` are those it was made from (orders, receipts, supplier).
        extraction: the newest version; `extraction_version` 1 is the reader's, later ones a person's.
        history: audit entries of the case and of its document, oldest first.
    """

    summary: CaseSummary
    document: Document
    extraction: Extraction
    extraction_version: int
    decision: Decision
    run: int
    facts: Facts
    comments: tuple[CaseComment, ...] = ()
    history: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A part of the list, and the cursor of the next part (None at the end)."""

    cases: tuple[CaseSummary, ...]
    next_after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCounts:
    """Numbers on the tabs of the queue: cases not resolved.

    Attributes:
        by_queue: per queue (`ap`, `planning`, those of the policy's routes), open and claimed.
        by_outcome: per outcome (`sample`, `hold`, `block`).
        by_kind: per kind of case.
        second_approval: those that wait for a second person or a higher role.
    """

    mine: int
    second_approval: int
    by_queue: Mapping[str, int] = field(default_factory=dict)
    by_outcome: Mapping[str, int] = field(default_factory=dict)
    by_kind: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where a case stands among those of its queue that wait.

    Attributes:
        place: 1 for the most urgent; None for one that has ended.
        of: how many wait in the queue.
        next_id: the case a person takes up after this one; None when no other is free for them.
    """

    place: int | None
    of: int
    next_id: str | None
