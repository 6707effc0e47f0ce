"""The worker's loop, with a reader that answers at once: everything is decided, nothing is held on to."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core import audit_log
from core.checkpoints import read_checkpoints
from core.clock import FixedClock
from core.database import Database
from core.decisions import Outcome
from core.documents import DocumentState
from core.errors import InputError, UnavailableError
from core.settings import Settings
from ingest import documents
from ingest.store import DocumentStore
from review_api.services import Services
from review_api.worker import Worker
from tests.triage_shell.conftest import BROKEN, House, RunningClock, invoice
from triage import case_queue, case_rows, decisions, policies, redecide, tables
from triage.policies import built_in_text
from triage.policy import load_policy


class FakeReader(Executor):
    """Answers from a function instead of reading."""

    def __init__(self, answer: Callable[[bytes], Any]) -> None:
        self.answer = answer
        self.calls = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.calls += 1
        future: Future[Any] = Future()
        try:
            future.set_result(self.answer(args[0]))
        except Exception as error:  # noqa: BLE001  belongs to the future
            future.set_exception(error)
        return future


class InlineReader(Executor):
    """Reads in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  belongs to the future
            future.set_exception(error)
        return future


class SilentReader(Executor):
    """Never answers."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        return Future()


@pytest.fixture
def house(database: Database, tmp_path: Path, clock: FixedClock) -> House:
    """A house whose clock runs, for leases must run out."""
    running = RunningClock(clock.now())
    with database.write() as session:
        policies.start_with(session, built_in_text(), at=running.now())
    return House(
        db=database,
        store=DocumentStore(tmp_path / "documents"),
        clock=running,
        policy=load_policy(built_in_text()),
    )


def services(house: House, reader: Executor, tmp_path: Path, **settings: Any) -> Services:
    return Services(
        settings=Settings(home=tmp_path, **settings), db=house.db, store=house.store, clock=house.clock, executor=reader
    )


def refuse(_: bytes) -> Any:
    raise BROKEN


def break_down(_: bytes) -> Any:
    raise RuntimeError("a mistake in our own code")


@pytest.fixture
def quick(house: House, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    def worker(reader: Executor, **settings: Any) -> Worker:
        return Worker(services(house, reader, tmp_path, **settings), node="node-1")

    return worker  # type: ignore[return-value]


def test_once_decides_everything_and_says_what_it_did(
    house: House, quick: Callable[..., Worker], tmp_path: Path
) -> None:
    house.load_feeds()
    for _ in range(5):
        house.take_in()
    answers = iter([invoice(), *[BROKEN] * 4])

    def answer(_: bytes) -> Any:
        result = next(answers)
        if isinstance(result, InputError):
            raise result
        return result

    work = quick(FakeReader(answer), workers=2).run(once=True)
    assert work.outcomes == {"clear": 1, "hold": 4} and work.unreadable == 4 and work.decided == 5
    with house.db.read() as session:
        assert documents.pending_count(session) == 0
        newest = audit_log.head(session)
        assert audit_log.verify(session, read_checkpoints(tmp_path / "checkpoints")) == ()
    assert newest is not None
    assert [point.sequence for point in read_checkpoints(tmp_path / "checkpoints")][-1] == newest.sequence


def test_a_paper_nobody_could_finish_reading_goes_to_a_person_unread(
    house: House, quick: Callable[..., Worker]
) -> None:
    document = house.take_in()
    for _ in range(3):
        with house.db.write() as session:
            assert documents.lease(session, node="dead", at=house.clock.now(), lease_seconds=0.001)
        time.sleep(0.01)
    reader = FakeReader(refuse)
    quick(reader).run(once=True)
    assert reader.calls == 0
    with house.db.read() as session:
        case = case_rows.open_of_document(session, document.document_id)
    assert case is not None and "DOC-ATTEMPTS" in case.headline


def test_a_reading_that_breaks_is_tried_again_and_then_given_to_a_person(
    house: House, quick: Callable[..., Worker]
) -> None:
    house.take_in()
    reader = FakeReader(break_down)
    work = quick(reader, lease_seconds=0.05).run(once=True)
    assert reader.calls == 3 and work.failed == 3
    assert work.outcomes == {"hold": 1} and work.given_up == 0


def test_a_reader_that_is_not_there_now_is_no_reason_to_hold(house: House, quick: Callable[..., Worker]) -> None:
    house.load_feeds()
    house.take_in()
    answers = iter([UnavailableError("READER-UNAVAILABLE", "No child process.", "Free some memory."), None])

    def answer(_: bytes) -> Any:
        error = next(answers)
        if error is not None:
            raise error
        return invoice()

    work = quick(FakeReader(answer), lease_seconds=0.05).run(once=True)
    assert work.outcomes == {"clear": 1} and work.failed == 1


def test_bytes_that_are_gone_from_the_store_are_a_case(house: House, quick: Callable[..., Worker]) -> None:
    document = house.take_in()
    house.store.path(document.sha256).unlink()
    assert quick(FakeReader(lambda _: invoice())).run(once=True).outcomes == {"hold": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 this is no archive" * 9, "[DOC-ARCHIVE"),
        (b"From: a@example.org\r\nTo: b@example.org\r\nSubject: hello\r\n\r\nNo paper here.\r\n", "[DOC-EMAIL"),
        (b"just some words, whatever the name says", "[DOC-TYPE-UNKNOWN]"),
        (b"%PDF-1.7\nbroken", "[DOC-PDF-BROKEN]"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "[DOC-XML-ENTITIES]"),
    ],
)
def test_what_is_no_paper_becomes_a_case_that_says_what_it_is(
    house: House, quick: Callable[..., Worker], content: bytes, said: str
) -> None:
    document = house.take_in(content)
    assert quick(InlineReader()).run(once=True).outcomes == {"hold": 1}
    with house.db.read() as session:
        case = case_rows.open_of_document(session, document.document_id)
    assert case is not None and said in case.headline


def test_a_worker_that_stops_gives_back_what_it_has_not_read(house: House, quick: Callable[..., Worker]) -> None:
    for _ in range(3):
        house.take_in()
    worker = quick(SilentReader(), workers=2)
    thread = threading.Thread(target=worker.run)
    thread.start()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with house.db.read() as session:
            if len(documents.newest(session, state=DocumentState.WORKING)) == 3:
                break
        time.sleep(0.01)
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()
    with house.db.read() as session:
        left = documents.newest(session)
    assert [(document.state, document.attempts) for document in left] == [(DocumentState.RECEIVED, 0)] * 3


def test_a_long_reading_keeps_its_lease(house: House, quick: Callable[..., Worker]) -> None:
    house.take_in()
    slow: Future[Any] = Future()

    class SlowReader(FakeReader):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            return slow

    worker = quick(SlowReader(refuse), lease_seconds=0.3)
    thread = threading.Thread(target=worker.run, kwargs={"once": True})
    thread.start()
    time.sleep(1.0)
    with house.db.write() as writing:
        assert documents.lease(writing, node="other", at=house.clock.now(), lease_seconds=30) is None
    slow.set_exception(BROKEN)
    thread.join(10)
    assert not thread.is_alive()
    with house.db.read() as session:
        assert set(decisions.outcomes(session).values()) == {Outcome.HOLD}


def test_two_workers_share_the_work_and_decide_each_paper_once(house: House, quick: Callable[..., Worker]) -> None:
    for _ in range(20):
        house.take_in()
    workers = [quick(FakeReader(refuse), workers=2) for _ in range(2)]
    threads = [threading.Thread(target=worker.run, kwargs={"once": True}) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with house.db.read() as session:
        runs = session.all(
            select(tables.decisions.c.document_id, func.count().label("n")).group_by(tables.decisions.c.document_id)
        )
    assert [row["n"] for row in runs] == [1] * 20


def test_a_database_that_is_away_is_waited_for(
    house: House, quick: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.take_in()
    lease, away = documents.lease, iter([True, True, False])

    def sometimes(*arguments: Any, **more: Any) -> Any:
        if next(away, False):
            raise UnavailableError("DB-UNAVAILABLE", "The database cannot be reached.", "Wait.")
        return lease(*arguments, **more)

    monkeypatch.setattr(documents, "lease", sometimes)
    monkeypatch.setattr("review_api.worker.FIRST_BACKOFF_SECONDS", 0.01)
    assert quick(FakeReader(refuse)).run(once=True).outcomes == {"hold": 1}


def test_open_cases_are_looked_at_again_until_none_waits(house: House, quick: Callable[..., Worker]) -> None:
    house.load_feeds(goods_receipts="receipt_id,po_number,line_number,quantity,received_at\n")
    house.take_in()
    unsampled = built_in_text().replace("share_pct = 2\n", "share_pct = 0\n")
    with house.db.write() as session:
        policies.put_in_force(
            session, unsampled, at=house.clock.now(), actor="user:ben", proposed_by="anna", preview_hash=None
        )
    assert quick(FakeReader(lambda _: invoice())).run(once=True).outcomes == {"hold": 1}
    house.clock.instant += timedelta(minutes=1)
    house.load_feeds()
    work = quick(FakeReader(refuse)).run(once=True)
    assert (work.decided, work.decided_again) == (0, 1)
    assert quick(FakeReader(refuse)).run(once=True).decided_again == 0
    with house.db.read() as session:
        (case,) = case_queue.list_cases(session).cases
    assert case.resolution == "cleared_by_facts" and case.resolved_by is not None
    assert case.resolved_by.startswith("worker:")


def test_a_case_whose_second_look_breaks_stops_no_other(
    house: House, quick: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.load_feeds()
    for _ in range(3):
        house.take_in()
    quick(FakeReader(refuse)).run(once=True)
    house.clock.instant += timedelta(minutes=1)
    house.load_feeds()
    look_again, broken = redecide.look_again, []

    def sometimes(db: Database, case_id: str, *arguments: Any, **more: Any) -> Any:
        broken.append(case_id)
        if len(broken) == 1:
            raise ValueError("this one breaks")
        return look_again(db, case_id, *arguments, **more)

    monkeypatch.setattr(redecide, "look_again", sometimes)
    quick(FakeReader(refuse)).run(once=True)
    assert len(broken) == len(set(broken)) == 3
