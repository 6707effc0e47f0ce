"""The restore drill: a backup is taken while papers arrive and are decided, and the house goes on from it elsewhere.

`make drill` does the same with many papers and prints what it took.
"""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from core.database import Database
from ingest import documents
from ingest.store import DocumentStore
from tests.chaos.papers import broken_pdf, e_invoice
from tests.chaos.site import Site, check_nothing_lost_and_nothing_twice, wait_until_working

pytestmark = pytest.mark.chaos

PAPERS = int(os.environ.get("DRILL_PAPERS", "20"))


def test_a_backup_under_load_restores_elsewhere_verifies_replays_and_goes_on(tmp_path: Path) -> None:
    _drill(Site(tmp_path / "here"), tmp_path, "sqlite")


@pytest.mark.postgres
@pytest.mark.skipif("DRILL_PAPERS" not in os.environ, reason="only by `make drill`; test_backup has both databases")
def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    (tmp_path / "here").mkdir()
    _drill(Site(tmp_path / "here", postgres_url), tmp_path, "postgresql")


def _drill(site: Site, tmp_path: Path, name: str) -> None:
    site.environment["CLEARHOLD_SCHEMA_CHECK"] = "false"
    site.load_feeds(range(PAPERS))
    for number in range(PAPERS // 2):
        site.take_in(e_invoice(number))
    worker = site.start("work")
    wait_until_working(site, 0, worker)
    done = threading.Event()

    def go_on_arriving() -> None:
        for number in range(PAPERS // 2, PAPERS):
            site.take_in(e_invoice(number) if number % 10 else broken_pdf(number))
            time.sleep(0.01)
        done.set()

    sender = threading.Thread(target=go_on_arriving)
    sender.start()
    began = time.monotonic()
    made = site.run("backup", str(tmp_path / "one.backup"), "--json")
    backup_seconds = time.monotonic() - began
    sender.join()
    assert made.returncode == 0 and done.is_set(), made.stderr
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0, site.log()
    told = json.loads(made.stdout)
    site.close()

    there = Site.__new__(Site)
    there.home, there.environment = tmp_path / "there", site.environment | {"CLEARHOLD_HOME": str(tmp_path / "there")}
    there.environment.pop("CLEARHOLD_DATABASE_URL", None)
    began = time.monotonic()
    restored = there.run("restore", str(tmp_path / "one.backup"))
    restore_seconds = time.monotonic() - began
    assert restored.returncode == 0, restored.stderr
    verified, replayed = there.run("audit", "verify"), there.run("replay", "--all", "--json")
    assert (verified.returncode, replayed.returncode) == (0, 0), verified.stderr + replayed.stdout
    again = json.loads(replayed.stdout)
    drained = there.run("work", "--once")
    assert drained.returncode == 0, drained.stderr
    there.db = Database(f"sqlite:///{there.home / 'clearhold.db'}")
    with there.db.read() as session:
        there.received = [document.document_id for document in documents.all_documents(session)]
        for sha256 in documents.stored_hashes(session):
            DocumentStore(there.home / "documents").get(sha256)
    outcomes = check_nothing_lost_and_nothing_twice(there)
    there.close()
    assert PAPERS // 2 <= len(outcomes) <= PAPERS and again["decisions"] >= 1
    assert set(there.received) <= set(site.received)
    print(
        f"\nRESULT database={name} papers={len(outcomes)} decided_before={again['decisions']} rows={told['rows']} "
        f"backup_mb={told['size_bytes'] / 1e6:.1f} backup_seconds={backup_seconds:.1f} "
        f"restore_seconds={restore_seconds:.1f} replay_sound={int(again['sound'])}"
    )
