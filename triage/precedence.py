"""Which other papers count when a paper is decided again: those decided before it, and later ones that have cleared.

A paper that came later and still waits takes nothing from an earlier one: the earlier one counts for it already. If
both counted for each other, a duplicate would block its original as soon as that was looked at again.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core import audit_log
from core.database import ReadSession
from triage import case_rows
from triage.facts import Facts

_KNOWN = "known_invoice:"


def without_later_ones(session: ReadSession, facts: Facts) -> Facts:
    """The facts without papers that were first decided after this one and still have an open case."""
    later = _later(session, facts.paper.document_id, {of for _, records in _of_papers(facts) for of, _ in records})
    if not later:
        return facts
    kept: dict[str, Any] = {
        name: tuple(record for of, record in records if of not in later) for name, records in _of_papers(facts)
    }
    return replace(facts, **kept)


def _of_papers(facts: Facts) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """The facts that other papers here are the source of: by attribute, each record with its document."""
    for name in ("known", "billed", "billed_headers", "known_shipments", "shipped"):
        yield name, [(record.document_id, record) for record in getattr(facts, name)]
    yield "recent_invoices", [(record.key.removeprefix(_KNOWN), record) for record in facts.recent_invoices]


def _later(session: ReadSession, own: str, others: set[str]) -> set[str]:
    waiting = case_rows.waiting_documents(session, others)
    if not waiting:
        return set()
    first = audit_log.first_sequences(session, _subjects({own, *waiting}), action="document.decided")
    mine = first.get(_subject(own))
    return {other for other in waiting if mine is not None and first.get(_subject(other), mine) > mine}


def _subject(document_id: str) -> str:
    return f"document:{document_id}"


def _subjects(document_ids: set[str]) -> list[str]:
    return [_subject(document_id) for document_id in sorted(document_ids)]
