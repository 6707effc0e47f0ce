"""What the audit tells, as events about objects: the parts of an OCEL 2.0 log. Pure.

Objects are documents, cases, purchase orders, suppliers, persons and policies; each event is tied to every object it
is about, with a word on how. Texts people typed, and names of files, are no part of it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.audit import AuditEntry
from core.canonical import instant_text
from core.documents import Document
from triage.insights.items import Item, ItemCase
from triage.policies import PolicyVersion

DOCUMENT, CASE, ORDER, SUPPLIER, PERSON, POLICY = (
    "document",
    "case",
    "purchase order",
    "supplier",
    "person",
    "policy",
)
OBJECT_TYPES: Mapping[str, Mapping[str, str]] = {
    DOCUMENT: {"media_type": "string", "origin": "string", "kind": "string"},
    CASE: {
        "about": "string",
        "kind": "string",
        "queue": "string",
        "outcome": "string",
        "codes": "string",
        "amount_at_risk": "float",
        "currency": "string",
        "resolution": "string",
    },
    ORDER: {},
    SUPPLIER: {},
    PERSON: {},
    POLICY: {"version": "integer"},
}
"""Attributes of each type of object, with their types as the standard names them."""

EVENT_ATTRIBUTES: Mapping[str, str] = {
    "sequence": "integer",
    "by": "string",
    "outcome": "string",
    "codes": "string",
    "resolution": "string",
    "reason_code": "string",
    "queue": "string",
    "run": "integer",
}
"""Attributes an event of any type may have: its place in the audit, whether a person or a program did it, and how."""

_TOLD = ("outcome", "resolution", "reason_code", "queue", "run")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """An event with the objects it is tied to.

    Attributes:
        persons, policies: those it is tied to, which must be among the objects.
    """

    event: Mapping[str, Any]
    persons: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()


def is_event(entry: AuditEntry) -> bool:
    """Whether an entry tells of a document, a case or a policy."""
    return entry.subject.partition(":")[0] in {DOCUMENT, CASE, POLICY}


def event_of(entry: AuditEntry, papers: Mapping[str, str], called: Callable[[str], str]) -> Tied:
    """An entry as an event.

    Args:
        papers: the document that each case is about, by id of the case.
        called: what a person is called in the log, by name.
    """
    ties = [(entry.subject, "about")]
    case_id = entry.subject.removeprefix("case:") if entry.subject.startswith("case:") else entry.payload.get("case_id")
    if case_id is not None and not entry.subject.startswith("case:"):
        ties.append((f"case:{case_id}", "opens or changes"))
    if entry.subject.startswith("case:") and case_id in papers:
        ties.append((f"document:{papers[str(case_id)]}", "paper of"))
    policies = frozenset(f"policy:{found}" for found in [entry.payload.get("policy_hash")] if found)
    ties += [(policy, "decided under") for policy in sorted(policies) if policy != entry.subject]
    persons = {entry.actor: "by"} if entry.actor.startswith("user:") else {}
    first = entry.payload.get("first_approval_by")
    if first and entry.action == "case.resolved":
        persons.setdefault(f"user:{first}", "first approval by")
    ties += [(called(name), how) for name, how in persons.items()]
    event = {
        "id": f"event:{entry.sequence}",
        "type": entry.action,
        "time": instant_text(entry.at),
        "attributes": [{"name": name, "value": value} for name, value in _attributes(entry)],
        "relationships": [{"objectId": name, "qualifier": how} for name, how in ties],
    }
    own = {entry.subject} if entry.subject.startswith("policy:") else set[str]()
    return Tied(event=event, persons=frozenset(map(called, persons)), policies=policies | own)


def event_type(name: str) -> dict[str, Any]:
    """A type of event as the log declares it."""
    return {"name": name, "attributes": [{"name": at, "type": kind} for at, kind in EVENT_ATTRIBUTES.items()]}


def object_types() -> list[dict[str, Any]]:
    """The types of objects as the log declares them."""
    return [
        {"name": name, "attributes": [{"name": at, "type": kind} for at, kind in attributes.items()]}
        for name, attributes in OBJECT_TYPES.items()
    ]


def document_object(document: Document, item: Item | None, came_in: str | None) -> dict[str, Any]:
    """A document; one that was decided is tied to its supplier and the orders it names.

    Args:
        came_in: the mail or archive it came in, where that is part of the log.
    """
    values = {"media_type": document.media_type, "origin": document.origin}
    if item is not None:
        values["kind"] = item.kind
    ties = [] if item is None else [(f"purchase order:{number}", "bills or ships") for number in item.orders]
    if item is not None and item.supplier:
        ties.append((f"supplier:{item.supplier}", "sent by"))
    if came_in is not None:
        ties.append((f"document:{came_in}", "came in"))
    return _object(f"document:{document.document_id}", DOCUMENT, values, document.received_at, ties)


def case_objects(item: Item) -> Iterator[dict[str, Any]]:
    """The cases of an item, each tied to the paper it is about; of planning it says what about."""
    for case in item.cases:
        about = item.subject.startswith("document:")
        ties = [(item.subject, "about")] if about else []
        told = _object(
            f"case:{case.case_id}", CASE, _case_values(case, "" if about else item.subject), case.opened_at, ties
        )
        if case.ended_at is not None and case.resolution is not None:
            ended = {"name": "resolution", "time": instant_text(case.ended_at), "value": case.resolution}
            told["attributes"].append(ended)
        yield told


def plain_object(name: str) -> dict[str, Any]:
    """An object of which only the name is told: an order, a supplier, a person."""
    return _object(name, name.partition(":")[0], {}, _BEGINNING, [])


def policy_object(name: str, version: PolicyVersion | None) -> dict[str, Any]:
    """A policy, with its number where it was ever in force here."""
    if version is None:
        return plain_object(name)
    return _object(name, POLICY, {"version": version.version}, version.applied_at, [])


def _attributes(entry: AuditEntry) -> Iterator[tuple[str, Any]]:
    yield "sequence", entry.sequence
    yield "by", "person" if entry.actor.startswith("user:") else "program"
    for name in _TOLD:
        value = entry.payload.get(name)
        if value is not None:
            yield name, value
    codes = entry.payload.get("codes")
    if codes:
        yield "codes", " ".join(codes)


def _case_values(case: ItemCase, about: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": case.kind,
        "queue": case.queue,
        "outcome": case.outcome,
        "codes": " ".join(case.codes),
        "amount_at_risk": float(case.at_risk),
    }
    more = {"currency": case.currency, "about": about}
    return values | {name: value for name, value in more.items() if value}


def _object(
    name: str, kind: str, values: Mapping[str, Any], at: datetime, ties: list[tuple[str, str]]
) -> dict[str, Any]:
    return {
        "id": name,
        "type": kind,
        "attributes": [{"name": each, "time": instant_text(at), "value": value} for each, value in values.items()],
        "relationships": [{"objectId": other, "qualifier": how} for other, how in ties],
    }
