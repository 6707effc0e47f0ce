"""Keeps what the figures are made of, and sums it up for what is asked: the only way to the tables of the figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.database import ReadSession, WriteSession
from core.nearest import in_parts
from triage.insights.counting import Count, Counts, Key, counts_of, gathered, minus
from triage.insights.items import Item, item_from_text, item_to_text
from triage.insights.scope import GRAINS, RANKED_GRAINS, RANKED_MEASURES, SEPARATOR, Scope, value_of
from triage.insights.tables import insight_days, insight_items, insight_kept, insight_place, insight_versions

DEFINITIONS = 1
"""Raised when a figure is defined otherwise: everything is then counted again."""

OPEN_MEASURES = ("open", "due", "discount_open")
"""Counts of what has not ended: they stand whatever the period is."""

_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the audit has been counted, by which definitions, and when that was done last."""

    sequence: int = 0
    definitions: int = DEFINITIONS
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItem:
    """An item as it was counted, and the audit's head at that time."""

    item: Item
    sequence: int


Sums = Mapping[tuple[date, str, str], Count]
"""By day, measure and bucket."""


def place(session: ReadSession) -> Place:
    """How far counting has come."""
    row = session.one_or_none(select(insight_place).where(insight_place.c.id == 1))
    if row is None:
        return Place()
    return Place(sequence=row["sequence"], definitions=row["definitions"], counted_at=row["counted_at"])


def move(session: WriteSession, before: Place, after: Place) -> bool:
    """Says how far it has come now; False where another node has moved on, and what was counted must not stand."""
    values = {"sequence": after.sequence, "definitions": after.definitions, "counted_at": after.counted_at}
    new: Any = _insert(session, insight_place).values(id=1, sequence=0, definitions=DEFINITIONS)
    session.run(new.on_conflict_do_nothing(index_elements=["id"]))
    here = (insight_place.c.id == 1, insight_place.c.sequence == before.sequence)
    return session.run(update(insight_place).where(*here).values(**values)) == 1


def forget(session: WriteSession) -> None:
    """Throws every count away, to count anew."""
    for table in (insight_days, insight_items, insight_versions, insight_place):
        session.run(delete(table))


def items(session: ReadSession, subjects: Iterable[str]) -> dict[str, KeptItem]:
    """These items as they were counted."""
    found: dict[str, KeptItem] = {}
    for part in in_parts(subjects):
        for row in session.all(select(insight_items).where(insight_items.c.subject.in_(part))):
            found[row["subject"]] = KeptItem(item=item_from_text(row["json"]), sequence=row["sequence"])
    return found


def page_of_items(session: ReadSession, *, after: str, limit: int) -> tuple[Item, ...]:
    """Items in order of their subject, from the one after `after`."""
    c = insight_items.c
    rows = session.all(select(c.json).where(c.subject > after).order_by(c.subject).limit(limit))
    return tuple(item_from_text(row["json"]) for row in rows)


def save(session: WriteSession, counted: Sequence[KeptItem], before: Mapping[str, KeptItem]) -> None:
    """Keeps items as they are now, and moves the counts by what differs from before."""
    if not counted:
        return
    rows = [
        {
            "subject": one.item.subject,
            "supplier": one.item.supplier,
            "json": item_to_text(one.item),
            "sequence": one.sequence,
        }
        for one in counted
    ]
    statement: Any = _insert(session, insight_items)
    kept = {name: statement.excluded[name] for name in ("supplier", "json", "sequence")}
    session.run(statement.on_conflict_do_update(index_elements=["subject"], set_=kept), rows)
    changes: dict[tuple[str, str, Key], list[int]] = defaultdict(lambda: [0, 0])
    for one in counted:
        old = before.get(one.item.subject)
        for grain, value, key, count in _difference(None if old is None else old.item, one.item):
            change = changes[grain, value, key]
            change[0] += count.n
            change[1] += count.total
    _add(session, changes)


