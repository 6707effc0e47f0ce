from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest

from core.audit_log import entries
from core.clock import FixedClock
from core.database import Database
from core.documents import DocumentState
from core.errors import InputError
from core.settings import Settings
from ingest import documents
from ingest.intake import take_in
from ingest.receive import Receipt
from ingest.store import DocumentStore
from tests.ingest.conftest import PDF
from tests.ingest.test_containers import mail_with, zip_of

OTHER = b"%PDF-1.4\nanother paper\n%%EOF\n"


class House:
    """Takes files in, into one database and store."""

    def __init__(self, database: Database, store: DocumentStore, clock: FixedClock, executor: Executor | None) -> None:
        self.database, self.store, self.clock, self.executor = database, store, clock, executor

    def take(self, data: bytes, file_name: str = "file", **settings: Any) -> tuple[Receipt, ...]:
        return take_in(
            self.database,
            self.store,
            data,
            file_name=file_name,
            origin="folder",
            received_by="user:anna",
            at=self.clock.now(),
            settings=Settings(**settings),
            executor=self.executor,
        )

    def states(self) -> dict[str, str]:
        with self.database.read() as session:
            return {document.file_name: document.state.value for document in documents.all_documents(session)}


@pytest.fixture
def house(either_database: Database, store: DocumentStore, clock: FixedClock) -> Iterator[House]:
    with ThreadPoolExecutor(1) as executor:
        yield House(either_database, store, clock, executor)


def test_a_paper_is_one_document(house: House) -> None:
    (receipt,) = house.take(PDF, "r.pdf")
    assert receipt.is_new
    assert house.states() == {"r.pdf": "received"}


def test_a_mail_is_received_with_its_papers_and_needs_no_reading(house: House) -> None:
    mail = bytes(mail_with(("r.pdf", PDF, "application/pdf"), ("s.pdf", OTHER, "application/pdf")))
    container, first, second = house.take(mail, "mail.eml")
    assert container.document.state is DocumentState.DECIDED
    assert house.states() == {"mail.eml": "decided", "r.pdf": "received", "s.pdf": "received"}
    assert [one.document.parent_id for one in (first, second)] == [container.document.document_id] * 2
    assert first.document.origin == "email"
    assert house.store.get(first.document.sha256) == PDF
    with house.database.read() as session:
        parts = documents.parts_of(session, container.document.document_id)
        told = entries(session, subject=f"document:{container.document.document_id}")
    assert {part.document_id for part in parts} == {first.document.document_id, second.document.document_id}
    assert [entry.action for entry in told] == ["document.received", "document.unpacked"]


def test_the_same_mail_twice_is_one_mail_with_the_same_papers(house: House) -> None:
    mail = bytes(mail_with(("r.pdf", PDF, "application/pdf")))
    once = house.take(mail, "mail.eml")
    twice = house.take(mail, "again.eml")
    assert [one.is_new for one in twice] == [False, False]
    assert [one.document.document_id for one in twice] == [one.document.document_id for one in once]
    assert twice[0].file_name == "again.eml"
    with house.database.read() as session:
        assert documents.pending_count(session) == 1


def test_a_paper_that_came_before_is_not_received_again_out_of_an_archive(house: House) -> None:
    (alone,) = house.take(PDF, "r.pdf")
    container, inside = house.take(zip_of(("in/copy.pdf", PDF)), "papers.zip")
    assert (container.is_new, inside.is_new) == (True, False)
    assert inside.document.document_id == alone.document.document_id
    assert inside.file_name == "copy.pdf"
    assert inside.document.parent_id is None
    with house.database.read() as session:
        assert [part.document_id for part in documents.parts_of(session, container.document.document_id)] == [
            alone.document.document_id
        ]


def test_an_archive_in_a_mail_is_opened_too(house: House) -> None:
    mail = bytes(mail_with(("papers.zip", zip_of(("r.pdf", PDF)), "application/zip")))
    receipts = house.take(mail, "mail.eml")
    assert [one.file_name for one in receipts] == ["mail.eml", "papers.zip", "r.pdf"]
    assert house.states() == {"mail.eml": "decided", "papers.zip": "decided", "r.pdf": "received"}


def test_a_mail_in_a_mail_is_opened_and_one_deeper_waits_to_be_refused(house: House) -> None:
    innermost = mail_with(("r.pdf", PDF, "application/pdf"))
    inner, outer = mail_with(text="inner"), mail_with(text="outer")
    inner.add_attachment(innermost)
    outer.add_attachment(inner)
    receipts = house.take(bytes(outer), "mail.eml")
    assert [one.document.state.value for one in receipts] == ["decided", "decided", "received"]


@pytest.mark.parametrize(
    "data",
    [
        zip_of(("inner.zip", zip_of(("r.pdf", PDF)))),
        zip_of(("zeros", b"\x00" * 20_000_000)),
        b"PK\x03\x04 broken",
        bytes(mail_with()),
    ],
    ids=["zip in zip", "bomb", "broken", "mail without papers"],
)
def test_what_cannot_be_opened_is_received_and_waits_for_its_case(house: House, data: bytes) -> None:
    (receipt,) = house.take(data, "it")
    assert receipt.is_new
    assert house.states() == {"it": "received"}


def test_an_archive_refused_once_is_opened_when_the_limit_is_raised(house: House) -> None:
    data = zip_of(("a.pdf", PDF), ("b.pdf", OTHER))
    assert len(house.take(data, "two.zip", max_archive_files=1)) == 1
    assert [one.is_new for one in house.take(data, "two.zip")] == [False, True, True]
    assert house.states()["two.zip"] == "decided"


def test_all_that_one_file_unpacks_into_is_bounded_together(house: House) -> None:
    zips = [
        (f"{n}.zip", zip_of(*((f"{n}-{m}", b"%d %d" % (n, m)) for m in range(4))), "application/zip") for n in (1, 2)
    ]
    receipts = house.take(bytes(mail_with(*zips)), "mail.eml", max_archive_files=6)
    waiting = [one.file_name for one in receipts if one.document.state is DocumentState.RECEIVED]
    assert waiting == ["1-0", "1-1", "1-2", "1-3", "2.zip"]


@pytest.mark.parametrize(("data", "code"), [(b"", "DOC-EMPTY"), (b"x" * 200, "DOC-TOO-LARGE")])
def test_what_is_refused_at_the_door_is_not_opened(house: House, data: bytes, code: str) -> None:
    with pytest.raises(InputError, match=code):
        house.take(data, max_bytes=100)
    assert house.states() == {}


def test_a_failed_transaction_leaves_no_part_of_a_mail(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("ingest.intake.append", fail)
    mail = bytes(mail_with(("r.pdf", PDF, "application/pdf")))
    with pytest.raises(RuntimeError):
        house.take(mail)
    assert house.states() == {}
    monkeypatch.undo()
    assert len(house.take(mail)) == 2


def test_mails_are_opened_in_a_child_process(database: Database, store: DocumentStore, clock: FixedClock) -> None:
    house = House(database, store, clock, executor=None)
    assert len(house.take(bytes(mail_with(("r.pdf", PDF, "application/pdf"))), "mail.eml")) == 2
