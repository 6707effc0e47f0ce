"""The database: SQLite by default, PostgreSQL by URL; reading and writing are different types, one place commits."""

import fcntl
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, RowMapping, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import ConflictError, DiskFullError, UnavailableError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
SQLITE_BUSY_MILLISECONDS = 30_000
SQLITE_OUTAGES = ("unable to open", "locked", "disk I/O")
SQLITE_FULL = ("disk is full", "readonly")
_UNREACHABLE = UnavailableError(
    "DB-UNAVAILABLE",
    "The database cannot be reached.",
    "Check CLEARHOLD_DATABASE_URL and that the server runs; work goes on by itself when it is back.",
)
_FULL = DiskFullError(
    "DISK-FULL",
    "The database cannot write: its disk is full or has become read-only.",
    "Free space where the database lies; work goes on by itself then.",
)


_rider: ContextVar["Callable[[WriteSession], None] | None"] = ContextVar("rider", default=None)


@contextmanager
def before_commit(act: "Callable[[WriteSession], None] | None") -> Iterator[None]:
    """Has something done at the end of every transaction this call makes, as a part of it; None for nothing."""
    token = _rider.set(act)
    try:
        yield
    finally:
        _rider.reset(token)


class SchemaState(StrEnum):
    """How the database's schema stands to the one this release knows.

    `ahead`: a newer release has added to it. Steps only add, so that this one goes on beside it.
    """

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"


