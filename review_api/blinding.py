"""What stays hidden from whoever is to check a sampled paper blind: all that tells what the first to judge it found.

Such a person sees the paper as the machine read it, without how sure it was, wherever it is shown; what was done with
the case since it was opened is left out for them, in the audit too. Whoever has judged the paper sees all of it again,
and an auditor, who judges nothing, sees the whole audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.audit_search import AuditFilter
from core.database import ReadSession
from core.documents import Extraction
from review_api.auth import Principal
from review_api.paper_heads import total_of
from review_api.services import Services
from triage import blind_review, decisions, memory
from triage.blind_rules import SECOND
from triage.case_records import CaseDetail, CaseSummary
from triage.decisions import StoredExtraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Cases whose checks somebody may not know of yet, and what the audit calls all that belongs to them."""

    cases: frozenset[str] = frozenset()
    subjects: tuple[str, ...] = ()


NOTHING = Hidden()


def is_blind(session: ReadSession, principal: Principal, case: CaseSummary | None) -> bool:
    """Whether this person may not know what was found in a case."""
    return case is not None and case.review_stage == SECOND and blind_review.is_blind_for(session, case, principal.name)


def blinded(services: Services, principal: Principal, detail: CaseDetail) -> CaseDetail | None:
    """A sampled paper as the second to check it sees it: as the machine read it, and nothing anybody said of it.

    None where nothing must be hidden from this person.
    """
    with services.db.read() as session:
        seen = blinded_in(session, principal, detail)
    return None if seen is detail else seen


def blinded_in(session: ReadSession, principal: Principal, detail: CaseDetail) -> CaseDetail:
    """A case as this person may see it; the very same where nothing must be hidden."""
    if not is_blind(session, principal, detail.summary):
        return detail
    read = as_read(session, detail.document.document_id)
    first = decisions.decision_of_version(session, detail.document.document_id, read.version)
    opened = next((entry.sequence for entry in detail.history if entry.action == "case.opened"), 0)
    return replace(
        detail,
        summary=_summary_as_read(detail.summary, read.extraction),
        extraction=read.extraction,
        extraction_version=read.version,
        decision=detail.decision if first is None else first.decision,
        run=detail.run if first is None else first.record.run,
        comments=(),
        history=tuple(entry for entry in detail.history if entry.sequence <= opened),
    )


def as_read(session: ReadSession, document_id: str) -> StoredExtraction:
    """What the machine read on a paper, whatever people have put right since."""
    read = decisions.read_by_machine(session, document_id)
    assert read is not None
    return read


def summary(services: Services, principal: Principal, case: CaseSummary) -> CaseSummary:
    """A case as this person may see its line."""
    return summaries(services, principal, (case,))[0]


def summaries(services: Services, principal: Principal, cases: Sequence[CaseSummary]) -> tuple[CaseSummary, ...]:
    """Cases as this person may see their lines: what was corrected in one that is checked blind is not shown."""
    if all(case.review_stage != SECOND for case in cases):
        return tuple(cases)
    with services.db.read() as session:
        return tuple(_line(session, principal, case) for case in cases)


def hidden(services: Services, principal: Principal) -> Hidden:
    """What the audit and the memory may not tell this person yet; nothing to whoever judges no case."""
    if not principal.may("cases.work"):
        return NOTHING
    with services.db.read() as session:
        waiting = blind_review.hidden_from(session, principal.name)
        if not waiting:
            return NOTHING
        remembered = memory.of_cases(session, waiting.keys())
    named = [name for case, paper in waiting.items() for name in (f"case:{case}", f"document:{paper}")]
    return Hidden(cases=frozenset(waiting), subjects=(*named, *(f"memory:{one}" for one in remembered)))


def narrowed(services: Services, principal: Principal, wanted: AuditFilter) -> AuditFilter:
    """A part of the audit without what this person may not know yet."""
    return replace(wanted, without=hidden(services, principal).subjects)


def _line(session: ReadSession, principal: Principal, case: CaseSummary) -> CaseSummary:
    if not is_blind(session, principal, case):
        return case
    return _summary_as_read(case, as_read(session, case.document_id).extraction)


def _summary_as_read(case: CaseSummary, read: Extraction) -> CaseSummary:
    """With the number, total and currency that were read; whom a correction names is hidden with it."""
    who, between, _ = case.subject.partition(" · ")
    number = read.fields.get("invoice_number")
    total, currency = total_of(read)
    subject = f"{who}{between}{number.value}" if between and number is not None else case.subject
    return replace(case, subject=subject, total=total, currency=currency, corrected_by=None)