def add_versions(session: WriteSession, first_seen: Mapping[str, datetime]) -> None:
    """Notes when a version of a model was first used."""
    rows = [{"name": name, "first_at": at} for name, at in first_seen.items()]
    statement: Any = _insert(session, insight_versions)
    session.run(statement.on_conflict_do_nothing(index_elements=["name"]), rows)


def versions(session: ReadSession) -> dict[str, datetime]:
    """When each version of a model was first used, oldest first."""
    rows = session.all(select(insight_versions).order_by(insight_versions.c.first_at, insight_versions.c.name))
    return {row["name"]: row["first_at"] for row in rows}


def keep(session: WriteSession, name: str, document: Any, *, at: datetime) -> None:
    """Keeps what took long to work out, in place of what was kept before."""
    session.run(delete(insight_kept).where(insight_kept.c.name == name))
    session.run(insight_kept.insert(), [{"name": name, "at": at, "json": document}])


def kept(session: ReadSession, name: str) -> tuple[datetime, Any] | None:
    """What was worked out last, and when; None where it never was."""
    row = session.one_or_none(select(insight_kept).where(insight_kept.c.name == name))
    return None if row is None else (row["at"], row["json"])


def sums(session: ReadSession, scope: Scope, *, since: date, until: date) -> Sums:
    """Counts of what is asked for, by day, between two days; of what is open, whatever its day."""
    if scope.grain is None:
        return _sums_of_items(session, scope, since=since, until=until)
    c = insight_days.c
    within = (c.day >= since, c.day <= until, c.measure.not_in(OPEN_MEASURES))
    of_period: Sequence[Sequence[Any]] = session.rows(_summed(scope, *within))
    of_open: Sequence[Sequence[Any]] = session.rows(_summed(scope, c.measure.in_(OPEN_MEASURES)))
    return {
        (day, measure, bucket): Count(int(n), int(total)) for day, measure, bucket, n, total in (*of_period, *of_open)
    }


def ranking(
    session: ReadSession, scope: Scope, by: str, *, since: date, until: date
) -> dict[tuple[str, str, str], Count] | None:
    """Counts of what is ranked by supplier or by site (`by`), by measure and bucket; None where it is not kept so."""
    grain = scope.ranked_by(by)
    if grain is None:
        return None
    c, place = insight_days.c, grain.index(by)
    found = select(c.value, c.measure, c.bucket, func.sum(c.n), func.sum(c.total)).where(
        c.grain == ",".join(grain), c.measure.in_(sorted(RANKED_MEASURES)), c.day >= since, c.day <= until,
        *_of_kind(scope), *_narrowed(scope, by, grain),
    )  # fmt: skip
    rows: Sequence[Sequence[Any]] = session.rows(found.group_by(c.value, c.measure, c.bucket))
    return {
        (value.split(SEPARATOR)[place], measure, bucket): Count(int(n), int(total))
        for value, measure, bucket, n, total in rows
        if n
    }


def _narrowed(scope: Scope, by: str, grain: tuple[str, ...]) -> tuple[ColumnElement[bool], ...]:
    """That the values of the grain are those asked for, where it is ranked by one of them and narrowed to the other."""
    value, asked = insight_days.c.value, {name: getattr(scope, name) for name in grain}
    if asked[by] is not None:
        return (value == value_of(tuple(asked.values())),)
    if len(grain) == 1:
        return ()
    first, last = asked.values()
    if first is None:
        return (value.endswith(SEPARATOR + last, autoescape=True),)
    return (value.startswith(first + SEPARATOR, autoescape=True),)


def values_of(session: ReadSession, grain: str) -> tuple[str, ...]:
    """Every queue, site or legal entity there are counts of, for the page's lists."""
    rows = session.rows(
        select(insight_days.c.value)
        .where(insight_days.c.grain == grain, insight_days.c.measure.in_(("decided", "opened")))
        .distinct()
    )
    return tuple(sorted(str(row[0]) for row in rows))


