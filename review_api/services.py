"""Puts the program together: settings, database, store, clock, policy and reader, built once for every command."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import Clock, SystemClock
from core.database import Database
from core.settings import Settings
from ingest.store import DocumentStore
from triage import policies
from triage.policy import Policy

if TYPE_CHECKING:
    from extraction.pipeline import ReadOptions


@dataclass(slots=True, kw_only=True)
class Services:
    """What every endpoint, command and worker works with.

    Attributes:
        reader: runs `extraction.pipeline.read_and_extract` in limited child processes; started at its first use.
    """

    settings: Settings
    db: Database
    store: DocumentStore
    clock: Clock = field(default_factory=SystemClock)
    executor: Executor | None = None

    @property
    def policy(self) -> Policy:
        """The policy in force now; parsed again only when another was applied."""
        with self.db.read() as session:
            return policies.active(session).policy

    @property
    def reader(self) -> Executor:
        """The reading processes of this node."""
        if self.executor is None:
            self.executor = reader_executor(self.settings)
        return self.executor

    def close(self) -> None:
        """Ends the reading processes and gives the database back."""
        if self.executor is not None:
            self.executor.shutdown(wait=True, cancel_futures=True)
            self.executor = None
        self.db.close()


def build_services(settings: Settings, clock: Clock | None = None) -> Services:
    """Opens the home, brings the database to the newest schema, and sees that a policy is in force.

    Raises:
        UnavailableError: `DB-UNAVAILABLE`.
        InputError: `POLICY-…` when the policy file of the settings is not a valid one.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.url())
    database.migrate()
    services = Services(
        settings=settings,
        db=database,
        store=DocumentStore(settings.home / "documents"),
        clock=clock or SystemClock(),
    )
    _start_policy(services)
    return services


def reader_executor(settings: Settings) -> Executor:
    """Child processes with the limits of the settings, each loading the reader while nobody waits."""
    from core.limited import LimitedExecutor, ProcessLimits
    from extraction.pipeline import warm

    limits = ProcessLimits(seconds=settings.read_seconds, memory_bytes=settings.read_memory_bytes)
    return LimitedExecutor(settings.workers, limits=limits, initializer=warm)


def read_options(settings: Settings, media_type: str) -> "ReadOptions":
    """How the settings want a document of this type read."""
    from extraction.limits import ReadLimits
    from extraction.pipeline import ReadOptions

    limits = ReadLimits(
        max_bytes=settings.max_bytes,
        max_pages=settings.max_pages,
        max_page_pixels=settings.max_page_pixels,
        max_xml_depth=settings.max_xml_depth,
    )
    return ReadOptions(media_type=media_type, ocr=settings.ocr, limits=limits, bundle=settings.bundle)


def _start_policy(services: Services) -> None:
    with services.db.read() as session:
        if policies.is_set(session):
            return
    text = _policy_text(services.settings.policy)
    with services.db.write() as session:
        policies.start_with(session, text, at=services.clock.now())


def _policy_text(path: Path | None) -> str:
    return policies.read_policy_file(path) if path is not None else policies.built_in_text()
