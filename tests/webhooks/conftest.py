"""A house that may tell programs on loopback, and its node's share of telling them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.database import Database
from core.settings import Settings
from ingest.store import DocumentStore
from review_api import webhooks
from review_api.delivering import Delivering
from review_api.services import Services
from review_api.webhooks import Made
from tests.webhooks.receiver import Receiver, receiving
from triage import outbox


@dataclass(slots=True, kw_only=True)
class Site:
    """A house without papers, and short ways to have something happen there."""

    services: Services
    clock: FixedClock

    def add(self, receiver: Receiver, *types: str) -> Made:
        return webhooks.add(self.services, "user:ada", url=receiver.url, event_types=types or None)

    def happens(self, *subjects: str) -> list[str]:
        """Cases of these names are opened; the ids of the events."""
        made = []
        with self.services.db.write() as session:
            for subject in subjects:
                facts: dict[str, object] = {
                    "case_id": subject,
                    "document_id": "doc_1",
                    "kind": "invoice",
                    "queue": "ap",
                }
                facts |= {"outcome": "hold", "codes": ["SUP-BANK"], "amount_at_risk": "12.50"}
                event = outbox.put(session, "case.opened", f"case:{subject}", facts, self.clock.now())
                made.append(event.event_id)
        return made

    def deliver(self) -> None:
        """A node delivers what can be delivered now, and ends."""
        node = Delivering(self.services)
        node.finish()
        node.stop()

    def later(self, span: timedelta) -> None:
        self.clock.instant += span


@pytest.fixture
def site(database: Database, tmp_path: Path, clock: FixedClock) -> Site:
    settings = Settings(home=tmp_path, webhook_private=True, webhook_seconds=2.0)
    services = Services(settings=settings, db=database, store=DocumentStore(tmp_path / "documents"), clock=clock)
    return Site(services=services, clock=clock)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found
