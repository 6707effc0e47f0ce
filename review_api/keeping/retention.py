"""Erases papers whose retention period is over, one transaction each, and removes their bytes when that stands."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from core import audit_log
from core.database import Database
from core.documents import Document
from core.errors import ClearholdError, InputError, UnavailableError
from core.pauses import Pause
from core.settings import Settings
from ingest import documents, erasures
from review_api.keeping.backup import ONE_AT_A_TIME
from review_api.services import Services
from triage import erasing
from triage.erasing import DUE, PARTS
from triage.retention_rules import Retention, months_before, retention_from_text

SUBJECT = "house:retention"
LOOK_EVERY_SECONDS = 600.0
_AT_ONCE = 200
_log = logging.getLogger("clearhold.retention")

Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Group:
    """Papers that stand alike: how many, since when, and how much money they say."""

    legal_entity: str | None
    document_type: str
    verdict: str
    rule: str | None
    papers: int = 0
    oldest_at: datetime | None = None
    amounts: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What a run has erased; `looked_at` counts all that were old enough to be looked at."""

    looked_at: int
    erased: int
    files_removed: int
    is_whole: bool


def read_rules(settings: Settings) -> Retention:
    """The rules of the settings.

    Raises:
        InputError: `RETENTION-NONE` when there are none, `RETENTION-INVALID`.
    """
    path: Path | None = settings.retention
    if path is None:
        raise InputError(
            "RETENTION-NONE", "No retention rules are set: everything is kept.", "Set CLEARHOLD_RETENTION to a file."
        )
    try:
        return retention_from_text(path.read_text("utf-8"))
    except (OSError, UnicodeError) as error:
        raise InputError("RETENTION-INVALID", f"{path} cannot be read.", "See docs/retention.md.") from error


def preview(db: Database, retention: Retention, now: datetime) -> tuple[Group, ...]:
    """How every paper old enough for the shortest period stands; erases nothing."""
    groups: dict[tuple[str, ...], Group] = {}
    for document in _candidates(db, retention, now):
        with db.read() as session:
            one = erasing.stand(session, document, retention, erasures.holds(session), now)
        rule = None if one.rule is None else str(one.rule)
        key = (one.verdict, one.legal_entity or "", one.document_type, rule or "")
        group = groups.setdefault(
            key,
            Group(
                legal_entity=one.legal_entity,
                document_type=one.document_type,
                verdict=one.verdict,
                rule=rule,
            ),
        )
        group.papers += 1
        group.oldest_at = min(group.oldest_at or document.received_at, document.received_at)
        if one.amount is not None and one.currency is not None:
            group.amounts[one.currency] = group.amounts.get(one.currency, Decimal(0)) + one.amount
    return tuple(groups[key] for key in sorted(groups))


def run(
    services: Services,
    retention: Retention,
    *,
    by: str,
    limit: int | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Erased:
    """Erases what is due, at most `limit` papers; a whole run is told to the audit log.

    Raises:
        ConflictError: `DB-BUSY-ELSEWHERE` while a backup is made, `AUDIT-CHANGED`.
    """
    db, now = services.db, services.clock.now()
    looked_at = erased = 0
    containers: list[Document] = []
    with db.alone(ONE_AT_A_TIME):
        for document in _candidates(db, retention, now):
            if erased == limit:
                break
            looked_at += 1
            verdict = _erase(services, document, retention, by=by)
            erased += verdict == DUE
            containers += [document] if verdict == PARTS else []
            progress(erased, looked_at)
        is_whole = erased != limit
        # A mail is older than what came in it, an archive in a mail younger: from the newest back each finds its parts.
        erased += sum(_erase(services, one, retention, by=by) == DUE for one in reversed(containers))
        done = Erased(looked_at=looked_at, erased=erased, files_removed=_remove_bytes(services), is_whole=is_whole)
        if is_whole:
            told = {"looked_at": looked_at, "erased": erased, "rules": [str(rule) for rule in retention.rules]}
            with db.write() as session:
                audit_log.append(session, at=now, actor=by, action="retention.run", subject=SUBJECT, payload=told)
    return done


class DailyRetention:
    """A worker's share: once a day over all nodes, some papers at a time while nothing else waits."""

    def __init__(self, services: Services, actor: str) -> None:
        self._services, self._actor = services, actor
        self._rest = Pause(LOOK_EVERY_SECONDS)

    def go_on(self) -> None:
        """Erases some of what is due where the rules say so; that it cannot now stops no other work."""
        if self._services.settings.retention is None or not self._rest.is_over:
            return
        try:
            retention = read_rules(self._services.settings)
            is_due = retention.daily and self._is_time()
            if is_due and not run(self._services, retention, by=self._actor, limit=_AT_ONCE).is_whole:
                return
        except UnavailableError:
            raise
        except ClearholdError as error:
            _log.warning("retention code=%s %s", error.code, error.message)
        self._rest.begin()

    def _is_time(self) -> bool:
        with self._services.db.read() as session:
            runs = audit_log.newest_entries(session, subject=SUBJECT, limit=1)
        return not runs or self._services.clock.now() - runs[0].at >= timedelta(days=1)


def _erase(services: Services, document: Document, retention: Retention, *, by: str) -> str:
    """Returns how it stood. Looks again inside the transaction: a case may have been opened, a hold set meanwhile."""
    now = services.clock.now()
    with services.db.read() as session:
        verdict = erasing.stand(session, document, retention, erasures.holds(session), now).verdict
    if verdict != DUE:
        return verdict
    with services.db.write() as session:
        standing = erasing.stand(session, document, retention, erasures.holds(session), now)
        if standing.verdict == DUE:
            erasing.erase(session, standing, at=now, by=by)
    return standing.verdict


def _remove_bytes(services: Services) -> int:
    """Removes what was noted; broken off, the next run goes on."""
    with services.db.read() as session:
        waiting = erasures.to_remove(session)
    removed = 0
    for document_id, hashes in waiting.items():
        for sha256 in hashes:
            services.pages.forget(sha256)
            with services.db.read() as session:
                named = documents.by_sha(session, sha256) is not None or erasing.still_named(session, sha256)
            removed += 0 if named else services.store.remove(sha256)
        with services.db.write() as session:
            erasures.removed(session, document_id)
    return removed


def _candidates(db: Database, retention: Retention, now: datetime) -> Iterator[Document]:
    before, after = months_before(now, retention.shortest_months), ""
    while True:
        with db.read() as session:
            page = erasures.decided_before(session, before, after=after, limit=_AT_ONCE)
        if not page:
            return
        yield from page
        after = page[-1].document_id
