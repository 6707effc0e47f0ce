"""Which other papers count when a paper is decided again: those decided before it, and later ones that have cleared.

A paper that came later and still waits takes nothing from an earlier one: the earlier one counts for it already. If
both counted for each other, a duplicate would block its original as soon as that was looked at again.
"""

from dataclasses import replace

from core import audit_log
from core.database import ReadSession
from triage import case_rows
from triage.facts import Facts

_KNOWN = "known_invoice:"


def without_later_ones(session: ReadSession, facts: Facts) -> Facts:
    """The facts without papers that were first decided after this one and still have an open case."""
    recent = {at.key.removeprefix(_KNOWN) for at in facts.recent_invoices if at.key.startswith(_KNOWN)}
    others = recent | {at.document_id for at in facts.known}
    others |= {at.document_id for at in facts.billed} | {at.document_id for at in facts.billed_headers}
    waiting = case_rows.waiting_documents(session, others)
    if not waiting:
        return facts
    own = facts.paper.document_id
    first = audit_log.first_sequences(session, _subjects({own, *waiting}), action="document.decided")
    mine = first.get(_subject(own))
    later = {other for other in waiting if mine is not None and first.get(_subject(other), mine) > mine}
    return replace(
        facts,
        known=tuple(at for at in facts.known if at.document_id not in later),
        billed=tuple(at for at in facts.billed if at.document_id not in later),
        billed_headers=tuple(at for at in facts.billed_headers if at.document_id not in later),
        recent_invoices=tuple(at for at in facts.recent_invoices if at.key.removeprefix(_KNOWN) not in later),
    )


def _subject(document_id: str) -> str:
    return f"document:{document_id}"


def _subjects(document_ids: set[str]) -> list[str]:
    return [_subject(document_id) for document_id in sorted(document_ids)]
