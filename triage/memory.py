"""Supplier memory: the corrections people made, from the moment they are typed until somebody withdraws them.

A correction is kept with the case in one transaction; where its value stands is learnt from the paper afterwards, by a
worker, so that no person waits for a paper to be read again and no correction fails because it cannot be.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, func, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.documents import Extraction, Field, Recall, Source
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.ids import new_id
from extraction.knowledge import (
    Correction,
    PaperKeys,
    Place,
    RememberedPaper,
    paper_keys_from_json,
    paper_keys_to_json,
)
from triage.corrections import FIELD_NAMES
from triage.memory_tables import remembered_corrections as table
from triage.storable import storable_text

WITHDRAWING_ROLES = frozenset({"ap_approver", "admin"})
LIST_LIMIT = 500
MOST_COUNTED = 20_000
# Read from the page as a whole or with another field, not from one place.
_NOT_PLACED = frozenset(
    {
        "currency",
        "payment_terms",
        "seller_address",
        "buyer_address",
        "shipper_address",
        "consignee_address",
        "gross_weight_unit",
    }
)
_READ_FROM_PAGES = frozenset({Source.TEXT_LAYER, Source.OCR})
_CONTRADICTION = 2


class MemoryState(StrEnum):
    """Where a remembered correction stands. Only `learnt` ones count."""

    NEW = "new"
    LEARNT = "learnt"
    UNPLACED = "unplaced"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A remembered correction as people see it.

    Attributes:
        keys: what the supplier's papers are known by; the layout of the paper counts besides.
        near: the words beside or over the value's place.
        confirmed, contradicted: how often a person has since agreed with what it led to, or not.
    """

    memory_id: str
    document_id: str
    case_id: str
    field: str
    value: str
    state: MemoryState
    keys: tuple[str, ...]
    near: str
    confirmed: int
    contradicted: int
    remembered_at: datetime
    remembered_by: str
    withdrawn_by: str | None


def remember(
    session: WriteSession,
    *,
    document_id: str,
    case_id: str,
    before: Extraction,
    after: Extraction,
    at: datetime,
    user: str,
) -> None:
    """Keeps what a correction changed in the header, to be learnt; it stands for earlier ones of the same paper."""
    changed = {
        name: after.fields.get(name)
        for name in sorted({*before.fields, *after.fields} & (FIELD_NAMES - _NOT_PLACED))
        if _value(before.fields.get(name)) != _value(after.fields.get(name))
    }
    if not changed:
        return
    standing = (MemoryState.NEW, MemoryState.LEARNT, MemoryState.UNPLACED)
    session.run(
        update(table)
        .where(table.c.document_id == document_id, table.c.field.in_(sorted(changed)), table.c.state.in_(standing))
        .values(state=MemoryState.REPLACED.value, changed_at=at)
    )
    if before.source not in _READ_FROM_PAGES:
        return
    rows = [
        {
            "memory_id": new_id("mem", at),
            "document_id": document_id,
            "case_id": case_id,
            "field": name,
            "value": field.value,
            "state": MemoryState.NEW.value,
            "remembered_at": at,
            "remembered_by": user,
            "changed_at": at,
        }
        for name, field in changed.items()
        if field is not None
    ]
    if rows:
        session.run(table.insert(), rows)


def to_learn(session: ReadSession, *, limit: int = 50) -> tuple[Memory, ...]:
    """Corrections whose place on the paper is not known yet, the oldest first."""
    waiting = select(table).where(table.c.state == MemoryState.NEW.value).order_by(table.c.memory_id)
    return tuple(_memory(row) for row in session.all(waiting.limit(limit)))


