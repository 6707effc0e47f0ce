"""kill -9 at any moment: no document is lost, none is decided twice, and the audit verifies."""

import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import audit_log
from core.checkpoints import read_checkpoints
from core.clock import SystemClock
from core.decisions import Outcome
from ingest import documents
from review_api import accounts
from tests.chaos.papers import broken_pdf, e_invoice
from tests.chaos.site import Site, check_nothing_lost_and_nothing_twice, is_decision, kill, wait_until_working
from triage import decisions

pytestmark = pytest.mark.chaos

KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
PAPERS = 25 * KILLS
LONGEST_SECONDS = 5.0 * KILLS


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


def test_a_worker_killed_at_random_moments_loses_nothing_and_decides_nothing_twice(site: Site) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    site.load_feeds(range(PAPERS))
    numbers = iter(range(PAPERS))
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
    assert kills == KILLS and len(outcomes) >= 1.5 * KILLS
    assert Counter(outcomes.values())[Outcome.CLEAR] > 0


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
        cut_connections(site)
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


def cut_connections(site: Site) -> None:
    """What a restart of the server does to everybody who is connected, in the middle of whatever they do."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database()"
    with site.db.engine.connect() as connection:
        connection.exec_driver_sql(f"{others} AND pid<>pg_backend_pid()")


def test_a_server_killed_while_papers_are_sent_keeps_every_one_it_answered_for(site: Site) -> None:
    site.load_feeds(range(60))
    with site.db.write() as session:
        at = SystemClock().now()
        _, secret = accounts.add_key(session, name="mailbox", scopes=["documents:write"], at=at)
    chance = random.Random(random.randrange(10**6))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    numbers = itertools.count()
    for _ in range(4):
        server = site.start("serve", "--port", str(port))
        end = time.monotonic() + 20
        sent = 0
        until = None
        while time.monotonic() < (until or end):
            number = next(numbers)
            document_id = send_until_answered(port, secret, e_invoice(number), f"{number}.xml", until or end)
            if document_id is None:
                break
            site.received.append(document_id)
            sent += 1
            until = until or time.monotonic() + 0.2 + chance.random()
        assert server.poll() is None and sent, site.log()
        kill(server)
    # What was on its way when the server died may have been stored without an answer: that is no loss, and counted.
    with site.db.read() as session:
        stored = [document.document_id for document in documents.newest(session, limit=10_000)]
    print(f"\npapers={len(stored)} answered={len(site.received)}")
    assert set(site.received) <= set(stored)
    site.received = stored
    assert site.run("work", "--once").returncode == 0
    check_nothing_lost_and_nothing_twice(site)


def send_until_answered(port: int, secret: str, data: bytes, name: str, deadline: float) -> str | None:
    """Sends a paper as another program would, again and again until the server says 202; None when it is too late."""
    boundary = "paper-boundary"
    part = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/xml'
    body = f"--{boundary}\r\n{part}\r\n\r\n".encode() + data + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("POST", "/v1/documents", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except OSError:
            time.sleep(0.1)
            continue
        finally:
            connection.close()
        assert answer.status == 202, text
        return str(json.loads(text)["document_id"])
    return None


def test_a_worker_killed_while_it_looks_at_open_cases_again_changes_each_once(site: Site) -> None:
    chance = random.Random(random.randrange(10**6))
    papers = 40
    site.load_feeds(range(papers), received=False)
    for number in range(papers):
        site.take_in(e_invoice(number))
    assert site.run("work", "--once").returncode == 0
    site.load_feeds(range(papers))
    for _ in range(6):
        process = site.start("work")
        deadline = time.monotonic() + 15
        before = decided_again(site)
        while decided_again(site) == before and before < papers and time.monotonic() < deadline:
            assert process.poll() is None, site.log()
            time.sleep(0.01)
        time.sleep(chance.random() * 0.05)
        kill(process)
    drained = site.run("work", "--once", "--json")
    assert drained.returncode == 0, drained.stderr
    with site.db.read() as session:
        outcomes = [[one.outcome for one in decisions.of_document(session, key)] for key in site.received]
        told = Counter(entry.subject for entry in audit_log.all_entries(session) if is_decision(entry))
        assert audit_log.verify(session, read_checkpoints(site.home / "checkpoints")) == ()
    assert {tuple(runs) for runs in outcomes} <= {("hold", "clear"), ("hold", "sample"), ("hold",)}
    assert Counter(len(runs) for runs in outcomes)[2] == papers
    assert set(told.values()) == {2}


def decided_again(site: Site) -> int:
    with site.db.read() as session:
        return sum(decisions.latest_decision_run(session, key) > 1 for key in site.received)
