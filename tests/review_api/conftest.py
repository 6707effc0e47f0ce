"""A desk: the application over a small decided house, people of every role, and clients that are logged in."""

import re
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from core.clock import FixedClock
from core.database import Database
from core.documents import Box, Evidence, Extraction, Source
from core.settings import Settings
from ingest.store import DocumentStore
from review_api import accounts
from review_api.app import create_app
from review_api.papers import Renderer
from review_api.services import Services
from tests.review_api.browsing import address, chromium, nobody_works, seeded, window
from tests.review_api.insights_oracle import Oracle
from tests.triage_shell.conftest import House, invoice
from tests.triage_shell.insights_world import some_weeks
from triage import policies
from triage.case_records import CaseSummary
from triage.insights import upkeep
from triage.policy import load_policy

# the browser's fixtures, for every module of this folder
__all__ = ["address", "chromium", "nobody_works", "seeded", "window"]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PASSWORD = "four words that fit"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROLES = ("ap_clerk", "ap_approver", "planner", "auditor", "admin")
PNG = b"\x89PNG\r\n\x1a\nnot really"


class InlineExecutor(Executor):
    """A limited child's stand-in: runs calls at once, here, and remembers how many there were."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        self.calls.append(fn.__name__)
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  belongs to the future, whatever it is
            future.set_exception(error)
        return future


@dataclass(slots=True, kw_only=True)
class Desk:
    """The application and short ways to use it."""

    house: House
    services: Services
    app: FastAPI
    executor: InlineExecutor
    clients: list[TestClient] = field(default_factory=list)

    def add_user(self, name: str, role: str) -> None:
        with self.services.db.write() as session:
            accounts.add_user(session, name=name, password=PASSWORD, role=role, at=self.services.clock.now())

    def stranger(self) -> TestClient:
        """A client nobody has logged in with."""
        client = TestClient(self.app, follow_redirects=False)
        self.clients.append(client)
        return client

    def client(self, role: str, name: str | None = None) -> TestClient:
        """A client logged in as a new person of this role, sending its CSRF token with every call."""
        self.add_user(name or role, role)
        client = self.stranger()
        assert log_in(client, name or role).status_code == 303
        client.headers["X-CSRF-Token"] = csrf_of(client.get("/documents").text)
        return client

    def key(self, *scopes: str) -> TestClient:
        """A client of another program with a key of these scopes."""
        with self.services.db.write() as session:
            _, secret = accounts.add_key(
                session, name=f"key-{len(self.clients)}", scopes=scopes, at=self.services.clock.now()
            )
        client = self.stranger()
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

    def held(self, header: Mapping[str, str | None] = {}, line: Mapping[str, str | None] = {}) -> CaseSummary:
        """The case of a new invoice that asks for 5 more lamps than were received, with boxes on one page."""
        found = {"quantity": "15", "line_net_amount": "300"}
        totals = {"total_without_vat": "300", "total_vat": "57", "total_with_vat": "357", "amount_due": "357"}
        paper = invoice({**totals, **header}, {**found, **line})
        return self.house.case(with_boxes(paper))

    def held_for_terms(self) -> CaseSummary:
        """A case that a due date before what was agreed holds, and nothing else."""
        paper = invoice({"invoice_number": "K-4711", "due_date": "2026-11-20"})
        return self.house.case(replace(paper, sha256="1" * 64))


def log_in(client: TestClient, name: str, password: str = PASSWORD, next: str = "/") -> Any:  # noqa: A002
    """Fills the form in and sends it."""
    form = client.get("/login").text
    return client.post("/login", data={"name": name, "password": password, "csrf": csrf_of(form), "next": next})


def csrf_of(page: str) -> str:
    """The token the first form of a page carries."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def with_boxes(paper: Extraction) -> Extraction:
    """The paper as if it had been read from one page, each header field on a line of its own."""
    fields = {
        name: replace(
            value,
            source=Source.TEXT_LAYER,
            evidence=(Evidence(page=1, box=Box(60.0, 60.0 + 20 * place, 200.0, 72.0 + 20 * place), text=value.value),),
        )
        for place, (name, value) in enumerate(paper.fields.items())
    }
    return replace(paper, source=Source.TEXT_LAYER, page_sizes=((595.0, 842.0),), fields=fields)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id all the same, but made for tests to be quick and not for thieves to be slow."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "password_hasher", lambda: quick)


def make_desk(database: Database, folder: Path, clock: FixedClock) -> Desk:
    """The application over a small ERP's feeds. Whoever calls closes its clients and the database."""
    house = House(
        db=database,
        store=DocumentStore(folder / "documents"),
        clock=clock,
        policy=load_policy(policies.typed_text()),
    )
    with database.write() as session:
        policies.start_with(session, policies.typed_text(), at=clock.now())
    house.load_feeds()
    executor = InlineExecutor()
    settings = Settings(home=folder, max_bytes=100_000)
    services = Services(settings=settings, db=database, store=house.store, clock=clock, executor=executor)
    app = create_app(services, Renderer(settings, executor))
    return Desk(house=house, services=services, app=app, executor=executor)


@pytest.fixture
def desk(database: Database, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    made = make_desk(database, tmp_path, clock)
    yield made
    for client in made.clients:
        client.close()


@pytest.fixture(scope="session")
def past(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with four weeks of history that is counted."""
    folder = tmp_path_factory.mktemp("past")
    shutil.copy(_migrated_file, folder / "clearhold.db")
    database = Database(f"sqlite:///{folder / 'clearhold.db'}")
    made = make_desk(database, folder, FixedClock(NOW))
    some_weeks(made.house)
    upkeep.catch_up(database, made.services.clock)
    yield made
    for client in made.clients:
        client.close()
    database.close()


@pytest.fixture(scope="session")
def reading(past: Desk) -> TestClient:
    return past.key("cases:read")


@pytest.fixture(scope="session")
def oracle(past: Desk) -> Oracle:
    path = past.services.db.url.removeprefix("sqlite:///")
    return Oracle(path, date(2026, 10, 26), date(2026, 11, 23))
