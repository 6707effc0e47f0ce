"""A backup is of one instant, whole or refused; restored into either database it verifies, replays and goes on."""

import json
import resource
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from core import audit_log, table_rows
from core.checkpoints import read_checkpoints
from core.clock import FixedClock
from core.database import Database
from core.documents import Document
from core.errors import ClearholdError
from core.settings import Settings
from ingest import documents
from ingest.store import DocumentStore
from review_api import accounts
from review_api.keeping.archive import ArchiveWriter, check
from review_api.keeping.backup import ONE_AT_A_TIME
from review_api.keeping.restore import restore
from review_api.services import Services
from tests.conftest import ROOT, run_clearhold
from tests.keeping.conftest import BY, Kept, all_rows, make_kept
from triage.replaying import replay_all

POSTGRES = pytest.param("postgresql", marks=pytest.mark.postgres)


@pytest.mark.parametrize("target", ["sqlite", POSTGRES])
def test_what_was_backed_up_from_either_database_is_the_same_in_either(
    target: str, tmp_path: Path, clock: FixedClock, fresh_url: Callable[[str], str], either_database: Database
) -> None:
    db = either_database
    kept = make_kept(db, tmp_path, clock)
    before = all_rows(db)
    made = kept.back_up()
    there = Settings(home=tmp_path / "there", database_url=fresh_url(target))
    restored = restore(there, clock, kept.backup, by=BY)
    other = Database(there.url())
    after = all_rows(other)
    told = {name: [row for row in after[name] if row not in before[name]] for name in after}
    assert {name for name, rows in told.items() if rows} == {"audit_entries", "audit_head"}
    assert all(set(map(repr, before[name])) <= set(map(repr, after[name])) for name in after if name != "audit_head")
    assert made.manifest.documents == 6 and restored.manifest == check(kept.backup)
    house = Services(settings=there, db=other, store=DocumentStore(there.home / "documents"), clock=clock)
    with other.read() as session:
        assert audit_log.verify(session, read_checkpoints(there.checkpoints())) == ()
        for sha256 in documents.stored_hashes(session):
            assert house.store.get(sha256) == kept.house.store.get(sha256)
        assert [key.name for key in accounts.list_keys(session)] == ["mailbox"]
    house.write_checkpoint()
    assert len(read_checkpoints(there.checkpoints())) == 2, "signed with the same key as before"
    tally = replay_all(other)
    assert (tally.equal, tally.is_sound) == (3, True)
    clock.instant += timedelta(seconds=31)
    with other.write() as session:
        again = [documents.lease(session, node="node-2", at=clock.now(), lease_seconds=30) for _ in range(3)]
    assert sorted(lease.attempts for lease in again if lease) == [1, 2], "a leased paper is taken up again"
    other.close()


def test_rows_written_while_a_backup_runs_are_not_in_it_and_what_is_in_it_has_its_document(kept: Kept) -> None:
    house = kept.house
    told: list[Document] = []

    def meanwhile(done: int, _everything: int) -> None:
        if not told:
            told.append(house.take_in())
            house.db.engine.pool.dispose()

    with house.db.read() as session:
        newest = audit_log.written_head(session)
    made = kept.back_up(progress=meanwhile)
    assert told and (made.manifest.audit_sequence, made.manifest.audit_hash) == newest
    assert made.manifest.rows["documents"] == 5


