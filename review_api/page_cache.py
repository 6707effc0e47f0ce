"""Images and words of pages, kept beside the documents they were made from, and sealed as those are."""

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path

from core.errors import UnavailableError
from ingest.sealing import DocumentKeys, open_sealed, seal, sealed_with


class PageCache:
    """A folder for each document. All of it can be made again: what cannot be opened is as if it were not there."""

    def __init__(self, root: Path, keys: DocumentKeys | None) -> None:
        self._root = root
        self._keys = keys

    def get(self, sha256: str, name: str) -> bytes | None:
        """What was kept under this name; None when nothing was, or it cannot be opened."""
        try:
            raw = (self._root / sha256 / name).read_bytes()
            return raw if sealed_with(raw) is None else open_sealed(raw, self._keys)
        except (OSError, UnavailableError):
            return None

    def put(self, sha256: str, name: str, data: bytes) -> bytes:
        """Keeps it whole or not at all, and gives it back."""
        path = self._root / sha256 / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.draft")
        draft.write_bytes(data if self._keys is None else seal(data, self._keys))
        draft.replace(path)
        return data

    def forget(self, sha256: str) -> None:
        """Removes all that was kept of a document."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._root / sha256)
