"""Loads a feed file into its table: new rows are added, changed ones replaced and logged, the rest left alone.

All or nothing, for the caller's transaction carries it. Each load leaves one audit entry; what a replaced row said
before stays in `feed_changes`.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update

from core.audit_log import append
from core.database import ReadSession, WriteSession
from core.erp import FeedFreshness
from core.ids import new_id
from ingest.feed_files import MAX_FEED_ROWS, FeedFile, read_feed
from ingest.feed_rows import FeedRow, RejectedRow
from ingest.feeds import FEEDS, FeedSpec
from ingest.receive import plain_file_name
from ingest.tables import feed_changes, feed_freshness, feed_loads, feed_tables

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLoad:
    """What loading a file did. `rows` are those of the file; new, changed and same add up to its distinct ones.

    Attributes:
        rejected: always empty for a load that stands; there so that callers can show both alike.
        renamed: unknown columns, kept as `x_…`.
    """

    feed: str
    file_name: str
    load_id: str
    rows: int
    new: int
    changed: int
    same: int
    rejected: tuple[RejectedRow, ...] = ()
    renamed: tuple[str, ...] = ()


def load_feed(
    session: WriteSession,
    name: str,
    data: bytes,
    *,
    file_name: str,
    actor: str,
    at: datetime,
    max_rows: int = MAX_FEED_ROWS,
    executor: Executor | None = None,
) -> FeedLoad:
    """Reads a feed file and stores it. For large files, `read_feed` first and `store_feed` then keep writing short.

    Raises:
        InputError: see `read_feed`; nothing is stored then.
    """
    file = read_feed(name, data, file_name=file_name, max_rows=max_rows, executor=executor)
    return store_feed(session, file, actor=actor, at=at)


def store_feed(session: WriteSession, file: FeedFile, *, actor: str, at: datetime) -> FeedLoad:
    """Stores a file that was read: its rows, the log of changes, freshness and one audit entry."""
    rows_before = _lock_feed(session, file.spec)
    load_id = new_id("load", at)
    store = _RowStore(session, file.spec, load_id=load_id, at=at)
    for start in range(0, len(file.rows), ROWS_AT_ONCE):
        store.take(file.rows[start : start + ROWS_AT_ONCE], table_is_empty=rows_before == 0)
    keys_hash = sha256("\n".join(sorted(store.touched)).encode()).hexdigest()
    load = FeedLoad(
        feed=file.spec.name,
        file_name=plain_file_name(file.file_name),
        load_id=load_id,
        rows=len(file.rows) + file.repeated,
        new=store.new,
        changed=store.changed,
        same=len(file.rows) - store.new - store.changed,
        renamed=file.renamed,
    )
    _log_load(session, load, file_sha256=file.sha256, keys_hash=keys_hash, actor=actor, at=at)
    fresh = {"loaded_at": at, "rows": rows_before + store.new, "load_id": load_id}
    session.run(update(feed_freshness).where(feed_freshness.c.feed == load.feed).values(fresh))
    return load


def freshness(session: ReadSession) -> tuple[FeedFreshness, ...]:
    """When each of the feeds was last loaded and how many rows it has, in the order of the interface."""
    known = {row["feed"]: row for row in session.all(select(feed_freshness))}
    return tuple(
        FeedFreshness(feed=name, loaded_at=known[name]["loaded_at"], rows=known[name]["rows"])
        if name in known
        else FeedFreshness(feed=name, loaded_at=None)
        for name in FEEDS
    )


def newest_load(session: ReadSession, feed: str) -> str | None:
    """The load that made a feed what it is in this transaction; None when it never was loaded.

    What a feed says changes with its newest load and with nothing else.
    """
    load_id = session.scalar(select(feed_freshness.c.load_id).where(feed_freshness.c.feed == feed))
    return None if load_id is None else str(load_id)


def newest_loads(session: ReadSession) -> Mapping[str, str | None]:
    """The newest load of each feed that was ever loaded."""
    rows = session.all(select(feed_freshness.c.feed, feed_freshness.c.load_id))
    return {row["feed"]: row["load_id"] for row in rows}


class _RowStore:
    """Sorts the rows of one load into new, changed and same, and stores the first two."""

    def __init__(self, session: WriteSession, spec: FeedSpec, *, load_id: str, at: datetime) -> None:
        self._session = session
        self._spec = spec
        self._table = feed_tables[spec.name]
        self._load_id = load_id
        self._at = at
        derived = (column.name for column in spec.derived)
        self._names = ("row_key", *spec.names, *derived, "extra", "row_hash", "changed_at")
        self._derived = tuple((spec.names.index(column.source), column.make) for column in spec.derived)
        self.new = 0
        self.changed = 0
        self.touched: list[str] = []

    def take(self, rows: Sequence[FeedRow], *, table_is_empty: bool) -> None:
        """Stores one handful of rows, no two of the same key."""
        known = {} if table_is_empty else self._hashes(rows)
        new = [row for row in rows if row.row_key not in known]
        changed = [row for row in rows if known.get(row.row_key, row.row_hash) != row.row_hash]
        self._session.run(insert(self._table), [{**self._record(row), "loaded_at": self._at} for row in new])
        self._replace(changed)
        self.new += len(new)
        self.changed += len(changed)
        self.touched += (row.row_key for row in (*new, *changed))

    def _hashes(self, rows: Sequence[FeedRow]) -> dict[str, str]:
        keys = self._table.c.row_key.in_([row.row_key for row in rows])
        found = self._session.all(select(self._table.c.row_key, self._table.c.row_hash).where(keys))
        return {row["row_key"]: row["row_hash"] for row in found}

    def _replace(self, rows: Sequence[FeedRow]) -> None:
        keys = self._table.c.row_key.in_([row.row_key for row in rows])
        before = {row["row_key"]: row for row in self._session.all(select(self._table).where(keys))} if rows else {}
        self._session.run(insert(feed_changes), [self._change(row, before[row.row_key]) for row in rows])
        statement = (
            update(self._table)
            .where(self._table.c.row_key == bindparam("replaced_key"))
            .values({name: bindparam(name) for name in self._names})
        )
        self._session.run(statement, [{**self._record(row), "replaced_key": row.row_key} for row in rows])

    def _record(self, row: FeedRow) -> dict[str, Any]:
        derived = (make(row.values[place]) for place, make in self._derived)
        values = (row.row_key, *row.values, *derived, row.extra, row.row_hash, self._at)
        return dict(zip(self._names, values, strict=True))

    def _change(self, row: FeedRow, before: RowMapping) -> dict[str, Any]:
        return {
            "load_id": self._load_id,
            "feed": self._spec.name,
            "row_key": row.row_key,
            "old_row": dict(_told(self._spec, before)),
            "new_row": dict(_told(self._spec, self._record(row))),
            "changed_at": self._at,
        }


def _told(spec: FeedSpec, record: Mapping[str, Any] | RowMapping) -> Iterator[tuple[str, Any]]:
    """What a row says, without what it leaves out."""
    for name in spec.names:
        if record[name] is not None:
            yield name, record[name]
    yield from (record["extra"] or {}).items()


def _lock_feed(session: WriteSession, spec: FeedSpec) -> int:
    """Makes other loads of this feed wait until this one ends; returns how many rows the feed has."""
    from sqlalchemy.dialects import postgresql, sqlite

    dialect: Any = postgresql if session.dialect == "postgresql" else sqlite
    statement = dialect.insert(feed_freshness).values(feed=spec.name, rows=0)
    touch = statement.on_conflict_do_update(index_elements=["feed"], set_={"rows": feed_freshness.c.rows})
    return int(session.scalar(touch.returning(feed_freshness.c.rows)))


def _log_load(
    session: WriteSession, load: FeedLoad, *, file_sha256: str, keys_hash: str, actor: str, at: datetime
) -> None:
    session.run(
        insert(feed_loads).values(
            load_id=load.load_id,
            feed=load.feed,
            file_name=load.file_name,
            file_sha256=file_sha256,
            loaded_at=at,
            loaded_by=actor,
            rows=load.rows,
            rows_new=load.new,
            rows_changed=load.changed,
            rows_same=load.same,
            keys_hash=keys_hash,
        )
    )
    append(
        session,
        at=at,
        actor=actor,
        action="feed.loaded",
        subject=f"feed:{load.feed}",
        payload={
            "load_id": load.load_id,
            "file_name": load.file_name,
            "file_sha256": file_sha256,
            "rows": load.rows,
            "new": load.new,
            "changed": load.changed,
            "same": load.same,
            "keys_hash": keys_hash,
        },
    )
