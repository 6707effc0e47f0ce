"""What every test may ask for: a fixed clock, a migrated SQLite database, a real PostgreSQL, the real data."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from core.clock import FixedClock
from core.database import Database
from tests.postgres import PostgresCluster

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"

settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests over the real data skip where it is absent; browser and postgres tests may use loopback sockets."""
    for item in items:
        if item.get_closest_marker("data") and not DATA.exists():
            item.add_marker(pytest.mark.skip(reason="../shared/data is not here"))
        if any(item.get_closest_marker(name) for name in ("browser", "postgres", "chaos")):
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at a Monday morning in November 2026."""
    return FixedClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The real data beside the checkout."""
    return DATA


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "clearhold.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def database(_migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database at the newest schema."""
    path = tmp_path / "clearhold.db"
    shutil.copy(_migrated_file, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def _postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresCluster]:
    if PostgresCluster.binaries() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed; make test installs it")
        pytest.skip("PostgreSQL is not installed")
    cluster = PostgresCluster.start()
    template = Database(cluster.create_database("clearhold_template"))
    template.migrate()
    template.close()
    yield cluster
    cluster.stop()


@pytest.fixture
def postgres_url(_postgres_cluster: PostgresCluster) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database at the newest schema, on a server of the test run's own."""
    url = _postgres_cluster.create_database(f"test_{uuid.uuid4().hex}", template="clearhold_template")
    yield url
    _postgres_cluster.drop_database(url)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """A fresh PostgreSQL database at the newest schema."""
    database = Database(postgres_url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_database(request: pytest.FixtureRequest) -> Database:
    """The same test over both databases."""
    database: Database = request.getfixturevalue("database" if request.param == "sqlite" else "postgres_database")
    return database


def run_clearhold(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs the real program in a home of its own."""
    environment = os.environ | {"CLEARHOLD_HOME": str(home)} | more
    return subprocess.run(
        [str(ROOT / ".venv" / "bin" / "clearhold"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
