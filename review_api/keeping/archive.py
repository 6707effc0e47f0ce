"""A backup as a file: a tar that is written and read as a stream, and says at its end what it should hold.

Order: `tables/…`, `documents/…`, `checkpoints/…`, `home/…`, then `SHA256SUMS` (a line for each member before, as
`sha256sum` writes them), `manifest.json` and `manifest.sha256`. A file that ends earlier is no backup.
"""

import hashlib
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Self

from core.errors import ConflictError, InputError, UnavailableError

FORMAT = 1
SUMS, MANIFEST, SEAL = "SHA256SUMS", "manifest.json", "manifest.sha256"
_GZIP = 16 + zlib.MAX_WBITS
_IN_MEMORY = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds, and what it was made from.

    Attributes:
        revision: version of the schema its rows have.
        database: `sqlite` or `postgresql`: where it came from, not where it must go.
        audit_sequence, audit_hash: head of the audit chain that its rows end with.
        columns: of each table, in the order of its rows.
        rows: how many rows of each table.
        documents: how many documents and attached files.
        missing: documents that the store did not have any more; only where the operator allowed it.
        document_keys: ids of the keys that stored documents need to be read; the keys are not here.
        sums_sha256: hash of `SHA256SUMS`.
    """

    format: int
    made_at: str
    clearhold: str
    revision: str
    database: str
    audit_sequence: int
    audit_hash: str
    columns: Mapping[str, list[str]]
    rows: Mapping[str, int]
    documents: int
    missing: list[str]
    document_keys: list[str]
    sums_sha256: str


class ArchiveWriter:
    """Writes members one after another, and their hashes at the end; used in a `with`."""

    def __init__(self, file: IO[bytes], made_at: float) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT)  # noqa: SIM115  the file is its caller's
        self._made_at = int(made_at)
        self._sums = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `__exit__`

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sums.close()

    def add(self, name: str, data: bytes) -> None:
        """Writes one member."""
        self._write(name, data)
        self._sums.write(f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode())

    def end(self, manifest: Callable[[str], Manifest]) -> str:
        """Writes the hashes and what `manifest` makes of their own hash; returns the hash of the manifest."""
        self._sums.seek(0)
        sums = self._sums.read()
        text = json.dumps(asdict(manifest(hashlib.sha256(sums).hexdigest())), indent=1, sort_keys=True).encode()
        seal = hashlib.sha256(text).hexdigest()
        self._write(SUMS, sums)
        self._write(MANIFEST, text)
        self._write(SEAL, f"{seal}  {MANIFEST}\n".encode())
        self._tar.close()
        return seal

    def _write(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(data), 0o600, self._made_at
        self._tar.addfile(info, BytesIO(data))


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is whole and on the disk, and not at all when anything goes wrong.

    Raises:
        ConflictError: `BACKUP-EXISTS` when there is a file of that name.
        UnavailableError: `BACKUP-WRITE` when it cannot be written.
    """
    if path.exists():
        raise ConflictError("BACKUP-EXISTS", f"{path} is there already.", "Give each backup a name of its own.")
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        draft = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise UnavailableError(
            "BACKUP-WRITE",
            f"The backup could not be written to {path}: {error.strerror or error}.",
            "Make room or choose another place; nothing was left there, and the service was not disturbed.",
        ) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every member with its bytes, in order.

    Raises:
        InputError: `BACKUP-BROKEN` when it is no tar, or ends in the middle of a member.
    """
    try:
        with tarfile.open(path, mode="r|") as tar:
            for info in tar:
                file = tar.extractfile(info) if info.isreg() else None
                if file is None:
                    raise _broken(path, f"{info.name} is no plain file")
                yield info.name, file.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise _broken(path, str(error)) from error


def check(path: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Manifest:
    """Reads the whole file and holds every member against its hash; changes nothing.

    Raises:
        InputError: `BACKUP-HALF` when its end is missing, `BACKUP-BROKEN` when a member is not as it was written,
            `BACKUP-FORMAT` when this program does not know its form.
    """
    size, seen, running = _size(path), 0, hashlib.sha256()
    end: dict[str, bytes] = {}
    for name, data in members(path):
        seen += len(data)
        progress(min(seen, size), size)
        if name in {SUMS, MANIFEST, SEAL}:
            end[name] = data
        else:
            running.update(f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode())
    if end.keys() != {SUMS, MANIFEST, SEAL}:
        raise InputError(
            "BACKUP-HALF", f"{path} ends before its end.", "Copy it again from where it was made, or take another."
        )
    if end[SEAL].split(b" ")[0].decode("ascii", "replace") != hashlib.sha256(end[MANIFEST]).hexdigest():
        raise _broken(path, f"{MANIFEST} is not as it was written")
    manifest = _manifest(path, end[MANIFEST])
    if hashlib.sha256(end[SUMS]).hexdigest() != manifest.sums_sha256:
        raise _broken(path, f"{SUMS} is not as it was written")
    if running.hexdigest() != manifest.sums_sha256:
        raise _broken(path, f"{_first_changed(path, end[SUMS])} is not as it was written")
    return manifest


def pack(lines: list[str]) -> bytes:
    """Lines of text, compressed; the same lines give the same bytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    return packer.compress(("\n".join(lines) + "\n").encode()) + packer.flush()


def unpack(data: bytes) -> list[str]:
    """The inverse of `pack`. Only line feeds end a line: a value may hold every other sign."""
    return zlib.decompress(data, _GZIP).decode().removesuffix("\n").split("\n")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise InputError("BACKUP-NO-FILE", f"{path} cannot be read.", "Name a file that `backup` has made.") from error


def _manifest(path: Path, text: bytes) -> Manifest:
    found = json.loads(text)
    if found.get("format") != FORMAT:
        raise InputError(
            "BACKUP-FORMAT",
            f"{path} has form {found.get('format')}; this program knows form {FORMAT}.",
            "Restore it with the version that made it, or a newer one.",
        )
    return Manifest(**found)


def _first_changed(path: Path, sums: bytes) -> str:
    told = iter(sums.decode().splitlines())
    for name, data in members(path):
        if name == SUMS:
            break
        if next(told, "") != f"{hashlib.sha256(data).hexdigest()}  {name}":
            return name
    return next(told, "a member")[66:] or "a member"


def _broken(path: Path, what: str) -> InputError:
    return InputError(
        "BACKUP-BROKEN", f"{path} is damaged: {what}.", "Copy it again from where it was made, or take another."
    )
