import threading
from datetime import timedelta

import pytest

from core.clock import FixedClock
from core.database import Database
from core.documents import DocumentState
from core.errors import ConflictError
from ingest import documents
from ingest.documents import Lease
from tests.ingest.conftest import Receive


def take(database: Database, clock: FixedClock, node: str = "one") -> Lease | None:
    with database.write() as session:
        return documents.lease(session, node=node, at=clock.now(), lease_seconds=30)


def test_the_oldest_document_is_leased_first(
    either_database: Database, receive_paper: Receive, clock: FixedClock
) -> None:
    names = []
    for number in range(4):
        clock.instant += timedelta(seconds=1)
        names.append(receive_paper(either_database, b"paper %d" % number).document.document_id)
    leases = [take(either_database, clock) for _ in range(5)]
    assert [lease and lease.document.document_id for lease in leases] == [*names, None]
    assert leases[0] is not None
    assert (leases[0].token, leases[0].attempts, leases[0].document.state) == (1, 1, DocumentState.WORKING)


def test_a_lease_that_ran_out_is_taken_over_and_its_first_holder_can_store_nothing(
    either_database: Database, receive_paper: Receive, clock: FixedClock
) -> None:
    receive_paper(either_database)
    first = take(either_database, clock)
    assert first is not None
    clock.instant += timedelta(seconds=29)
    assert take(either_database, clock, "two") is None
    clock.instant += timedelta(seconds=1)
    second = take(either_database, clock, "two")
    assert second is not None
    assert (second.token, second.attempts) == (2, 2)
    with either_database.write() as session:
        assert not documents.renew(session, first, clock.now())
        assert not documents.release(session, first)
    with pytest.raises(ConflictError, match="DOC-LEASE-LOST"), either_database.write() as session:
        documents.complete(session, first, clock.now())
    with either_database.write() as session:
        documents.complete(session, second, clock.now())
    with either_database.read() as session:
        assert documents.pending_count(session) == 0
        assert documents.get(session, second.document.document_id).state is DocumentState.DECIDED
    assert take(either_database, clock) is None


def test_a_renewed_lease_is_kept(either_database: Database, receive_paper: Receive, clock: FixedClock) -> None:
    receive_paper(either_database)
    held = take(either_database, clock)
    assert held is not None
    clock.instant += timedelta(seconds=20)
    with either_database.write() as session:
        assert documents.renew(session, held, clock.now())
    clock.instant += timedelta(seconds=20)
    assert take(either_database, clock, "two") is None


def test_a_document_given_back_is_taken_anew_without_counting_the_attempt(
    either_database: Database, receive_paper: Receive, clock: FixedClock
) -> None:
    receive_paper(either_database)
    first = take(either_database, clock)
    assert first is not None
    with either_database.write() as session:
        assert documents.release(session, first)
    second = take(either_database, clock)
    assert second is not None
    assert (second.token, second.attempts) == (2, 1)


def test_a_decision_cannot_be_stored_twice(
    either_database: Database, receive_paper: Receive, clock: FixedClock
) -> None:
    receive_paper(either_database)
    held = take(either_database, clock)
    assert held is not None
    with either_database.write() as session:
        documents.complete(session, held, clock.now())
    with pytest.raises(ConflictError, match="DOC-LEASE-LOST"), either_database.write() as session:
        documents.complete(session, held, clock.now())


def test_a_decided_document_can_be_opened_again_with_all_its_attempts(
    database: Database, receive_paper: Receive, clock: FixedClock
) -> None:
    document_id = receive_paper(database).document.document_id
    held = take(database, clock)
    assert held is not None
    with database.write() as session:
        assert not documents.reopen(session, document_id)
        documents.complete(session, held, clock.now())
        assert documents.reopen(session, document_id)
    again = take(database, clock)
    assert again is not None
    assert (again.attempts, again.token) == (1, 2)


@pytest.mark.law
def test_no_document_is_ever_leased_to_two_at_once(
    either_database: Database, receive_paper: Receive, clock: FixedClock
) -> None:
    count = 40
    for number in range(count):
        receive_paper(either_database, b"paper %d" % number)
    taken: list[Lease] = []

    def work(node: str) -> None:
        while (lease := take(either_database, clock, node)) is not None:
            taken.append(lease)

    threads = [threading.Thread(target=work, args=(f"node-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({lease.document.document_id for lease in taken}) == count
    assert [lease.token for lease in taken] == [1] * count


@pytest.mark.law
def test_the_same_bytes_from_many_at_once_are_one_document(either_database: Database, receive_paper: Receive) -> None:
    receipts = []
    threads = [
        threading.Thread(target=lambda: receipts.append(receive_paper(either_database, b"one paper"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.is_new for receipt in receipts) == [False] * 5 + [True]
    assert len({receipt.document.document_id for receipt in receipts}) == 1


def test_leasing_reads_only_the_undecided(database: Database) -> None:
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM documents WHERE state <> 'decided' AND (lease_until IS NULL OR "
            "lease_until <= '2026') ORDER BY received_at, document_id LIMIT 1"
        ).all()
    assert "ix_documents_undecided" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
