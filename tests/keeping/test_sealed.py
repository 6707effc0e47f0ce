"""A house with a key: pages, downloads and backups of sealed documents, a rotation, and a key that is not there."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.errors import ClearholdError
from core.settings import Settings
from ingest.sealing import add_key, read_keys
from ingest.store import DocumentStore
from review_api.keeping.rekey import rekey
from review_api.keeping.restore import restore
from review_api.page_cache import PageCache
from tests.conftest import ROOT
from tests.keeping.conftest import BY, Kept


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "document.keys"
    path.parent.mkdir(exist_ok=True)
    add_key(path, "2025-01")
    return path


def test_a_backup_keeps_documents_sealed_names_their_keys_and_holds_none(
    key_file: Path, kept: Kept, clock: FixedClock, tmp_path: Path
) -> None:
    kept.settings = kept.settings.model_copy(update={"document_key_file": key_file})
    kept.house.store.keys = read_keys(key_file)
    paper = kept.house.take_in(b"a paper nobody may read")
    made = kept.back_up()
    assert made.manifest.document_keys == ["2025-01"]
    whole = kept.backup.read_bytes()
    secret = key_file.read_text().split()[1].encode()
    assert b"nobody may read" not in whole and secret not in whole
    there = Settings(home=tmp_path / "there", database_url=None)
    restore(there, clock, kept.backup, by=BY)
    store = DocumentStore(there.home / "documents")
    assert store.in_a_word() == "key missing"
    with pytest.raises(ClearholdError, match="DOC-KEY-MISSING"):
        store.get(paper.sha256)
    assert DocumentStore(there.home / "documents", read_keys(key_file)).get(paper.sha256) == b"a paper nobody may read"


def test_after_a_rotation_and_rekey_the_old_key_is_needed_no_more(key_file: Path, kept: Kept) -> None:
    store = kept.house.store
    plain = kept.house.take_in(b"plain")
    store.keys = read_keys(key_file)
    old = kept.house.take_in(b"old")
    add_key(key_file, "2026-11")
    store.keys = read_keys(key_file)
    done = rekey(kept.house.db, store, at=kept.house.clock.now(), by=BY)
    assert (done.key_id, done.documents, done.sealed) == ("2026-11", 8, 8)
    store.keys = replace(store.keys, secrets={"2026-11": store.keys.secrets["2026-11"]})
    assert [store.get(paper.sha256) for paper in (plain, old)] == [b"plain", b"old"] and not store.missing_keys()


def test_kept_pages_are_sealed_as_papers_are_and_made_again_when_their_key_is_gone(tmp_path: Path) -> None:
    add_key(tmp_path / "keys", "a")
    cache = PageCache(tmp_path / "pages", read_keys(tmp_path / "keys"))
    cache.put("0" * 64, "1.json", b'{"words": "Nordlicht"}')
    assert cache.get("0" * 64, "1.json") == b'{"words": "Nordlicht"}'
    assert b"Nordlicht" not in (tmp_path / "pages" / ("0" * 64) / "1.json").read_bytes()
    assert PageCache(tmp_path / "pages", None).get("0" * 64, "1.json") is None
    cache.forget("0" * 64)
    assert cache.get("0" * 64, "1.json") is None


def test_the_program_tells_how_documents_are_sealed_and_refuses_a_broken_key_file(key_file: Path, kept: Kept) -> None:
    env = os.environ | {
        "CLEARHOLD_HOME": str(kept.settings.home),
        "CLEARHOLD_DATABASE_URL": kept.settings.url(),
        "CLEARHOLD_DOCUMENT_KEY_FILE": str(key_file),
    }
    program = [str(ROOT / ".venv" / "bin" / "clearhold"), "store"]
    done = subprocess.run([*program, "rekey"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = subprocess.run([*program, "status", "--json"], env=env, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == {"current": "2025-01", "documents": {"2025-01": 6}, "missing_keys": []}
    key_file.write_text("topsecret\n")
    broken = subprocess.run([*program, "status"], env=env, capture_output=True, text=True, check=False)
    assert broken.returncode == 1 and "DOC-KEY-FILE" in broken.stderr and "topsecret" not in broken.stderr
