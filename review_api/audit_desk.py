"""What an auditor does at the desk: looks for entries, sees how far the chain is verified, takes an export away."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from core import audit_log, audit_rounds, audit_search
from core.audit import AuditEntry
from core.audit_rounds import Verified
from core.audit_search import AuditFilter
from core.database import ReadSession
from review_api import audit_export, blinding
from review_api.auth import Principal
from review_api.services import Services
from triage import case_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A part of the chain, newest first, and how far the chain is verified.

    Attributes:
        newest: sequence of the newest entry of the whole chain.
        next_before: where the next part begins; None at the end.
        left_out: subjects that whoever asks may not know of yet, because they are to check a paper blind.
    """

    entries: tuple[AuditEntry, ...]
    newest: int
    next_before: int | None
    verified: Verified
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChoices:
    """What there is to choose from: kinds of acts, and who has done something."""

    actions: tuple[str, ...]
    actors: tuple[str, ...]


def filter_of(
    *,
    subject: str | None = None,
    action: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> AuditFilter:
    """A filter from what was asked for; blanks leave a thing open."""
    subjects = (subject.strip(),) if subject and subject.strip() else ()
    return AuditFilter(
        subjects=subjects,
        action=(action or "").strip() or None,
        actor=(actor or "").strip() or None,
        since=since,
        until=until,
    )


def find(
    services: Services,
    principal: Principal,
    wanted: AuditFilter,
    *,
    before: int | None = None,
    limit: int = 100,
    related: bool = False,
) -> AuditPage:
    """Entries from the newest back that this person may know of.

    Args:
        related: with those about what belongs to the subject: the paper of a case, the cases of a paper.
    """
    wanted = blinding.narrowed(services, principal, wanted)
    with services.db.read() as session:
        asked = replace(wanted, subjects=_with_related(session, wanted.subjects)) if related else wanted
        entries = audit_search.newest(session, asked, before=before, limit=limit)
        head = audit_log.head(session)
        verified = audit_rounds.verified(session)
    more = entries[-1].sequence if len(entries) == limit else None
    return AuditPage(
        entries=entries,
        newest=0 if head is None else head.sequence,
        next_before=more,
        verified=verified,
        left_out=len(wanted.without),
    )


def choices(services: Services) -> AuditChoices:
    """What the filter offers."""
    with services.db.read() as session:
        return AuditChoices(actions=audit_search.actions(session), actors=audit_search.actors(session))


def verified(services: Services) -> Verified:
    """How far the chain is verified, and when."""
    with services.db.read() as session:
        return audit_rounds.verified(session)


def export(
    services: Services, principal: Principal, wanted: AuditFilter, *, related: bool = False
) -> tuple[str, Iterator[bytes]]:
    """An export as a zip, piece by piece, and what it is called. That it was taken is told in the audit.

    For who is to check a paper blind it is a part: without the entries about that paper.
    """
    wanted = blinding.narrowed(services, principal, wanted)
    if related:
        with services.db.read() as session:
            wanted = replace(wanted, subjects=_with_related(session, wanted.subjects))
    begun = audit_export.begin_export(
        services.db,
        services.settings.checkpoints(),
        wanted,
        by=principal.actor,
        at=services.clock.now(),
    )
    return audit_export.file_name(begun), audit_export.zipped(services.db, begun)


def _with_related(session: ReadSession, subjects: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for subject in subjects:
        kind, _, name = subject.partition(":")
        found.append(subject)
        if kind == "case":
            about = case_rows.subject_of(session, name)
            found += [] if about is None else [about if ":" in about else f"document:{about}"]
        elif kind == "document":
            found += [f"case:{case.case_id}" for case in case_rows.of_document(session, name)]
    return tuple(dict.fromkeys(found))
