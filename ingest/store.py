"""The document store: bytes kept once under their SHA-256, whole or not at all, sealed where the house has a key.

The name is always the hash of the plain bytes. Files that were sealed with older keys or not at all lie side by side.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Container, Iterator
from pathlib import Path

from core.errors import DiskFullError, InputError, NotFoundError, UnavailableError
from ingest.sealing import DocumentKeys, open_sealed, seal, sealed_with

_USED_KEYS = ".keys"
_HEAD_BYTES = 64
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DocumentStore:
    """A folder of documents, each named by the hash of its bytes. Safe for many writers at once.

    Args:
        keys: seal what comes in and open what is there; None stores plain bytes.
    """

    def __init__(self, root: Path, keys: DocumentKeys | None = None) -> None:
        self.root = root
        self.keys = keys

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256; the same bytes again change nothing.

        The file is written beside its place, flushed to the disk and renamed into it, so a reader never sees half
        a document. A file that no longer is what its name says is written anew.

        Raises:
            DiskFullError: `DISK-FULL`; nothing is left of the bytes.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if not self._holds(path, data):
            self._write(path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes kept under this hash.

        Raises:
            NotFoundError: `DOC-NOT-STORED` when the store has no such document.
            UnavailableError: `DOC-STORE-DAMAGED` when the file no longer has the hash it is named by.
        """
        return self._opened(sha256)[0]

    def stored(self, sha256: str) -> tuple[bytes, str | None]:
        """The bytes as they lie on the disk, tested against their hash, and the id of their key: for a backup.

        Raises:
            NotFoundError, UnavailableError: as `get`.
        """
        _, raw, key_id = self._opened(sha256)
        return raw, key_id

    def key_ids(self) -> frozenset[str]:
        """Ids of the keys that documents here were ever sealed with and may still need."""
        return frozenset(path.name for path in (self.root / _USED_KEYS).glob("*"))

    def note_key(self, key_id: str) -> None:
        """Remembers that documents here need this key."""
        used = self.root / _USED_KEYS / key_id
        if not used.exists():
            used.parent.mkdir(parents=True, exist_ok=True)
            used.touch()
            _sync_folder(used.parent)

    def missing_keys(self) -> frozenset[str]:
        """Those of them that this program does not have."""
        return self.key_ids() - frozenset(self.keys.secrets if self.keys else ())

    def in_a_word(self) -> str:
        """`plain`, `sealed`, or `key missing`."""
        if self.missing_keys():
            return "key missing"
        return "plain" if self.keys is None else "sealed"

    def hashes(self) -> Iterator[str]:
        """The hash of every document that lies here, folder by folder."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from (path.name for path in sorted(folder.iterdir()) if _SHA256.fullmatch(path.name))

    def key_of(self, sha256: str) -> str | None:
        """Id of the key a document is sealed with, by its first bytes alone; None when it lies there plain."""
        with self.path(sha256).open("rb") as file:
            return sealed_with(file.read(_HEAD_BYTES))

    def seal_again(self, sha256: str) -> bool:
        """Seals a document with the current key where it is not; says whether it had to.

        Raises:
            NotFoundError, UnavailableError: as `get`.
        """
        data, _, key_id = self._opened(sha256)
        if self.keys is None or key_id == self.keys.current:
            return False
        self._write(self.path(sha256), data)
        return True

    def forget_keys(self, still_used: Container[str]) -> None:
        """Takes back that keys are needed which no document here is sealed with any more."""
        for path in (self.root / _USED_KEYS).glob("*"):
            if path.name not in still_used:
                path.unlink(missing_ok=True)

    def remove(self, sha256: str) -> bool:
        """Erases a document's bytes for good; says whether there were any."""
        path = self.path(sha256)
        if not path.exists():
            return False
        path.unlink()
        _sync_folder(path.parent)
        return True

    def _opened(self, sha256: str) -> tuple[bytes, bytes, str | None]:
        """Plain bytes, bytes on the disk, id of the key."""
        try:
            raw = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(
                "DOC-NOT-STORED",
                f"The bytes of document {sha256[:12]}… are not in the store.",
                "Restore the folder `documents` of CLEARHOLD_HOME from the backup, or send the document again.",
            ) from None
        # A stranger's file may begin as sealed ones do: what has the hash it is named by lies there plain.
        if hashlib.sha256(raw).hexdigest() == sha256:
            return raw, raw, None
        key_id = sealed_with(raw)
        data = raw if key_id is None else open_sealed(raw, self.keys)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise UnavailableError(
                "DOC-STORE-DAMAGED",
                f"The stored bytes of document {sha256[:12]}… have changed on disk.",
                "Send the document again: the store then repairs the file; and check the disk.",
            )
        return data, raw, key_id

    def _holds(self, path: Path, data: bytes) -> bool:
        try:
            return path.exists() and self._opened(path.name)[0] == data
        except UnavailableError:
            return False

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if self.keys is None:
                _write_whole(path, data)
                return
            self.note_key(self.keys.current)
            _write_whole(path, seal(data, self.keys))
        except OSError as error:
            if (full := DiskFullError.of(error)) is not None:
                raise full from error
            raise

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash are or would be.

        Raises:
            InputError: `DOC-HASH` when it is not a SHA-256 in lower-case hex.
        """
        if not _SHA256.fullmatch(sha256):
            raise InputError("DOC-HASH", "That is not the hash of a document.", "Give 64 lower-case hex digits.")
        return self.root / sha256[:2] / sha256


def _write_whole(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".incoming-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