class ReadSession:
    """A transaction that can only read: SQLite `query_only`, PostgreSQL `READ ONLY`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    def all(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[RowMapping]:
        """Every row of a query."""
        return self._connection.execute(statement, parameters).mappings().all()

    def rows(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Every row of a query as a plain tuple, in the order of its columns: for many rows, read fast."""
        return self._connection.execute(statement, parameters).all()

    def one_or_none(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> RowMapping | None:
        """The only row of a query, or None."""
        return self._connection.execute(statement, parameters).mappings().one_or_none()

    def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(statement, parameters).scalar()

    def parts(self, statement: Executable, size: int) -> Iterator[Sequence[Row[Any]]]:
        """The rows of a query as plain tuples, `size` at a time, never all of them in memory."""
        yield from self._connection.execute(statement, execution_options={"yield_per": size}).partitions()


class WriteSession(ReadSession):
    """A transaction that writes. It never commits by itself: `Database.write` does, once."""

    def run(self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> int:
        """Executes a change, once or for many rows, and returns how many rows it touched."""
        if rows is None:
            return self._connection.execute(statement).rowcount
        if not rows:
            return 0
        touched = self._connection.execute(statement, list(rows)).rowcount
        # A driver that sends many rows at once does not count them; it has taken all or raised.
        return touched if touched >= 0 else len(rows)

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Puts rows of raw values into a table, as fast as the database takes them; PostgreSQL reads them as text."""
        names = ", ".join(f'"{column}"' for column in columns)
        if self.dialect == "sqlite":
            marks = ", ".join("?" * len(columns))
            insert = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608  names of our own tables
            self._connection.exec_driver_sql(insert, [tuple(row) for row in rows])
            return
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


class Database:
    """One database, and the only way to a transaction.

    Attributes:
        commits: transactions committed by this process so far; nothing it wrote has changed while this stays the same.
    """

    def __init__(self, url: str) -> None:
        self.url, self.commits = url, 0
        self.engine = _engine(url)

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A consistent view for reading.

        Raises:
            UnavailableError: `DB-UNAVAILABLE` when the database cannot be reached.
        """
        with _reachable(), self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA query_only=ON")
                try:
                    connection.exec_driver_sql("BEGIN")
                    yield ReadSession(connection)
                finally:
                    connection.rollback()
                    connection.exec_driver_sql("PRAGMA query_only=OFF")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield ReadSession(connection)

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """One transaction: committed here when the block ends, rolled back when it raises. Nothing else commits.

        Raises:
            UnavailableError: `DB-UNAVAILABLE` when the database cannot be reached.
        """
        with _reachable(), self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                session = WriteSession(connection)
                yield session
                if (rider := _rider.get()) is not None:
                    rider(session)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            self.commits += 1

    def migrate(self) -> None:
        """Brings the schema to the newest version; a database that is there already is left alone."""
        from alembic import command

        with self._one_migration():
            if not self.is_migrated():
                command.upgrade(alembic_config(self.url), "head")

    @contextmanager
    def _one_migration(self) -> Iterator[None]:
        """SQLite has no lock over several transactions: programs that start together wait on a file beside it."""
        if self.engine.dialect.name != "sqlite":
            yield
            return
        with Path(f"{self.engine.url.database}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def migrate_to(self, revision: str) -> None:
        """Brings an empty database to the schema of one version: for rows that were written under it."""
        from alembic import command

        with self._one_migration():
            command.upgrade(alembic_config(self.url), revision)

    def revision(self) -> str | None:
        """The version of the schema that is there; None when there is none."""
        from alembic.runtime.migration import MigrationContext

        with _reachable(), self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Lets one program at a time, on any node, do what is called `name`; it is free again when the program ends.

        Raises:
            ConflictError: `DB-BUSY-ELSEWHERE` when another does it now.
        """
        busy = ConflictError(
            "DB-BUSY-ELSEWHERE",
            f"Another program is at it now: {name}.",
            "Wait until it has ended; nothing was begun here.",
        )
        if self.engine.dialect.name == "sqlite":
            with Path(f"{self.engine.url.database}.{name}").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise busy from None
                yield
            return
        with _reachable(), self.engine.connect() as connection:
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
            if not connection.exec_driver_sql("SELECT pg_try_advisory_xact_lock(%s)", (key,)).scalar():
                raise busy
            yield

    def schema_state(self) -> "SchemaState":
        """Whether the schema is the one this release knows, or has steps of a newer or lacks some of it."""
        from alembic.script import ScriptDirectory

        steps = ScriptDirectory.from_config(alembic_config(self.url))
        now = self.revision()
        if now == steps.get_current_head():
            return SchemaState.CURRENT
        known = {step.revision for step in steps.walk_revisions()}
        return SchemaState.BEHIND if now is None or now in known else SchemaState.AHEAD

    def is_migrated(self) -> bool:
        """Whether everything this release needs of the schema is there."""
        return self.schema_state() is not SchemaState.BEHIND

    def close(self) -> None:
        """Gives every connection back."""
        self.engine.dispose()


def alembic_config(url: str) -> Any:
    """Alembic's configuration for this database; there is no `alembic.ini` to keep in step."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


@contextmanager
def _reachable() -> Iterator[None]:
    """Turns a lost or missing server into the one error that says what to do."""
    try:
        yield
    except DBAPIError as error:
        if _is_full(error.orig):
            raise _FULL from error
        if error.connection_invalidated or _is_outage(error.orig):
            raise _UNREACHABLE from error
        raise


def _is_full(error: BaseException | None) -> bool:
    """Whether the driver says that nothing more can be written."""
    if isinstance(error, sqlite3.OperationalError):
        return any(words in str(error) for words in SQLITE_FULL)
    return type(error).__name__ == "DiskFull"


def _is_outage(error: BaseException | None) -> bool:
    """Whether the driver says the database is away, locked or full, rather than that the statement is wrong."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, sqlite3.OperationalError):
        return any(words in str(error) for words in SQLITE_OUTAGES)
    return bool(names & {"OperationalError", "InterfaceError"})


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(_psycopg(url), pool_pre_ping=True, pool_size=10, max_overflow=20)
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    # No isolation level hands BEGIN to us: the driver's own would be DEFERRED and fail to upgrade under contention.
    engine = create_engine(url, connect_args={"isolation_level": None})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    for pragma in (
        f"busy_timeout={SQLITE_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