def learnt(
    session: WriteSession,
    waiting: Iterable[Memory],
    paper: PaperKeys,
    places: Mapping[str, Place],
    *,
    at: datetime,
    actor: str,
) -> None:
    """Keeps where the values stand; one that stands nowhere on the paper is kept as such and never counts."""
    audit_log.lock_chain(session)
    for memory in waiting:
        place = places.get(memory.field)
        state = MemoryState.UNPLACED if place is None else MemoryState.LEARNT
        values = {
            "state": state.value,
            "paper": None if place is None else paper_keys_to_json(paper),
            "place": _place_to_json(place),
            "changed_at": at,
        }
        still_new = (table.c.memory_id == memory.memory_id) & (table.c.state == MemoryState.NEW.value)
        if session.run(update(table).where(still_new).values(values)):
            facts = {
                "field": memory.field,
                "case_id": memory.case_id,
                "document_id": memory.document_id,
                "state": state,
                "keys": sorted(paper.keys),
                "place": _place_to_json(place),
            }
            audit_log.append(
                session,
                at=at,
                actor=actor,
                action="memory.learnt",
                subject=f"memory:{memory.memory_id}",
                payload=facts,
            )


def withdraw(session: WriteSession, memory_id: str, *, user: str, role: str, at: datetime) -> Memory:
    """Ends what a correction does to later papers; an earlier one of the same field counts again. The case stays.

    Raises:
        ForbiddenError: `MEMORY-ROLE`: neither an approver nor who made it.
        NotFoundError: `MEMORY-NOT-FOUND`.
        ConflictError: `MEMORY-ENDED`.
    """
    audit_log.lock_chain(session)
    before = get(session, memory_id)
    if role not in WITHDRAWING_ROLES and before.remembered_by != user:
        raise ForbiddenError(
            "MEMORY-ROLE",
            f"The role {role} may withdraw its own corrections only.",
            f"Ask {before.remembered_by}, or an approver.",
        )
    if before.state in {MemoryState.WITHDRAWN, MemoryState.REPLACED}:
        raise ConflictError("MEMORY-ENDED", "This correction does not count any more.", "There is nothing to withdraw.")
    values = {"state": MemoryState.WITHDRAWN.value, "withdrawn_by": user, "changed_at": at}
    session.run(update(table).where(table.c.memory_id == memory_id).values(values))
    facts = {
        "field": before.field,
        "value": before.value,
        "case_id": before.case_id,
        "document_id": before.document_id,
        "remembered_by": before.remembered_by,
    }
    audit_log.append(
        session, at=at, actor=f"user:{user}", action="memory.withdrawn", subject=f"memory:{memory_id}", payload=facts
    )
    return get(session, memory_id)


def count_approved(session: WriteSession, extraction: Extraction, *, at: datetime, undone: bool = False) -> None:
    """A person has approved a paper, or taken that back.

    What remembered corrections led to was right; where another value stood against one of them, that was.
    """
    judged = {
        one.field
        for one in extraction.recalls
        if one.field in extraction.fields and not _is_typed(extraction, one.field)
    }
    step = -1 if undone else 1
    _count(session, extraction.recalls, judged, at=at, step=step, is_right=lambda recall: recall.followed)


def count_corrected(session: WriteSession, before: Extraction, after: Extraction, *, at: datetime) -> None:
    """A person has corrected a paper: a value a remembered correction led to was wrong if it was changed."""
    named = {name for name in after.fields if before.fields.get(name) != after.fields.get(name)}
    gone = {name for name in before.fields if name not in after.fields}
    followed = [one for one in before.recalls if one.followed]
    _count(
        session,
        followed,
        named | gone,
        at=at,
        is_right=lambda recall: _value(before.fields.get(recall.field)) == _value(after.fields.get(recall.field)),
    )


def remembered(session: ReadSession) -> tuple[RememberedPaper, ...]:
    """What counts for the next papers, the newest first; the newest of each field and layout stands for older ones."""
    from extraction.knowledge_keys import newest_of_each

    rows = session.all(
        select(table)
        .where(table.c.state == MemoryState.LEARNT.value)
        .order_by(table.c.remembered_at.desc(), table.c.memory_id.desc())
        .limit(MOST_COUNTED)
    )
    return newest_of_each(
        [RememberedPaper(paper=paper_keys_from_json(row["paper"]), corrections=(_correction(row),)) for row in rows]
    )


