"""A file of several documents: each is received as its own, decided once, whatever happens in between."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.audit_log import entries
from core.clock import FixedClock
from core.database import Database
from core.documents import DocumentState
from core.errors import ConflictError
from extraction.render import render_page
from ingest import documents
from ingest.containers import Part
from ingest.intake import receive_parts, take_in
from ingest.store import DocumentStore
from review_api.worker import Worker
from tests.extraction.test_split_edi import edifact, message
from tests.extraction.test_split_pages import invoice, printed
from tests.triage_shell.conftest import House, RunningClock
from tests.triage_shell.test_worker import InlineReader, services
from triage import decisions, policies
from triage.policies import built_in_text
from triage.policy import load_policy

NIGHT = edifact(message("R-1"), message("R-2", 2), message("R-3", 3))
PARTS = tuple(Part(f"night (message {number}).edi", NIGHT + str(number).encode()) for number in (1, 2))


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


def take(house: House, tmp_path: Path) -> str:
    """Takes the night's interchange in; answers its id."""
    first, *_ = take_in(
        house.db,
        house.store,
        NIGHT,
        file_name="night.edi",
        origin="folder",
        received_by="user:anna",
        at=house.clock.now(),
        settings=services(house, InlineReader(), tmp_path).settings,
    )
    return first.document.document_id


def work(house: House, tmp_path: Path) -> None:
    Worker(services(house, InlineReader(), tmp_path), node="node-1").run(once=True)


def decided(house: House) -> dict[str, int]:
    """How often each document was decided, by the name of its file."""
    with house.db.read() as session:
        every = documents.all_documents(session)
        return {one.file_name: decisions.latest_decision_run(session, one.document_id) for one in every}


def test_each_message_is_a_document_with_a_decision_of_its_own(house: House, tmp_path: Path) -> None:
    whole = take(house, tmp_path)
    work(house, tmp_path)
    assert decided(house) == {
        "night.edi": 0,
        "night (message 1).edi": 1,
        "night (message 2).edi": 1,
        "night (message 3).edi": 1,
    }
    with house.db.read() as session:
        parts = documents.parts_of(session, whole)
        numbers = [decisions.latest_extraction(session, part.document_id) for part in parts]
        assert {part.parent_id for part in parts} == {whole}
        assert documents.get(session, whole).state is DocumentState.DECIDED
        (told,) = (entry for entry in entries(session) if entry.action == "document.unpacked")
    read = {one.extraction.fields["invoice_number"].value for one in numbers if one}
    assert read == {"R-1", "R-2", "R-3"}
    assert set(told.payload["parts"]) == {part.document_id for part in parts}


def test_the_same_bytes_again_are_the_same_documents_decided_once(house: House, tmp_path: Path) -> None:
    assert take(house, tmp_path) == take(house, tmp_path)
    work(house, tmp_path)
    before = decided(house)
    take(house, tmp_path)
    work(house, tmp_path)
    assert decided(house) == before
    assert len(before) == 4


def test_a_node_killed_before_it_received_the_parts_leaves_nothing_half_done(house: House, tmp_path: Path) -> None:
    whole = take(house, tmp_path)
    with house.db.write() as session:
        lost = documents.lease(session, node="dead", at=house.clock.now() - timedelta(hours=1), lease_seconds=30)
    assert lost is not None
    for part in PARTS:
        house.store.put(part.data)
    work(house, tmp_path)
    assert sum(decided(house).values()) == 3
    with pytest.raises(ConflictError, match="DOC-LEASE-LOST"):
        receive_parts(house.db, house.store, lost, PARTS, at=house.clock.now(), max_bytes=10_000)
    with house.db.read() as session:
        assert len(documents.parts_of(session, whole)) == 3
        assert documents.pending_count(session) == 0


def test_parts_that_were_received_are_decided_by_whoever_comes_next(house: House, tmp_path: Path) -> None:
    take(house, tmp_path)
    with house.db.write() as session:
        lease = documents.lease(session, node="dead", at=house.clock.now(), lease_seconds=30)
    assert lease is not None
    receive_parts(house.db, house.store, lease, PARTS[:1], at=house.clock.now(), max_bytes=10_000)
    assert decided(house) == {"night.edi": 0, "night (message 1).edi": 0}
    work(house, tmp_path)
    assert decided(house)["night.edi"] == 0


def test_a_scan_of_several_invoices_becomes_papers_whose_pages_can_be_seen(house: House, tmp_path: Path) -> None:
    house.take_in(printed(invoice("R-10452"), invoice("S-20981")))
    work(house, tmp_path)
    assert decided(house) == {"paper.xml": 0, "paper (page 1).xml": 1, "paper (page 2).xml": 1}
    with house.db.read() as session:
        parts = [one for one in documents.all_documents(session) if one.parent_id is not None]
    assert {part.media_type for part in parts} == {"application/pdf"}
    for part in parts:
        assert render_page(house.store.get(part.sha256), part.media_type, 1, 60).startswith(b"\x89PNG")
