import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit_log import entries
from core.clock import FixedClock
from core.database import Database
from core.documents import DocumentState
from core.errors import InputError, TooLargeError
from ingest import documents
from ingest.receive import plain_file_name
from ingest.store import DocumentStore
from tests.ingest.conftest import PDF, Receive


def test_a_paper_is_received_as_a_document_that_waits(
    either_database: Database, receive_paper: Receive, store: DocumentStore, clock: FixedClock
) -> None:
    receipt = receive_paper(either_database, file_name="C:\\scans\\Rechnung.pdf")
    assert receipt.is_new
    with either_database.read() as session:
        document = documents.get(session, receipt.document.document_id)
    assert document == receipt.document
    assert (document.file_name, document.media_type, document.size_bytes) == (
        "Rechnung.pdf",
        "application/pdf",
        len(PDF),
    )
    assert (document.state, document.attempts, document.received_at) == (DocumentState.RECEIVED, 0, clock.now())
    assert store.get(document.sha256) == PDF


def test_the_same_bytes_twice_is_one_document_that_remembers_both_arrivals(
    either_database: Database, receive_paper: Receive
) -> None:
    first = receive_paper(either_database, file_name="a.pdf")
    second = receive_paper(either_database, file_name="b.pdf", origin="folder", received_by="system")
    assert not second.is_new
    assert second.document == first.document
    with either_database.read() as session:
        seen = documents.arrivals(session, first.document.document_id)
        told = [entry.action for entry in entries(session, subject=f"document:{first.document.document_id}")]
        assert documents.pending_count(session) == 1
    assert {(arrival.file_name, arrival.origin, arrival.arrived_by) for arrival in seen} == {
        ("a.pdf", "upload", "user:anna"),
        ("b.pdf", "folder", "system"),
    }
    assert told == ["document.received", "document.received_again"]


@pytest.mark.parametrize(
    ("data", "error"), [(b"", InputError("DOC-EMPTY", "", "")), (b"x" * 101, TooLargeError("DOC-TOO-LARGE", "", ""))]
)
def test_what_is_refused_at_the_door_leaves_nothing_behind(
    database: Database, receive_paper: Receive, store: DocumentStore, data: bytes, error: InputError
) -> None:
    with pytest.raises(type(error)) as caught:
        receive_paper(database, data, max_bytes=100)
    assert caught.value.code == error.code
    assert caught.value.remedy
    with database.read() as session:
        assert documents.pending_count(session) == 0
        assert entries(session) == ()
    assert not store.root.exists()


def test_an_unknown_origin_is_a_mistake_of_the_caller(database: Database, receive_paper: Receive) -> None:
    with pytest.raises(InputError, match="DOC-ORIGIN"):
        receive_paper(database, origin="pigeon")


def test_a_text_renamed_to_pdf_is_received_and_known_as_text(database: Database, receive_paper: Receive) -> None:
    receipt = receive_paper(database, b"not a pdf at all", file_name="invoice.pdf")
    assert receipt.is_new
    assert receipt.document.media_type == "text/plain"


def test_a_failed_transaction_receives_nothing(
    database: Database, store: DocumentStore, receive_paper: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("ingest.receive.append", fail)
    with pytest.raises(RuntimeError):
        receive_paper(database)
    with database.read() as session:
        assert documents.newest(session) == ()


def test_newest_documents_come_page_by_page(database: Database, receive_paper: Receive, clock: FixedClock) -> None:
    made = [receive_paper(database, b"paper %d" % number).document.document_id for number in range(5)]
    with database.read() as session:
        first = documents.newest(session, limit=2)
        second = documents.newest(session, limit=2, before=first[-1])
        third = documents.newest(session, limit=2, before=second[-1])
    assert sorted(document.document_id for document in first + second + third) == sorted(made)


@pytest.mark.law
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=600))
def test_any_file_name_becomes_one_that_every_database_holds(name: str) -> None:
    plain = plain_file_name(name)
    assert 0 < len(plain) <= 255
    assert plain.encode()
    assert not set(plain) & {"\x00", "\n", "/", "\\"}


def test_a_long_file_name_keeps_its_ending() -> None:
    assert plain_file_name("r" * 400 + ".pdf").endswith("….pdf")
