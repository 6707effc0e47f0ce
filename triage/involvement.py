"""Finds out who had a hand in a paper: from its arrivals, its corrections, and the loads of its supplier's record."""

from datetime import datetime, timedelta

from core import audit_log
from core.database import ReadSession
from ingest import documents
from ingest.bank_changes import bank_changes
from triage import decisions
from triage.correction_history import changed_fields
from triage.four_eyes import Hands
from triage.policy import Policy

_USER, _KEY = "user:", "key:"


def hands_in(session: ReadSession, document_id: str, *, supplier_id: str | None, policy: Policy, at: datetime) -> Hands:
    """Everybody who had a hand in a document until now."""
    days = timedelta(days=policy.bank_changes.cool_off_days)
    changes = () if supplier_id is None else bank_changes(session, supplier_id, since=at - days)
    bank = {user: change.at for change in changes if (user := _person(session, change.by)) is not None}
    sent = {_person(session, arrival.arrived_by) for arrival in _arrivals(session, document_id)}
    return Hands(
        sent_in=frozenset(user for user in sent if user is not None),
        corrected={
            by.removeprefix(_USER): tuple(sorted(fields))
            for by, fields in changed_fields(decisions.extractions_of(session, document_id)).items()
        },
        changed_bank=bank,
    )


def _arrivals(session: ReadSession, document_id: str) -> tuple[documents.Arrival, ...]:
    """Those of the document and of the mails and archives it came in: who sends a mail sends what is in it."""
    found: list[documents.Arrival] = []
    waiting, seen = [document_id], set[str]()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        arrivals = documents.arrivals(session, one)
        found += arrivals
        waiting += [arrival.parent_id for arrival in arrivals if arrival.parent_id is not None]
    return tuple(found)


def _person(session: ReadSession, actor: str) -> str | None:
    """The person behind an actor: themselves, or who made the key; None for the system."""
    if actor.startswith(_KEY):
        made = [entry for entry in audit_log.entries(session, subject=actor) if entry.action == "key.added"]
        actor = made[-1].actor if made else ""
    return actor.removeprefix(_USER) if actor.startswith(_USER) else None
