"""The houses the desk is measured on, kept under `var/` between runs: one in SQLite, one in PostgreSQL, alike.

A demo is made once, its orders and recommendations scored, and grown (`desk_world`); PostgreSQL gets the same rows.
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.desk_world import PEOPLE, Size, grow, person
from benchmarks.kept_postgres import KeptServer
from core.clock import SystemClock
from core.database import Database
from core.settings import Settings
from ingest.store import DocumentStore
from review_api import accounts
from review_api.services import Services

BIN = Path(sys.executable).parent
DATABASE = "clearhold.db"
PASSWORD = "four words that fit"
OTHERS = {"approver": "ap_approver", "planner": "planner", "auditor": "auditor", "boss": "admin"}


def make_sqlite(folder: Path, size: Size) -> tuple[Path, float]:
    """The house's file, a demo grown if it is not there yet, and the seconds that took."""
    path = folder / f"{size.cases}" / DATABASE
    if path.exists():
        return path, 0.0
    small = _demo(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished, started = path.with_suffix(".growing"), time.perf_counter()
    grow_copy(small, unfinished, size)
    unfinished.rename(path)
    return path, time.perf_counter() - started


def grow_copy(small: Path, to: Path, size: Size) -> None:
    """A copy of a small house, grown, with everybody who works there."""
    with sqlite3.connect(small) as source, sqlite3.connect(to) as target:
        source.backup(target)
    _let_in_people(f"sqlite:///{to}")
    grow(to, size)


def make_postgres(server: KeptServer, source: Path, size: Size) -> tuple[str, float]:
    """The URL of the same house in PostgreSQL, copied if it is not there yet, and the seconds that took."""
    name = f"desk_{size.cases}"
    if server.has(name):
        return server.url(name), 0.0
    started = time.perf_counter()
    url = server.create(f"{name}_growing")
    empty = Database(url)
    empty.migrate()
    empty.close()
    copy_rows(source, url)
    server.rename(f"{name}_growing", name)
    return server.url(name), time.perf_counter() - started


def copy_rows(source: Path, url: str) -> None:
    """Puts every row of a SQLite house into an empty PostgreSQL one."""
    with psycopg.connect(url) as target, sqlite3.connect(source) as rows:
        _copy_all(rows, target)
    with psycopg.connect(url, autocommit=True) as target:
        target.execute("VACUUM ANALYZE")


def read_through(folder: Path) -> None:
    """Reads every file of a house once: a server in use has what it holds in memory, where there is enough of it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(1 << 22):
                    pass


@contextmanager
def services_of(url: str, home: Path) -> Iterator[Services]:
    """The program over a house, without a reader: nothing is read here."""
    home.mkdir(parents=True, exist_ok=True)
    database = Database(url)
    database.migrate()  # the program may have gone on since the house was kept
    settings = Settings(home=home, database_url=url)
    services = Services(settings=settings, db=database, store=DocumentStore(home / "documents"))
    try:
        yield services
    finally:
        services.close()


def _demo(folder: Path) -> Path:
    home = folder / "demo"
    made = home / "demo" / "7" / "state"
    if not (made / DATABASE).exists():
        _clearhold("demo", "--no-serve", "--seed", "7", home=home)
        for what in ("orders", "replenishment"):
            _clearhold("score", what, home=made)
    return made / DATABASE


def _clearhold(*arguments: str, home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CLEARHOLD_DATABASE_URL"}
    command = [str(BIN / "clearhold"), *arguments]
    subprocess.run(command, env=environment | {"CLEARHOLD_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)


def _let_in_people(url: str) -> None:
    database, at = Database(url), SystemClock().now()
    database.migrate()
    everybody = {person(number): "ap_clerk" for number in range(PEOPLE)} | OTHERS
    with database.write() as session:
        for name, role in everybody.items():
            accounts.add_user(session, name=name, password=PASSWORD, role=role, at=at)
    database.close()


def _copy_all(source: sqlite3.Connection, target: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Every row of every table; indexes are made afterwards, as a bulk load does."""
    tables = [name for (name,) in target.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    )]  # fmt: skip
    indexes = target.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)"
    ).fetchall()
    target.execute("SET session_replication_role = replica")  # rows come table by table, not parents first
    for name, _ in indexes:
        target.execute(f'DROP INDEX "{name}"'.encode())
    for table in tables:
        names = [column[1] for column in source.execute(f"PRAGMA table_info({table})")]
        listed = ", ".join(f'"{name}"' for name in names)
        target.execute(f"TRUNCATE {table} CASCADE".encode())
        with target.cursor().copy(f"COPY {table} ({listed}) FROM STDIN".encode()) as copy:
            for row in source.execute(f"SELECT {listed} FROM {table}"):
                copy.write_row(row)
    counted = "SELECT table_name, column_name FROM information_schema.columns WHERE column_default LIKE 'nextval%'"
    for table, column in target.execute(counted).fetchall():
        newest = f"(SELECT coalesce(max({column}), 1) FROM {table})"
        target.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {newest})".encode())
    for _, made in indexes:
        target.execute(str(made).encode())
