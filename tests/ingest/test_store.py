import hashlib
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DiskFullError, InputError, NotFoundError, UnavailableError
from ingest.store import DocumentStore


@pytest.mark.law
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_what_is_put_can_be_got_however_often_it_is_put(store: DocumentStore, pieces: list[bytes]) -> None:
    for piece in (*pieces, *pieces):
        sha256 = store.put(piece)
        assert sha256 == hashlib.sha256(piece).hexdigest()
        assert store.get(sha256) == piece
    kept = {path.name for path in store.root.rglob("*") if path.is_file()}
    assert {hashlib.sha256(piece).hexdigest() for piece in pieces} <= kept
    assert not any(name.startswith(".incoming") for name in kept)


def test_many_writers_of_the_same_bytes_leave_one_whole_file(store: DocumentStore) -> None:
    data = bytes(range(256)) * 4000
    threads = [threading.Thread(target=store.put, args=(data,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = [path for path in store.root.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [data]


def test_a_document_that_was_never_stored_is_said_to_be_missing(store: DocumentStore) -> None:
    with pytest.raises(NotFoundError) as caught:
        store.get("0" * 64)
    assert caught.value.code == "DOC-NOT-STORED"


def test_bytes_that_changed_on_disk_are_not_handed_out_and_putting_them_again_repairs(store: DocumentStore) -> None:
    sha256 = store.put(b"an invoice")
    store.path(sha256).write_bytes(b"an invoicf")
    with pytest.raises(UnavailableError) as caught:
        store.get(sha256)
    assert caught.value.code == "DOC-STORE-DAMAGED"
    store.put(b"an invoice")
    assert store.get(sha256) == b"an invoice"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_hash_names_a_document(store: DocumentStore, name: str) -> None:
    with pytest.raises(InputError) as caught:
        store.path(name)
    assert caught.value.code == "DOC-HASH"


def test_a_write_that_fails_leaves_nothing(store: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DiskFullError):
        store.put(b"an invoice")
    assert not [path for path in store.root.rglob("*") if path.is_file()]
