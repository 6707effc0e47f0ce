"""Stored documents are sealed: nothing of them can be read without the key; old, new and plain ones lie together."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ClearholdError
from ingest.sealing import CHUNK_BYTES, FIRST_LINE, DocumentKeys, add_key, open_sealed, read_keys, seal, sealed_with
from ingest.store import DocumentStore

KEYS = DocumentKeys(current="2026-11", secrets={"2026-11": b"k" * 32, "2025-01": b"o" * 32})
OLD = DocumentKeys(current="2025-01", secrets={"2025-01": b"o" * 32})
PAPER = b"%PDF an invoice of Nordlicht GmbH " * 100


@pytest.mark.law
@given(st.binary(max_size=300))
def test_what_is_sealed_opens_to_the_same_bytes_and_never_seals_alike(data: bytes) -> None:
    one, other = seal(data, KEYS), seal(data, KEYS)
    assert open_sealed(one, KEYS) == data == open_sealed(other, KEYS)
    assert one != other and sealed_with(one) == "2026-11"


@pytest.mark.parametrize("size", [0, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_chunks_that_are_changed_cut_or_swapped_do_not_open(size: int) -> None:
    sealed = seal(bytes(size), KEYS)
    head = len(sealed) - size - 16 * max(1, -(-size // CHUNK_BYTES))
    wrong = [sealed[:-1], sealed + b"\0", sealed[: head - 1] + b"?" + sealed[head:], sealed[:-1] + b"?"]
    if size > CHUNK_BYTES:
        chunk = CHUNK_BYTES + 16
        wrong += [sealed[: head + chunk], sealed[:head] + sealed[head + chunk :] + sealed[head : head + chunk]]
    for bad in wrong:
        with pytest.raises(ClearholdError) as refused:
            open_sealed(bad, KEYS)
        assert refused.value.code == "DOC-KEY-WRONG"


def test_the_address_is_the_hash_of_the_plain_bytes_and_the_disk_shows_none_of_them(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path, KEYS)
    sha256 = store.put(PAPER)
    assert sha256 == hashlib.sha256(PAPER).hexdigest() and store.get(sha256) == PAPER
    assert b"invoice" not in store.path(sha256).read_bytes() and store.in_a_word() == "sealed"


def test_plain_old_and_new_documents_are_read_side_by_side_until_all_are_sealed_anew(tmp_path: Path) -> None:
    plain, old = DocumentStore(tmp_path).put(b"plain"), DocumentStore(tmp_path, OLD).put(b"old")
    store = DocumentStore(tmp_path, KEYS)
    new = store.put(b"new")
    assert [store.key_of(name) for name in (plain, old, new)] == [None, "2025-01", "2026-11"]
    assert [store.get(name) for name in (plain, old, new)] == [b"plain", b"old", b"new"]
    assert [store.seal_again(name) for name in (plain, old, new)] == [True, True, False]
    store.forget_keys({"2026-11"})
    newest = DocumentStore(tmp_path, DocumentKeys(current="2026-11", secrets={"2026-11": b"k" * 32}))
    assert [newest.get(name) for name in (plain, old, new)] == [b"plain", b"old", b"new"]
    assert newest.missing_keys() == frozenset()


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        (None, "DOC-KEY-MISSING"),
        (OLD, "DOC-KEY-MISSING"),
        (DocumentKeys(current="2026-11", secrets={"2026-11": b"x" * 32}), "DOC-KEY-WRONG"),
    ],
)
def test_a_missing_and_a_wrong_key_are_told_apart(tmp_path: Path, keys: DocumentKeys | None, code: str) -> None:
    sha256 = DocumentStore(tmp_path, KEYS).put(PAPER)
    store = DocumentStore(tmp_path, keys)
    with pytest.raises(ClearholdError) as refused:
        store.get(sha256)
    assert refused.value.code == code and "CLEARHOLD" in refused.value.remedy + "CLEARHOLD" * (code == "DOC-KEY-WRONG")
    assert store.in_a_word() == ("key missing" if code == "DOC-KEY-MISSING" else "sealed")


def test_a_strangers_file_that_begins_like_a_sealed_one_is_a_document_like_any_other(tmp_path: Path) -> None:
    strange = FIRST_LINE + b"\x05other" + PAPER
    for store in (DocumentStore(tmp_path / "plain"), DocumentStore(tmp_path / "sealed", KEYS)):
        assert store.get(store.put(strange)) == strange


def test_key_files_are_made_kept_secret_and_refused_without_telling_what_they_say(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    add_key(file, "2025-01")
    first = read_keys(file)
    add_key(file, "2026-11")
    keys = read_keys(file)
    assert keys.current == "2026-11" and keys.secrets["2025-01"] == first.secrets["2025-01"]
    assert (file.stat().st_mode & 0o777) == 0o600
    assert str(keys.secrets["2025-01"]) not in repr(keys)
    for text in ("", "2026-11 secretsecret\n", file.read_text() * 2, "no key here at all\n"):
        file.write_text(text)
        with pytest.raises(ClearholdError) as refused:
            read_keys(file)
        assert refused.value.code == "DOC-KEY-FILE" and "secret" not in str(refused.value)
    with pytest.raises(ClearholdError, match="DOC-KEY-FILE"):
        read_keys(tmp_path / "none")
