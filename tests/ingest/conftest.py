"""A document store, and a way to receive a paper without naming everything each time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.database import Database
from ingest.receive import Receipt, receive
from ingest.store import DocumentStore

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
Receive = Callable[..., Receipt]


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "documents")


@pytest.fixture
def receive_paper(store: DocumentStore, clock: FixedClock) -> Receive:
    """Receives bytes in a transaction of its own."""

    def take(database: Database, data: bytes = PDF, **more: object) -> Receipt:
        arguments: dict[str, object] = {
            "file_name": "paper.pdf",
            "origin": "upload",
            "received_by": "user:anna",
            "at": clock.now(),
            "max_bytes": 1_000_000,
        } | more
        with database.write() as session:
            return receive(session, store, data, **arguments)  # type: ignore[arg-type]

    return take
