"""Builds the posted invoices of years straight in the tables, of SQLite or PostgreSQL: a feed of that size takes hours.

Suppliers are as they are: most bill once a month, one has a twenty-fifth of the ledger, one bills
one amount always.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.schema import CreateIndex, DropIndex

from core.database import Database
from core.erp import PostedInvoice, Supplier
from core.keys import gross_key, number_key
from core.money import plain
from ingest.tables import feed_freshness, feed_tables
from tests.postgres import PostgresCluster
from triage.tables import known_invoices

SUPPLIERS = 50_000
UNIFORM, BIGGEST = "S00000", "S00001"
"""The supplier that always bills one amount, and the one with the most invoices."""
USUAL_AMOUNT = Decimal("39.9")
FIRST_DAY, DAYS = date(2019, 1, 1), 2_880
ROWS_AT_ONCE = 20_000
_STAMP = "2026-11-20T06:00:00.000000Z"
_WORDS = ("alba", "bora", "corvo", "delta", "esker", "fjord", "gavia", "iris", "jura", "kelda", "lumen", "norden")
_NAMED = ("row_key", "supplier_id", "invoice_number", "invoice_date", "total_with_vat", "currency", "po_number")
_COLUMNS = (*_NAMED, "status", "number_key", "gross_key", "row_hash", "loaded_at", "changed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """How many invoices there are of each supplier, and any one of them by its place: nothing is kept."""

    rows: int

    def suppliers(self) -> Iterator[Supplier]:
        """The master data."""
        for number in range(SUPPLIERS):
            rng = Random(number)
            name = " ".join(rng.choice(_WORDS) + rng.choice(_WORDS) for _ in range(2)).title()
            yield Supplier(
                supplier_id=f"S{number:05}", name=f"{name} {number} GmbH", vat_id=f"DE{100_000_000 + number}",
                iban=f"DE{10**19 + number}", country="DE", status="active",
            )  # fmt: skip

    def count(self, number: int) -> int:
        """Invoices of a supplier: 2 % of the ledger the uniform one's, 4 % the biggest one's, the rest even."""
        if number < 2:
            return self.rows * (1 + number) // 50
        rest, among = self.rows - self.count(0) - self.count(1), SUPPLIERS - 2
        return rest // among + (number - 2 < rest % among)

    def invoice(self, number: int, at: int) -> PostedInvoice:
        """A supplier's invoice by its place in time. Half of the suppliers bill the same amount again and again."""
        count = self.count(number)
        cents = (number * 7_919 + (at * 104_729 if number % 2 else 0)) % 900_000 + 1_000
        return PostedInvoice(
            supplier_id=f"S{number:05}",
            invoice_number=f"R{number % 97:02}-{at + 1:06}",
            invoice_date=FIRST_DAY + timedelta(days=at * DAYS // max(count, 1)),
            total_with_vat=USUAL_AMOUNT if number == 0 else Decimal(cents) / 100,
            currency="EUR",
            po_number=f"45{number:05}{at % 1000:03}" if at % 3 else None,
            status="paid",
        )

    def rows_of(self, number: int) -> Iterator[tuple[Any, ...]]:
        """A supplier's rows as the table holds them."""
        for at in range(self.count(number)):
            one = self.invoice(number, at)
            yield (
                f"{one.supplier_id}/{one.invoice_number}/{one.invoice_date}", one.supplier_id, one.invoice_number,
                one.invoice_date.isoformat(), plain(one.total_with_vat), one.currency, one.po_number, one.status,
                number_key(one.invoice_number), gross_key(one.total_with_vat), f"{number:032x}{at:032x}", _STAMP,
                _STAMP,
            )  # fmt: skip


def fill(db: Database, ledger: Ledger) -> float:
    """Loads suppliers and ledger, indexes made afterwards as a bulk load does; seconds it took."""
    started = time.perf_counter()
    table = feed_tables["posted_invoices"]
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    with db.engine.connect() as connection:
        begin(connection)
        _put_suppliers(connection, ledger)
        _put_pending(connection, ledger)
        for index in indexes:
            connection.execute(DropIndex(index))
        rows = (row for number in range(SUPPLIERS) for row in ledger.rows_of(number))
        (_copy if connection.dialect.name == "postgresql" else _insert)(connection, rows)
        for index in indexes:
            connection.execute(CreateIndex(index))
        connection.commit()
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    return time.perf_counter() - started


def begin(connection: Connection) -> None:
    """SQLite's transactions begin by hand here."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _put_suppliers(connection: Connection, ledger: Ledger) -> None:
    stamp = datetime(2026, 11, 20, 6, tzinfo=UTC)
    connection.execute(
        insert(feed_tables["suppliers"]),
        [
            {
                "row_key": one.supplier_id, "supplier_id": one.supplier_id, "name": one.name, "vat_id": one.vat_id,
                "iban": one.iban, "country": one.country, "status": one.status, "row_hash": "-",
                "loaded_at": stamp, "changed_at": stamp,
            }
            for one in ledger.suppliers()
        ],
    )  # fmt: skip
    connection.execute(
        insert(feed_freshness),
        [
            {"feed": name, "loaded_at": stamp, "rows": 1, "load_id": f"load_{name}"}
            for name in ("suppliers", "purchase_orders", "purchase_order_lines", "goods_receipts", "posted_invoices")
        ],
    )


def _put_pending(connection: Connection, ledger: Ledger) -> None:
    """A paper of every supplier that is here and not posted yet."""
    rows = []
    for number in range(SUPPLIERS):
        one = ledger.invoice(number, 0)
        rows.append(
            {
                "document_id": f"doc_{number:08}", "sha256": f"{number:064x}", "supplier_id": one.supplier_id,
                "invoice_number": f"P{number:06}", "issue_date": date(2026, 11, 20), "currency": one.currency,
                "total_with_vat": one.total_with_vat, "active": True, "number_key": f"P{number:06}",
                "gross_key": gross_key(one.total_with_vat),
            }
        )  # fmt: skip
    connection.execute(insert(known_invoices), rows)


def _insert(connection: Connection, rows: Iterator[tuple[Any, ...]]) -> None:
    cursor: Any = connection.connection.cursor()
    marks = ", ".join("?" for _ in _COLUMNS)
    cursor.executemany(f"INSERT INTO feed_posted_invoices ({', '.join(_COLUMNS)}) VALUES ({marks})", rows)
    cursor.close()


def _copy(connection: Connection, rows: Iterator[tuple[Any, ...]]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY feed_posted_invoices ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database: on the server CLEARHOLD_DATABASE_URL names, or on one of its own."""
    url = os.environ.get("CLEARHOLD_DATABASE_URL", "")
    if url.startswith("postgresql"):
        yield url
        return
    cluster = PostgresCluster.start()
    try:
        yield cluster.create_database("ledger")
    finally:
        cluster.stop()
