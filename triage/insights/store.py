"""Keeps what the figures are made of, and reads what is asked for: the only way to the tables of the figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.database import ReadSession, WriteSession
from core.nearest import in_parts
from triage.insights.counting import Counts, counts_of
from triage.insights.items import Item, item_from_text, item_to_text
from triage.insights.packing import (
    DAY,
    DONE,
    OPEN,
    OPEN_MEASURES,
    Bundle,
    Place,
    add,
    bundle_from_text,
    bundle_to_text,
    bundles,
    by_day,
)
from triage.insights.scope import Period, Scope
from triage.insights.tables import insight_counts, insight_items, insight_kept, insight_place, insight_versions
from triage.insights.tally import Sums

DEFINITIONS = 1
"""Raised when a figure is defined otherwise: everything is then counted again."""

_ROWS_AT_ONCE = 1_000
_NOTHING = bundle_to_text({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the audit has been counted, by which definitions, and when that was done last."""

    sequence: int = 0
    definitions: int = DEFINITIONS
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItem:
    """An item as it was counted, and the audit's head at that time."""

    item: Item
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Items as they are now, as rows, and the counts that follow, whole, by their place."""

    items: tuple[Mapping[str, Any], ...]
    counts: Mapping[Place, Bundle]


def standing(session: ReadSession) -> Standing:
    """How far counting has come."""
    row = session.one_or_none(select(insight_place).where(insight_place.c.id == 1))
    if row is None:
        return Standing()
    return Standing(sequence=row["sequence"], definitions=row["definitions"], counted_at=row["counted_at"])


def move(session: WriteSession, before: Standing, after: Standing) -> bool:
    """Says how far it has come now; False where another node has moved on, and what was counted must not stand."""
    values = {"sequence": after.sequence, "definitions": after.definitions, "counted_at": after.counted_at}
    new: Any = _insert(session, insight_place).values(id=1, sequence=0, definitions=DEFINITIONS)
    session.run(new.on_conflict_do_nothing(index_elements=["id"]))
    here = (insight_place.c.id == 1, insight_place.c.sequence == before.sequence)
    return session.run(update(insight_place).where(*here).values(**values)) == 1


def forget(session: WriteSession) -> None:
    """Throws every count away, to count anew."""
    for table in (insight_counts, insight_items, insight_versions, insight_place):
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


def planning_items(session: ReadSession, *, after: str, limit: int) -> tuple[Item, ...]:
    """Items that are no papers, in order of their subject."""
    c = insight_items.c
    others = select(c.json).where(c.subject > after, c.subject.not_like("document:%"))
    return tuple(item_from_text(row["json"]) for row in session.all(others.order_by(c.subject).limit(limit)))


def changed(session: ReadSession, counted: Sequence[KeptItem], before: Mapping[str, KeptItem]) -> Changed:
    """What keeping these items changes: the counts they add, in place of those they had before."""
    moved: defaultdict[Place, Bundle] = defaultdict(dict)
    rows = []
    for one in counted:
        old, now = before.get(one.item.subject), counts_of(one.item)
        if old is not None:
            for place, bundle in bundles(old.item, counts_of(old.item), sign=-1):
                add(moved[place], bundle)
        for place, bundle in bundles(one.item, now):
            add(moved[place], bundle)
        rows.append(_item_row(one, now))
    moved = defaultdict(dict, {place: bundle for place, bundle in moved.items() if any(bundle.values())})
    for place, bundle in _kept_counts(session, moved).items():
        add(moved[place], bundle)
    return Changed(items=tuple(rows), counts=moved)


def save(session: WriteSession, change: Changed) -> None:
    """Keeps items and counts. Whoever calls holds the place: nobody else has changed any count since they were read."""
    new: Any = _insert(session, insight_items)
    kept = {name: new.excluded[name] for name in ("supplier", "last_day", "json", "sequence")}
    session.run(new.on_conflict_do_update(index_elements=["subject"], set_=kept), change.items)
    counts: Any = _insert(session, insight_counts)
    written = counts.on_conflict_do_update(index_elements=["row_key"], set_={"json": counts.excluded.json})
    texts = {place: bundle_to_text(bundle) for place, bundle in change.counts.items()}
    rows = [place._asdict() | {"row_key": place.key, "json": text} for place, text in texts.items()]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        session.run(written, rows[start : start + _ROWS_AT_ONCE])
    gone = [place.key for place, text in texts.items() if place.part == OPEN and text == _NOTHING]
    for part in in_parts(gone):
        session.run(delete(insight_counts).where(insight_counts.c.row_key.in_(part)))


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


def sums(session: ReadSession, scope: Scope, periods: Sequence[Period]) -> tuple[Sums, Sums]:
    """Counts of what is asked for: those of each of these periods, and those of what is open, whatever its day."""
    if scope.grain is None:
        return _sums_of_items(session, scope, periods)
    c = insight_counts.c
    within = [_within(period) for period in periods]
    here = (c.grain == ",".join(scope.grain), c.value == scope.value(), *_of_kind(scope))
    asked = select(c.day, c.json).where(c.part == DONE, *here, or_(false(), *within))
    waiting = select(c.day, c.json).where(c.part == OPEN, *here)
    return _by_day(session.rows(asked)), _by_day(session.rows(waiting))


def everything(session: ReadSession) -> dict[str, str]:
    """All counts, as they are kept: to hold against a fresh count."""
    rows = session.all(select(insight_counts.c.row_key, insight_counts.c.json))
    return {row["row_key"]: row["json"] for row in rows if row["json"] != _NOTHING}


def _item_row(one: KeptItem, counts: Counts) -> dict[str, Any]:
    """An item as it is kept, with the last day it counts on: what has not ended counts on any."""
    days = [date.max if key.measure in OPEN_MEASURES else key.day for key in counts]
    return {
        "subject": one.item.subject,
        "supplier": one.item.supplier,
        "last_day": max(days, default=date.min),
        "json": item_to_text(one.item),
        "sequence": one.sequence,
    }


def _kept_counts(session: ReadSession, places: Iterable[Place]) -> dict[Place, Bundle]:
    by_key = {place.key: place for place in places}
    found: dict[Place, Bundle] = {}
    c = insight_counts.c
    for part in in_parts(by_key):
        for row in session.all(select(c.row_key, c.json).where(c.row_key.in_(part))):
            found[by_key[row["row_key"]]] = bundle_from_text(row["json"])
    return found


def _within(period: Period) -> ColumnElement[bool]:
    """Whole weeks of a period by their own counts, and the days that are left."""
    c = insight_counts.c
    days = and_(c.span == DAY, c.day.in_(period.days))
    if period.weeks is None:
        return days
    first, last = period.weeks
    return or_(and_(c.span != DAY, c.day >= first, c.day <= last), days)


def _of_kind(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (insight_counts.c.kind.in_(scope.kinds),) if scope.kinds else ()


def _by_day(rows: Sequence[Sequence[Any]]) -> Sums:
    found: defaultdict[date, list[Bundle]] = defaultdict(list)
    for day, text in rows:
        found[day].append(bundle_from_text(text))
    return found


def _sums_of_items(session: ReadSession, scope: Scope, periods: Sequence[Period]) -> tuple[Sums, Sums]:
    """Counts of one supplier's items, where something else is asked for beside."""
    c, since = insight_items.c, min(period.since for period in periods)
    rows = session.rows(select(c.json).where(c.supplier == scope.supplier, c.last_day >= since))
    found: dict[str, defaultdict[date, Bundle]] = {part: defaultdict(dict) for part in (DONE, OPEN)}
    for (text,) in rows:
        item = item_from_text(text)
        if scope.site not in {None, item.site} or scope.legal_entity not in {None, item.legal_entity}:
            continue
        for part, day, kind, queue, bundle in by_day(counts_of(item)):
            if (not scope.kinds or kind in scope.kinds) and scope.queue in {None, queue}:
                add(found[part][day], bundle)
    done, waiting = ({day: [bundle] for day, bundle in found[part].items()} for part in (DONE, OPEN))
    return done, waiting


def _insert(session: ReadSession, table: Any) -> Any:
    return (postgresql if session.dialect == "postgresql" else sqlite).insert(table)
