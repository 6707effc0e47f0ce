"""The document store: bytes kept once under their SHA-256, whole or not at all."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from core.errors import InputError, NotFoundError, UnavailableError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class DocumentStore:
    """A folder of documents, each named by the hash of its bytes. Safe for many writers at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256; the same bytes again change nothing.

        The file is written beside its place, flushed to the disk and renamed into it, so a reader never sees half
        a document. A file that no longer is what its name says is written anew.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if not _holds(path, data):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes kept under this hash.

        Raises:
            NotFoundError: `DOC-NOT-STORED` when the store has no such document.
            UnavailableError: `DOC-STORE-DAMAGED` when the file no longer has the hash it is named by.
        """
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(
                "DOC-NOT-STORED",
                f"The bytes of document {sha256[:12]}… are not in the store.",
                "Restore the folder `documents` of CLEARHOLD_HOME from the backup, or send the document again.",
            ) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise UnavailableError(
                "DOC-STORE-DAMAGED",
                f"The stored bytes of document {sha256[:12]}… have changed on disk.",
                "Send the document again: the store then repairs the file; and check the disk.",
            )
        return data

    def stored(self, sha256: str) -> tuple[bytes, str | None]:
        """The bytes as they lie on the disk, tested against their hash, for a backup.

        Raises:
            NotFoundError, UnavailableError: as `get`.
        """
        return self.get(sha256), None

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash are or would be.

        Raises:
            InputError: `DOC-HASH` when it is not a SHA-256 in lower-case hex.
        """
        if not _SHA256.fullmatch(sha256):
            raise InputError("DOC-HASH", "That is not the hash of a document.", "Give 64 lower-case hex digits.")
        return self.root / sha256[:2] / sha256


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False


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
