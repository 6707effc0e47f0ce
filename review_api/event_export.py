"""Exports what happened as an OCEL 2.0 log (JSON), piece by piece: for process mining.

Events first, then the objects they name, then the types of both: so nothing but the names of people, policies, orders
and suppliers is held in memory, and of a part of the log those of the documents and cases in it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from core import audit_log, audit_search
from core.audit_search import AuditFilter
from core.canonical import canonical_json, to_jsonable
from core.database import Database
from core.documents import Document
from ingest import documents
from review_api.auth import Principal
from review_api.services import Services
from triage import case_rows, policies
from triage.case_records import PLANNING_KINDS
from triage.insights import store, upkeep
from triage.insights.event_log import (
    case_objects,
    document_object,
    event_of,
    event_type,
    is_event,
    object_types,
    plain_object,
    policy_object,
)

_AT_ONCE = 1_000
_KEY = "event-log-key"
_KEY_BYTES = 32


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What the events named. `things` are documents and cases, kept only where a part of the log is exported."""

    is_part: bool
    types: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    policies: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    suppliers: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        """Whether an object is part of it."""
        return not self.is_part or name in self.things


def event_log(services: Services, principal: Principal, wanted: AuditFilter) -> Iterator[str]:
    """The log as pieces of one JSON document; that it is taken is told to the audit.

    Args:
        wanted: from which instant to which; the whole log where it is open.
    """
    upkeep.catch_up(services.db, services.clock)
    told = to_jsonable({"since": wanted.since, "until": wanted.until, "people": services.settings.event_log_people})
    with services.db.write() as session:
        entry = audit_log.append(
            session, at=services.clock.now(), actor=principal.actor, action="event_log.exported", subject="audit:log",
            payload=told,
        )  # fmt: skip
    return _pieces(services, wanted, last=entry.sequence - 1)


def _pieces(services: Services, wanted: AuditFilter, *, last: int) -> Iterator[str]:
    seen = _Seen(is_part=not wanted.takes_everything)
    yield '{"events":['
    yield from _listed(_events(services, wanted, seen, last))
    yield '],"objects":['
    yield from _listed(_objects(services.db, seen))
    yield f'],"objectTypes":{canonical_json(object_types())},'
    yield f'"eventTypes":{canonical_json([event_type(name) for name in sorted(seen.types)])}}}\n'


def _events(services: Services, wanted: AuditFilter, seen: _Seen, last: int) -> Iterator[object]:
    called = _calling(services)
    for part in audit_search.walk(services.db, wanted, last=last):
        entries = [entry for entry in part if is_event(entry)]
        names = {entry.subject.removeprefix("case:") for entry in entries if entry.subject.startswith("case:")}
        with services.db.read() as session:
            about = case_rows.subjects_of(session, names)
        papers = {case_id: subject for case_id, (kind, subject) in about.items() if kind not in PLANNING_KINDS}
        for entry in entries:
            tied = event_of(entry, papers, called)
            seen.types.add(entry.action)
            seen.persons |= tied.persons
            seen.policies |= tied.policies
            if seen.is_part:
                seen.things.update(tie["objectId"] for tie in tied.event["relationships"])
            yield tied.event


def _objects(db: Database, seen: _Seen) -> Iterator[object]:
    yield from _papers(db, seen)
    yield from _planning(db, seen)
    with db.read() as session:
        versions = {f"policy:{one.policy_hash}": one for one in reversed(policies.history(session))}
    yield from (plain_object(name) for name in sorted(seen.orders | seen.suppliers | seen.persons))
    yield from (policy_object(name, versions.get(name)) for name in sorted(seen.policies))


def _papers(db: Database, seen: _Seen) -> Iterator[object]:
    """Documents with their cases."""
    last: Document | None = None
    while True:
        with db.read() as session:
            page = documents.newest(session, before=last, limit=_AT_ONCE)
            items = store.items(session, [f"document:{one.document_id}" for one in page])
        for document in page:
            name = f"document:{document.document_id}"
            kept = items.get(name)
            cases = [] if kept is None else [case for case in case_objects(kept.item) if seen.has(case["id"])]
            if not (cases or seen.has(name)):
                continue
            if kept is not None:
                seen.orders.update(f"purchase order:{number}" for number in kept.item.orders)
                seen.suppliers.update(f"supplier:{name}" for name in [kept.item.supplier] if name)
            came_in = document.parent_id if seen.has(f"document:{document.parent_id}") else None
            yield document_object(document, None if kept is None else kept.item, came_in)
            yield from cases
        if not page:
            return
        last = page[-1]


def _planning(db: Database, seen: _Seen) -> Iterator[object]:
    after = ""
    while True:
        with db.read() as session:
            page = store.planning_items(session, after=after, limit=_AT_ONCE)
        if not page:
            return
        for item in page:
            yield from (case for case in case_objects(item) if seen.has(case["id"]))
        after = page[-1].subject


def _calling(services: Services) -> Callable[[str], str]:
    """What people are called: by a pseudonym that only this house can make, or by name where the settings say so."""
    if services.settings.event_log_people == "names":
        return lambda actor: f"person:{actor.removeprefix('user:')}"
    key = _house_key(services)
    return lambda actor: f"person:{hmac.new(key, actor.encode(), hashlib.sha256).hexdigest()[:16]}"


def _house_key(services: Services) -> bytes:
    """The key of the pseudonyms, made at the first export: a person keeps theirs from one log to the next."""
    with services.db.write() as session:
        kept = store.kept(session, _KEY)
        if kept is None:
            made = secrets.token_hex(_KEY_BYTES)
            store.keep(session, _KEY, made, at=services.clock.now())
            return bytes.fromhex(made)
    return bytes.fromhex(kept[1])


def _listed(values: Iterable[object]) -> Iterator[str]:
    between = ""
    for value in values:
        yield between + canonical_json(value)
        between = ",\n"