def marker(session: ReadSession) -> tuple[object, ...]:
    """Changes whenever `remembered` would answer otherwise."""
    learnt_ones = table.c.state == MemoryState.LEARNT.value
    row = session.one_or_none(
        select(
            func.count(),
            func.sum(table.c.confirmed),
            func.sum(table.c.contradicted),
            func.max(table.c.changed_at),
            func.max(table.c.memory_id),
        ).where(learnt_ones)
    )
    return () if row is None else tuple(row.values())


def list_memory(
    session: ReadSession,
    *,
    field: str | None = None,
    state: str | None = None,
    after: str | None = None,
    without: Collection[str] = (),
    limit: int = 50,
) -> tuple[Memory, ...]:
    """Remembered corrections from the newest back.

    Args:
        without: cases whose corrections are left out.
        after: id of the last one of the part before.
    """
    wanted = select(table)
    if field is not None:
        wanted = wanted.where(table.c.field == field)
    if state is not None:
        wanted = wanted.where(table.c.state == state)
    if after is not None:
        wanted = wanted.where(table.c.memory_id < after)
    if without:
        wanted = wanted.where(table.c.case_id.not_in(sorted(without)))
    rows = session.all(wanted.order_by(table.c.memory_id.desc()).limit(max(1, min(limit, LIST_LIMIT))))
    return tuple(_memory(row) for row in rows)


def of_cases(session: ReadSession, case_ids: Collection[str]) -> tuple[str, ...]:
    """Ids of what is remembered of corrections made on these cases."""
    found = select(table.c.memory_id).where(table.c.case_id.in_(sorted(case_ids))).order_by(table.c.memory_id)
    return tuple(row["memory_id"] for row in session.all(found))


def get(session: ReadSession, memory_id: str) -> Memory:
    """One remembered correction.

    Raises:
        NotFoundError: `MEMORY-NOT-FOUND`.
    """
    row = session.one_or_none(select(table).where(table.c.memory_id == memory_id))
    if row is None:
        raise NotFoundError(
            "MEMORY-NOT-FOUND", f"There is no remembered correction {memory_id!r}.", "List them: clearhold memory list."
        )
    return _memory(row)


def weight_of(confirmed: int, contradicted: int) -> float:
    """How much a correction counts, 0 to 1: a contradiction takes as much as two confirmations give."""
    return round((1 + confirmed) / (1 + confirmed + _CONTRADICTION * contradicted), 2)


def _count(
    session: WriteSession,
    recalls: Iterable[Recall],
    judged: Collection[str],
    *,
    at: datetime,
    is_right: Callable[[Recall], bool],
    step: int = 1,
) -> None:
    for recall in recalls:
        if recall.field in judged:
            counter = table.c.confirmed if is_right(recall) else table.c.contradicted
            session.run(
                update(table)
                .where(table.c.memory_id == recall.memory_id)
                .values({counter.name: counter + step, "changed_at": at})
            )


def _is_typed(extraction: Extraction, name: str) -> bool:
    """Whether a person wrote the value: their correction has been counted already."""
    return any(reason.startswith("corrected by") for reason in extraction.fields[name].reasons)


def _place_to_json(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else asdict(place) | {"shape": storable_text(place.shape)}


def _value(field: Field | None) -> str | None:
    return None if field is None else field.value


def _correction(row: RowMapping) -> Correction:
    return Correction(
        memory_id=row["memory_id"],
        field=row["field"],
        place=Place(**row["place"]),
        on=row["remembered_at"].date().isoformat(),
        weight=weight_of(row["confirmed"], row["contradicted"]),
    )


def _memory(row: RowMapping) -> Memory:
    place, paper = row["place"] or {}, row["paper"] or {}
    return Memory(
        memory_id=row["memory_id"],
        document_id=row["document_id"],
        case_id=row["case_id"],
        field=row["field"],
        value=row["value"],
        state=MemoryState(row["state"]),
        keys=tuple(paper.get("keys", ())),
        near=place.get("left") or place.get("above") or "",
        confirmed=row["confirmed"],
        contradicted=row["contradicted"],
        remembered_at=row["remembered_at"],
        remembered_by=row["remembered_by"],
        withdrawn_by=row["withdrawn_by"],
    )
