"""Puts the program together: settings, database, store, clock, policy and reader, built once for every command."""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from core.clock import Clock, SystemClock
from core.database import Database
from core.settings import Settings
from ingest.sealing import read_keys
from ingest.store import DocumentStore
from models.bundle import Bundles
from review_api import accounts
from review_api.knowing import KnowledgeFile
from review_api.known_keys import KnownKeys
from review_api.page_cache import PageCache
from review_api.pictures import Pictures
from review_api.schema_check import SchemaChecker
from triage import policies
from triage.policy import Policy
from triage.review_risk import ReviewRisk
from triage.team_advice import TeamAdvice


@dataclass(slots=True, kw_only=True)
class Services:
    """What every endpoint, command and worker works with.

    Attributes:
        executor: what `reader` is; started at its first use when None.
        schema: checks e-invoices against their standard; None where that is not wanted.
        last_checkpoint: newest entry of the audit log this process has signed.
        knowing: keeps what the house knows as a file.
        bundles: the models of the house, taken up anew while it runs; without any, all goes on as without models.
        risk: asks the one of risky invoices; `ask_team` that of teams for cases.
        known_keys: API keys that were looked up a moment ago.
        pictures: what orders with their facts are judged against.
    """

    settings: Settings
    db: Database
    store: DocumentStore
    clock: Clock = field(default_factory=SystemClock)
    executor: Executor | None = None
    schema: SchemaChecker | None = None
    last_checkpoint: int = 0
    knowing: KnowledgeFile | None = None
    bundles: Bundles = field(init=False)
    risk: ReviewRisk = field(init=False)
    ask_team: TeamAdvice = field(init=False)
    known_keys: KnownKeys = field(init=False)
    pictures: Pictures = field(init=False)

    def __post_init__(self) -> None:
        """Looks for models in the home."""
        self.bundles = Bundles(self.settings.home / "bundles")
        self.risk = ReviewRisk(self.bundles)
        self.known_keys, self.pictures = KnownKeys(self.db), Pictures(self)
        self.ask_team = TeamAdvice(self.bundles, people=accounts.working_people)

    @property
    def policy(self) -> Policy:
        """The policy in force now; parsed again only when another was applied."""
        with self.db.read() as session:
            return policies.active(session).policy

    @property
    def pages(self) -> PageCache:
        """Images and words of pages that were made before."""
        return PageCache(self.settings.home / "pages", self.store.keys)

    @property
    def reader(self) -> Executor:
        """The reading processes of this node."""
        if self.executor is None:
            self.executor = reader_executor(self.settings)
        return self.executor

    @property
    def knowledge(self) -> Path | None:
        """File of what the house knows besides a paper: supplier memory and what the ERP names."""
        if self.knowing is None:
            self.knowing = KnowledgeFile(self.settings.home / "knowledge")
        return self.knowing.path(self.db)

    def write_checkpoint(self) -> None:
        """Signs the audit log's head and keeps it outside the database."""
        from core import audit_log
        from core.checkpoints import write_checkpoint

        with self.db.read() as session:
            head = audit_log.head(session)
        if head is not None and head.sequence != self.last_checkpoint:
            write_checkpoint(self.settings.checkpoints(), self.settings.home, head)
            self.last_checkpoint = head.sequence

    def close(self) -> None:
        """Ends the reading processes and gives the database back."""
        if self.executor is not None:
            self.executor.shutdown(wait=True, cancel_futures=True)
            self.executor = None
        if self.schema is not None:
            self.schema.close()
        self.db.close()


def build_services(settings: Settings, clock: Clock | None = None) -> Services:
    """Opens the home, brings the database to the newest schema, and sees that a policy is in force.

    Raises:
        UnavailableError: `DB-UNAVAILABLE`, `DOC-KEY-FILE`.
        InputError: `POLICY-…` when the policy file of the settings is not a valid one.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    store = open_store(settings)
    database = Database(settings.url())
    database.migrate()
    services = Services(
        settings=settings,
        db=database,
        store=store,
        clock=clock or SystemClock(),
        schema=SchemaChecker(settings) if settings.schema_check else None,
    )
    _start_policy(services)
    return services


def open_store(settings: Settings) -> DocumentStore:
    """The document store, with the keys of the settings.

    Raises:
        UnavailableError: `DOC-KEY-FILE`.
    """
    keys = None if settings.document_key_file is None else read_keys(settings.document_key_file)
    return DocumentStore(settings.home / "documents", keys)


def reader_executor(settings: Settings) -> Executor:
    """Child processes with the limits of the settings, each loading the reader while nobody waits."""
    from core.limited import LimitedExecutor, ProcessLimits
    from extraction.pipeline import warm_up

    limits = ProcessLimits(seconds=settings.read_seconds, memory_bytes=settings.read_memory_bytes)
    return LimitedExecutor(settings.workers, limits=limits, initializer=partial(warm_up, settings.bundle))


def _start_policy(services: Services) -> None:
    with services.db.read() as session:
        is_set = policies.is_set(session)
        is_whole = is_set and policies.is_whole(session)
    if is_whole:
        return
    if is_set:
        with services.db.write() as session:
            policies.renew(session, at=services.clock.now())
        return
    text = _policy_text(services.settings.policy)
    with services.db.write() as session:
        policies.start_with(session, text, at=services.clock.now())


def _policy_text(path: Path | None) -> str:
    return policies.read_policy_file(path) if path is not None else policies.built_in_text()
