"""Where a backup may be restored to: an empty home and database that no program uses; what else is there is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from core import table_rows
from core.database import Database
from core.errors import ConflictError
from core.settings import Settings

FORCE_WORDS = "replace what is there"
_PASSING = (".", "replaced-", "lost+found")
_LOCKS = (".migrating", ".keeping")


def check_unused(settings: Settings) -> None:
    """Refuses while a program has the database open.

    Raises:
        ConflictError: `RESTORE-IN-USE`.
    """
    database = database_file(settings)
    used = _others_on_postgres(settings) if database is None else database.exists() and _is_open(database)
    if used:
        raise ConflictError(
            "RESTORE-IN-USE", "A program is using this database.", "Stop every `clearhold serve` and `work` first."
        )


def check_empty(settings: Settings) -> None:
    """Refuses where anything is that a restore would have to replace.

    Raises:
        ConflictError: `RESTORE-NOT-EMPTY`.
    """
    found = [str(path) for path in in_the_way(settings)]
    if database_file(settings) is None:
        found += [f"table {name}" for name in _tables_with_rows(settings)]
    if found:
        raise ConflictError(
            "RESTORE-NOT-EMPTY",
            f"There is something already: {', '.join(found[:5])}{' …' if len(found) > 5 else ''}.",
            "Name an empty CLEARHOLD_HOME and database, or say --force "
            f'"{FORCE_WORDS}": files are then moved aside, tables of PostgreSQL dropped.',
        )


def in_the_way(settings: Settings) -> list[Path]:
    """Files and folders that would have to go; not locks, empty folders, a fresh database, keys the operator brings."""
    database, checkpoints = database_file(settings), settings.checkpoints()
    found = [path for path in sorted(settings.home.iterdir()) if _holds_something(path, settings)]
    if checkpoints.parent.resolve() != settings.home.resolve():
        found += sorted(checkpoints.glob("audit-checkpoints.*"))
    if database is None:
        return found
    of_database = [path for path in sorted(database.parent.glob(f"{database.name}*")) if not _is_lock(path)]
    others = [path for path in found if path.resolve() not in of_database]
    return [*of_database, *others] if database.exists() and _tables_with_rows(settings) else others


def database_file(settings: Settings) -> Path | None:
    """SQLite's file; None for PostgreSQL."""
    url = settings.url()
    return Path(url.removeprefix("sqlite:///")).resolve() if url.startswith("sqlite") else None


def _holds_something(path: Path, settings: Settings) -> bool:
    if path.name.startswith(_PASSING) or _is_lock(path) or path.resolve() in settings.given_files():
        return False
    return path.is_file() or any(path.iterdir())


def _is_lock(path: Path) -> bool:
    return path.name.endswith(_LOCKS)


def _tables_with_rows(settings: Settings) -> list[str]:
    """A fresh schema has the head of an empty audit log and nothing else."""
    db = Database(settings.url())
    try:
        with db.read() as session:
            rows = {shape.name: table_rows.count(session, shape) for shape in table_rows.shapes(session)}
    finally:
        db.close()
    return [name for name, count in rows.items() if count and name != "audit_head"]


def _others_on_postgres(settings: Settings) -> bool:
    db = Database(settings.url())
    others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    try:
        with db.read() as session:
            return bool(session.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")))  # noqa: S608
    finally:
        db.close()


def _is_open(database: Path) -> bool:
    """SQLite gives its write-ahead log up only when nobody else has the file open."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return True
    return False