def test_a_backup_made_under_an_older_schema_is_brought_up_and_one_of_a_newer_is_refused(
    tmp_path: Path, clock: FixedClock, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Older(Database):
        def is_migrated(self) -> bool:
            return True

    old = Older(f"sqlite:///{tmp_path / 'old' / 'clearhold.db'}")
    old.migrate_to("0032")
    kept.house.db = old
    # The program of that schema asked its own tables; there are no documents in it.
    monkeypatch.setattr(documents, "stored_size", lambda _: (0, 0))
    monkeypatch.setattr(documents, "stored_hashes", lambda _: ())
    made = kept.back_up()
    assert made.manifest.revision == "0032"
    there = Settings(home=tmp_path / "there", database_url=None)
    restore(there, clock, kept.backup, by=BY)
    db = Database(there.url())
    assert db.is_migrated()
    db.close()
    old.close()
    with kept.backup.open("wb") as file, ArchiveWriter(file, 0) as archive:
        archive.end(lambda sums: replace(made.manifest, revision="9032", sums_sha256=sums))
    assert _code(lambda: restore(Settings(home=tmp_path / "new"), clock, kept.backup, by=BY)) == "BACKUP-NEWER"


def test_a_file_that_is_cut_or_changed_anywhere_is_refused_and_nothing_is_restored(
    kept: Kept, tmp_path: Path, clock: FixedClock
) -> None:
    kept.back_up()
    whole = kept.backup.read_bytes()
    there = Settings(home=tmp_path / "there")
    codes = set()
    with tarfile.open(fileobj=BytesIO(whole)) as tar:
        places = [info.offset_data for info in tar if info.size]
        last = max(info.offset for info in tar)
    for size in (0, 511, len(whole) // 3, len(whole) // 2, last):
        kept.backup.write_bytes(whole[:size])
        codes.add(_code(lambda: restore(there, clock, kept.backup, by=BY)))
    for place in places[:: max(1, len(places) // 12)]:
        changed = bytearray(whole)
        changed[place] ^= 1
        kept.backup.write_bytes(changed)
        codes.add(_code(lambda: restore(there, clock, kept.backup, by=BY)))
    assert codes == {"BACKUP-HALF", "BACKUP-BROKEN"}
    assert not there.home.exists()


def test_a_home_that_is_not_empty_or_in_use_is_left_alone_unless_the_words_are_said(
    kept: Kept, tmp_path: Path, clock: FixedClock
) -> None:
    kept.back_up()
    there = Settings(home=tmp_path / "there", database_url=None)
    restore(there, clock, kept.backup, by=BY)
    assert _code(lambda: restore(there, clock, kept.backup, by=BY)) == "RESTORE-NOT-EMPTY"
    db = Database(there.url())
    with db.read() as session:
        documents.stored_size(session)
        assert _code(lambda: restore(there, clock, kept.backup, by=BY, force=True)) == "RESTORE-IN-USE"
    db.close()
    again = restore(there, clock, kept.backup, by=BY, force=True)
    assert again.aside is not None and (again.aside / "clearhold.db").exists() and (again.aside / "documents").is_dir()


def test_a_document_the_store_has_lost_stops_the_backup_unless_its_absence_is_allowed(kept: Kept) -> None:
    with kept.house.db.read() as session:
        lost = min(documents.stored_hashes(session))
    kept.house.store.path(lost).unlink()
    assert _code(kept.back_up) == "BACKUP-DOCUMENT"
    assert not list(kept.backup.parent.glob("*one.backup*"))
    assert kept.back_up(despite_missing=True).manifest.missing == [lost]


def test_two_backups_at_once_are_refused_and_a_name_is_never_written_over(kept: Kept) -> None:
    with kept.house.db.alone(ONE_AT_A_TIME):
        assert _code(kept.back_up) == "DB-BUSY-ELSEWHERE"
    kept.back_up()
    assert _code(kept.back_up) == "BACKUP-EXISTS"


def test_a_full_disk_ends_a_backup_with_a_code_no_half_file_and_a_service_that_goes_on(kept: Kept) -> None:
    kept.house.take_in(b"x" * 900_000)
    program = "import sys; from review_api.cli.main import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "backup", str(kept.backup)],
        env={"CLEARHOLD_HOME": str(kept.settings.home), "CLEARHOLD_DATABASE_URL": kept.settings.url()},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000)),
    )
    assert done.returncode == 1 and "BACKUP-WRITE" in done.stderr and "Traceback" not in done.stderr
    assert not list(kept.backup.parent.glob("*one.backup*"))
    kept.house.take_in()


def test_the_program_backs_up_checks_and_restores(kept: Kept, tmp_path: Path) -> None:
    url = {"CLEARHOLD_DATABASE_URL": kept.settings.url()}
    made = run_clearhold("backup", str(kept.backup), "--json", home=kept.settings.home, **url)
    assert made.returncode == 0, made.stderr
    assert (kept.backup.stat().st_mode & 0o777) == 0o600, "it holds the key that signs checkpoints"
    wrong = run_clearhold("restore", str(kept.backup), "--force", "yes", home=tmp_path / "there")
    assert wrong.returncode == 1 and "RESTORE-WORDS" in wrong.stderr
    done = run_clearhold("restore", str(kept.backup), "--json", home=tmp_path / "there")
    assert done.returncode == 0, done.stderr
    told, back = json.loads(made.stdout), json.loads(done.stdout)
    assert told["rows"] == back["rows"] and back["restored"] and back["documents"] == 6
    assert (tmp_path / "there" / "bundles" / "review.json").read_text() == "{}"


def test_values_that_are_bytes_or_long_cross_unchanged(database: Database) -> None:
    at = "2026-01-01T00:00:00.000000Z"
    row = {"round": 7, "started_at": at, "verified_at": at, "verified_to": 1, "hash": "h", "checkpoints": 0}
    with database.write() as session:
        session.load("audit_rounds", [*row, "damage"], [(*row.values(), b"\x00\xff")])
        shape = next(shape for shape in table_rows.shapes(session) if shape.name == "audit_rounds")
        lines = list(table_rows.lines(session, shape))
        table_rows.empty_all(session, [shape])
        table_rows.load_lines(session, shape.name, shape.columns, lines)
        assert list(table_rows.lines(session, shape)) == lines and '{"hex":"00ff"}' in lines[0]


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(ClearholdError) as refused:
        act()
    return refused.value.code
