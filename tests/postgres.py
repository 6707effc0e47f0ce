"""A PostgreSQL server of the test run's own: a temporary cluster on a Unix socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresCluster:
    """A running server; PostgreSQL refuses root, so root runs it as the user `postgres`."""

    folder: Path
    bin: Path

    @staticmethod
    def binaries() -> Path | None:
        """The folder of the newest installed server's programs."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
        if found:
            return found[-1].parent
        which = shutil.which("initdb")
        return Path(which).parent if which else None

    @classmethod
    def start(cls) -> "PostgresCluster":
        """Makes and starts a server that listens on a socket in its own folder only."""
        binaries = cls.binaries()
        assert binaries is not None
        folder = Path(tempfile.mkdtemp(prefix="clearhold-pg-"))
        cluster = cls(folder=folder, bin=binaries)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        cluster._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        cluster.resume()
        return cluster

    def create_database(self, name: str, template: str = "template0") -> str:
        """Makes a database and returns its URL."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder))}"

    def drop_database(self, url: str) -> None:
        """Removes a database that `create_database` made, whoever is still connected."""
        name = url.removeprefix("postgresql://postgres@/").partition("?")[0]
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def resume(self) -> None:
        """Starts the server, for the first time or again."""
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} {quick}"
        log, data = str(self.folder / "log"), str(self.folder / "data")
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")

    def halt(self) -> None:
        """Ends the server in the middle of whatever it does; what it has stored stays."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def stop(self) -> None:
        """Stops the server and removes its folder."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_postgres, str(self.bin / program), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )
