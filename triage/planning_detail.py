"""A planner's case with everything behind it: what was predicted and found, why, and what is recommended."""

from dataclasses import dataclass

from core.audit import AuditEntry
from triage.case_records import CaseComment, CaseSummary
from triage.planning_recorded import RecordedPlanning


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningDetail:
    """Everything the page of one planner's case shows.

    Attributes:
        decision: the newest about the subject, with its facts, prediction and advice.
        history: audit entries of the case and of its subject, oldest first.
    """

    summary: CaseSummary
    decision: RecordedPlanning
    comments: tuple[CaseComment, ...] = ()
    history: tuple[AuditEntry, ...] = ()
