"""A house with work in every state, and what is needed to back it up and to look at what was restored."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import FixedClock
from core.columns import WordSet
from core.database import Database
from core.settings import Settings
from ingest.store import DocumentStore
from migrations.schema import metadata
from review_api import accounts
from review_api.keeping.backup import Backup, back_up
from review_api.services import Services
from tests.triage_shell.conftest import BROKEN, House, invoice
from triage import attachments, cases, policies
from triage.policy import load_policy

BY = "user:anna"
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(slots=True, kw_only=True)
class Kept:
    """A house, its settings, and a place for its backups."""

    house: House
    settings: Settings
    backup: Path

    def back_up(self, **more: Any) -> Backup:
        house = self.house
        return back_up(house.db, house.store, self.settings, house.clock, self.backup, by=BY, **more)


def make_kept(db: Database, folder: Path, clock: FixedClock) -> Kept:
    """Papers cleared, held, corrected, unread and waiting; a file with a case; people, a key and a checkpoint."""
    home = folder / "home"
    house = House(
        db=db, store=DocumentStore(home / "documents"), clock=clock, policy=load_policy(policies.built_in_text())
    )
    with db.write() as session:
        policies.start_with(session, policies.built_in_text(), at=clock.now())
        accounts.add_key(session, name="mailbox", scopes=["documents:write"], at=clock.now())
    house.load_feeds()
    house.decide(invoice())
    house.decide(BROKEN)
    held = house.case(replace(invoice({"invoice_number": "R-2\n„x“", "amount_due": "239"}), sha256="1" * 64))
    with db.write() as session:
        cases.comment(session, held.case_id, user="anna", at=clock.now(), text="Zeile\neins \\ zwei")
        attachments.attach(
            session, house.store, held.case_id, b"an answer", file_name="Antwort.txt", user="anna", role="ap_clerk",
            at=clock.now(), max_bytes=1_000,
        )  # fmt: skip
    house.take_in()
    house.lease()
    house.take_in()
    settings = Settings(home=home, database_url=db.url)
    Services(settings=settings, db=db, store=house.store, clock=clock).write_checkpoint()
    (home / "bundles").mkdir()
    (home / "bundles" / "review.json").write_text("{}")
    return Kept(house=house, settings=settings, backup=folder / "one.backup")


@pytest.fixture
def kept(database: Database, tmp_path: Path, clock: FixedClock) -> Kept:
    return make_kept(database, tmp_path, clock)


@pytest.fixture
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """The URL of an empty database of either kind, beside the one a test has already."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'there' / 'clearhold.db'}"
        cluster = request.getfixturevalue("_postgres_cluster")
        url: str = cluster.create_database(f"test_{uuid.uuid4().hex}", template="clearhold_template")
        return url

    return make


def all_rows(db: Database) -> Rows:
    """Every row of every table as the program sees them, whatever database they are in."""
    with db.read() as session:
        return {
            name: sorted(
                (
                    tuple(
                        frozenset(value.replace("'", "").split()) if isinstance(column.type, WordSet) else value
                        for column, value in zip(table.c, row, strict=True)
                    )
                    for row in session.rows(select(table))
                ),
                key=repr,
            )
            for name, table in metadata.tables.items()
        }
