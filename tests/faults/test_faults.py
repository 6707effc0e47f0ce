"""Faults of docs/faults.md that one process can show, caused for real: what is answered, and that nothing is lost."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from core import audit_log, database
from core.checkpoints import read_checkpoints
from core.clock import FixedClock
from core.errors import DiskFullError
from ingest import documents
from ingest.store import DocumentStore
from review_api.worker import Worker
from tests.chaos.papers import e_invoice
from tests.conftest import run_clearhold
from tests.extraction.test_fuzz_readers import picture
from tests.extraction.test_read import draw_invoice, make_pdf
from tests.review_api.conftest import Desk, desk
from tests.triage_shell.conftest import invoice
from tests.triage_shell.test_worker import FakeReader

__all__ = ["desk"]


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """The kernel lets this process write no longer file, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class FullStore(DocumentStore):
    """A store on a disk that has no space for a paper."""

    def put(self, data: bytes) -> str:
        with largest_file(100):
            return super().put(data)


def kept(desk: Desk) -> list[Path]:
    return [path for path in desk.services.store.root.rglob("*") if path.is_file()]


def test_a_full_disk_refuses_a_paper_whole_and_takes_it_when_there_is_space(desk: Desk) -> None:
    client = desk.key("documents:write")
    paper = {"file": ("a.xml", e_invoice(1) * 10)}
    before = kept(desk)
    whole, desk.services.store = desk.services.store, FullStore(desk.services.store.root)
    refused = client.post("/v1/documents", files=paper)
    assert (refused.status_code, refused.json()["code"]) == (507, "DISK-FULL")
    assert refused.headers["Retry-After"] == "60" and "Free space" in refused.json()["remedy"]
    assert kept(desk) == before
    desk.services.store = whole
    assert client.post("/v1/documents", files=paper).status_code == 202


def test_a_full_database_refuses_a_paper_and_takes_it_when_there_is_space(desk: Desk) -> None:
    client = desk.key("documents:write")
    engine = desk.services.db.engine
    engine.dispose()

    @event.listens_for(engine, "connect")
    def no_more_pages(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    answers = [client.post("/v1/documents", files={"file": (f"{n}.xml", e_invoice(n))}) for n in range(60)]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert refused and {(one.status_code, one.json()["code"]) for one in refused} == {(507, "DISK-FULL")}
    event.remove(engine, "connect", no_more_pages)
    engine.dispose()
    answers = [client.post("/v1/documents", files={"file": (f"{n}.xml", e_invoice(n))}) for n in range(60)]
    assert {answer.status_code for answer in answers} == {202}
    with desk.services.db.read() as session:
        assert audit_log.verify(session, ()) == ()


def test_a_database_that_is_locked_is_told_with_when_to_try_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk.key("documents:write")
    engine = desk.services.db.engine
    monkeypatch.setattr(database, "SQLITE_BUSY_MILLISECONDS", 50)
    engine.dispose()
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = client.post("/v1/documents", files={"file": ("a.xml", e_invoice(1))})
        other.execute("ROLLBACK")
    assert (locked.status_code, locked.json()["code"]) == (503, "DB-UNAVAILABLE")
    assert locked.headers["Retry-After"] == "5"
    assert client.post("/v1/documents", files={"file": ("a.xml", e_invoice(1))}).status_code == 202


def test_a_database_on_a_disk_that_became_read_only_is_told_as_such(desk: Desk) -> None:
    path = f"file:{desk.services.db.engine.url.database}?mode=ro"
    with closing(sqlite3.connect(path, uri=True)) as read_only, pytest.raises(sqlite3.OperationalError) as refused:
        read_only.execute("UPDATE documents SET attempts=0")
    assert database._is_full(refused.value)


def test_the_store_says_which_failures_are_a_full_disk(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    with largest_file(100), pytest.raises(DiskFullError, match="DISK-FULL"):
        store.put(b"x" * 1_000)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert DiskFullError.of(PermissionError(13, "Permission denied")) is None


def without_tesseract(folder: Path) -> str:
    """A search path on which Tesseract is not."""
    (folder / "empty").mkdir()
    return str(folder / "empty")


def test_without_tesseract_pages_of_text_are_read_and_scans_say_what_to_install(tmp_path: Path) -> None:
    paths = {"PATH": without_tesseract(tmp_path)}
    (tmp_path / "native.pdf").write_bytes(make_pdf(draw_invoice))
    (tmp_path / "scan.png").write_bytes(picture("PNG"))
    both = [str(tmp_path / name) for name in ("native.pdf", "scan.png")]
    read = run_clearhold("extract", *both, "--ocr", "tesseract", "--json", home=tmp_path, **paths)
    assert read.returncode == 1 and '"invoice_number"' in read.stdout
    assert "OCR-MISSING" in read.stderr and "apt-get install tesseract-ocr" in read.stderr
    other = run_clearhold("extract", str(tmp_path / "scan.png"), "--ocr", "auto", "--json", home=tmp_path, **paths)
    assert other.returncode == 0 and '"source":"ocr"' in other.stdout.replace(" ", "")


@pytest.mark.parametrize("jump", [timedelta(days=2), timedelta(days=-2)], ids=["forwards", "backwards"])
def test_a_clock_that_jumps_loses_no_paper_and_keeps_the_order_of_the_audit(
    desk: Desk, clock: FixedClock, jump: timedelta
) -> None:
    services = desk.services
    client = desk.key("documents:write")
    services.executor = FakeReader(lambda _: invoice())
    first = client.post("/v1/documents", files={"file": ("a.xml", e_invoice(1))}).json()["document_id"]
    with services.db.write() as session:
        lease = documents.lease(session, node="held", at=clock.now(), lease_seconds=30)
    clock.instant += jump
    second = client.post("/v1/documents", files={"file": ("b.xml", e_invoice(2))}).json()["document_id"]
    with services.db.write() as session:
        # Who holds a paper goes on holding it, and renewing says so in the time that now is.
        assert lease is not None and documents.renew(session, lease, clock.now())
    with services.db.write() as session:
        other = documents.lease(session, node="other", at=clock.now(), lease_seconds=30)
        assert other is not None and other.document.document_id == second
        assert documents.release(session, other) and documents.release(session, lease)
    work = Worker(services, "node").run(once=True)
    assert work.decided == 2 and work.lost == work.failed == 0
    with services.db.read() as session:
        assert {documents.get(session, key).state for key in (first, second)} == {"decided"}
        entries = list(audit_log.all_entries(session))
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
        assert audit_log.verify(session, read_checkpoints(services.settings.checkpoints())) == ()
    assert first != second


def test_a_session_ends_when_the_clock_jumps_past_it_and_logging_in_again_is_enough(
    desk: Desk, clock: FixedClock
) -> None:
    client = desk.client("ap_clerk")
    assert client.get("/v1/me").status_code == 200
    clock.instant -= timedelta(days=2)
    assert client.get("/v1/me").status_code == 200
    clock.instant += timedelta(days=4)
    assert client.get("/v1/me").status_code == 401
