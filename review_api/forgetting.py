"""The worker's turn at what was kept for a day only: forgets answers to requests that had an `Idempotency-Key`."""

import time

from review_api import idempotency_rows
from review_api.services import Services

EVERY_SECONDS = 600.0


class Forgetting:
    """Forgets what is over, now and then."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._looked: float | None = None

    def go_on(self) -> None:
        """Forgets what is older than a day; asked again too soon, it does nothing."""
        now = time.monotonic()
        if self._looked is not None and now - self._looked < EVERY_SECONDS:
            return
        self._looked = now
        with self._services.db.write() as session:
            idempotency_rows.purge(session, self._services.clock.now())
