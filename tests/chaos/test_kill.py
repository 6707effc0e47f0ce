"""kill -9 at any moment: no document is lost, none is decided twice, and the audit verifies."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
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
from tests.chaos.papers import broken_pdf, e_invoice, orders_feeds
from tests.conftest import ROOT
from triage import decisions, tables

pytestmark = pytest.mark.chaos

KILLS = int(os.environ.get("CHAOS_KILLS", "20"))
LEASE_SECONDS = "1"
LONGEST_SECONDS = 100.0
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

    def load_feeds(self, numbers: range) -> None:
        for name, text in orders_feeds(numbers).items():
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


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.close()


@pytest.fixture
def postgres_site(tmp_path: Path, postgres_url: str) -> Iterator[Site]:
    site = Site(tmp_path, postgres_url)
    yield site
    site.close()


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


def test_a_worker_killed_at_random_moments_loses_nothing_and_decides_nothing_twice(site: Site) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    site.load_feeds(range(500))
    numbers = iter(range(500))
    started = time.monotonic()
    kills = killed_at_work = 0
    process: subprocess.Popen[bytes] | None = None
    while kills < KILLS and time.monotonic() - started < LONGEST_SECONDS:
        while site.pending() < 12:
            site.take_in(e_invoice(next(numbers)))
        site.take_in(broken_pdf(kills))
        decided_before = len(site.received) - site.pending()
        process = site.start("work")
        # Half the kills fall into starting and leasing, half into reading and deciding.
        if chance.random() < 0.5:
            wait_until_working(site, decided_before, process)
            time.sleep(chance.random() * 0.3)
        else:
            time.sleep(chance.random() * 2)
        assert process.poll() is None, site.log()
        killed_at_work += len(site.received) - site.pending() > decided_before
        kill(process)
        kills += 1
    drained = site.run("work", "--once", "--json")
    assert drained.returncode == 0, drained.stderr
    outcomes = check_nothing_lost_and_nothing_twice(site)
    verified = site.run("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    seconds = time.monotonic() - started
    print(f"\nseed={seed} kills={kills} at_work={killed_at_work} papers={len(outcomes)} seconds={seconds:.0f}")
    assert kills == KILLS and len(outcomes) >= 30
    assert Counter(outcomes.values())[Outcome.CLEAR] > 0


def wait_until_working(site: Site, decided_before: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 15
    while len(site.received) - site.pending() <= decided_before and time.monotonic() < deadline:
        assert process.poll() is None, site.log()
        time.sleep(0.02)


def test_a_worker_that_is_asked_to_stop_gives_back_and_exits_cleanly(site: Site) -> None:
    site.load_feeds(range(40))
    for number in range(40):
        site.take_in(e_invoice(number))
    process = site.start("work")
    wait_until_working(site, 0, process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0, site.log()
    with site.db.read() as session:
        held = [document for document in documents.newest(session) if document.state == "working"]
    assert held == []
    assert site.run("work", "--once").returncode == 0
    check_nothing_lost_and_nothing_twice(site)


@pytest.mark.postgres
def test_two_workers_on_postgresql_killed_in_turn_lose_nothing(postgres_site: Site) -> None:
    chance = random.Random(random.randrange(10**6))
    site = postgres_site
    site.load_feeds(range(200))
    for number in range(40):
        site.take_in(e_invoice(number))
    workers = [site.start("work"), site.start("work")]
    for turn in range(6):
        time.sleep(0.5 + chance.random() * 2)
        kill(workers[turn % 2])
        for number in range(40 + turn * 8, 48 + turn * 8):
            site.take_in(e_invoice(number))
        workers[turn % 2] = site.start("work")
    deadline = time.monotonic() + 40
    while site.pending() and time.monotonic() < deadline:
        time.sleep(0.2)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0, site.log()
    outcomes = check_nothing_lost_and_nothing_twice(site)
    assert len(outcomes) == 88
