"""Finding entries in the chain, and the walk that verifies it all the time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from core import audit_log, audit_rounds, audit_search
from core.audit import AuditEntry, Checkpoint
from core.audit_search import AuditFilter
from core.clock import FixedClock
from core.database import Database
from core.tables import audit_entries

ACTORS, ACTIONS = ("user:anna", "user:ben", "worker:w"), ("case.claimed", "case.resolved", "feed.loaded")


def write(database: Database, clock: FixedClock, count: int = 24) -> list[AuditEntry]:
    """Entries an hour apart, by each in turn; the kinds of acts go round slower than the people."""
    with database.write() as session:
        return [
            audit_log.append(
                session,
                at=clock.now() + timedelta(hours=number),
                actor=ACTORS[number % 3],
                action=ACTIONS[number // 3 % 3],
                subject=f"case:{number % 5}",
                payload={"n": number},
            )
            for number in range(count)
        ]


def as_told(clock: FixedClock, wanted: AuditFilter) -> Callable[[AuditEntry], bool]:
    """The filter again, entry by entry: what every answer is held against."""

    def fits(entry: AuditEntry) -> bool:
        group = (wanted.action or "").endswith("*")
        return (
            (not wanted.subjects or entry.subject in wanted.subjects)
            and (wanted.actor is None or entry.actor == wanted.actor)
            and (
                wanted.action is None
                or (entry.action.startswith(wanted.action[:-1]) if group else entry.action == wanted.action)
            )
            and (wanted.since is None or entry.at >= wanted.since)
            and (wanted.until is None or entry.at < wanted.until)
        )

    return fits


def test_every_filter_finds_what_it_names_and_pages_on_without_gap_or_twice(
    either_database: Database, clock: FixedClock
) -> None:
    every = write(either_database, clock)
    noon = clock.now() + timedelta(hours=12)
    filters = [
        AuditFilter(),
        AuditFilter(subjects=("case:1", "case:4")),
        AuditFilter(action="case.*"),
        AuditFilter(action="case.resolved", actor="user:ben"),
        AuditFilter(since=noon),
        AuditFilter(until=noon, action="case.*", subjects=("case:2",)),
        AuditFilter(since=noon, until=noon + timedelta(hours=1)),
        AuditFilter(since=noon + timedelta(days=9)),
        AuditFilter(actor="user:nobody"),
    ]
    with either_database.read() as session:
        for wanted in filters:
            expected = [entry for entry in every if as_told(clock, wanted)(entry)]
            assert list(audit_search.oldest(session, wanted, limit=99)) == expected, wanted
            found: list[AuditEntry] = []
            while part := audit_search.newest(session, wanted, before=found[-1].sequence if found else None, limit=4):
                found += part
            assert found == expected[::-1], wanted
        assert audit_search.actions(session) == ACTIONS
        assert audit_search.actors(session) == ACTORS


def test_a_walk_ends_where_it_was_told_to(either_database: Database, clock: FixedClock) -> None:
    every = write(either_database, clock)
    parts = list(audit_search.walk(either_database, AuditFilter(action="case.*"), last=10))
    assert [entry for part in parts for entry in part] == [e for e in every[:10] if e.action != "feed.loaded"]


def test_the_chain_is_verified_bit_by_bit_goes_on_with_it_and_begins_again_a_day_later(
    either_database: Database, clock: FixedClock
) -> None:
    every = write(either_database, clock)
    points = [Checkpoint(at=clock.now(), sequence=n, hash=every[n - 1].hash) for n in (3, 20)]
    at = clock.now()
    assert audit_rounds.go_on(either_database, points, at=at, limit=10)
    with either_database.read() as session:
        half = audit_rounds.verified(session)
    assert half.now is not None and (half.now.verified_to, half.now.checkpoints, half.now.finished_at) == (10, 1, None)
    while audit_rounds.go_on(either_database, points, at=at, limit=10):
        pass
    write(either_database, clock, 2)
    audit_rounds.go_on(either_database, points, at=at)
    with either_database.read() as session:
        done = audit_rounds.verified(session).now
    assert done is not None and (done.round, done.verified_to, done.checkpoints) == (1, 26, 2)
    assert done.finished_at is not None and done.damage is None
    audit_rounds.go_on(either_database, points, at=at + timedelta(hours=25), limit=10)
    with either_database.read() as session:
        both = audit_rounds.verified(session)
    assert both.now is not None and both.before is not None and (both.now.round, both.now.verified_to) == (2, 10)
    assert both.round_of(11) == both.before and both.round_of(27) is None


@pytest.mark.parametrize("how", ["changed", "removed", "cut off", "checkpoint"])
def test_the_walk_names_the_first_entry_that_is_not_as_it_was_written(
    database: Database, clock: FixedClock, how: str
) -> None:
    every = write(database, clock)
    point = Checkpoint(at=clock.now(), sequence=24, hash=every[23].hash)
    c = audit_entries.c
    with database.write() as session:
        if how == "changed":
            session.run(update(audit_entries).where(c.sequence == 7).values(actor="user:dora"))
        if how == "removed":
            session.run(delete(audit_entries).where(c.sequence == 7))
        if how == "cut off":
            session.run(delete(audit_entries).where(c.sequence > 22))
    seen = [replace(point, sequence=7)] if how == "checkpoint" else [point]
    while audit_rounds.go_on(database, seen, at=clock.now(), limit=5):
        pass
    with database.read() as session:
        found = audit_rounds.verified(session)
    assert found.damage is not None
    assert found.damage.damaged_at_sequence == (23 if how == "cut off" else 7)
    assert not audit_rounds.go_on(database, seen, at=clock.now())
