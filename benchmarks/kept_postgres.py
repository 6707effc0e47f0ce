"""A PostgreSQL server that keeps its databases in a folder between runs, as durable as one in production."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.postgres import PostgresCluster

_MEMORY = ("shared_buffers=1GB", "work_mem=16MB", "maintenance_work_mem=1GB", "max_wal_size=8GB")
# Rows copied into a table that was emptied in the same transaction need no log then.
_LOG = ("wal_level=minimal", "max_wal_senders=0")
_OPTIONS = (*_MEMORY, *_LOG, "max_connections=200", "random_page_cost=1.1", "jit=off", "listen_addresses=''")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptServer:
    """A running server; PostgreSQL refuses root, so root runs it as the user `postgres`."""

    folder: Path
    bin: Path

    def url(self, name: str) -> str:
        """The URL of a database, there or not."""
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder))}"

    def has(self, name: str) -> bool:
        """Whether there is such a database."""
        with self._own() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def create(self, name: str) -> str:
        """Makes an empty database, one of the same name gone, and returns its URL."""
        with self._own() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        return self.url(name)

    def rename(self, name: str, to: str) -> None:
        """Gives a database that nobody is connected to another name."""
        with self._own() as connection:
            connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{to}"'.encode())

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of the server's programs."""
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(self.bin / program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=600)

    def _own(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)


@contextmanager
def kept_server(folder: Path) -> Iterator[KeptServer]:
    """Starts the server of a folder, made if it is not there yet, and stops it again; what it holds stays."""
    binaries = PostgresCluster.binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server, data = KeptServer(folder=folder.resolve(), bin=binaries), str(folder.resolve() / "data")
    if not Path(data).exists():
        server.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = " ".join(f"-c {option}" for option in (*_OPTIONS, f"unix_socket_directories={folder.resolve()}"))
    server.run("pg_ctl", "-D", data, "-l", str(folder.resolve() / "log"), "-o", options, "-w", "-t", "120", "start")
    try:
        yield server
    finally:
        server.run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
