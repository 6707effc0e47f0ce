"""A home with real programs on it, fed from outside while they are killed, and what must be true afterwards."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select

from core import audit_log
from core.audit import AuditEntry
from core.checkpoints import read_checkpoints
from core.clock import SystemClock
from core.database import Database
from core.decisions import Outcome
from core.settings import Settings
from ingest import documents
from ingest.feed_load import load_feed
from ingest.receive import receive
from ingest.store import DocumentStore
from tests.chaos.papers import orders_feeds
from tests.conftest import ROOT
from triage import decisions, tables

LEASE_SECONDS = "1"
PROGRAM = str(ROOT / ".venv" / "bin" / "clearhold")


class Site:
    """A home with real programs on it, fed from outside while they are killed."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        self.home = home
        self.environment = os.environ | {
            "CLEARHOLD_HOME": str(home),
            "CLEARHOLD_LEASE_SECONDS": LEASE_SECONDS,
            "CLEARHOLD_MAX_ATTEMPTS": "1000",
        }
        if url is not None:
            self.environment["CLEARHOLD_DATABASE_URL"] = url
        self.db = Database(url or Settings(home=home, database_url=None).url())
        self.db.migrate()
        self.store = DocumentStore(home / "documents")
        self.received: list[str] = []

    def load_feeds(self, numbers: range, *, received: bool = True) -> None:
        for name, text in orders_feeds(numbers, received=received).items():
            with self.db.write() as session:
                load_feed(session, name, text.encode(), file_name=name, actor="system", at=SystemClock().now())

    def take_in(self, data: bytes) -> None:
        with self.db.write() as session:
            receipt = receive(
                session,
                self.store,
                data,
                file_name=f"paper-{len(self.received)}",
                origin="upload",
                received_by="user:anna",
                at=SystemClock().now(),
                max_bytes=1_000_000,
            )
        self.received.append(receipt.document.document_id)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.home / "log.txt").open("ab") as log:
            return subprocess.Popen([PROGRAM, *arguments], env=self.environment, stdout=log, stderr=log)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments], env=self.environment, capture_output=True, text=True, timeout=100, check=False
        )

    def log(self) -> str:
        return (self.home / "log.txt").read_text(errors="replace")[-3000:]

    def close(self) -> None:
        self.db.close()

    def pending(self) -> int:
        with self.db.read() as session:
            return documents.pending_count(session)


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def check_nothing_lost_and_nothing_twice(site: Site) -> Mapping[str, Outcome]:
    """Every document received has one decision, one audit entry that says so, and one case unless it is clear."""
    with site.db.read() as session:
        counted = session.all(
            select(tables.decisions.c.document_id, func.count().label("n")).group_by(tables.decisions.c.document_id)
        )
        outcomes = decisions.outcomes(session)
        cases = Counter(row["document_id"] for row in session.all(select(tables.cases.c.document_id)))
        told = Counter(entry.subject for entry in audit_log.all_entries(session) if is_decision(entry))
        damage = audit_log.verify(session, read_checkpoints(site.home / "checkpoints"))
    assert {row["document_id"]: row["n"] for row in counted} == dict.fromkeys(site.received, 1)
    assert told == Counter({f"document:{document_id}": 1 for document_id in site.received})
    assert cases == Counter({key: 1 for key, outcome in outcomes.items() if outcome is not Outcome.CLEAR})
    assert damage == ()
    return outcomes


def is_decision(entry: AuditEntry) -> bool:
    return entry.action == "document.decided"


def wait_until_working(site: Site, decided_before: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 15
    while len(site.received) - site.pending() <= decided_before and time.monotonic() < deadline:
        assert process.poll() is None, site.log()
        time.sleep(0.02)
