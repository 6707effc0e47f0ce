"""Makes one consistent backup while everything goes on: rows of one instant, and every document that they name.

A document's bytes are stored before its row is, and checkpoints are copied before the rows are looked at: so whatever a
row names is there, and no checkpoint knows of an entry that is not.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from core import audit_log, table_rows
from core.canonical import instant_text
from core.clock import Clock
from core.database import Database, ReadSession
from core.errors import ClearholdError, InputError, UnavailableError
from core.settings import Settings
from ingest import documents
from ingest.store import DocumentStore
from review_api.keeping.archive import FORMAT, ArchiveWriter, Manifest, pack, whole_file
from review_api.keeping.home_files import checkpoint_files, home_files
from triage import attachments

ONE_AT_A_TIME = "keeping"
"""Backup and erasure exclude one another: what a backup's rows name must not go while it is copied."""
_PART_CHARACTERS = 4_000_000
_SPACE_BESIDES = 1.1

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was made. `manifest_sha256` names it in the audit log and when it is restored."""

    path: Path
    size_bytes: int
    manifest: Manifest
    manifest_sha256: str


@dataclass(slots=True, kw_only=True)
class _Tally:
    progress: Progress
    everything: int
    done: int = 0

    def add(self, count: int) -> None:
        self.done += count
        self.progress(self.done, self.everything)


def back_up(
    db: Database,
    store: DocumentStore,
    settings: Settings,
    clock: Clock,
    path: Path,
    *,
    by: str,
    despite_missing: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Backup:
    """Writes the backup and tells the audit log of it.

    Args:
        despite_missing: goes on where the store has lost a document, and names it in the manifest.
        progress: told how many rows and documents are written, of how many.

    Raises:
        UnavailableError: `DB-SCHEMA`, `BACKUP-SPACE`, `BACKUP-WRITE`, `BACKUP-DOCUMENT`.
        ConflictError: `BACKUP-EXISTS`, `DB-BUSY-ELSEWHERE`.
    """
    if db.engine.dialect.name == "sqlite" and not Path(db.engine.url.database or "").exists():
        raise InputError("BACKUP-NOTHING", f"There is no {db.engine.url.database}.", "Set CLEARHOLD_HOME to the house.")
    if not db.is_migrated():
        raise UnavailableError(
            "DB-SCHEMA",
            "The database is not at the schema of this program.",
            "Make the backup with the program that serves it, or start `clearhold serve` once to bring it up.",
        )
    at = clock.now()
    with db.alone(ONE_AT_A_TIME), whole_file(path) as file, ArchiveWriter(file, at.timestamp()) as archive:
        # Read first: a checkpoint written meanwhile would name an entry the rows do not have yet.
        checkpoints = [(name, source.read_bytes()) for name, source in checkpoint_files(settings)]
        with db.read() as session:
            manifest = _write(
                session,
                archive,
                store,
                made_at=instant_text(at),
                path=path,
                despite_missing=despite_missing,
                progress=progress,
            )
        for name, data in checkpoints:
            archive.add(f"checkpoints/{name}", data)
        for name, source in home_files(settings):
            archive.add(f"home/{name}", source.read_bytes())
        seal = archive.end(manifest)
    written = manifest("")
    with db.write() as session:
        told = {
            "manifest_sha256": seal,
            "audit_sequence": written.audit_sequence,
            "rows": sum(written.rows.values()),
            "documents": written.documents,
            "missing": len(written.missing),
        }
        audit_log.append(session, at=clock.now(), actor=by, action="backup.made", subject="house:backup", payload=told)
    return Backup(path=path, size_bytes=path.stat().st_size, manifest=written, manifest_sha256=seal)


def _write(
    session: ReadSession,
    archive: ArchiveWriter,
    store: DocumentStore,
    *,
    made_at: str,
    path: Path,
    despite_missing: bool,
    progress: Progress,
) -> Callable[[str], Manifest]:
    """Rows and documents of this one view; returns what makes the manifest once the hashes are known."""
    shapes = table_rows.shapes(session)
    rows = {shape.name: table_rows.count(session, shape) for shape in shapes}
    count, size = documents.stored_size(session)
    _check_space(path, size)
    tally = _Tally(progress=progress, everything=sum(rows.values()) + count)
    for shape in shapes:
        _write_table(session, archive, shape, tally)
    copied, missing = 0, []
    keys: set[str] = set()
    for sha256 in _named(session):
        try:
            data, key = store.stored(sha256)
        except ClearholdError as error:
            if not despite_missing:
                raise _document_lost(error) from error
            missing.append(sha256)
            continue
        archive.add(f"documents/{sha256[:2]}/{sha256}", data)
        keys.update({key} if key else ())
        copied += 1
        tally.add(1)
    sequence, digest = audit_log.written_head(session)
    revision = str(session.scalar(text("SELECT version_num FROM alembic_version")))
    dialect = session.dialect

    def manifest(sums_sha256: str) -> Manifest:
        return Manifest(
            format=FORMAT,
            made_at=made_at,
            clearhold=version("clearhold"),
            revision=revision,
            database=dialect,
            audit_sequence=sequence,
            audit_hash=digest,
            columns={shape.name: list(shape.columns) for shape in shapes},
            rows=rows,
            documents=copied,
            missing=missing,
            document_keys=sorted(keys),
            sums_sha256=sums_sha256,
        )

    return manifest


def _write_table(session: ReadSession, archive: ArchiveWriter, shape: table_rows.TableShape, tally: _Tally) -> None:
    part: list[str] = []
    characters = number = 0

    def put() -> None:
        nonlocal part, characters, number
        number += 1
        archive.add(f"tables/{shape.name}/{number:06}.jsonl.gz", pack(part))
        tally.add(len(part))
        part, characters = [], 0

    for line in table_rows.lines(session, shape):
        part.append(line)
        characters += len(line)
        if characters >= _PART_CHARACTERS:
            put()
    if part:
        put()


def _named(session: ReadSession) -> Iterator[str]:
    """The hash of every stored file that a row names, each once."""
    seen: set[bytes] = set()
    for sha256 in (*documents.stored_hashes(session), *attachments.stored_hashes(session)):
        if (raw := bytes.fromhex(sha256)) not in seen:
            seen.add(raw)
            yield sha256


def _check_space(path: Path, size_bytes: int) -> None:
    """Refuses at once what can surely not fit: the documents alone are larger than what is free."""
    free = shutil.disk_usage(path.parent).free
    if size_bytes * _SPACE_BESIDES > free:
        raise UnavailableError(
            "BACKUP-SPACE",
            f"The documents alone have {size_bytes:,} bytes; {free:,} are free beside {path}.",
            "Make room or choose another place; nothing was written.",
        )


def _document_lost(error: ClearholdError) -> ClearholdError:
    if error.code not in {"DOC-NOT-STORED", "DOC-STORE-DAMAGED"}:
        return error
    return InputError(
        "BACKUP-DOCUMENT",
        f"{error.message} A backup without it would not be whole.",
        "Put the document back from an older backup, or allow its absence with --despite-missing.",
    )
