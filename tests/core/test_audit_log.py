"""The chain as it stands in a database, and its checkpoints outside."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from core import audit_log
from core.checkpoints import LOG_NAME, read_checkpoints, write_checkpoint
from core.clock import FixedClock
from core.database import Database
from core.errors import InputError
from core.tables import audit_entries, audit_head


def write(database: Database, clock: FixedClock, count: int) -> None:
    for number in range(count):
        with database.write() as session:
            audit_log.append(
                session, at=clock.now(), actor="system", action="x", subject=f"case:{number % 2}", payload={"n": number}
            )


def test_entries_written_are_sound_and_read_back_by_subject(either_database: Database, clock: FixedClock) -> None:
    write(either_database, clock, 5)
    with either_database.read() as session:
        assert audit_log.verify(session) == ()
        assert [entry.sequence for entry in audit_log.entries(session, subject="case:1")] == [2, 4]
        assert [entry.sequence for entry in audit_log.newest_entries(session, before=4, limit=2)] == [3, 2]


def test_a_rolled_back_transaction_leaves_no_entry(either_database: Database, clock: FixedClock) -> None:
    write(either_database, clock, 1)
    with pytest.raises(ZeroDivisionError), either_database.write() as session:
        audit_log.append(session, at=clock.now(), actor="system", action="x", subject="y", payload={})
        raise ZeroDivisionError
    with either_database.read() as session:
        assert audit_log.verify(session) == ()
        assert len(audit_log.entries(session)) == 1


def test_writers_at_the_same_time_make_one_chain(either_database: Database, clock: FixedClock) -> None:
    threads = [threading.Thread(target=write, args=(either_database, clock, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with either_database.read() as session:
        assert audit_log.verify(session) == ()
        assert len(audit_log.entries(session)) == 40


def test_a_tail_cut_off_with_its_head_is_told_by_the_checkpoint(
    either_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    write(either_database, clock, 4)
    with either_database.read() as session:
        newest = audit_log.head(session)
    assert newest is not None
    write_checkpoint(tmp_path / "points", tmp_path / "keys", newest)
    with either_database.write() as session:
        session.run(delete(audit_entries).where(audit_entries.c.sequence > 2))
        last = audit_log.entries(session)[-1]
        session.run(update(audit_head).values(sequence=2, hash=last.hash))
    with either_database.read() as session:
        assert audit_log.verify(session) == ()
        damage = audit_log.verify(session, read_checkpoints(tmp_path / "points"))
    assert [(one.kind, one.sequence) for one in damage] == [("cut_off", 3)]


def test_a_forged_checkpoint_is_refused(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    write(database, clock, 1)
    with database.read() as session:
        newest = audit_log.head(session)
    assert newest is not None
    write_checkpoint(tmp_path, tmp_path, newest)
    log = tmp_path / LOG_NAME
    log.write_text(log.read_text().replace('"sequence": 1', '"sequence": 9'))
    with pytest.raises(InputError, match="AUDIT-CHECKPOINT"):
        read_checkpoints(tmp_path)


def test_a_checkpoint_half_written_in_a_power_cut_is_passed_over(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    write(database, clock, 1)
    with database.read() as session:
        newest = audit_log.head(session)
    assert newest is not None
    write_checkpoint(tmp_path, tmp_path, newest)
    with (tmp_path / LOG_NAME).open("a") as file:
        file.write('{"checkpoint": {"at"')
    assert read_checkpoints(tmp_path) == (newest,)
    write_checkpoint(tmp_path, tmp_path, newest)
    assert read_checkpoints(tmp_path) == (newest, newest)


def test_a_read_session_cannot_write(either_database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"), either_database.read() as session:
        session.scalar(text("UPDATE audit_head SET sequence = 7 RETURNING sequence"))
