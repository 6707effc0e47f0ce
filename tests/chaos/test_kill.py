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
from collections.abc import Iterator, Mapping
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
from tests.postgres import PostgresCluster
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
def test_nodes_on_postgresql_drain_their_papers_while_they_are_killed_at_random(postgres_site: Site) -> None:
    """Four nodes, 2,000 e-invoices, 100 kills by `make chaos`; two nodes and a few of both otherwise."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    site, nodes, papers = postgres_site, 4 if KILLS >= 100 else 2, 20 * KILLS if KILLS >= 100 else 40
    site.environment["CLEARHOLD_SCHEMA_CHECK"] = "false"
    site.load_feeds(range(papers))
    for number in range(papers):
        site.take_in(e_invoice(number))
    started = time.monotonic()
    workers = [site.start("work") for _ in range(nodes)]
    kills = KILLS if KILLS >= 100 else 3
    for _ in range(kills):
        # Long enough that a node comes to work in between, and so late that most have.
        time.sleep(1.0 + chance.random() * 4 if KILLS >= 100 else 0.5 + chance.random())
        which = chance.randrange(nodes)
        assert workers[which].poll() is None, site.log()
        kill(workers[which])
        if chance.random() < 0.3:
            cut_connections(site)
        workers[which] = site.start("work")
    while site.pending() and time.monotonic() - started < 60 + 12 * kills:
        time.sleep(0.2)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0, site.log()
    outcomes = check_nothing_lost_and_nothing_twice(site)
    assert len(outcomes) == papers
    for command in (("audit", "verify"), ("replay", "--all")):
        done = site.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    seconds = time.monotonic() - started
    print(f"\nseed={seed} nodes={nodes} kills={kills} papers={papers} seconds={seconds:.0f}")


@pytest.mark.postgres
def test_a_database_gone_for_a_while_is_answered_with_when_to_come_again_and_waited_for(tmp_path: Path) -> None:
    if PostgresCluster.binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    cluster = PostgresCluster.start()
    # The tests' server forgets its last commits when it is killed; a house's does not.
    site = Site(tmp_path, cluster.create_database("house") + "&options=-csynchronous_commit%3Don")
    programs: list[subprocess.Popen[bytes]] = []
    try:
        site.load_feeds(range(20))
        with site.db.write() as session:
            at = SystemClock().now()
            _, secret = accounts.add_key(session, name="mailbox", scopes=["documents:write"], at=at)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        programs += [site.start("serve", "--no-work", "--port", str(port)), site.start("work")]
        for number in range(10):
            sent = send_until_answered(port, secret, e_invoice(number), f"{number}.xml", time.monotonic() + 20)
            assert sent is not None, site.log()
            site.received.append(sent)
        cluster.halt()
        status, told, headers = send(port, secret, e_invoice(10), "10.xml")
        assert (status, json.loads(told)["code"]) == (503, "DB-UNAVAILABLE")
        assert headers["retry-after"] == "5"
        # A minute of `make chaos`; the programs' longest pause between two tries is 15 s.
        time.sleep(60 if KILLS >= 100 else 2)
        cluster.resume()
        last = send_until_answered(port, secret, e_invoice(10), "10.xml", time.monotonic() + 30, patient=True)
        assert last is not None, site.log()
        site.received.append(last)
        deadline = time.monotonic() + 60
        while site.pending() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [program.poll() for program in programs] == [None, None], site.log()
        for program in programs:
            program.send_signal(signal.SIGTERM)
            assert program.wait(30) == 0, site.log()
        assert len(check_nothing_lost_and_nothing_twice(site)) == 11
    finally:
        for program in programs:
            if program.poll() is None:
                kill(program)
        site.close()
        cluster.stop()


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


def send(port: int, secret: str, data: bytes, name: str) -> tuple[int, bytes, Mapping[str, str]]:
    """Sends a paper as another program would, once."""
    boundary = "paper-boundary"
    part = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/xml'
    body = f"--{boundary}\r\n{part}\r\n\r\n".encode() + data + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", "/v1/documents", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def send_until_answered(
    port: int, secret: str, data: bytes, name: str, deadline: float, *, patient: bool = False
) -> str | None:
    """Sends a paper again and again until the server says 202, `patient` also after 503; None when it is too late."""
    while time.monotonic() < deadline:
        try:
            status, text, _ = send(port, secret, data, name)
        except OSError:
            time.sleep(0.1)
            continue
        if status == 503 and patient:
            time.sleep(0.5)
            continue
        assert status == 202, text
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
