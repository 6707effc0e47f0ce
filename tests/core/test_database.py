"""One commit place, real outages, and migrations that lead to the tables in the code."""

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, insert, select

from core.clock import FixedClock
from core.database import Database, alembic_config
from core.errors import UnavailableError
from core.tables import audit_entries
from migrations.schema import is_described, metadata


def entry(sequence: int, clock: FixedClock) -> dict[str, object]:
    return {
        "sequence": sequence,
        "at": clock.now(),
        "actor": "a",
        "action": "b",
        "subject": "c",
        "payload": {"amount": "1.50"},
        "previous_hash": "0",
        "hash": "1",
    }


def test_the_migrations_lead_to_the_tables_in_the_code(either_database: Database) -> None:
    with either_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_name": is_described})
        assert compare_metadata(context, metadata) == []


def test_invoices_that_are_there_get_their_keys(either_database: Database) -> None:
    config = alembic_config(either_database.url)
    command.downgrade(config, "0007")
    day, instant = "'2026-11-16'", "'2026-11-16T08:00:00.000000Z'"
    values = f"'S1/RO-1l2/2026-11-16', 'S1', 'RO-1l2', {day}, '11.9', 'EUR', 'hash', {instant}, {instant}"
    with either_database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO feed_posted_invoices (row_key, supplier_id, invoice_number, invoice_date, total_with_vat, "
            f"currency, row_hash, loaded_at, changed_at) VALUES ({values})"
        )
        connection.exec_driver_sql(
            "INSERT INTO known_invoices (document_id, sha256, supplier_id, invoice_number, total_with_vat, currency, "
            "active) VALUES ('doc_1', 'ab', 'S1', 'r 1O', '-100', 'EUR', true)"
        )
        connection.exec_driver_sql(f"INSERT INTO feed_freshness (feed, loaded_at) VALUES ('suppliers', {instant})")
    command.upgrade(config, "head")
    with either_database.engine.connect() as connection:
        for table, expected in (("feed_posted_invoices", ("R0112", "11.9")), ("known_invoices", ("R10", "-100"))):
            assert connection.exec_driver_sql(f"SELECT number_key, gross_key FROM {table}").one() == expected
    assert either_database.is_migrated()


def test_migrating_again_changes_nothing(either_database: Database) -> None:
    assert either_database.is_migrated()
    either_database.migrate()
    assert either_database.is_migrated()


def test_programs_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    failures: list[BaseException] = []

    def start() -> None:
        database = Database(url)
        try:
            database.migrate()
        except BaseException as error:  # noqa: BLE001 - a thread's failure has to reach the test
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_values_come_back_as_they_went_in(either_database: Database, clock: FixedClock) -> None:
    with either_database.write() as session:
        assert session.run(insert(audit_entries), [entry(1, clock), entry(2, clock)]) == 2
    with either_database.read() as session:
        rows = session.all(select(audit_entries))
    assert [row["at"] for row in rows] == [clock.now(), clock.now()]
    assert rows[0]["payload"] == {"amount": "1.50"}


def test_what_raises_is_rolled_back_whole(either_database: Database, clock: FixedClock) -> None:
    with pytest.raises(KeyError), either_database.write() as session:
        session.run(insert(audit_entries), [entry(1, clock)])
        raise KeyError
    with either_database.read() as session:
        assert session.scalar(select(func.count()).select_from(audit_entries)) == 0


@pytest.mark.postgres
def test_a_database_that_is_away_is_named_with_its_remedy() -> None:
    database = Database("postgresql://nobody@/nowhere?host=/nonexistent")
    with pytest.raises(UnavailableError) as refused, database.read():
        pass
    assert refused.value.code == "DB-UNAVAILABLE"
    assert "CLEARHOLD_DATABASE_URL" in refused.value.remedy