def everything(session: ReadSession) -> dict[tuple[str, str, Key], Count]:
    """All counts of all grains, as they are kept: to hold against a fresh count."""
    rows = session.all(select(insight_days))
    return {
        (row["grain"], row["value"], Key(row["day"], row["kind"], "", row["measure"], row["bucket"])): Count(
            row["n"], row["total"]
        )
        for row in rows
        if row["n"] or row["total"]
    }


def by_grain(item: Item, counts: Iterable[tuple[Key, Count]]) -> Iterable[tuple[str, str, Key, Count]]:
    """Each count under every grain it is kept by."""
    own = {"supplier": item.supplier, "site": item.site, "legal_entity": item.legal_entity}
    for key, count in counts:
        known = own | {"queue": key.queue}
        for grain in (*GRAINS, *RANKED_GRAINS) if key.measure in RANKED_MEASURES else GRAINS:
            yield ",".join(grain), value_of(tuple(known[name] for name in grain)), key._replace(queue=""), count


def _difference(old: Item | None, new: Item) -> Iterable[tuple[str, str, Key, Count]]:
    if old is None:
        return by_grain(new, counts_of(new).items())
    if (old.supplier, old.site, old.legal_entity) == (new.supplier, new.site, new.legal_entity):
        return by_grain(new, gathered([*minus(counts_of(old)), *counts_of(new).items()]).items())
    return [*by_grain(old, minus(counts_of(old))), *by_grain(new, counts_of(new).items())]


def _add(session: WriteSession, changes: Mapping[tuple[str, str, Key], Sequence[int]]) -> None:
    rows = [
        {
            "grain": grain,
            "value": value,
            "measure": key.measure,
            "day": key.day,
            "kind": key.kind,
            "bucket": key.bucket,
            "n": n,
            "total": total,
        }
        for (grain, value, key), (n, total) in sorted(changes.items())
        if n or total
    ]
    statement: Any = _insert(session, insight_days)
    moved = {name: insight_days.c[name] + statement.excluded[name] for name in ("n", "total")}
    whole = ["grain", "value", "measure", "day", "kind", "bucket"]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        session.run(statement.on_conflict_do_update(index_elements=whole, set_=moved), part)


def _summed(scope: Scope, *conditions: ColumnElement[bool]) -> Select[Any]:
    c = insight_days.c
    here = (c.grain == ",".join(scope.grain or ()), c.value == scope.value(), *_of_kind(scope))
    found = select(c.day, c.measure, c.bucket, func.sum(c.n), func.sum(c.total)).where(*here, *conditions)
    return found.group_by(c.day, c.measure, c.bucket).having(func.sum(c.n) != 0)


def _of_kind(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (insight_days.c.kind.in_(scope.kinds),) if scope.kinds else ()


def _sums_of_items(session: ReadSession, scope: Scope, *, since: date, until: date) -> Sums:
    """Counts of one supplier's items, where something else is asked for beside."""
    rows = session.rows(select(insight_items.c.json).where(insight_items.c.supplier == scope.supplier))
    n: defaultdict[tuple[date, str, str], int] = defaultdict(int)
    total: defaultdict[tuple[date, str, str], int] = defaultdict(int)
    for (text,) in rows:
        item = item_from_text(text)
        if any(
            wanted is not None and wanted != had
            for wanted, had in ((scope.site, item.site), (scope.legal_entity, item.legal_entity))
        ):
            continue
        for key, count in _wanted(scope, counts_of(item), since=since, until=until):
            place = (key.day, key.measure, key.bucket)
            n[place] += count.n
            total[place] += count.total
    return {place: Count(n[place], total[place]) for place in n}


def _wanted(scope: Scope, counts: Counts, *, since: date, until: date) -> Iterable[tuple[Key, Count]]:
    return (
        (key, count)
        for key, count in counts.items()
        if (not scope.kinds or key.kind in scope.kinds)
        and (scope.queue is None or key.queue == scope.queue)
        and (key.measure in OPEN_MEASURES or since <= key.day <= until)
    )


def _insert(session: ReadSession, table: Any) -> Any:
    return (postgresql if session.dialect == "postgresql" else sqlite).insert(table)
