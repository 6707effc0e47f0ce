"""Puts a backup into an empty home and database: all of it is tested first, and it appears when it is whole.

The rows are loaded under the schema they were written with, then brought up; files are laid beside their place and
moved into it. With the operator's words, what is there is moved aside (in PostgreSQL: dropped) instead of refused.
"""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text

from core import audit_log, table_rows
from core.canonical import instant_text
from core.clock import Clock
from core.database import Database, alembic_config
from core.errors import InputError
from core.settings import Settings
from ingest.store import DocumentStore
from review_api.keeping.archive import MANIFEST, Manifest, check, members, unpack
from review_api.keeping.restore_place import check_empty, check_unused, database_file, in_the_way

_DATABASE = "clearhold.db"
_STAGING = ".restoring"
_PLACE = re.compile(
    r"tables/(?P<table>[a-z_][a-z0-9_]*)/\d{6}\.jsonl\.gz"
    r"|documents/(?P<document>[0-9a-f]{2}/[0-9a-f]{64})"
    r"|checkpoints/(?P<checkpoint>[\w-][\w.-]*)"
    r"|home/(?P<home>[\w-][\w. -]*(?:/[\w-][\w. -]*)*)"
    r"|(?P<end>SHA256SUMS|manifest\.json|manifest\.sha256)"
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored. `aside` is where the files that were there before are now."""

    manifest: Manifest
    revision: str
    aside: Path | None


def restore(
    settings: Settings,
    clock: Clock,
    path: Path,
    *,
    by: str,
    force: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Restored:
    """Tests the backup, restores it and tells the restored audit log.

    Raises:
        InputError: `BACKUP-HALF`, `BACKUP-BROKEN`, `BACKUP-FORMAT`, `BACKUP-NO-FILE`, `BACKUP-NEWER`.
        ConflictError: `RESTORE-NOT-EMPTY`, `RESTORE-IN-USE`.
    """
    manifest = check(path, progress)
    _check_version(settings, manifest)
    at = clock.now()
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    check_unused(settings)
    if not force:
        check_empty(settings)
    staging = home / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    try:
        on_sqlite = settings.url().startswith("sqlite")
        db = Database(f"sqlite:///{(staging / _DATABASE).resolve()}" if on_sqlite else settings.url())
        try:
            _fill(db, staging, path, manifest, progress)
            db.migrate()
            told = {"made_at": manifest.made_at, "backup_head": manifest.audit_hash, "from": manifest.database}
            with db.write() as session:
                audit_log.append(
                    session, at=at, actor=by, action="backup.restored", subject="house:backup", payload=told
                )
            revision = db.revision() or ""
        finally:
            db.close()
        aside = _move_aside(settings, f"replaced-{instant_text(at)[:19].replace(':', '')}Z")
        _move_in(settings, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(manifest=manifest, revision=revision, aside=aside)


def _fill(db: Database, staging: Path, path: Path, manifest: Manifest, progress: Progress) -> None:
    """Loads rows in one transaction and lays files into the staging folder."""
    if db.engine.dialect.name == "postgresql":
        _drop_tables(db)
    db.migrate_to(manifest.revision)
    everything = sum(manifest.rows.values()) + manifest.documents
    done = 0
    with db.write() as session:
        references = table_rows.lay_references_aside(session)
        table_rows.empty_all(session, table_rows.shapes(session))
        for name, data in members(path):
            place = _PLACE.fullmatch(name)
            if place is None:
                raise InputError("BACKUP-BROKEN", f"{path} holds a strange member {name!r}.", "Take another backup.")
            if table := place["table"]:
                done += table_rows.load_lines(session, table, manifest.columns[table], unpack(data))
            elif not place["end"]:
                _lay(staging / name, data)
                done += name.startswith("documents/")
            progress(done, everything)
        store = DocumentStore(staging / "documents")
        for key_id in manifest.document_keys:
            store.note_key(key_id)
        table_rows.put_references_back(session, references)
        for shape in table_rows.shapes(session):
            if table_rows.count(session, shape) != manifest.rows.get(shape.name, 0):
                raise InputError(
                    "BACKUP-BROKEN", f"{path} has not as many rows of {shape.name} as {MANIFEST} says.", "Take another."
                )


def _lay(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _move_in(settings: Settings, staging: Path) -> None:
    """The database last: without it the home is still an empty one that a second attempt may fill."""
    _move_all(staging / "home", settings.home)
    _move_all(staging / "checkpoints", settings.checkpoints())
    if (staging / "documents").exists():
        shutil.move(staging / "documents", settings.home / "documents")
    database = database_file(settings)
    if database is not None:
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(staging / _DATABASE, database)


def _move_all(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()) if source.exists() else ():
        shutil.move(path, target / path.name)


def _move_aside(settings: Settings, name: str) -> Path | None:
    """Moves what is in the way, each beside its place; None when there was nothing."""
    found = in_the_way(settings)
    for path in found:
        aside = path.parent / name
        aside.mkdir(exist_ok=True)
        path.rename(aside / path.name)
    return settings.home / name if found else None


def _check_version(settings: Settings, manifest: Manifest) -> None:
    known = {step.revision for step in ScriptDirectory.from_config(alembic_config(settings.url())).walk_revisions()}
    if manifest.revision not in known:
        raise InputError(
            "BACKUP-NEWER",
            f"The backup has schema {manifest.revision}, made by version {manifest.clearhold}; this program is older.",
            "Restore it with that version or a newer one.",
        )


def _drop_tables(db: Database) -> None:
    with db.write() as session:
        for shape in table_rows.shapes(session):
            session.run(text(f'DROP TABLE "{shape.name}" CASCADE'))
        session.run(text(f"DROP TABLE IF EXISTS {table_rows.VERSION_TABLE}"))
